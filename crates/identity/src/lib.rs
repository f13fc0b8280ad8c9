//! Sign-in by OpenID Connect: the authorisation code flow with PKCE, through `oauth2` and
//! `openidconnect`.
//!
//! [`OpenIdProvider`] is the `IdentityProvider` of `pressroom-ports`. It finds out by discovery where a
//! provider's endpoints are and which keys it signs with, keeps that for an hour, and asks again where a
//! key is not among those it knows. Whatever the provider answers is bounded in time and in size.
//!
//! | module | subject |
//! |---|---|
//! | `config` | what a site says about its provider |
//! | `http` | requests, with their bounds |
//! | `discovery` | endpoints and keys, kept for a while |
//! | `flow` | the two halves of a sign-in |
//! | `claims` | what a provider says about somebody |

mod claims;
mod config;
mod discovery;
mod flow;
mod http;

pub use config::{Config, ConfigError};
pub use flow::OpenIdProvider;
