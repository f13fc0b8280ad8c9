//! What every store promises about texts.

use chrono::TimeDelta;
use pressroom_domain::{
    Actor, Argument, AuditEntry, CustomQueryKey, DocumentSave, ExportFault, ExportProgress,
    ExportState, ExternalSubject, JobParameter, NewCustomQuery, NewExternalUser, NewUser, NodeName,
    ParameterType, ParameterValue, Percent, QueryParameter, SqlText, SubjectKind, Verb, Warning,
};
use pressroom_ports::{
    AuditPart, AuditQuery, AuditedUser, Change, Kind, Slice, StoreError, Stores,
};
use serde_json::{Map, json};

use super::{assert_error, last_line};
use crate::build::{self, at};

/// Makes tests of the texts of a store.
#[macro_export]
macro_rules! texts_contract {
    ($make:expr) => {
        $crate::suite! { texts, $make,
            user_names_that_only_look_alike_differ
            group_names_that_only_look_alike_differ
            data_model_names_that_only_look_alike_differ
            query_names_that_only_look_alike_differ
            document_names_that_only_look_alike_differ
            subjects_that_only_look_alike_differ
            moments_that_only_look_alike_differ
            who_did_it_is_compared_to_the_letter
            names_of_the_greatest_length_are_kept_and_found
            names_that_differ_in_their_last_character_differ
            descriptions_and_queries_of_the_greatest_length_are_kept
            every_character_comes_back
            empty_texts_stay_empty
            a_nul_counts_as_a_replacement_character
            looking_for_a_nul_finds_nothing
            keeps_a_megabyte_of_what_an_export_was_asked_for
            keeps_a_megabyte_of_what_became_of_an_export
            keeps_a_megabyte_in_a_line_of_the_trail
            keeps_a_megabyte_in_a_job_and_its_result
            keeps_a_megabyte_in_a_mail
            a_layout_may_name_what_no_data_model_can_be_called
        }
    };
}

/// Names that an engine's idea of a language takes for one another, and that are different: by
/// accent, by the way an accent is written, by width, by script, by what is not seen, by a ligature.
const ALIKE: [&str; 28] = [
    "ann",
    "änn",
    "a\u{308}nn",
    "ａｎｎ",
    "аnn",
    "an n",
    "an\u{a0}n",
    "an-n",
    "ann\u{200b}",
    "ann\u{ad}",
    "ann\u{fffd}",
    "ann_",
    "ann%",
    "annß",
    "annss",
    "annı",
    "anni",
    "annæ",
    "annae",
    "annﬁ",
    "annfi",
    "ann1",
    "ann①",
    "annか",
    "annカ",
    "annが",
    "ann🧾",
    "ann🧿",
];

/// More than a megabyte of characters that take four bytes in UTF-8, and two words in UTF-16.
fn large() -> String {
    "🧾𝄞".repeat(150_000)
}

fn query(model: pressroom_domain::DataModelId, name: &str, sql: &str) -> Change<NewCustomQuery> {
    let parameter = |name: &str, value: Option<&str>| QueryParameter {
        name: build::name(name),
        data_type: ParameterType::String,
        value: value.map(str::to_owned),
    };
    let new = NewCustomQuery {
        model,
        name: build::name(name),
        sql: SqlText::new(sql).unwrap(),
        parameters: vec![parameter("@empty", Some("")), parameter("@none", None)],
    };
    build::change(new, Verb::Create, SubjectKind::DataModel, model)
}

fn external(subject: ExternalSubject, user_name: &str) -> Change<NewExternalUser> {
    let user = NewUser { ..build::new_user(user_name).entity };
    Change::new(NewExternalUser { subject, user }, build::created(SubjectKind::User))
}

/// Each is somebody else.
pub async fn user_names_that_only_look_alike_differ(stores: &Stores) {
    let mut made = Vec::new();
    for text in ALIKE {
        made.push(build::user(stores, text).await);
    }
    for (text, user) in ALIKE.iter().zip(made) {
        assert_eq!(stores.users.find_by_name(text).await.unwrap(), Some(user), "{text}");
    }
}

/// Each is another one.
pub async fn group_names_that_only_look_alike_differ(stores: &Stores) {
    for text in ALIKE {
        assert_eq!(build::group(stores, text).await.name.as_str(), text);
    }
}

