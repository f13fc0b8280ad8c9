//! What writer and reader remember of the page so far.

use crate::{Color, Dash, FaceId, Glyph, GlyphRun, Pt, Role};

/// Words that are remembered. One less than a byte holds: 0 says "not remembered".
const WORDS: u32 = 255;
/// Slots for what glyph a character becomes. A collision costs bytes, never truth.
const SLOTS: usize = 4096;

/// What a glyph is, apart from the characters it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) id: u16,
    pub(super) advance: u32,
    pub(super) dx: u32,
    pub(super) dy: u32,
}

impl Shape {
    pub(super) fn of(glyph: &Glyph) -> Self {
        Self {
            id: glyph.id,
            advance: glyph.advance.to_bits(),
            dx: glyph.dx.to_bits(),
            dy: glyph.dy.to_bits(),
        }
    }

    pub(super) fn glyph(self, range: std::ops::Range<u32>) -> Glyph {
        Glyph {
            id: self.id,
            advance: f32::from_bits(self.advance),
            dx: f32::from_bits(self.dx),
            dy: f32::from_bits(self.dy),
            range,
        }
    }
}

/// How a run looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) face: FaceId,
    pub(super) size: u32,
    pub(super) color: Color,
    pub(super) underline: bool,
    pub(super) strikeout: bool,
}

impl Style {
    pub(super) fn of(run: &GlyphRun) -> Self {
        Self {
            face: run.face,
            size: run.size.0.to_bits(),
            color: run.color,
            underline: run.underline,
            strikeout: run.strikeout,
        }
    }

    pub(super) fn size(self) -> Pt {
        Pt(f32::from_bits(self.size))
    }
}

/// The cell that the last text or shape belonged to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct CellAt {
    pub(super) table: u32,
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) header: bool,
}

impl CellAt {
    pub(super) fn next_column(self) -> Self {
        Self { column: self.column.wrapping_add(1), ..self }
    }

    pub(super) fn next_row(self) -> Self {
        Self { row: self.row.wrapping_add(1), column: 0, ..self }
    }

    pub(super) fn role(self) -> Role {
        Role::Cell { table: self.table, row: self.row, column: self.column, header: self.header }
    }
}

/// The memory itself. It changes by what was written or read, on both sides alike.
pub(super) struct Model {
    words: [u32; WORDS as usize],
    /// Distinct glyph shapes in the order of their first appearance.
    pub(super) shapes: Vec<Shape>,
    /// For a character, or a pair of them, the shape's number plus one; 0 is none.
    foreseen: Vec<u16>,
    pub(super) style: Style,
    pub(super) baseline: u32,
    pub(super) cell: CellAt,
}

impl Model {
    pub(super) fn new() -> Self {
        Self {
            words: [0; WORDS as usize],
            shapes: Vec::new(),
            foreseen: vec![0; SLOTS],
            style: Style {
                face: FaceId(0),
                size: 0,
                color: Color::BLACK,
                underline: false,
                strikeout: false,
            },
            baseline: 0,
            cell: CellAt::default(),
        }
    }

    /// The byte for a word that is remembered.
    pub(super) fn word_code(&mut self, word: u32) -> Option<u8> {
        let slot = word_slot(word);
        let known = self.words[slot] == word;
        self.words[slot] = word;
        // The slot is below 255, so that the code fits.
        known.then(|| slot as u8 + 1)
    }

    /// The word for a byte above 0.
    pub(super) fn word_of(&self, code: u8) -> u32 {
        self.words[usize::from(code) - 1]
    }

    /// Remembers a word that was written out.
    pub(super) fn learn_word(&mut self, word: u32) {
        self.words[word_slot(word)] = word;
    }

    /// The number of the shape that these characters will probably take.
    pub(super) fn foresee(&self, face: FaceId, character: char, next: char) -> Option<usize> {
        let pair = self.foreseen[slot(face, character, next)];
        let found = if pair == 0 { self.foreseen[slot(face, character, '\0')] } else { pair };
        usize::from(found).checked_sub(1)
    }

    /// Remembers the shape that these characters took.
    pub(super) fn learn(&mut self, face: FaceId, character: char, next: char, shape: usize) {
        // Beyond 65,534 shapes nothing is foreseen any more.
        let Ok(number) = u16::try_from(shape + 1) else { return };
        self.foreseen[slot(face, character, next)] = number;
        self.foreseen[slot(face, character, '\0')] = number;
    }
}

fn word_slot(word: u32) -> usize {
    (word.wrapping_mul(0x9E37_79B1) >> 8) as usize % WORDS as usize
}

fn slot(face: FaceId, character: char, next: char) -> usize {
    let mixed = (face.0.wrapping_mul(0x85EB_CA6B))
        ^ (character as u32).wrapping_mul(0x9E37_79B1)
        ^ (next as u32).wrapping_mul(0xC2B2_AE35).rotate_left(11);
    (mixed ^ (mixed >> 15)) as usize % SLOTS
}

pub(super) fn dash_code(dash: Dash) -> u8 {
    match dash {
        Dash::Solid => 0,
        Dash::Dash => 1,
        Dash::Dot => 2,
        Dash::DashDot => 3,
        Dash::DashDotDot => 4,
    }
}

pub(super) fn dash_of(code: u8) -> Option<Dash> {
    Some(match code {
        0 => Dash::Solid,
        1 => Dash::Dash,
        2 => Dash::Dot,
        3 => Dash::DashDot,
        4 => Dash::DashDotDot,
        _ => return None,
    })
}

pub(super) fn color_word(color: Color) -> u32 {
    u32::from_le_bytes([color.r, color.g, color.b, color.a])
}

pub(super) fn color_of(word: u32) -> Color {
    let [r, g, b, a] = word.to_le_bytes();
    Color { r, g, b, a }
}
