//! A worker and a site of fakes: an export that is started comes to its end by itself.

use std::sync::Arc;
use std::time::Duration;

use pressroom_application::accounts;
use pressroom_application::exports::{self, StartExport};
use pressroom_application::nodes::{self, ThisNode};
use pressroom_application::setup::{self, Setup};
use pressroom_application::{App, Caller, Exporters, ListExporters};
use pressroom_contracts::build;
use pressroom_contracts::fakes::{
    CountingRandom, DumpExporter, FakeMailer, FakeSources, ManualClock, MemoryBlobs, MemoryStore,
    PlainHasher,
};
use pressroom_data::MemorySpill;
use pressroom_domain::{DocumentId, ExportId, ExportState, NodeName, NodeState};
use pressroom_fonts::FontLibrary;
use pressroom_ports::Stores;
use pressroom_worker::{Config, Worker};
use serde_json::Map;

const REPORT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Greeting">
  <Bands>
    <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
      <Controls>
        <Item1 Ref="2" ControlType="XRLabel" Name="label1" Text="Good morning" SizeF="200,23"/>
      </Controls>
    </Item1>
  </Bands>
</XtraReportsLayoutSerializer>
"#;

fn site() -> (App, Arc<FakeMailer>) {
    let (site, mailer, _) = site_and_store();
    (site, mailer)
}

fn site_and_store() -> (App, Arc<FakeMailer>, Arc<MemoryStore>) {
    let store = Arc::new(MemoryStore::default());
    let mailer = Arc::new(FakeMailer::default());
    let clock = Arc::new(ManualClock::default());
    let site = App {
        stores: Stores::of(store.clone()),
        blobs: Arc::new(MemoryBlobs::new(clock.clone())),
        sources: Arc::new(FakeSources::default()),
        exporters: Exporters::new(vec![Arc::new(DumpExporter)]),
        list_exporters: ListExporters::default(),
        clock,
        random: Arc::new(CountingRandom::default()),
        passwords: Arc::new(PlainHasher::default()),
        attempts: Arc::default(),
        identity: None,
        pending: Arc::default(),
        fonts: Arc::new(FontLibrary::bundled()),
        spill: Arc::new(MemorySpill),
        lists: Arc::default(),
        layouts: Arc::default(),
        running: Arc::default(),
        draining: Arc::default(),
        mailer: mailer.clone(),
        mail_queued: Arc::default(),
        work_queued: Arc::default(),
        outages: Arc::default(),
        settings: Arc::default(),
    };
    (site, mailer, store)
}

fn this(site: &App) -> ThisNode {
    ThisNode {
        name: NodeName::new("test"),
        version: "1.0.0".into(),
        address: "127.0.0.1:8080".into(),
        started_at: site.clock.now(),
    }
}

async fn report(site: &App) -> DocumentId {
    let stored = site.blobs.put(REPORT.as_bytes().to_vec()).await.unwrap();
    let category = build::category(&site.stores, "Shelf").await;
    let mut new = build::new_document(category.id, "Greeting");
    new.entity.revision.layout = stored.hash;
    site.stores.documents.create(new).await.unwrap().id
}

async fn start(site: &App, caller: &Caller, document_id: DocumentId) -> ExportId {
    let format = "pdf".to_owned();
    let command = StartExport { document_id, format, options: Map::new(), arguments: Vec::new() };
    exports::start(site, caller, command).await.unwrap()
}

