//! Jobs: documents that are made and sent when they come due.

mod create;
mod dates;
mod delete;
mod fields;
mod get;
mod list;
mod preview;
mod results;
mod to_come;
mod update;

pub use create::create;
pub use delete::delete;
pub use fields::{BillingField, JobFields, Mode, ParameterField, Source};
pub use get::get;
pub use list::list;
pub use preview::{Preview, PreviewJob, preview};
pub use results::{ListResults, results};
pub use to_come::{execute, generated_document, run, runs, stop_run};
pub use update::{UpdateJob, update};

use pressroom_domain::{Access, Job, JobId};

use crate::{App, Caller, Error, authorise};

/// A job with which the caller may do something.
async fn find(app: &App, caller: &Caller, id: JobId, wanted: Access) -> Result<Job, Error> {
    let job = app.stores.jobs.get(id).await?;
    authorise::job(caller, &job, wanted)?;
    Ok(job)
}
