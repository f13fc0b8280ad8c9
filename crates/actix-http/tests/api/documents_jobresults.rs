//! `/api/documents/{id}/jobresults`

use pressroom_domain::{Access, DocumentId, JobId, Scope};
use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn who_reads_a_document_sees_what_all_its_jobs_made() {
    let site = Site::new().await;
    let (job, other) = (site.job("Daily").await, site.job("Other").await);
    let (first, second) = (site.job_result(job, 1).await, site.job_result(job, 2).await);
    site.job_result(other, 1).await;
    let document = site.app.stores.jobs.get(JobId(job)).await.unwrap().details.document_id;
    let token = site.reader("rita", &[(Access::READ, Scope::Document(document))]).await;
    let get = async |document: DocumentId, token: &str| {
        let address = format!("GET /api/documents/{document}/jobresults");
        site.ask(&address).token(token).send().await
    };
    let found = get(document, &token).await.json();
    assert_eq!((&found[0]["id"], &found[1]["id"]), (&json!(second), &json!(first)));
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    let stranger = site.reader("stranger", &[(Access::READ, Scope::AllScheduledJobs)]).await;
    get(document, &stranger).await.problem(404);
    get(DocumentId(987_654), &site.admin().await).await.problem(404);
}
