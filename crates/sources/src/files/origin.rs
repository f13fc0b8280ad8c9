//! Where a model's document is, however that was written down.

use std::path::Path;

use pressroom_data::Culture;
use pressroom_domain::{ConnectionString, ProviderModel, ProviderType, Secret};
use pressroom_ports::FetchRequest;
use serde_json::{Map, Value};

use super::cell::Writing;
use super::error::DocumentError;

/// Where a document is, and what is said about it.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) origin: Origin,
    pub(crate) options: Options,
    /// What a document without names in it is called.
    pub(crate) name: String,
}

/// Where a document is.
#[derive(Debug)]
pub(crate) enum Origin {
    /// In the model itself.
    Inline(Secret),
    /// A file below the data roots, as the model names it.
    File(String),
    /// In the web.
    Web(Box<FetchRequest>),
}

/// What is said about a document, by squeezed key. The first text that says something counts.
#[derive(Clone, Default)]
pub(crate) struct Options(Vec<ConnectionString>);

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Options")
    }
}

const PLACE: [&str; 9] =
    ["uri", "url", "datasource", "filename", "file", "path", "source", "address", "database"];
const USER: [&str; 4] = ["username", "userid", "user", "uid"];
const PASSWORD: [&str; 2] = ["password", "pwd"];
/// What the declaration of a JSON source may hold, beside its address: by squeezed key.
const DECLARED: [&str; 16] = [
    "headers",
    "headerparameters",
    "httpheaders",
    "queryparameters",
    "pathparameters",
    "parameters",
    "authenticationinfo",
    "authentication",
    "username",
    "user",
    "password",
    "rootelement",
    "name",
    "type",
    "sourcetype",
    "encoding",
];
const DECLARED_PLACE: [&str; 3] = ["uri", "url", "address"];
/// What it may lie in.
const DECLARED_IN: [&str; 4] = ["source", "jsonsource", "jsondatasource", "connection"];

impl Source {
    /// The document of a model.
    pub(crate) fn of(provider: &ProviderModel) -> Result<Self, DocumentError> {
        let given = provider.options();
        let text =
            |secret: &Option<Secret>| secret.as_ref().map_or("", Secret::reveal).trim().to_owned();
        let (declared, uri) = (text(&given.json_data_source), text(&given.uri));
        let (connection, more) =
            (text(&given.connection_string), text(&given.additional_parameters));
        let kind = provider.provider_type();
        let is_place = is_place(&connection);
        let pairs = if is_place { "" } else { &*connection };
        let options = Options(vec![ConnectionString::parse(pairs), ConnectionString::parse(&more)]);
        let own = options.0[0].provider();
        if own.is_some_and(|own| own != kind) {
            return Err(DocumentError::Option(
                "its connection string says another XpoProvider than its providerType; change one \
                 of them"
                    .into(),
            ));
        }
        let account = (given.user_name.clone(), given.password.clone());
        if kind == ProviderType::Json && !declared.is_empty() {
            return Self::declared(&declared, options, account);
        }
        if let Some(inline) = options.get(&["json"]).filter(|_| kind == ProviderType::Json) {
            return Ok(Self::inline(inline.to_owned(), options.clone()));
        }
        if kind == ProviderType::Json && connection.starts_with(['{', '[']) {
            return Self::declared(&connection, Options::default(), account);
        }
        let place = match () {
            () if !uri.is_empty() => uri,
            () if is_place => connection,
            () => options.get(&PLACE).unwrap_or_default().to_owned(),
        };
        Self::at(&place, options, account)
    }

    fn inline(text: String, options: Options) -> Self {
        Self { origin: Origin::Inline(Secret::new(text)), options, name: "root".into() }
    }

