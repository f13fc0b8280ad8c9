//! `/api/jobs/{id}/preview`

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn the_next_runs_are_told() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = site.job("Daily").await;
    let preview = async |body: &str| {
        let ask = site.ask(&format!("POST /api/jobs/{id}/preview")).token(&token);
        if body.is_empty() { ask.send().await } else { ask.body(body).send().await }
    };
    let plain = preview("").await;
    assert_eq!(plain.status, 200, "{plain:?}");
    assert_eq!(plain.json()["runs"].as_array().map(Vec::len), Some(10));
    let across =
        preview(r#"{"count":2,"startDate":"2026-03-28T02:30:00","recurrenceRule":"FREQ=DAILY"}"#)
            .await;
    // On the second day the clocks are put forward over it.
    let expect = json!({
        "timeZone": "Europe/Berlin",
        "runs": ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"],
    });
    assert_eq!(across.json(), expect);
    let once = preview(r#"{"startDate":"2026-05-01T00:00:00Z","recurrenceRule":""}"#).await;
    assert_eq!(once.json()["runs"], json!(["2026-05-01T00:00:00Z"]));
    for (body, field) in [
        (r#"{"count":0}"#, "count"),
        (r#"{"count":101}"#, "count"),
        (r#"{"recurrenceRule":"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}"#, "recurrenceRule"),
        (r#"{"timeZone":"Mars"}"#, "timeZone"),
        (r#"{"startDate":7}"#, "startDate"),
    ] {
        let answer = preview(body).await;
        answer.problem(400);
        assert!(answer.json()["errors"][field].is_array(), "{body}");
    }
    let after = site.ask(&format!("GET /api/jobs/{id}")).token(&token).send().await;
    assert_eq!(after.json()["optimisticLock"], 0, "nothing is written");
    site.ask("POST /api/jobs/987654/preview").token(&token).send().await.problem(404);
}
