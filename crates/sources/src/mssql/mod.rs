//! SQL Server, and others that speak its protocol (TDS).

mod binds;
mod browser;
mod connect;
mod describe;
mod error;
mod procedures;
mod rows;
mod schema;
mod tls;
mod transport;
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
use crate::stream::start;
use crate::subject::Subject;
use connect::Session;

/// Reads SQL Server.
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
        let connect = connect::connect(&model.provider, subject);
        self.sessions.take(model, subject, connect).await
    }

    /// Looks at a database, for the time that a connection has. A look that fails costs the connection.
    async fn look<T>(
        &self,
        model: &DataModel,
        look: impl AsyncFnOnce(&mut Session, &Subject) -> Result<T, SourceError>,
    ) -> Result<T, SourceError> {
        let subject = Subject::new(model, "");
        let mut session = self.session(model, &subject).await?;
        let seen = subject.in_time(look(&mut session, &subject)).await?;
        session.give_back();
        Ok(seen)
    }
}

#[async_trait]
impl engine::Engine for Engine {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &pressroom_query::MsSql
    }

    fn grammar(&self, _model: &DataModel) -> Option<engine::Grammar> {
        Some(engine::Grammar { syntax: Syntax::MsSql, schema: Some(schema::OWN) })
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let query = rows::Query {
            engine: self.clone(),
            model: model.clone(),
            statement: statement.clone(),
        };
        start(Subject::new(model, &statement.name), *limits, query).await
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let subject = Subject::new(model, &statement.name);
        let away = |error: SourceError| DescribeError::Away(error.to_string());
        let mut session = self.session(model, &subject).await.map_err(away)?;
        let described = subject.in_time(describe::describe(&mut session, statement, &subject));
        let described = described.await.map_err(away)?;
        session.give_back();
        described
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.look(model, schema::read).await
    }

    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        self.look(model, procedures::read).await
    }

    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        let subject = Subject::new(model, name);
        let mut session = self.session(model, &subject).await?;
        let columns = subject.in_time(procedures::columns(&mut session, &subject, name)).await?;
        session.give_back();
        Ok(columns)
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.look(model, connect::test).await
    }

    fn forget(&self, model: DataModelId) {
        self.sessions.forget(model);
    }
}
