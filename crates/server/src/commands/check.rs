//! `check`: what of layouts parses, and what is not supported.

use std::path::{Path, PathBuf};

use anyhow::bail;
use pressroom_report::{Mistake, Unsupported};
use serde::Serialize;

use super::layout_file::{self, LayoutFileError};
use crate::output::say;

/// What `check` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The layouts
    #[arg(required = true, value_name = "LAYOUT")]
    layouts: Vec<PathBuf>,

    /// Answer in JSON: an array of {file, ok, error?, unsupported: [{what, count}]}
    #[arg(long)]
    json: bool,
}

/// What is found about a file.
struct Report {
    file: String,
    found: Result<Found, LayoutFileError>,
}

/// What is found about a layout that parses.
struct Found {
    unsupported: Vec<Unsupported>,
    mistakes: Vec<Mistake>,
}

/// A file as the JSON answer tells it. These names are fixed: programs read them.
#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    unsupported: Vec<Left<'a>>,
}

#[derive(Serialize)]
struct Left<'a> {
    what: &'a str,
    count: usize,
}

/// Checks every file, and fails where one of them does not parse.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let check = || arguments.layouts.iter().map(|path| look_at(path)).collect::<Vec<_>>();
    let reports = layout_file::on_deep_stack(check)?;
    if arguments.json {
        let entries: Vec<Entry<'_>> = reports.iter().map(Report::entry).collect();
        say(serde_json::to_string_pretty(&entries)?)?;
    } else {
        for report in &reports {
            say(report.words())?;
        }
    }
    match reports.iter().filter(|report| report.found.is_err()).count() {
        0 => Ok(()),
        1 => bail!("a layout does not parse"),
        count => bail!("{count} layouts do not parse"),
    }
}

fn look_at(path: &Path) -> Report {
    let found = layout_file::read(path).map(|definition| Found {
        unsupported: definition.unsupported(),
        mistakes: definition.mistakes(),
    });
    Report { file: path.display().to_string(), found }
}

impl Report {
    fn entry(&self) -> Entry<'_> {
        let unsupported = self.found.iter().flat_map(|found| &found.unsupported);
        Entry {
            file: &self.file,
            ok: self.found.is_ok(),
            error: self.found.as_ref().err().map(ToString::to_string),
            unsupported: unsupported
                .map(|Unsupported { what, count }| Left { what, count: *count })
                .collect(),
        }
    }

    /// The file in words: a line, and one more for each mistake.
    fn words(&self) -> String {
        let file = &self.file;
        let found = match &self.found {
            Ok(found) => found,
            Err(error) => return format!("{file}: does not parse: {error}"),
        };
        let mut words = format!("{file}: parses");
        if found.unsupported.is_empty() {
            words += "; everything is supported";
        } else {
            let list: Vec<String> = found
                .unsupported
                .iter()
                .map(|Unsupported { what, count }| format!("{what} ({count})"))
                .collect();
            words = format!("{words}; not supported: {}", list.join(", "));
        }
        for mistake in &found.mistakes {
            words = format!("{words}\n    {mistake}");
        }
        words
    }
}
