//! Putting quotation marks around the keys that lack them.

use super::end_of_string;

/// The text with its bare keys quoted, nothing else changed; none where there is no bare key. Whether
/// that is JSON is for a parser to say.
///
/// A bare key is a name of ASCII letters, digits, `_` and `$` that starts with no digit, where the
/// key of an object has to stand.
pub(super) fn quote(text: &[u8]) -> Option<Vec<u8>> {
    let mut quoted = Vec::new();
    let mut copied = 0;
    // Whether each bracket that is open is that of an object.
    let mut open = Vec::new();
    let mut key_due = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'"' => {
                key_due = false;
                at = end_of_string(text, at);
                continue;
            }
            b'{' => {
                open.push(true);
                key_due = true;
            }
            b'[' => {
                open.push(false);
                key_due = false;
            }
            b'}' | b']' => {
                open.pop();
                key_due = false;
            }
            b',' => key_due = open.last() == Some(&true),
            first if key_due && starts_name(*first) => {
                let length = text[at..].iter().take_while(|byte| continues_name(**byte)).count();
                quoted.extend_from_slice(&text[copied..at]);
                quoted.push(b'"');
                quoted.extend_from_slice(&text[at..at + length]);
                quoted.push(b'"');
                at += length;
                copied = at;
                key_due = false;
                continue;
            }
            _ => key_due = false,
        }
        at += 1;
    }
    if copied == 0 {
        return None;
    }
    quoted.extend_from_slice(&text[copied..]);
    Some(quoted)
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$')
}

fn continues_name(byte: u8) -> bool {
    starts_name(byte) || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let quoted = quote(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(quoted.as_deref(), expect, "{text}");
    }

    #[test]
    fn keys_are_quoted_and_nothing_else() {
        check("{a:1,b:{c:[d,e:1]}}", Some(r#"{"a":1,"b":{"c":[d,e:1]}}"#));
        check("{ a : x , b }", Some(r#"{ "a" : x , "b" }"#));
        check(r#"{"a":"{b:1,c:2}"}"#, None);
        check(r#"{"a":"\"",b:1}"#, Some(r#"{"a":"\"","b":1}"#));
        check("[a]", None);
        check("", None);
        check("{\"a", None);
        check("{\"a\\", None);
    }
}
