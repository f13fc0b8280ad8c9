//! The types of the features `numeric` and `uuid`.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::database::database;

#[cfg(feature = "numeric")]
#[test]
fn decimals_come_back_as_they_went() {
    use bigdecimal::BigDecimal;

    diesel::table! { amounts (id) { id -> Integer, amount -> Nullable<Numeric>, } }

    let database = database!();
    let conn = &mut database.connect();
    let table = "CREATE TABLE [amounts] ([id] int NOT NULL, [amount] decimal(38, 10) NULL)";
    conn.batch_execute(table).unwrap();
    for (id, text) in
        ["0", "1.5", "-0.0000000001", "12345678901234567890.5", "1000"].into_iter().enumerate()
    {
        let amount: BigDecimal = text.parse().unwrap();
        let id = i32::try_from(id).unwrap();
        diesel::insert_into(amounts::table)
            .values((amounts::id.eq(id), amounts::amount.eq(&amount)))
            .execute(conn)
            .unwrap();
        let back: Option<BigDecimal> =
            amounts::table.find(id).select(amounts::amount).first(conn).unwrap();
        assert_eq!(back, Some(amount));
    }
    let none = (amounts::id.eq(99), amounts::amount.eq(None::<BigDecimal>));
    diesel::insert_into(amounts::table).values(none).execute(conn).unwrap();
    let back: Option<BigDecimal> =
        amounts::table.find(99).select(amounts::amount).first(conn).unwrap();
    assert_eq!(back, None);
    let long: BigDecimal = "1e40".parse().unwrap();
    let refused = diesel::update(amounts::table).set(amounts::amount.eq(long)).execute(conn);
    assert!(matches!(refused, Err(diesel::result::Error::SerializationError(_))), "{refused:?}");
}

#[cfg(feature = "uuid")]
#[test]
fn ids_come_back_as_they_went() {
    use diesel_tds::data_types::Guid;

    diesel::table! {
        use diesel::sql_types::{Integer, Nullable};
        use diesel_tds::sql_types::UniqueIdentifier;
        things (id) { id -> Integer, uid -> Nullable<UniqueIdentifier>, }
    }

    let database = database!();
    let conn = &mut database.connect();
    let table = "CREATE TABLE [things] ([id] int NOT NULL, [uid] uniqueidentifier NULL)";
    conn.batch_execute(table).unwrap();
    let uid = Guid(uuid::Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef));
    let rows = vec![
        (things::id.eq(1), things::uid.eq(Some(uid))),
        (things::id.eq(2), things::uid.eq(None)),
    ];
    diesel::insert_into(things::table).values(rows).execute(conn).unwrap();
    let back: Vec<Option<Guid>> =
        things::table.order(things::id).select(things::uid).load(conn).unwrap();
    assert_eq!(back, [Some(uid), None]);
    let found = things::table.filter(things::uid.eq(uid)).select(things::id).first(conn);
    assert_eq!(found, Ok(1));
}
