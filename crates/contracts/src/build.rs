//! Builders: entities whose every field is plausible, to be changed where a test cares.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "the values are right as they stand"
)]

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    AccessToken, AccountType, Actor, ApiKeyId, AuditEntry, BlobHash, CalculatedDate, Category,
    CategoryId, ClientId, DataModel, DataModelId, Days, Description, Document, DocumentId,
    DocumentType, EmailAddress, EmailDeliveryFormat, ExportId, ExportRequest, ExternalSubject,
    Format, Group, Holder, Job, JobDetails, JobId, JobMode, JobParameter, JobRun, JobStatus, Mail,
    Name, NewApiKey, NewCategory, NewDataModel, NewDocument, NewExport, NewGroup, NewJob,
    NewJobResult, NewJobRun, NewRevision, NewUser, Node, NodeName, NodeState, OptimisticLock,
    ParameterValue, Permission, ProviderModel, Recurrence, Schedule, Seconds, SharedFolder, SignIn,
    SignInId, Subject, SubjectKind, TimeZone, TokenHash, TokenOrigin, User, UserId, UserName, Verb,
};
use pressroom_ports::{Change, ExternalClaims, Grant, NewSignIn, Stores, UsedApiKey};
use serde_json::Map;

/// So many microseconds after 2026-03-02 09:30 UTC.
#[must_use]
pub fn at(microseconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_772_443_800_000_000 + microseconds)
}

/// A name.
#[must_use]
pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A user name.
#[must_use]
pub fn user_name(text: &str) -> UserName {
    UserName::new(text).unwrap()
}

/// An e-mail address.
#[must_use]
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::new(text).unwrap()
}

/// A mail, of use for a year.
#[must_use]
pub fn mail(subject: &str) -> Mail {
    Mail {
        to: vec![email("ann@example.com")],
        subject: subject.to_owned(),
        text: "Guten Morgen, Ångström!\n".to_owned(),
        html: "<p>Guten Morgen, Ångström!</p>".to_owned(),
        useful_until: Some(at(0) + TimeDelta::days(365)),
    }
}

/// A server that runs since the first microsecond, and was seen at the second.
#[must_use]
pub fn node(name: &str) -> Node {
    Node {
        name: NodeName::new(name),
        version: "1.2.3".to_owned(),
        address: "127.0.0.1:8080".to_owned(),
        state: NodeState::Running,
        started_at: at(1),
        seen_at: at(2),
        running: 1,
        capacity: 2,
    }
}

/// A description.
#[must_use]
pub fn description(text: &str) -> Description {
    Description::new(text).unwrap()
}

/// A number of seconds.
#[must_use]
pub fn seconds(seconds: i64) -> Seconds {
    Seconds::new("seconds", seconds).unwrap()
}

/// A line of the trail about the making of something whose id is not known yet.
#[must_use]
pub fn created(kind: SubjectKind) -> AuditEntry {
    line(Verb::Create, kind, None)
}

/// A line of the trail about something.
#[must_use]
pub fn line(verb: Verb, kind: SubjectKind, id: Option<String>) -> AuditEntry {
    AuditEntry {
        at: at(1),
        actor: Actor { user_id: Some(UserId(1)), name: "ann".into() },
        from: Some([192, 0, 2, 1].into()),
        verb,
        subject: Subject { kind, id },
        detail: "a test".into(),
    }
}

/// A write of an entity of an id.
pub fn change<T>(
    entity: T,
    verb: Verb,
    kind: SubjectKind,
    id: impl std::fmt::Display + Copy,
) -> Change<T> {
    Change::new(entity, line(verb, kind, Some(id.to_string())))
}

/// A category to be made.
#[must_use]
pub fn new_category(text: &str) -> Change<NewCategory> {
    Change::new(NewCategory { name: name(text) }, created(SubjectKind::Category))
}

/// A revision to be made, whose layout has a hash that repeats `byte`.
#[must_use]
pub fn new_revision(byte: u8) -> NewRevision {
    NewRevision {
        created_at: at(123_456),
        user_name: user_name("ann"),
        comment: description("first try"),
        layout: BlobHash::from_bytes([byte; 32]),
        data_models: BTreeSet::new(),
    }
}

/// A document to be made.
#[must_use]
pub fn new_document(category_id: CategoryId, text: &str) -> Change<NewDocument> {
    let new = NewDocument {
        category_id,
        name: name(text),
        description: description("what it shows"),
        document_type: DocumentType::Report,
        auto_refresh_interval: Seconds::ZERO,
        revision: new_revision(1),
    };
    Change::new(new, created(SubjectKind::Document))
}

