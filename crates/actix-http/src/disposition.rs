//! `Content-Disposition`: what a file that is fetched is called.

use std::fmt::Write;

use actix_web::http::header::HeaderValue;

/// The header of a file of this name.
///
/// The name is given twice, as RFC 6266 advises: in ASCII for those who know no better, where other
/// characters became `_`, and where it has such characters in UTF-8 as RFC 8187 encodes it.
pub(crate) fn attachment(file_name: &str) -> HeaderValue {
    let safe: String =
        file_name.chars().map(|c| if unsafe_in_files(c) { '_' } else { c }).collect();
    let ascii: String = safe.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let mut header = format!("attachment; filename=\"{ascii}\"");
    if ascii != safe {
        header.push_str("; filename*=UTF-8''");
        for byte in safe.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                header.push(byte.into());
            } else {
                // Writing to a text does not fail.
                let _ = write!(header, "%{byte:02X}");
            }
        }
    }
    HeaderValue::from_str(&header).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Whether some system takes the character for something else than a part of a file's name.
fn unsafe_in_files(c: char) -> bool {
    c.is_control() || matches!(c, '"' | '\\' | '/' | ':' | '*' | '?' | '<' | '>' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expect: &str) {
        assert_eq!(attachment(name).to_str().unwrap(), expect, "{name}");
    }

    #[test]
    fn names_of_files() {
        check("Invoice.repx", r#"attachment; filename="Invoice.repx""#);
        check("Order list 2.pdf", r#"attachment; filename="Order list 2.pdf""#);
        check(
            "Größe 漢.pdf",
            r#"attachment; filename="Gr__e _.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%E6%BC%A2.pdf"#,
        );
        check("a\"b\\c/d:e\r\nf.pdf", r#"attachment; filename="a_b_c_d_e__f.pdf""#);
        check("50 %.pdf", r#"attachment; filename="50 %.pdf""#);
    }
}
