-- What documents do not see of the database: {"tables": [name], "columns": [[table, name]]}. Empty is
-- nothing hidden.
alter table data_models add hidden nvarchar(max) collate Latin1_General_BIN2 not null
    constraint data_models_hidden_default default N'';

-- Queries in a database's own SQL, by data model.
create table custom_queries (
    data_model_id bigint not null references data_models (id) on delete cascade,
    name_key nvarchar(500) collate Latin1_General_BIN2 not null,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    query nvarchar(max) collate Latin1_General_BIN2 not null,
    -- [{"name", "type", "value"}]; no value is null.
    parameters nvarchar(max) collate Latin1_General_BIN2 not null,
    optimistic_lock bigint not null,
    primary key nonclustered (data_model_id, name_key)
);
