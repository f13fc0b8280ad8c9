drop index documents_name_key;
alter table documents drop column name_key;
drop index audit_lines_at;
drop index audit_lines_subject;
drop index audit_lines_actor_name;
drop index audit_lines_actor;
