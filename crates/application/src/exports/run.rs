//! Working on exports: the whole way from a queued row to a file.
//!
//! A worker claims an export and works on it under a lease. Composing and writing go on on a thread
//! of their own, which may block; next to it, signs of life extend the lease, tell how far the work
//! is, and learn when it is not wanted any more.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use pressroom_compose::{Context, Limits};
use pressroom_data::Culture;
use pressroom_domain::{
    Export, ExportFault, ExportId, ExportResult, NodeName, StateError, Warning,
};
use pressroom_ports::{BlobWriter, ClaimError, ExportOptions, Exporter, StoreError};
use pressroom_report::Definition;
use tokio::sync::{oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::control::{Control, Ending};
use super::fault::Fault;
use super::render::{self, document_info};
use super::rows::DatabaseRows;
use super::subreports::{LoadedLayouts, StoredSubreports};
use super::{arguments, render::Rendered};
use crate::outages::{Pauses, patiently};
use crate::{App, Caller, Error, layouts};

/// What a worker did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Nothing was due.
    Nothing,
    /// It worked on an export, whatever came of it.
    Export(ExportId),
}

/// Claims the export that is due for longest and works on it to its end. When `stop` becomes true,
/// the work is given back, uncounted.
///
/// # Errors
/// [`Error::Unavailable`] where the store cannot be reached; the lease sees to it that nothing is
/// lost.
pub async fn run_next(
    app: &App,
    node: &NodeName,
    stop: &watch::Receiver<bool>,
) -> Result<Ran, Error> {
    let lease = TimeDelta::from_std(app.settings.lease).unwrap_or(TimeDelta::MAX);
    let Some(export) = app.stores.exports.claim_due(app.clock.now(), lease, node).await? else {
        return Ok(Ran::Nothing);
    };
    let id = export.id;
    tracing::debug!(export = %id, attempt = export.attempts, "claimed an export");
    if app.running.adopt(id, export.fence) {
        tracing::debug!(export = %id, "it is worked on here, and goes on");
        return Ok(Ran::Export(id));
    }
    let control = Arc::new(Control::of(export.fence));
    let _listed = app.running.enter(id, &control);
    let done = supervise(app, &export, &control, stop.clone()).await;
    settle(app, &export, &control, done).await?;
    Ok(Ran::Export(id))
}

type Done = Result<(ExportResult, Vec<Warning>), Fault>;

/// Works on an export while signs of life are given.
async fn supervise(
    app: &App,
    export: &Export,
    control: &Arc<Control>,
    mut stop: watch::Receiver<bool>,
) -> Done {
    let mut work = std::pin::pin!(prepare_and_work(app, export, control));
    let lease = app.settings.lease;
    let mut beat = interval((lease / 4).min(Duration::from_secs(1)));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.tick().await;
    let mut time_up = std::pin::pin!(sleep(app.settings.export_time));
    let mut abandoned = std::pin::pin!(async {
        control.ended().await;
        sleep(PATIENCE).await;
    });
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = &mut abandoned => return Err(Fault::Stuck),
            _ = beat.tick() => sign_of_life(app, export, control).await,
            () = &mut time_up, if control.ending().is_none() => control.end(Ending::TimeUp),
            // A sender that is gone is a server that stops.
            () = told_to_stop(&mut stop), if control.ending().is_none() => {
                control.end(Ending::Stopped);
            }
        }
    }
}

/// How long work may go on after it was told to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `stop` becomes true; what it borrows from the channel is not held across an await, so
/// that the work may move between threads.
async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Extends the lease. Work that is not this worker's any more is ended. While the store is away the work
/// goes on, though the lease may end meanwhile: where the store is away for all, nobody else can take
/// the work over; where somebody could, the next sign of life tells, and the fencing number refuses
/// whatever this worker writes.
async fn sign_of_life(app: &App, export: &Export, control: &Control) {
    let fence = control.fence();
    match beat(app, export, control, fence).await {
        Ok(()) => {}
        Err(ClaimError::Lost(state)) => control.lose(fence, state),
        Err(ClaimError::Store(StoreError::NotFound { .. })) => {
            control.lose(fence, StateError::Superseded);
        }
        Err(ClaimError::Store(error)) => note(app, error),
    }
}

