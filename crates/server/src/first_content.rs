//! What a first start brings: the demo's database, data model, category, documents and job.

use std::path::PathBuf;

use anyhow::Context;
use pressroom_application::listing::ListQuery;
use pressroom_application::{App, Caller, categories, data_models, documents, jobs, setup};
use pressroom_domain::{Document, DocumentType, ProviderOptions, Secret};
use pressroom_ports::Slice;

use crate::demo;
use crate::site::Places;

/// The file of the demo's database below a data root.
const DATABASE: &str = "demo.db";
/// A file in the data folder that says the demo is still to be brought.
const UNFINISHED: &str = "demo-unfinished";

/// Whether the demo is still to be brought. It is so from before a site has anybody until the demo is
/// whole: a start that is interrupted, or finds the disk full, is made up for by the next.
pub(crate) struct Pending(PathBuf);

impl Pending {
    /// Remembers that a site which is about to be set up wants the demo.
    pub(crate) async fn note(app: &App, places: &Places, wanted: bool) -> anyhow::Result<Self> {
        let mark = places.data_dir.join(UNFINISHED);
        if wanted && app.stores.users.list(Slice::first(1)).await?.is_empty() {
            std::fs::write(&mark, "")
                .with_context(|| format!("cannot write {}", mark.display()))?;
        }
        Ok(Self(mark))
    }

    /// Whether an earlier start left something to do.
    pub(crate) fn is_pending(&self) -> bool {
        self.0.exists()
    }

    /// Brings the demo, as `admin` would. What is there already stays.
    pub(crate) async fn bring(&self, app: &App, places: &Places) -> anyhow::Result<()> {
        let admin = setup::act_as(app, "admin").await?;
        database(app, &admin, places).await?;
        let documents = shelf(app, &admin).await?;
        job(app, &admin, &documents).await?;
        self.forget();
        Ok(())
    }

    /// The demo is not wanted any more.
    pub(crate) fn forget(&self) {
        // It may not be there.
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn database(app: &App, admin: &Caller, places: &Places) -> anyhow::Result<()> {
    let root = places.data_roots.first().context("no folder for data")?;
    let file = root.join(DATABASE);
    if !file.is_file() {
        tokio::task::spawn_blocking(move || demo::write_database(&file)).await??;
    }
    let models = data_models::list(app, admin, &ListQuery::ALL).await?.read().await?;
    if models.iter().any(|model| model.name.as_str() == demo::CONNECTION) {
        return Ok(());
    }
    let model = data_models::CreateDataModel {
        name: demo::CONNECTION.to_owned(),
        description: demo::CONNECTION_DESCRIPTION.to_owned(),
        command_timeout: 0,
        cache_seconds: 0,
        provider: data_models::GivenProvider {
            provider_type: "sqLite".to_owned(),
            options: ProviderOptions {
                connection_string: Some(Secret::new(format!("Data Source={DATABASE}"))),
                ..ProviderOptions::default()
            },
        },
    };
    data_models::create(app, admin, model).await?;
    Ok(())
}

/// The category with the demo's documents: those that were made now or stand there already.
async fn shelf(app: &App, admin: &Caller) -> anyhow::Result<Vec<Document>> {
    let known = categories::list(app, admin, &ListQuery::ALL).await?.read().await?;
    let category = match known.iter().find(|known| known.name.as_str() == demo::CATEGORY) {
        Some(category) => category.clone(),
        None => {
            let new = categories::CreateCategory { name: demo::CATEGORY.to_owned() };
            let category = categories::create(app, admin, new).await?;
            setup::open_to_guest(app, category.id).await?;
            category
        }
    };
    let known = documents::list(app, admin, &ListQuery::ALL).await?.read().await?;
    let reports = demo::REPORTS.iter().map(|report| (DocumentType::Report, report));
    let all = reports.chain([(DocumentType::Dashboard, &demo::DASHBOARD)]);
    let mut shelf = Vec::new();
    for (document_type, new) in all {
        let is_there = |document: &&Document| {
            document.category_id == category.id && document.name.as_str() == new.name
        };
        if let Some(document) = known.iter().find(is_there) {
            shelf.push(document.clone());
            continue;
        }
        let document = documents::CreateDocument {
            category_id: category.id,
            name: new.name.to_owned(),
            description: new.description.to_owned(),
            revision_comment: "as delivered".to_owned(),
            document_type,
            auto_refresh_interval: 0,
            layout: new.layout.to_owned(),
        };
        let made = documents::create(app, admin, document).await;
        shelf.push(made.with_context(|| format!("the demo's \"{}\"", new.name))?);
    }
    Ok(shelf)
}

/// A job that prints what was sold in the month before, early on each first day of a month.
async fn job(app: &App, admin: &Caller, documents: &[Document]) -> anyhow::Result<()> {
    let known = jobs::list(app, admin, &ListQuery::ALL).await?.read().await?;
    let report = documents.iter().find(|document| document.name.as_str() == demo::JOB_REPORT);
    let is_there = known.iter().any(|job| job.details.name.as_str() == demo::JOB);
    let Some(report) = report.filter(|_| !is_there) else { return Ok(()) };
    let month = |name: &str, edge: &str| jobs::ParameterField {
        name: name.to_owned(),
        source: jobs::Source::Calculated,
        value: edge.into(),
    };
    let fields = jobs::JobFields {
        name: Some(demo::JOB.to_owned()),
        document_id: Some(report.id.0),
        parameters: Some(vec![
            month("FromDate", "StartOfPreviousMonth"),
            month("ToDate", "EndOfPreviousMonth"),
        ]),
        time_zone: Some("Europe/Rome".to_owned()),
        recurrence_rule: Some(
            "FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=6;BYMINUTE=30;BYSECOND=0".to_owned(),
        ),
        retention_period: Some(365),
        ..jobs::JobFields::default()
    };
    jobs::create(app, admin, fields).await.context("the demo's job")?;
    Ok(())
}
