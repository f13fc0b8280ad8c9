//! What every engine does, each by its own driver.

use std::fmt::Debug;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId};
use pressroom_ports::{
    ColumnInfo, DescribeError, ProcedureInfo, QueryLimits, RowBatches, Statement, TableInfo,
};
use pressroom_query::Dialect;

use crate::gate::Syntax;

/// How the statements of a database are written, as far as checking them needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grammar {
    pub(crate) syntax: Syntax,
    /// The schema that names without one are looked for in.
    pub(crate) schema: Option<&'static str>,
}

/// One kind of database. The promises are those of [`DataSources`](pressroom_ports::DataSources).
#[async_trait]
pub(crate) trait Engine: Debug + Send + Sync {
    fn dialect(&self, model: &DataModel) -> &'static dyn Dialect;

    /// How statements are checked before they come here; none where the engine itself refuses what a
    /// data model hides.
    fn grammar(&self, model: &DataModel) -> Option<Grammar>;

    /// The schema that a model's names without one are looked for in, where its connection says so and
    /// not the kind of database alone.
    fn default_schema(&self, _model: &DataModel) -> Option<String> {
        None
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError>;

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError>;

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError>;

    async fn procedures(&self, _model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        Ok(Vec::new())
    }

    async fn procedure_columns(
        &self,
        _model: &DataModel,
        _name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        Ok(Vec::new())
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError>;

    fn forget(&self, _model: DataModelId) {}
}
