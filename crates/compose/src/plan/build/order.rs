//! In which order what stands in a container is painted.
//!
//! The first of the layout's controls is on top, so of two that overlap the later one is painted
//! first. All others come in the order of reading: documents tell their text in the order of
//! painting to searches and screen readers.

use pressroom_report::{Control, Rect};

/// Containers with more controls than this are painted in plain reverse order.
const MOST: usize = 400;

/// The controls from the one painted first to the one on top.
pub(super) fn painted(controls: &[Control], right_to_left: bool) -> Vec<&Control> {
    if controls.len() > MOST {
        return controls.iter().rev().collect();
    }
    let bounds: Vec<Rect> = controls.iter().map(|control| control.bounds).collect();
    order(&bounds, right_to_left).into_iter().map(|index| &controls[index]).collect()
}

/// The places of boxes in the list, in the order of painting.
fn order(boxes: &[Rect], right_to_left: bool) -> Vec<usize> {
    let mut reading: Vec<usize> = (0..boxes.len()).collect();
    reading.sort_by(|a, b| {
        let (a, b) = (boxes[*a], boxes[*b]);
        let across = if right_to_left { b.x.total_cmp(&a.x) } else { a.x.total_cmp(&b.x) };
        line(a).cmp(&line(b)).then(across)
    });
    let mut order = Vec::with_capacity(boxes.len());
    while !reading.is_empty() {
        // The first whose lower neighbours are painted; the last of the list has none, so there is one.
        let free = |index: usize| {
            reading.iter().all(|&below| below <= index || !overlap(boxes[index], boxes[below]))
        };
        let next = reading.iter().position(|&index| free(index)).unwrap_or(0);
        order.push(reading.remove(next));
    }
    order
}

/// Tops that differ by less than this stand on one line.
const LINE: f32 = 4.0;

fn line(rect: Rect) -> i64 {
    (rect.y / LINE).round() as i64
}

fn overlap(a: Rect, b: Rect) -> bool {
    // Boxes that merely touch, or nearly, do not cover each other.
    const TOUCH: f32 = 0.1;
    a.x + TOUCH < b.right()
        && b.x + TOUCH < a.right()
        && a.y + TOUCH < b.bottom()
        && b.y + TOUCH < a.bottom()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_order_but_what_is_below_first() {
        let at = |x: f32, y: f32, width: f32, height: f32| Rect { x, y, width, height };
        for (boxes, right_to_left, expect) in [
            (vec![at(50.0, 0.0, 40.0, 10.0), at(0.0, 1.0, 40.0, 10.0)], false, vec![1, 0]),
            (vec![at(50.0, 0.0, 40.0, 10.0), at(0.0, 1.0, 40.0, 10.0)], true, vec![0, 1]),
            (vec![at(0.0, 20.0, 40.0, 10.0), at(0.0, 0.0, 40.0, 10.0)], false, vec![1, 0]),
            // The frame is last in the list: it lies below the other two.
            (
                vec![at(50.0, 5.0, 9.0, 9.0), at(5.0, 5.0, 9.0, 9.0), at(0.0, 0.0, 90.0, 90.0)],
                false,
                vec![2, 1, 0],
            ),
            // The first in the list covers what would be read after it.
            (vec![at(0.0, 0.0, 40.0, 10.0), at(20.0, 0.0, 40.0, 10.0)], false, vec![1, 0]),
        ] {
            assert_eq!(order(&boxes, right_to_left), expect, "{boxes:?}");
        }
    }
}
