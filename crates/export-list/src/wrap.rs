//! Breaking the text of a cell into lines that fit.

/// The lines of a text, none wider than `width` where each single character is not.
///
/// Lines break at blanks, and within a word that is wider than a line. `measure` gives the width of a
/// character; kerning is not counted, so a line may come out narrower than it was taken for.
pub(crate) fn lines(text: &str, width: f64, measure: impl Fn(char) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0.0;
        for word in paragraph.split(' ') {
            let wide: f64 = word.chars().map(&measure).sum();
            let blank = if line.is_empty() { 0.0 } else { measure(' ') };
            if used + blank + wide <= width {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                used += blank + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for c in word.chars() {
                let wide = measure(c);
                if used + wide > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(c);
                used += wide;
            }
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, width: f64, expect: &[&str]) {
        assert_eq!(lines(text, width, |_| 1.0), expect, "{text}");
    }

    #[test]
    fn lines_break_at_blanks_and_within_long_words() {
        check("", 5.0, &[""]);
        check("one two", 7.0, &["one two"]);
        check("one two", 6.0, &["one", "two"]);
        check("abcdefghij", 4.0, &["abcd", "efgh", "ij"]);
        check("ab cdefghij k", 4.0, &["ab", "cdef", "ghij", "k"]);
        check("a\n\nb", 4.0, &["a", "", "b"]);
        check("abc", 0.5, &["a", "b", "c"]);
    }
}
