//! Scripts of several batches.

/// The batches of a script: what stands between the lines that say `GO`.
pub(super) fn batches(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(script);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if line.trim().eq_ignore_ascii_case("go") {
                rest = Some(&text[at + line.len()..]);
                return Some(&text[..at]);
            }
            at += line.len();
        }
        Some(text)
    })
    .filter(|batch| !batch.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::batches;

    #[test]
    fn a_script_is_divided_at_lines_that_say_go() {
        for (script, expected) in [
            ("SELECT 1", &["SELECT 1"][..]),
            ("SELECT 1\nGO\nSELECT 2\n", &["SELECT 1\n", "SELECT 2\n"]),
            ("SELECT 1;\r\n  go  \r\nSELECT 2", &["SELECT 1;\r\n", "SELECT 2"]),
            ("GO\nGO\n", &[]),
            ("SELECT 'GO'\nGOTO done", &["SELECT 'GO'\nGOTO done"]),
            ("", &[]),
        ] {
            assert_eq!(batches(script).collect::<Vec<_>>(), expected, "{script:?}");
        }
    }
}