/// A data model to be made.
#[must_use]
pub fn new_data_model(text: &str) -> Change<NewDataModel> {
    let new = NewDataModel {
        name: name(text),
        description: description("a trading company"),
        command_timeout: seconds(30),
        cache_seconds: Seconds::ZERO,
        provider: ProviderModel::sqlite("XpoProvider=SQLite;Data Source=Größe 漢字.db;Password=p;"),
    };
    Change::new(new, created(SubjectKind::DataModel))
}

/// A data model as it is made.
#[must_use]
pub fn data_model(text: &str) -> DataModel {
    DataModel::new(DataModelId(1), new_data_model(text).entity)
}

/// A group to be made.
#[must_use]
pub fn new_group(text: &str) -> Change<NewGroup> {
    Change::new(NewGroup { name: name(text), built_in: None }, created(SubjectKind::Group))
}

/// An active user to be made, without password and groups.
#[must_use]
pub fn new_user(text: &str) -> Change<NewUser> {
    let new = NewUser {
        user_name: user_name(text),
        first_name: Some(name("Ann")),
        last_name: Some(name("Ångström")),
        email: None,
        account_type: AccountType::ReportServer,
        groups: Vec::new(),
        active: true,
        pending: false,
        password: None,
    };
    Change::new(new, created(SubjectKind::User))
}

/// A token of a user that expires at a time.
#[must_use]
pub fn token(byte: u8, user_id: UserId, expires_at: DateTime<Utc>) -> Change<AccessToken> {
    let origin = TokenOrigin::SignIn(SignInId::from_bytes([byte; 16]));
    let token = access_token(byte, user_id, origin, expires_at);
    change(token, Verb::SignIn, SubjectKind::User, user_id)
}

/// What is kept of a token that came from somewhere.
#[must_use]
pub fn access_token(
    byte: u8,
    user_id: UserId,
    origin: TokenOrigin,
    expires_at: DateTime<Utc>,
) -> AccessToken {
    let hash = TokenHash::from_bytes([byte; 32]);
    AccessToken { hash, user_id, origin, issued_at: at(0), expires_at }
}

/// A sign-in of a user that can be refreshed until a time. Its access token has the hash that
/// [`token`] gives, its refresh token a hash that repeats `byte + 100`.
#[must_use]
pub fn sign_in(byte: u8, user: &User, expires_at: DateTime<Utc>) -> Change<NewSignIn> {
    let sign_in = SignIn {
        id: SignInId::from_bytes([byte; 16]),
        user_id: user.id,
        refresh: TokenHash::from_bytes([byte + 100; 32]),
        started_at: at(0),
        expires_at,
    };
    let access = token(byte, user.id, at(1_199_000_000)).entity;
    let new = NewSignIn { sign_in, access, seen: user.lock };
    change(new, Verb::SignIn, SubjectKind::User, user.id)
}

/// What a provider says about somebody.
#[must_use]
pub fn claims(subject: &str, user_name: &str) -> ExternalClaims {
    ExternalClaims {
        subject: ExternalSubject::new("https://id.example.com", subject).unwrap(),
        user_name: Some(user_name.to_owned()),
        first_name: Some("Ann".into()),
        last_name: Some("Ångström".into()),
        name: None,
        email: Some("ann@example.com".into()),
        email_verified: true,
        groups: None,
    }
}

/// An API key of a user to be made, whose client id and secret repeat `byte`.
#[must_use]
pub fn new_api_key(byte: u8, user_id: UserId) -> Change<NewApiKey> {
    let new = NewApiKey {
        user_id,
        client_id: ClientId::from_bytes([byte; 16]),
        secret: TokenHash::from_bytes([byte; 32]),
        name: name("nightly copy"),
        created_at: at(7),
        expires_at: None,
    };
    change(new, Verb::CreateKey, SubjectKind::User, user_id)
}

/// A program that signs in by a key; its access token has a hash that repeats `byte`.
#[must_use]
pub fn used_api_key(byte: u8, id: ApiKeyId, user_id: UserId) -> Change<UsedApiKey> {
    let access = access_token(byte, user_id, TokenOrigin::ApiKey(id), at(1_199_000_000));
    change(UsedApiKey { id, at: at(9), access }, Verb::SignIn, SubjectKind::User, user_id)
}

