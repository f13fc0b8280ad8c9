//! A site of fakes, and a browser without scripts that looks at its pages.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App as ActixApp, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use pressroom_application::exports::{self, Ran};
use pressroom_application::setup::{self, Setup};
use pressroom_application::{App, Exporters, Settings};
use pressroom_contracts::build;
use pressroom_contracts::fakes::{
    CountingRandom, DumpExporter, FakeMailer, FakeSources, ManualClock, MemoryBlobs, MemoryStore,
    PlainHasher,
};
use pressroom_data::MemorySpill;
use pressroom_domain::{
    Access, DocumentType, Holder, NodeName, Permission, Scope, Secret, SubjectKind, Verb,
};
use pressroom_fonts::FontLibrary;
use pressroom_ports::{Grant, Stores};
use roxmltree::{Document, Node};
use tokio::sync::{Notify, watch};

/// A report of one word that asks for a text, a number, a day, a truth, a colour and some countries.
pub(crate) const REPORT: &str = r##"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Greeting">
  <Parameters>
    <Item1 Ref="10" Name="Customer" Description="Customer's name" ValueInfo="ALFKI"/>
    <Item2 Ref="11" Name="Count" ValueInfo="1" Type="System.Int32"/>
    <Item3 Ref="12" Name="Day" Description="Day of the letter" ValueInfo="2026-03-02" Type="System.DateTime"/>
    <Item4 Ref="13" Name="Paid" Description="Paid ones too" ValueInfo="True" Type="System.Boolean"/>
    <Item5 Ref="14" Name="Colour" ValueInfo="blue">
      <LookUpSettings Ref="15" ObjectType="X.StaticListLookUpSettings, X">
        <LookUpValues>
          <Item1 Value="red" Description="Red"/><Item2 Value="blue" Description="Blue"/>
        </LookUpValues>
      </LookUpSettings>
    </Item5>
    <Item6 Ref="16" Name="Countries" MultiValue="true" ValueInfo="DE|FR">
      <LookUpSettings Ref="17" ObjectType="X.StaticListLookUpSettings, X">
        <LookUpValues>
          <Item1 Value="DE" Description="Germany"/><Item2 Value="FR" Description="France"/>
          <Item3 Value="IT" Description="Italy"/>
        </LookUpValues>
      </LookUpSettings>
    </Item6>
    <Item7 Ref="18" Name="Hidden" Visible="false"/>
  </Parameters>
  <Bands>
    <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
      <Controls>
        <Item1 Ref="2" ControlType="XRLabel" Name="label1" Text="Good morning" SizeF="200,23"/>
      </Controls>
    </Item1>
  </Bands>
</XtraReportsLayoutSerializer>
"##;

/// A report that asks for nothing.
pub(crate) const PLAIN: &str =
    r#"<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Plain"/>"#;

/// What hostile people call things.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"'&amp;<img src=x onerror=alert(1)>";

type Call = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>;

/// A site of fakes and its pages. The password of `admin` is `secret`; the guest may sign in.
pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    call: Call,
}

/// A browser that keeps cookies.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    pub(crate) session: RefCell<Option<String>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}, pressroom_portal::Settings::default()).await
    }

    pub(crate) async fn with(
        change: impl FnOnce(&mut Settings),
        portal: pressroom_portal::Settings,
    ) -> Self {
        let mut settings = Settings::default();
        change(&mut settings);
        let (store, clock) = (Arc::new(MemoryStore::default()), Arc::new(ManualClock::default()));
        let app = App {
            stores: Stores::of(store.clone()),
            blobs: Arc::new(MemoryBlobs::new(clock.clone())),
            sources: Arc::new(FakeSources::default()),
            exporters: Exporters::new(vec![Arc::new(DumpExporter)]),
            list_exporters: pressroom_application::ListExporters::default(),
            clock: clock.clone(),
            random: Arc::new(CountingRandom::default()),
            passwords: Arc::new(PlainHasher::default()),
            fonts: Arc::new(FontLibrary::bundled()),
            spill: Arc::new(MemorySpill),
            lists: Arc::default(),
            layouts: Arc::default(),
            running: Arc::default(),
            draining: Arc::default(),
            mailer: Arc::new(FakeMailer::default()),
            mail_queued: Arc::new(Notify::new()),
            work_queued: Arc::new(Notify::new()),
            outages: Arc::default(),
            attempts: Arc::default(),
            identity: None,
            pending: Arc::default(),
            settings: Arc::new(settings),
        };
        let start = Setup { admin_password: Some(Secret::new("secret")), guest: true };
        setup::setup(&app, &start).await.unwrap();
        let pages = pressroom_portal::pages(app.clone(), portal);
        let served = ActixApp::new().service(web::scope("").configure(|config| pages(config)));
        let service = Rc::new(init_service(served).await);
        let call = move |request: TestRequest| {
            let service = Rc::clone(&service);
            async move {
                let response = match try_call_service(&*service, request.to_request()).await {
                    Ok(response) => response.into_parts().1.map_into_boxed_body(),
                    Err(error) => error.error_response(),
                };
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = to_bytes(response.into_body()).await.unwrap();
                Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
            }
            .boxed_local()
        };
        Self { app, store, clock, call: Box::new(call) }
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { site: self, session: RefCell::default() }
    }

    /// A browser in which the administrator is.
    pub(crate) async fn admin(&self) -> Browser<'_> {
        let browser = self.browser();
        browser.sign_in("admin", "secret").await;
        browser
    }

    /// A browser in which somebody is who may do just this.
    pub(crate) async fn reader(&self, name: &str, held: &[(Access, Scope)]) -> Browser<'_> {
        let mut new = build::new_user(name);
        new.entity.password = Some(self.app.passwords.hash(&Secret::new("pw")).await.unwrap());
        let user = self.app.stores.users.create(new).await.unwrap();
        let permissions =
            held.iter().map(|(access, scope)| Permission::new(*access, *scope)).collect();
        let grant = Grant { holder: Holder::User(user.id), expected: None, permissions };
        let change = build::change(grant, Verb::Grant, SubjectKind::User, user.id);
        self.app.stores.permissions.grant(change).await.unwrap();
        let browser = self.browser();
        browser.sign_in(name, "pw").await;
        browser
    }

    /// The path of a new document.
    pub(crate) async fn document(&self, category: &str, name: &str, layout: &str) -> String {
        self.document_of(DocumentType::Report, category, name, layout).await
    }

    /// The path of a new document of a type.
    pub(crate) async fn document_of(
        &self,
        kind: DocumentType,
        category: &str,
        name: &str,
        layout: &str,
    ) -> String {
        let stored = self.app.blobs.put(layout.as_bytes().to_vec()).await.unwrap();
        let category = build::category(&self.app.stores, category).await;
        let mut new = build::new_document(category.id, name);
        new.entity.revision.layout = stored.hash;
        new.entity.document_type = kind;
        new.entity.description = build::description("What it shows");
        let made = self.app.stores.documents.create(new).await.unwrap();
        format!("/documents/{}", made.id)
    }

    /// Does what a worker would do: all work that is queued.
    pub(crate) async fn work(&self) {
        let (node, stop) = (NodeName::new("test"), watch::Sender::new(false));
        while exports::run_next(&self.app, &node, &stop.subscribe()).await.unwrap() != Ran::Nothing
        {
        }
    }
}

