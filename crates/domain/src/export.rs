//! Exports: durable work that turns a document into a file.
//!
//! ```text
//!            claim               complete
//!   Queued ─────────▶ Running ─────────────▶ Complete
//!      ▲                │ │ │   fail, or a fourth claim
//!      └────release─────┘ │ └──────────────▶ Fault
//!                         │ lease ended: claim again
//!   cancel: Queued, Running, Complete ─────▶ Cancelled
//! ```
//! Every claim gets a higher fencing number; whoever works under a lower one is told so and stops.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{BlobHash, DocumentId, ExportId, Name, NodeName, Percent, UserId};

/// How often an export is claimed before it counts as work that never ends.
pub const MAX_CLAIMS: u32 = 3;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// PDF.
    Pdf,
    /// HTML.
    Html,
    /// Excel workbook.
    Xlsx,
    /// Word document.
    Docx,
    /// Comma-separated values.
    Csv,
    /// A picture.
    Image,
}

impl Format {
    /// All formats, in the order in which the API numbers them.
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Html, Self::Xlsx, Self::Docx, Self::Csv, Self::Image];

    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Csv => "csv",
            Self::Image => "image",
        }
    }

    /// The format of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

/// A value for a parameter of a report, as it came from a caller: not yet checked against the
/// parameter's type.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The parameter's name.
    pub name: String,
    /// Number, text, truth value, null, or an array of them for a multi-value parameter.
    pub value: Value,
}

/// What is to be exported, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRequest {
    /// The document.
    pub document_id: DocumentId,
    /// What it was called when the export was started: the file's name.
    pub document_name: Name,
    /// The layout as it was when the export was started.
    pub layout: BlobHash,
    /// The file's format.
    pub format: Format,
    /// Choices of that format, as they came from the caller.
    pub options: Map<String, Value>,
    /// Values of the report's parameters.
    pub arguments: Vec<Argument>,
}

/// An export to be queued.
#[derive(Clone, Debug, PartialEq)]
pub struct NewExport {
    /// Its id.
    pub id: ExportId,
    /// Who asked for it, and may fetch it.
    pub owner: UserId,
    /// What is to be done.
    pub request: ExportRequest,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
}

/// Who works on an export, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The server that works.
    pub node: NodeName,
    /// When the work goes to someone else, unless it is extended.
    pub lease_until: DateTime<Utc>,
}

/// The file that came of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportResult {
    /// Its bytes.
    pub blob: BlobHash,
    /// How many bytes.
    pub size_bytes: u64,
    /// Its pages.
    pub pages: u64,
}

/// Why no file came of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFault {
    /// In words for who asked for the export.
    pub message: String,
}

/// Where an export stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportState {
    /// Nobody works on it.
    Queued,
    /// Somebody works on it.
    Running(Claim),
    /// The file is there.
    Complete(ExportResult),
    /// There will be no file.
    Fault(ExportFault),
    /// Its owner no longer wants it.
    Cancelled,
}

impl ExportState {
    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Complete(_) | Self::Fault(_) | Self::Cancelled)
    }
}

/// How far an export is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportProgress {
    /// How much is done, as far as one can tell.
    pub percent: Percent,
    /// What is going on, in words.
    pub message: String,
}

/// Something that is not in the file as the layout wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What, where, and what to do about it.
    pub message: String,
    /// How often it occurred.
    pub count: u64,
}

/// Durable work that turns a document into a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// Who asked for it, and may fetch it.
    pub owner: UserId,
    /// What is to be done.
    pub request: ExportRequest,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// Where it stands.
    pub state: ExportState,
    /// The fencing number of the newest claim; 0 before the first. It only grows.
    pub fence: i64,
    /// Claims that neither ended nor were given back.
    pub attempts: u32,
    /// How far it is.
    pub progress: ExportProgress,
    /// What is not as the layout wants it.
    pub warnings: Vec<Warning>,
    /// When it came to its end.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Why an export does not go from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Somebody works on it, or it has come to its end.
    #[error("the export is not waiting for anyone")]
    NotDue,
    /// A later claim took the work over.
    #[error("another server took the export over")]
    Superseded,
    /// The owner cancelled it.
    #[error("the export was cancelled")]
    Cancelled,
    /// It has come to its end.
    #[error("the export has come to its end")]
    Finished,
}

