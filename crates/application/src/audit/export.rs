//! The audit trail as a file.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::SecondsFormat;
use futures_util::stream::{self, BoxStream, StreamExt};
use pressroom_page::{Cell, SheetColumn, SheetInfo};
use pressroom_ports::{AuditRecord, ExportError, ListWriter};

use super::lines::Lines;
use super::list::Wanted;
use super::{AuditCommand, subject_kind_name, verb_name};
use crate::listing::{Filter, ListQuery, Patience, busy};
use crate::{App, Caller, Error};

/// A list as a file, whose bytes come as they are made.
pub struct ListFile {
    /// What it is called, such as `audit-trail.csv`.
    pub file_name: String,
    /// Its media type, without parameters.
    pub content_type: &'static str,
    /// Its bytes. An error ends them.
    pub bytes: BoxStream<'static, Result<Vec<u8>, Error>>,
}

/// Lines of the audit trail as a file of a format, such as `csv`: all of them, or as many as are asked
/// for.
///
/// # Errors
/// As [`list`](super::list()); [`Error::Invalid`] for a format that is not known.
pub async fn export(
    app: &App,
    caller: &Caller,
    command: &AuditCommand,
    format: &str,
) -> Result<ListFile, Error> {
    let wanted = Wanted::new(app, caller, command).await?;
    let exporter = app.list_exporters.find(format).ok_or_else(|| {
        let known = app.list_exporters.names().join(", ");
        Error::invalid("format", format!("is not known; give json or one of {known}"))
    })?;
    let made = app.clock.now().format("made %Y-%m-%d %H:%M UTC");
    let info = SheetInfo {
        title: "Audit trail".to_owned(),
        made: format!("{made} for {}", caller.user().user_name),
        columns: columns(),
    };
    let buffer = Buffer::default();
    let writer = exporter.begin(info, Box::new(buffer.clone())).map_err(failed)?;
    let source = if wanted.sort.is_natural() {
        let Wanted { query, filter, newest_first, .. } = wanted;
        let lines = Lines::new(query, newest_first);
        Source::Trail { lines, filter: filter.map(Arc::new), patience: Patience::new() }
    } else {
        let list =
            wanted.gather(app, caller, ListQuery { skip: 0, take: None, ..command.list.clone() });
        Source::Gathered(list.await?.iter().cloned().collect())
    };
    let ListQuery { skip, take, .. } = command.list;
    let left = take.unwrap_or(u64::MAX);
    let mut work = Work { app: app.clone(), source, skip, left, writer: Some(writer), buffer };
    // What goes wrong with the first lines can still be told.
    let first = work.step().await?;
    let rest = stream::try_unfold(work, |mut work| async move {
        Ok(work.step().await?.map(|bytes| (bytes, work)))
    });
    Ok(ListFile {
        file_name: format!("audit-trail.{}", exporter.extension()),
        content_type: exporter.content_type(),
        bytes: stream::iter(first.map(Ok)).chain(rest).boxed(),
    })
}

fn columns() -> Vec<SheetColumn> {
    vec![
        SheetColumn::new("id", 5).right(),
        SheetColumn::new("at", 12),
        SheetColumn::new("userId", 4).right(),
        SheetColumn::new("userName", 9),
        SheetColumn::new("address", 9),
        SheetColumn::new("verb", 9),
        SheetColumn::new("subjectKind", 8),
        SheetColumn::new("subjectId", 9),
        SheetColumn::new("detail", 24),
    ]
}

fn cells(line: &AuditRecord) -> Vec<Cell> {
    let entry = &line.entry;
    // A number where it is one; the ids of exports are none.
    let subject_id = entry.subject.id.as_deref().map(|id| match id.parse::<i64>() {
        Ok(number) if number.to_string() == id => Cell::Int(number),
        _ => Cell::from(id),
    });
    vec![
        line.id.into(),
        entry.at.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
        entry.actor.user_id.map(|id| id.0).into(),
        entry.actor.name.as_str().into(),
        entry.from.map(|address| address.to_string()).into(),
        verb_name(entry.verb).into(),
        subject_kind_name(entry.subject.kind).into(),
        subject_id.into(),
        entry.detail.as_str().into(),
    ]
}

enum Source {
    /// Lines as the store gives them.
    Trail { lines: Lines, filter: Option<Arc<Filter<AuditRecord>>>, patience: Patience },
    /// Lines that were sorted.
    Gathered(Vec<AuditRecord>),
}

/// A file that is being written.
struct Work {
    app: App,
    source: Source,
    skip: u64,
    left: u64,
    /// None once the file is whole.
    writer: Option<Box<dyn ListWriter>>,
    buffer: Buffer,
}

impl Work {
    /// The next bytes; none at the end.
    async fn step(&mut self) -> Result<Option<Vec<u8>>, Error> {
        while let Some(mut writer) = self.writer.take() {
            let lines = if self.left == 0 { None } else { self.next_lines().await? };
            if let Some(lines) = lines {
                for line in lines {
                    if self.skip > 0 {
                        self.skip -= 1;
                    } else if self.left > 0 {
                        self.left -= 1;
                        writer.row(cells(&line)).map_err(failed)?;
                    }
                }
                self.writer = Some(writer);
            } else {
                // A printout is drawn now.
                busy(move || writer.finish().map_err(failed)).await?;
            }
            let bytes = self.buffer.take();
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    async fn next_lines(&mut self) -> Result<Option<Vec<AuditRecord>>, Error> {
        let (lines, filter, patience) = match &mut self.source {
            Source::Trail { lines, filter, patience } => (lines, filter, patience),
            Source::Gathered(lines) => {
                let lines = std::mem::take(lines);
                return Ok(Some(lines).filter(|lines| !lines.is_empty()));
            }
        };
        let Some(part) = lines.next(&self.app).await? else { return Ok(None) };
        let Some(filter) = filter.clone() else { return Ok(Some(part)) };
        let before = *patience;
        let (kept, after) = busy(move || {
            let patience = before.resume(std::time::Duration::ZERO);
            let mut kept = Vec::new();
            for line in part {
                if filter.keeps(&line, &patience)? {
                    kept.push(line);
                }
            }
            Ok((kept, patience.resume(patience.spent())))
        })
        .await?;
        *patience = after;
        Ok(Some(kept))
    }
}

fn failed(error: ExportError) -> Error {
    Error::Unavailable {
        message: "the file cannot be made now; try again".to_owned(),
        source: error.into(),
    }
}

/// Bytes between who writes them and who sends them.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
