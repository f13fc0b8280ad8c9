//! Taking the address.

use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, bail};

/// Listens on an address such as `127.0.0.1:8080` or `localhost:8080`.
pub(super) fn listen(address: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    use std::io::ErrorKind::{AddrInUse, PermissionDenied};
    let listener = match TcpListener::bind(address) {
        Ok(listener) => listener,
        Err(error) => {
            let advice = match error.kind() {
                AddrInUse => "; stop the other server, or choose another one with --listen",
                PermissionDenied => "; ports below 1024 need a right of their own",
                _ => "; write one such as 127.0.0.1:8080",
            };
            bail!("cannot listen on {address}: {error}{advice}");
        }
    };
    let bound = listener.local_addr().context("the address cannot be told")?;
    Ok((listener, bound))
}
