drop table external_users;
drop table api_keys;
drop table sign_ins;
drop table access_tokens;

delete from sequences where name = 'api_keys';

create table access_tokens (
    hash varbinary(32) not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    issued_at bigint not null,
    expires_at bigint not null
);

create index access_tokens_user on access_tokens (user_id);
create index access_tokens_expires_at on access_tokens (expires_at);
