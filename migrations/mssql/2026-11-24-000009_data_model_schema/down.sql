drop table custom_queries;
-- Babelfish has no named defaults: there the default goes with its column.
if exists (select 1 from sys.default_constraints where name = N'data_models_hidden_default')
    exec (N'alter table data_models drop constraint data_models_hidden_default');
GO
alter table data_models drop column hidden;
