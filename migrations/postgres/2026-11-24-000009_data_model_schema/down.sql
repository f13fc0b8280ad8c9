drop table custom_queries;
alter table data_models drop column hidden;
