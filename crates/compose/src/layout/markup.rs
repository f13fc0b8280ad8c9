//! The small markup of texts: `<b>`, `<i>`, `<u>`, `<s>`, `<color=…>`, `<size=…>`, `<font=…>`,
//! `<sub>`, `<sup>` and `<br>`. Whatever is no tag of it is text.

use std::ops::Range;
use std::sync::Arc;

use pressroom_report::Color;

/// A text without its tags, and what they say of its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Marked {
    pub(crate) text: Arc<str>,
    /// In the order of the text; what is between two has the look of the label.
    pub(crate) spans: Vec<(Range<usize>, Mark)>,
    /// Tags that are known and not honoured, such as pictures.
    pub(crate) left_out: Vec<&'static str>,
}

/// How a part of a text looks otherwise than its label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mark {
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underline: bool,
    pub(crate) strikeout: bool,
    pub(crate) color: Option<Color>,
    pub(crate) size: Option<FontSize>,
    pub(crate) family: Option<Arc<str>>,
}

/// The size of a part's font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FontSize {
    /// In points.
    Points(f32),
    /// So many points more than the label's.
    More(f32),
    /// A share of the label's.
    Share(f32),
}

/// Reads a text with tags. Tags that are not closed hold to the end; closing ones without an opening
/// one count for nothing.
pub(crate) fn parse(markup: &str) -> Marked {
    let mut text = String::with_capacity(markup.len());
    let mut marked = Marked::default();
    let mut open: Vec<(&'static str, Mark)> = Vec::new();
    let mut rest = markup;
    loop {
        let start = text.len();
        let tag = next_tag(rest);
        text.push_str(tag.as_ref().map_or(rest, |(before, ..)| before));
        if let Some((_, mark)) = open.last()
            && text.len() > start
        {
            marked.spans.push((start..text.len(), mark.clone()));
        }
        let Some((_, name, value, is_end, after)) = tag else { break };
        rest = after;
        match name {
            "br" => text.push('\n'),
            "nbsp" => text.push('\u{a0}'),
            "image" | "backcolor" => marked.left_out.push(name),
            _ if is_end => {
                if let Some(at) = open.iter().rposition(|(own, _)| *own == name) {
                    open.truncate(at);
                }
            }
            _ if open.len() < DEEPEST => {
                let outer = open.last().map(|(_, mark)| mark.clone()).unwrap_or_default();
                open.push((name, inner(outer, name, value)));
            }
            _ => {}
        }
    }
    marked.text = text.into();
    marked
}

/// Tags deeper inside each other than this are not honoured.
const DEEPEST: usize = 32;

fn inner(outer: Mark, name: &str, value: &str) -> Mark {
    match name {
        "b" => Mark { bold: true, ..outer },
        "i" => Mark { italic: true, ..outer },
        "u" => Mark { underline: true, ..outer },
        "s" => Mark { strikeout: true, ..outer },
        "color" => Mark { color: Color::parse(value).or(outer.color), ..outer },
        "size" => Mark { size: size(value).or(outer.size), ..outer },
        "font" => Mark { family: Some(value.trim_matches(['"', '\'']).into()), ..outer },
        "sub" | "sup" => Mark { size: Some(FontSize::Share(0.65)), ..outer },
        _ => outer,
    }
}

fn size(value: &str) -> Option<FontSize> {
    let number: f32 = value.trim().trim_end_matches("pt").parse().ok()?;
    let relative = value.starts_with(['+', '-']);
    number.is_finite().then_some(if relative {
        FontSize::More(number)
    } else {
        FontSize::Points(number)
    })
}

/// What stands before the next tag, the tag's name and value, whether it closes, and what follows.
fn next_tag(text: &str) -> Option<(&str, &'static str, &str, bool, &str)> {
    const TAGS: [&str; 14] = [
        "backcolor",
        "b",
        "color",
        "font",
        "href",
        "image",
        "i",
        "nbsp",
        "size",
        "sub",
        "sup",
        "s",
        "u",
        "br",
    ];
    let mut from = 0;
    while let Some(open) = text[from..].find('<').map(|at| from + at) {
        from = open + 1;
        let Some(close) = text[from..].find(['<', '>']).map(|at| from + at) else { continue };
        if text.as_bytes()[close] != b'>' {
            continue;
        }
        let inside = text[from..close].trim().trim_end_matches('/').trim_end();
        let is_end = inside.starts_with('/');
        let (name, value) = inside
            .trim_start_matches('/')
            .split_once('=')
            .unwrap_or((inside.trim_start_matches('/'), ""));
        let known = TAGS.iter().find(|tag| tag.eq_ignore_ascii_case(name.trim()));
        if let Some(known) = known {
            return Some((&text[..open], known, value.trim(), is_end, &text[close + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a markup, each part with its look in braces.
    fn check(markup: &str, expect: &str) {
        let Marked { text, spans, .. } = parse(markup);
        let mut out = String::new();
        let mut at = 0;
        for (range, mark) in spans {
            out.push_str(&text[at..range.start]);
            let letters = [
                (mark.bold, 'b'),
                (mark.italic, 'i'),
                (mark.underline, 'u'),
                (mark.strikeout, 's'),
            ];
            let mut look: String =
                letters.iter().filter(|(on, _)| *on).map(|(_, letter)| *letter).collect();
            match mark.size {
                Some(FontSize::Points(size)) => look += &format!(" {size}"),
                Some(FontSize::More(size)) => look += &format!(" {size:+}"),
                Some(FontSize::Share(share)) => look += &format!(" x{share}"),
                None => {}
            }
            if let Some(color) = mark.color {
                look += &format!(" {},{},{}", color.r, color.g, color.b);
            }
            if let Some(family) = mark.family {
                look += &format!(" {family}");
            }
            out += &format!("{{{look}:{}}}", &text[range.clone()]);
            at = range.end;
        }
        out.push_str(&text[at..]);
        assert_eq!(out, expect, "{markup}");
    }

    #[test]
    fn tags_set_the_look_of_what_they_hold() {
        for (markup, expect) in [
            ("plain", "plain"),
            ("<b>bold</b> plain", "{b:bold} plain"),
            ("<b>bold <i>both</i></b>", "{b:bold }{bi:both}"),
            ("<B>any case</B>", "{b:any case}"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("<unknown>x</unknown>", "<unknown>x</unknown>"),
            ("<color=red>r</color>", "{ 255,0,0:r}"),
            ("<color=0,128,0>g</color>", "{ 0,128,0:g}"),
            ("<size=14>big <size=+2>bigger</size></size>", "{ 14:big }{ +2:bigger}"),
            ("H<sub>2</sub>O", "H{ x0.65:2}O"),
            ("<font=Arial>a</font>", "{ Arial:a}"),
            ("</b>stray <u>open", "stray {u:open}"),
            ("a <", "a <"),
        ] {
            check(markup, expect);
        }
    }
}
