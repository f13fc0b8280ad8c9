//! Sign-in against a real provider, npm's `oidc-provider`. Needs `node` and `npm`.

mod browser;
mod flow;
mod process;
mod silent;
