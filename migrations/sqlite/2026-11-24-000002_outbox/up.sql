alter table audit_lines add column from_address text;

-- The newest line about a kind says whether anything of that kind was written since.
create index audit_lines_subject_kind on audit_lines (subject_kind, id);

insert into sequences (name, last_id) values ('outbox', 0);

-- Mails that wait to be sent.
create table outbox (
    id integer not null primary key,
    queued_at bigint not null,
    mail text not null
);