/// A layout means the one that is called so, and no other.
pub async fn data_model_names_that_only_look_alike_differ(stores: &Stores) {
    let mut made = Vec::new();
    for text in ALIKE {
        made.push(stores.data_models.create(build::new_data_model(text)).await.unwrap());
    }
    for (text, model) in ALIKE.iter().zip(made) {
        assert_eq!(stores.data_models.find_by_name(text).await.unwrap(), Some(model), "{text}");
    }
}

/// Each is another one of its data model.
pub async fn query_names_that_only_look_alike_differ(stores: &Stores) {
    let model = stores.data_models.create(build::new_data_model("Sales")).await.unwrap().id;
    let mut made = Vec::new();
    for text in ALIKE {
        made.push(stores.custom_queries.create(query(model, text, "select 1")).await.unwrap());
    }
    for (text, query) in ALIKE.iter().zip(made) {
        let key = CustomQueryKey { model, name: (*text).to_owned() };
        assert_eq!(stores.custom_queries.get(&key).await.unwrap(), query, "{text}");
    }
}

/// A name finds the documents that are called so, and no others.
pub async fn document_names_that_only_look_alike_differ(stores: &Stores) {
    let shelf = build::category(stores, "Shelf").await.id;
    let mut made = Vec::new();
    for text in ALIKE {
        made.push(stores.documents.create(build::new_document(shelf, text)).await.unwrap());
    }
    for (text, document) in ALIKE.iter().zip(made) {
        assert_eq!(stores.documents.find_by_name(text).await.unwrap(), [document], "{text}");
    }
}

/// Subjects are compared letter by letter, blanks around them included.
pub async fn subjects_that_only_look_alike_differ(stores: &Stores) {
    let mut made = Vec::new();
    let others = ["ANN", " ann", "ann ", "ann  "];
    for (number, text) in ALIKE.iter().chain(&others).enumerate() {
        let subject = ExternalSubject::new("https://id.example.com", text).unwrap();
        assert_eq!(stores.external_users.find(&subject).await.unwrap(), None, "{text:?}");
        let user = external(subject.clone(), &format!("user {number}"));
        made.push((subject, stores.external_users.create(user).await.unwrap()));
    }
    for (subject, user) in made {
        assert_eq!(stores.external_users.find(&subject).await.unwrap(), Some(user), "{subject:?}");
    }
}

/// A moment's name is compared letter by letter.
pub async fn moments_that_only_look_alike_differ(stores: &Stores) {
    let names = || ALIKE.iter().chain(&["ANN", "ann "]).zip(0..);
    for (text, number) in names() {
        assert_eq!(stores.moments.note(text, at(number)).await.unwrap(), at(number), "{text:?}");
    }
    for (text, number) in names() {
        assert_eq!(stores.moments.noted(text).await.unwrap(), Some(at(number)), "{text:?}");
    }
}

/// What a stranger typed is not what somebody else is called.
pub async fn who_did_it_is_compared_to_the_letter(stores: &Stores) {
    let names: Vec<&str> = ALIKE.into_iter().chain(["ANN", " ann", "ann ", ""]).collect();
    for name in &names {
        let actor = Actor { user_id: None, name: (*name).to_owned() };
        let line = build::line(Verb::SignInRefused, SubjectKind::User, None);
        stores.audit.append(AuditEntry { actor, ..line }).await.unwrap();
    }
    let all = AuditPart { newest_first: false, beyond: None, skip: 0, limit: 100 };
    for name in names {
        let who = Some(AuditedUser { id: None, name: Some(name.to_owned()) });
        let query = AuditQuery { who, ..AuditQuery::default() };
        let found = stores.audit.find(&query, all).await.unwrap();
        let found: Vec<&str> = found.iter().map(|line| line.entry.actor.name.as_str()).collect();
        assert_eq!(found, [name]);
        assert_eq!(stores.audit.count(&query).await.unwrap(), 1);
    }
}