    /// A document at an address or in a file.
    fn at(
        place: &str,
        options: Options,
        account: (Option<String>, Option<Secret>),
    ) -> Result<Self, DocumentError> {
        if place.is_empty() {
            return Err(DocumentError::Option(
                "it names no document; give its uri, or Uri=… in its connection string".into(),
            ));
        }
        if is_web(place) {
            let mut request = FetchRequest::new(with_query(place, &options));
            request.headers = options.headers();
            let user = account.0.filter(|user| !user.is_empty());
            let user = user.or_else(|| options.get(&USER).map(str::to_owned));
            let password = account.1.or_else(|| options.get(&PASSWORD).map(Secret::new));
            request.basic = user.map(|user| (user, password.unwrap_or_default()));
            let path = place.split(['?', '#']).next().unwrap_or_default();
            let path = path.split_once("://").map_or("", |(_, rest)| rest);
            let path = path.split_once('/').map_or("", |(_, path)| path);
            let name = stem(path);
            return Ok(Self { origin: Origin::Web(Box::new(request)), options, name });
        }
        if place.contains("://") && !place.starts_with("file://") {
            return Err(DocumentError::Option(
                "its address begins with neither http:// nor https://".into(),
            ));
        }
        let path = place.strip_prefix("file://").unwrap_or(place);
        Ok(Self { origin: Origin::File(path.to_owned()), options, name: stem(path) })
    }

    /// A JSON source as its own JSON: an address with its headers, or the document itself.
    fn declared(
        text: &str,
        options: Options,
        account: (Option<String>, Option<Secret>),
    ) -> Result<Self, DocumentError> {
        // What is no small declaration is the document, and read as such with all that is wrong in it.
        let members = match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(members)) => members,
            // A text of JSON in a text of JSON.
            Ok(Value::String(inner)) if inner.trim_start().starts_with(['{', '[']) => {
                return Ok(Self::inline(inner, options));
            }
            Ok(Value::String(place)) => return Self::at(&place, options, account),
            Ok(_) => return Ok(Self::inline(text.to_owned(), options)),
            Err(_) if text.starts_with(['{', '[']) => {
                return Ok(Self::inline(text.to_owned(), options));
            }
            Err(_) if is_place(text) => return Self::at(text, options, account),
            Err(_) => {
                let options = Options(vec![ConnectionString::parse(text)]);
                let place = options.get(&PLACE).unwrap_or_default().to_owned();
                return Self::at(&place, options, account);
            }
        };
        let members = match inner(&members) {
            Some(inner) => inner,
            None => &members,
        };
        if let Some(Value::String(json)) = member(members, &["json"]).filter(|_| members.len() == 1)
        {
            return Ok(Self::inline(json.clone(), options));
        }
        let known = |name: &String| {
            let name = squeezed(name);
            DECLARED.contains(&&*name) || DECLARED_PLACE.contains(&&*name)
        };
        let place = member(members, &DECLARED_PLACE).and_then(Value::as_str);
        match place.filter(|_| members.keys().all(known)) {
            Some(place) => Self::declared_at(place, members, options, account),
            None => Ok(Self::inline(text.to_owned(), options)),
        }
    }

    fn declared_at(
        place: &str,
        members: &Map<String, Value>,
        mut options: Options,
        account: (Option<String>, Option<Secret>),
    ) -> Result<Self, DocumentError> {
        let login = member(members, &["authenticationinfo", "authentication"]);
        let login = login.and_then(Value::as_object).unwrap_or(members);
        let text = |keys: &[&str]| member(login, keys).and_then(Value::as_str).map(str::to_owned);
        let user = text(&["username", "user"]).or(account.0);
        let password = text(&["password"]).map(Secret::new).or(account.1);
        if let Some(root) = member(members, &["rootelement"]).and_then(Value::as_str) {
            let root = format!("RootElement=\"{}\"", root.replace('"', "\"\""));
            options.0.push(ConnectionString::parse(&root));
        }
        let mut place = place.to_owned();
        for (name, value) in named(member(members, &["pathparameters"])) {
            let _ = name;
            place = format!("{}/{}", place.trim_end_matches('/'), encoded(&value));
        }
        for (name, value) in named(member(members, &["queryparameters", "parameters"])) {
            place = with_pair(&place, &name, &value);
        }
        let mut source = Self::at(&place, options, (user, password))?;
        if let Origin::Web(request) = &mut source.origin {
            let headers = member(members, &["headers", "headerparameters", "httpheaders"]);
            let headers = named(headers).into_iter();
            request.headers.extend(headers.map(|(name, value)| (name, Secret::new(value))));
        }
        Ok(source)
    }
}

