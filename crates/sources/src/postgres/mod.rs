//! PostgreSQL, and what speaks its protocol: Redshift, CockroachDB, YugabyteDB.
//!
//! Every statement runs in a transaction that reads only, on a session whose transactions are of that
//! kind by default, and which is told to stop by the server's own means when its reader goes.

mod binds;
mod connect;
mod describe;
mod error;
mod prepare;
mod procedures;
mod rows;
mod schema;
mod tls;
mod types;
mod values;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId, ProviderType};
use pressroom_ports::{
    ColumnInfo, DescribeError, ProcedureInfo, QueryLimits, RowBatches, Statement, TableInfo,
};
use pressroom_query::Dialect;
use tokio::time::timeout;
use tokio_postgres::Error;

use crate::gate::Syntax;
use crate::sessions::{Lease, Sessions};
use crate::stream::start;
use crate::subject::{LOOK, Subject};
use crate::{Files, engine};
use connect::Session;
use rows::Select;

/// Reads PostgreSQL databases.
#[derive(Debug)]
pub(crate) struct Engine {
    files: Files,
    sessions: Sessions<Session>,
}

impl Engine {
    pub(crate) fn new(files: Files) -> Self {
        Self { files, sessions: Sessions::default() }
    }

    /// The schema that names without one are of.
    fn default_of(model: &DataModel) -> String {
        let own = connect::default_schema(&model.provider);
        own.unwrap_or_else(|| connect::DEFAULT_SCHEMA.to_owned())
    }

    /// A session of a model in a transaction that reads.
    async fn begin(
        &self,
        model: &DataModel,
        subject: &Subject,
    ) -> Result<Lease<Session>, SourceError> {
        loop {
            let connect = connect::connect(model, &self.files, subject);
            let mut session = self.sessions.take(model, subject, connect).await?;
            match session.begin().await {
                Ok(()) => return Ok(session),
                // It waited for its next use, and somebody ended it meanwhile.
                Err(_) if session.is_used => {}
                Err(Some(error)) => return Err(error::said(subject, &error)),
                Err(None) => return Err(subject.away("it does not answer in time")),
            }
        }
    }

    /// What was seen in a session, which is of further use where it still answers.
    async fn seen<T>(
        mut session: Lease<Session>,
        seen: Result<Result<T, Error>, tokio::time::error::Elapsed>,
        subject: &Subject,
    ) -> Result<T, SourceError> {
        let Ok(seen) = seen else { return Err(subject.away("it does not answer in time")) };
        if session.end().await {
            session.give_back();
        }
        seen.map_err(|error| match error::said(subject, &error) {
            SourceError::Query { message, .. } => subject.away(message),
            other => other,
        })
    }
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, model: &DataModel) -> &'static dyn Dialect {
        match model.provider.provider_type() {
            ProviderType::AmazonRedshift => &pressroom_query::Redshift,
            _ => &pressroom_query::Postgres,
        }
    }

    fn grammar(&self, model: &DataModel) -> Option<engine::Grammar> {
        let syntax = match model.provider.provider_type() {
            ProviderType::AmazonRedshift => Syntax::Redshift,
            _ => Syntax::Postgres,
        };
        Some(engine::Grammar { syntax, schema: Some(connect::DEFAULT_SCHEMA) })
    }

    fn default_schema(&self, model: &DataModel) -> Option<String> {
        connect::default_schema(&model.provider)
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let subject = Subject::new(model, &statement.name);
        let session = self.begin(model, &subject).await?;
        start(subject, *limits, Select { session, statement: statement.clone() }).await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let subject = Subject::new(model, &statement.name);
        let away = |error: SourceError| DescribeError::Away(error.to_string());
        let mut session = self.begin(model, &subject).await.map_err(away)?;
        let described = describe::describe(&session.client, statement, &subject);
        let described = timeout(LOOK, described)
            .await
            .map_err(|_| away(subject.away("it does not answer in time")))?;
        if session.end().await {
            session.give_back();
        }
        described
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        let subject = Subject::new(model, "");
        let session = self.begin(model, &subject).await?;
        let default = Self::default_of(model);
        let seen = timeout(LOOK, schema::read(&session.client, &default)).await;
        Self::seen(session, seen, &subject).await
    }

    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        let subject = Subject::new(model, "");
        let session = self.begin(model, &subject).await?;
        let default = Self::default_of(model);
        let seen = timeout(LOOK, procedures::read(&session.client, &default)).await;
        Self::seen(session, seen, &subject).await
    }

    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        let subject = Subject::new(model, "");
        let session = self.begin(model, &subject).await?;
        let default = Self::default_of(model);
        let seen = timeout(LOOK, procedures::columns(&session.client, &default, name)).await;
        Self::seen(session, seen, &subject).await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        let subject = Subject::new(model, "");
        let session = self.begin(model, &subject).await?;
        let seen = timeout(LOOK, session.client.batch_execute("select 1")).await;
        Self::seen(session, seen, &subject).await
    }

    fn forget(&self, model: DataModelId) {
        self.sessions.forget(model);
    }
}
