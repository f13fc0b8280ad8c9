//! Ports that work in memory, and that a test can look into and steer.

mod accounts;
mod blobs;
mod contents;
mod custom_queries;
mod data_sources;
mod exporter;
mod exports;
mod fetcher;
mod jobs;
mod library;
mod list_exporter;
mod machine;
mod memory;
mod nodes;
mod post;
mod provider;
mod sign_ins;

pub use blobs::MemoryBlobs;
pub use contents::MemoryContents;
pub use data_sources::{FakeSources, Script};
pub use exporter::DumpExporter;
pub use fetcher::FakeFetcher;
pub use list_exporter::DumpListExporter;
pub use machine::{CountingRandom, ManualClock, PlainHasher};
pub use memory::MemoryStore;
pub use post::FakeMailer;
pub use provider::FakeProvider;
