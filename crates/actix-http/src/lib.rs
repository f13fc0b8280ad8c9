//! The REST API on actix-web.
