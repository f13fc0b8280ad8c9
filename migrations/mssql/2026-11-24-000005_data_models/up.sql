-- The names by which the newest layout of a document may mean data models, in lower case. A name may
-- stand here before there is such a data model.
create table document_data_models (
    document_id bigint not null references documents (id) on delete cascade,
    name_key nvarchar(500) collate Latin1_General_BIN2 not null,
    primary key nonclustered (document_id, name_key)
);

create index document_data_models_name_key on document_data_models (name_key);

-- Moments that the site remembers. Names differ by the blanks they end with, too.
create table moments (
    name nvarchar(450) collate Latin1_General_BIN2 not null,
    at bigint not null,
    name_bytes as datalength(name) persisted not null,
    primary key nonclustered (name, name_bytes)
);
