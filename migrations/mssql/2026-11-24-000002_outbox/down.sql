drop table outbox;
delete from sequences where name = 'outbox';
drop index audit_lines_subject_kind on audit_lines;
alter table audit_lines drop column from_address;
