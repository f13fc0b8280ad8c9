//! The contract suite of every port, in-memory fakes and builders for tests.
