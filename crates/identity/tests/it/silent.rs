//! Providers that answer nothing, or too much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pressroom_identity::Config;
use pressroom_ports::{IdentityError, IdentityProvider, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::flow::{adapter, config};

/// Asks a listener that answers with these bytes, over and over, whoever it is.
async fn ask(answer: Option<&'static [u8]>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4_096]).await;
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
                let Some(answer) = answer else {
                    // It says nothing until the other side gives up.
                    let _ = stream.read(&mut [0; 1]).await;
                    return;
                };
                let _ = stream.write_all(head).await;
                while stream.write_all(answer).await.is_ok() {}
            });
        }
    });
    let config = Config { timeout: Duration::from_secs(2), ..config(&issuer) };
    let provider = adapter(config, Arc::new(SystemClock));
    let began = Instant::now();
    let error = provider.begin().await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(8), "it ends in time");
    assert!(matches!(error, IdentityError::Unavailable { .. }), "{error:?}");
    format!("{error:?}")
}

#[tokio::test]
async fn one_that_says_nothing_is_not_waited_for() {
    ask(None).await;
}

#[tokio::test]
async fn one_that_says_too_much_is_not_listened_to() {
    let error = ask(Some(&[b' '; 65_536])).await;
    assert!(error.contains("TooLong"), "{error}");
}