/// Whatever its characters take, and whatever they become in lower case.
pub async fn names_of_the_greatest_length_are_kept_and_found(stores: &Stores) {
    for character in ["🧾", "İ", "ß", "漢"] {
        let text = character.repeat(250);
        let shelf = build::category(stores, &text).await;
        assert_eq!(stores.categories.get(shelf.id).await.unwrap().name.as_str(), text);
        let document = build::new_document(shelf.id, &text);
        let document = stores.documents.create(document).await.unwrap();
        assert_eq!(stores.documents.find_by_name(&text).await.unwrap(), [document]);
        let model = stores.data_models.create(build::new_data_model(&text)).await.unwrap();
        assert_eq!(stores.data_models.find_by_name(&text).await.unwrap(), Some(model.clone()));
        let made = stores.custom_queries.create(query(model.id, &text, "select 1")).await.unwrap();
        let key = CustomQueryKey { model: model.id, name: text.clone() };
        assert_eq!(stores.custom_queries.get(&key).await.unwrap(), made);
        assert_eq!(build::group(stores, &text).await.name.as_str(), text);
        let user_name = character.repeat(100);
        let mut user = build::new_user(&user_name);
        user.entity.first_name = Some(build::name(&text));
        let user = stores.users.create(user).await.unwrap();
        assert_eq!(stores.users.find_by_name(&user_name).await.unwrap(), Some(user.clone()));
        let mut key = build::new_api_key(1, user.id);
        key.entity.client_id =
            pressroom_domain::ClientId::from_bytes([character.as_bytes()[0]; 16]);
        key.entity.name = build::name(&text);
        let key = stores.api_keys.create(key).await.unwrap();
        assert_eq!(stores.api_keys.list(user.id).await.unwrap(), [key]);
        let long = character.repeat(255);
        let subject = ExternalSubject::new(&long, &long).unwrap();
        let made = external(subject.clone(), &character.repeat(99));
        let made = stores.external_users.create(made).await.unwrap();
        assert_eq!(stores.external_users.find(&subject).await.unwrap(), Some(made));
        let actor = Actor { user_id: None, name: character.repeat(254) };
        let line = build::line(Verb::SignOut, SubjectKind::User, None);
        stores.audit.append(AuditEntry { actor: actor.clone(), ..line }).await.unwrap();
        assert_eq!(last_line(stores).await.entry.actor, actor);
    }
}

/// No engine's bound cuts a name before it is compared.
pub async fn names_that_differ_in_their_last_character_differ(stores: &Stores) {
    let long = "漢".repeat(249);
    for end in ["a", "b", "🧾", "🧿"] {
        let text = format!("{long}{end}");
        build::group(stores, &text).await;
        stores.data_models.create(build::new_data_model(&text)).await.unwrap();
        build::user(stores, &text.chars().skip(150).collect::<String>()).await;
        let subject = ExternalSubject::new(&text, &text).unwrap();
        let user = external(subject, &format!("user {end}"));
        stores.external_users.create(user).await.unwrap();
    }
    assert_error!(
        stores.groups.create(build::new_group(&format!("{long}A"))).await,
        StoreError::Duplicate { kind: Kind::Group, .. }
    );
}

/// Characters that take four bytes count as one each.
pub async fn descriptions_and_queries_of_the_greatest_length_are_kept(stores: &Stores) {
    let text = "🧾".repeat(4_000);
    let shelf = build::category(stores, "Shelf").await.id;
    let mut new = build::new_document(shelf, "Invoice");
    new.entity.description = build::description(&text);
    new.entity.revision.comment = build::description(&text);
    let made = stores.documents.create(new).await.unwrap();
    assert_eq!(stores.documents.get(made.id).await.unwrap().description.as_str(), text);
    let revision = stores.documents.revision(made.id, made.revision_id).await.unwrap();
    assert_eq!(revision.comment.as_str(), text);
    let mut new = build::new_data_model("Sales");
    new.entity.description = build::description(&text);
    let model = stores.data_models.create(new).await.unwrap();
    assert_eq!(model.description.as_str(), text);
    let sql = "🧾".repeat(SqlText::LONGEST);
    let made = stores.custom_queries.create(query(model.id, "long", &sql)).await.unwrap();
    assert!(made.sql.as_str() == sql);
}

