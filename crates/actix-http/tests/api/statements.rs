//! How many statements each address costs, over a real store: as many on a large site as on a small
//! one.

use std::collections::BTreeMap;
use std::sync::Arc;

use pressroom_actix_http::{Config, endpoints};
use pressroom_contracts::build;
use pressroom_contracts::fakes::MemoryStore;
use pressroom_diesel_sqlite::Store;
use pressroom_domain::{Access, Holder, NewUser, Permission, Scope, SubjectKind, Verb};
use pressroom_ports::{Grant, Stores};
use tempfile::TempDir;

use crate::site::{REPORT, Site};

/// A site over a store of its own that holds so many of each thing.
struct Counted {
    _folder: TempDir,
    store: Store,
    site: Site,
    token: String,
    /// What stands for each captured part of a path.
    ids: BTreeMap<&'static str, String>,
}

impl Counted {
    async fn new(each: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
        let stores = Stores::of(Arc::new(store.clone()));
        let unused = Arc::new(MemoryStore::default());
        let site = Site::over(stores.clone(), unused, |_| {}, Config::default()).await;

        let layout = site.app.blobs.put(REPORT.as_bytes().to_vec()).await.unwrap().hash;
        let mut ids = BTreeMap::new();
        for number in 0..each {
            let category = build::category(&stores, &format!("Category {number}")).await.id;
            let mut document = build::new_document(category, &format!("Document {number}"));
            document.entity.revision.layout = layout;
            let document = stores.documents.create(document).await.unwrap();
            let model = build::new_data_model(&format!("Model {number}"));
            let model = stores.data_models.create(model).await.unwrap().id;
            let group = build::new_group(&format!("Group {number}"));
            let group = stores.groups.create(group).await.unwrap().id;
            let mut user = build::new_user(&format!("user{number}"));
            user.entity = NewUser { groups: vec![group], ..user.entity };
            let user = stores.users.create(user).await.unwrap().id;
            for holder in [Holder::User(user), Holder::Group(group)] {
                let permissions = vec![Permission::new(Access::READ, Scope::Document(document.id))];
                let grant = Grant { holder, expected: None, permissions };
                let change = build::change(grant, Verb::Grant, SubjectKind::User, user);
                stores.permissions.grant(change).await.unwrap();
            }
            let mut job = build::new_job(document.id, &format!("Job {number}"));
            job.entity.details.parameters.clear();
            let job = stores.jobs.create(job).await.unwrap().id;
            let run = build::job_run(&stores, job).await;
            let result = build::new_job_result(&run, document.id, 1);
            stores.job_results.record(result).await.unwrap();
            ids.insert("/api/jobs/{id}", job.to_string());
            ids.insert("/api/categories/{id}", category.to_string());
            ids.insert("/api/documents/{id}", document.id.to_string());
            ids.insert("/api/documentdesign/{id}", document.id.to_string());
            ids.insert("{revisionId}", document.revision_id.to_string());
            ids.insert("/api/datamodels/{id}", model.to_string());
            ids.insert("/api/users/{id}", user.to_string());
            ids.insert("/api/usergroups/{id}", group.to_string());
        }
        let token = site.admin().await;
        Self { _folder: folder, store, site, token, ids }
    }

    /// The path of a pattern; none where nothing is known to stand there.
    fn path(&self, pattern: &str) -> Option<String> {
        let path = self.ids.iter().fold(pattern.to_owned(), |path, (captured, id)| {
            let filled = captured.replace("{id}", id).replace("{revisionId}", id);
            path.replace(captured, &filled)
        });
        (!path.contains('{')).then_some(path)
    }

    /// What each `GET` that is answered costs, by its pattern.
    async fn costs(&self) -> BTreeMap<&'static str, u64> {
        let mut costs = BTreeMap::new();
        for (method, pattern) in endpoints() {
            let Some(path) = self.path(pattern).filter(|_| method == "GET") else { continue };
            let before = self.store.statements();
            let answer = self.site.ask(&format!("GET {path}")).token(&self.token).send().await;
            if answer.status == 200 {
                costs.insert(pattern, self.store.statements() - before);
            }
        }
        costs
    }
}

#[actix_web::test]
async fn no_address_costs_more_where_there_is_more() {
    let (small, large) =
        (Counted::new(2).await.costs().await, Counted::new(40).await.costs().await);
    assert_eq!(small, large, "statements on a small site (left) and on a large one (right)");
    // Four for the list's and the session's state, four for the session, the rest for what is asked;
    // those that begin and end transactions included.
    let dear: Vec<_> = large.iter().filter(|(_, cost)| **cost > 20).collect();
    assert!(dear.is_empty(), "these cost many statements: {dear:?}");
}
