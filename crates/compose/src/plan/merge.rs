//! Mail merge: fields in square brackets inside a constant text.

/// A piece of a text with fields in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    /// A bracketed name with its composite format, and the whole piece as written.
    Field {
        name: &'t str,
        format: Option<&'t str>,
        whole: &'t str,
    },
}

/// Splits a text at its brackets: `Order [OrderID!{0:d}]`.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else { break };
        let inside = &rest[open + 1..close];
        // The innermost bracket counts, so that `[[Name]` keeps its first bracket.
        let open = inside.rfind('[').map_or(open, |at| open + 1 + at);
        if open > 0 {
            pieces.push(Piece::Text(&rest[..open]));
        }
        let inside = &rest[open + 1..close];
        let (name, format) = match inside.split_once('!') {
            Some((name, format)) => (name, Some(format)),
            None => (inside, None),
        };
        pieces.push(Piece::Field { name: name.trim(), format, whole: &rest[open..=close] });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field<'t>(name: &'t str, format: Option<&'t str>, whole: &'t str) -> Piece<'t> {
        Piece::Field { name, format, whole }
    }

    #[test]
    fn fields_and_formats_are_found() {
        for (text, expect) in [
            ("plain", vec![Piece::Text("plain")]),
            (
                "Order [ID].",
                vec![Piece::Text("Order "), field("ID", None, "[ID]"), Piece::Text(".")],
            ),
            ("[Price!{0:c}]", vec![field("Price", Some("{0:c}"), "[Price!{0:c}]")]),
            (
                "[?P] [Parameters.Q]",
                vec![
                    field("?P", None, "[?P]"),
                    Piece::Text(" "),
                    field("Parameters.Q", None, "[Parameters.Q]"),
                ],
            ),
            ("a [b", vec![Piece::Text("a [b")]),
            ("[[Name]", vec![Piece::Text("["), field("Name", None, "[Name]")]),
        ] {
            assert_eq!(pieces(text), expect, "{text}");
        }
    }
}
