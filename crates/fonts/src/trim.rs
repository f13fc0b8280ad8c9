//! Shortens a line that is too long, or behind which text is left.

use std::ops::Range;

use crate::classes::hangs;
use crate::layout::{Cluster, Cut, Setter};
use crate::line::TOLERANCE;
use crate::paragraph::Trimming;

/// Shortens the line that starts with cluster `first` of a stretch to a width. Text is left out
/// only as far as the width asks for it; an ellipsis is added in any case.
pub(crate) fn trim(
    setter: &mut Setter<'_>,
    clusters: &[Cluster],
    first: usize,
    stretch: &Range<usize>,
    width: Option<f32>,
    trimming: Trimming,
) -> Cut {
    let start = clusters.get(first).map_or(stretch.start, |cluster| cluster.start);
    let words = matches!(trimming, Trimming::Word | Trimming::EllipsisWord);
    let added = match trimming {
        Trimming::EllipsisCharacter | Trimming::EllipsisWord => ellipsis(setter, start),
        Trimming::None | Trimming::Character | Trimming::Word => ("", 0.0),
    };
    let room = width.map_or(f32::INFINITY, |width| width - added.1) + TOLERANCE;

    let mut x = 0.0;
    let mut end = stretch.end;
    let mut word_end = None;
    for (index, cluster) in clusters.iter().enumerate().skip(first) {
        if cluster.may_start && index > first {
            word_end = Some(cluster.start);
        }
        x = setter.after(x, cluster);
        if x > room && !cluster.hangs {
            end = cluster.start;
            // A first word that does not fit is cut inside.
            if words && let Some(word_end) = word_end {
                end = word_end;
            }
            break;
        }
    }
    let kept = setter.text[start..end].trim_end_matches(hangs).trim_end_matches('\u{AD}');
    Cut {
        visible: start..start + kept.len(),
        source: start..end,
        added: added.0,
        ends_paragraph: true,
    }
}

/// The ellipsis of the style at a byte, and its width in points: one character where the face has
/// it, three full stops else.
fn ellipsis(setter: &mut Setter<'_>, at: usize) -> (&'static str, f32) {
    let style = setter.styles.get(setter.styles.index_at(at));
    let text = if style.face.covers('…') { "…" } else { "..." };
    let width = setter.core.simple(style.face.data(), text, 0, None).unwrap_or(0.0);
    (text, width * style.size)
}
