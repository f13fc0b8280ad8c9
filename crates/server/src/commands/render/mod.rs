//! `render`: a layout to a file, by the engine that the server uses.

mod output;
mod sources;
mod subreports;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use pressroom_application::exports::DatabaseRows;
use pressroom_application::exports::render::{Rendered, document_info, render};
use pressroom_compose::{Context, Limits, NoProgress};
use pressroom_data::{Culture, Reader, RowProvider, Value};
use pressroom_domain::Format;
use pressroom_fonts::FontLibrary;
use pressroom_ports::{ExportOptions, Exporter};
use pressroom_report::{Definition, SampleRows};

use super::layout_file;
use crate::adapters;
use crate::output::warn;
use output::OutputFile;
use sources::{NamedSource, Sources};
use subreports::{BesideLayout, WithSubreports};

/// What `render` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The layout, a .repx file
    layout: PathBuf,

    /// The file to write; its ending chooses the format
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// A database by the layout's name for the connection: NAME=sqlite:///absolute/path, or of a server,
    /// such as NAME=postgres://user:password@host/database
    #[arg(long = "source", value_name = "NAME=URL")]
    sources: Vec<NamedSource>,

    /// The value of a parameter, such as From=2026-01-31; given again, a list
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = named_value)]
    parameters: Vec<(String, String)>,

    /// The folder below which databases must lie, and where relative paths begin
    #[arg(long, value_name = "DIR")]
    data_root: Option<PathBuf>,

    /// Fill the layout with made-up rows instead of those of a database
    #[arg(long)]
    sample_data: bool,

    /// How numbers and dates are written where the layout does not say [default: en-US]
    #[arg(long, value_parser = culture)]
    culture: Option<&'static Culture>,
}

/// The seed of made-up rows: the same layout gives the same rows.
const SAMPLE_SEED: u64 = 1;

/// Renders the layout, or says why not. A file is there only if all went well.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let exporter = exporter(&arguments.output)?;
    let sources = Sources::new(&arguments.sources, arguments.data_root.as_deref())?;
    // Waits for databases; the engine itself runs on a thread of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("no threads could be started")?;
    let rendered = layout_file::on_deep_stack(|| {
        let layout = arguments.layout.display();
        let definition = layout_file::read(&arguments.layout)
            .with_context(|| format!("cannot print {layout}"))?;
        write(arguments, &Arc::new(definition), sources, runtime.handle().clone(), &*exporter)
            .with_context(|| format!("cannot print {layout}"))
    })?;
    runtime.shutdown_background();
    for warning in rendered?.outcome.warnings {
        match warning.count {
            1 => warn(warning.message),
            count => warn(format!("{} ({count} times)", warning.message)),
        }
    }
    Ok(())
}

fn write(
    arguments: &Arguments,
    definition: &Arc<Definition>,
    sources: Sources,
    runtime: tokio::runtime::Handle,
    exporter: &dyn Exporter,
) -> anyhow::Result<Rendered> {
    let culture = arguments.culture.unwrap_or(Culture::default());
    let now = crate::clock::now()?;
    let subreports = Arc::new(BesideLayout::of(&arguments.layout));
    let spill = adapters::temporary_files(&std::env::temp_dir())?;
    let provider: Box<dyn RowProvider> = if arguments.sample_data {
        let rows = |definition: Arc<Definition>| SampleRows::new(&definition, SAMPLE_SEED);
        Box::new(WithSubreports::new(Arc::clone(definition), subreports.clone(), rows))
    } else {
        for stray in sources.not_in(definition) {
            warn(stray);
        }
        let own = definition.culture.as_deref().and_then(Culture::find).unwrap_or(culture);
        let rows = move |definition| {
            let models = Box::new(sources.models.clone());
            let databases = Arc::clone(&sources.databases);
            DatabaseRows::new(definition, models, databases, runtime.clone(), now.naive_utc())
                .with_culture(own)
        };
        Box::new(WithSubreports::new(Arc::clone(definition), subreports.clone(), rows))
    };
    let context = Context {
        provider: &*provider,
        fonts: &Arc::new(FontLibrary::with_system()),
        culture,
        parameters: parameters(&arguments.parameters),
        now: now.naive_utc(),
        reader: user_name().map(Reader::new),
        spill: &spill,
        limits: Limits::default(),
        progress: &NoProgress,
        subreports: &*subreports,
    };
    let name = arguments.layout.file_stem().unwrap_or_default().to_string_lossy();
    let info = document_info(definition, &name, None, culture.name(), now.timestamp());
    let file = OutputFile::create(&arguments.output)?;
    let options = ExportOptions::default();
    let rendered = render(definition, &context, exporter, &options, info, file.writer()?)?;
    file.keep()?;
    Ok(rendered)
}

/// The writer of the format that a file's ending names.
fn exporter(output: &std::path::Path) -> anyhow::Result<Arc<dyn Exporter>> {
    let exporters = adapters::exporters();
    let ending = output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let format = match &*ending {
        "pdf" => Format::Pdf,
        "html" | "htm" => Format::Html,
        "xlsx" => Format::Xlsx,
        "docx" => Format::Docx,
        "csv" => Format::Csv,
        "png" => Format::Image,
        _ => bail!(
            "the ending of {} names no format; write to a file that ends in .pdf",
            output.display()
        ),
    };
    match exporters.find(format) {
        Some(exporter) => Ok(Arc::clone(exporter)),
        None => {
            bail!("files of the format {ending} are not written yet; use one that ends in .pdf")
        }
    }
}

/// The values of parameters; one that is given more than once has a list.
fn parameters(given: &[(String, String)]) -> Vec<(Arc<str>, Value)> {
    let mut parameters: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
    for (name, value) in given {
        let value = Value::text(value.as_str());
        match parameters.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, values)) => values.push(value),
            None => parameters.push((name.as_str().into(), vec![value])),
        }
    }
    let one = |mut values: Vec<Value>| match (values.pop(), values.is_empty()) {
        (Some(value), true) => value,
        (Some(last), false) => {
            values.push(last);
            Value::List(values.into())
        }
        (None, _) => Value::Null,
    };
    parameters.into_iter().map(|(name, values)| (name, one(values))).collect()
}

/// Who renders, for layouts that print it.
fn user_name() -> Option<String> {
    std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok().filter(|n| !n.is_empty())
}

fn named_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write NAME=VALUE, such as From=2026-01-31".to_owned()),
    }
}

fn culture(name: &str) -> Result<&'static Culture, String> {
    Culture::find(name)
        .ok_or_else(|| "this culture is not known; write one such as de-DE".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_given_again_is_a_list() {
        let pair = |text: &str| named_value(text).unwrap();
        let given = [pair("Year=2026"), pair("country=DE"), pair("Country=a=b"), pair("Empty=")];
        let text = |text: &str| Value::text(text);
        assert_eq!(
            parameters(&given),
            [
                ("Year".into(), text("2026")),
                ("country".into(), Value::List(vec![text("DE"), text("a=b")].into())),
                ("Empty".into(), text("")),
            ]
        );
        assert!(named_value("=1").is_err() && named_value("Year").is_err());
    }
}
