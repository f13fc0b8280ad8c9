//! The stored procedures of a database. What one gives the server tells only when it runs.

use mysql_async::prelude::Queryable;
use pressroom_data::SourceError;
use pressroom_ports::{ParameterDirection, ProcedureInfo, ProcedureParameter};

use super::connect::Session;
use super::{error, types};
use crate::subject::Subject;

const PROCEDURES: &str = "
    select r.routine_name, p.parameter_name, p.dtd_identifier, p.parameter_mode
    from information_schema.routines r
    left join information_schema.parameters p
        on p.specific_schema = r.routine_schema and p.specific_name = r.specific_name
        and p.routine_type = 'PROCEDURE'
    where r.routine_schema = database() and r.routine_type = 'PROCEDURE'
    order by r.routine_name, p.ordinal_position";

/// Procedures by name.
pub(crate) async fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<ProcedureInfo>, SourceError> {
    type Line = (String, Option<String>, Option<String>, Option<String>);
    let lines: Vec<Line> =
        session.connection.query(PROCEDURES).await.map_err(|error| error::said(subject, &error))?;
    let mut procedures: Vec<ProcedureInfo> = Vec::new();
    for (name, parameter, declaration, mode) in lines {
        if procedures.last().is_none_or(|last| last.name != name) {
            procedures.push(ProcedureInfo { name, parameters: Vec::new() });
        }
        if let (Some(last), Some(name)) = (procedures.last_mut(), parameter) {
            last.parameters.push(ProcedureParameter {
                name,
                data_type: types::declared(declaration.as_deref().unwrap_or_default()),
                direction: match mode.as_deref() {
                    Some("OUT") => ParameterDirection::Output,
                    Some("INOUT") => ParameterDirection::InputOutput,
                    _ => ParameterDirection::Input,
                },
            });
        }
    }
    Ok(procedures)
}
