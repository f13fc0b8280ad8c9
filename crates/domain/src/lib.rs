//! Entities, optimistic locks, permission bitmasks: what Pressroom is about, without I/O.
