//! A site of fakes for tests of use cases.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::StreamExt;
use pressroom_contracts::build;
use pressroom_contracts::fakes::{
    CountingRandom, DumpExporter, DumpListExporter, FakeMailer, FakeSources, ManualClock,
    MemoryBlobs, MemoryStore, PlainHasher,
};
use pressroom_data::{DataType, Field, MemorySpill, Row, Schema, Value};
use pressroom_domain::{
    Access, AuditEntry, BuiltInGroup, CategoryId, DataModel, Document, DocumentType, ExportId,
    GroupId, Holder, Job, NodeName, Permission, Scope, Secret, SubjectKind, UserId, Verb,
};
use pressroom_fonts::FontLibrary;
use pressroom_ports::{BlobReader, Grant, Slice, Stores};
use serde_json::Map;
use tokio::sync::{Notify, watch};

use crate::exports::{self, Ran, StartExport};
use crate::setup::{self, Setup};
use crate::tokens::{self, IssueToken};
use crate::{App, Caller, Exporters, ListExporters, Settings};

/// A report that prints one word.
pub(crate) const HELLO: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Hello">
  <Bands>
    <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
      <Controls>
        <Item1 Ref="2" ControlType="XRLabel" Name="label1" Text="Hello" SizeF="200,23"/>
      </Controls>
    </Item1>
  </Bands>
</XtraReportsLayoutSerializer>
"#;

/// A dashboard of one chart.
pub(crate) const BOARD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Dashboard>
  <Title Text="Sales"/>
  <Parameters><Parameter Name="year" Type="System.Int32" Value="2026"/></Parameters>
  <Items><Chart ComponentName="chart1" Name="By month"/></Items>
  <LayoutTree><LayoutItem DashboardItem="chart1"/></LayoutTree>
</Dashboard>
"#;

/// A report that prints the names of a query on the connection `Northwind`, for a parameter `least`.
pub(crate) fn names_report() -> String {
    let source = r#"<SqlDataSource Name="source">
        <Connection Name="Northwind" FromAppConfig="true"/>
        <Query Type="CustomSqlQuery" Name="Numbers">
          <Parameter Name="@least" Type="DevExpress.DataAccess.Expression">(System.Int32)(?least)</Parameter>
          <Sql>select n, name from numbers where n &gt; @least</Sql>
        </Query>
      </SqlDataSource>"#;
    format!(
        r##"<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Names" DataSource="#Ref-0" DataMember="Numbers">
  <Parameters>
    <Item1 Ref="3" Name="least" Type="#Ref-4" ValueInfo="0"/>
  </Parameters>
  <Bands>
    <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
      <Controls>
        <Item1 Ref="2" ControlType="XRLabel" Name="label1" SizeF="200,23">
          <ExpressionBindings>
            <Item1 Ref="5" EventName="BeforePrint" PropertyName="Text" Expression="[name]"/>
          </ExpressionBindings>
        </Item1>
      </Controls>
    </Item1>
  </Bands>
  <ComponentStorage>
    <Item1 Ref="0" ObjectType="DevExpress.DataAccess.Sql.SqlDataSource,DevExpress.DataAccess" Name="source" Base64="{}"/>
  </ComponentStorage>
  <ObjectStorage>
    <Item1 Ref="4" ObjectType="DevExpress.XtraReports.Serialization.ObjectStorageInfo, DevExpress.XtraReports" Content="System.Int32" Type="System.Type"/>
  </ObjectStorage>
</XtraReportsLayoutSerializer>"##,
        BASE64_STANDARD.encode(source)
    )
}

/// The statement that [`names_report`] asks.
pub(crate) const NAMES_SQL: &str = "select n, name from numbers where n > ?1";

/// A site whose database Northwind has so many names.
pub(crate) async fn site_with_names(count: i64) -> Site {
    site_with(count, |_| {}).await
}

