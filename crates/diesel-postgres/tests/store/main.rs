//! A store in a real PostgreSQL: how it is opened, and what it does where something is in its way.

mod busy;
mod full;
mod open;
mod support;
mod tls;