/// Blanks around, control characters, what is written from right to left, what is no character yet.
pub async fn every_character_comes_back(stores: &Stores) {
    let texts = [
        " blanks around \t",
        "\u{feff}mark",
        "שלום עולם مرحبا \u{202e}x\u{202c}",
        "e\u{301}\u{327} ≠ é",
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "\u{ffff}\u{fffe}\u{10ffff}\u{e000}",
        "\u{1}\u{8}\u{b}\u{1b}\u{7f}\u{85}\u{9f}",
        "line\nline\r\nline\r\u{2028}",
        "'; drop table users; -- \" \\ \\n %s $1 @p1 {} ?",
        "NULL",
    ];
    for text in texts {
        let line = build::line(Verb::SignOut, SubjectKind::User, Some("1".into()));
        let actor = Actor { user_id: None, name: text.into() };
        let line = AuditEntry { actor, detail: text.into(), ..line };
        stores.audit.append(line.clone()).await.unwrap();
        assert_eq!(last_line(stores).await.entry, line);
    }
    let job = build::job(stores, "Daily").await;
    let run = build::job_run(stores, job.id).await;
    for text in texts {
        let mut new = build::new_job_result(&run, job.details.document_id, 1);
        (new.entity.name, new.entity.message) = (text.into(), text.into());
        new.entity.recipients = vec![text.into()];
        let made = stores.job_results.record(new).await.unwrap();
        assert_eq!((&*made.name, &*made.message, &*made.recipients[0]), (text, text, text));
        assert_eq!(stores.job_results.get(made.id).await.unwrap(), made);
    }
}

/// No text is not a text that is empty.
pub async fn empty_texts_stay_empty(stores: &Stores) {
    let shelf = build::category(stores, "Shelf").await.id;
    let mut new = build::new_document(shelf, "Invoice");
    new.entity.description = build::description("");
    new.entity.revision.comment = build::description("");
    let document = stores.documents.create(new).await.unwrap();
    assert_eq!(stores.documents.get(document.id).await.unwrap().description.as_str(), "");
    let revision = stores.documents.revision(document.id, document.revision_id).await.unwrap();
    assert_eq!(revision.comment.as_str(), "");

    let model = stores.data_models.create(build::new_data_model("Sales")).await.unwrap().id;
    let made = stores.custom_queries.create(query(model, "q", "select 1")).await.unwrap();
    let values: Vec<Option<&str>> =
        made.parameters.iter().map(|parameter| parameter.value.as_deref()).collect();
    assert_eq!(values, [Some(""), None]);

    let line = build::line(Verb::SignOut, SubjectKind::User, Some(String::new()));
    let actor = Actor { user_id: None, name: String::new() };
    let line = AuditEntry { actor, detail: String::new(), ..line };
    stores.audit.append(line.clone()).await.unwrap();
    assert_eq!(last_line(stores).await.entry, line);

    let owner = build::user(stores, "ann").await.id;
    let mut new = build::new_export(1, owner, at(0));
    new.entity.request.arguments = vec![Argument { name: String::new(), value: json!("") }];
    let new_export = new.entity.clone();
    stores.exports.enqueue(new).await.unwrap();
    let (lease, node) = (TimeDelta::hours(1), NodeName::new(""));
    stores.exports.claim_due(at(0), lease, &node).await.unwrap().unwrap();
    let read = stores.exports.get(new_export.id).await.unwrap();
    assert!(matches!(&read.state, ExportState::Running(claim) if claim.node == node), "{read:?}");
    assert_eq!(read.request, new_export.request);
    let fault = ExportFault { message: String::new() };
    stores.exports.fail(new_export.id, 1, fault.clone(), Vec::new(), at(1)).await.unwrap();
    let read = stores.exports.get(new_export.id).await.unwrap();
    assert_eq!(read.state, ExportState::Fault(fault));

    let mut mail = build::mail("");
    (mail.text, mail.html) = (String::new(), String::new());
    let sending = build::new_category("Letters").sending(mail.clone());
    stores.categories.create(sending).await.unwrap();
    let claimed = stores.outbox.claim_due(at(5), lease, &node).await.unwrap().unwrap();
    assert_eq!(claimed.mail, mail);
}

