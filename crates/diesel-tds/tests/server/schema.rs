//! The tables of `tables.sql`.

use diesel::prelude::*;
use diesel_tds::TdsConnection;

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        mail -> Nullable<Text>,
        active -> Bool,
        visits -> Integer,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        user_id -> BigInt,
        title -> Text,
    }
}

diesel::table! {
    kinds (id) {
        id -> Integer,
        bit -> Nullable<Bool>,
        smallint -> Nullable<SmallInt>,
        int -> Nullable<Integer>,
        bigint -> Nullable<BigInt>,
        real -> Nullable<Float>,
        float -> Nullable<Double>,
        text -> Nullable<Text>,
        bytes -> Nullable<Binary>,
        day -> Nullable<Date>,
        hour -> Nullable<Time>,
        moment -> Nullable<Timestamp>,
    }
}

diesel::joinable!(posts -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts);

/// Adds a user, and answers with its id.
pub(crate) fn add_user(conn: &mut TdsConnection, name: &str) -> i64 {
    diesel::insert_into(users::table)
        .values(users::name.eq(name))
        .returning(users::id)
        .get_result(conn)
        .unwrap()
}

/// The names of all users, in order.
pub(crate) fn names(conn: &mut TdsConnection) -> Vec<String> {
    users::table.select(users::name).order(users::name).load(conn).unwrap()
}
