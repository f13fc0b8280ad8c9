//! Functions that give rows. Procedures give none there.

use pressroom_data::DataType;
use pressroom_ports::{ColumnInfo, ParameterDirection, ProcedureInfo, ProcedureParameter};
use tokio_postgres::{Client, Error};

use super::schema::{is_older, named};
use super::{describe, prepare, types};

/// Functions that give a table, by name, with their parameters in order. Of several of one name the
/// first one made; none that an extension brought, and none whose columns are told by its caller only.
const FUNCTIONS: &str = "
    select p.oid::int8, n.nspname::text, n.nspname = $1::text, p.proname::text,
           coalesce(a.mode, 'i'), coalesce(a.name, ''), coalesce(b.typname, t.typname)::text
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_type r on r.oid = p.prorettype
    left join lateral unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames,
                             p.proargmodes::text[]) with ordinality as a (type, name, mode, place)
      on true
    left join pg_catalog.pg_type t on t.oid = a.type
    left join pg_catalog.pg_type b on b.oid = t.typbasetype and t.typtype = 'd'
    where (p.proretset or r.typtype = 'c' or r.typname = 'record')
      and (r.typname <> 'record' or p.proallargtypes is not null)
      and coalesce(to_jsonb(p) ->> 'prokind', 'f') = 'f'
      and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
      and pg_catalog.has_schema_privilege(n.oid, 'usage')
      and pg_catalog.has_function_privilege(p.oid, 'execute')
      and not exists (select from pg_catalog.pg_aggregate g where g.aggfnoid = p.oid)
      and not exists (select from pg_catalog.pg_depend d
                      where d.objid = p.oid and d.classid = 'pg_catalog.pg_proc'::regclass
                        and d.deptype = 'e')
    order by n.nspname, p.proname, p.oid, a.place";

/// A function, and how the database knows it.
struct Function {
    id: i64,
    info: ProcedureInfo,
    /// Its name as SQL writes it.
    written: String,
}

/// The functions that give rows, by name.
pub(super) async fn read(client: &Client, default: &str) -> Result<Vec<ProcedureInfo>, Error> {
    let functions = functions(client, default).await?;
    Ok(functions.into_iter().map(|function| function.info).collect())
}

async fn functions(client: &Client, default: &str) -> Result<Vec<Function>, Error> {
    let rows = match client.query(FUNCTIONS, &[&default]).await {
        // Such a server has no functions that give rows.
        Err(error) if is_older(&error) => return Ok(Vec::new()),
        rows => rows?,
    };
    let mut functions: Vec<Function> = Vec::new();
    for row in &rows {
        let (id, schema, own) = (row.try_get(0)?, row.try_get(1)?, row.try_get(3)?);
        let name = named(schema, row.try_get(2)?, own);
        match functions.last() {
            // Another one of that name.
            Some(last) if last.info.name == name && last.id != id => continue,
            Some(last) if last.id == id => {}
            _ => functions.push(Function::new(id, name, schema, own)),
        }
        let declared: Option<&str> = row.try_get(6)?;
        let direction = match row.try_get(4)? {
            "i" | "v" => ParameterDirection::Input,
            "b" => ParameterDirection::InputOutput,
            "o" => ParameterDirection::Output,
            // Columns of the table that it gives.
            _ => continue,
        };
        if let (Some(last), Some(declared)) = (functions.last_mut(), declared) {
            let data_type: DataType = types::named(declared, -1);
            let name = row.try_get(5)?;
            last.info.parameters.push(ProcedureParameter { name, data_type, direction });
        }
    }
    functions.sort_by(|a, b| a.info.name.cmp(&b.info.name));
    Ok(functions)
}

impl Function {
    fn new(id: i64, name: String, schema: &str, own: &str) -> Self {
        let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
        let written = format!("{}.{}", quoted(schema), quoted(own));
        Self { id, info: ProcedureInfo { name, parameters: Vec::new() }, written }
    }
}

/// The columns that a function gives, which is not run; none where there is no such function.
pub(super) async fn columns(
    client: &Client,
    default: &str,
    name: &str,
) -> Result<Vec<ColumnInfo>, Error> {
    let functions = functions(client, default).await?;
    let Some(function) = functions.into_iter().find(|function| function.info.name == name) else {
        return Ok(Vec::new());
    };
    let parameters = function.info.parameters.iter();
    let given = parameters.filter(|it| it.direction != ParameterDirection::Output).count();
    let places: Vec<String> = (1..=given).map(|place| format!("${place}")).collect();
    let sql = format!("select * from {}({})", function.written, places.join(", "));
    match prepare::prepare(client, &sql, &[]).await {
        Ok(prepared) => Ok(describe::columns(&prepared)),
        // Among several of one name it cannot tell which one is meant.
        Err(error) if error.as_db_error().is_some() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
