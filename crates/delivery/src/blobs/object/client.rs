//! The way to an S3 server.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, AwsCredential};
use object_store::client::SpawnedReqwestConnector;
use object_store::{BackoffConfig, ClientOptions, RetryConfig, StaticCredentialProvider};
use pressroom_domain::Secret;
use tokio::runtime::{Builder, Handle, Runtime};

/// The longest that a connection may take.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// The longest that a server may say nothing: as long as a part takes on a slow line.
const SILENCE: Duration = Duration::from_secs(60);
/// How often a request is made again that came to nothing.
const RETRIES: usize = 3;
/// After how long no request is made again.
const RETRY_TIME: Duration = Duration::from_secs(20);

/// A bucket of an S3 server, and how to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What names of objects begin with, without a slash at either end; empty for the whole bucket.
    pub prefix: String,
    /// The region; unless set, that of `AWS_REGION`, or `us-east-1`.
    pub region: Option<String>,
    /// The server, such as `https://objects.example.com`; unless set, that of `AWS_ENDPOINT_URL`, or
    /// Amazon's.
    pub endpoint: Option<String>,
    /// Whether the bucket stands in the path and not in the host's name; unless set, it does at
    /// servers other than Amazon's.
    pub path_style: Option<bool>,
    /// The access key and its secret; unless set, what the environment gives to programs:
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or the role of the machine.
    pub access: Option<(String, Secret)>,
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bucket \"{}\"", self.name)?;
        match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => write!(f, " at {endpoint}"),
            (None, Some(region)) => write!(f, " in {region}"),
            (None, None) => Ok(()),
        }
    }
}

/// A bucket with the server and the region of the environment, where it has none of its own.
pub(super) fn completed(bucket: &Bucket) -> Bucket {
    let environment = AmazonS3Builder::from_env();
    let first = |keys: &[AmazonS3ConfigKey]| {
        keys.iter()
            .find_map(|key| environment.get_config_value(key))
            .filter(|text| !text.is_empty())
    };
    let mut bucket = bucket.clone();
    bucket.endpoint = (bucket.endpoint)
        .or_else(|| first(&[AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint]));
    bucket.region = bucket.region.or_else(|| first(&[AmazonS3ConfigKey::Region]));
    bucket
}

/// A client of a bucket that is [`completed`]. It asks nothing yet.
pub(super) fn connect(bucket: &Bucket, threads: &Threads) -> object_store::Result<AmazonS3> {
    // One way to encrypt for the whole program; who comes later finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let endpoint = bucket.endpoint.as_deref();
    let in_the_clear = endpoint.is_some_and(|url| url.starts_with("http://"));
    // Names with dots are no hosts that a certificate is good for.
    let path_style =
        (bucket.path_style).unwrap_or_else(|| endpoint.is_some() || bucket.name.contains('.'));
    let options = ClientOptions::new()
        .with_allow_http(in_the_clear)
        .with_connect_timeout(CONNECT_TIME)
        // A large document takes as long as its reader does.
        .with_timeout_disabled()
        .with_read_timeout(SILENCE);
    let retries = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: RETRY_TIME,
    };
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&bucket.name)
        .with_virtual_hosted_style_request(!path_style)
        .with_client_options(options)
        .with_retry(retries)
        // Every server deletes one by one; some have no other way.
        .with_disable_bulk_delete(true)
        .with_http_connector(SpawnedReqwestConnector::new(threads.handle().clone()));
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = endpoint {
        let host = if path_style { endpoint.to_owned() } else { within(&bucket.name, endpoint) };
        builder = builder.with_endpoint(&host).with_config(AmazonS3ConfigKey::S3Endpoint, host);
    }
    if let Some((key, secret)) = &bucket.access {
        let credential = AwsCredential {
            key_id: key.clone(),
            secret_key: secret.reveal().to_owned(),
            token: None,
        };
        builder = builder.with_credentials(Arc::new(StaticCredentialProvider::new(credential)));
    }
    builder.build()
}

/// The address of a bucket that stands in the host's name.
fn within(bucket: &str, endpoint: &str) -> String {
    match endpoint.split_once("://") {
        Some((scheme, host)) => format!("{scheme}://{bucket}.{host}"),
        None => format!("{bucket}.{endpoint}"),
    }
}

/// A thread on which requests go out and answers come in, whoever asks: connections are kept for the
/// next request, and must not end with the one that made them.
pub(super) struct Threads(Option<Runtime>, Handle);

impl Threads {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("blobs")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        Ok(Self(Some(runtime), handle))
    }

    fn handle(&self) -> &Handle {
        &self.1
    }

    /// Waits for work on this thread, which may block.
    pub(super) fn wait<F: Future>(&self, work: F) -> F::Output {
        self.1.block_on(work)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Whoever lets go of the last clone may be one that must not block.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_stands_in_the_path_or_in_the_name_of_the_host() {
        assert_eq!(within("site", "https://s3.example.com"), "https://site.s3.example.com");
        let bucket = Bucket {
            name: "site".into(),
            prefix: String::new(),
            region: None,
            endpoint: Some("http://127.0.0.1:9000".into()),
            path_style: None,
            access: Some(("key".into(), Secret::new("hunter2"))),
        };
        assert_eq!(bucket.to_string(), "the bucket \"site\" at http://127.0.0.1:9000");
        assert!(!format!("{bucket:?}").contains("hunter2"));
        let threads = Threads::start().unwrap();
        assert!(connect(&bucket, &threads).is_ok());
    }
}
