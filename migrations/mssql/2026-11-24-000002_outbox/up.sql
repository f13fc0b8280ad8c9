alter table audit_lines add from_address nvarchar(max) collate Latin1_General_BIN2;
GO

-- The newest line about a kind says whether anything of that kind was written since.
create index audit_lines_subject_kind on audit_lines (subject_kind, id);

insert into sequences (name, last_id) values ('outbox', 0);

-- Mails that wait to be sent. Whoever claims one moves its `due_at` to the end of the claim: if no word
-- comes until then, it is due again.
create table outbox (
    id bigint not null primary key,
    queued_at bigint not null,
    due_at bigint not null,
    node nvarchar(max) collate Latin1_General_BIN2,
    fence bigint not null,
    attempts bigint not null,
    failure nvarchar(max) collate Latin1_General_BIN2,
    mail nvarchar(max) collate Latin1_General_BIN2 not null
);

create index outbox_due_at on outbox (due_at, id);
