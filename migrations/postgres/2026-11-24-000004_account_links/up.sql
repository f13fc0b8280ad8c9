-- Links that set passwords: the hash of what was mailed, never the token itself.
create table account_links (
    hash bytea not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    purpose text collate "C" not null,
    issued_at bigint not null,
    expires_at bigint not null
);

create unique index account_links_user_purpose on account_links (user_id, purpose);
create index account_links_expires_at on account_links (expires_at);
