//! Every field, right and wrong.

use pressroom_domain::Scope;
use serde_json::json;

use super::*;
use crate::test_site::{Site, names_report};

/// A caller who may make jobs, and a site.
async fn site() -> (Site, Caller) {
    let site = Site::with(|settings| {
        settings.folder_roots = vec!["/srv/reports".into(), "/mnt/share".into()];
    })
    .await;
    let admin = site.administrator().await;
    (site, admin)
}

async fn try_details(
    site: &Site,
    caller: &Caller,
    fields: JobFields,
) -> Result<JobDetails, Vec<(String, String)>> {
    match fields.details(&site.app, caller, None, Check::default()).await {
        Ok(details) => Ok(details),
        Err(Error::Invalid(problems)) => {
            Err(problems.into_iter().map(|problem| (problem.field, problem.message)).collect())
        }
        Err(other) => panic!("{other}"),
    }
}

fn parameter(name: &str, source: Source, value: Value) -> ParameterField {
    ParameterField { name: name.into(), source, value }
}

#[tokio::test]
async fn everything_that_is_right_is_taken() {
    let (site, admin) = site().await;
    let document = site.document_of("Names", &names_report()).await;
    let model = site.data_model("Northwind").await;
    let fields = JobFields {
        name: Some("Bills".into()),
        mode: Some(Mode::BillingStatement),
        document_id: Some(document.id.0),
        parameters: Some(vec![parameter("LEAST", Source::Bound, json!("Number"))]),
        billing_statement_binding: Some(BillingField {
            data_model_id: Some(model.id.0),
            data_member: Some("Customers".into()),
            email_address_field: Some("EMail".into()),
            email_recipient_field: Some(" ".into()),
        }),
        time_zone: Some("europe/berlin".into()),
        recurrence_rule: Some("RRULE:FREQ=WEEKLY;BYDAY=MO".into()),
        retention_period: Some(30),
        subscribed_emails: Some(vec!["ann@example.com".into(), " ann@example.com".into()]),
        shared_folders: Some(vec!["/srv/reports/bills".into(), "/mnt/share".into()]),
        internal_subscriber_ids: Some(vec![admin.user().id.0, admin.user().id.0]),
        ..JobFields::default()
    };
    let details = try_details(&site, &admin, fields).await.unwrap();
    assert_eq!(details.schedule.zone().name(), "Europe/Berlin");
    assert_eq!(details.schedule.start().to_rfc3339(), "2026-03-02T09:30:00+00:00", "now");
    assert_eq!(details.subscribed_emails.len(), 1);
    assert_eq!(details.internal_subscribers, [admin.user().id]);
    assert_eq!(details.mode.binding().unwrap().email_recipient_field, None);
    assert!(details.enabled && !details.send_blank_document && !details.send_individual_emails);
    assert_eq!(details.email_delivery_format, EmailDeliveryFormat::Url);
    assert_eq!(details.parameters[0].value.value(), json!("Number"));
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field_and_all_at_once() {
    let (site, admin) = site().await;
    let fields = JobFields {
        name: Some(" ".into()),
        mode: Some(Mode::BillingStatement),
        time_zone: Some("Berlin".into()),
        recurrence_rule: Some("FREQ=DAILY;BYHOUR=24".into()),
        start_date: Some("soon".into()),
        retention_period: Some(-1),
        billing_statement_binding: Some(BillingField::default()),
        subscribed_emails: Some(vec!["ann@example.com".into(), "bob".into()]),
        shared_folders: Some(vec!["/etc".into(), "reports".into(), "/srv/reports/../x".into()]),
        internal_subscriber_ids: Some(vec![987_654]),
        ..JobFields::default()
    };
    let told = try_details(&site, &admin, fields).await.unwrap_err();
    let fields: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "name",
            "documentId",
            "timeZone",
            "billingStatementBinding.dataModelId",
            "billingStatementBinding.dataMember",
            "billingStatementBinding.emailAddressField",
            "retentionPeriod",
            "subscribedEmails[1]",
            "sharedFolders[0]",
            "sharedFolders[1]",
            "sharedFolders[2]",
            "internalSubscriberIds[0]",
        ]
    );
    let message = |wanted: &str| &told.iter().find(|(field, _)| field == wanted).unwrap().1;
    assert!(message("timeZone").contains("did you mean Europe/Berlin"));
    assert_eq!(message("sharedFolders[0]"), "must be below /srv/reports or /mnt/share");
    assert_eq!(message("internalSubscriberIds[0]"), "user 987654 does not exist");
}

