-- What a token came from: a sign-in, or an API key. Tokens of before end here; they last for minutes.

drop table access_tokens;

create table access_tokens (
    hash varbinary(32) not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    sign_in_id varbinary(16),
    api_key_id bigint,
    issued_at bigint not null,
    expires_at bigint not null
);

create index access_tokens_user on access_tokens (user_id);
create index access_tokens_sign_in on access_tokens (sign_in_id);
create index access_tokens_api_key on access_tokens (api_key_id);
create index access_tokens_expires_at on access_tokens (expires_at);

-- Sign-ins that can be refreshed, by the one refresh token that works now.
create table sign_ins (
    id varbinary(16) not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    refresh_hash varbinary(32) not null,
    started_at bigint not null,
    expires_at bigint not null
);

create index sign_ins_user on sign_ins (user_id, expires_at);
create index sign_ins_expires_at on sign_ins (expires_at);

create table api_keys (
    id bigint not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    client_id varbinary(16) not null,
    secret_hash varbinary(32) not null,
    name nvarchar(max) collate Latin1_General_BIN2 not null,
    created_at bigint not null,
    last_used_at bigint,
    expires_at bigint
);

create unique index api_keys_client on api_keys (client_id);
create index api_keys_user on api_keys (user_id);

insert into sequences (name, last_id) values ('api_keys', 0);

-- Who a user is at an OpenID Connect provider. Both texts are too long for an index, and differ by the
-- blanks they end with, too: their hashes are what is unique.
create table external_users (
    issuer nvarchar(510) collate Latin1_General_BIN2 not null,
    subject nvarchar(510) collate Latin1_General_BIN2 not null,
    user_id bigint not null references users (id) on delete cascade,
    issuer_hash as cast(hashbytes('SHA2_256', issuer) as varbinary(32)) persisted not null,
    subject_hash as cast(hashbytes('SHA2_256', subject) as varbinary(32)) persisted not null,
    primary key nonclustered (issuer_hash, subject_hash)
);

create index external_users_subject on external_users (subject);
create index external_users_user on external_users (user_id);
