//! Writers of documents.

use std::io::Write;

use pressroom_domain::Format;
use pressroom_page::{DocumentInfo, PageSink};
use serde_json::{Map, Value};

/// Why no document was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// An option has a value that this format cannot honour.
    #[error(transparent)]
    Option(#[from] InvalidOption),
    /// The bytes could not be written.
    #[error("could not write the document: {0}")]
    Write(#[from] std::io::Error),
    /// The pages hold what this format cannot express.
    #[error("{0}")]
    Unsupported(String),
    /// A bound was reached.
    #[error("{0}")]
    Limit(String),
}

/// An option that cannot be honoured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("export option {name}: {message}")]
pub struct InvalidOption {
    /// The option.
    pub name: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// How carefully pictures are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageQuality {
    /// Smallest files.
    Lowest,
    /// Small files.
    Low,
    /// In between.
    Medium,
    /// Good pictures.
    High,
    /// Pictures as they are.
    #[default]
    Highest,
}

/// What may be chosen about a document, by whatever format takes notice of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Which pages, such as `1,3-5`; none is all. The exporter reads it.
    pub page_range: Option<String>,
    /// How carefully pictures are compressed.
    pub image_quality: ImageQuality,
    /// Names of options that were set and that protect the document or certify that it keeps a
    /// standard. An exporter MUST honour them or refuse, never ignore them.
    pub guarantees: Vec<&'static str>,
}

impl ExportOptions {
    /// Reads options as they come in a request. Names count in any letter case; an unknown one is
    /// ignored, null is as good as absent.
    ///
    /// # Errors
    /// [`InvalidOption`] for a value of the wrong type.
    pub fn from_map(map: &Map<String, Value>) -> Result<Self, InvalidOption> {
        let mut options = Self::default();
        for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            match name.to_ascii_lowercase().as_str() {
                "pagerange" => options.page_range = page_range(name, value)?,
                "imagequality" | "jpegquality" => options.image_quality = quality(name, value)?,
                "passwordsecurityoptions" if protects(value) => {
                    options.guarantees.push("passwordSecurityOptions");
                }
                "pdfacompatibility" if certifies(value) => {
                    options.guarantees.push("pdfACompatibility");
                }
                "pdfuacompatibility" if certifies(value) => {
                    options.guarantees.push("pdfUACompatibility");
                }
                _ => {}
            }
        }
        Ok(options)
    }
}

fn page_range(name: &str, value: &Value) -> Result<Option<String>, InvalidOption> {
    match value {
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.trim().to_owned())),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(invalid(name, "give page numbers as a text such as \"1,3-5\"")),
    }
}

fn quality(name: &str, value: &Value) -> Result<ImageQuality, InvalidOption> {
    use ImageQuality::{High, Highest, Low, Lowest, Medium};
    // As numbers, the qualities are the percentages that the original API gives them.
    let known = match value {
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "lowest" => Some(Lowest),
            "low" => Some(Low),
            "medium" => Some(Medium),
            "high" => Some(High),
            "highest" => Some(Highest),
            _ => None,
        },
        Value::Number(number) => number.as_u64().and_then(|percent| match percent {
            0..=25 => Some(Lowest),
            26..=50 => Some(Low),
            51..=75 => Some(Medium),
            76..=90 => Some(High),
            91..=100 => Some(Highest),
            _ => None,
        }),
        _ => None,
    };
    known.ok_or_else(|| invalid(name, "give lowest, low, medium, high or highest"))
}

/// Whether password options ask for anything: some password that is not empty.
fn protects(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(protects),
        Value::String(text) => !text.is_empty() && !text.eq_ignore_ascii_case("none"),
        _ => false,
    }
}

/// Whether a level of a standard is asked for.
fn certifies(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && !text.eq_ignore_ascii_case("none"),
        Value::Number(number) => number.as_i64() != Some(0),
        Value::Bool(asked) => *asked,
        _ => true,
    }
}

fn invalid(name: &str, message: &str) -> InvalidOption {
    InvalidOption { name: name.to_owned(), message: message.to_owned() }
}

