//! A store as large as a site gets in years: 100,000 documents, a million revisions, a million exports.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{DocumentId, ExportId, NodeName, SubjectKind};
use pressroom_ports::{Slice, Stores};

/// How many documents there are.
pub const DOCUMENTS: i64 = 100_000;
/// How many revisions and how many exports there are; one export in ten waits.
pub const MANY: i64 = 1_000_000;

/// SQL that fills an empty store, for an engine that knows `with numbers(n) as (…)` under this text.
/// `hash` and `id` are expressions for 32 and 16 bytes made of `n`.
#[must_use]
pub fn fill(numbers: &dyn Fn(i64) -> String, hash: &str, id: &str) -> String {
    let (many, documents) = (numbers(MANY), numbers(DOCUMENTS));
    format!(
        "insert into categories (id, name, optimistic_lock) values (1, 'Large', 0);
         {documents} insert into documents (id, category_id, name, name_key, description, document_type,
             auto_refresh_interval_s, modified_by, modified_at, revision_id, optimistic_lock)
         select n, 1, 'Document ' || n, 'document ' || n, 'One of many', 'Report', 0, 'admin', n,
             n * 10, 0 from numbers;
         {many} insert into revisions (id, document_id, number, created_at, user_name, comment, layout)
         select n, (n - 1) / 10 + 1, (n - 1) % 10 + 1, n, 'admin', '', {hash} from numbers;
         {many} insert into exports (id, owner_id, queued_at, state, fence, attempts, percent, message,
             warnings, finished_at)
         select {id}, 1, n, case when n % 10 = 0 then 'queued' else 'complete' end, 1, 1, 100, '', '[]',
             case when n % 10 = 0 then null else n end from numbers;
         {many} insert into export_requests (export_id, document_id, document_name, layout, format,
             options, arguments)
         select {id}, n / 10 + 1, 'Document', {hash}, 'pdf', '{{}}', '[]' from numbers;
         {many} insert into audit_lines (id, at, actor_name, verb, subject_kind, subject_id, detail)
         select n, n, 'admin', 'update', 'document', cast(n / 10 as varchar(20)), '' from numbers;
         update sequences set last_id = {MANY} where name in ('audit_lines', 'revisions');
         update sequences set last_id = {DOCUMENTS} where name = 'documents';"
    )
}

/// What was measured of one kind of call.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Which call.
    pub what: &'static str,
    /// Half of the calls were done within.
    pub median: Duration,
    /// 99 of 100 were done within.
    pub worst: Duration,
}

/// Calls a store that [`fill`] filled, some hundred times each way.
///
/// # Panics
/// When a call fails, or finds nothing.
pub async fn measure(stores: &Stores) -> Vec<Figure> {
    let spread = |round: i64| (round * 7_919) % DOCUMENTS + 1;
    let mut figures = Vec::new();
    let mut documents = Times::default();
    for round in 0..300 {
        let slice = Slice::after(DocumentId(spread(round) % (DOCUMENTS - 200)), 100);
        let listed = documents.take(stores.documents.list(slice)).await;
        assert_eq!(listed.expect("a list").len(), 100);
    }
    figures.push(documents.figure("100 documents of the list"));
    let mut revisions = Times::default();
    for round in 0..300 {
        let listed = revisions.take(stores.documents.revisions(DocumentId(spread(round)))).await;
        assert_eq!(listed.expect("a list").len(), 10);
    }
    figures.push(revisions.figure("the revisions of a document"));
    let mut found = Times::default();
    for round in 0..300 {
        let name = format!("Document {}", spread(round));
        assert_eq!(
            found.take(stores.documents.find_by_name(&name)).await.expect("a list").len(),
            1
        );
    }
    figures.push(found.figure("a document by its name"));
    let mut newest = Times::default();
    for _ in 0..300 {
        newest.take(stores.audit.newest_about(&[SubjectKind::Document])).await.expect("a line");
    }
    figures.push(newest.figure("the version of the documents"));
    let (mut claims, mut completions) = (Times::default(), Times::default());
    let node = NodeName::new("bench");
    let now: DateTime<Utc> = Utc::now();
    for _ in 0..300 {
        let claimed =
            claims.take(stores.exports.claim_due(now, TimeDelta::minutes(5), &node)).await;
        let claimed = claimed.expect("a claim").expect("some wait");
        let (id, fence): (ExportId, i64) = (claimed.id, claimed.fence);
        completions.take(stores.exports.release(id, fence)).await.expect("still held");
    }
    figures.push(claims.figure("a claim"));
    figures.push(completions.figure("giving a claim back"));
    figures
}

#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    async fn take<T>(&mut self, call: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let answer = call.await;
        self.0.push(began.elapsed());
        answer
    }

    fn figure(mut self, what: &'static str) -> Figure {
        self.0.sort_unstable();
        let at = |share: usize| self.0[self.0.len() * share / 100];
        Figure { what, median: at(50), worst: at(99) }
    }
}
