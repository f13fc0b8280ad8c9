-- The condition that rows of a table fulfil which a reader sees: {table: expression}. Empty is no
-- condition.
alter table data_models add row_filters nvarchar(max) collate Latin1_General_BIN2 not null
    constraint data_models_row_filters_default default N'';

-- How long rows that were read may be given again; 0 is not at all.
alter table data_models add cache_s bigint not null
    constraint data_models_cache_s_default default 0;

-- An older version would show the rows that a filter keeps back.
insert into contractions (version) values ('20261124000012');
