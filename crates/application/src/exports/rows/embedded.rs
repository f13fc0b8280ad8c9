//! Data models that only a layout knows: documents that it carries or names, and, where the site lets
//! it, databases of its own.
//!
//! They reach no further than a data model of the site could: files below the data roots, addresses
//! on trusted hosts.

use pressroom_domain::{
    ConnectionString, DataModel, DataModelId, Description, Name, NewDataModel, ProviderModel,
    ProviderOptions, ProviderType, Seconds, Secret,
};
use pressroom_query::{ConnectionRef, ExcelSource, JsonSource};

/// The database of a connection string that a layout carries. None where it carries none, or one of
/// which nobody knows the kind.
pub(super) fn database(connection: &ConnectionRef) -> Option<DataModel> {
    let text = connection.embedded.as_deref()?;
    let own = ConnectionString::parse(text).provider();
    let kind = own.or_else(|| connection.provider.as_deref().and_then(ProviderType::of_xpo))?;
    let options = ProviderOptions {
        connection_string: Some(Secret::new(text)),
        ..ProviderOptions::default()
    };
    model(&connection.name, kind, options)
}

/// The document that a layout carries, or names by its address.
pub(super) fn json(name: &str, source: &JsonSource) -> Option<DataModel> {
    let options = match (&source.document, &source.uri) {
        (Some(document), _) => ProviderOptions {
            json_data_source: Some(Secret::new(&**document)),
            ..ProviderOptions::default()
        },
        (None, Some(uri)) => of_file(uri),
        (None, None) => return None,
    };
    model(name, ProviderType::Json, options)
}

/// The workbook, or text file of rows, that a layout names.
pub(super) fn excel(name: &str, source: &ExcelSource) -> Option<DataModel> {
    let file = source.file.as_deref()?.replace('\\', "/");
    // Where its author had it means nothing here: the folder of data does.
    let file = file.rsplit_once("|DataDirectory|").map_or(&*file, |(_, below)| below);
    let file = file.rsplit_once(':').map_or(file, |(_, below)| below).trim_start_matches('/');
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let kind = match ending.as_deref() {
        Some("csv" | "txt" | "tsv") => ProviderType::Csv,
        _ => ProviderType::Excel,
    };
    let header = if source.has_header { "" } else { ";HasHeader=false" };
    let mut options = of_file(file);
    options.connection_string = (!header.is_empty()).then(|| Secret::new(&header[1..]));
    model(name, kind, options)
}

fn of_file(uri: &str) -> ProviderOptions {
    ProviderOptions { uri: Some(Secret::new(uri)), ..ProviderOptions::default() }
}

fn model(name: &str, kind: ProviderType, options: ProviderOptions) -> Option<DataModel> {
    let new = NewDataModel {
        name: Name::new(name).or_else(|_| Name::new("the layout's own")).ok()?,
        description: Description::default(),
        command_timeout: Seconds::ZERO,
        cache_seconds: Seconds::ZERO,
        provider: ProviderModel::new(kind, options).ok()?,
    };
    Some(DataModel::new(DataModelId(0), new))
}
