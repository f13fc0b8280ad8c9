//! The stored procedures that give rows.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, ParameterDirection, ProcedureInfo, ProcedureParameter};
use rsfbclient::SqlType;

use super::connect::Session;
use super::schema::{declared, text};
use crate::subject::Subject;

const PROCEDURES: &str = "
    select trim(p.rdb$procedure_name), trim(a.rdb$parameter_name), f.rdb$field_type,
        coalesce(f.rdb$field_sub_type, 0), coalesce(f.rdb$field_scale, 0),
        coalesce(f.rdb$character_set_id, 0)
    from rdb$procedures p
    left join rdb$procedure_parameters a on a.rdb$procedure_name = p.rdb$procedure_name
        and a.rdb$package_name is null and a.rdb$parameter_type = 0
    left join rdb$fields f on f.rdb$field_name = a.rdb$field_source
    where coalesce(p.rdb$system_flag, 0) = 0 and p.rdb$package_name is null
        and p.rdb$procedure_type = 1
    order by p.rdb$procedure_name, a.rdb$parameter_number";
const RESULTS: &str = "
    select trim(a.rdb$parameter_name), f.rdb$field_type,
        coalesce(f.rdb$field_sub_type, 0), coalesce(f.rdb$field_scale, 0),
        coalesce(f.rdb$character_set_id, 0)
    from rdb$procedure_parameters a
    join rdb$fields f on f.rdb$field_name = a.rdb$field_source
    where a.rdb$procedure_name = ? and a.rdb$package_name is null and a.rdb$parameter_type = 1
    order by a.rdb$parameter_number";
/// The longest name of anything, in letters.
const LONGEST_NAME: usize = 63;

/// Procedures by name.
pub(super) fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<ProcedureInfo>, SourceError> {
    let mut procedures: Vec<ProcedureInfo> = Vec::new();
    for line in session.ask(subject, PROCEDURES, Vec::new())? {
        let name = text(&line, 0);
        if procedures.last().is_none_or(|last| last.name != name) {
            procedures.push(ProcedureInfo { name, parameters: Vec::new() });
        }
        let parameter = text(&line, 1);
        if let Some(last) = procedures.last_mut().filter(|_| !parameter.is_empty()) {
            last.parameters.push(ProcedureParameter {
                name: parameter,
                data_type: declared(&line, 2).data_type(),
                direction: ParameterDirection::Input,
            });
        }
    }
    Ok(procedures)
}

/// The columns that a procedure gives; none where there is no such procedure.
pub(super) fn columns(
    session: &mut Session,
    name: &str,
    subject: &Subject,
) -> Result<Vec<ColumnInfo>, SourceError> {
    if name.chars().count() > LONGEST_NAME {
        return Ok(Vec::new());
    }
    let lines = session.ask(subject, RESULTS, vec![SqlType::Text(name.to_owned())])?;
    let columns = lines
        .iter()
        .map(|line| ColumnInfo { name: text(line, 0), data_type: declared(line, 1).data_type() });
    Ok(columns.collect())
}
