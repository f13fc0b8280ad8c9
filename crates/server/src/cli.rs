//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    backup, check, doctor, licenses, migrate, render, serve, storage_copy, user,
};
use crate::config::{self, ConfigError, Flags, Settings};
use crate::output;

/// A report server: `.repx` layouts in, documents out.
#[derive(Debug, Parser)]
#[command(name = "pressroom", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: serve::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and work on exports (what happens without a command)
    Serve(serve::Arguments),
    /// Print a layout to a file, without a server
    Render(render::Arguments),
    /// Tell whether layouts parse, and what of them is not supported
    Check(check::Arguments),
    /// Manage accounts
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Bring the store up to this version
    Migrate(SiteArguments),
    /// Move content between stores
    Storage {
        #[command(subcommand)]
        command: StorageCommand,
    },
    /// Back the site up into one file, beside a running server
    Backup(backup::Backup),
    /// Bring a site back from its backup
    Restore(backup::Restore),
    /// Show the licences of all parts
    Licenses,
    /// Look for what would keep a server from working well
    Doctor(SiteArguments),
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Set a password, read as one line from standard input; activates a pending account
    SetPassword(user::SetPassword),
}

#[derive(Debug, Subcommand)]
enum StorageCommand {
    /// Make one store what another one is, whatever engines they stand on
    ///
    /// Everything is copied, and every row is compared at the end. A copy that was cut short goes on
    /// when it is started again. To move a site with a short stop, copy while it runs, stop its
    /// servers, and copy again: only what changed follows.
    Copy(storage_copy::Arguments),
}

/// Which site a command is about.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SiteArguments {
    /// A file of settings (TOML); docs/configuration.md lists them
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The folder for everything that the server keeps [default: ./pressroom-data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// The store: sqlite:///absolute/path, postgres://user:password@host/database or
    /// mssql://user:password@host/database [default: pressroom.db in the data folder]
    #[arg(long, value_name = "URL")]
    pub(crate) storage: Option<String>,

    /// Layouts and finished files, as file:///absolute/folder or s3://bucket/prefix [default: blobs
    /// in the data folder]
    #[arg(long, value_name = "URL")]
    pub(crate) blobs: Option<String>,
}

impl SiteArguments {
    /// The settings of the site; a line on standard error for each that has no effect.
    pub(crate) fn settings(&self) -> Result<Settings, ConfigError> {
        self.settings_with(Flags::default())
    }

    /// The settings of the site where a command has more flags.
    pub(crate) fn settings_with(&self, flags: Flags) -> Result<Settings, ConfigError> {
        let flags = Flags {
            data_dir: self.data_dir.clone(),
            storage: self.storage.clone(),
            blobs: self.blobs.clone(),
            ..flags
        };
        config::load(self.config.as_deref(), &flags)
    }
}

/// Reads the command line and does what it says. The status is 0 where all went well, 1 where it did
/// not, 2 where the command line is wrong.
#[must_use]
pub fn run() -> std::process::ExitCode {
    use std::process::ExitCode;
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    let done = match command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::User { command: UserCommand::SetPassword(arguments) } => {
            user::set_password(&arguments)
        }
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Storage { command: StorageCommand::Copy(arguments) } => {
            storage_copy::run(&arguments)
        }
        Command::Backup(arguments) => backup::back_up(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Licenses => licenses::run(),
        Command::Doctor(arguments) => doctor::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_is_what_happens_without_a_command() {
        let cli =
            Cli::try_parse_from(["pressroom", "--listen", "0.0.0.0:80", "--no-demo"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.listen.as_deref(), Some("0.0.0.0:80"));
        assert!(cli.serve.no_demo);
    }
}
