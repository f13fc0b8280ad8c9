//! The three lines that tell where to go next.

use std::net::SocketAddr;
use std::path::Path;

use pressroom_application::setup::FirstStart;
use pressroom_domain::DocumentId;

/// The address, how to sign in, and what to try.
pub(super) fn greeting(
    scheme: &str,
    address: SocketAddr,
    data_dir: &Path,
    start: &FirstStart,
    document: Option<DocumentId>,
) -> [String; 3] {
    let folder = data_dir.display();
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
                "Print a report: docs/examples/export.sh {base} admin {password} {id} report.pdf"
            )
        }
        None => {
            "Bring a report: POST /api/documents with its .repx as the layout; see docs/".to_owned()
        }
    };
    [format!("Pressroom serves {base} and keeps its data in {folder}"), sign_in, next]
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Secret;

    use super::*;

    fn check(start: &FirstStart, document: Option<DocumentId>, expect: [&str; 3]) {
        let address = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(greeting("http", address, Path::new("./data"), start, document), expect);
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
                "Print a report: docs/examples/export.sh http://127.0.0.1:8080 admin s3cret 1 report.pdf",
            ],
        );
        let given = FirstStart { is_first: true, made_password: None };
        check(
            &given,
            None,
            [
                first,
                "Sign in as admin with the password from PRESSROOM_ADMIN_PASSWORD",
                "Bring a report: POST /api/documents with its .repx as the layout; see docs/",
            ],
        );
        check(
            &FirstStart::default(),
            Some(DocumentId(1)),
            [
                first,
                "Sign in as admin; a lost password is replaced by: pressroom user set-password admin --data-dir ./data",
                "Print a report: docs/examples/export.sh http://127.0.0.1:8080 admin PASSWORD 1 report.pdf",
            ],
        );
    }
}
