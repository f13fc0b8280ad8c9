//! What the tests have in common.

use std::time::{Duration, Instant};

use pressroom_diesel_postgres::{OpenError, Store};

/// Does what blocks where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

pub(crate) async fn open(url: &str, create: bool) -> Result<Store, OpenError> {
    let url = url.to_owned();
    blocking(move || Store::open(&url, create)).await
}

/// Asks until the answer is yes, for a bounded time.
pub(crate) async fn becomes(mut answer: impl AsyncFnMut() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if answer().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}