impl Browser<'_> {
    pub(crate) async fn sign_in(&self, name: &str, password: &str) {
        let form = [("user-name", name), ("password", password)];
        let answer = self.post("/sign-in", &form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{answer:?}");
    }

    /// Sends a request and keeps the cookie that comes back.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let session = self.session.borrow().clone();
        let request = match session {
            Some(token) => request.insert_header(("cookie", format!("pressroom_session={token}"))),
            None => request,
        };
        let answer = (self.site.call)(request).await;
        if let Some(kept) = answer.header("set-cookie").strip_prefix("pressroom_session=") {
            let token = kept.split(';').next().unwrap_or_default();
            *self.session.borrow_mut() = (!token.is_empty()).then(|| token.to_owned());
        }
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::with_uri(path)).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(TestRequest::with_uri(path).method(Method::POST).set_payload(body)).await
    }

    /// Fills in the form of a page that is sent to `action`, and sends it. A name that is filled in
    /// takes the place of what stood there; the rest goes as it stood.
    pub(crate) async fn submit(
        &self,
        page: &Answer,
        action: &str,
        fill: &[(&str, &str)],
    ) -> Answer {
        let mut form = page.form(action);
        form.retain(|(name, _)| !fill.iter().any(|(own, _)| own == name));
        let mut pairs: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend_from_slice(fill);
        self.post(action, &pairs).await
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The page, which is of this status and well formed.
    pub(crate) fn page(&self, status: u16) -> Document<'_> {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header(header::CONTENT_TYPE.as_str()), "text/html; charset=utf-8");
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        Document::parse_with_options(&self.body, options)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.body))
    }

    /// The texts of all elements of a name.
    pub(crate) fn texts(&self, tag: &str) -> Vec<String> {
        let page = self.page(self.status);
        let found = page.descendants().filter(|node| node.has_tag_name(tag));
        found.map(text).collect()
    }

    /// What a form would send as it stands.
    pub(crate) fn form(&self, action: &str) -> Vec<(String, String)> {
        let page = self.page(self.status);
        let form = page
            .descendants()
            .find(|node| node.has_tag_name("form") && node.attribute("action") == Some(action))
            .unwrap_or_else(|| panic!("no form for {action}\n{}", self.body));
        let mut sent = Vec::new();
        for node in form.descendants() {
            let Some(name) = node.attribute("name") else { continue };
            let value = || node.attribute("value").unwrap_or_default().to_owned();
            match (node.tag_name().name(), node.attribute("type")) {
                ("input", Some("radio" | "checkbox")) if !node.has_attribute("checked") => {}
                ("input", _) => sent.push((name.to_owned(), value())),
                ("textarea", _) => sent.push((name.to_owned(), text(node))),
                ("select", _) => {
                    let chosen = node.descendants().find(|node| node.has_attribute("selected"));
                    let chosen = chosen.and_then(|node| node.attribute("value"));
                    sent.push((name.to_owned(), chosen.unwrap_or_default().to_owned()));
                }
                _ => {}
            }
        }
        sent
    }

    /// The attributes of all elements of a name.
    pub(crate) fn attributes(&self, tag: &str, attribute: &str) -> Vec<String> {
        let page = self.page(self.status);
        let found = page.descendants().filter(|node| node.has_tag_name(tag));
        found.filter_map(|node| node.attribute(attribute)).map(str::to_owned).collect()
    }

    /// What a reader sees between `<main>` and `</main>`, for snapshots: marks differ.
    pub(crate) fn main(&self) -> String {
        let (_, rest) = self.body.split_once("<main").expect("a page has its main part");
        let (main, _) = rest.split_once("</main>").expect("it ends");
        let lines = main.split_once('>').map_or("", |(_, rest)| rest).lines();
        let lines = lines.map(str::trim).filter(|line| !line.is_empty());
        lines
            .map(|line| match line.split_once("name=\"mark\" value=\"") {
                Some((start, rest)) => {
                    let (_, end) = rest.split_once('"').expect("the value ends");
                    format!("{start}name=\"mark\" value=\"…\"{end}")
                }
                None => line.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn text(node: Node<'_, '_>) -> String {
    let parts = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
    parts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
