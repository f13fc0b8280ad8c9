//! `/api/jobs/{id}/jobresults`

use serde_json::{Value, json};

use crate::site::Site;

const HOUR: i64 = 3_600_000_000;

#[actix_web::test]
async fn results_come_newest_first_and_within_a_span() {
    let site = Site::new().await;
    let token = site.admin().await;
    let job = site.job("Daily").await;
    let mut ids = Vec::new();
    for hours in [0, 1, 24] {
        ids.push(site.job_result(job, hours * HOUR).await);
    }
    site.job_result(site.job("Other").await, HOUR).await;
    let get = async |query: &str| {
        let address = format!("GET /api/jobs/{job}/jobresults{query}");
        site.ask(&address).token(&token).send().await
    };
    let all = get("").await;
    assert_eq!((all.status, all.header("x-total-count")), (200, "3"));
    let newest = all.json()[0].clone();
    let document = newest["documentId"].clone();
    assert!(newest["runId"].is_i64() && document.is_i64());
    let expect = json!({
        "id": ids[2], "runId": newest["runId"], "jobId": job, "documentId": document,
        "name": "Rechnung 漢字", "createdOn": "2026-03-03T09:30:00Z", "status": "Success",
        "message": "", "recipients": ["ann@example.com"], "executionParameters": {"year": 2026},
    });
    assert_eq!(newest, expect);
    let listed = async |query: &str| -> Vec<Value> {
        let found = get(query).await.json();
        found.as_array().unwrap().iter().map(|result| result["id"].clone()).collect()
    };
    assert_eq!(listed("").await, [ids[2], ids[1], ids[0]]);
    assert_eq!(listed("?startDate=2026-03-03").await, [ids[2]]);
    assert_eq!(listed("?STARTDATE=2026-03-02&enddate=2026-03-02").await, [ids[1], ids[0]]);
    assert_eq!(listed("?endDate=2026-03-02T09:30:00Z").await, [ids[0]]);
    assert_eq!(listed("?startDate=&endDate=").await, [ids[2], ids[1], ids[0]]);
    for (query, field) in [
        ("?startDate=soon", "startDate"),
        ("?endDate=2026-02-30", "endDate"),
        ("?startDate=2026-03-03&endDate=2026-03-02", "endDate"),
    ] {
        let answer = get(query).await;
        answer.problem(400);
        assert!(answer.json()["errors"][field].is_array(), "{query}");
    }
    let job = site.ask(&format!("GET /api/jobs/{job}")).token(&token).send().await;
    assert_eq!(job.json()["lastResult"], newest);
    site.ask("GET /api/jobs/987654/jobresults").token(&token).send().await.problem(404);
}
