//! All faces that text can be set in.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::bundled::{self, Family};
use crate::face::{Face, FaceData, Generic};
use crate::family::{fold, stand_in};
use crate::itemize::{covers, is_invisible};
use crate::system::SystemFonts;

/// Finds faces by family. One library serves the whole process: share it through an `Arc`.
///
/// A family is found in any letter case. There is a face for every name: families that are not
/// there have a stand-in of the same or nearest widths, with the line height of the family asked
/// for.
pub struct FontLibrary {
    system: Option<SystemFonts>,
    /// Answers by family, bold and italic.
    found: RwLock<HashMap<(String, bool, bool), Face>>,
    /// Answers by character, bold and italic.
    stand_ins: RwLock<HashMap<(char, bool, bool), Installed>>,
}

/// An installed face, or that there is none.
type Installed = Option<Arc<FaceData>>;

/// How many answers are remembered; a layout names far fewer families and odd characters.
const REMEMBERED: usize = 4096;

impl FontLibrary {
    /// The faces that are part of the program, and no others: the same on every machine.
    #[must_use]
    pub fn bundled() -> Self {
        Self::new(None)
    }

    /// The bundled faces and those that the machine has installed.
    ///
    /// An installed family of the very name asked for goes first, and installed faces draw the
    /// characters that no bundled face has (Chinese, Japanese, Korean, Thai, emoji, …). The
    /// standard folders of the operating system are looked through once, here.
    #[must_use]
    pub fn with_system() -> Self {
        Self::new(Some(SystemFonts::scan(&crate::system::standard_folders())))
    }

    /// The bundled faces and those in some folders, as [`with_system`](Self::with_system) uses
    /// them.
    #[must_use]
    pub fn with_folders(folders: &[std::path::PathBuf]) -> Self {
        Self::new(Some(SystemFonts::scan(folders)))
    }

    fn new(system: Option<SystemFonts>) -> Self {
        Self { system, found: RwLock::default(), stand_ins: RwLock::default() }
    }

    /// The face for a family's name and style.
    #[must_use]
    pub fn face(&self, family: &str, bold: bool, italic: bool) -> Face {
        let key = (fold(family), bold, italic);
        let found = self.found.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(face) = found.get(&key) {
            return face.clone();
        }
        drop(found);
        let face = self.find(&key.0, bold, italic);
        let mut found = self.found.write().unwrap_or_else(PoisonError::into_inner);
        if found.len() < REMEMBERED {
            found.insert(key, face.clone());
        }
        face
    }

    fn find(&self, folded: &str, bold: bool, italic: bool) -> Face {
        let installed = self.system.as_ref().and_then(|fonts| fonts.face(folded, bold, italic));
        if let Some(data) = installed {
            return Face::from_data(data, bold, italic);
        }
        let stand_in = stand_in(folded);
        let bold = bold || stand_in.bold;
        let face = Face::from_data(bundled::face(stand_in.family, bold, italic), bold, italic);
        match stand_in.line {
            Some(line) => face.with_line(line),
            None => face,
        }
    }

    /// Whether a family of this name is drawn with itself, or with a stand-in of the same advance
    /// widths: if not, lines can break elsewhere than the layout's author saw.
    #[must_use]
    pub fn has_family(&self, family: &str) -> bool {
        let folded = fold(family);
        self.system.as_ref().is_some_and(|fonts| fonts.has_family(&folded))
            || Family::ALL.iter().any(|own| own.name().eq_ignore_ascii_case(&folded))
            || matches!(
                folded.as_str(),
                "arial"
                    | "helvetica"
                    | "times new roman"
                    | "courier new"
                    | "calibri"
                    | "cambria"
                    | "arimo"
                    | "tinos"
                    | "cousine"
            )
    }

    /// The face that draws a cluster (a character and its marks) which `face` lacks; `None` if no
    /// face has its first character.
    pub(crate) fn stand_in_for(&self, cluster: &str, face: &FaceData) -> Option<Arc<FaceData>> {
        let chain = chain(face.generic, face.bold, face.italic);
        if let Some(data) = chain.iter().find(|data| covers(data, cluster)) {
            return Some(Arc::clone(data));
        }
        let c = cluster.chars().find(|c| !is_invisible(*c))?;
        self.installed_for(c, face.bold, face.italic)
            .or_else(|| face.covers(c).then(|| chain[0].clone()))
            .or_else(|| chain.into_iter().find(|data| data.covers(c)))
    }

    /// An installed face that has a character.
    fn installed_for(&self, c: char, bold: bool, italic: bool) -> Installed {
        let fonts = self.system.as_ref()?;
        let key = (c, bold, italic);
        let known = self.stand_ins.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(data) = known.get(&key) {
            return data.clone();
        }
        drop(known);
        let data = fonts.covering(c, bold, italic);
        let mut known = self.stand_ins.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED * 4 {
            known.insert(key, data.clone());
        }
        data
    }
}

/// The bundled faces that stand in for a face of a kind and style, nearest first. DejaVu's slanted
/// faces lack Arabic and some symbols that its upright ones have, so those come last.
fn chain(generic: Generic, bold: bool, italic: bool) -> [Arc<FaceData>; 5] {
    let (near, wide) = match generic {
        Generic::Sans => (Family::LiberationSans, Family::DejaVuSans),
        Generic::Serif => (Family::LiberationSerif, Family::DejaVuSerif),
        Generic::Mono => (Family::LiberationMono, Family::DejaVuSansMono),
    };
    [
        bundled::face(near, bold, italic),
        bundled::face(wide, bold, italic),
        bundled::face(Family::DejaVuSans, bold, italic),
        bundled::face(Family::DejaVuSans, bold, false),
        bundled::face(Family::DejaVuSans, false, false),
    ]
}

impl fmt::Debug for FontLibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FontLibrary").field("system", &self.system).finish_non_exhaustive()
    }
}
