delete from contractions where version = '20261124000012';
alter table data_models drop column cache_s;
alter table data_models drop column row_filters;
