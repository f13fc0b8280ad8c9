//! The three lines that tell where to go next.

use std::net::SocketAddr;
use std::path::Path;

use pressroom_application::setup::FirstStart;
use pressroom_domain::DocumentId;

/// Where the server is, and what is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Served<'a> {
    /// `http` or `https`.
    pub(super) scheme: &'a str,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Whether there are pages to open in a browser.
    pub(super) pages: bool,
}

/// The address, how to sign in, and what to try.
pub(super) fn greeting(
    served: Served<'_>,
    data_dir: &Path,
    start: &FirstStart,
    document: Option<DocumentId>,
) -> [String; 3] {
    let folder = data_dir.display();
    let Served { scheme, address, pages } = served;
    let base = format!("{scheme}://{address}");
    let (sign_in, password) = match (&start.made_password, start.is_first) {
        (Some(made), _) => {
            let made = made.reveal();
            (format!("Sign in as admin with the password {made} (shown only now)"), made)
        }
        (None, true) => {
            let words = "Sign in as admin with the password from PRESSROOM_ADMIN_PASSWORD";
            (words.to_owned(), "PASSWORD")
        }
        (None, false) => {
            let command = format!("pressroom user set-password admin --data-dir {folder}");
            (format!("Sign in as admin; a lost password is replaced by: {command}"), "PASSWORD")
        }
    };
    let next = match document {
        Some(id) => {
            format!(
                "print a report: docs/examples/export.sh {base} admin {password} {id} report.pdf"
            )
        }
        None => {
            "bring a report: POST /api/documents with its .repx as the layout; see docs/".to_owned()
        }
    };
    let open = format!("Open {base} in a browser, or {next}");
    let next = if pages { open } else { format!("To begin, {next}") };
    [format!("Pressroom serves {base} and keeps its data in {folder}"), sign_in, next]
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Secret;

    use super::*;

    fn check(start: &FirstStart, document: Option<DocumentId>, expect: [&str; 3]) {
        let address = "127.0.0.1:8080".parse().unwrap();
        let served = Served { scheme: "http", address, pages: true };
        assert_eq!(greeting(served, Path::new("./data"), start, document), expect);
    }

    #[test]
    fn what_a_first_start_says() {
        let first = "Pressroom serves http://127.0.0.1:8080 and keeps its data in ./data";
        let made = FirstStart { is_first: true, made_password: Some(Secret::new("s3cret")) };
        check(
            &made,
            Some(DocumentId(1)),
            [
                first,
                "Sign in as admin with the password s3cret (shown only now)",
                "Open http://127.0.0.1:8080 in a browser, or print a report: docs/examples/export.sh http://127.0.0.1:8080 admin s3cret 1 report.pdf",
            ],
        );
        let given = FirstStart { is_first: true, made_password: None };
        check(
            &given,
            None,
            [
                first,
                "Sign in as admin with the password from PRESSROOM_ADMIN_PASSWORD",
                "Open http://127.0.0.1:8080 in a browser, or bring a report: POST /api/documents with its .repx as the layout; see docs/",
            ],
        );
        check(
            &FirstStart::default(),
            Some(DocumentId(1)),
            [
                first,
                "Sign in as admin; a lost password is replaced by: pressroom user set-password admin --data-dir ./data",
                "Open http://127.0.0.1:8080 in a browser, or print a report: docs/examples/export.sh http://127.0.0.1:8080 admin PASSWORD 1 report.pdf",
            ],
        );
    }
}
