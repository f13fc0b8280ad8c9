//! Which bundled family stands in for a family that a layout names.

use crate::bundled::Family;
use crate::face::LineMetrics;

/// The answer for a family's name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandIn {
    pub(crate) family: Family,
    /// The named family's own line height, where the stand-in's differs.
    pub(crate) line: Option<LineMetrics>,
    /// The name itself means a bold face (`Arial Black`, `Segoe UI Semibold`).
    pub(crate) bold: bool,
}

use Family::{
    Caladea, Carlito, DejaVuSans, DejaVuSansMono, DejaVuSerif, LiberationMono, LiberationSans,
    LiberationSerif,
};

/// Name, bundled family, and ascent, descent and gap in em of the named family if it needs its own.
///
/// Arial, Times New Roman, Courier New, Calibri and Cambria have stand-ins of the very same advance
/// widths, Verdana one that was drawn after the same model. For the rest the nearest by the
/// widths of digits and small letters is taken, leaning to the narrower: text that is a little
/// narrower than planned still fits. Line measures are the families' published `OS/2` and `hhea`
/// values.
const FAMILIES: &[(&str, Family, Option<[f32; 3]>)] = &[
    // Sans serif.
    ("arial", LiberationSans, None),
    ("arial black", LiberationSans, Some([1.101, 0.310, 0.0])),
    ("arial narrow", Carlito, Some([0.936, 0.212, 0.0])),
    ("arial unicode ms", LiberationSans, Some([1.069, 0.271, 0.0])),
    ("arimo", LiberationSans, None),
    ("bitstream vera sans", DejaVuSans, None),
    ("calibri", Carlito, None),
    ("candara", Carlito, None),
    ("carlito", Carlito, None),
    ("century gothic", LiberationSans, Some([1.006, 0.220, 0.0])),
    ("comic sans ms", LiberationSans, Some([1.102, 0.292, 0.0])),
    ("corbel", Carlito, None),
    ("dejavu sans", DejaVuSans, None),
    ("franklin gothic medium", LiberationSans, None),
    ("helvetica", LiberationSans, None),
    ("helvetica neue", LiberationSans, None),
    ("impact", Carlito, Some([1.009, 0.211, 0.0])),
    ("inter", LiberationSans, Some([0.969, 0.242, 0.0])),
    ("lato", Carlito, Some([0.987, 0.213, 0.0])),
    ("liberation sans", LiberationSans, None),
    ("lucida grande", LiberationSans, Some([0.967, 0.211, 0.0])),
    ("lucida sans unicode", LiberationSans, None),
    ("microsoft sans serif", LiberationSans, Some([0.922, 0.210, 0.0])),
    ("montserrat", LiberationSans, Some([0.968, 0.251, 0.0])),
    ("ms sans serif", LiberationSans, Some([0.922, 0.210, 0.0])),
    ("ms shell dlg", LiberationSans, Some([0.922, 0.210, 0.0])),
    ("ms shell dlg 2", LiberationSans, Some([1.000, 0.207, 0.0])),
    ("noto sans", LiberationSans, Some([1.069, 0.293, 0.0])),
    ("open sans", LiberationSans, Some([1.069, 0.293, 0.0])),
    ("roboto", LiberationSans, Some([0.928, 0.244, 0.0])),
    ("sans serif", LiberationSans, None),
    ("sans-serif", LiberationSans, None),
    ("segoe ui", LiberationSans, Some([1.079, 0.251, 0.0])),
    ("source sans pro", Carlito, Some([0.984, 0.273, 0.0])),
    ("tahoma", LiberationSans, Some([1.000, 0.207, 0.0])),
    ("trebuchet ms", LiberationSans, Some([0.939, 0.222, 0.0])),
    ("ubuntu", LiberationSans, Some([0.932, 0.189, 0.028])),
    ("verdana", DejaVuSans, Some([1.005, 0.210, 0.0])),
    // Serif.
    ("bitstream vera serif", DejaVuSerif, None),
    ("book antiqua", Caladea, Some([0.923, 0.283, 0.0])),
    ("bookman old style", DejaVuSerif, None),
    ("caladea", Caladea, None),
    ("cambria", Caladea, Some([0.950, 0.222, 0.0])),
    ("constantia", Caladea, Some([0.952, 0.269, 0.0])),
    ("dejavu serif", DejaVuSerif, None),
    ("garamond", LiberationSerif, Some([0.862, 0.263, 0.0])),
    ("georgia", Caladea, Some([0.917, 0.219, 0.0])),
    ("liberation serif", LiberationSerif, None),
    ("ms serif", LiberationSerif, None),
    ("palatino linotype", Caladea, None),
    ("serif", LiberationSerif, None),
    ("times", LiberationSerif, None),
    ("times new roman", LiberationSerif, None),
    ("tinos", LiberationSerif, None),
    // Fixed pitch.
    ("bitstream vera sans mono", DejaVuSansMono, None),
    ("cascadia code", LiberationMono, None),
    ("cascadia mono", LiberationMono, None),
    ("consolas", LiberationMono, Some([0.920, 0.251, 0.0])),
    ("courier", LiberationMono, None),
    ("courier new", LiberationMono, None),
    ("cousine", LiberationMono, None),
    ("dejavu sans mono", DejaVuSansMono, None),
    ("liberation mono", LiberationMono, None),
    ("lucida console", DejaVuSansMono, Some([0.789, 0.211, 0.0])),
    ("monospace", LiberationMono, None),
];

