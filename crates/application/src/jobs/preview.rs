//! Looking at when a job would run.

use chrono::{DateTime, Utc};
use pressroom_domain::{Access, JobId, TimeZone};

use super::fields::schedule;
use super::find;
use crate::error::Check;
use crate::{App, Caller, Error};

/// What is to be looked at.
#[derive(Clone, Debug)]
pub struct PreviewJob {
    /// Which job.
    pub id: JobId,
    /// How many runs; ten unless said.
    pub count: Option<i64>,
    /// Another start than the saved one.
    pub start_date: Option<String>,
    /// Another time zone than the saved one.
    pub time_zone: Option<String>,
    /// Another rule than the saved one.
    pub recurrence_rule: Option<String>,
}

/// When a job would run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Where the clocks are that it goes by.
    pub zone: TimeZone,
    /// The next runs.
    pub runs: Vec<DateTime<Utc>>,
}

/// The most runs that are told.
const MOST: i64 = 100;

/// The next runs of a job from now on, enabled or not, also for a start, a zone and a rule that are not
/// saved.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub async fn preview(app: &App, caller: &Caller, command: PreviewJob) -> Result<Preview, Error> {
    let job = find(app, caller, command.id, Access::READ).await?;
    let mut check = Check::default();
    let count = command.count.unwrap_or(10);
    let right = if (1..=MOST).contains(&count) { usize::try_from(count).ok() } else { None };
    let message = format!("must be a whole number from 1 to {MOST}, not {count}");
    let count = check.field("count", right.ok_or(message));
    let now = app.clock.now();
    let schedule = schedule(
        command.start_date.as_deref(),
        command.time_zone.as_deref(),
        command.recurrence_rule.as_deref(),
        Some(&job.details.schedule),
        now,
        &mut check,
    );
    let (Some(count), Some(schedule)) = (count, schedule) else {
        return Err(check.into_error());
    };
    let zone = schedule.zone();
    // A count of hours is walked through once, which is not for a thread that answers others too.
    let runs = move || schedule.runs_after(now).take(count).collect();
    let runs = tokio::task::spawn_blocking(runs).await.map_err(|error| Error::Unavailable {
        message: "the server is being stopped".to_owned(),
        source: error.into(),
    })?;
    Ok(Preview { zone, runs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    fn command(id: JobId) -> PreviewJob {
        PreviewJob { id, count: None, start_date: None, time_zone: None, recurrence_rule: None }
    }

    #[tokio::test]
    async fn the_next_runs_are_told_for_what_is_saved_and_for_what_is_not() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let look = async |command| preview(&site.app, &admin, command).await;
        let saved = look(command(job.id)).await.unwrap();
        assert_eq!((saved.runs.len(), saved.zone.name()), (10, "Europe/Berlin"));
        assert_eq!(saved.runs[0].to_rfc3339(), "2026-03-03T06:30:00+00:00");
        let other = PreviewJob {
            count: Some(2),
            start_date: Some("2026-03-29T02:30".into()),
            recurrence_rule: Some("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU".into()),
            ..command(job.id)
        };
        let runs: Vec<String> =
            look(other).await.unwrap().runs.iter().map(DateTime::to_rfc3339).collect();
        assert_eq!(runs, ["2026-03-29T01:30:00+00:00", "2027-03-28T01:30:00+00:00"]);
        let wrong = PreviewJob {
            count: Some(101),
            recurrence_rule: Some("FREQ=NEVER".into()),
            ..command(job.id)
        };
        let Error::Invalid(problems) = look(wrong).await.unwrap_err() else { panic!("taken") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["count", "recurrenceRule"]);
    }
}