/// An export to be queued, with a number as id.
#[must_use]
pub fn new_export(number: u8, owner: UserId, queued_at: DateTime<Utc>) -> Change<NewExport> {
    let id = ExportId::from_bytes([number; 16]);
    let request = ExportRequest {
        document_id: DocumentId(1),
        document_name: name("Rechnung Größe 漢字"),
        layout: BlobHash::from_bytes([number; 32]),
        format: Format::Pdf,
        options: Map::from_iter([("pageRange".to_owned(), "1-3".into())]),
        arguments: Vec::new(),
    };
    let new = NewExport { id, owner, request, queued_at };
    change(new, Verb::Start, SubjectKind::Export, id)
}

/// What people say about a job that prints a document every day at 07:30 in Berlin.
#[must_use]
pub fn job_details(document_id: DocumentId, text: &str) -> JobDetails {
    let rule = Recurrence::parse("FREQ=DAILY;BYHOUR=7;BYMINUTE=30").unwrap();
    let zone = TimeZone::find("Europe/Berlin").unwrap();
    let parameter = |text: &str, value| JobParameter { name: name(text), value };
    JobDetails {
        name: name(text),
        mode: JobMode::Document,
        document_id,
        parameters: vec![
            parameter("Größe", ParameterValue::Static(serde_json::json!(["漢字", null, 1.5]))),
            parameter(
                "from",
                ParameterValue::Calculated(CalculatedDate::find("StartOfPreviousMonth").unwrap()),
            ),
        ],
        enabled: true,
        schedule: Schedule::new(at(0), zone, Some(rule)),
        retention: Days::new("days", 30).unwrap(),
        email_delivery_format: EmailDeliveryFormat::Pdf,
        send_individual_emails: true,
        send_blank_document: false,
        subscribed_emails: vec![EmailAddress::new("ann@example.com").unwrap()],
        shared_folders: vec![SharedFolder::new("/srv/reports").unwrap()],
        internal_subscribers: vec![UserId(1), UserId(7)],
    }
}

/// A job to be made.
#[must_use]
pub fn new_job(document_id: DocumentId, text: &str) -> Change<NewJob> {
    let details = job_details(document_id, text);
    let new = NewJob { owner: UserId(1), details, next_run: Some(at(5_000_000)) };
    Change::new(new, created(SubjectKind::Job))
}

/// A job that prints a document of its own.
pub async fn job(stores: &Stores, text: &str) -> Job {
    let document = document(stores, "Invoice").await;
    stores.jobs.create(new_job(document.id, text)).await.unwrap()
}

/// A run of a job.
pub async fn job_run(stores: &Stores, job: JobId) -> JobRun {
    let run = NewJobRun { job_id: job, started_at: at(0) };
    let run = change(run, Verb::Start, SubjectKind::Job, job);
    stores.job_results.begin_run(run).await.unwrap()
}

/// A result to be recorded, made at a time.
#[must_use]
pub fn new_job_result(run: &JobRun, document_id: DocumentId, micros: i64) -> Change<NewJobResult> {
    let result = NewJobResult {
        run_id: run.id,
        document_id,
        name: "Rechnung 漢字".to_owned(),
        created_at: at(micros),
        status: JobStatus::Success,
        message: String::new(),
        recipients: vec!["ann@example.com".to_owned()],
        parameters: Map::from_iter([("year".to_owned(), 2026.into())]),
    };
    Change::new(result, created(SubjectKind::JobResult))
}

/// Makes a category.
pub async fn category(stores: &Stores, text: &str) -> Category {
    stores.categories.create(new_category(text)).await.unwrap()
}

/// Makes a document in a category of its own.
pub async fn document(stores: &Stores, text: &str) -> Document {
    let category = category(stores, "Shelf").await;
    stores.documents.create(new_document(category.id, text)).await.unwrap()
}

/// Makes a user.
pub async fn user(stores: &Stores, text: &str) -> User {
    stores.users.create(new_user(text)).await.unwrap()
}

/// Makes a group.
pub async fn group(stores: &Stores, text: &str) -> Group {
    stores.groups.create(new_group(text)).await.unwrap()
}

/// All that a user or group may do from now on.
#[must_use]
pub fn grant(holder: Holder, expected: Option<i64>, permissions: &[Permission]) -> Change<Grant> {
    let expected = expected.map(OptimisticLock);
    let grant = Grant { holder, expected, permissions: permissions.to_vec() };
    match holder {
        Holder::User(id) => change(grant, Verb::Grant, SubjectKind::User, id),
        Holder::Group(id) => change(grant, Verb::Grant, SubjectKind::Group, id),
    }
}
