-- Links that set passwords: the hash of what was mailed, never the token itself.
create table account_links (
    hash varbinary(32) not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    purpose nvarchar(50) collate Latin1_General_BIN2 not null,
    issued_at bigint not null,
    expires_at bigint not null
);

create unique index account_links_user_purpose on account_links (user_id, purpose);
create index account_links_expires_at on account_links (expires_at);
