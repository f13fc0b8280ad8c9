//! Jobs and what their runs came to.

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use pressroom_application::App as Site;
use pressroom_application::{documents, jobs};
use pressroom_domain::{DocumentId, JobId, JobResultId};

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{CreateJob, Job, JobPreview, JobResult, PreviewJob, UpdateJob};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi::{self, Says};
use crate::precondition::IfMatch;
use crate::target::{Id, Target};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/jobs")
            .get(list)
            .says(openapi::list::<Job>("List the jobs"))
            .on(Method::POST, create)
            .says(
                openapi::created::<Job>("Make a job").or(
                    404,
                    "There is no such document or data model, or the caller may not see it.",
                ),
            )
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a job")),
        Endpoint::at("/api/jobs/results/{id}")
            .get(generated_document)
            .says(Says::to_come())
            .on(Method::POST, generated_document)
            .says(Says::to_come()),
        Endpoint::at("/api/jobs/generateddocuments/{id}/export")
            .get(generated_document)
            .says(Says::to_come())
            .on(Method::POST, generated_document)
            .says(Says::to_come()),
        Endpoint::at("/api/jobs/{id}")
            .get(get)
            .says(openapi::entity::<Job>("Look a job up"))
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(openapi::done("Delete a job")),
        Endpoint::at("/api/jobs/{id}/execute").on(Method::POST, execute).says(Says::to_come()),
        Endpoint::at("/api/jobs/{id}/preview").on(Method::POST, preview).says(
            openapi::value::<JobPreview>("Look at a job's next runs")
                .details("What is not sent is as the job has it; without a body all of it is."),
        ),
        Endpoint::at("/api/jobs/{id}/runs").get(runs).says(Says::to_come()),
        Endpoint::at("/api/jobs/{id}/runs/{runId}").get(run).says(Says::to_come()),
        Endpoint::at("/api/jobs/{id}/runs/{runId}/cancel")
            .on(Method::POST, stop_run)
            .says(Says::to_come()),
        Endpoint::at("/api/jobs/{id}/jobresults").get(results).says(
            openapi::list::<JobResult>("List the results of a job")
                .query("startDate", "From when on.", "2026-11-01T00:00:00Z")
                .query("endDate", "Until when.", "2026-12-01T00:00:00Z")
                .or(400, ""),
        ),
        Endpoint::at("/api/documents/{id}/jobresults")
            .get(results_of_document)
            .says(openapi::list::<JobResult>("List the results of all jobs of a document")),
    ]
}

fn updated() -> Says {
    openapi::entity::<Job>("Change a job").details("What is absent stays as it is.")
}

/// `POST /api/jobs`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(CreateJob(fields)): Json<CreateJob>,
) -> Answer {
    let made = jobs::create(&site, &caller.0, fields).await?;
    let body = Job::seen_at(&made, site.clock.now());
    answer::created(format!("/api/jobs/{}", made.id), &body, made.lock)
}

/// `GET /api/jobs`. The next runs depend on the time: no tag says that the list is as it was.
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = jobs::list(&site, &caller.0, &request.query).await?.read().await?;
    let now = site.clock.now();
    answer::part(list.total, list.iter().map(|job| Job::seen_at(job, now)))
}

/// `GET /api/jobs/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let found = jobs::get(&site, &caller.0, JobId(id.0)).await?;
    answer::entity(&Job::seen_at(&found, site.clock.now()), found.lock)
}

/// `PUT /api/jobs`, `PUT /api/jobs/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    target: Target,
    if_match: IfMatch,
    Json(body): Json<UpdateJob>,
) -> Answer {
    let command = jobs::UpdateJob {
        id: JobId(target.id(body.id)?),
        lock: if_match.lock(body.lock)?,
        fields: body.fields,
    };
    let changed = jobs::update(&site, &caller.0, command).await?;
    answer::entity(&Job::seen_at(&changed, site.clock.now()), changed.lock)
}

/// `DELETE /api/jobs?id=`, `DELETE /api/jobs/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, target: Target) -> Answer {
    jobs::delete(&site, &caller.0, JobId(target.id(None)?)).await?;
    answer::done()
}

/// `POST /api/jobs/{id}/preview`: the next runs, without a body too.
async fn preview(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    Json(body): Json<PreviewJob>,
) -> Answer {
    let command = jobs::PreviewJob {
        id: JobId(id.0),
        count: body.count,
        start_date: body.start_date,
        time_zone: body.time_zone,
        recurrence_rule: body.recurrence_rule,
    };
    answer::value(&JobPreview::from(jobs::preview(&site, &caller.0, command).await?))
}

/// `GET /api/jobs/{id}/jobresults?startDate=&endDate=`
async fn results(request: HttpRequest, site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let queried = |name: &str| {
        let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let found = pairs.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.into_owned())
    };
    let command = jobs::ListResults {
        id: JobId(id.0),
        start_date: queried("startDate"),
        end_date: queried("endDate"),
    };
    let all = jobs::results(&site, &caller.0, command).await?;
    answer::list(all.iter().map(JobResult::from))
}

/// `GET /api/documents/{id}/jobresults`
async fn results_of_document(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let all = documents::job_results(&site, &caller.0, DocumentId(id.0)).await?;
    answer::list(all.iter().map(JobResult::from))
}

/// `POST /api/jobs/{id}/execute`, once jobs are run.
async fn execute(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match jobs::execute(&site, &caller.0, JobId(id.0)).await? {}
}

/// `GET /api/jobs/{id}/runs`, once jobs are run.
async fn runs(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match jobs::runs(&site, &caller.0, JobId(id.0)).await? {}
}

/// `GET /api/jobs/{id}/runs/{runId}`, once jobs are run.
async fn run(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match jobs::run(&site, &caller.0, JobId(id.0)).await? {}
}

/// `POST /api/jobs/{id}/runs/{runId}/cancel`, once jobs are run.
async fn stop_run(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match jobs::stop_run(&site, &caller.0, JobId(id.0)).await? {}
}

/// `POST /api/jobs/generateddocuments/{id}/export`, `POST /api/jobs/results/{id}`, `GET` too, once
/// files of jobs are kept.
async fn generated_document(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match jobs::generated_document(&site, &caller.0, JobResultId(id.0)).await? {}
}
