delete from contractions where version = '20261124000012';
-- Babelfish has no named defaults: there the default goes with its column.
if exists (select 1 from sys.default_constraints where name = N'data_models_cache_s_default')
    exec (N'alter table data_models drop constraint data_models_cache_s_default');
GO
alter table data_models drop column cache_s;
GO
-- Babelfish has no named defaults: there the default goes with its column.
if exists (select 1 from sys.default_constraints where name = N'data_models_row_filters_default')
    exec (N'alter table data_models drop constraint data_models_row_filters_default');
GO
alter table data_models drop column row_filters;