/// One sign of life.
async fn beat(app: &App, export: &Export, control: &Control, fence: i64) -> Result<(), ClaimError> {
    let lease = TimeDelta::from_std(app.settings.lease).unwrap_or(TimeDelta::MAX);
    let until = app.clock.now() + lease;
    app.stores.exports.heartbeat(export.id, fence, until, control.progress()).await
}

/// Tells the log of what the store could not do.
fn note(app: &App, error: StoreError) {
    if let Some(trouble) = Error::from(error).trouble() {
        app.outages.note(&trouble);
    }
}

/// Gathers what the work needs, and does it on a thread of its own.
async fn prepare_and_work(app: &App, export: &Export, control: &Arc<Control>) -> Done {
    // An export is not lost because the store went away just after it was claimed.
    let identity = patiently(|| app.stores.tokens.identity(export.owner));
    let identity = unless_ended(control, identity).await?;
    if !identity.user.active {
        return Err(Fault::OwnerInactive);
    }
    let request = &export.request;
    let format = request.format;
    let exporter = app.exporters.find(format).ok_or(Fault::NoExporter(format.name()))?;
    let options = ExportOptions::from_map(&request.options)
        .map_err(|error| Error::invalid(error.name, error.message))?;
    let definition = patiently(|| layouts::load(app, request.layout));
    let definition = unless_ended(control, definition).await?;
    let out = SharedWriter::new(app.blobs.writer().await?);
    let work = Work {
        app: app.clone(),
        export: export.clone(),
        owner: Caller::of(&identity),
        exporter: Arc::clone(exporter),
        options,
        definition,
        control: Arc::clone(control),
        out,
    };
    let runtime = tokio::runtime::Handle::current();
    let (tell, told) = oneshot::channel();
    let work = move || {
        // Nobody listens any more when the server is being stopped.
        let _ = tell.send(work.run(&runtime));
    };
    app.running.threads().run(work).map_err(Fault::NoThread)?;
    told.await.unwrap_or_else(|_| {
        let message = "its thread ended without a word".to_owned();
        Err(Fault::Render(render::RenderError::Panic(message)))
    })
}

/// Waits for what an export needs to begin, unless it is told to end.
async fn unless_ended<T>(
    control: &Control,
    needed: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    tokio::select! {
        needed = needed => Ok(needed?),
        () = control.ended() => Err(Fault::Ended),
    }
}

/// All that the thread of an export owns.
struct Work {
    app: App,
    export: Export,
    owner: Caller,
    exporter: Arc<dyn Exporter>,
    options: ExportOptions,
    definition: Arc<Definition>,
    control: Arc<Control>,
    out: SharedWriter,
}

impl Work {
    fn run(self, runtime: &tokio::runtime::Handle) -> Done {
        let Self { app, export, owner, exporter, options, definition, control, out } = self;
        let settings = &app.settings;
        let now = settings.printed_at.unwrap_or_else(|| app.clock.now());
        let culture: &'static Culture = settings.culture;
        let (given, reader) = (&export.request.arguments, owner.reader());
        let parameters = arguments::check(&definition, given, now.naive_utc(), culture, reader)?;
        let loaded = LoadedLayouts::default();
        let models = Box::new(Arc::clone(&app.stores.data_models));
        let provider = DatabaseRows::new(
            Arc::clone(&definition),
            models,
            Arc::clone(&app.sources),
            runtime.clone(),
            now.naive_utc(),
        )
        .with_culture(definition.culture.as_deref().and_then(Culture::find).unwrap_or(culture))
        .with_reader(reader.clone())
        .with_limits(settings.query_time, settings.export_rows)
        .with_embedded_connections(settings.allow_embedded_connections)
        .with_control(Arc::clone(&control))
        .with_subreports(loaded.clone());
        let subreports = StoredSubreports {
            app: app.clone(),
            owner: owner.clone(),
            document: export.request.document_id,
            runtime: runtime.clone(),
            control: Arc::clone(&control),
            loaded,
        };
        let context = Context {
            provider: &provider,
            fonts: &app.fonts,
            culture,
            parameters,
            now: now.naive_utc(),
            reader: Some(reader.clone()),
            spill: &*app.spill,
            limits: Limits {
                pages: settings.export_pages,
                rows: settings.export_rows,
                held_bytes: settings.export_memory_bytes,
                ..Limits::default()
            },
            progress: &*control,
            subreports: &subreports,
        };
        let name = export.request.document_name.as_str();
        let author = owner.user().full_name();
        let info = document_info(&definition, name, Some(&author), culture.name(), now.timestamp());
        let Rendered { written, outcome } = render::render(
            &definition,
            &context,
            &*exporter,
            &options,
            info,
            Box::new(out.clone()),
        )?;
        let stored = out.commit()?;
        let warnings = outcome
            .warnings
            .into_iter()
            .map(|warning| Warning { message: warning.message, count: warning.count })
            .collect();
        let result =
            ExportResult { blob: stored.hash, size_bytes: stored.size_bytes, pages: written.pages };
        Ok((result, warnings))
    }
}

