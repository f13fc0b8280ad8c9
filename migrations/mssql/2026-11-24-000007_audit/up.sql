-- The trail is read by who did something, by what it was done to, and by when.
create index audit_lines_actor on audit_lines (actor_user_id, id);
create index audit_lines_actor_name on audit_lines (actor_name, id);
create index audit_lines_subject on audit_lines (subject_id, subject_kind, id);
create index audit_lines_at on audit_lines (at, id);

-- By which a document is found by its name, as a `*_key`. Rows of before have none until they are
-- written again: what a lower-case letter is, an engine does not know of every script.
alter table documents add name_key nvarchar(500) collate Latin1_General_BIN2;
GO
create index documents_name_key on documents (name_key);
