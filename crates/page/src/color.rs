//! Colours.

use serde::{Deserialize, Serialize};

/// An sRGB colour with alpha, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Alpha: 0 is invisible, 255 opaque.
    pub a: u8,
}

impl Color {
    /// Opaque black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// Opaque white.
    pub const WHITE: Self = Self::rgb(255, 255, 255);
    /// Invisible.
    pub const TRANSPARENT: Self = Self { r: 255, g: 255, b: 255, a: 0 };

    /// An opaque colour.
    #[must_use]
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// Whether nothing of it is seen.
    #[must_use]
    pub fn is_transparent(self) -> bool {
        self.a == 0
    }
}
