//! Word of work between nodes, by `LISTEN` and `NOTIFY`.
//!
//! It is a hint: workers look for work themselves now and then, and miss nothing but time where word
//! is lost.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pressroom_diesel_store::OpenError;
use pressroom_ports::{Queue, WorkSignals};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Store;
use crate::address::Address;

/// What word is passed on.
const CHANNEL: &str = "pressroom_work";
/// Before the other side is asked for a connection again.
const PAUSE: Duration = Duration::from_secs(2);
/// How long it may take to pass word on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where word arrives, and where it is passed on. The thread ends with it.
pub(crate) struct Signals {
    heard: Arc<Heard>,
    announce: Option<UnboundedSender<Queue>>,
}

#[derive(Default)]
struct Heard {
    exports: Notify,
    mails: Notify,
}

impl Heard {
    fn of(&self, queue: Queue) -> &Notify {
        match queue {
            Queue::Exports => &self.exports,
            Queue::Mails => &self.mails,
        }
    }
}

impl Signals {
    /// For what speaks PostgreSQL's protocol but passes no word on.
    pub(crate) fn none() -> Self {
        Self { heard: Arc::default(), announce: None }
    }

    /// Listens on a thread and a connection of its own.
    pub(crate) fn start(address: &Address) -> Result<Self, OpenError> {
        let (announce, announced) = unbounded_channel();
        let heard = Arc::new(Heard::default());
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(OpenError::Thread)?;
        let listening = listen(address.clone(), heard.clone(), announced);
        std::thread::Builder::new()
            .name("store-signals".to_owned())
            .spawn(move || runtime.block_on(listening))
            .map_err(OpenError::Thread)?;
        Ok(Self { heard, announce: Some(announce) })
    }

    pub(crate) fn announce(&self, queue: Queue) {
        if let Some(announce) = &self.announce {
            // Where the thread has ended, others find out by looking.
            let _ = announce.send(queue);
        }
    }
}

/// Listens until nobody is left to announce anything.
async fn listen(address: Address, heard: Arc<Heard>, mut announced: UnboundedReceiver<Queue>) {
    loop {
        let ended = if address.is_plain() {
            match address.config.connect(NoTls).await {
                Ok((client, connection)) => {
                    converse(client, connection, &heard, &mut announced).await
                }
                Err(_) => Ended::Lost,
            }
        } else {
            let tls = MakeRustlsConnect::new(address.trust.config());
            match address.config.connect(tls).await {
                Ok((client, connection)) => {
                    converse(client, connection, &heard, &mut announced).await
                }
                Err(_) => Ended::Lost,
            }
        };
        if matches!(ended, Ended::Closed) {
            return;
        }
        sleep(PAUSE).await;
        // Whoever still has not heard of these has looked by now.
        while announced.try_recv().is_ok() {}
        if announced.is_closed() {
            return;
        }
    }
}

/// How a conversation ended.
enum Ended {
    /// The other side is gone.
    Lost,
    /// The store was closed.
    Closed,
}

async fn converse<S>(
    client: Client,
    mut connection: Connection<Socket, S>,
    heard: &Heard,
    announced: &mut UnboundedReceiver<Queue>,
) -> Ended
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // Word that this node passed on itself comes back under the number of its own backend.
    let own = AtomicI32::new(0);
    let talk = async {
        client.batch_execute(&format!("listen {CHANNEL}")).await.ok()?;
        let backend = client.query_one("select pg_backend_pid()", &[]).await.ok()?;
        own.store(backend.get(0), Ordering::Relaxed);
        while let Some(queue) = announced.recv().await {
            // One word is enough for all that came in meanwhile.
            let mut queues = vec![queue];
            while let Ok(queue) = announced.try_recv() {
                queues.push(queue);
            }
            for queue in [Queue::Exports, Queue::Mails] {
                if queues.contains(&queue) {
                    let notify = format!("notify {CHANNEL}, '{}'", queue.name());
                    timeout(PATIENCE, client.batch_execute(&notify)).await.ok()?.ok()?;
                }
            }
        }
        Some(())
    };
    let hear = async {
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notification(word) = message
                && word.process_id() != own.load(Ordering::Relaxed)
                && let Some(queue) = Queue::find(word.payload())
            {
                heard.of(queue).notify_one();
            }
        }
    };
    tokio::select! {
        talked = talk => if talked.is_some() { Ended::Closed } else { Ended::Lost },
        () = hear => Ended::Lost,
    }
}

#[async_trait]
impl WorkSignals for Store {
    async fn queued(&self, queue: Queue) {
        self.signals().heard.of(queue).notified().await;
    }
}
