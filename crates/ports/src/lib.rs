//! What the core asks of the world: repositories, data sources, exporters, blobs, clock.
