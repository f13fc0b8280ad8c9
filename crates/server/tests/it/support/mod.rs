//! What the tests have in common.

mod http;
pub(crate) mod layouts;
mod mail_server;
mod pressroom;
mod server;
mod tools;

pub(crate) use http::Client;
#[cfg(all(unix, feature = "postgres"))]
pub(crate) use http::call;
pub(crate) use mail_server::{MailServer, Secrecy};
pub(crate) use pressroom::{Finished, demo_database, demo_report, pressroom, pressroom_with_input};
#[cfg(all(unix, feature = "postgres"))]
pub(crate) use server::Starting;
pub(crate) use server::{PASSWORD, Server};
pub(crate) use tools::{pages, text, tool, valid_pdf};

use std::time::{Duration, Instant};

/// Longer than anything takes on a machine that is busy with other things.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again and again until there is an answer.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begin.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
