//! An S3 server that keeps objects as files.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// An S3 server on a port of this machine, in this process. Objects are files, so a test can look at
/// them and change their age. Buckets stand in the path.
#[derive(Debug)]
pub struct S3Server {
    root: TempDir,
    address: SocketAddr,
    buckets: AtomicU32,
    full: Arc<AtomicBool>,
    /// None while it is stopped.
    running: Option<Runtime>,
}

impl S3Server {
    /// The access key that it lets in.
    pub const ACCESS_KEY: &str = "pressroom";
    /// Its secret.
    pub const SECRET_KEY: &str = "a secret of the tests";

    /// Starts one on a free port.
    ///
    /// # Panics
    /// Where there is no port or no folder to be had.
    pub fn start() -> Self {
        let root = TempDir::new().expect("a temporary folder");
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server =
            Self { root, address, buckets: AtomicU32::new(0), full: Arc::default(), running: None };
        server.start_again();
        server
    }

    /// Ends it, with every connection. Its objects stay.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_background();
        }
    }

    /// Starts it where it was, after [`stop`](Self::stop).
    ///
    /// # Panics
    /// Where its port was taken meanwhile.
    pub fn start_again(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("threads for the server");
        let service = self.service();
        // Whoever starts it may be on a thread that must not wait for another runtime.
        let listener = std::net::TcpListener::bind(self.address).expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        self.address = listener.local_addr().expect("an address");
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    // A client that hangs up is no failure of the server.
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        self.running = Some(runtime);
    }

    fn service(&self) -> S3Service {
        let files = FileSystem::new(self.root.path()).expect("a folder of objects");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(Self::ACCESS_KEY, Self::SECRET_KEY));
        let root = self.root.path().to_owned();
        builder.set_access(Buckets { root, full: self.full.clone() });
        builder.build()
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A new, empty bucket.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub fn bucket(&self) -> String {
        let number = self.buckets.fetch_add(1, Ordering::Relaxed);
        let bucket = format!("bucket-{number}");
        std::fs::create_dir(self.folder(&bucket)).expect("a new bucket");
        bucket
    }

    /// The folder of a bucket's objects: a file each, whose path is the object's name.
    pub fn folder(&self, bucket: &str) -> PathBuf {
        self.root.path().join(bucket)
    }

    /// Makes it take no more, as where a quota is used up, or ends that.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }

    /// How many parts wait for uploads to be completed, in all buckets.
    ///
    /// # Panics
    /// Where they cannot be counted.
    pub fn parts(&self) -> usize {
        let files = self.root.path().read_dir().expect("the folder of objects");
        let names = files.map(|file| file.expect("a file").file_name());
        names.filter(|name| name.to_string_lossy().contains(".part-")).count()
    }
}

/// Lets nobody put objects into a bucket that is not there, which the files would make, or while there is
/// no room.
struct Buckets {
    root: PathBuf,
    full: Arc<AtomicBool>,
}

#[async_trait]
impl S3Access for Buckets {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        if request.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        let adds = matches!(request.method().as_str(), "PUT" | "POST");
        if adds && self.full.load(Ordering::Relaxed) {
            return Err(S3Error::new(S3ErrorCode::Custom("QuotaExceeded".into())));
        }
        match request.s3_path().get_bucket_name() {
            Some(bucket) if !self.root.join(bucket).is_dir() => Err(s3_error!(NoSuchBucket)),
            _ => Ok(()),
        }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop();
    }
}
