//! `migrate`: brings the store up to this version.

use crate::cli::SiteArguments;
use crate::output::say;
use crate::site::Places;

/// Opens the store, which migrates it. A store that is not there is made.
pub(crate) fn run(arguments: &SiteArguments) -> anyhow::Result<()> {
    let settings = arguments.settings()?;
    let places = Places::of(&settings);
    places.make()?;
    places.open_or_make_store()?;
    say(format_args!("{} is up to date", places.store))?;
    Ok(())
}
