//! Text that is known only when its page, or the last page, is.

use std::sync::Arc;

use pressroom_data::{CompositeFormat, Culture, Value, display};
use pressroom_page::{Item, Rect, Role};

use crate::text::{self, Setting, TextEngine, TextLook};

/// What a page shows of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageCount {
    /// The page's number, in digits.
    Number,
    /// In small Roman numerals.
    RomanLow,
    /// In capital Roman numerals.
    RomanHigh,
    /// The page's number and that of the last page.
    NumberOfTotal,
    /// The number of the last page.
    Total,
}

/// Where a page stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageNumbers {
    pub(crate) number: usize,
    pub(crate) total: usize,
}

/// A text that waits for page numbers, with its look.
#[derive(Clone, Debug)]
pub(crate) struct PageText {
    pub(crate) count: PageCount,
    /// The number of the first page.
    pub(crate) start: i64,
    /// The band with which numbers start again.
    pub(crate) running: Option<Arc<str>>,
    pub(crate) format: Option<CompositeFormat>,
    pub(crate) look: TextLook,
    pub(crate) setting: Setting,
    pub(crate) culture: &'static Culture,
}

impl PageText {
    /// What it says on a page.
    pub(crate) fn text(&self, numbers: PageNumbers) -> String {
        let shown = |number: usize| integer(number).saturating_add(self.start - 1);
        let (number, total) = (shown(numbers.number), shown(numbers.total));
        let values = match self.count {
            PageCount::Number => vec![Value::Int(number)],
            PageCount::RomanLow => vec![Value::from(roman(number).to_lowercase())],
            PageCount::RomanHigh => vec![Value::from(roman(number))],
            PageCount::NumberOfTotal => vec![Value::Int(number), Value::Int(total)],
            PageCount::Total => vec![Value::Int(total)],
        };
        match (&self.format, self.count) {
            (Some(format), _) => format.format(&values, self.culture),
            (None, PageCount::NumberOfTotal) => format!("{number} of {total}"),
            (None, _) => {
                values.first().map(|value| display(value, self.culture)).unwrap_or_default()
            }
        }
    }

    /// The text as items in its box on the page.
    pub(crate) fn items(
        &self,
        area: Rect,
        numbers: PageNumbers,
        engine: &mut TextEngine<'_>,
    ) -> Vec<Item> {
        let text: Arc<str> = self.text(numbers).into();
        let block =
            engine.block(&text, &self.look, self.setting, area.width, None, &Role::Artifact);
        text::items(block, area)
    }
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Roman numerals from 1 to 3999; other numbers stay digits.
fn roman(number: i64) -> String {
    const NUMERALS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=3999).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, numeral) in NUMERALS {
        while rest >= value {
            out.push_str(numeral);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals() {
        for (number, expect) in
            [(1, "I"), (4, "IV"), (1994, "MCMXCIV"), (3999, "MMMCMXCIX"), (4000, "4000")]
        {
            assert_eq!(roman(number), expect);
        }
    }
}
