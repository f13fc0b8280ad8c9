//! Looking at the audit trail.

use chrono::{DateTime, Utc};
use pressroom_ports::{AuditPart, AuditQuery, AuditRecord, AuditedUser};

use super::lines::Lines;
use super::{subject_kind, subject_kind_name};
use crate::error::Check;
use crate::listing::{Filter, Gathering, List, ListQuery, Sort, busy};
use crate::{App, Caller, Error, authorise};

/// The most lines of one answer.
const MOST: u64 = 10_000;
/// The most lines that one filter, or one order that is not the trail's, looks at.
const MOST_LOOKED_AT: u64 = 200_000;

/// Which lines of the trail somebody wants. The default is all of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditCommand {
    /// Which part of them, and in which order.
    pub list: ListQuery,
    /// Those of this time on.
    pub from: Option<DateTime<Utc>>,
    /// Those before this time.
    pub to: Option<DateTime<Utc>>,
    /// Those of somebody: the number or the name of an account, or a name that a stranger gave.
    pub user: Option<String>,
    /// Those about a kind of thing, such as `DataModel`, in any letter case.
    pub subject_kind: Option<String>,
    /// Those about the thing of this id.
    pub subject_id: Option<String>,
}

/// What is wanted, checked.
pub(super) struct Wanted {
    pub(super) query: AuditQuery,
    pub(super) filter: Option<Filter<AuditRecord>>,
    pub(super) newest_first: bool,
    /// An order that is not the trail's.
    pub(super) sort: Sort,
}

impl Wanted {
    /// Checks who asks, and what is asked for.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Unavailable`].
    pub(super) async fn new(
        app: &App,
        caller: &Caller,
        command: &AuditCommand,
    ) -> Result<Self, Error> {
        authorise::audit(caller)?;
        let mut check = Check::default();
        let kind = command.subject_kind.as_deref().map(|name| {
            let kinds = pressroom_domain::SubjectKind::ALL.iter();
            let known: Vec<String> = kinds.map(|kind| subject_kind_name(*kind)).collect();
            let unknown = || format!("is not known; give one of {}", known.join(", "));
            check.field("subjectKind", subject_kind(name).ok_or_else(unknown))
        });
        if let (Some(from), Some(to)) = (command.from, command.to)
            && from > to
        {
            check.field::<(), _>("to", Err("must not lie before from"));
        }
        check.end()?;
        let who = match command.user.as_deref() {
            Some(user) => Some(find_user(app, user).await?),
            None => None,
        };
        let query = AuditQuery {
            from: command.from,
            to: command.to,
            who,
            subject_kind: kind.flatten(),
            subject_id: command.subject_id.clone(),
        };
        let sort = command.list.sort.as_deref();
        let sort = sort.map_or_else(|| Ok(Sort::default()), Sort::new::<AuditRecord>)?;
        // Numbers and times go the same way: that of the trail.
        let (newest_first, sort) = match sort.begins_with::<AuditRecord>(&["id", "at"]) {
            Some(descending) => (descending, Sort::default()),
            None => (true, sort),
        };
        let filter = match command.list.filter.clone() {
            Some(text) => {
                let (app, caller) = (app.clone(), caller.clone());
                Some(busy(move || Filter::new(&text, &app, &caller)).await?)
            }
            None => None,
        };
        Ok(Self { query, filter, newest_first, sort })
    }

    /// What is wanted, put together in memory.
    ///
    /// # Errors
    /// [`Error::Invalid`] where there is too much to look at.
    pub(super) async fn gather(
        self,
        app: &App,
        caller: &Caller,
        list: ListQuery,
    ) -> Result<List<AuditRecord>, Error> {
        let count = app.stores.audit.count(&self.query).await?;
        if count > MOST_LOOKED_AT {
            let field = if self.filter.is_some() { "filter" } else { "sort" };
            let message = format!(
                "would have to look at {count} lines; narrow them to {MOST_LOOKED_AT} by from, to, user, subjectKind or subjectId"
            );
            return Err(Error::invalid(field, message));
        }
        let mut lines = Lines::new(self.query, self.newest_first);
        let mut gathering = Gathering::new(caller, list, self.filter, self.sort);
        while let Some(part) = lines.next(app).await? {
            gathering.take_in(part).await?;
        }
        Ok(gathering.close())
    }
}

/// The account of a number or name; where there is none, whoever gave that name.
async fn find_user(app: &App, user: &str) -> Result<AuditedUser, Error> {
    let user = user.trim();
    if let Ok(id) = user.parse() {
        return Ok(AuditedUser { id: Some(pressroom_domain::UserId(id)), name: None });
    }
    let account = app.stores.users.find_by_name(user).await?;
    Ok(AuditedUser { id: account.map(|user| user.id), name: Some(user.to_owned()) })
}

/// Lines of the audit trail, the newest first or as asked for; at most 10,000 with one answer.
///
/// # Errors
/// [`Error::Forbidden`] but for administrators; [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list(
    app: &App,
    caller: &Caller,
    command: &AuditCommand,
) -> Result<List<AuditRecord>, Error> {
    let wanted = Wanted::new(app, caller, command).await?;
    let take = command.list.take.unwrap_or(MOST);
    if take > MOST {
        let message = format!("must be at most {MOST}; skip leads further, a file has all lines");
        return Err(Error::invalid("take", message));
    }
    if wanted.filter.is_some() || !wanted.sort.is_natural() {
        let list = ListQuery { take: Some(take), ..command.list.clone() };
        return wanted.gather(app, caller, list).await;
    }
    let part = AuditPart {
        newest_first: wanted.newest_first,
        beyond: None,
        skip: command.list.skip,
        limit: u32::try_from(take).unwrap_or(u32::MAX),
    };
    let lines = app.stores.audit.find(&wanted.query, part).await?;
    Ok(List::read(app.stores.audit.count(&wanted.query).await?, lines))
}
