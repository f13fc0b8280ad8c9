//! What the tests share.

#![allow(dead_code)]

use std::sync::Arc;

use pressroom_fonts::{
    Direction, Face, FontLibrary, LayoutOptions, Line, Lines, Paragraph, Shaper, TextStyle,
};

/// A session over the bundled faces.
pub(crate) fn shaper() -> Shaper {
    Shaper::new(Arc::new(FontLibrary::bundled()))
}

/// Arial's stand-in.
pub(crate) fn arial() -> Face {
    FontLibrary::bundled().face("Arial", false, false)
}

/// Sets a text in Arial 10 pt.
pub(crate) fn set(text: &str, width: Option<f32>, options: &LayoutOptions) -> Lines {
    shaper().layout(&Paragraph::new(text, TextStyle::new(arial(), 10.0)), width, options)
}

/// Options of a direction.
pub(crate) fn towards(direction: Direction) -> LayoutOptions {
    LayoutOptions { direction, ..LayoutOptions::default() }
}

/// The lines' texts, each in brackets, so that spaces show.
pub(crate) fn texts(lines: &Lines) -> String {
    lines.iter().map(|line| format!("[{}]", line.text)).collect::<Vec<_>>().join("\n")
}

/// Each line with its left end, width and the text of its glyphs from left to right.
pub(crate) fn places(lines: &Lines) -> String {
    let line = |line: &Line| format!("{:.1} +{:.1} [{}]", line.x, line.width, visual(line));
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The characters of a line in the order in which they are drawn.
pub(crate) fn visual(line: &Line) -> String {
    let mut shown = String::new();
    let mut last = None;
    for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
        if last.as_ref() != Some(&glyph.range) {
            shown.push_str(&line.text[glyph.range.start as usize..glyph.range.end as usize]);
        }
        last = Some(glyph.range.clone());
    }
    shown
}
