//! From settings to a server that runs, and to its end.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusBuilder;
use pressroom_actix_http::{Metrics, Pages, Server, Tls, client_address};
use pressroom_application::nodes::{self, ThisNode};
use pressroom_application::setup::{FirstStart, Setup, setup};
use pressroom_application::{App, Settings as SiteSettings, data_models};
use pressroom_domain::{DocumentId, NodeName, Secret};
use pressroom_ports::Slice;
use pressroom_worker::Worker;
use tokio::time::timeout;

use super::Arguments;
use super::greeting::{Served, greeting};
use super::listen::listen;
use super::stop::Signals;
use super::waiting::WaitingRoom;
use crate::config::{Flags, Settings};
use crate::first_content::Pending;
use crate::output::say;
use crate::site::Places;
use crate::{logging, site};

/// Read at the first start, for the password of `admin`.
const ADMIN_PASSWORD: &str = "PRESSROOM_ADMIN_PASSWORD";

/// How long requests have to end at least, however long the exports took.
const REQUESTS: Duration = Duration::from_secs(1);

/// Serves until the process is told to stop.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let flags = Flags {
        listen: arguments.listen.clone(),
        tls_cert: arguments.tls_cert.clone(),
        tls_key: arguments.tls_key.clone(),
        no_demo: arguments.no_demo,
        no_scheduler: arguments.no_scheduler,
        ..Flags::default()
    };
    let settings = arguments.site.settings_with(flags)?;
    logging::start(&settings.server.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors())
        .enable_all()
        .build()
        .context("no threads could be started")?;
    let served = runtime.block_on(serve(&settings));
    // What still runs was given back: its threads are not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let api = api(settings)?;
    let scheme = if api.tls.is_some() { "https" } else { "http" };
    // Before anything is written: a second server on one address must not touch the data.
    let (listener, address) = listen(&settings.server.listen)?;
    let mut signals = Signals::watch().context("signals cannot be watched")?;
    let places = Places::of(settings);
    places.make()?;
    let settings = &with_url(settings, scheme, address);
    let guest = settings.security.guest || address.ip().is_loopback();
    let mut waiting =
        WaitingRoom::new(&listener, &api, &places.store, format!("{scheme}://{address}"));
    if settings.portal.enabled {
        waiting = waiting.with_page();
    }
    let begun =
        waiting.until_done(&mut signals, || begin(settings, &places, address, guest)).await?;
    let Some(Begun { app, this, demo, start }) = begun else { return Ok(()) };
    if !settings.server.demo {
        demo.forget();
    } else if start.is_first || demo.is_pending() {
        // A password that was made is to be told whatever becomes of the demo.
        if let Err(error) = demo.bring(&app, &places).await {
            tracing::error!("the demo is not there, the next start tries again: {error:#}");
        }
    }

    waiting.close().await?;
    let pages = settings.portal.enabled.then(|| pages(&app));
    let api = pressroom_actix_http::Config { pages, ..api };
    let server = Server::start(listener, app.clone(), api).context("the API cannot be served")?;
    let stopper = server.stopper();
    let mut ended = tokio::spawn(server.ended());
    let worker = Worker::start(app.clone(), this, work(settings));

    let served = Served { scheme, address, pages: settings.portal.enabled };
    let lines = greeting(served, &places.data_dir, &start, first_document(&app).await);
    lines.iter().try_for_each(say)?;

    tokio::select! {
        () = signals.next() => {}
        served = &mut ended => {
            served?.context("the API can no longer be served")?;
        }
    }
    tracing::info!("stopping: requests and exports under way may come to their end");
    // Not ready from now on, and still there: whoever shares requests among servers has time to
    // notice, and clients can fetch what is finished meanwhile.
    app.draining.begin();
    let in_order = async {
        let begin = Instant::now();
        worker.stop().await;
        let left =
            Duration::from_secs(settings.server.stop_seconds).saturating_sub(begin.elapsed());
        if timeout(left.max(REQUESTS), stopper.stop()).await.is_err() {
            tracing::warn!("some requests were not finished");
        }
    };
    tokio::select! {
        () = in_order => {}
        () = signals.next() => tracing::warn!("stopped a second time: what is under way is left"),
    }
    Ok(())
}

/// A site whose store is open and holds what a site needs.
struct Begun {
    app: App,
    this: ThisNode,
    demo: Pending,
    start: FirstStart,
}

