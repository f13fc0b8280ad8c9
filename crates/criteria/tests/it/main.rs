//! The expression language, seen from outside.

mod agreement;
mod documentation;
mod errors;
mod hostile;
mod language;
mod properties;
#[cfg(unix)]
mod servers;
mod sql;
mod sql_agrees;
mod world;
