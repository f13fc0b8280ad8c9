//! The stored procedures of a database, and what they give.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, ParameterDirection, ProcedureInfo, ProcedureParameter};
use pressroom_query::{Dialect, MsSql};

use super::binds::Binds;
use super::connect::Session;
use super::{describe, schema, types};
use crate::subject::Subject;

const PROCEDURES: &str = "
    SELECT s.name, o.name, p.name, type_name(p.system_type_id),
        CAST(CASE WHEN p.is_output = 1 THEN 'out' ELSE 'in' END AS varchar(3))
    FROM sys.procedures o
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    LEFT JOIN sys.all_parameters p ON p.object_id = o.object_id AND p.parameter_id > 0
    WHERE o.type = 'P' AND o.is_ms_shipped = 0
    ORDER BY s.name, o.name, o.object_id, p.parameter_id";

/// Procedures by name.
pub(crate) async fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<ProcedureInfo>, SourceError> {
    let mut procedures: Vec<ProcedureInfo> = Vec::new();
    for row in &schema::rows(session, PROCEDURES, subject).await? {
        let text = |place| schema::text(row, place);
        let name = schema::name(text(0), text(1));
        if procedures.last().is_none_or(|last| last.name != name) {
            procedures.push(ProcedureInfo { name, parameters: Vec::new() });
        }
        if let Some(last) = procedures.last_mut()
            && !text(2).is_empty()
        {
            last.parameters.push(ProcedureParameter {
                name: text(2).to_owned(),
                data_type: types::declared(text(3)),
                // What goes out may go in as well.
                direction: match text(4) {
                    "out" => ParameterDirection::InputOutput,
                    _ => ParameterDirection::Input,
                },
            });
        }
    }
    procedures.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(procedures)
}

/// The columns that a procedure gives, without running it; none where the server does not tell.
pub(crate) async fn columns(
    session: &mut Session,
    subject: &Subject,
    name: &str,
) -> Result<Vec<ColumnInfo>, SourceError> {
    let known = read(session, subject).await?;
    let same = |procedure: &&ProcedureInfo| procedure.name.eq_ignore_ascii_case(name);
    let Some(procedure) = known.iter().find(|one| one.name == name).or(known.iter().find(same))
    else {
        return Ok(Vec::new());
    };
    let nothing = vec!["NULL"; procedure.parameters.len()].join(", ");
    let call = format!("EXEC {} {nothing}", MsSql.table(&procedure.name));
    let columns = describe::columns(session, &call, Binds::default(), subject).await?;
    Ok(columns.unwrap_or_default())
}