/// Writes down what came of the work.
async fn settle(app: &App, export: &Export, control: &Control, done: Done) -> Result<(), Error> {
    let (id, exports) = (export.id, &app.stores.exports);
    let done = match (done, control.ending()) {
        (Err(fault), Some(ending)) if fault.is_cancelled() => match ending {
            Ending::Lost(state) => {
                tracing::info!(export = %id, reason = %state, "stopped working on an export");
                return Ok(());
            }
            Ending::Stopped => {
                return end(app, export, control, |fence| exports.release(id, fence)).await;
            }
            Ending::TimeUp => Err(Fault::TimeUp(app.settings.export_time)),
        },
        (done, _) => done,
    };
    let now = app.clock.now();
    match done {
        Ok((result, warnings)) => {
            for Warning { message, count } in &warnings {
                tracing::warn!(export = %id, count, "{message}");
            }
            let write = |fence| exports.complete(id, fence, result.clone(), warnings.clone(), now);
            end(app, export, control, write).await
        }
        Err(fault) => {
            tracing::warn!(export = %id, error = %fault, "an export came to nothing");
            let fault = ExportFault { message: fault.to_string() };
            let write = |fence| exports.fail(id, fence, fault.clone(), Vec::new(), now);
            end(app, export, control, write).await
        }
    }
}

/// Makes the last write about an export, again and again while the store is away, until it is done or
/// somebody else has the work. A store that takes signs of life but not this write is not away: after
/// some tries the export is left to be claimed anew.
async fn end<F>(
    app: &App,
    export: &Export,
    control: &Control,
    mut write: impl FnMut(i64) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<(), ClaimError>>,
{
    const MOST_REFUSALS: usize = 5;
    let (mut pauses, mut refusals) = (Pauses::default(), 0);
    loop {
        let fence = control.fence();
        let error = match write(fence).await {
            Ok(()) => return Ok(()),
            Err(ClaimError::Lost(_)) if control.fence() != fence => continue,
            Err(ClaimError::Lost(state)) => {
                let id = export.id;
                tracing::info!(export = %id, reason = %state, "the work on an export is of no use");
                return Ok(());
            }
            Err(ClaimError::Store(error)) if error.may_pass() => error,
            Err(ClaimError::Store(error)) => return Err(error.into()),
        };
        pauses.wait().await;
        match beat(app, export, control, control.fence()).await {
            Ok(()) if refusals == MOST_REFUSALS => return Err(error.into()),
            Ok(()) => refusals += 1,
            // The next write tells.
            Err(ClaimError::Lost(_)) => {}
            Err(ClaimError::Store(error)) => note(app, error),
        }
    }
}

/// A writer that an exporter may own while the file still can be committed here.
#[derive(Clone)]
struct SharedWriter(Arc<Mutex<Option<Box<dyn BlobWriter>>>>);

impl SharedWriter {
    fn new(writer: Box<dyn BlobWriter>) -> Self {
        Self(Arc::new(Mutex::new(Some(writer))))
    }

    fn commit(&self) -> Result<pressroom_ports::StoredBlob, pressroom_ports::BlobError> {
        let writer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        writer.ok_or_else(|| pressroom_ports::BlobError::Unavailable(closed()))?.commit()
    }

    fn with<T>(&self, act: impl FnOnce(&mut dyn BlobWriter) -> io::Result<T>) -> io::Result<T> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut **writer.as_mut().ok_or_else(closed)?)
    }
}

fn closed() -> io::Error {
    io::Error::other("the document is closed already")
}

impl Write for SharedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(|writer| writer.flush())
    }
}

#[cfg(test)]
mod tests;
