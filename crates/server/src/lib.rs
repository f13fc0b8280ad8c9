//! What the `pressroom` binary is made of.

pub mod demo;