impl Options {
    /// The value of the first of some squeezed keys that has one.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&str> {
        self.0.iter().find_map(|text| text.get(keys))
    }

    /// Whether something holds, where that is said.
    pub(crate) fn truth(&self, keys: &[&str]) -> Result<Option<bool>, DocumentError> {
        let Some(text) = self.get(keys) else { return Ok(None) };
        match &*text.to_ascii_lowercase() {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => {
                let key = keys.first().copied().unwrap_or_default();
                Err(DocumentError::Option(format!("its option {key} must be true or false")))
            }
        }
    }

    /// Whether the first line holds the names of columns; it does unless something else is said.
    pub(crate) fn has_header(&self) -> Result<bool, DocumentError> {
        let keys = ["hasheader", "usefirstrowasheader", "header", "hdr", "firstrowasheader"];
        Ok(self.truth(&keys)?.unwrap_or(true))
    }

    /// How texts stand for numbers and dates.
    pub(crate) fn writing(&self) -> Result<Writing, DocumentError> {
        let Some(name) = self.get(&["culture", "locale"]) else { return Ok(Writing::default()) };
        if name.eq_ignore_ascii_case("invariant") {
            return Ok(Writing::default());
        }
        let culture = Culture::find(name).ok_or_else(|| {
            DocumentError::Option(
                "its Culture is none that is known; give one such as de-DE".into(),
            )
        })?;
        Ok(Writing::of(culture))
    }

    /// `header:Name=value`
    fn headers(&self) -> Vec<(String, Secret)> {
        let headers = self.0.iter().flat_map(|text| text.prefixed("header:"));
        headers.map(|(name, value)| (name.to_owned(), Secret::new(value))).collect()
    }
}

/// Whether a text is a place as a whole, and no pairs.
fn is_place(text: &str) -> bool {
    is_web(text) || (!text.is_empty() && !text.contains('='))
}

fn is_web(text: &str) -> bool {
    let starts = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts("http://") || starts("https://")
}

/// `query:name=value` belongs to the address.
fn with_query(place: &str, options: &Options) -> String {
    let pairs = options.0.iter().flat_map(|text| text.prefixed("query:"));
    pairs.fold(place.to_owned(), |place, (name, value)| with_pair(&place, name, value))
}

fn with_pair(place: &str, name: &str, value: &str) -> String {
    let sign = if place.contains('?') { '&' } else { '?' };
    format!("{place}{sign}{}={}", encoded(name), encoded(value))
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The name of a file without its folders and its ending.
fn stem(path: &str) -> String {
    let path = path.replace('\\', "/");
    let stem = Path::new(&path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem = percent_encoding::percent_decode_str(stem).decode_utf8_lossy();
    if stem.trim().is_empty() { "root".to_owned() } else { stem.into_owned() }
}

/// A key without what people write differently: `@Uri`, `uri`.
fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn member<'m>(members: &'m Map<String, Value>, keys: &[&str]) -> Option<&'m Value> {
    members.iter().find(|(name, _)| keys.contains(&&*squeezed(name))).map(|(_, value)| value)
}

/// What an object declares that holds nothing but the declaration.
fn inner(members: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let wrapping = |(name, value): (&String, &Value)| {
        value.is_object() && DECLARED_IN.contains(&&*squeezed(name))
    };
    let is_wrapper = members.iter().any(wrapping)
        && members.iter().all(|member| wrapping(member) || member.1.is_string());
    let found = is_wrapper.then(|| members.iter().find(|member| wrapping(*member)))??;
    let inside = found.1.as_object()?;
    Some(inner(inside).unwrap_or(inside))
}