impl Export {
    /// A new export, queued.
    #[must_use]
    pub fn queued(new: NewExport) -> Self {
        Self {
            id: new.id,
            owner: new.owner,
            request: new.request,
            queued_at: new.queued_at,
            state: ExportState::Queued,
            fence: 0,
            attempts: 0,
            progress: ExportProgress::default(),
            warnings: Vec::new(),
            finished_at: None,
        }
    }

    /// Whether somebody should take it up: it is queued, or its worker's lease has ended.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        match &self.state {
            ExportState::Queued => true,
            ExportState::Running(claim) => claim.lease_until <= now,
            _ => false,
        }
    }

    /// Takes the work up. An export that was claimed [`MAX_CLAIMS`] times without an end becomes a
    /// fault instead: look at the state that comes back.
    ///
    /// # Errors
    /// [`StateError::NotDue`].
    pub fn claim(
        mut self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        node: NodeName,
    ) -> Result<Self, StateError> {
        if !self.is_due(now) {
            return Err(StateError::NotDue);
        }
        if self.attempts >= MAX_CLAIMS {
            let message = format!(
                "the server stopped {MAX_CLAIMS} times while it worked on this export; the layout or its data may be more than it can take"
            );
            self.end(ExportState::Fault(ExportFault { message }), now);
            return Ok(self);
        }
        self.fence += 1;
        self.attempts += 1;
        self.state = ExportState::Running(Claim { node, lease_until });
        Ok(self)
    }

    /// Extends the lease and tells how far the work is.
    ///
    /// # Errors
    /// [`StateError`] when the work is no longer the caller's; the caller stops.
    pub fn heartbeat(
        mut self,
        fence: i64,
        lease_until: DateTime<Utc>,
        progress: ExportProgress,
    ) -> Result<Self, StateError> {
        self.held_by(fence)?;
        if let ExportState::Running(claim) = &mut self.state {
            claim.lease_until = lease_until;
        }
        self.progress = progress;
        Ok(self)
    }

    /// The file is there.
    ///
    /// # Errors
    /// [`StateError`] when the work is no longer the caller's; the file is of no use then.
    pub fn complete(
        mut self,
        fence: i64,
        result: ExportResult,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<Self, StateError> {
        self.held_by(fence)?;
        self.warnings = warnings;
        self.progress = ExportProgress { percent: Percent::HUNDRED, message: String::new() };
        self.end(ExportState::Complete(result), at);
        Ok(self)
    }

    /// There will be no file.
    ///
    /// # Errors
    /// [`StateError`] when the work is no longer the caller's.
    pub fn fail(
        mut self,
        fence: i64,
        fault: ExportFault,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<Self, StateError> {
        self.held_by(fence)?;
        self.warnings = warnings;
        self.end(ExportState::Fault(fault), at);
        Ok(self)
    }

    /// Gives the work back, as a server does that is stopped in good order: the claim does not count.
    ///
    /// # Errors
    /// [`StateError`] when the work is no longer the caller's.
    pub fn release(mut self, fence: i64) -> Result<Self, StateError> {
        self.held_by(fence)?;
        self.attempts = self.attempts.saturating_sub(1);
        self.progress = ExportProgress::default();
        self.state = ExportState::Queued;
        Ok(self)
    }

    /// Its owner no longer wants it; a file that is there already is dropped. Where no file can come
    /// any more, nothing changes.
    #[must_use]
    pub fn cancel(mut self, at: DateTime<Utc>) -> Self {
        if !matches!(self.state, ExportState::Fault(_) | ExportState::Cancelled) {
            self.end(ExportState::Cancelled, at);
        }
        self
    }

    fn held_by(&self, fence: i64) -> Result<(), StateError> {
        match &self.state {
            ExportState::Cancelled => Err(StateError::Cancelled),
            _ if self.fence != fence => Err(StateError::Superseded),
            ExportState::Running(_) => Ok(()),
            ExportState::Queued => Err(StateError::Superseded),
            ExportState::Complete(_) | ExportState::Fault(_) => Err(StateError::Finished),
        }
    }

    fn end(&mut self, state: ExportState, at: DateTime<Utc>) {
        self.state = state;
        self.finished_at = Some(at);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn queued() -> Export {
        Export::queued(NewExport {
            id: ExportId::from_bytes([1; 16]),
            owner: UserId(1),
            request: ExportRequest {
                document_id: DocumentId(1),
                document_name: Name::new("Invoices").unwrap(),
                layout: BlobHash::from_bytes([2; 32]),
                format: Format::Pdf,
                options: Map::new(),
                arguments: Vec::new(),
            },
            queued_at: at(0),
        })
    }

    fn claim(export: Export, now: i64) -> Result<Export, StateError> {
        export.claim(at(now), at(now + 10), NodeName::new("a"))
    }

    fn running() -> Export {
        claim(queued(), 0).unwrap()
    }

    fn result() -> ExportResult {
        ExportResult { blob: BlobHash::from_bytes([3; 32]), size_bytes: 9, pages: 2 }
    }

    fn fault() -> ExportFault {
        ExportFault { message: "the data source is away".into() }
    }

    fn complete() -> Export {
        running().complete(1, result(), Vec::new(), at(5)).unwrap()
    }

    #[test]
    fn a_claim_holds_until_its_lease_ends() {
        let export = running();
        assert_eq!((export.fence, export.attempts), (1, 1));
        assert_eq!(claim(export.clone(), 9), Err(StateError::NotDue));
        let again = claim(export, 10).unwrap();
        assert_eq!((again.fence, again.attempts), (2, 2));
    }

    #[test]
    fn a_heartbeat_extends_the_lease() {
        let progress = ExportProgress { percent: Percent::new(40), message: "page 4".into() };
        let export = running().heartbeat(1, at(25), progress.clone()).unwrap();
        assert_eq!(export.progress, progress);
        assert!(!export.is_due(at(24)));
        assert!(export.is_due(at(25)));
    }

    #[test]
    fn a_worker_that_was_overtaken_changes_nothing() {
        let export = claim(running(), 10).unwrap();
        let lost = Err(StateError::Superseded);
        assert_eq!(export.clone().heartbeat(1, at(30), ExportProgress::default()), lost);
        assert_eq!(export.clone().complete(1, result(), Vec::new(), at(11)), lost);
        assert_eq!(export.clone().fail(1, fault(), Vec::new(), at(11)), lost);
        assert_eq!(export.clone().release(1), lost);
        assert!(export.complete(2, result(), Vec::new(), at(11)).is_ok());
    }

    #[test]
    fn three_claims_without_an_end_are_a_fault() {
        let mut export = queued();
        for now in [0, 10, 20] {
            export = claim(export, now).unwrap();
            assert!(matches!(export.state, ExportState::Running(_)));
        }
        let export = claim(export, 30).unwrap();
        assert!(
            matches!(&export.state, ExportState::Fault(fault) if fault.message.contains("3 times"))
        );
        assert_eq!(export.finished_at, Some(at(30)));
        assert_eq!(claim(export, 40), Err(StateError::NotDue));
    }

    #[test]
    fn a_released_claim_does_not_count() {
        let mut export = queued();
        for fence in 1..=5 {
            export = claim(export, 0).unwrap().release(fence).unwrap();
            assert_eq!((export.state.clone(), export.attempts), (ExportState::Queued, 0));
        }
        assert_eq!(export.fence, 5, "fencing numbers never come again");
        assert_eq!(export.release(5), Err(StateError::Superseded));
    }

    #[test]
    fn an_end_is_an_end() {
        let finished = Err(StateError::Finished);
        let failed = running().fail(1, fault(), Vec::new(), at(5)).unwrap();
        for export in [complete(), failed] {
            assert!(export.state.is_final());
            assert!(!export.is_due(at(1_000)));
            assert_eq!(export.clone().complete(1, result(), Vec::new(), at(6)), finished);
            assert_eq!(export.clone().heartbeat(1, at(30), ExportProgress::default()), finished);
            assert_eq!(export.release(1), finished);
        }
        assert_eq!(complete().progress.percent, Percent::HUNDRED);
    }

    #[test]
    fn cancelling_stops_what_can_be_stopped() {
        for export in [queued(), running(), complete()] {
            let export = export.cancel(at(7));
            assert_eq!(export.state, ExportState::Cancelled);
            assert_eq!(export.finished_at, Some(at(7)));
            assert_eq!(export.clone().cancel(at(9)), export, "again changes nothing");
            assert_eq!(
                export.heartbeat(1, at(30), ExportProgress::default()),
                Err(StateError::Cancelled)
            );
        }
        let failed = running().fail(1, fault(), Vec::new(), at(5)).unwrap();
        assert_eq!(failed.clone().cancel(at(7)), failed);
    }

    #[test]
    fn formats_are_found_in_any_case() {
        assert_eq!(Format::find("PDF"), Some(Format::Pdf));
        assert_eq!(Format::find("Html"), Some(Format::Html));
        assert_eq!(Format::find("rtf"), None);
    }
}