/// Not every engine keeps a NUL in a text: none does, and none fails of it.
pub async fn a_nul_counts_as_a_replacement_character(stores: &Stores) {
    let (typed, kept) = ("\0a\0", "\u{fffd}a\u{fffd}");
    let line = build::line(Verb::SignInRefused, SubjectKind::User, Some(typed.into()));
    let actor = Actor { user_id: None, name: typed.into() };
    let line = AuditEntry { actor, detail: typed.into(), ..line };
    stores.audit.append(line.clone()).await.unwrap();
    let category = Change::new(
        build::new_category("Shelf").entity,
        AuditEntry { subject: build::created(SubjectKind::Category).subject, ..line },
    );
    stores.categories.create(category).await.unwrap();
    for line in stores.audit.list(Slice::first(10)).await.unwrap() {
        assert_eq!((&*line.entry.actor.name, &*line.entry.detail), (kept, kept));
    }
    for name in [typed, kept] {
        let who = Some(AuditedUser { id: None, name: Some(name.into()) });
        let query = AuditQuery { who, ..AuditQuery::default() };
        assert_eq!(stores.audit.count(&query).await.unwrap(), 2, "{name:?}");
        let query = AuditQuery { subject_id: Some(name.into()), ..AuditQuery::default() };
        assert_eq!(stores.audit.count(&query).await.unwrap(), 1, "{name:?}");
    }

    let owner = build::user(stores, "ann").await.id;
    let new = build::new_export(1, owner, at(0));
    let id = new.entity.id;
    stores.exports.enqueue(new).await.unwrap();
    let (lease, node) = (TimeDelta::hours(1), NodeName::new(typed));
    stores.exports.claim_due(at(0), lease, &node).await.unwrap().unwrap();
    let progress = ExportProgress { percent: Percent::new(1), message: typed.into() };
    stores.exports.heartbeat(id, 1, at(9), progress).await.unwrap();
    assert_eq!(stores.exports.get(id).await.unwrap().progress.message, kept);
    let fault = ExportFault { message: typed.into() };
    stores.exports.fail(id, 1, fault, Vec::new(), at(1)).await.unwrap();
    let fault = ExportFault { message: kept.into() };
    assert_eq!(stores.exports.get(id).await.unwrap().state, ExportState::Fault(fault));

    let job = build::job(stores, "Daily").await;
    let run = build::job_run(stores, job.id).await;
    let mut new = build::new_job_result(&run, job.details.document_id, 1);
    (new.entity.name, new.entity.message) = (typed.into(), typed.into());
    let made = stores.job_results.record(new).await.unwrap();
    assert_eq!((&*made.name, &*made.message), (kept, kept));
    assert_eq!(stores.job_results.get(made.id).await.unwrap(), made);

    let sending = build::new_category("Letters").sending(build::mail("Hello"));
    stores.categories.create(sending).await.unwrap();
    let mail = stores.outbox.claim_due(at(5), lease, &node).await.unwrap().unwrap();
    stores.outbox.postpone(mail.id, mail.fence, at(6), typed).await.unwrap();

    assert_eq!(stores.moments.note(typed, at(1)).await.unwrap(), at(1));
    assert_eq!(stores.moments.noted(kept).await.unwrap(), Some(at(1)));
    stores.moments.forget(typed).await.unwrap();
    assert_eq!(stores.moments.noted(kept).await.unwrap(), None);
}

/// Nothing is called so, and asking is no failure.
pub async fn looking_for_a_nul_finds_nothing(stores: &Stores) {
    build::user(stores, "ann").await;
    build::document(stores, "ann").await;
    let model = stores.data_models.create(build::new_data_model("ann")).await.unwrap().id;
    stores.custom_queries.create(query(model, "ann", "select 1")).await.unwrap();
    for text in ["ann\0", "\0ann", "\0", "a\0nn"] {
        assert_eq!(stores.users.find_by_name(text).await.unwrap(), None);
        assert_eq!(stores.users.find_by_email(text).await.unwrap(), []);
        assert_eq!(stores.documents.find_by_name(text).await.unwrap(), []);
        assert_eq!(stores.data_models.find_by_name(text).await.unwrap(), None);
        let key = CustomQueryKey { model, name: text.to_owned() };
        assert_error!(
            stores.custom_queries.get(&key).await,
            StoreError::NotFound { kind: Kind::CustomQuery, .. }
        );
        let delete = build::change(key, Verb::Delete, SubjectKind::DataModel, model);
        assert_error!(
            stores.custom_queries.delete(delete).await,
            StoreError::NotFound { kind: Kind::CustomQuery, .. }
        );
    }
}

/// Arguments and options, however long.
pub async fn keeps_a_megabyte_of_what_an_export_was_asked_for(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    let mut new = build::new_export(1, owner, at(0));
    let values: Vec<_> = (0..50_000).map(|number| json!(format!("Größe {number}"))).collect();
    new.entity.request.arguments = vec![
        Argument { name: "text".into(), value: large().into() },
        Argument { name: "list".into(), value: values.into() },
    ];
    new.entity.request.options = Map::from_iter([("text".to_owned(), large().into())]);
    let asked = new.entity.clone();
    stores.exports.enqueue(new).await.unwrap();
    assert!(stores.exports.get(asked.id).await.unwrap().request == asked.request);
}

