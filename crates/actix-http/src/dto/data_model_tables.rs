//! What documents may see of a database.
//!
//! Types have the names that .NET gives them: `Boolean`, `Int64`, `Decimal`, `Double`, `String`,
//! `DateTime`, `TimeSpan`, `Guid`, `ByteArray`; `Unknown` where the database does not tell.

use pressroom_application::data_models::{self, type_name};
use pressroom_domain::{DataModelId, OptimisticLock};
use pressroom_ports::{ColumnInfo, ParameterDirection, ProcedureInfo, TableKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// The tables and views of a database, and which of them documents may see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "optimisticLock": 2,
    "tables": [{
        "optimisticLock": 2, "name": "\"Order Details\"", "nonEscapedName": "Order Details",
        "kind": "Table", "checked": true, "filter": "[Seller] = UserName() Or IsMemberOf('Sales')",
        "columns": [{"name": "Quantity", "type": "Int64", "checked": true}],
    }],
}))]
pub(crate) struct Tables {
    /// The lock of the data model.
    optimistic_lock: i64,
    tables: Vec<Table>,
}

/// A table or view, and whether documents may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Table {
    /// The lock of the data model.
    optimistic_lock: i64,
    /// Its name as statements write it: in quotes where it needs them.
    name: String,
    /// Its name without quotes.
    non_escaped_name: String,
    /// `Table` or `View`.
    kind: &'static str,
    /// Whether documents may see it.
    checked: bool,
    /// The condition that rows fulfil which a reader sees; null where all are seen.
    filter: Option<String>,
    columns: Vec<TableColumn>,
}

/// A column of a table, and whether documents may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"name": "Quantity", "type": "Int64", "checked": true}))]
pub(crate) struct TableColumn {
    name: String,
    /// Its type by the name that .NET has for it; `Unknown` where the database does not tell.
    r#type: &'static str,
    /// Whether documents may see it where they may see its table.
    checked: bool,
}

/// A column of what a procedure gives, or a field of a data member.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"name": "Quantity", "type": "Int64"}))]
pub(crate) struct DataField {
    name: String,
    /// Its type by the name that .NET has for it; `Unknown` where the database does not tell.
    r#type: &'static str,
}

/// A stored procedure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "name": "SalesByYear",
    "parameters": [{"name": "@year", "type": "Int32", "direction": "In"}],
}))]
pub(crate) struct Procedure {
    name: String,
    parameters: Vec<ProcedureParameter>,
}

/// A parameter of a stored procedure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProcedureParameter {
    name: String,
    r#type: &'static str,
    /// `In`, `Out` or `InOut`.
    direction: &'static str,
}

/// What gives rows to documents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "name": "Order Details", "kind": "Table", "fields": [{"name": "Quantity", "type": "Int64"}],
}))]
pub(crate) struct DataMember {
    /// Its name, without quotes.
    name: String,
    /// `Table`, `View`, `Query` or `Procedure`.
    kind: &'static str,
    /// What a row of it holds. A query that no longer works has none.
    fields: Vec<DataField>,
}

impl From<data_models::Tables> for Tables {
    fn from(found: data_models::Tables) -> Self {
        let lock = found.lock.0;
        let table = |table: data_models::ChosenTable| Table {
            optimistic_lock: lock,
            name: table.name,
            non_escaped_name: table.plain_name,
            kind: match table.kind {
                TableKind::Table => "Table",
                TableKind::View => "View",
            },
            checked: table.checked,
            filter: table.filter.map(|filter| filter.as_str().to_owned()),
            columns: table.columns.into_iter().map(TableColumn::from).collect(),
        };
        Self { optimistic_lock: lock, tables: found.tables.into_iter().map(table).collect() }
    }
}

impl From<data_models::ChosenColumn> for TableColumn {
    fn from(chosen: data_models::ChosenColumn) -> Self {
        let ColumnInfo { name, data_type } = chosen.column;
        Self { name, r#type: type_name(data_type), checked: chosen.checked }
    }
}

impl From<ColumnInfo> for DataField {
    fn from(column: ColumnInfo) -> Self {
        Self { name: column.name, r#type: type_name(column.data_type) }
    }
}

impl From<ProcedureInfo> for Procedure {
    fn from(procedure: ProcedureInfo) -> Self {
        let parameters = procedure.parameters.into_iter().map(ProcedureParameter::from).collect();
        Self { name: procedure.name, parameters }
    }
}

impl From<pressroom_ports::ProcedureParameter> for ProcedureParameter {
    fn from(parameter: pressroom_ports::ProcedureParameter) -> Self {
        Self {
            name: parameter.name,
            r#type: type_name(parameter.data_type),
            direction: match parameter.direction {
                ParameterDirection::Input => "In",
                ParameterDirection::Output => "Out",
                ParameterDirection::InputOutput => "InOut",
            },
        }
    }
}

impl From<data_models::DataMember> for DataMember {
    fn from(member: data_models::DataMember) -> Self {
        Self {
            name: member.name,
            kind: match member.kind {
                data_models::DataMemberKind::Table => "Table",
                data_models::DataMemberKind::View => "View",
                data_models::DataMemberKind::Query => "Query",
                data_models::DataMemberKind::Procedure => "Procedure",
            },
            fields: member.fields.into_iter().map(DataField::from).collect(),
        }
    }
}

/// What documents may see from now on. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct ChooseTables {
    pub(crate) lock: Option<i64>,
    tables: Vec<data_models::TableChoice>,
}

impl Dto for ChooseTables {
    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 2,
        "tables": [
            {
                "name": "\"Order Details\"", "nonEscapedName": "Order Details", "checked": true,
                "filter": "[Quantity] > 0",
                "columns": [{"name": "Margin", "checked": false}]
            },
            {"name": "Staff", "nonEscapedName": "Staff", "checked": false, "columns": []}
        ]
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("optimisticLock", "The lock of the data model."),
        ("tables", "Tables and views. Those that are absent stay as they are."),
        ("tables.name", "The name, with quotes or without; `nonEscapedName` does as well."),
        ("tables.nonEscapedName", "The name without quotes. Counts before `name`."),
        ("tables.checked", "Whether documents may see it."),
        (
            "tables.filter",
            "The condition that rows fulfil which a reader sees, with the columns of the table, \
             UserName(), UserEmail() and IsMemberOf('group'). Null shows all rows; absent, it stays as \
             it is.",
        ),
        ("tables.columns.checked", "Whether documents may see it."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let lock = fields.integer("optimisticLock");
        let tables = fields.objects("tables", |table| {
            let plain = table.text("nonEscapedName");
            let name = table.text("name").or_else(|| plain.clone());
            if name.is_none() {
                table.wrong("name", "must be given");
            }
            let checked = table.boolean("checked");
            let filter = table.clearable_text("filter");
            let columns = table.objects("columns", |column| {
                let name = column.required("name", Fields::text);
                let checked = column.boolean("checked");
                Some(data_models::ColumnChoice { name: name?, checked })
            });
            Some(data_models::TableChoice { name: plain.or(name)?, checked, filter, columns })
        });
        Some(Self { lock, tables })
    }
}

impl ChooseTables {
    pub(crate) fn command(
        self,
        id: DataModelId,
        lock: Option<OptimisticLock>,
    ) -> data_models::ChooseTables {
        data_models::ChooseTables { id, lock, tables: self.tables }
    }
}
