-- The names by which the newest layout of a document may mean data models, in lower case. A name may
-- stand here before there is such a data model.
create table document_data_models (
    document_id bigint not null references documents (id) on delete cascade,
    name_key text collate "C" not null,
    primary key (document_id, name_key)
);

create index document_data_models_name_key on document_data_models (name_key);

-- Moments that the site remembers.
create table moments (
    name text collate "C" not null primary key,
    at bigint not null
);