#[tokio::test]
async fn schedules_are_checked() {
    let (site, admin) = site().await;
    let document_id = Some(site.document("Invoice").await.id.0);
    let check = async |rule: &str, start: &str, field: &str| {
        let fields = JobFields {
            name: Some("Daily".into()),
            document_id,
            recurrence_rule: Some(rule.into()),
            start_date: Some(start.into()),
            ..JobFields::default()
        };
        let told = try_details(&site, &admin, fields).await.map(|_| ()).unwrap_err();
        let fields: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, [field], "{rule} {start}");
    };
    check("FREQ=DAILY;BYHOUR=24", "2026-01-01", "recurrenceRule").await;
    check("FREQ=DAILY", "2026-13-01", "startDate").await;
    check("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "recurrenceRule").await;
}

#[tokio::test]
async fn parameters_are_those_of_the_report() {
    let (site, admin) = site().await;
    let report = site.document_of("Names", &names_report()).await.id.0;
    let board = site.dashboard("Sales").await.id.0;
    let check = async |document: i64, parameters: Vec<ParameterField>, expect: &[(&str, &str)]| {
        let shown = format!("{parameters:?}");
        let fields = JobFields {
            name: Some("Daily".into()),
            document_id: Some(document),
            parameters: Some(parameters),
            ..JobFields::default()
        };
        let told = try_details(&site, &admin, fields).await.map(|_| ()).err().unwrap_or_default();
        assert_eq!(told.len(), expect.len(), "{shown}: {told:?}");
        for ((field, message), (expected_field, part)) in told.iter().zip(expect) {
            assert_eq!(field, expected_field, "{shown}");
            assert!(message.contains(part), "{shown}: {message}");
        }
    };
    let one = |name: &str, source, value| vec![parameter(name, source, value)];
    check(report, one("least", Source::Static, json!(5)), &[]).await;
    check(report, one("Least", Source::Static, json!(null)), &[]).await;
    let wrong = [("parameters[0]", "least: ")];
    check(report, one("least", Source::Static, json!("many")), &wrong).await;
    check(report, one("least", Source::Static, json!({"a": 1})), &wrong).await;
    let unknown = [("parameters[0]", "nowhere: the report has no such parameter; it has least")];
    check(report, one("nowhere", Source::Static, json!(1)), &unknown).await;
    let no_date = [("parameters[0]", "least: ")];
    check(report, one("least", Source::Calculated, json!("StartOfCurrentYear")), &no_date).await;
    let no_name = [("parameters[0].value", "such as StartOfPreviousMonth")];
    check(report, one("least", Source::Calculated, json!("StartOfTheEnd")), &no_name).await;
    check(report, one("least", Source::Calculated, json!(7)), &no_name).await;
    let not_here = [("parameters[0].source", "only where mode is billingStatement")];
    check(report, one("least", Source::Bound, json!("n")), &not_here).await;
    let twice = vec![
        parameter("least", Source::Static, json!(1)),
        parameter("LEAST", Source::Static, json!(2)),
    ];
    check(report, twice, &[("parameters[1].name", "stands twice")]).await;
    check(board, one("year", Source::Static, json!(2026)), &[]).await;
    let unknown = [("parameters[0]", "month: the dashboard has no such parameter; it has year")];
    check(board, one("month", Source::Static, json!(1)), &unknown).await;
    let many = vec![parameter("least", Source::Static, json!(1)); MOST + 1];
    check(report, many, &[("parameters", "at most 500 fit")]).await;
}

#[tokio::test]
async fn without_roots_no_folder_is_written_to() {
    let site = Site::new().await;
    let admin = site.administrator().await;
    let fields = JobFields {
        name: Some("Daily".into()),
        document_id: Some(site.document("Invoice").await.id.0),
        shared_folders: Some(vec!["/srv/reports".into()]),
        ..JobFields::default()
    };
    let told = try_details(&site, &admin, fields).await.unwrap_err();
    assert!(told[0].1.contains("delivery.folder_roots"), "{told:?}");
}

#[tokio::test]
async fn the_billing_model_has_to_be_readable() {
    let (site, _) = site().await;
    let document = site.document("Invoice").await;
    let model = site.data_model("Northwind").await;
    let fields = JobFields {
        name: Some("Bills".into()),
        mode: Some(Mode::BillingStatement),
        document_id: Some(document.id.0),
        billing_statement_binding: Some(BillingField {
            data_model_id: Some(model.id.0),
            data_member: Some("Customers".into()),
            email_address_field: Some("EMail".into()),
            email_recipient_field: None,
        }),
        ..JobFields::default()
    };
    let read = (Access::READ, Scope::AllDocuments);
    let blind = site.reader("blind", &[read]).await;
    let details = fields.clone().details(&site.app, &blind, None, Check::default()).await;
    let expect = format!("data model {} does not exist", model.id);
    assert_eq!(details.unwrap_err().to_string(), expect);
    let seeing = site.reader("seeing", &[read, (Access::READ, Scope::DataModel(model.id))]).await;
    assert!(fields.details(&site.app, &seeing, None, Check::default()).await.is_ok());
}
