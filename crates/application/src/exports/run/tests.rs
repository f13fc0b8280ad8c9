//! Exports from the queue to the file, on fakes.

mod clocks;

use std::sync::atomic::{AtomicUsize, Ordering};

use pressroom_contracts::build;
use pressroom_domain::{Argument, DocumentId, ExportState, Format};
use pressroom_page::{DocumentInfo, Page, PageSink, Resources, SinkError};
use pressroom_ports::{DocumentWriter, ExportError, InvalidOption, Written};
use serde_json::{Map, json};

use super::*;
use crate::exports::{self, StartExport};
use crate::test_site::{Site, names_report, site_with, site_with_names};
use crate::{Caller, Exporters};

async fn start(site: &Site, owner: &Caller, arguments: serde_json::Value) -> ExportId {
    let document = site.document_of("Names", &names_report()).await;
    let arguments = arguments.as_object().into_iter().flatten();
    let command = StartExport {
        document_id: document.id,
        format: "pdf".into(),
        options: Map::new(),
        arguments: arguments
            .map(|(name, value)| Argument { name: name.clone(), value: value.clone() })
            .collect(),
    };
    exports::start(&site.app, owner, command).await.unwrap()
}

async fn state(site: &Site, id: ExportId) -> Export {
    site.app.stores.exports.get(id).await.unwrap()
}

async fn fault(site: &Site, id: ExportId) -> String {
    match state(site, id).await.state {
        ExportState::Fault(fault) => fault.message,
        other => panic!("expected a fault, got {other:?}"),
    }
}

async fn run_once(site: &Site) -> Ran {
    let (_keep, stop) = watch::channel(false);
    run_next(&site.app, &NodeName::new("node 1"), &stop).await.unwrap()
}

/// An exporter that does something with its pages that a test wants.
struct Odd<F>(F);

impl<F> Exporter for Odd<F>
where
    F: Fn() -> Result<(), SinkError> + Clone + Send + Sync + 'static,
{
    fn format(&self) -> Format {
        Format::Pdf
    }

    fn content_type(&self) -> &'static str {
        "application/pdf"
    }

    fn extension(&self) -> &'static str {
        "pdf"
    }

    fn check(&self, _: &ExportOptions) -> Result<(), InvalidOption> {
        Ok(())
    }

    fn begin(
        &self,
        _: DocumentInfo,
        _: &ExportOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn DocumentWriter>, ExportError> {
        Ok(Box::new(OddWriter { act: self.0.clone(), out }))
    }
}

struct OddWriter<F> {
    act: F,
    out: Box<dyn Write + Send>,
}

impl<F: Fn() -> Result<(), SinkError> + Send> PageSink for OddWriter<F> {
    fn page(&mut self, _: Page, _: &Resources) -> Result<(), SinkError> {
        (self.act)()
    }
}

impl<F: Fn() -> Result<(), SinkError> + Send> DocumentWriter for OddWriter<F> {
    fn finish(mut self: Box<Self>) -> Result<Written, ExportError> {
        self.out.write_all(b"odd")?;
        let smudge = "the ink is smudged".to_owned();
        Ok(Written { pages: 1, bytes: 3, warnings: vec![smudge.clone(), smudge] })
    }
}

fn with_exporter(
    site: &mut Site,
    act: impl Fn() -> Result<(), SinkError> + Clone + Send + Sync + 'static,
) {
    site.app.exporters = Exporters::new(vec![Arc::new(Odd(act))]);
}

