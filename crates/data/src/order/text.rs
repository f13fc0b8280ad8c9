//! The order of texts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};

/// The root collation without letter case; `None` only if its data were damaged.
static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Secondary);
    Collator::try_new(CollatorPreferences::default(), options).ok()
});

/// The rank of each ASCII character in the root collation; 0 where it does not count.
///
/// No ASCII characters combine there, so comparing rank by rank is the collation itself, and saves
/// its cost for most texts.
static ASCII: LazyLock<[u8; 128]> = LazyLock::new(|| {
    let one = |byte: u8| char::from(byte).to_string();
    let mut bytes: Vec<u8> = (0..128).collect();
    bytes.sort_by(|a, b| collate(&one(*a), &one(*b)));
    let mut ranks = [0; 128];
    let (mut rank, mut before) = (0, String::new());
    for byte in bytes {
        let text = one(byte);
        rank += u8::from(collate(&before, &text).is_ne());
        ranks[usize::from(byte)] = rank;
        before = text;
    }
    ranks
});

/// The order of two texts that [`compare`](crate::compare) uses, for a database that can sort by it.
#[must_use]
pub fn compare_text(a: &str, b: &str) -> Ordering {
    if let Some(order) = compare_ascii(a.as_bytes(), b.as_bytes()) {
        return order.then_with(|| a.cmp(b));
    }
    compare_any(a, b)
}

fn compare_any(a: &str, b: &str) -> Ordering {
    collate(a, b).then_with(|| fold(a).cmp(&fold(b))).then_with(|| a.cmp(b))
}

fn collate(a: &str, b: &str) -> Ordering {
    match &*COLLATOR {
        Some(collator) => collator.compare(a, b),
        None => fold(a).cmp(&fold(b)),
    }
}

/// `None` if a character needs the full collation.
fn compare_ascii(a: &[u8], b: &[u8]) -> Option<Ordering> {
    let ranks = &*ASCII;
    let rank = |byte: &u8| ranks.get(usize::from(*byte)).copied().filter(|rank| *rank > 0);
    let mut order = Ordering::Equal;
    for (left, right) in a.iter().zip(b) {
        order = order.then(rank(left)?.cmp(&rank(right)?));
    }
    let common = a.len().min(b.len());
    for rest in [&a[common..], &b[common..]] {
        if !rest.iter().all(|byte| rank(byte).is_some()) {
            return None;
        }
    }
    Some(order.then(a.len().cmp(&b.len())))
}

/// Lower case, letter by letter; borrowed where nothing changes.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.to_lowercase().eq([c])) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

/// Whether [`fold`] makes the texts equal.
pub(super) fn same_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_cut_for_ascii_is_the_collation(a in "[\\x00-\\x7f]{0,6}", b in "[\\x00-\\x7f]{0,6}") {
            prop_assert_eq!(compare_text(&a, &b), compare_any(&a, &b));
        }
    }

    #[test]
    fn texts_stand_as_in_a_dictionary() {
        let sorted = [
            "",
            " x",
            "_",
            "-x",
            "1",
            "10",
            "2",
            "Äpfel",
            "äpfel",
            "Apple",
            "apple",
            "Apple pie",
            "Łódź",
            "Zebra",
            "Ж",
            "中",
        ];
        let mut texts = sorted.to_vec();
        texts.reverse();
        texts.sort_by(|a, b| compare_text(a, b));
        assert_eq!(texts, sorted);
    }
}
