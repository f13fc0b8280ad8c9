//! What a site needs before anybody can sign in.

mod act_as;
mod first_start;
mod open_to_guest;
mod set_password;

pub use act_as::act_as;
pub use first_start::{FirstStart, Setup, setup};
pub use open_to_guest::open_to_guest;
pub use set_password::set_password;

use pressroom_domain::{Actor, AuditEntry, Subject, SubjectKind, Verb};

use crate::App;

/// A line of the audit trail about something that the server does of its own accord.
fn line(
    app: &App,
    verb: Verb,
    kind: SubjectKind,
    id: Option<String>,
    detail: impl Into<String>,
) -> AuditEntry {
    AuditEntry {
        at: app.clock.now(),
        actor: Actor::server(),
        from: None,
        verb,
        subject: Subject { kind, id },
        detail: detail.into(),
    }
}
