//! A definition and rows to the bytes of a document, on a thread that may block.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pressroom_compose::{ComposeError, Context, Outcome, Warning, compose};
use pressroom_page::DocumentInfo;
use pressroom_ports::{ExportError, ExportOptions, Exporter, Written};
use pressroom_report::Definition;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No pages came.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The pages were not written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A mistake of this program.
    #[error(
        "the layout engine failed on this layout: {0}; please report it with the layout, and leave out what was changed last meanwhile"
    )]
    Panic(String),
}

/// A document that was written, and what is not in it as the layout wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Pages and bytes.
    pub written: Written,
    /// What came of the composition. Its warnings are followed by those of the writer.
    pub outcome: Outcome,
}

/// Composes a report and writes it. A panic on the way is an error, and disturbs nobody else.
///
/// # Errors
/// See [`RenderError`].
pub fn render(
    definition: &Definition,
    context: &Context<'_>,
    exporter: &dyn Exporter,
    options: &ExportOptions,
    info: DocumentInfo,
    out: Box<dyn Write + Send>,
) -> Result<Rendered, RenderError> {
    let work = || {
        let mut writer = exporter.begin(info, options, out)?;
        let mut outcome = compose(definition, context, &mut *writer)?;
        let written = writer.finish()?;
        written.warnings.iter().for_each(|message| add(&mut outcome.warnings, message));
        Ok(Rendered { written, outcome })
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(RenderError::Panic(message.unwrap_or_else(|| "no further words".to_owned())))
    })
}

/// Adds a warning to those that each stand there once, with how often.
fn add(warnings: &mut Vec<Warning>, message: &str) {
    match warnings.iter_mut().find(|warning| warning.message == message) {
        Some(known) => known.count += 1,
        None => warnings.push(Warning { message: message.to_owned(), count: 1 }),
    }
}

/// What a document says about itself. `created` is in seconds since 1970-01-01 UTC.
#[must_use]
pub fn document_info(
    definition: &Definition,
    name: &str,
    author: Option<&str>,
    culture: &str,
    created: i64,
) -> DocumentInfo {
    let title = definition.display_name.as_deref().filter(|title| !title.trim().is_empty());
    let language = definition.culture.as_deref().unwrap_or(culture);
    DocumentInfo {
        title: Some(title.unwrap_or(name).into()),
        author: author.map(Into::into),
        subject: None,
        language: (!language.is_empty()).then(|| Arc::from(language)),
        created,
    }
}
