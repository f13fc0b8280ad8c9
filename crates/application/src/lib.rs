//! Use cases, one file a verb, and every decision about who may do what.
