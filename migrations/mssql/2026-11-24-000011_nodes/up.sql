-- The servers that share this store, as they told of themselves last.
create table nodes (
    name nvarchar(450) collate Latin1_General_BIN2 not null primary key,
    version nvarchar(max) collate Latin1_General_BIN2 not null,
    address nvarchar(max) collate Latin1_General_BIN2 not null,
    state nvarchar(max) collate Latin1_General_BIN2 not null,
    started_at bigint not null,
    seen_at bigint not null,
    running bigint not null,
    capacity bigint not null
);

-- The versions of those migrations that took something away which older versions of the program need.
-- Each of them writes its own version here. A program that does not know one of these cannot use the
-- store; one that does not know another migration can.
create table contractions (
    version nvarchar(50) collate Latin1_General_BIN2 not null primary key
);
