//! Running what is written for tasks on a thread of its own.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tracing::dispatcher::{self, Dispatch};

/// Runs a future to its end. Everything it waits for is read from a socket that blocks, so being
/// asked again is all that it can want; and unlike an executor of futures, this one can run inside
/// another.
///
/// Nothing of the driver's own log is written: it calls every row that a constraint refuses an error,
/// and every session unencrypted, because it does not see the TLS below it. What matters of it is in
/// the error that the caller gets.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    dispatcher::with_default(&Dispatch::none(), || {
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            std::thread::yield_now();
        }
    })
}
