-- What documents do not see of the database: {"tables": [name], "columns": [[table, name]]}. Empty is
-- nothing hidden.
alter table data_models add column hidden text collate "C" not null default '';

-- Queries in a database's own SQL, by data model.
create table custom_queries (
    data_model_id bigint not null references data_models (id) on delete cascade,
    name_key text collate "C" not null,
    name text collate "C" not null,
    query text collate "C" not null,
    -- [{"name", "type", "value"}]; no value is null.
    parameters text collate "C" not null,
    optimistic_lock bigint not null,
    primary key (data_model_id, name_key)
);
