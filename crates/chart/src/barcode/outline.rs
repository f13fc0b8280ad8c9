//! The outlines of the dark areas in a square of cells.
//!
//! Areas are drawn as they are, not cell by cell: no viewer shows seams, and the path is short.

use super::code::Cells;

/// A corner between cells: columns and rows from the top left.
pub(super) type Corner = (usize, usize);

/// To the right, down, left, up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Right,
    Down,
    Left,
    Up,
}

/// The outlines of all dark areas: clockwise around them, counter-clockwise around holes in them.
/// Each is given by its corners.
pub(super) fn outlines(cells: &Cells) -> Vec<Vec<Corner>> {
    let side = cells.side;
    // Every outline has a stretch along the top of a dark cell; those that were walked are marked.
    let mut walked = vec![false; side * side];
    let mut outlines = Vec::new();
    for row in 0..side {
        for column in 0..side {
            let top = cells.is_dark(column, row) && !dark_above(cells, column, row);
            if top && !walked[row * side + column] {
                outlines.push(walk(cells, (column, row), &mut walked));
            }
        }
    }
    outlines
}

/// Walks an outline with the dark side at the right hand.
fn walk(cells: &Cells, start: Corner, walked: &mut [bool]) -> Vec<Corner> {
    let mut corners = vec![start];
    let (mut at, mut way) = (start, Way::Right);
    loop {
        let (column, row) = at;
        if way == Way::Right {
            walked[row * cells.side + column] = true;
        }
        at = match way {
            Way::Right => (column + 1, row),
            Way::Down => (column, row + 1),
            Way::Left => (column - 1, row),
            Way::Up => (column, row - 1),
        };
        let next = turn(cells, at, way);
        if at == start && next == Way::Right {
            return corners;
        }
        if next != way {
            corners.push(at);
            way = next;
        }
    }
}

/// Where an outline goes on at a corner. Cells that touch only there stay apart.
fn turn(cells: &Cells, (column, row): Corner, way: Way) -> Way {
    let above_left = row > 0 && column > 0 && cells.is_dark(column - 1, row - 1);
    let above_right = row > 0 && cells.is_dark(column, row - 1);
    let below_left = column > 0 && cells.is_dark(column - 1, row);
    let below_right = cells.is_dark(column, row);
    // What lies ahead at the right hand and at the left hand.
    let (right, left, turns) = match way {
        Way::Right => (below_right, above_right, (Way::Down, Way::Up)),
        Way::Down => (below_left, below_right, (Way::Left, Way::Right)),
        Way::Left => (above_left, below_left, (Way::Up, Way::Down)),
        Way::Up => (above_right, above_left, (Way::Right, Way::Left)),
    };
    match (right, left) {
        (false, _) => turns.0,
        (true, true) => turns.1,
        (true, false) => way,
    }
}

fn dark_above(cells: &Cells, column: usize, row: usize) -> bool {
    row > 0 && cells.is_dark(column, row - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(rows: &[&str]) -> Cells {
        let dark = rows.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect();
        Cells { side: rows.len(), dark, quiet: 0.0 }
    }

    #[test]
    fn holes_run_the_other_way_round() {
        let ring = outlines(&cells(&["###", "#.#", "###"]));
        assert_eq!(
            ring,
            [
                vec![(0, 0), (3, 0), (3, 3), (0, 3)],
                // Walked from the top of the cell below the hole.
                vec![(1, 2), (2, 2), (2, 1), (1, 1)],
            ]
        );
    }

    #[test]
    fn cells_that_touch_at_a_corner_stay_apart() {
        let two = outlines(&cells(&["#.", ".#"]));
        assert_eq!(
            two,
            [vec![(0, 0), (1, 0), (1, 1), (0, 1)], vec![(1, 1), (2, 1), (2, 2), (1, 2)]]
        );
    }

    /// How often the outlines go clockwise around the middle of a cell.
    fn winding(outlines: &[Vec<Corner>], column: usize, row: usize) -> i32 {
        let mut winding = 0;
        for outline in outlines {
            for (from, to) in outline.iter().zip(outline.iter().cycle().skip(1)) {
                // A ray to the right crosses the upright stretches.
                if from.0 == to.0 && from.0 > column {
                    let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
                    if (top..bottom).contains(&row) {
                        winding += if to.1 > from.1 { 1 } else { -1 };
                    }
                }
            }
        }
        winding
    }

    proptest! {
        #[test]
        fn exactly_the_dark_cells_are_inside(side in 1_usize..9, bits in any::<u128>()) {
            let dark = (0..side * side).map(|bit| bits >> bit & 1 == 1).collect();
            let cells = Cells { side, dark, quiet: 0.0 };
            let outlines = outlines(&cells);
            for row in 0..side {
                for column in 0..side {
                    let inside = winding(&outlines, column, row);
                    prop_assert_eq!(inside, i32::from(cells.is_dark(column, row)), "{} {}", column, row);
                }
            }
        }
    }
}
