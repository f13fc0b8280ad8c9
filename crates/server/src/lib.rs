//! What the `pressroom` binary is made of: settings, the choice of adapters, the sub-commands, and the
//! demo.

mod adapters;
mod backup;
mod cli;
mod clock;
mod commands;
pub mod config;
pub mod demo;
mod first_content;
mod key;
mod logging;
mod output;
mod site;
mod storage;

pub use cli::run;
pub use key::{InvalidKey, Key};
pub use storage::Engine;
