//! What somebody wants of a list.

/// What somebody wants of a list. The default is all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListQuery {
    /// How many to leave out at the start.
    pub skip: u64,
    /// The most to give; none is no bound.
    pub take: Option<u64>,
    /// A condition in the expression language over the fields of the entity, such as
    /// `contains([name], 'invoice') and categoryId = 3`.
    pub filter: Option<String>,
    /// Names of fields, the most important first, such as `name,-modifiedDateTime`; `-` is from the
    /// greatest to the smallest. None is the order in which they were made.
    pub sort: Option<String>,
}

impl ListQuery {
    /// All of a list, in the order in which its entities were made.
    pub const ALL: Self = Self { skip: 0, take: None, filter: None, sort: None };

    /// Whether the one of this number, counted from 0 among those that fit, is asked for.
    pub(super) fn wants(&self, number: u64) -> bool {
        number >= self.skip && number < self.end()
    }

    /// The number of the first one that is no longer asked for.
    pub(super) fn end(&self) -> u64 {
        self.take.map_or(u64::MAX, |take| self.skip.saturating_add(take))
    }
}
