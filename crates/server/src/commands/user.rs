//! `user`: accounts from the server's own machine.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, bail};
use pressroom_application::setup;
use pressroom_domain::Secret;

use crate::cli::SiteArguments;
use crate::output::say;
use crate::site;

/// What `user set-password` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct SetPassword {
    /// The user name, in any letter case
    name: String,

    #[command(flatten)]
    site: SiteArguments,
}

/// Sets a password that is read from standard input. A server may run meanwhile.
pub(crate) fn set_password(arguments: &SetPassword) -> anyhow::Result<()> {
    let settings = arguments.site.settings()?;
    let app = site::open(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(site::refuse_half_copy(&app))?;
    let password = read_password(&arguments.name)?;
    let user = runtime.block_on(setup::set_password(&app, &arguments.name, &password))?;
    say(format_args!("{} has a new password; sign in again", user.user_name))?;
    Ok(())
}

/// A line of standard input, without its end.
fn read_password(name: &str) -> anyhow::Result<Secret> {
    let mut input = std::io::stdin().lock();
    if std::io::stdin().is_terminal() {
        let mut terminal = std::io::stderr().lock();
        write!(terminal, "New password of {name} (shown as you type): ")?;
        terminal.flush()?;
    }
    let mut line = String::new();
    let read = input.read_line(&mut line).context("the password cannot be read as text")?;
    if read == 0 {
        bail!("no password came; write it as one line to standard input");
    }
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
