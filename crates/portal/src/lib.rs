//! The web pages: reading documents in a browser.
//!
//! Pages are made here, on the server, from templates that are checked when the crate is compiled.
//! They work without a script; one small script makes some things nicer. Nothing is loaded from
//! anywhere else, and nothing stands inline: the content security policy says so to browsers.
//!
//! | module | subject |
//! |---|---|
//! | `pages/<room>` | the handlers and what their templates show, one file a room |
//! | `fields` | the form that a report's parameters make, and what readers fill in |
//! | `session`, `reader` | who is signed in: a token in a cookie |
//! | `form` | what is posted, and that it was posted from a page of ours |
//! | `answer`, `failure` | pages, redirections, and what went wrong |
//! | `assets` | the style sheet, the script and the mark, inside the program |
//!
//! [`pages`] puts them all into a server. Like the API they decide nothing: `pressroom-application`
//! does.

mod answer;
mod assets;
mod failure;
mod fields;
mod form;
mod pages;
mod portal;
mod reader;
mod session;

pub use portal::{Settings, closed_pages, pages};
