//! A site of fakes and its API.

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service, try_call_service};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use pressroom_actix_http::{Config, app};
use pressroom_application::exports::{self, Ran};
use pressroom_application::setup::{self, Setup};
use pressroom_application::{App, Exporters, ListExporters, Settings};
use pressroom_contracts::build;
use pressroom_contracts::fakes::{
    CountingRandom, DumpExporter, DumpListExporter, FakeMailer, FakeProvider, FakeSources,
    ManualClock, MemoryBlobs, MemoryStore, PlainHasher,
};
use pressroom_data::MemorySpill;
use pressroom_domain::{
    Access, DocumentId, DocumentType, Holder, JobId, NodeName, Permission, Scope, Secret,
    SubjectKind, Verb,
};
use pressroom_fonts::FontLibrary;
use pressroom_ports::{Grant, Stores};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use crate::openapi::Described;

/// A report that prints one word, with a text and a number as parameters.
pub(crate) const REPORT: &str = r##"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Greeting">
  <Parameters>
    <Item1 Ref="10" Name="CustomerID" ValueInfo="ALFKI"/>
    <Item2 Ref="11" Name="Count" ValueInfo="1" Type="#Ref-20"/>
  </Parameters>
  <Bands>
    <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
      <Controls>
        <Item1 Ref="2" ControlType="XRLabel" Name="label1" Text="Good morning" SizeF="200,23"/>
      </Controls>
    </Item1>
  </Bands>
  <ObjectStorage>
    <Item1 ObjectType="X.ObjectStorageInfo, X" Ref="20" Content="System.Int32" Type="System.Type"/>
  </ObjectStorage>
</XtraReportsLayoutSerializer>
"##;

/// A dashboard of one chart.
pub(crate) const BOARD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Dashboard>
  <Title Text="Sales" />
  <Items>
    <Chart ComponentName="chart1" Name="By month" />
  </Items>
  <LayoutTree>
    <LayoutGroup>
      <LayoutItem DashboardItem="chart1" />
    </LayoutGroup>
  </LayoutTree>
</Dashboard>
"#;

type Call = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>;

/// A site of fakes and its API. The password of `admin` is `secret`; the guest may sign in.
pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sources: Arc<FakeSources>,
    pub(crate) provider: Arc<FakeProvider>,
    call: Call,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A request that is not sent yet.
