-- Times are microseconds since 1970 in UTC. Ids come from `sequences`, so that none is given twice on
-- any engine, not even after a deletion. A `*_key` is the lower-case form of the text beside it, by
-- which two texts count as the same.
--
-- Texts are compared bit by bit, but not the blanks they end with: SQL Server passes over those in
-- every collation. A text has a bound where an index holds it, of as many words of UTF-16 as the longest
-- that is stored there; an index takes 900 bytes where it orders the table, and 1700 elsewhere.

create table sequences (
    name nvarchar(100) collate Latin1_General_BIN2 not null primary key,
    last_id bigint not null
);

insert into sequences (name, last_id) values
    ('audit_lines', 0),
    ('categories', 0),
    ('data_models', 0),
    ('documents', 0),
    ('groups', 0),
    ('revisions', 0),
    ('users', 0);

create table audit_lines (
    id bigint not null primary key,
    at bigint not null,
    actor_user_id bigint,
    actor_name nvarchar(600) collate Latin1_General_BIN2 not null,
    verb nvarchar(max) collate Latin1_General_BIN2 not null,
    subject_kind nvarchar(50) collate Latin1_General_BIN2 not null,
    subject_id nvarchar(600) collate Latin1_General_BIN2,
    detail nvarchar(max) collate Latin1_General_BIN2 not null
);

create table categories (
    id bigint not null primary key,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    optimistic_lock bigint not null
);

create table data_models (
    id bigint not null primary key,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    name_key nvarchar(500) collate Latin1_General_BIN2 not null,
    description nvarchar(max) collate Latin1_General_BIN2 not null,
    command_timeout_s bigint not null,
    provider_type nvarchar(max) collate Latin1_General_BIN2 not null,
    provider nvarchar(max) collate Latin1_General_BIN2 not null,
    optimistic_lock bigint not null
);

create unique index data_models_name_key on data_models (name_key);

create table documents (
    id bigint not null primary key,
    category_id bigint not null references categories (id),
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    description nvarchar(max) collate Latin1_General_BIN2 not null,
    document_type nvarchar(max) collate Latin1_General_BIN2 not null,
    auto_refresh_interval_s bigint not null,
    modified_by nvarchar(max) collate Latin1_General_BIN2 not null,
    modified_at bigint not null,
    locked_by nvarchar(max) collate Latin1_General_BIN2,
    revision_id bigint not null,
    optimistic_lock bigint not null
);

create index documents_category on documents (category_id);

create table revisions (
    id bigint not null primary key,
    document_id bigint not null references documents (id) on delete cascade,
    number bigint not null,
    created_at bigint not null,
    user_name nvarchar(max) collate Latin1_General_BIN2 not null,
    comment nvarchar(max) collate Latin1_General_BIN2 not null,
    layout varbinary(256) not null
);

create unique index revisions_document_number on revisions (document_id, number);
create index revisions_layout on revisions (layout);

create table users (
    id bigint not null primary key,
    user_name nvarchar(max) collate Latin1_General_BIN2 not null,
    user_name_key nvarchar(500) collate Latin1_General_BIN2 not null,
    first_name nvarchar(max) collate Latin1_General_BIN2,
    last_name nvarchar(max) collate Latin1_General_BIN2,
    email nvarchar(max) collate Latin1_General_BIN2,
    account_type nvarchar(max) collate Latin1_General_BIN2 not null,
    active bit not null,
    pending bit not null,
    password_hash nvarchar(max) collate Latin1_General_BIN2,
    optimistic_lock bigint not null
);

create unique index users_user_name_key on users (user_name_key);

create table user_groups (
    id bigint not null primary key,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    name_key nvarchar(500) collate Latin1_General_BIN2 not null,
    built_in nvarchar(100) collate Latin1_General_BIN2,
    optimistic_lock bigint not null
);

create unique index user_groups_name_key on user_groups (name_key);
create unique index user_groups_built_in on user_groups (built_in) where built_in is not null;

create table memberships (
    user_id bigint not null references users (id) on delete cascade,
    group_id bigint not null references user_groups (id) on delete cascade,
    primary key (user_id, group_id)
);

create index memberships_group on memberships (group_id);

-- The entity of an `all…` scope is 0.
create table permissions (
    holder_kind nvarchar(50) collate Latin1_General_BIN2 not null,
    holder_id bigint not null,
    scope nvarchar(50) collate Latin1_General_BIN2 not null,
    entity_id bigint not null,
    access bigint not null,
    primary key (holder_kind, holder_id, scope, entity_id)
);

create index permissions_entity on permissions (scope, entity_id);

create table access_tokens (
    hash varbinary(32) not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    issued_at bigint not null,
    expires_at bigint not null
);

create index access_tokens_user on access_tokens (user_id);
create index access_tokens_expires_at on access_tokens (expires_at);

-- What changes while an export is worked on; what is asked for stands apart, so that claims and
-- heartbeats neither read nor write it.
create table exports (
    id varbinary(16) not null primary key,
    owner_id bigint not null,
    queued_at bigint not null,
    state nvarchar(50) collate Latin1_General_BIN2 not null,
    node nvarchar(max) collate Latin1_General_BIN2,
    lease_until bigint,
    fence bigint not null,
    attempts bigint not null,
    [percent] bigint not null,
    message nvarchar(max) collate Latin1_General_BIN2 not null,
    result_blob varbinary(256),
    result_size_bytes bigint,
    result_pages bigint,
    fault nvarchar(max) collate Latin1_General_BIN2,
    warnings nvarchar(max) collate Latin1_General_BIN2 not null,
    finished_at bigint
);

create index exports_state_queued_at on exports (state, queued_at);
create index exports_finished_at on exports (finished_at) where finished_at is not null;
create index exports_result_blob on exports (result_blob) where result_blob is not null;

create table export_requests (
    export_id varbinary(16) not null primary key references exports (id) on delete cascade,
    document_id bigint not null,
    document_name nvarchar(max) collate Latin1_General_BIN2 not null,
    layout varbinary(256) not null,
    format nvarchar(max) collate Latin1_General_BIN2 not null,
    options nvarchar(max) collate Latin1_General_BIN2 not null,
    arguments nvarchar(max) collate Latin1_General_BIN2 not null
);

create index export_requests_layout on export_requests (layout);
