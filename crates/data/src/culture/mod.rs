//! Cultures: how a language and region write numbers and dates.

mod table;

use std::borrow::Cow;
use std::fmt;

/// How a language and region write numbers and dates.
///
/// The data is Unicode CLDR's, shaped as .NET shapes it; the invariant culture is .NET's own.
/// Cultures live as long as the program, so a `&'static Culture` is the usual handle.
pub struct Culture {
    pub(crate) name: &'static str,
    pub(crate) number: NumberSymbols,
    pub(crate) money: Money,
    pub(crate) percent: Signed,
    pub(crate) date: DateNames,
    pub(crate) pattern: DatePatterns,
}

/// The signs of a number.
pub(crate) struct NumberSymbols {
    pub(crate) decimal: &'static str,
    pub(crate) group: &'static str,
    pub(crate) minus: &'static str,
    pub(crate) plus: &'static str,
    pub(crate) percent: &'static str,
    pub(crate) per_mille: &'static str,
    pub(crate) nan: &'static str,
    pub(crate) infinity: &'static str,
    pub(crate) groups: Groups,
}

/// How many digits stand between group separators, from the decimal separator outwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Groups {
    /// The group beside the decimal separator; 0 = no groups.
    pub(crate) first: u8,
    /// Every other group.
    pub(crate) rest: u8,
}

/// A pattern for numbers of either sign: `#` is the number, `-` the minus sign, `$` and `%` the
/// symbol, everything else itself.
pub(crate) struct Signed {
    pub(crate) positive: &'static str,
    pub(crate) negative: &'static str,
}

/// How amounts of the region's currency are written.
pub(crate) struct Money {
    pub(crate) symbol: &'static str,
    pub(crate) digits: u8,
    pub(crate) decimal: &'static str,
    pub(crate) group: &'static str,
    pub(crate) pattern: Signed,
}

/// Words and signs of dates.
pub(crate) struct DateNames {
    /// Stands for `/` in a pattern.
    pub(crate) separator: &'static str,
    /// Stands for `:` in a pattern.
    pub(crate) time_separator: &'static str,
    pub(crate) am: &'static str,
    pub(crate) pm: &'static str,
    pub(crate) era: &'static str,
    /// What the culture's calendar adds to a Gregorian year.
    pub(crate) year_offset: i32,
    /// Sunday first.
    pub(crate) days: [&'static str; 7],
    pub(crate) short_days: [&'static str; 7],
    pub(crate) months: Months,
    pub(crate) short_months: Months,
}

/// The names of the months.
pub(crate) struct Months {
    pub(crate) alone: [&'static str; 12],
    /// Beside a day's number, where that differs.
    pub(crate) genitive: Option<[&'static str; 12]>,
}

/// The .NET date and time patterns, named by their format letters.
pub(crate) struct DatePatterns {
    pub(crate) short_date: &'static str,
    pub(crate) long_date: &'static str,
    pub(crate) short_time: &'static str,
    pub(crate) long_time: &'static str,
    pub(crate) month_day: &'static str,
    pub(crate) year_month: &'static str,
}

impl Culture {
    /// The culture of a name such as `de-DE`, in any letter case; a region that is not known falls
    /// back to its language, and an empty name is the invariant culture.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        /// No language tag in use is longer.
        const LONGEST: usize = 35;
        if name.is_empty() {
            return Some(Self::invariant());
        }
        if name.len() > LONGEST {
            return None;
        }
        let name = name.replace('_', "-");
        let mut rest = name.as_str();
        loop {
            let found = table::get(rest).or_else(|| table::get(&without_script(rest)));
            if found.is_some() {
                return found;
            }
            rest = rest.rsplit_once('-')?.0;
        }
    }

    /// The culture of machines: English words, months before days, `¤` for money.
    #[must_use]
    pub fn invariant() -> &'static Self {
        &table::INVARIANT
    }

    /// `en-US`: what a report uses when nothing else is chosen.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a culture is only handed out by reference")]
    pub fn default() -> &'static Self {
        table::get("en-US").unwrap_or(&table::INVARIANT)
    }

    /// The names of all cultures, in alphabetical order, without the invariant one.
    pub fn names() -> impl Iterator<Item = &'static str> {
        table::names()
    }

    /// The name, such as `de-DE`; empty for the invariant culture.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What stands between the whole and the broken part of a number.
    #[must_use]
    pub fn decimal_separator(&self) -> &'static str {
        self.number.decimal
    }

    /// What stands between thousands.
    #[must_use]
    pub fn group_separator(&self) -> &'static str {
        self.number.group
    }

    /// The sign of the region's currency.
    #[must_use]
    pub fn currency_symbol(&self) -> &'static str {
        self.money.symbol
    }

    /// The names of the days, Sunday first.
    #[must_use]
    pub fn day_names(&self) -> &[&'static str; 7] {
        &self.date.days
    }

    /// The names of the months as they stand alone, January first.
    #[must_use]
    pub fn month_names(&self) -> &[&'static str; 12] {
        &self.date.months.alone
    }

    /// The short names of the months as they stand alone, January first.
    #[must_use]
    pub fn short_month_names(&self) -> &[&'static str; 12] {
        &self.date.short_months.alone
    }
}

impl fmt::Debug for Culture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Culture({:?})", self.name)
    }
}

impl PartialEq for Culture {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Culture {}

/// `bs-Latn-BA` as `bs-BA`: a script that is the language's usual one is often spelt out.
fn without_script(name: &str) -> Cow<'_, str> {
    let mut parts = name.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(language), Some(script), Some(region)) if script.len() == 4 => {
            Cow::Owned(format!("{language}-{region}"))
        }
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_fall_back_to_the_language() {
        let cases = [
            ("en-US", Some("en-US")),
            ("EN-us", Some("en-US")),
            ("de_AT", Some("de-AT")),
            ("de-XX", Some("de")),
            ("zh-TW", Some("zh-TW")),
            ("zh-Hant-TW", Some("zh-TW")),
            ("zh-Hans-CN", Some("zh-CN")),
            ("sr-Latn-RS", Some("sr-Latn-RS")),
            ("sr-Latn-XK", Some("sr-Latn")),
            ("bs-Latn-BA", Some("bs-BA")),
            ("", Some("")),
            ("xx", None),
            ("-", None),
            ("tlh-KX", None),
        ];
        for (name, expected) in cases {
            assert_eq!(Culture::find(name).map(Culture::name), expected, "{name}");
        }
    }

    #[test]
    fn every_row_of_the_table_is_whole() {
        assert!(Culture::names().count() > 200);
        for name in Culture::names() {
            let culture = Culture::find(name).expect(name);
            assert_eq!(culture.name(), name);
            assert!(table::parse(name).is_some(), "{name}");
            assert!(culture.date.months.alone.iter().all(|month| !month.is_empty()), "{name}");
            assert!(culture.money.pattern.negative.contains('-'), "{name}");
        }
    }
}
