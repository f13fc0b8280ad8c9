//! The API over a site of fakes. The modules mirror the addresses; `clients` repeats what existing
//! clients send, in their order.

mod account;
mod account_keys;
mod audit;
mod authorisation;
mod categories;
mod clients;
mod data_models;
mod data_models_id;
mod data_models_id_customsqlquery;
mod data_models_id_tables;
mod docs;
mod documents;
mod documents_export;
mod documents_id_parameters;
mod documents_jobresults;
mod hostile;
mod jobs;
mod jobs_jobresults;
mod jobs_preview;
mod lists;
mod metrics;
mod oauth_external;
mod oauth_revoke;
mod oauth_token;
mod openapi;
mod server;
mod site;
mod statements;
mod transport;
mod usergroups;
mod usergroups_permissions;
mod users;
mod users_permissions;
mod users_photo;
mod wire;
