//! The rules that rows name, and what they come to for a caller.

#![allow(dead_code, reason = "rules are there before all endpoints that need them")]

use std::fmt;

use pressroom_domain::Access;

/// What a permission is about, but for the entity: that of the world, where it is about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AllCategories,
    Category,
    AllDocuments,
    DocumentsInCategory,
    Document,
    AllDataModels,
    DataModel,
    AllScheduledJobs,
    ScheduledJob,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::AllCategories,
        Self::Category,
        Self::AllDocuments,
        Self::DocumentsInCategory,
        Self::Document,
        Self::AllDataModels,
        Self::DataModel,
        Self::AllScheduledJobs,
        Self::ScheduledJob,
    ];
}

/// The scopes that cover the category itself.
pub(super) const CATEGORY: &[Kind] = &[Kind::AllCategories, Kind::Category];
/// The scopes that cover documents of the category.
pub(super) const SHELF: &[Kind] = &[Kind::AllDocuments, Kind::DocumentsInCategory];
/// The scopes that cover the document.
pub(super) const DOCUMENT: &[Kind] =
    &[Kind::AllDocuments, Kind::DocumentsInCategory, Kind::Document];
/// The scopes that cover the data model.
pub(super) const MODEL: &[Kind] = &[Kind::AllDataModels, Kind::DataModel];
/// The scopes that cover the job.
pub(super) const JOB: &[Kind] = &[Kind::AllScheduledJobs, Kind::ScheduledJob];

pub(super) const CREATE: Access = Access::CREATE;
pub(super) const READ: Access = Access::READ;
pub(super) const MODIFY: Access = Access::MODIFY;
pub(super) const DELETE: Access = Access::DELETE;

/// Who calls.
pub(super) struct Caller {
    /// For messages.
    pub(super) name: String,
    pub(super) token: Option<String>,
    pub(super) held: Vec<(Access, Kind)>,
    /// Whether they are in the System Administrators.
    pub(super) administrator: bool,
    /// Whether they are the user of the world, who is in the group of the world.
    pub(super) itself: bool,
    /// Whether the export of the world is theirs.
    pub(super) owner: bool,
}

impl Caller {
    fn on(&self, kinds: &[Kind]) -> Access {
        if self.administrator {
            return Access::ALL;
        }
        self.held.iter().filter(|(_, kind)| kinds.contains(kind)).map(|(held, _)| *held).collect()
    }
}

/// Whom an endpoint lets in.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// Everyone, without a token too.
    Open,
    /// Whoever has a token.
    SignedIn,
    /// Nobody yet: 501.
    NotBuilt,
    /// Administrators; 403 for others.
    Administrators,
    /// Whoever has these rights on the scopes, besides read. The first that is missing counts: 404
    /// where read is, else 403.
    On(Vec<(&'static [Kind], Access)>),
    /// Whoever may create in the scopes; 403 for others.
    Making(&'static [Kind]),
    /// Whoever may create in the scopes; 403 for those who may do anything else there or see the
    /// place by the others, 404 for the rest.
    MakingIn(&'static [Kind], &'static [Kind]),
    /// Whoever may create in the scopes, 403 for others; and may read what it is made of by the others,
    /// 404 where not.
    MakingOf(&'static [Kind], &'static [Kind]),
    /// The user itself, or who is in the group, and administrators; 404 for others.
    Itself,
    /// Administrators; 403 for the user itself and for who is in the group, 404 for others.
    NotEvenItself,
    /// Whoever started the export; 404 for others, administrators too.
    Owner,
}

/// What a caller is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// Any 2xx.
    In,
    Status(u16),
}

impl Expect {
    pub(super) fn fits(self, status: u16) -> bool {
        match self {
            Self::In => (200..300).contains(&status),
            Self::Status(expected) => expected == status,
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In => f.write_str("2xx"),
            Self::Status(status) => status.fmt(f),
        }
    }
}

/// An endpoint and whom it lets in.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) pattern: &'static str,
    pub(super) rule: Rule,
    /// What follows the path, such as `?id={category}`.
    pub(super) query: &'static str,
    pub(super) body: &'static str,
    /// What those get who are let in.
    through: Expect,
}

impl Row {
    /// What follows the path; `{category}`, `{document}`, … are ids of the world.
    pub(super) fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    /// The body, in which `{category}`, `{document}`, … are ids of the world. It should be right:
    /// those who are let in are to get a 2xx. The site asks for no locks.
    pub(super) fn body(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    /// What those get who are let in, where it is not a 2xx: an error that only they hear.
    pub(super) fn through(self, status: u16) -> Self {
        Self { through: Expect::Status(status), ..self }
    }

    /// Another right that it takes, looked at after the others.
    pub(super) fn and(mut self, kinds: &'static [Kind], access: Access) -> Self {
        if let Rule::On(needs) = &mut self.rule {
            needs.push((kinds, access));
        }
        self
    }

    pub(super) fn expect(&self, caller: &Caller) -> Expect {
        let refused = Expect::Status;
        if caller.token.is_none() && !matches!(self.rule, Rule::Open) {
            return refused(401);
        }
        let administrator = caller.administrator;
        match &self.rule {
            Rule::Open | Rule::SignedIn => self.through,
            Rule::NotBuilt => refused(501),
            Rule::Administrators if !administrator => refused(403),
            Rule::On(needs) => {
                for (kinds, wanted) in needs {
                    let held = caller.on(kinds);
                    if !held.allows(READ) {
                        return refused(404);
                    }
                    if !held.allows(*wanted) {
                        return refused(403);
                    }
                }
                self.through
            }
            Rule::Making(kinds) if !caller.on(kinds).allows(CREATE) => refused(403),
            Rule::MakingIn(kinds, place) if !caller.on(kinds).allows(CREATE) => {
                let sees = caller.on(kinds) != Access::NONE || caller.on(place).allows(READ);
                refused(if sees { 403 } else { 404 })
            }
            Rule::MakingOf(kinds, _) if !caller.on(kinds).allows(CREATE) => refused(403),
            Rule::MakingOf(_, parts) if !caller.on(parts).allows(READ) => refused(404),
            Rule::Itself if !caller.itself && !administrator => refused(404),
            Rule::NotEvenItself if !administrator => refused(if caller.itself { 403 } else { 404 }),
            Rule::Owner if !caller.owner => refused(404),
            _ => self.through,
        }
    }
}

/// A row of the table.
pub(super) fn row(method: &'static str, pattern: &'static str, rule: Rule) -> Row {
    Row { method, pattern, rule, query: "", body: "", through: Expect::In }
}

/// A row of the table: the access on one of the scopes, besides read.
pub(super) fn on(
    method: &'static str,
    pattern: &'static str,
    kinds: &'static [Kind],
    access: Access,
) -> Row {
    row(method, pattern, Rule::On(vec![(kinds, access)]))
}

/// A row of what is to come.
pub(super) fn to_come(method: &'static str, pattern: &'static str) -> Row {
    row(method, pattern, Rule::NotBuilt)
}