/// Words at the end of a family's name that say a weight or a width, and whether they mean bold.
const STYLE_WORDS: &[(&str, bool)] = &[
    ("black", true),
    ("bold", true),
    ("demi", true),
    ("demibold", true),
    ("extrabold", true),
    ("heavy", true),
    ("semibold", true),
    ("book", false),
    ("condensed", false),
    ("extralight", false),
    ("light", false),
    ("medium", false),
    ("mt", false),
    ("narrow", false),
    ("normal", false),
    ("pro", false),
    ("regular", false),
    ("semilight", false),
    ("std", false),
    ("thin", false),
    ("variable", false),
];

/// A family's name as it is compared: trimmed, in small letters, single spaces, and without the
/// `@` by which Windows marks vertical writing.
pub(crate) fn fold(name: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// The bundled family for a folded name. There always is one: an unknown family is guessed by its
/// name, and drawn as GDI+ draws it (as a sans serif) when the name tells nothing.
pub(crate) fn stand_in(folded: &str) -> StandIn {
    if let Some(found) = find(folded) {
        return found;
    }
    let mut name = folded;
    let mut bold = false;
    while let Some((rest, last)) = name.rsplit_once(' ') {
        let Some((_, heavy)) = STYLE_WORDS.iter().find(|(word, _)| *word == last) else { break };
        bold |= heavy;
        name = rest;
        if let Some(found) = find(name) {
            return StandIn { bold: bold || found.bold, ..found };
        }
    }
    StandIn { family: guess(folded), line: None, bold }
}

fn find(folded: &str) -> Option<StandIn> {
    let (name, family, line) = FAMILIES.iter().find(|(name, ..)| *name == folded)?;
    let line = line.map(|[ascent, descent, line_gap]| LineMetrics { ascent, descent, line_gap });
    Some(StandIn { family: *family, line, bold: matches!(*name, "arial black" | "impact") })
}

fn guess(folded: &str) -> Family {
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["mono", "courier", "console", "typewriter", "fixed", "terminal"]) {
        LiberationMono
    } else if has(&["sans", "gothic", "grotesk", "grotesque"]) {
        LiberationSans
    } else if has(&[
        "serif",
        "roman",
        "times",
        "garamond",
        "bodoni",
        "baskerville",
        "caslon",
        "didot",
        "georgia",
        "minion",
        "palatino",
        "antiqua",
        "schoolbook",
        "song",
        "mincho",
    ]) {
        LiberationSerif
    } else {
        LiberationSans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, family: Family, bold: bool) {
        let found = stand_in(&fold(name));
        assert_eq!((found.family, found.bold), (family, bold), "{name}");
    }

    #[test]
    fn named_families_have_stand_ins_in_any_letter_case() {
        check("Arial", LiberationSans, false);
        check("TAHoma", LiberationSans, false);
        check("  Times  New Roman ", LiberationSerif, false);
        check("@Courier New", LiberationMono, false);
        check("Calibri", Carlito, false);
        check("CAMBRIA", Caladea, false);
        check("Verdana", DejaVuSans, false);
    }

    #[test]
    fn style_words_in_a_name_choose_the_weight() {
        check("Segoe UI Semibold", LiberationSans, true);
        check("Segoe UI Light", LiberationSans, false);
        check("Arial Black", LiberationSans, true);
        check("Calibri Light", Carlito, false);
        check("Open Sans Extrabold", LiberationSans, true);
    }

    #[test]
    fn unknown_families_are_guessed_by_their_name() {
        check("Fira Mono", LiberationMono, false);
        check("Libre Baskerville", LiberationSerif, false);
        check("PT Sans", LiberationSans, false);
        check("Nobody Knows Me", LiberationSans, false);
        check("", LiberationSans, false);
    }

    #[test]
    fn a_stand_in_keeps_the_line_height_of_the_family_asked_for() {
        let line = stand_in("tahoma").line.expect("tahoma has its own");
        assert_eq!(line.ascent + line.descent, 1.207);
        assert_eq!(stand_in("arial").line, None);
    }
}