#[tokio::test]
async fn rows_of_the_database_are_in_the_file() {
    let site = site_with_names(100).await;
    let admin = site.administrator().await;
    let id = start(&site, &admin, json!({"least": "97"})).await;
    assert_eq!(run_once(&site).await, Ran::Export(id));
    assert_eq!(run_once(&site).await, Ran::Nothing);
    let export = state(&site, id).await;
    let ExportState::Complete(result) = &export.state else { panic!("{:?}", export.state) };
    assert_eq!(result.pages, 1);
    assert_eq!(export.warnings, []);
    let file = exports::result(&site.app, &admin, id).await.unwrap();
    assert_eq!(file.bytes.size_bytes, result.size_bytes);
    let text = site.read(file.bytes).await;
    let names: Vec<&str> = text.split('"').filter(|part| part.starts_with("name ")).collect();
    assert_eq!(names, ["name 98", "name 99", "name 100"]);
    assert_eq!(site.sources.open_queries(), 0);
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_the_words_of_who_asked() {
    let check = async |site: Site, expect: &str| {
        let id = start(&site, &site.administrator().await, json!({})).await;
        run_once(&site).await;
        assert_eq!(fault(&site, id).await, expect);
        assert_eq!(site.sources.open_queries(), 0);
    };
    let site = Site::new().await;
    check(
        site,
        "data source \"Northwind\" is not known here; give the layout a data model of that name",
    )
    .await;
    let site = site_with_names(10).await;
    site.sources.take_away("Northwind");
    check(site, "data source \"Northwind\" is away: the test said so").await;
    let site = site_with(1_000_000, |settings| settings.export_rows = 5_000).await;
    let id = start(&site, &site.administrator().await, json!({})).await;
    run_once(&site).await;
    assert!(fault(&site, id).await.contains("rows"));
    let site = site_with(10_000, |settings| settings.export_pages = 3).await;
    let id = start(&site, &site.administrator().await, json!({})).await;
    run_once(&site).await;
    assert!(fault(&site, id).await.contains("pages"));
    let site = site_with_names(10).await;
    let id = start(&site, &site.administrator().await, json!({})).await;
    site.blobs.set_full(true);
    run_once(&site).await;
    let message =
        "the place that holds the stored documents is full; free some space there, then try again";
    assert_eq!(fault(&site, id).await, message);
}

#[tokio::test]
async fn what_the_writer_warns_of_is_told_with_the_export() {
    let mut site = site_with_names(1).await;
    with_exporter(&mut site, || Ok(()));
    let id = start(&site, &site.administrator().await, json!({})).await;
    run_once(&site).await;
    let smudged = Warning { message: "the ink is smudged".into(), count: 2 };
    assert_eq!(state(&site, id).await.warnings, [smudged]);
}

#[tokio::test]
async fn a_deleted_document_is_exported_as_it_was() {
    let site = site_with_names(3).await;
    let admin = site.administrator().await;
    let id = start(&site, &admin, json!({})).await;
    let document: DocumentId = state(&site, id).await.request.document_id;
    crate::documents::delete(&site.app, &admin, document).await.unwrap();
    run_once(&site).await;
    assert!(matches!(state(&site, id).await.state, ExportState::Complete(_)));
}

#[tokio::test]
async fn a_panic_is_a_fault_and_disturbs_nobody() {
    let mut site = site_with_names(3).await;
    let admin = site.administrator().await;
    with_exporter(&mut site, || panic!("the ink is out"));
    let id = start(&site, &admin, json!({})).await;
    run_once(&site).await;
    let message = fault(&site, id).await;
    assert!(message.contains("the ink is out"), "{message}");
    with_exporter(&mut site, || Ok(()));
    let id = start(&site, &admin, json!({})).await;
    run_once(&site).await;
    assert!(matches!(state(&site, id).await.state, ExportState::Complete(_)));
}

/// Starts an export whose first page waits until the test lets it go on.
async fn held_at_first_page(
    site: &mut Site,
) -> (ExportId, std::sync::mpsc::Receiver<()>, std::sync::mpsc::Sender<()>) {
    let (reached_by, reached) = std::sync::mpsc::channel();
    let (let_go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let pages = Arc::new(AtomicUsize::new(0));
    with_exporter(site, move || {
        if pages.fetch_add(1, Ordering::SeqCst) == 0 {
            reached_by.send(()).map_err(|error| SinkError::Write(error.to_string()))?;
            // Waits until the sender is used or dropped.
            let _ = wait.lock().unwrap().recv();
        }
        Ok(())
    });
    let id = start(site, &site.administrator().await, json!({})).await;
    (id, reached, let_go)
}

async fn reached(reached: std::sync::mpsc::Receiver<()>) {
    tokio::task::spawn_blocking(move || reached.recv().unwrap()).await.unwrap();
}

/// A site that works on an export and is held at its first page until the sender is dropped.
async fn at_work(
    mut site: Site,
) -> (Arc<Site>, ExportId, tokio::task::JoinHandle<Ran>, std::sync::mpsc::Sender<()>) {
    let (id, at_page, let_go) = held_at_first_page(&mut site).await;
    let site = Arc::new(site);
    let running = tokio::spawn({
        let site = Arc::clone(&site);
        async move { run_once(&site).await }
    });
    reached(at_page).await;
    (site, id, running, let_go)
}

#[tokio::test]
async fn cancelling_stops_the_work_here_at_once() {
    let (site, id, running, let_go) = at_work(site_with_names(10_000).await).await;
    exports::cancel(&site.app, &site.administrator().await, id).await.unwrap();
    drop(let_go);
    assert_eq!(running.await.unwrap(), Ran::Export(id));
    assert_eq!(state(&site, id).await.state, ExportState::Cancelled);
    assert_eq!(site.sources.open_queries(), 0);
}

#[tokio::test]
async fn stopping_the_server_gives_the_work_back_uncounted() {
    let mut site = site_with_names(10_000).await;
    let (id, at_page, let_go) = held_at_first_page(&mut site).await;
    let site = Arc::new(site);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn({
        let site = Arc::clone(&site);
        async move { run_next(&site.app, &NodeName::new("a"), &stopping).await.unwrap() }
    });
    reached(at_page).await;
    stop.send(true).unwrap();
    while !site.app.running.is_ending(id) {
        tokio::task::yield_now().await;
    }
    drop(let_go);
    running.await.unwrap();
    let export = state(&site, id).await;
    assert_eq!((export.state, export.attempts, export.fence), (ExportState::Queued, 0, 1));
    run_once(&site).await;
    assert!(matches!(state(&site, id).await.state, ExportState::Complete(_)));
}

#[tokio::test]
async fn work_that_takes_too_long_is_a_fault() {
    let time = |settings: &mut crate::Settings| settings.export_time = Duration::from_millis(1);
    let mut site = site_with(10_000, time).await;
    let (id, _at_page, let_go) = held_at_first_page(&mut site).await;
    let site = Arc::new(site);
    let running = tokio::spawn({
        let site = Arc::clone(&site);
        async move { run_once(&site).await }
    });
    // The time may be up before the first page comes.
    while !site.app.running.is_ending(id) && !running.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(let_go);
    running.await.unwrap();
    let message = fault(&site, id).await;
    assert!(message.starts_with("the export took longer than the 0 seconds"), "{message}");
}

#[tokio::test]
async fn a_worker_that_was_overtaken_leaves_the_work_alone() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    let later = site.app.clock.now() + TimeDelta::hours(1);
    let exports = &site.app.stores.exports;
    let lease = TimeDelta::hours(1);
    let taken = exports.claim_due(later, lease, &NodeName::new("b")).await.unwrap().unwrap();
    drop(let_go);
    running.await.unwrap();
    assert_eq!(state(&site, id).await, taken);
}

#[tokio::test]
async fn a_store_that_is_away_for_a_moment_loses_nothing() {
    loses_nothing(|site, away| site.store.set_away(away)).await;
}

#[tokio::test]
async fn a_store_whose_disk_is_full_for_a_moment_loses_nothing() {
    loses_nothing(|site, full| site.store.set_full(full)).await;
}

/// An export comes to its end though the store fails for a moment just then.
async fn loses_nothing(set_failing: impl Fn(&Site, bool)) {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    set_failing(&site, true);
    drop(let_go);
    // The file is written while the store fails; its row is tried again.
    while site.app.blobs.list(None, 10).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    set_failing(&site, false);
    running.await.unwrap();
    assert!(matches!(state(&site, id).await.state, ExportState::Complete(_)));
}

/// Longer than the lease: where the store is away, nobody else can take the work over.
#[tokio::test]
async fn work_goes_on_while_the_store_is_away() {
    let lease = |settings: &mut crate::Settings| settings.lease = Duration::from_millis(20);
    let (site, id, running, let_go) = at_work(site_with(10, lease).await).await;
    site.store.set_away(true);
    site.clock.advance(TimeDelta::hours(1));
    while site.app.outages.met() < 3 {
        sleep(Duration::from_millis(1)).await;
    }
    drop(let_go);
    while site.app.blobs.list(None, 10).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    site.store.set_away(false);
    running.await.unwrap();
    let export = state(&site, id).await;
    assert!(matches!(export.state, ExportState::Complete(_)), "{:?}", export.state);
    assert_eq!((export.attempts, export.fence), (1, 1));
}

/// A node that has not read the layout yet waits for the place where it lies.
#[tokio::test]
async fn work_waits_for_its_layout_while_the_place_of_layouts_is_away() {
    let site = site_with_names(10).await;
    let admin = site.administrator().await;
    let id = start(&site, &admin, json!({})).await;
    let node = App { layouts: Arc::default(), ..site.app.clone() };
    site.blobs.set_away(true);
    let (_keep, stop) = watch::channel(false);
    let running =
        tokio::spawn(async move { run_next(&node, &NodeName::new("node 2"), &stop).await });
    while site.blobs.refusals() < 3 {
        sleep(Duration::from_millis(1)).await;
    }
    assert!(matches!(state(&site, id).await.state, ExportState::Running(_)));
    site.blobs.set_away(false);
    assert_eq!(running.await.unwrap().unwrap(), Ran::Export(id));
    let export = state(&site, id).await;
    assert!(matches!(export.state, ExportState::Complete(_)), "{:?}", export.state);
    assert_eq!(export.attempts, 1);
}

/// The clock was set, or the store was away for longer than a lease: the next look for work finds what
/// is worked on here.
#[tokio::test]
async fn work_that_is_claimed_anew_where_it_goes_on_is_not_begun_again() {
    let (site, id, running, let_go) = at_work(site_with_names(10).await).await;
    site.clock.advance(TimeDelta::hours(1));
    assert_eq!(run_once(&site).await, Ran::Export(id), "at once, though the page is held");
    drop(let_go);
    running.await.unwrap();
    let export = state(&site, id).await;
    assert!(matches!(export.state, ExportState::Complete(_)), "{:?}", export.state);
    assert_eq!(export.fence, 2);
}

/// Somebody who reached the store when this worker did not has the work now.
#[tokio::test]
async fn work_that_was_taken_over_while_the_store_was_away_is_of_no_use() {
    let lease = |settings: &mut crate::Settings| settings.lease = Duration::from_millis(20);
    let (site, id, running, let_go) = at_work(site_with(10, lease).await).await;
    site.store.set_away(true);
    while site.app.outages.met() == 0 {
        sleep(Duration::from_millis(1)).await;
    }
    site.clock.advance(TimeDelta::hours(1));
    // Both at once, as far as this worker can tell.
    site.store.set_away(false);
    let exports = &site.app.stores.exports;
    let (now, hour) = (site.app.clock.now() + TimeDelta::hours(1), TimeDelta::hours(1));
    let taken = exports.claim_due(now, hour, &NodeName::new("b")).await.unwrap().unwrap();
    drop(let_go);
    running.await.unwrap();
    assert_eq!(state(&site, id).await, taken);
    assert_eq!(
        exports.release(id, 1).await.unwrap_err().to_string(),
        StateError::Superseded.to_string()
    );
}

#[tokio::test]
async fn a_store_whose_disk_stays_full_keeps_what_waits() {
    let site = site_with_names(1).await;
    let admin = site.administrator().await;
    let id = start(&site, &admin, json!({})).await;
    site.store.set_full(true);
    let (_keep, stop) = watch::channel(false);
    let error = run_next(&site.app, &NodeName::new("node 1"), &stop).await.unwrap_err();
    let message = "the disk that holds the store is full; free some space there, then try again";
    assert_eq!(error.to_string(), message);
    let document = state(&site, id).await.request.document_id;
    let command = StartExport {
        document_id: document,
        format: "pdf".into(),
        options: Map::new(),
        arguments: Vec::new(),
    };
    let refused = exports::start(&site.app, &admin, command).await.unwrap_err();
    assert!(matches!(&refused, Error::Unavailable { .. }), "{refused:?}");
    assert_eq!(refused.to_string(), message);
    site.store.set_full(false);
    assert_eq!(run_once(&site).await, Ran::Export(id));
    assert!(matches!(state(&site, id).await.state, ExportState::Complete(_)));
}

#[tokio::test]
async fn who_is_no_longer_active_gets_no_file() {
    let site = site_with_names(3).await;
    let admin = site.other_administrator("root").await;
    let id = start(&site, &admin, json!({})).await;
    let user = pressroom_domain::NewUser { active: false, ..build::new_user("root").entity };
    let update = pressroom_ports::UserUpdate { id: admin.user().id, expected: None, user };
    let line = build::change(
        update,
        pressroom_domain::Verb::Update,
        pressroom_domain::SubjectKind::User,
        admin.user().id,
    );
    site.app.stores.users.update(line).await.unwrap();
    run_once(&site).await;
    let message = "the account that asked for the export is no longer active";
    assert_eq!(fault(&site, id).await, message);
}
