//! JSON as existing clients send it.
//!
//! Strict JSON first. Where that fails, keys without quotation marks are taken too, as the public
//! examples send them, and nothing else that JSON forbids. Names of properties count in any letter
//! case; [`Fields`] reads them so.

mod bare_keys;
mod distinct;
mod fields;
mod shape;

pub(crate) use fields::Fields;
pub(crate) use shape::{Kind, Shape};

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Deserializer, Value};

use self::distinct::Distinct;

/// How many objects and arrays may stand in each other.
pub(crate) const MAX_DEPTH: usize = 128;

/// Why a text is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    /// There is nothing.
    #[error("the body is empty; send a JSON object")]
    Empty,
    /// Objects and arrays stand in each other too often.
    #[error("the JSON is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Not JSON, or a name stands twice in an object.
    #[error("the body is not valid JSON: {0}")]
    Invalid(#[source] serde_json::Error),
}

/// The value of a text: strict JSON, or JSON with bare keys.
///
/// # Errors
/// See [`JsonError`]. Where neither is right, the error is that of strict JSON, with line and column.
pub(crate) fn parse(text: &[u8]) -> Result<Value, JsonError> {
    if text.trim_ascii().is_empty() {
        return Err(JsonError::Empty);
    }
    if depth(text) > MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    let error = match strict(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if error.classify() != Category::Syntax {
        return Err(JsonError::Invalid(error));
    }
    match bare_keys::quote(text).map(|quoted| strict(&quoted)) {
        Some(Ok(value)) => Ok(value),
        // With its keys quoted it is JSON, but a name stands twice.
        Some(Err(repeated)) if repeated.classify() == Category::Data => {
            Err(JsonError::Invalid(repeated))
        }
        _ => Err(JsonError::Invalid(error)),
    }
}

fn strict(text: &[u8]) -> Result<Value, serde_json::Error> {
    let mut deserializer = Deserializer::from_slice(text);
    // `depth` has looked already, and takes one level more than the parser would.
    deserializer.disable_recursion_limit();
    let Distinct(value) = Distinct::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// How deep objects and arrays stand in each other. Up to the first mistake of a text, brackets and
/// strings are seen here as a parser sees them, so that no parser gets deeper.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(text, at);
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}

/// The place behind the string that starts with the quotation mark at `start`.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Parses a text: its value as JSON, or the error.
    fn check(text: &str, expect: &str) {
        let got = match parse(text.as_bytes()) {
            Ok(value) => value.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expect, "{text}");
    }

    fn refused(text: &str) {
        let strict_error = serde_json::from_str::<Value>(text).unwrap_err();
        check(text, &format!("the body is not valid JSON: {strict_error}"));
    }

    #[test]
    fn strict_json_is_taken() {
        for text in ["null", "1", "-0.5", "\"a\"", "[]", "{}", r#"{"a":[1,{"b":null}],"c":"d"}"#] {
            check(text, text);
        }
        check(" \n{ \"a\" : 1 }\t", r#"{"a":1}"#);
    }

    #[test]
    fn bare_keys_are_taken() {
        check(
            r#"{exportOptions:{exportFormat:"pdf"},documentParameters:[{name:"a",value:null}]}"#,
            r#"{"documentParameters":[{"name":"a","value":null}],"exportOptions":{"exportFormat":"pdf"}}"#,
        );
        check("{ a :1,\n\"b\": [true, {$c_9: 2}] }", r#"{"a":1,"b":[true,{"$c_9":2}]}"#);
        check(r#"{true: "x{,a:", null:false}"#, r#"{"null":false,"true":"x{,a:"}"#);
    }

    #[test]
    fn nothing_else_that_json_forbids_is_taken() {
        for text in [
            "{'a':1}",
            "{a:'x'}",
            "{a:x}",
            "{a:1,}",
            "[1,]",
            "[a]",
            "{a}",
            "{a:}",
            "{,a:1}",
            "{a:1 b:2}",
            "{a b:1}",
            "{a-b:1}",
            "{1a:1}",
            "{größe:1}",
            "{a=1}",
            "{a:01}",
            "{a:.5}",
            "{a:+1}",
            "{a:0x1}",
            "{a:NaN}",
            "{a:Infinity}",
            "{a:True}",
            "{a:\"\n\"}",
            "{a:\"\\x41\"}",
            "{a:1}//x",
            "{/*x*/a:1}",
            "{a:1}{b:2}",
            "{a:1]",
            "{a:1",
            "{a:\"x",
            "a:1",
            "{\u{a0}a:1}",
        ] {
            refused(text);
        }
    }

    #[test]
    fn the_error_is_the_strict_one() {
        check(
            "{a:1,\n b:x}",
            "the body is not valid JSON: key must be a string at line 1 column 2",
        );
        check(
            "{\"a\":1,\n \"b\":x}",
            "the body is not valid JSON: expected value at line 2 column 6",
        );
        check("", "the body is empty; send a JSON object");
        check(" \r\n", "the body is empty; send a JSON object");
    }

    #[test]
    fn a_name_may_not_stand_twice_in_any_letter_case() {
        let twice = "the body is not valid JSON: the property \"Name\" stands twice, whatever the letter case, at line 1 column ";
        check(r#"{"name":1,"Name":2}"#, &format!("{twice}16"));
        check(r#"[{"Name":1,"Name":2}]"#, &format!("{twice}17"));
        check("{name:1,Name:2}", &format!("{twice}16"));
        check(r#"{"name":{"Name":2}}"#, r#"{"name":{"Name":2}}"#);
    }

    #[test]
    fn depth_has_a_bound() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        check(&nested(128), &nested(128));
        let deep = "the JSON is nested deeper than 128 levels";
        check(&nested(129), deep);
        check(&"[".repeat(1_000_000), deep);
        check(&"{a:".repeat(1_000_000), deep);
        let text = format!("\"{}\"", "[".repeat(1_000));
        check(&text, &text);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 40, 6, |value| {
            let name = "[a-z_$][a-z0-9_$]{0,6}";
            prop_oneof![
                prop::collection::vec(value.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(name, value, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The text of a value with its keys bare.
    fn bare(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let members: Vec<String> =
                    map.iter().map(|(name, value)| format!("{name}: {}", bare(value))).collect();
                format!("{{{}}}", members.join(", "))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(bare).collect();
                format!("[{}]", items.join(" ,"))
            }
            other => other.to_string(),
        }
    }

    proptest! {
        #[test]
        fn values_come_back(value in values()) {
            prop_assert_eq!(&parse(value.to_string().as_bytes()).unwrap(), &value);
            prop_assert_eq!(&parse(bare(&value).as_bytes()).unwrap(), &value);
        }

        #[test]
        fn any_text_ends_without_a_panic(text in r#"[\[\]{}:,"\\a1 '-]{0,40}"#, bytes: Vec<u8>) {
            let lenient = parse(text.as_bytes());
            if let Ok(strict) = serde_json::from_str::<Value>(&text) {
                // Names may stand twice for the parser that is compared with.
                prop_assert!(lenient.is_err() || lenient.is_ok_and(|value| value == strict));
            }
            let _ = parse(&bytes);
        }

        #[test]
        fn what_is_taken_is_json_once_its_keys_are_quoted(text in r#"[\[\]{}:,"a1b ]{0,24}"#) {
            if let Ok(value) = parse(text.as_bytes()) {
                let quoted = bare_keys::quote(text.as_bytes()).unwrap_or(text.into_bytes());
                prop_assert_eq!(serde_json::from_slice::<Value>(&quoted).unwrap(), value);
            }
        }
    }

    #[test]
    fn a_value_is_json() {
        assert_eq!(parse(b"{a: {b: [1]}}").unwrap(), json!({"a": {"b": [1]}}));
    }
}
