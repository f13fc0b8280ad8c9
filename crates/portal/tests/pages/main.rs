//! The pages over fakes: a test mirrors the address that it asks.

mod account;
mod closed;
mod documents;
mod documents_id;
mod documents_id_pdf;
mod everywhere;
mod sign_in;
mod site;