/// Warnings and faults, however long.
pub async fn keeps_a_megabyte_of_what_became_of_an_export(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    let new = build::new_export(1, owner, at(0));
    let id = new.entity.id;
    stores.exports.enqueue(new).await.unwrap();
    let (lease, node) = (TimeDelta::hours(1), NodeName::new("a"));
    stores.exports.claim_due(at(0), lease, &node).await.unwrap().unwrap();
    let progress = ExportProgress { percent: Percent::new(1), message: large() };
    stores.exports.heartbeat(id, 1, at(9), progress.clone()).await.unwrap();
    assert!(stores.exports.get(id).await.unwrap().progress == progress);
    let (fault, warnings) =
        (ExportFault { message: large() }, vec![Warning { message: large(), count: u64::MAX }]);
    stores.exports.fail(id, 1, fault.clone(), warnings.clone(), at(1)).await.unwrap();
    let read = stores.exports.get(id).await.unwrap();
    assert!(read.state == ExportState::Fault(fault) && read.warnings == warnings);
}

/// A line says as much as there is to say.
pub async fn keeps_a_megabyte_in_a_line_of_the_trail(stores: &Stores) {
    let line = build::line(Verb::SignOut, SubjectKind::User, None);
    let line = AuditEntry { detail: large(), ..line };
    stores.audit.append(line.clone()).await.unwrap();
    assert!(last_line(stores).await.entry == line);
}

/// Parameters, messages and recipients, however long.
pub async fn keeps_a_megabyte_in_a_job_and_its_result(stores: &Stores) {
    let document = build::document(stores, "Invoice").await.id;
    let mut new = build::new_job(document, "Daily");
    let value = ParameterValue::Static(large().into());
    new.entity.details.parameters = vec![JobParameter { name: build::name("text"), value }];
    let job = stores.jobs.create(new).await.unwrap();
    let run = build::job_run(stores, job.id).await;
    let mut new = build::new_job_result(&run, document, 1);
    new.entity.message = large();
    new.entity.recipients = (0..20_000).map(|number| format!("{number}@example.com")).collect();
    let result = stores.job_results.record(new).await.unwrap();
    assert!(stores.job_results.get(result.id).await.unwrap() == result);
    let read = stores.jobs.get(job.id).await.unwrap();
    assert!(read.details == job.details && read.last_result == Some(result));
}

/// A mail may bring a report.
pub async fn keeps_a_megabyte_in_a_mail(stores: &Stores) {
    let mut mail = build::mail("Report");
    mail.html = large();
    let sending = build::new_category("Letters").sending(mail.clone());
    stores.categories.create(sending).await.unwrap();
    let (lease, node) = (TimeDelta::hours(1), NodeName::new("a"));
    let claimed = stores.outbox.claim_due(at(5), lease, &node).await.unwrap().unwrap();
    assert!(claimed.mail == mail);
}

/// What a layout says is not checked by anybody: what no data model is called is of no matter.
pub async fn a_layout_may_name_what_no_data_model_can_be_called(stores: &Stores) {
    let model = stores.data_models.create(build::new_data_model("Sales")).await.unwrap().id;
    let longest = "İ".repeat(250);
    let other = stores.data_models.create(build::new_data_model(&longest)).await.unwrap().id;
    let document = build::document(stores, "Invoice").await.id;
    let mut revision = build::new_revision(2);
    let long: String =
        (0..20_000_u32).filter_map(|n| char::from_u32(0x4e00 + n % 20_000)).collect();
    let names = ["sales".to_owned(), longest.to_lowercase(), "\0".into(), "a\0b".into(), long];
    revision.data_models = names.into();
    let auto_refresh_interval = build::seconds(0);
    let save = DocumentSave { id: document, expected: None, auto_refresh_interval, revision };
    let save = build::change(save, Verb::Save, SubjectKind::Document, document);
    stores.documents.save(save).await.unwrap();
    for id in [model, other] {
        let delete = build::change(id, Verb::Delete, SubjectKind::DataModel, id);
        assert_error!(stores.data_models.delete(delete).await, StoreError::InUse { .. });
    }
}