/// Looks until the export has come to its end.
async fn end(site: &App, caller: &Caller, id: ExportId) -> ExportState {
    let look = async {
        loop {
            let export = exports::status(site, caller, id).await.unwrap();
            if export.state.is_final() {
                return export.state;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), look).await.expect("the export ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_that_are_started_come_to_their_end() {
    let (site, _) = site();
    setup::setup(&site, &Setup::default()).await.unwrap();
    let caller = setup::act_as(&site, "admin").await.unwrap();
    let document = report(&site).await;
    let early = start(&site, &caller, document).await;
    // Only being told of work can be what wakes it in time.
    let hour = Duration::from_secs(60 * 60);
    let config = Config { shortest_pause: hour, longest_pause: hour, ..Config::default() };
    let worker = Worker::start(site.clone(), this(&site), config);
    assert!(matches!(end(&site, &caller, early).await, ExportState::Complete(_)));
    for _ in 0..20 {
        let late = start(&site, &caller, document).await;
        assert!(matches!(end(&site, &caller, late).await, ExportState::Complete(_)));
    }
    worker.stop().await;
    let after = start(&site, &caller, document).await;
    let export = exports::status(&site, &caller, after).await.unwrap();
    assert_eq!(export.state, ExportState::Queued, "nobody works any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_are_written_go_out_at_once() {
    let (site, mailer) = site();
    setup::setup(&site, &Setup::default()).await.unwrap();
    let admin = setup::act_as(&site, "admin").await.unwrap();
    let mut new = build::new_user("ann");
    (new.entity.pending, new.entity.email) = (true, Some(build::email("ann@example.com")));
    let ann = site.stores.users.create(new).await.unwrap().id;
    let hour = Duration::from_secs(60 * 60);
    let config = Config { shortest_pause: hour, longest_pause: hour, ..Config::default() };
    let worker = Worker::start(site.clone(), this(&site), config);
    for count in 1..=3 {
        accounts::invite(&site, &admin, ann).await.unwrap();
        let sent = async {
            while mailer.sent().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), sent).await.expect("the mail goes out");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_know_of_a_node_from_its_start_to_its_end() {
    let (site, _) = site();
    setup::setup(&site, &Setup::default()).await.unwrap();
    let admin = setup::act_as(&site, "admin").await.unwrap();
    let listed = async |what: &str, expect: Option<NodeState>| {
        let look = async {
            loop {
                let nodes = nodes::list(&site, &admin).await.unwrap();
                if nodes.first().map(|listed| listed.node.state) == expect {
                    return nodes;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), look).await.expect(what)
    };
    let config = Config { concurrent: 3, ..Config::default() };
    let worker = Worker::start(site.clone(), this(&site), config);
    let nodes = listed("it is there", Some(NodeState::Running)).await;
    assert_eq!((nodes[0].node.name.as_str(), nodes[0].node.capacity), ("test", 3));
    assert!(!site.draining.has_begun());
    worker.stop().await;
    assert!(site.draining.has_begun());
    listed("it is gone", None).await;
}

/// The store goes away with work queued and under way, again and again, and nobody starts anything anew.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_the_store_is_away() {
    let (site, mailer, store) = site_and_store();
    setup::setup(&site, &Setup::default()).await.unwrap();
    let caller = setup::act_as(&site, "admin").await.unwrap();
    let document = report(&site).await;
    let mut new = build::new_user("ann");
    (new.entity.pending, new.entity.email) = (true, Some(build::email("ann@example.com")));
    let ann = site.stores.users.create(new).await.unwrap().id;
    let pause = Duration::from_millis(1);
    let config = Config { shortest_pause: pause, longest_pause: pause, ..Config::default() };
    let worker = Worker::start(site.clone(), this(&site), config);
    for count in 1..=10 {
        let exports = [
            start(&site, &caller, document).await,
            start(&site, &caller, document).await,
            start(&site, &caller, document).await,
        ];
        accounts::invite(&site, &caller, ann).await.unwrap();
        store.set_away(true);
        assert!(exports::status(&site, &caller, exports[0]).await.is_err());
        store.set_away(false);
        for id in exports {
            let state = end(&site, &caller, id).await;
            assert!(matches!(state, ExportState::Complete(_)), "{state:?}");
        }
        let sent = async {
            while mailer.sent().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), sent).await.expect("the mail goes out");
        assert_eq!(mailer.sent().len(), count, "and no mail twice");
    }
    worker.stop().await;
}
