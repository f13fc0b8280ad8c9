//! Reading the settings, and telling what is wrong with them and where it came from.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};

use super::Settings;
use super::value::Setting;

/// The beginning of every variable of the environment that is a setting.
const PREFIX: &str = "PRESSROOM_";

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file of settings is not there.
    #[error("the settings file {0} does not exist; check the path given to --config")]
    Missing(PathBuf),
    /// Some settings are wrong: a line each.
    #[error("{}", .0.join("\n"))]
    Wrong(Vec<String>),
}

/// Settings that flags of the command line set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--listen`
    pub listen: Option<String>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--storage`
    pub storage: Option<String>,
    /// `--blobs`
    pub blobs: Option<String>,
    /// `--tls-cert`
    pub tls_cert: Option<PathBuf>,
    /// `--tls-key`
    pub tls_key: Option<PathBuf>,
    /// `--no-demo`
    pub no_demo: bool,
    /// `--no-scheduler`
    pub no_scheduler: bool,
}

/// Settings from a file, over which the environment goes, over which flags go.
///
/// # Errors
/// [`ConfigError`] that names each wrong setting, what would be right and where it was set.
pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Settings, ConfigError> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        if !path.is_file() {
            return Err(ConfigError::Missing(path.to_owned()));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    // `PRESSROOM_ADMIN_PASSWORD` and what a container's host adds are no settings: they have no `__`.
    let variables = Env::prefixed(PREFIX).filter(|key| key.as_str().contains("__")).split("__");
    let figment = flags.given().into_iter().fold(figment.merge(variables), Figment::merge);
    read(&figment)
}

fn read(figment: &Figment) -> Result<Settings, ConfigError> {
    let given: Dict = figment.extract().map_err(|error| {
        ConfigError::Wrong(error.into_iter().map(|error| unreadable(&error)).collect())
    })?;
    let mut reader = Reader { figment, given, wrong: Vec::new() };
    let settings = Settings::read(&mut reader);
    reader.refuse_the_rest();
    if reader.wrong.is_empty() { Ok(settings) } else { Err(ConfigError::Wrong(reader.wrong)) }
}

/// What is wrong with a file that is no TOML.
fn unreadable(error: &figment::Error) -> String {
    let file = error.metadata.as_ref().and_then(|metadata| metadata.source.as_ref());
    match file {
        Some(Source::File(path)) => format!("{}: {}", path.display(), error.kind),
        _ => error.to_string(),
    }
}

/// Takes settings out of what was given, so that what nobody takes is left.
pub(super) struct Reader<'a> {
    figment: &'a Figment,
    given: Dict,
    wrong: Vec<String>,
}

impl Reader<'_> {
    /// Takes a setting, if it is given.
    pub(super) fn take<T: Setting>(&mut self, section: &str, key: &str, setting: &mut T) {
        let Some(value) = self.remove(section, key) else { return };
        match T::read(&value) {
            Ok(value) => *setting = value,
            Err(expected) => {
                let from = self.origin(&value, section, key);
                self.wrong.push(format!("the setting {section}.{key} must be {expected} ({from})"));
            }
        }
    }

    fn refuse_the_rest(&mut self) {
        for (section, value) in std::mem::take(&mut self.given) {
            match value {
                Value::Dict(_, keys) => {
                    for (key, value) in keys {
                        let from = self.origin(&value, &section, &key);
                        let hint = self.nearest(&section, &key);
                        self.wrong
                            .push(format!("there is no setting {section}.{key}{hint} ({from})"));
                    }
                }
                value => {
                    let from = self.origin(&value, &section, "");
                    self.wrong.push(format!(
                        "{section} must be a section of settings, not a value ({from})"
                    ));
                }
            }
        }
    }

    fn remove(&mut self, section: &str, key: &str) -> Option<Value> {
        let Some(Value::Dict(_, keys)) = self.given.get_mut(section) else { return None };
        let value = keys.remove(key);
        if keys.is_empty() {
            self.given.remove(section);
        }
        value
    }

    /// Where a value was set.
    fn origin(&self, value: &Value, section: &str, key: &str) -> String {
        let tag = match value {
            // A list as such has no origin, its values have.
            Value::Array(tag, values) => values.first().map_or(*tag, Value::tag),
            value => value.tag(),
        };
        let metadata = self.figment.get_metadata(tag);
        match metadata.map(|metadata| (metadata, &metadata.source)) {
            Some((_, Some(Source::File(path)))) => format!("set in {}", path.display()),
            Some((metadata, _)) if metadata.name.starts_with("--") => {
                format!("set by the flag {}", metadata.name)
            }
            _ => {
                let variable = format!("{PREFIX}{section}__{key}").to_ascii_uppercase();
                format!("set by the variable {}", variable.trim_end_matches("__"))
            }
        }
    }

    /// Which setting was meant, if that is plain.
    fn nearest(&self, section: &str, key: &str) -> String {
        let reference = Settings::reference();
        let same_key = reference.iter().flat_map(|known| {
            let name = known.name;
            known.settings.iter().map(move |setting| (name, setting.key))
        });
        let squeezed = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
        let best = same_key.max_by_key(|(known_section, known_key)| {
            (squeezed(known_key) == squeezed(key), *known_section == section)
        });
        match best {
            Some((known_section, known_key)) if squeezed(known_key) == squeezed(key) => {
                format!("; {known_section}.{known_key} may be meant")
            }
            _ => "; docs/configuration.md lists them all".to_owned(),
        }
    }
}

impl Flags {
    /// Those that were given.
    fn given(&self) -> Vec<Flag> {
        let text = |text: &Option<String>| text.clone().map(Value::from);
        let off = |given: bool| given.then(|| Value::from(false));
        let path = |path: &Option<PathBuf>| {
            path.as_ref().map(|path| Value::from(path.to_string_lossy().into_owned()))
        };
        [
            ("--listen", "server", "listen", text(&self.listen)),
            ("--data-dir", "server", "data_dir", path(&self.data_dir)),
            ("--tls-cert", "server", "tls_cert", path(&self.tls_cert)),
            ("--tls-key", "server", "tls_key", path(&self.tls_key)),
            ("--storage", "storage", "url", text(&self.storage)),
            ("--blobs", "blobs", "url", text(&self.blobs)),
            ("--no-demo", "server", "demo", off(self.no_demo)),
            ("--no-scheduler", "server", "scheduler", off(self.no_scheduler)),
        ]
        .into_iter()
        .filter_map(|(name, section, key, value)| Some(Flag { name, section, key, value: value? }))
        .collect()
    }
}

/// A flag that was given, as a provider of its own: so a mistake in it is told with its name.
struct Flag {
    name: &'static str,
    section: &'static str,
    key: &'static str,
    value: Value,
}

impl Provider for Flag {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        let keys = Dict::from([(self.key.to_owned(), self.value.clone())]);
        let sections = Dict::from([(self.section.to_owned(), Value::from(keys))]);
        Ok(Map::from([(Profile::Default, sections)]))
    }
}

#[cfg(test)]
mod tests {
    use figment::Jail;
    use pressroom_domain::Secret;

    use super::*;

    /// Loads a file, variables and flags of their own.
    #[expect(clippy::result_large_err, reason = "the error is figment's")]
    fn loaded(file: &str, variables: &[(&str, &str)], flags: &Flags) -> Result<Settings, String> {
        let mut loaded = Err("not loaded".to_owned());
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("settings.toml", file)?;
            for (name, value) in variables {
                jail.set_env(name, value);
            }
            loaded = load(Some(Path::new("settings.toml")), flags).map_err(|error| {
                error.to_string().replace(&format!("{}/", jail.directory().display()), "")
            });
            Ok(())
        });
        loaded
    }

    fn settings(file: &str, variables: &[(&str, &str)], flags: &Flags) -> Settings {
        loaded(file, variables, flags).unwrap()
    }

    fn check_wrong(file: &str, variables: &[(&str, &str)], expect: &str) {
        assert_eq!(loaded(file, variables, &Flags::default()).unwrap_err(), expect);
    }

    #[test]
    fn flags_go_over_variables_over_the_file() {
        let file = "[server]\nlisten = \"a:1\"\ndata_dir = \"/a\"\ndemo = false";
        let flags = Flags { listen: Some("c:3".into()), ..Flags::default() };
        let variables = [("PRESSROOM_SERVER__LISTEN", "b:2"), ("PRESSROOM_SERVER__DATA_DIR", "/b")];
        let server = settings(file, &variables, &flags).server;
        assert_eq!((&*server.listen, server.data_dir, server.demo), ("c:3", "/b".into(), false));
    }

    #[test]
    fn what_is_not_set_is_as_the_reference_says() {
        assert_eq!(settings("", &[], &Flags::default()), Settings::default());
        // These are no settings.
        let others = [("PRESSROOM_ADMIN_PASSWORD", "x"), ("PRESSROOM_PORT_8080_TCP", "y")];
        assert_eq!(settings("", &others, &Flags::default()), Settings::default());
    }

    #[test]
    fn values_of_the_environment_have_the_types_of_their_settings() {
        let variables = [
            ("PRESSROOM_SOURCES__DATA_ROOTS", "[\"/a\", \"/b\"]"),
            ("PRESSROOM_API__REQUIRE_LOCK", "off"),
            ("PRESSROOM_LIMITS__EXPORT_PAGES", "10"),
            ("PRESSROOM_STORAGE__URL", "sqlite:///srv/store.db"),
            ("PRESSROOM_SITE__CULTURE", "de-de"),
        ];
        let settings = settings("", &variables, &Flags::default());
        assert_eq!(settings.sources.data_roots, [Path::new("/a"), Path::new("/b")]);
        assert!(!settings.api.require_lock);
        assert_eq!(settings.limits.export_pages.get(), 10);
        assert_eq!(settings.storage.url.unwrap().file(), Some(Path::new("/srv/store.db")));
        assert_eq!(settings.site.culture.name(), "de-DE");
    }

    #[test]
    fn one_root_is_a_list_of_one() {
        let variables = [("PRESSROOM_SOURCES__DATA_ROOTS", "/srv/data")];
        let settings = settings("", &variables, &Flags::default());
        assert_eq!(settings.sources.data_roots, [Path::new("/srv/data")]);
    }

    #[test]
    fn hosts_are_read() {
        let variables =
            [("PRESSROOM_SOURCES__TRUSTED_HOSTS", "[\"*.example.com\", \"10.0.0.0/8:80\"]")];
        let file = "[sources]\nprivate_hosts = \"reports.intranet.example\"";
        let sources = settings(file, &variables, &Flags::default()).sources;
        let hosts = [sources.trusted_hosts, sources.private_hosts].concat();
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        assert_eq!(hosts, ["*.example.com", "10.0.0.0/8:80", "reports.intranet.example"]);
        check_wrong(
            "[sources]\ntrusted_hosts = [\"https://files.example.com/\"]",
            &[],
            "the setting sources.trusted_hosts must be a host without https://, such as \
             \"files.example.com\", \"*.example.com\", \"files.example.com:8443\", \"10.0.0.5\" or \
             \"10.0.0.0/8\" (set in settings.toml)",
        );
    }

    #[test]
    fn wrong_values_are_named_with_their_place() {
        check_wrong(
            "[limits]\nexport_pages = \"many\"\nexport_rows = 0",
            &[("PRESSROOM_SERVER__DEMO", "perhaps")],
            "the setting server.demo must be true or false (set by the variable PRESSROOM_SERVER__DEMO)\n\
             the setting limits.export_pages must be a whole number greater than 0 (set in settings.toml)\n\
             the setting limits.export_rows must be a whole number greater than 0 (set in settings.toml)",
        );
        let flags = Flags { storage: Some("mysql://db/site".into()), ..Flags::default() };
        assert_eq!(
            loaded("", &[], &flags).unwrap_err(),
            "the setting storage.url must be the address of a store: this build has no adapter for \
             mysql; give one such as sqlite:///absolute/path, \
             postgres://user:password@host:5432/database or mssql://user:password@host:1433/database \
             (set by the flag --storage)"
        );
    }

    #[test]
    fn a_password_is_never_told() {
        let variables = [("PRESSROOM_MAIL__PASSWORD", "[1]"), ("PRESSROOM_SITE__URL", "x@y")];
        let words = loaded("", &variables, &Flags::default()).unwrap_err();
        assert!(words.contains("the setting mail.password must be a text"), "{words}");
        assert!(words.contains("site.url must be an address such as https://"), "{words}");
        let settings = settings("[mail]\npassword = 12345", &[], &Flags::default());
        assert_eq!(settings.mail.password.as_ref().map(Secret::reveal), Some("12345"));
        assert!(!format!("{settings:?}").contains("12345"));
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn the_address_of_a_store_is_told_without_its_password() {
        let variables =
            [("PRESSROOM_STORAGE__URL", "postgres://ann:hunter2@db/site?password=hunter2")];
        let given = settings("", &variables, &Flags::default());
        let told = format!("{given:?}");
        assert!(told.contains("postgres://ann@db/site") && !told.contains("hunter2"), "{told}");
        for wrong in
            ["postgres://ann:hunter2@x@db/site", "mysql://ann:hunter2@db", "ann:hunter2@db"]
        {
            let words = loaded("", &[("PRESSROOM_STORAGE__URL", wrong)], &Flags::default());
            let words = words.unwrap_err();
            assert!(words.contains("set by the variable PRESSROOM_STORAGE__URL"), "{words}");
            assert!(!words.contains("hunter2"), "{words}");
        }
    }

    #[test]
    fn unknown_settings_are_named_with_what_may_be_meant() {
        check_wrong(
            "server = 1",
            &[("PRESSROOM_LIMITS__EXPORTPAGES", "1")],
            "there is no setting limits.exportpages; limits.export_pages may be meant \
             (set by the variable PRESSROOM_LIMITS__EXPORTPAGES)\n\
             server must be a section of settings, not a value (set in settings.toml)",
        );
        check_wrong(
            "[colours]\nsky = \"blue\"",
            &[],
            "there is no setting colours.sky; docs/configuration.md lists them all (set in settings.toml)",
        );
    }

    #[test]
    fn files_that_cannot_be_read() {
        let flags = Flags::default();
        let error = load(Some(Path::new("/no/such.toml")), &flags).unwrap_err().to_string();
        assert_eq!(
            error,
            "the settings file /no/such.toml does not exist; check the path given to --config"
        );
        let error = loaded("[server\nlisten = 1", &[], &flags).unwrap_err();
        assert!(
            error.starts_with("settings.toml: TOML parse error at line 1, column 8"),
            "{error}"
        );
    }
}
