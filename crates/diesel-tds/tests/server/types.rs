//! Every type, there and back.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use diesel_tds::TdsConnection;

use crate::database::database;
use crate::schema::kinds;

#[derive(Debug, Default, Clone, PartialEq, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = kinds, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Kinds {
    id: i32,
    bit: Option<bool>,
    smallint: Option<i16>,
    int: Option<i32>,
    bigint: Option<i64>,
    real: Option<f32>,
    float: Option<f64>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    day: Option<NaiveDate>,
    hour: Option<NaiveTime>,
    moment: Option<NaiveDateTime>,
}

fn there_and_back(conn: &mut TdsConnection, kinds: &Kinds) {
    diesel::delete(kinds::table).execute(conn).unwrap();
    let added = diesel::insert_into(kinds::table).values(kinds.clone()).execute(conn);
    assert_eq!(added, Ok(1));
    assert_eq!(kinds::table.select(Kinds::as_select()).first(conn).as_ref(), Ok(kinds));
}

fn full() -> Kinds {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let hour = NaiveTime::from_hms_micro_opt(13, 14, 15, 123_456).unwrap();
    Kinds {
        id: 1,
        bit: Some(true),
        smallint: Some(-7),
        int: Some(1_000_000),
        bigint: Some(-9_000_000_000),
        real: Some(0.5),
        float: Some(0.1),
        text: Some("Žluťoučký 🐎 \u{0}".trim_end_matches('\u{0}').to_owned()),
        bytes: Some(vec![0, 1, 255]),
        day: Some(day),
        hour: Some(hour),
        moment: Some(day.and_time(hour)),
    }
}

#[test]
fn values_come_back_as_they_went() {
    let database = database!();
    there_and_back(&mut database.connect(), &full());
}

#[test]
fn so_do_nulls() {
    let database = database!();
    there_and_back(&mut database.connect(), &Kinds { id: 1, ..Kinds::default() });
}

#[test]
fn values_can_be_set_to_null() {
    let database = database!();
    let conn = &mut database.connect();
    there_and_back(conn, &full());
    let nothing = Kinds { id: 1, ..Kinds::default() };
    diesel::update(kinds::table.find(1)).set(nothing.clone()).execute(conn).unwrap();
    assert_eq!(kinds::table.first(conn), Ok(nothing));
}

#[test]
fn the_least_and_the_most() {
    let database = database!();
    let conn = &mut database.connect();
    let last = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    for (bit, number, moment) in [
        (false, i64::MIN, NaiveDate::from_ymd_opt(1, 1, 1).unwrap().and_time(NaiveTime::MIN)),
        (true, i64::MAX, NaiveDate::from_ymd_opt(9999, 12, 31).unwrap().and_time(last)),
    ] {
        let kinds = Kinds {
            id: if bit { i32::MAX } else { i32::MIN },
            bit: Some(bit),
            smallint: Some(if bit { i16::MAX } else { i16::MIN }),
            int: Some(if bit { i32::MAX } else { i32::MIN }),
            bigint: Some(number),
            real: Some(if bit { f32::MAX } else { f32::MIN }),
            float: Some(if bit { 1.7e308 } else { -1.7e308 }),
            text: Some(String::new()),
            bytes: Some(Vec::new()),
            day: Some(moment.date()),
            hour: Some(moment.time()),
            moment: Some(moment),
        };
        there_and_back(conn, &kinds);
    }
}

#[test]
fn large_text_and_bytes() {
    let database = database!();
    let conn = &mut database.connect();
    for length in [3999, 4000, 4001, 8000, 8001, 1_000_000] {
        let kinds = Kinds {
            id: 1,
            text: Some("ž".repeat(length)),
            bytes: Some((0..length).map(|at| at as u8).collect()),
            ..Kinds::default()
        };
        there_and_back(conn, &kinds);
    }
}

#[test]
fn a_moment_beyond_what_is_held_is_refused_here() {
    let database = database!();
    let conn = &mut database.connect();
    let far = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let error = diesel::insert_into(kinds::table)
        .values((kinds::id.eq(1), kinds::day.eq(far)))
        .execute(conn)
        .unwrap_err();
    assert!(matches!(error, diesel::result::Error::SerializationError(_)), "{error:?}");
    there_and_back(conn, &full());
}

#[test]
fn nulls_can_be_bound_to_sql_of_ones_own() {
    let database = database!();
    let conn = &mut database.connect();
    use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
    let added = diesel::sql_query(
        "INSERT INTO [kinds] ([id], [text], [int], [moment]) VALUES (@P1, @P2, @P3, @P4)",
    )
    .bind::<Integer, _>(5)
    .bind::<Nullable<Text>, _>(None::<String>)
    .bind::<Nullable<Integer>, _>(Some(3))
    .bind::<Nullable<Timestamp>, _>(None::<NaiveDateTime>)
    .execute(conn);
    assert_eq!(added, Ok(1));
    assert_eq!(kinds::table.first(conn), Ok(Kinds { id: 5, int: Some(3), ..Kinds::default() }));
}
