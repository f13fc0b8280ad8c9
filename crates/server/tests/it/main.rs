//! The binary as people and programs use it: started, asked over HTTP, killed, started again.
//!
//! Each test has folders and a server of its own, on a free port, so they run in any order and at a
//! time. They read documents back with `qpdf` and `pdftotext`, and call the API with `curl`.

mod accounts;
#[cfg(all(unix, feature = "postgres"))]
mod away;
mod backup;
#[cfg(feature = "s3")]
mod blobs;
mod browser;
#[cfg(all(unix, feature = "postgres"))]
mod busy;
mod command_line;
mod crash;
#[cfg(unix)]
mod databases;
mod exports;
mod hostile;
#[cfg(unix)]
mod nodes;
mod pages;
mod secrets;
mod serve;
mod settings;
mod storage_copy;
mod support;
