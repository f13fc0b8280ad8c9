//! Customers' databases, read-only: one module an engine.
