//! The expression language, seen from outside.

mod documentation;
mod errors;
mod hostile;
mod language;
mod properties;
mod sql;
mod sql_agrees;
mod world;
