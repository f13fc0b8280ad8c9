//! How boxes move when those above them turned out higher or lower than designed.

use pressroom_page::Pt;

use crate::fragment::Fragment;

/// A laid out box and where its design puts its edges.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) fragment: Fragment,
    pub(crate) top: Pt,
    pub(crate) bottom: Pt,
}

impl Member {
    /// A box that stands where it was designed to, whatever its height has become.
    pub(crate) fn new(fragment: Fragment, designed_height: Pt) -> Self {
        let top = fragment.rect.y;
        Self { fragment, top, bottom: top + designed_height }
    }
}

/// Moves every box by what the boxes designed above it have grown or shrunk, and gives the height
/// of the container: its designed one, changed by as much as its contents' lower edge.
///
/// A box moves up only if everything designed above it lets it.
pub(crate) fn settle(members: &mut [Member], designed_height: Pt) -> Pt {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members[*a].top.0.total_cmp(&members[*b].top.0));
    let changed =
        members.iter().any(|m| (m.fragment.rect.height.0 - (m.bottom.0 - m.top.0)).abs() > 0.005);
    if changed {
        // Boxes by their designed lower edge, each with the lowest shift that those up to it ask for.
        let mut by_bottom = order.clone();
        by_bottom.sort_by(|a, b| members[*a].bottom.0.total_cmp(&members[*b].bottom.0));
        let mut above = by_bottom.into_iter().peekable();
        let mut lowest: Option<(Pt, Pt)> = None;
        for index in order {
            let top = members[index].top;
            while let Some(&candidate) = above.peek() {
                let member = &members[candidate];
                if member.bottom.0 > top.0 + 0.02 || candidate == index {
                    break;
                }
                let actual = member.fragment.rect.bottom();
                if lowest.is_none_or(|(_, bottom)| actual >= bottom) {
                    lowest = Some((member.bottom, actual));
                }
                above.next();
            }
            if let Some((designed, actual)) = lowest {
                members[index].fragment.rect.y = (top + (actual - designed)).max(Pt::ZERO);
            }
        }
    }
    let designed_bottom = members.iter().map(|m| m.bottom).fold(Pt::ZERO, Pt::max);
    let actual_bottom = members.iter().map(|m| m.fragment.rect.bottom()).fold(Pt::ZERO, Pt::max);
    let space_below = (designed_height - designed_bottom).max(Pt::ZERO);
    if members.is_empty() { designed_height } else { actual_bottom + space_below }
}

#[cfg(test)]
mod tests {
    use pressroom_page::Rect;

    use super::*;

    /// Boxes as (top, designed height, actual height) in a container of `height`: where they end up.
    fn check(boxes: &[(f32, f32, f32)], height: f32, tops: &[f32], total: f32) {
        let mut members: Vec<Member> = boxes
            .iter()
            .map(|&(top, designed, actual)| {
                let rect = Rect::new(Pt(0.0), Pt(top), Pt(10.0), Pt(actual));
                Member::new(Fragment { rect, ..Fragment::default() }, Pt(designed))
            })
            .collect();
        let settled = settle(&mut members, Pt(height));
        let found: Vec<f32> = members.iter().map(|m| m.fragment.rect.y.0).collect();
        assert_eq!(found, tops, "{boxes:?}");
        assert!((settled.0 - total).abs() < 0.01, "{boxes:?}: {} is not {total}", settled.0);
    }

    #[test]
    fn nothing_moves_when_nothing_grew() {
        check(&[(0.0, 10.0, 10.0), (20.0, 10.0, 10.0)], 50.0, &[0.0, 20.0], 50.0);
    }

    #[test]
    fn growth_pushes_what_is_below() {
        check(&[(0.0, 10.0, 25.0), (20.0, 10.0, 10.0)], 30.0, &[0.0, 35.0], 45.0);
    }

    #[test]
    fn what_stands_beside_does_not_move() {
        check(&[(0.0, 10.0, 25.0), (0.0, 10.0, 10.0)], 10.0, &[0.0, 0.0], 25.0);
    }

    #[test]
    fn space_is_removed_only_if_nothing_else_holds_it() {
        check(&[(0.0, 10.0, 0.0), (20.0, 10.0, 10.0)], 30.0, &[0.0, 10.0], 20.0);
        check(
            &[(0.0, 10.0, 0.0), (0.0, 10.0, 10.0), (20.0, 10.0, 10.0)],
            30.0,
            &[0.0, 0.0, 20.0],
            30.0,
        );
    }

    #[test]
    fn moves_add_up_down_the_band() {
        check(
            &[(0.0, 10.0, 20.0), (10.0, 10.0, 20.0), (20.0, 10.0, 10.0)],
            30.0,
            &[0.0, 20.0, 40.0],
            50.0,
        );
    }
}