pub(crate) struct Ask<'a> {
    site: &'a Site,
    request: TestRequest,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}, Config::default()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings), config: Config) -> Self {
        let store = Arc::new(MemoryStore::default());
        Self::over(Stores::of(store.clone()), store, change, config).await
    }

    /// A site over other stores than [`Self::store`].
    pub(crate) async fn over(
        stores: Stores,
        store: Arc<MemoryStore>,
        change: impl FnOnce(&mut Settings),
        config: Config,
    ) -> Self {
        let mut settings = Settings::default();
        change(&mut settings);
        let clock = Arc::new(ManualClock::default());
        let sources = Arc::new(FakeSources::default());
        let provider = Arc::new(FakeProvider::default());
        let site = App {
            stores,
            blobs: Arc::new(MemoryBlobs::new(clock.clone())),
            sources: sources.clone(),
            exporters: Exporters::new(vec![Arc::new(DumpExporter)]),
            list_exporters: ListExporters::new(vec![Arc::new(DumpListExporter)]),
            clock: clock.clone(),
            random: Arc::new(CountingRandom::default()),
            passwords: Arc::new(PlainHasher::default()),
            attempts: Arc::default(),
            identity: Some(provider.clone()),
            pending: Arc::default(),
            fonts: Arc::new(FontLibrary::bundled()),
            spill: Arc::new(MemorySpill),
            lists: Arc::default(),
            layouts: Arc::default(),
            running: Arc::default(),
            draining: Arc::default(),
            mailer: Arc::new(FakeMailer::default()),
            mail_queued: Arc::default(),
            work_queued: Arc::new(Notify::new()),
            outages: Arc::default(),
            settings: Arc::new(settings),
        };
        let start = Setup { admin_password: Some(Secret::new("secret")), guest: true };
        setup::setup(&site, &start).await.unwrap();
        let service = std::rc::Rc::new(init_service(app(site.clone(), config)).await);
        let described = Described::new();
        let call = move |request: TestRequest| {
            let service = std::rc::Rc::clone(&service);
            async move {
                let request = request.to_request();
                let (method, path) = (request.method().to_string(), request.path().to_owned());
                let response = match try_call_service(&*service, request).await {
                    Ok(response) => response.into_parts().1.map_into_boxed_body(),
                    Err(error) => error.error_response(),
                };
                let answer = Answer {
                    status: response.status().as_u16(),
                    headers: response.headers().clone(),
                    body: to_bytes(response.into_body()).await.unwrap().to_vec(),
                };
                let Answer { status, body, .. } = &answer;
                let kind = answer.header("content-type");
                let packed = !answer.header("content-encoding").is_empty();
                let body = if packed { &[] } else { &**body };
                if let Some(strange) = described.strange(&method, &path, *status, kind, body) {
                    panic!("{method} {path}: the answer is not as the API's description says: {strange}");
                }
                answer
            }
            .boxed_local()
        };
        Self { app: site, store, clock, sources, provider, call: Box::new(call) }
    }

    /// A request with an address such as `GET /api/categories`.
    pub(crate) fn ask(&self, address: &str) -> Ask<'_> {
        let (method, uri) = address.split_once(' ').expect("a method and a path");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Ask { site: self, request: TestRequest::with_uri(uri).method(method) }
    }

    /// A token of an account.
    pub(crate) async fn token(&self, user_name: &str, password: &str) -> String {
        let form = format!("grant_type=password&username={user_name}&password={password}");
        let answer = self.ask("POST /oauth/token").body(form).send().await;
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }

    /// A token of the administrator.
    pub(crate) async fn admin(&self) -> String {
        self.token("admin", "secret").await
    }

    /// A token of somebody who may do just this.
    pub(crate) async fn reader(&self, name: &str, held: &[(Access, Scope)]) -> String {
        let mut new = build::new_user(name);
        new.entity.password = Some(self.app.passwords.hash(&Secret::new("pw")).await.unwrap());
        let user = self.app.stores.users.create(new).await.unwrap();
        let permissions =
            held.iter().map(|(access, scope)| Permission::new(*access, *scope)).collect();
        let grant = Grant { holder: Holder::User(user.id), expected: None, permissions };
        let change = build::change(grant, Verb::Grant, SubjectKind::User, user.id);
        self.app.stores.permissions.grant(change).await.unwrap();
        self.token(name, "pw").await
    }

    /// The id of a new category.
    pub(crate) async fn category(&self, name: &str) -> i64 {
        build::category(&self.app.stores, name).await.id.0
    }

    /// The id of a new report.
    pub(crate) async fn report(&self, name: &str) -> i64 {
        let stored = self.app.blobs.put(REPORT.as_bytes().to_vec()).await.unwrap();
        let category = build::category(&self.app.stores, "Shelf").await;
        let mut new = build::new_document(category.id, name);
        new.entity.revision.layout = stored.hash;
        self.app.stores.documents.create(new).await.unwrap().id.0
    }

    /// The id of a new dashboard.
    pub(crate) async fn dashboard(&self, name: &str) -> i64 {
        let stored = self.app.blobs.put(BOARD.as_bytes().to_vec()).await.unwrap();
        let category = build::category(&self.app.stores, "Shelf").await;
        let mut new = build::new_document(category.id, name);
        new.entity.document_type = DocumentType::Dashboard;
        new.entity.revision.layout = stored.hash;
        self.app.stores.documents.create(new).await.unwrap().id.0
    }

    /// The id of a new data model.
    pub(crate) async fn model(&self, name: &str) -> i64 {
        self.app.stores.data_models.create(build::new_data_model(name)).await.unwrap().id.0
    }

    /// The id of a new job that prints a report of its own every day at 07:30 in Berlin.
    pub(crate) async fn job(&self, name: &str) -> i64 {
        let document = DocumentId(self.report("Greeting").await);
        let mut new = build::new_job(document, name);
        new.entity.details.parameters.clear();
        self.app.stores.jobs.create(new).await.unwrap().id.0
    }

    /// Records what a run of a job came to, so many microseconds after 2026-03-02 09:30 UTC.
    pub(crate) async fn job_result(&self, job: i64, micros: i64) -> i64 {
        let stores = &self.app.stores;
        let job = stores.jobs.get(JobId(job)).await.unwrap();
        let run = build::job_run(stores, job.id).await;
        let new = build::new_job_result(&run, job.details.document_id, micros);
        stores.job_results.record(new).await.unwrap().id.0
    }

    /// Does what a worker would do: all work that is queued.
    pub(crate) async fn work(&self) {
        let (node, stop) = (NodeName::new("test"), watch::Sender::new(false));
        while exports::run_next(&self.app, &node, &stop.subscribe()).await.unwrap() != Ran::Nothing
        {
        }
    }
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.insert_header((name, value));
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Says from which address the request comes.
    pub(crate) fn peer(mut self, peer: std::net::SocketAddr) -> Self {
        self.request = self.request.peer_addr(peer);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.set_payload(body.into());
        self
    }

    pub(crate) async fn send(self) -> Answer {
        (self.site.call)(self.request).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether it is a problem of this status, told as RFC 9457 and existing clients want it; the
    /// detail.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], "about:blank");
        assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()), "{body}");
        assert_eq!(body["message"], body["detail"]);
        body["detail"].as_str().expect("a detail").to_owned()
    }
}
