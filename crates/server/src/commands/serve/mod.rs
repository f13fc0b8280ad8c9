//! `serve`: the API, and the work on exports.

mod greeting;
mod listen;
mod run;
mod stop;
mod waiting;

pub(crate) use run::run;

use std::path::PathBuf;

use crate::cli::SiteArguments;

/// What `serve` is given.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// The address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,

    /// A certificate, to speak TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// Leave out the demo's content at a first start
    #[arg(long)]
    pub(crate) no_demo: bool,

    /// Start no scheduled jobs on this node
    #[arg(long)]
    no_scheduler: bool,
}
