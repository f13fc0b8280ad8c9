//! Databases that the command line names.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail};
use pressroom_domain::{
    DataModel, DataModelId, Description, Name, NewDataModel, ProviderModel, ProviderOptions,
    ProviderType, Seconds, Secret,
};
use pressroom_outbound::Policy;
use pressroom_ports::DataSources;
use pressroom_query::{ExcelSource, JsonSource, SourceKind};
use pressroom_report::Definition;

use crate::adapters;
use crate::config::SqliteFile;

/// `NAME=URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedSource {
    name: Name,
    place: Place,
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A file, below the root if there is one.
    File(PathBuf),
    /// A server, with its account.
    Server(ProviderType, Secret),
}

/// The servers that are named by a URL, by its scheme.
const SERVERS: [(&str, ProviderType); 8] = [
    ("postgres", ProviderType::Postgres),
    ("postgresql", ProviderType::Postgres),
    ("redshift", ProviderType::AmazonRedshift),
    ("mysql", ProviderType::MySql),
    ("mariadb", ProviderType::MySql),
    ("mssql", ProviderType::MsSqlServer),
    ("sqlserver", ProviderType::MsSqlServer),
    ("firebird", ProviderType::Firebird),
];

impl FromStr for NamedSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let example = "write NAME=sqlite:///absolute/path or NAME=postgres://user:password@host/database, \
                       with the layout's name of the connection";
        let (name, url) = text.split_once('=').ok_or_else(|| example.to_owned())?;
        let name = Name::new(name.trim()).map_err(|error| format!("{error}; {example}"))?;
        let url = url.trim();
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        let server = SERVERS.iter().find(|(known, _)| *known == scheme);
        let place = match server {
            Some((_, kind)) => Place::Server(*kind, Secret::new(url)),
            None => {
                let file: SqliteFile = url.parse().map_err(|error| format!("{error}"))?;
                Place::File(file.path().to_owned())
            }
        };
        Ok(Self { name, place })
    }
}

/// The databases of a run.
pub(super) struct Sources {
    /// By the names that layouts use.
    pub(super) models: Vec<DataModel>,
    /// What reads them.
    pub(super) databases: Arc<dyn DataSources>,
}

impl Sources {
    /// Databases that must be there, below a root if there is one.
    pub(super) fn new(named: &[NamedSource], root: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(root) = root
            && !root.is_dir()
        {
            bail!("the folder {} that --data-root names is not there", root.display());
        }
        let mut models = Vec::new();
        let mut roots: Vec<PathBuf> = root.map(Path::to_owned).into_iter().collect();
        for (source, id) in named.iter().zip(1..) {
            let NamedSource { name, place } = source;
            let file = match place {
                Place::File(file) => file,
                Place::Server(kind, url) => {
                    let options = ProviderOptions {
                        connection_string: Some(url.clone()),
                        ..ProviderOptions::default()
                    };
                    let provider = ProviderModel::new(*kind, options)
                        .with_context(|| format!("--source {name} cannot be used"))?;
                    models.push(model(DataModelId(id), name, provider)?);
                    continue;
                }
            };
            let file = std::path::absolute(root.unwrap_or(Path::new("")).join(file))
                .with_context(|| format!("the path {} cannot be used", file.display()))?;
            if !file.is_file() {
                bail!("--source {name}: there is no file {}", file.display());
            }
            // What the command line names is open to the layout, and nothing else.
            if root.is_none() {
                roots.extend(file.parent().map(Path::to_owned));
            }
            models.push(model(DataModelId(id), name, sqlite(&file)?)?);
        }
        Ok(Self {
            models,
            databases: Arc::new(adapters::databases(roots, Vec::new(), Policy::default())),
        })
    }

    /// A line for each database that the layout has no connection for.
    pub(super) fn not_in(&self, definition: &Definition) -> Vec<String> {
        let known: Vec<String> = definition
            .sources
            .iter()
            .flat_map(|source| match &source.kind {
                SourceKind::Sql(sql) => vec![sql.connection.name.clone(), source.name.to_string()],
                SourceKind::Object(object) | SourceKind::Entity(object) => {
                    let kind = object.type_name.rsplit(['.', '+']).next().unwrap_or_default();
                    vec![source.name.to_string(), kind.to_owned()]
                }
                SourceKind::Json(JsonSource { connection, .. })
                | SourceKind::Excel(ExcelSource { connection, .. }) => {
                    connection.iter().cloned().chain([source.name.to_string()]).collect()
                }
                SourceKind::Federation(_) | SourceKind::Other { .. } => Vec::new(),
            })
            .filter(|name| !name.is_empty())
            .collect();
        if known.is_empty() {
            return Vec::new();
        }
        self.models
            .iter()
            .filter(|model| !known.iter().any(|name| name.to_lowercase() == model.name.key()))
            .map(|model| {
                let mut names = known.clone();
                names.sort();
                names.dedup();
                format!(
                    "the layout has no connection \"{}\"; its own are called {}",
                    model.name,
                    names.join(", ")
                )
            })
            .collect()
    }
}

fn sqlite(file: &Path) -> anyhow::Result<ProviderModel> {
    let file = file.to_str().with_context(|| format!("{} is not valid text", file.display()))?;
    let connection = match (file.contains('='), file.contains(';')) {
        (false, _) => file.to_owned(),
        (true, false) => format!("Data Source={file}"),
        (true, true) => bail!("the path {file} holds both = and ;; choose another one"),
    };
    Ok(ProviderModel::sqlite(connection))
}

fn model(id: DataModelId, name: &Name, provider: ProviderModel) -> anyhow::Result<DataModel> {
    let new = NewDataModel {
        name: name.clone(),
        description: Description::new("").context("no description")?,
        command_timeout: Seconds::ZERO,
        cache_seconds: Seconds::ZERO,
        provider,
    };
    Ok(DataModel::new(id, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_a_name_and_an_address() {
        let source: NamedSource = "nwind=sqlite:///srv/a=b.db".parse().unwrap();
        assert_eq!(source.name.as_str(), "nwind");
        assert_eq!(source.place, Place::File("/srv/a=b.db".into()));
        let source: NamedSource = "shop = mysql://ann:p=w@db1/shop".parse().unwrap();
        let url = Secret::new("mysql://ann:p=w@db1/shop");
        assert_eq!(source.place, Place::Server(ProviderType::MySql, url));
        for (wrong, words) in [
            ("nwind", "write NAME=sqlite"),
            ("=sqlite:///a", "write NAME=sqlite"),
            ("nwind=/srv/a.db", "is no address"),
            ("nwind=dbase://db", "this build has no adapter for dbase"),
        ] {
            let error = wrong.parse::<NamedSource>().unwrap_err();
            assert!(error.contains(words), "{wrong}: {error}");
        }
    }
}