async fn begin(
    settings: &Settings,
    places: &Places,
    address: SocketAddr,
    guest: bool,
) -> anyhow::Result<Begun> {
    let given = settings.clone();
    // On a thread that may block: a signal need not wait for a store that does not answer.
    let app = tokio::task::spawn_blocking(move || site::open_or_make(&given)).await??;
    let app = App { settings: Arc::new(SiteSettings { guest, ..(*app.settings).clone() }), ..app };
    site::refuse_half_copy(&app).await?;
    let this = this_node(&app, address);
    // Before anything is compared with what other nodes wrote: this machine's clock may be wrong.
    nodes::beat(&app, &this, work(settings).concurrent).await?;
    let demo = Pending::note(&app, places, settings.server.demo).await?;
    data_models::note_revealing(&app).await?;
    let admin_password = std::env::var(ADMIN_PASSWORD).ok().map(Secret::new);
    // The last that may fail: a password that it makes up is to be told.
    let start = setup(&app, &Setup { admin_password, guest }).await?;
    Ok(Begun { app, this, demo, start })
}

/// How the API is set up.
fn api(settings: &Settings) -> anyhow::Result<pressroom_actix_http::Config> {
    let server = &settings.server;
    let tls = match (&server.tls_cert, &server.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::read(certificate, key)?),
        (None, None) => None,
        (Some(_), None) => bail!("TLS needs the key of the certificate too; set server.tls_key"),
        (None, Some(_)) => bail!("TLS needs a certificate for the key; set server.tls_cert"),
    };
    let a_second = |rate: u64| NonZeroU32::new(u32::try_from(rate).unwrap_or(u32::MAX));
    let limits = &settings.limits;
    let json_bytes = limits.json_mb.get().saturating_mul(1 << 20);
    Ok(pressroom_actix_http::Config {
        threads: processors(),
        tls,
        trusted_proxies: server.trusted_proxies.clone(),
        json_bytes: usize::try_from(json_bytes).unwrap_or(usize::MAX),
        request_time: Duration::from_secs(limits.request_seconds),
        requests_per_second: a_second(limits.requests_per_second),
        address_requests_per_second: a_second(limits.address_requests_per_second),
        origins: settings.api.origins.clone(),
        metrics: Some(metrics(&server.metrics_from)?),
        pages: None,
        shutdown_timeout: Duration::from_secs(server.stop_seconds),
    })
}

/// The web pages of a site.
fn pages(app: &App) -> Pages {
    let secure = app.settings.site_url.starts_with("https://");
    let settings = pressroom_portal::Settings { secure, client: client_address };
    Pages::new(pressroom_portal::pages(app.clone(), settings))
}

/// Keeps figures from now on.
fn metrics(from: &[IpNet]) -> anyhow::Result<Metrics> {
    /// In seconds: from an answer out of memory to a request that waits for a report.
    const DURATIONS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0];
    let figures = PrometheusBuilder::new().set_buckets(&DURATIONS)?.install_recorder()?;
    metrics::describe_counter!("http_requests_total", "requests that were answered");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "time until the answer began"
    );
    metrics::gauge!("pressroom_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(Metrics::new(from.to_vec(), move || {
        figures.run_upkeep();
        figures.render()
    }))
}

/// Settings by which links in mails lead to this server, unless they say where else.
fn with_url(settings: &Settings, scheme: &str, address: SocketAddr) -> Settings {
    let mut settings = settings.clone();
    if settings.site.url.is_none() {
        settings.site.url = format!("{scheme}://{address}").parse().ok();
    }
    settings
}

fn work(settings: &Settings) -> pressroom_worker::Config {
    let config = pressroom_worker::Config::default();
    let concurrent = usize::try_from(settings.server.exports_at_once).unwrap_or(usize::MAX);
    let stop_within = Duration::from_secs(settings.server.stop_seconds);
    pressroom_worker::Config {
        concurrent: if concurrent == 0 { config.concurrent } else { concurrent },
        // Giving back needs its part of the time.
        release: config.release.min(stop_within),
        drain: stop_within.saturating_sub(config.release),
        ..config
    }
}

/// This server, as others get to know it.
fn this_node(app: &App, address: SocketAddr) -> ThisNode {
    let mut bytes = [0; 4];
    app.random.fill(&mut bytes);
    let (host, process, number) = (host_name(), std::process::id(), u32::from_be_bytes(bytes));
    ThisNode {
        // Tells people which one it is; and no other has it, though machines may be copies of one
        // another in which the processes have the same numbers.
        name: NodeName::new(format!("{host}/{process}/{number:08x}")),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        address: address.to_string(),
        started_at: app.clock.now(),
    }
}

/// What this machine is called, as far as one can tell.
fn host_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let variable = |name| std::env::var(name).ok();
    let names = [told, variable("HOSTNAME"), variable("COMPUTERNAME")].into_iter().flatten();
    let mut names = names.map(|name| name.trim().chars().take(64).collect::<String>());
    names.find(|name| !name.is_empty()).unwrap_or_else(|| "node".to_owned())
}

/// A document to try, if there is one.
async fn first_document(app: &App) -> Option<DocumentId> {
    let first = app.stores.documents.list(Slice::first(1)).await.ok()?;
    first.first().map(|document| document.id)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
