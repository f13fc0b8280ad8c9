//! The web pages: reading documents in a browser.