/// A document that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Its pages.
    pub pages: u64,
    /// Its bytes.
    pub bytes: u64,
    /// What is not in it as the pages want it, such as a damaged picture: words for whoever reads the
    /// document.
    pub warnings: Vec<String>,
}

/// Writes documents of one format. Synchronous: used on a thread that may block.
///
/// # Contract
/// - The same pages, options and information MUST give the same bytes, on every machine.
/// - Memory SHOULD NOT grow with the number of pages.
/// - What is left out of a document or put into it otherwise MUST be among [`Written::warnings`].
pub trait Exporter: Send + Sync {
    /// The format.
    fn format(&self) -> Format;

    /// The media type, such as `application/pdf`.
    fn content_type(&self) -> &'static str;

    /// The end of a file's name, such as `pdf`.
    fn extension(&self) -> &'static str;

    /// Whether the options can be honoured; called before any work is queued.
    ///
    /// # Errors
    /// [`InvalidOption`] that names the first one that cannot.
    fn check(&self, options: &ExportOptions) -> Result<(), InvalidOption>;

    /// Starts a document.
    ///
    /// # Errors
    /// [`ExportError::Option`] as [`check`](Self::check); [`ExportError::Write`].
    fn begin(
        &self,
        info: DocumentInfo,
        options: &ExportOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn DocumentWriter>, ExportError>;
}

/// A document that is being written: pages one by one, then the end.
pub trait DocumentWriter: PageSink + Send {
    /// Writes what is left and flushes.
    ///
    /// # Errors
    /// See [`ExportError`].
    fn finish(self: Box<Self>) -> Result<Written, ExportError>;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(json: &Value, expect: Result<ExportOptions, &str>) {
        let got = ExportOptions::from_map(json.as_object().unwrap());
        let got = got.map_err(|error| error.to_string());
        assert_eq!(got, expect.map_err(str::to_owned), "{json}");
    }

    fn range(text: &str) -> ExportOptions {
        ExportOptions { page_range: Some(text.into()), ..ExportOptions::default() }
    }

    fn guarantee(name: &'static str) -> ExportOptions {
        ExportOptions { guarantees: vec![name], ..ExportOptions::default() }
    }

    #[test]
    fn options_are_read_in_any_case_and_unknown_ones_ignored() {
        check(&json!({}), Ok(ExportOptions::default()));
        check(&json!({"PageRange": " 1,3-5 ", "showTheMoon": true}), Ok(range("1,3-5")));
        check(&json!({"pagerange": 2}), Ok(range("2")));
        check(&json!({"pageRange": null}), Ok(ExportOptions::default()));
        check(&json!({"pageRange": ""}), Ok(ExportOptions::default()));
        check(
            &json!({"imageQuality": "LOW"}),
            Ok(ExportOptions { image_quality: ImageQuality::Low, ..ExportOptions::default() }),
        );
    }

    #[test]
    fn wrong_values_are_named() {
        check(
            &json!({"pageRange": [1]}),
            Err("export option pageRange: give page numbers as a text such as \"1,3-5\""),
        );
        check(
            &json!({"imageQuality": "poor"}),
            Err("export option imageQuality: give lowest, low, medium, high or highest"),
        );
    }

    #[test]
    fn what_protects_or_certifies_is_never_lost() {
        check(&json!({"pdfACompatibility": "PdfA1b"}), Ok(guarantee("pdfACompatibility")));
        check(&json!({"PDFUACompatibility": 1}), Ok(guarantee("pdfUACompatibility")));
        check(
            &json!({"passwordSecurityOptions": {"openPassword": "x"}}),
            Ok(guarantee("passwordSecurityOptions")),
        );
        for harmless in [
            json!({"pdfACompatibility": "None"}),
            json!({"pdfACompatibility": 0}),
            json!({"passwordSecurityOptions": {"openPassword": "", "permissionsPassword": null}}),
        ] {
            check(&harmless, Ok(ExportOptions::default()));
        }
    }
}
