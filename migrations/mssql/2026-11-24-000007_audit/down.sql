drop index documents_name_key on documents;
alter table documents drop column name_key;
drop index audit_lines_at on audit_lines;
drop index audit_lines_subject on audit_lines;
drop index audit_lines_actor_name on audit_lines;
drop index audit_lines_actor on audit_lines;
