//! Shortens a line that is too long, or behind which text is left.

use std::ops::Range;

use crate::classes::hangs;
use crate::layout::{Cut, Setter};
use crate::line::TOLERANCE;
use crate::paragraph::Trimming;
use crate::pieces::{Cluster, SOFT_HYPHEN};

/// Shortens a line of a stretch between forced line ends, of which `clusters` are those from the
/// line's first on. As much of the stretch is kept as the width allows, not only what was `taken`
/// by the line's own end; an ellipsis is added in any case.
pub(crate) fn trim(
    setter: &mut Setter<'_>,
    clusters: &[Cluster],
    taken: &Range<usize>,
    stretch: &Range<usize>,
    width: Option<f32>,
) -> Cut {
    let trimming = setter.options.trimming;
    let words = matches!(trimming, Trimming::Word | Trimming::EllipsisWord);
    let (added, added_width) = match trimming {
        Trimming::EllipsisCharacter | Trimming::EllipsisWord => ellipsis(setter, taken.start),
        Trimming::None | Trimming::Character | Trimming::Word => ("", 0.0),
    };
    let room = width.map_or(f32::INFINITY, |width| width - added_width) + TOLERANCE;

    let mut x = 0.0;
    let mut end = stretch.end;
    let mut word_end = None;
    for cluster in clusters {
        if cluster.may_start && cluster.start > taken.start {
            word_end = Some(cluster.start);
        }
        x = setter.after(x, cluster);
        if x > room && !cluster.hangs {
            // A first word that does not fit is cut inside.
            end = word_end.filter(|_| words).unwrap_or(cluster.start);
            break;
        }
    }
    let kept = setter.text[taken.start..end].trim_end_matches(hangs).trim_end_matches(SOFT_HYPHEN);
    let visible = taken.start..taken.start + kept.len();
    Cut { visible, source: taken.clone(), added, ends_paragraph: true }
}

/// The ellipsis of the style at a byte, and its width in points: one character where the face has
/// it, three full stops else.
fn ellipsis(setter: &mut Setter<'_>, at: usize) -> (&'static str, f32) {
    let style = setter.styles.get(setter.styles.index_at(at));
    let text = if style.face.covers('…') { "…" } else { "..." };
    let width = setter.core.simple(style.face.data(), text, 0, None).unwrap_or(0.0);
    (text, width * style.size)
}
