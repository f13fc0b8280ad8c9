//! Rows that form a tree by keys: each followed by its children.

use std::collections::{HashMap, HashSet};

use pressroom_data::{Key, Row};

/// Rows as (key, parent's key, row) in depth-first order, with the depth of each. A row whose parent
/// is not there, or is itself, is a root; rows in a circle come last, as roots.
pub(crate) fn depth_first(rows: &[(Key, Key, Row)]) -> (Vec<Row>, Vec<u32>) {
    let known: HashSet<&Key> = rows.iter().map(|(key, ..)| key).collect();
    let mut children: HashMap<&Key, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for (at, (key, parent, _)) in rows.iter().enumerate() {
        if parent != key && known.contains(parent) {
            children.entry(parent).or_default().push(at);
        } else {
            roots.push(at);
        }
    }
    let mut order = Vec::with_capacity(rows.len());
    let mut visited = vec![false; rows.len()];
    let visit = |root: usize, order: &mut Vec<(usize, u32)>, visited: &mut Vec<bool>| {
        let mut stack = vec![(root, 0_u32)];
        while let Some((at, depth)) = stack.pop() {
            if std::mem::replace(&mut visited[at], true) {
                continue;
            }
            order.push((at, depth));
            if let Some(below) = children.get(&rows[at].0) {
                stack.extend(below.iter().rev().map(|child| (*child, depth + 1)));
            }
        }
    };
    for root in roots {
        visit(root, &mut order, &mut visited);
    }
    for at in 0..rows.len() {
        if !visited[at] {
            visit(at, &mut order, &mut visited);
        }
    }
    order.into_iter().map(|(at, depth)| (Row::clone(&rows[at].2), depth)).unzip()
}

#[cfg(test)]
mod tests {
    use pressroom_data::{Value, key};

    use super::*;

    #[test]
    fn children_follow_their_parent_and_circles_end() {
        let row = |id: i64, parent: i64| {
            let values: Row = vec![Value::Int(id)].into();
            let parent = if parent == 0 { Value::Null } else { Value::Int(parent) };
            (key(&Value::Int(id)), key(&parent), values)
        };
        let rows = vec![row(3, 1), row(1, 0), row(2, 0), row(4, 3), row(8, 9), row(9, 8)];
        let (ordered, depths) = depth_first(&rows);
        let ids: Vec<_> = ordered.iter().map(|row| row[0].clone()).collect();
        assert_eq!(ids, [1, 3, 4, 2, 8, 9].map(Value::Int));
        assert_eq!(depths, [0, 1, 2, 0, 0, 1]);
    }
}
