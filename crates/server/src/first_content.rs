//! What a first start brings: the demo's database, data model, category and documents.

use std::path::PathBuf;

use anyhow::Context;
use pressroom_application::listing::ListQuery;
use pressroom_application::{App, Caller, categories, data_models, documents, setup};
use pressroom_domain::{DocumentType, Secret};

use crate::demo;
use crate::site::Places;

/// The file of the demo's database below a data root.
const DATABASE: &str = "demo.db";
/// A file in the data folder that says the demo is still to be brought.
const UNFINISHED: &str = "demo-unfinished";

/// Whether the demo is still to be brought. It is so from before a store comes into being until the
/// demo is whole: a start that is interrupted, or finds the disk full, is made up for by the next.
pub(crate) struct Pending(PathBuf);

impl Pending {
    /// Remembers that a store which is about to come into being wants the demo.
    pub(crate) fn note(places: &Places, wanted: bool) -> anyhow::Result<Self> {
        let mark = places.data_dir.join(UNFINISHED);
        if wanted && !places.store.exists() {
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
        reports(app, &admin).await?;
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
        provider_type: "sqLite".to_owned(),
        connection_string: Some(Secret::new(format!("Data Source={DATABASE}"))),
    };
    data_models::create(app, admin, model).await?;
    Ok(())
}

async fn reports(app: &App, admin: &Caller) -> anyhow::Result<()> {
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
    for report in &demo::REPORTS {
        let is_there = |document: &pressroom_domain::Document| {
            document.category_id == category.id && document.name.as_str() == report.name
        };
        if known.iter().any(is_there) {
            continue;
        }
        let document = documents::CreateDocument {
            category_id: category.id,
            name: report.name.to_owned(),
            description: report.description.to_owned(),
            revision_comment: "as delivered".to_owned(),
            document_type: DocumentType::Report,
            auto_refresh_interval: 0,
            layout: report.layout.to_owned(),
        };
        documents::create(app, admin, document)
            .await
            .with_context(|| format!("the report \"{}\"", report.name))?;
    }
    Ok(())
}
