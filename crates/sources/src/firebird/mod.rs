//! Firebird, from version 3.

mod binds;
mod connect;
mod describe;
mod error;
mod procedures;
mod rows;
mod schema;
mod types;
mod values;

use std::sync::Arc;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId};
use pressroom_ports::{
    ColumnInfo, DescribeError, ProcedureInfo, QueryLimits, RowBatches, Statement, TableInfo,
};
use pressroom_query::Dialect;

use crate::engine;
use crate::gate::Syntax;
use crate::sessions::{Lease, Sessions};
use crate::stream::start_blocking;
use crate::subject::Subject;
use connect::Session;

/// Reads Firebird. The driver blocks: it works on threads that may.
#[derive(Clone, Debug, Default)]
pub(crate) struct Engine {
    sessions: Arc<Sessions<Session>>,
}

impl Engine {
    async fn session(
        &self,
        model: &DataModel,
        subject: &Subject,
    ) -> Result<Lease<Session>, SourceError> {
        let (provider, of_connect) = (model.provider.clone(), subject.clone());
        let connect = blocking(subject, move || connect::connect(&provider, &of_connect));
        self.sessions.take(model, subject, connect).await
    }

    /// Looks at a database, for the time that a connection has. A look that fails costs the connection.
    async fn look<T: Send + 'static>(
        &self,
        subject: Subject,
        model: &DataModel,
        look: impl FnOnce(&mut Session, &Subject) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let mut session = self.session(model, &subject).await?;
        let of_look = subject.clone();
        let seen = blocking(&subject, move || {
            let seen = look(&mut session, &of_look)?;
            session.give_back();
            Ok(seen)
        });
        subject.in_time(seen).await
    }
}

/// Runs what blocks.
async fn blocking<T: Send + 'static>(
    subject: &Subject,
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(subject.away("its answer cannot be understood")))
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &pressroom_query::Firebird
    }

    fn grammar(&self, _model: &DataModel) -> Option<engine::Grammar> {
        Some(engine::Grammar { syntax: Syntax::Firebird, schema: None })
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let subject = Subject::new(model, &statement.name);
        let session = self.session(model, &subject).await?;
        let statement = statement.clone();
        start_blocking(subject, *limits, move |sink| rows::run(session, &statement, sink)).await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let subject = Subject::new(model, &statement.name);
        let statement = statement.clone();
        let described = self
            .look(subject, model, move |session, subject| {
                describe::describe(session, &statement, subject)
            })
            .await;
        described.map_err(error::describing)
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.look(Subject::new(model, ""), model, schema::read).await
    }

    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        self.look(Subject::new(model, ""), model, procedures::read).await
    }

    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        let name = name.to_owned();
        let subject = Subject::new(model, "");
        self.look(subject, model, move |session, subject| {
            procedures::columns(session, &name, subject)
        })
        .await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.look(Subject::new(model, ""), model, connect::test).await
    }

    fn forget(&self, model: DataModelId) {
        self.sessions.forget(model);
    }
}
