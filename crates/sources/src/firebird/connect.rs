//! A connection that only reads.

use std::fmt;
use std::net::{TcpStream, ToSocketAddrs};
use std::str::FromStr;
use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::{ProviderModel, Secret};
use rsfbclient::prelude::{TrRecordVersion, TransactionConfiguration, transaction_builder};
use rsfbclient::{
    Charset, Connection, Dialect, FbError, FromRow, PureRustConnectionBuilder, RustFbClient,
    SqlType, Transaction, builder_pure_rust, charset,
};

use super::error;
use crate::address::Address;
use crate::subject::Subject;

/// The usual port.
const PORT: u16 = 3050;
/// How long the server has to take a connection.
const ANSWERS: Duration = Duration::from_secs(10);
/// What the driver cannot read comes as what it can. Servers before version 4 know neither the types
/// nor these statements.
const SETUP: [&str; 2] =
    ["set bind of time zone to legacy", "set bind of decfloat to double precision"];

/// A connection, and how to make another to the same server.
pub(crate) struct Session {
    connection: Option<Connection<RustFbClient>>,
    builder: PureRustConnectionBuilder,
    /// What the server calls the connection.
    id: i64,
}

/// How to end what a connection does.
pub(super) struct Kill {
    builder: PureRustConnectionBuilder,
    id: i64,
}

/// Connects to a model's server.
pub(super) fn connect(provider: &ProviderModel, subject: &Subject) -> Result<Session, SourceError> {
    let address = Address::of(provider).map_err(|error| subject.away(error))?;
    reach(&address).map_err(|error| subject.unreachable(&error))?;
    let builder = builder_of(&address, subject)?;
    let mut connection = builder.connect().map_err(|error| error::connecting(subject, &error))?;
    for statement in SETUP {
        let _ = connection.with_transaction(|tr| tr.execute_immediate(statement));
    }
    let mut session = Session { connection: Some(connection), builder, id: 0 };
    let lines = session.ask(subject, "select current_connection from rdb$database", Vec::new())?;
    if let Some([SqlType::Integer(id)]) = lines.first().map(Vec::as_slice) {
        session.id = *id;
    }
    Ok(session)
}

/// Whether the database answers.
pub(super) fn test(session: &mut Session, subject: &Subject) -> Result<(), SourceError> {
    session.ask(subject, "select 1 from rdb$database", Vec::new()).map(drop)
}

/// Whether something listens at the address. The driver itself would wait for minutes.
fn reach(address: &Address) -> std::io::Result<()> {
    let port = address.port.unwrap_or(PORT);
    let mut failed = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in (address.host.as_str(), port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, ANSWERS) {
            Ok(_) => return Ok(()),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn builder_of(
    address: &Address,
    subject: &Subject,
) -> Result<PureRustConnectionBuilder, SourceError> {
    let database = address.database.as_deref().ok_or_else(|| subject.no_database())?;
    let dialect = match address.options.get(&["dialect", "sqldialect"]).map(str::trim) {
        None | Some("" | "3") => Dialect::D3,
        Some("1") => Dialect::D1,
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            return Err(
                subject.away(format_args!("its connection says Dialect={other}; write 1 or 3"))
            );
        }
    };
    let mut builder = builder_pure_rust();
    builder
        .host(&*address.host)
        .port(address.port.unwrap_or(PORT))
        .db_name(database)
        .user(address.user.as_deref().unwrap_or_default())
        .pass(address.password.as_ref().map_or("", Secret::reveal))
        .dialect(dialect)
        .charset(charset_of(address, subject)?)
        .stmt_cache_size(1)
        .transaction(reading());
    if let Some(role) = address.options.get(&["role", "rolename"]) {
        builder.role(role);
    }
    Ok(builder)
}

fn charset_of(address: &Address, subject: &Subject) -> Result<Charset, SourceError> {
    let Some(said) = address.options.get(&["charset", "characterset", "lcctype"]) else {
        return Ok(charset::UTF_8);
    };
    let said = said.trim();
    if said.is_empty() || said.eq_ignore_ascii_case("none") {
        return Ok(charset::UTF_8);
    }
    Charset::from_str(said).map_err(|_| {
        let said: String = said.chars().take(20).collect();
        subject.away(format_args!(
            "its connection says Charset={said}, which is not known here; write UTF8, and the server \
             converts texts to it"
        ))
    })
}

/// A transaction that reads what is committed, and waits for nobody.
fn reading() -> TransactionConfiguration {
    transaction_builder()
        .read_only()
        .with_read_commited(TrRecordVersion::RecordVersion)
        .no_wait()
        .build()
}

/// A transaction that sees one state of the database from its first row to its last.
fn snapshot() -> TransactionConfiguration {
    transaction_builder().read_only().with_concurrency().no_wait().build()
}

impl Session {
    /// A transaction that only reads.
    pub(super) fn begin(
        &mut self,
        subject: &Subject,
    ) -> Result<Transaction<'_, RustFbClient>, SourceError> {
        let connection = self.connection.as_mut().ok_or_else(|| subject.away("it is closed"))?;
        Transaction::new(connection, snapshot()).map_err(|error| error::said(subject, &error))
    }

    /// All rows of one of our own questions.
    pub(super) fn ask(
        &mut self,
        subject: &Subject,
        sql: &str,
        values: Vec<SqlType>,
    ) -> Result<Vec<Vec<SqlType>>, SourceError> {
        let mut transaction = self.begin(subject)?;
        let asked = all(&mut transaction, sql, values);
        let asked = asked.map_err(|error| error::said(subject, &error))?;
        transaction.commit().map_err(|error| error::said(subject, &error))?;
        Ok(asked
            .into_iter()
            .map(|row| row.into_iter().map(|column| column.value).collect())
            .collect())
    }

    pub(super) fn kill(&self) -> Kill {
        Kill { builder: self.builder.clone(), id: self.id }
    }
}

impl Kill {
    /// Ends what the connection does now, by another one. Nobody waits for what becomes of it.
    pub(super) fn run(mut self) {
        let writing = transaction_builder().with_concurrency().no_wait().build();
        if let Ok(mut connection) = self.builder.transaction(writing).connect() {
            let id = self.id;
            // It may have ended by itself meanwhile.
            let _ = connection.with_transaction(|tr| {
                tr.execute_immediate(&format!(
                    "delete from mon$statements where mon$attachment_id = {id} and mon$state > 0"
                ))
            });
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Closing waits for the server's answer.
        if let Some(connection) = self.connection.take() {
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(move || drop(connection))),
                Err(_) => drop(connection),
            }
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A row with the names of its columns.
pub(super) struct Line(pub(super) Vec<rsfbclient::Column>);

impl FromRow for Line {
    fn try_from(row: Vec<rsfbclient::Column>) -> Result<Self, FbError> {
        Ok(Self(row))
    }
}

/// All rows of a statement, which are few.
pub(super) fn all(
    transaction: &mut Transaction<'_, RustFbClient>,
    sql: &str,
    values: Vec<SqlType>,
) -> Result<Vec<Vec<rsfbclient::Column>>, FbError> {
    let mut prepared = transaction.prepare(sql, false)?;
    let mut rows = prepared.query::<Line, _>(values)?;
    let mut all = Vec::new();
    while let Some(Line(row)) = rows.fetch()? {
        all.push(row);
    }
    Ok(all)
}
