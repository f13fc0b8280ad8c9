//! The faces that are part of the program: the same on every machine.

use std::sync::{Arc, OnceLock};

use crate::face::{FaceData, FontBytes, Generic};

/// How many faces are bundled.
pub(crate) const COUNT: u32 = 32;

/// The bundled families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    LiberationSans,
    LiberationSerif,
    LiberationMono,
    Carlito,
    Caladea,
    DejaVuSans,
    DejaVuSerif,
    DejaVuSansMono,
}

impl Family {
    pub(crate) const ALL: [Self; 8] = [
        Self::LiberationSans,
        Self::LiberationSerif,
        Self::LiberationMono,
        Self::Carlito,
        Self::Caladea,
        Self::DejaVuSans,
        Self::DejaVuSerif,
        Self::DejaVuSansMono,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LiberationSans => "Liberation Sans",
            Self::LiberationSerif => "Liberation Serif",
            Self::LiberationMono => "Liberation Mono",
            Self::Carlito => "Carlito",
            Self::Caladea => "Caladea",
            Self::DejaVuSans => "DejaVu Sans",
            Self::DejaVuSerif => "DejaVu Serif",
            Self::DejaVuSansMono => "DejaVu Sans Mono",
        }
    }

    pub(crate) fn generic(self) -> Generic {
        match self {
            Self::LiberationSans | Self::Carlito | Self::DejaVuSans => Generic::Sans,
            Self::LiberationSerif | Self::Caladea | Self::DejaVuSerif => Generic::Serif,
            Self::LiberationMono | Self::DejaVuSansMono => Generic::Mono,
        }
    }

    /// The font files: regular, bold, italic, bold italic.
    fn files(self) -> [&'static [u8]; 4] {
        macro_rules! faces {
            ($name:literal) => {
                [
                    include_bytes!(concat!("../faces/", $name, "-Regular.ttf")),
                    include_bytes!(concat!("../faces/", $name, "-Bold.ttf")),
                    include_bytes!(concat!("../faces/", $name, "-Italic.ttf")),
                    include_bytes!(concat!("../faces/", $name, "-BoldItalic.ttf")),
                ]
            };
        }
        match self {
            Self::LiberationSans => faces!("LiberationSans"),
            Self::LiberationSerif => faces!("LiberationSerif"),
            Self::LiberationMono => faces!("LiberationMono"),
            Self::Carlito => faces!("Carlito"),
            Self::Caladea => faces!("Caladea"),
            Self::DejaVuSans => {
                use dejavu::sans::{bold, bold_oblique, oblique, regular};
                [regular(), bold(), oblique(), bold_oblique()]
            }
            Self::DejaVuSerif => {
                use dejavu::serif::{bold, bold_italic, italic, regular};
                [regular(), bold(), italic(), bold_italic()]
            }
            Self::DejaVuSansMono => {
                use dejavu::sans_mono::{bold, bold_oblique, oblique, regular};
                [regular(), bold(), oblique(), bold_oblique()]
            }
        }
    }
}

/// A bundled face. It is read at its first use and then shared by the whole process.
///
/// # Panics
/// Never: a test reads every bundled face.
pub(crate) fn face(family: Family, bold: bool, italic: bool) -> Arc<FaceData> {
    static FACES: [OnceLock<Arc<FaceData>>; COUNT as usize] =
        [const { OnceLock::new() }; COUNT as usize];
    let style = usize::from(bold) + 2 * usize::from(italic);
    let number = family as usize * 4 + style;
    Arc::clone(FACES[number].get_or_init(|| {
        let data = FaceData::new(
            u32::try_from(number).ok(),
            FontBytes::new(family.files()[style]),
            0,
            family.name().into(),
            (bold, italic),
            family.generic(),
        );
        match data {
            Ok(data) => Arc::new(data),
            Err(error) => unreachable!("the bundled {} is damaged: {error}", family.name()),
        }
    }))
}
