//! A site with one thing of each kind, and callers of each kind.

use pressroom_actix_http::{Config, Metrics};
use pressroom_application::exports::{self, StartExport};
use pressroom_application::setup;
use pressroom_contracts::build;
use pressroom_domain::{
    Access, DocumentId, JobDetails, NewUser, PhotoFormat, PhotoRecord, Scope, SubjectKind, Verb,
};
use pressroom_ports::{Slice, UserUpdate};
use serde_json::{Map, json};

use super::rules::{Caller, Kind, Row};
use crate::site::{Answer, REPORT, Site};

/// A site with one thing of each kind, and callers of each kind.
pub(super) struct World {
    site: Site,
    /// The ids that rows name.
    ids: Vec<(&'static str, String)>,
    pub(super) callers: Vec<Caller>,
    /// The number of the newest line of the trail.
    trail_end: i64,
}

/// What `{id}` of a pattern is, by the start of the path. Of two that fit the first counts.
const AREAS: &[(&str, &str)] = &[
    // A key that nobody has.
    ("/api/account/keys/", "987654"),
    ("/api/categories/", "{category}"),
    ("/api/documentdesign/", "{document}"),
    ("/api/documents/", "{document}"),
    ("/api/dashboards/", "{document}"),
    ("/api/datamodels/", "{model}"),
    ("/api/jobs/results/", "{result}"),
    ("/api/jobs/generateddocuments/", "{result}"),
    ("/api/jobs/", "{job}"),
    ("/api/users/", "{user}"),
    ("/api/usergroups/", "{group}"),
];

impl World {
    pub(super) async fn new() -> Self {
        // Figures that no address may read without a token.
        let metrics = Some(Metrics::new(Vec::new(), String::new));
        let config = Config { metrics, ..Config::default() };
        let site = Site::with(|settings| settings.require_lock = false, config).await;
        let stores = site.app.stores.clone();
        let document = DocumentId(site.report("Greeting").await);
        let category = stores.documents.get(document).await.unwrap().category_id;
        let revision = stores.documents.get(document).await.unwrap().revision_id;
        let empty = build::category(&stores, "Empty").await.id;
        let model = stores.data_models.create(build::new_data_model("Northwind")).await.unwrap().id;
        let details = build::job_details(document, "Daily");
        let details = JobDetails { parameters: Vec::new(), ..details };
        let mut new = build::new_job(document, "Daily");
        new.entity.details = details;
        let job = stores.jobs.create(new).await.unwrap().id;
        let run = build::job_run(&stores, job).await;
        let result = build::new_job_result(&run, document, 1);
        let result = stores.job_results.record(result).await.unwrap().id;

        // The user itself is in the group.
        let group = stores.groups.create(build::new_group("Team")).await.unwrap().id;
        let itself = site.reader("itself", &[]).await;
        let user = stores.users.find_by_name("itself").await.unwrap().unwrap();
        let member = NewUser { groups: vec![group], ..build::new_user("itself").entity };
        let update = UserUpdate { id: user.id, expected: None, user: member };
        let update = build::change(update, Verb::Update, SubjectKind::User, user.id);
        stores.users.update(update).await.unwrap();
        let blob = site.app.blobs.put(b"GIF89a".to_vec()).await.unwrap().hash;
        let photo = (user.id, Some(PhotoRecord { blob, format: PhotoFormat::Gif }));
        let photo = build::change(photo, Verb::Update, SubjectKind::User, user.id);
        stores.users.set_photo(photo).await.unwrap();

        let scope = |kind: Kind| match kind {
            Kind::AllCategories => Scope::AllCategories,
            Kind::Category => Scope::Category(category),
            Kind::AllDocuments => Scope::AllDocuments,
            Kind::DocumentsInCategory => Scope::DocumentsIn(category),
            Kind::Document => Scope::Document(document),
            Kind::AllDataModels => Scope::AllDataModels,
            Kind::DataModel => Scope::DataModel(model),
            Kind::AllScheduledJobs => Scope::AllScheduledJobs,
            Kind::ScheduledJob => Scope::ScheduledJob(job),
        };
        let caller = |name: &str, token: Option<String>, held: &[(Access, Kind)]| Caller {
            name: name.to_owned(),
            token,
            held: held.to_vec(),
            administrator: false,
            itself: false,
            owner: false,
        };

        let mut callers = vec![
            caller("nobody", None, &[]),
            Caller { itself: true, ..caller("the user itself", Some(itself), &[]) },
        ];
        let everything = Kind::ALL.map(|kind| (Access::READ, kind));
        let single = [Access::CREATE, Access::READ, Access::MODIFY, Access::DELETE];
        // A right without read does little: each is tried with it too.
        let with_read =
            [Access::CREATE, Access::MODIFY, Access::DELETE].map(|access| access | Access::READ);
        let one_right = Kind::ALL.into_iter().flat_map(|kind| {
            single.into_iter().chain(with_read).map(move |access| vec![(access, kind)])
        });
        let sets = [everything.to_vec()].into_iter().chain(one_right);
        for (number, held) in sets.enumerate() {
            let rights: Vec<(Access, Scope)> =
                held.iter().map(|(access, kind)| (*access, scope(*kind))).collect();
            let token = site.reader(&format!("caller{number}"), &rights).await;
            let name = match held[..] {
                [(access, kind)] => format!("who has {} on {kind:?}", access.bits()),
                _ => "the reader of everything".to_owned(),
            };
            callers.push(caller(&name, Some(token), &held));
        }
        let read = [(Access::READ, Kind::Document)];
        let token = site.reader("owner", &[(Access::READ, scope(Kind::Document))]).await;
        callers.push(Caller { owner: true, ..caller("the owner", Some(token), &read) });
        let token = site.admin().await;
        let administrator = caller("the administrator", Some(token), &[]);
        callers.push(Caller { administrator: true, ..administrator });

        let owner = setup::act_as(&site.app, "owner").await.unwrap();
        let start = StartExport {
            document_id: document,
            format: "pdf".into(),
            options: Map::new(),
            arguments: Vec::new(),
        };
        let export = exports::start(&site.app, &owner, start).await.unwrap();
        site.work().await;

        let ids = vec![
            ("{category}", category.to_string()),
            ("{empty}", empty.to_string()),
            ("{document}", document.to_string()),
            ("{revisionId}", revision.to_string()),
            ("{model}", model.to_string()),
            ("{user}", user.id.to_string()),
            ("{group}", group.to_string()),
            ("{job}", job.to_string()),
            ("{runId}", run.id.to_string()),
            ("{result}", result.to_string()),
            ("{exportId}", export.to_string()),
            ("{tableName}", "numbers".to_owned()),
            ("{procedureName}", "numbers".to_owned()),
            ("{name}", "numbers".to_owned()),
            ("{layout}", json!(REPORT).to_string()),
        ];
        let trail = stores.audit.list(Slice::first(100_000)).await.unwrap();
        let trail_end = trail.last().map_or(0, |line| line.id);
        Self { site, ids, callers, trail_end }
    }

    /// Sends a row's request as one of the callers.
    pub(super) async fn ask(&self, row: &Row, place: usize) -> Answer {
        let area = AREAS.iter().find(|(start, _)| row.pattern.starts_with(start));
        let path = match area {
            Some((_, id)) => row.pattern.replace("{id}", id),
            None => row.pattern.to_owned(),
        };
        let address = self.fill(&format!("{} {path}{}", row.method, row.query));
        let ask = self.site.ask(&address).body(self.fill(row.body));
        match &self.callers[place].token {
            Some(token) => ask.token(token).send().await,
            None => ask.send().await,
        }
    }

    /// Whether anything was written since it was made: each write has its line in the trail.
    pub(super) async fn is_changed(&self) -> bool {
        let newer = Slice::after(self.trail_end, 1);
        !self.site.app.stores.audit.list(newer).await.unwrap().is_empty()
    }

    fn fill(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }
}
