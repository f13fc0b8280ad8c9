-- The servers that share this store, as they told of themselves last.
create table nodes (
    name text collate "C" not null primary key,
    version text collate "C" not null,
    address text collate "C" not null,
    state text collate "C" not null,
    started_at bigint not null,
    seen_at bigint not null,
    running bigint not null,
    capacity bigint not null
);

-- The versions of those migrations that took something away which older versions of the program need.
-- Each of them writes its own version here. A program that does not know one of these cannot use the
-- store; one that does not know another migration can.
create table contractions (
    version text collate "C" not null primary key
);