/// `{"name": "value"}` or `[{"name": "…", "value": "…"}]`
fn named(declared: Option<&Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match declared {
        Some(Value::Object(pairs)) => {
            pairs.iter().map(|(name, value)| (name.clone(), text(value))).collect()
        }
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_object)
            .filter_map(|item| {
                let name = member(item, &["name", "key"])?.as_str()?;
                Some((name.to_owned(), member(item, &["value"]).map(text).unwrap_or_default()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use pressroom_domain::ProviderOptions;

    use super::*;

    fn of(
        kind: ProviderType,
        change: impl Fn(&mut ProviderOptions),
    ) -> Result<Source, DocumentError> {
        let mut options = ProviderOptions::default();
        change(&mut options);
        Source::of(&ProviderModel::new(kind, options).unwrap())
    }

    fn secret(text: &str) -> Option<Secret> {
        Some(Secret::new(text))
    }

    /// The origin in words, and the name.
    fn told(source: Result<Source, DocumentError>) -> String {
        match source {
            Err(error) => error.to_string(),
            Ok(Source { origin: Origin::Inline(text), name, .. }) => {
                format!("{name} inline {}", text.reveal())
            }
            Ok(Source { origin: Origin::File(path), name, .. }) => format!("{name} file {path}"),
            Ok(Source { origin: Origin::Web(request), name, .. }) => {
                let headers = request.headers.iter();
                let headers: Vec<String> =
                    headers.map(|(name, value)| format!("{name}={}", value.reveal())).collect();
                let basic = request.basic.as_ref();
                let basic = basic.map(|(user, password)| format!("{user}:{}", password.reveal()));
                let basic = basic.unwrap_or_default();
                format!("{name} web {} [{}] {basic}", request.url.reveal(), headers.join(","))
            }
        }
    }

    #[test]
    fn places_are_found_however_they_are_written() {
        let uri = |text: &str| told(of(ProviderType::Csv, |given| given.uri = secret(text)));
        let pairs = |text: &str| {
            told(of(ProviderType::Csv, |given| given.connection_string = secret(text)))
        };
        assert_eq!(uri("sales/rows.csv"), "rows file sales/rows.csv");
        assert_eq!(uri("file:///srv/rows.csv"), "rows file /srv/rows.csv");
        assert_eq!(uri("https://h/a%20b.csv?k=1"), "a b web https://h/a%20b.csv?k=1 [] ");
        assert_eq!(uri("https://h"), "root web https://h [] ");
        assert_eq!(uri("ftp://h/x"), "its address begins with neither http:// nor https://");
        assert_eq!(pairs("Uri=rows.csv;Delimiter=;"), "rows file rows.csv");
        assert_eq!(pairs("Data Source=\"a b.csv\""), "a b file a b.csv");
        assert_eq!(pairs("rows.csv"), "rows file rows.csv");
        assert_eq!(pairs("https://h/x.csv?a=b;c"), "x web https://h/x.csv?a=b;c [] ");
        assert_eq!(
            pairs("Delimiter=,"),
            "it names no document; give its uri, or Uri=… in its connection string"
        );
        assert_eq!(
            pairs("Uri=https://h/x.csv;Username=ann;Password=p;header:X-Key=k;query:a=b c"),
            "x web https://h/x.csv?a=b%20c [X-Key=k] ann:p"
        );
    }

    #[test]
    fn declarations_of_json() {
        let check = |text: &str, expect: &str| {
            let source = of(ProviderType::Json, |given| given.json_data_source = secret(text));
            assert_eq!(told(source), expect, "{text}");
        };
        check("[{\"a\":1}]", "root inline [{\"a\":1}]");
        check("{\"a\":[1]}", "root inline {\"a\":[1]}");
        check("{\"uri\":\"x\",\"rows\":[]}", "root inline {\"uri\":\"x\",\"rows\":[]}");
        check("{not json", "root inline {not json");
        check("{\"Json\":\"[1]\"}", "root inline [1]");
        check("\"[1]\"", "root inline [1]");
        check("{\"uri\":\"rows.json\"}", "rows file rows.json");
        check("rows.json", "rows file rows.json");
        check(
            "{\"uri\":\"https://h/r\",\"headers\":{\"X-Key\":\"k\"},\"username\":\"ann\",\"password\":\"p\"}",
            "r web https://h/r [X-Key=k] ann:p",
        );
        check(
            "{\"Source\":{\"@SourceType\":\"Uri\",\"@Uri\":\"https://h/r\",\"Headers\":[{\"@Name\":\"A\",\"@Value\":\"b\"}],\
             \"QueryParameters\":[{\"Name\":\"q\",\"Value\":1}]}}",
            "r web https://h/r?q=1 [A=b] ",
        );
        check("Uri=https://h/r;header:A=b", "r web https://h/r [A=b] ");
    }

    #[test]
    fn in_memory_stores_are_files() {
        let check = |text: &str, expect: &str| {
            let given = |given: &mut ProviderOptions| given.connection_string = secret(text);
            assert_eq!(told(of(ProviderType::InMemory, given)), expect, "{text}");
        };
        check("XpoProvider=InMemoryDataStore;data source=db.xml;read only=true", "db file db.xml");
        check(
            "XpoProvider=SQLite;data source=db.xml",
            "its connection string says another XpoProvider than its providerType; change one of them",
        );
    }
}