/// The same, with other settings.
pub(crate) async fn site_with(count: i64, change: impl FnOnce(&mut Settings)) -> Site {
    let site = Site::with(change).await;
    site.data_model("Northwind").await;
    let fields = vec![Field::new("n", DataType::Int), Field::new("name", DataType::Text)];
    let rows = move |binds: &[Value]| -> Vec<Row> {
        let [Value::Int(least)] = *binds else { return Vec::new() };
        let row = |n: i64| [Value::Int(n), Value::from(format!("name {n}"))].into();
        (least + 1..=count).map(row).collect()
    };
    site.sources.answer(NAMES_SQL, Schema::new(fields), Arc::new(rows));
    site
}

/// A site of fakes.
pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) blobs: MemoryBlobs,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sources: FakeSources,
    pub(crate) mailer: Arc<FakeMailer>,
}

impl Site {
    /// A site that was set up; the password of `admin` is `secret`.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A site with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let site = Self::bare(change);
        let start = Setup { admin_password: Some(Secret::new("secret")), guest: true };
        setup::setup(&site.app, &start).await.unwrap();
        site
    }

    /// A site that was not set up.
    pub(crate) fn empty() -> Self {
        Self::bare(|_| {})
    }

    fn bare(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        change(&mut settings);
        let store = Arc::new(MemoryStore::default());
        let clock = Arc::new(ManualClock::default());
        let blobs = MemoryBlobs::new(clock.clone());
        let sources = FakeSources::default();
        let mailer = Arc::new(FakeMailer::default());
        let app = App {
            stores: Stores::of(store.clone()),
            blobs: Arc::new(blobs.clone()),
            sources: Arc::new(sources.clone()),
            exporters: Exporters::new(vec![Arc::new(DumpExporter)]),
            list_exporters: ListExporters::new(vec![Arc::new(DumpListExporter)]),
            clock: clock.clone(),
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
            work_queued: Arc::new(Notify::new()),
            outages: Arc::default(),
            settings: Arc::new(settings),
        };
        Self { app, store, blobs, clock, sources, mailer }
    }

    pub(crate) async fn administrator(&self) -> Caller {
        setup::act_as(&self.app, "admin").await.unwrap()
    }

    pub(crate) async fn other_administrator(&self, name: &str) -> Caller {
        let groups = self.app.stores.groups.list(Slice::first(10)).await.unwrap();
        let administrators = |group: &&pressroom_domain::Group| {
            group.built_in == Some(BuiltInGroup::SystemAdministrators)
        };
        let id = groups.iter().find(administrators).map(|group| group.id).unwrap();
        self.user(name, vec![id]).await;
        setup::act_as(&self.app, name).await.unwrap()
    }

    /// Somebody who may do just this.
    pub(crate) async fn reader(&self, name: &str, held: &[(Access, Scope)]) -> Caller {
        let id = self.user(name, Vec::new()).await;
        let permissions =
            held.iter().map(|(access, scope)| Permission::new(*access, *scope)).collect();
        let grant = Grant { holder: Holder::User(id), expected: None, permissions };
        let change = build::change(grant, Verb::Grant, SubjectKind::User, id);
        self.app.stores.permissions.grant(change).await.unwrap();
        setup::act_as(&self.app, name).await.unwrap()
    }

    async fn user(&self, name: &str, groups: Vec<GroupId>) -> UserId {
        let mut new = build::new_user(name);
        new.entity.groups = groups;
        self.app.stores.users.create(new).await.unwrap().id
    }

    /// An account that may not sign in, though it has a password.
    pub(crate) async fn idle_user(&self, name: &str, password: &str) {
        let mut new = build::new_user(name);
        let hash = self.app.passwords.hash(&Secret::new(password)).await.unwrap();
        (new.entity.active, new.entity.pending) = (false, true);
        new.entity.password = Some(hash);
        self.app.stores.users.create(new).await.unwrap();
    }

    /// An account whose owner has yet to set a password.
    pub(crate) async fn pending_user(&self, name: &str) -> UserId {
        let mut new = build::new_user(name);
        new.entity.pending = true;
        new.entity.email = Some(build::email(&format!("{name}@example.com")));
        self.app.stores.users.create(new).await.unwrap().id
    }

    /// An account that may sign in, and its mailbox.
    pub(crate) async fn active_user(&self, name: &str, password: &str) -> UserId {
        let mut new = build::new_user(name);
        new.entity.password = Some(self.app.passwords.hash(&Secret::new(password)).await.unwrap());
        new.entity.email = Some(build::email(&format!("{name}@example.com")));
        self.app.stores.users.create(new).await.unwrap().id
    }

    pub(crate) async fn token(&self, user_name: &str, password: &str) -> String {
        let password = Secret::new(password);
        let command = IssueToken { user_name: user_name.into(), password, from: None };
        let issued = tokens::issue(&self.app, command).await.unwrap();
        issued.token.reveal().to_owned()
    }

    pub(crate) async fn category(&self, name: &str) -> CategoryId {
        build::category(&self.app.stores, name).await.id
    }

    /// A report that prints one word.
    pub(crate) async fn document(&self, name: &str) -> Document {
        self.document_of(name, HELLO).await
    }

    /// A report of a layout, in a category of its own.
    pub(crate) async fn document_of(&self, name: &str, layout: &str) -> Document {
        self.document_in(self.category("Shelf").await, name, layout).await
    }

    /// A report of a layout in a category.
    pub(crate) async fn document_in(
        &self,
        category: CategoryId,
        name: &str,
        layout: &str,
    ) -> Document {
        let stored = self.app.blobs.put(layout.as_bytes().to_vec()).await.unwrap();
        let mut new = build::new_document(category, name);
        new.entity.revision.layout = stored.hash;
        self.app.stores.documents.create(new).await.unwrap()
    }

    /// A dashboard of one chart, in a category of its own.
    pub(crate) async fn dashboard(&self, name: &str) -> Document {
        let stored = self.app.blobs.put(BOARD.as_bytes().to_vec()).await.unwrap();
        let mut new = build::new_document(self.category("Shelf").await, name);
        new.entity.document_type = DocumentType::Dashboard;
        new.entity.revision.layout = stored.hash;
        self.app.stores.documents.create(new).await.unwrap()
    }

    /// A job that prints a report of its own every day.
    pub(crate) async fn job(&self, name: &str) -> Job {
        let document = self.document("Invoice").await;
        let mut new = build::new_job(document.id, name);
        new.entity.details.parameters.clear();
        self.app.stores.jobs.create(new).await.unwrap()
    }

    pub(crate) async fn data_model(&self, name: &str) -> DataModel {
        self.app.stores.data_models.create(build::new_data_model(name)).await.unwrap()
    }

    /// A queued export of a report that prints one word.
    pub(crate) async fn export(&self, owner: &Caller) -> ExportId {
        let document = self.document("Invoice").await;
        self.export_of(owner, &document).await
    }

    pub(crate) async fn export_of(&self, owner: &Caller, document: &Document) -> ExportId {
        let command = StartExport {
            document_id: document.id,
            format: "pdf".into(),
            options: Map::new(),
            arguments: Vec::new(),
        };
        exports::start(&self.app, owner, command).await.unwrap()
    }

    /// Works until nothing is due.
    pub(crate) async fn run_all(&self) {
        let (_keep, stop) = watch::channel(false);
        let node = NodeName::new("node 1");
        while exports::run_next(&self.app, &node, &stop).await.unwrap() != Ran::Nothing {}
    }

    pub(crate) async fn read(&self, mut reader: BlobReader) -> String {
        let mut bytes = Vec::new();
        while let Some(piece) = reader.stream.next().await {
            bytes.extend(piece.unwrap());
        }
        String::from_utf8(bytes).unwrap()
    }

    pub(crate) async fn trail(&self) -> Vec<AuditEntry> {
        let lines = self.app.stores.audit.list(Slice::first(10_000)).await.unwrap();
        lines.into_iter().map(|line| line.entry).collect()
    }
}
