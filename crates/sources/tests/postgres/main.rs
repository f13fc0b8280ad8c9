//! A real PostgreSQL, read.

mod contract;
mod hostile;
mod schema;
mod site;
mod tls;
mod values;
