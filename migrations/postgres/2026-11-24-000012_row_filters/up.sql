-- The condition that rows of a table fulfil which a reader sees: {table: expression}. Empty is no
-- condition.
alter table data_models add column row_filters text collate "C" not null default '';

-- How long rows that were read may be given again; 0 is not at all.
alter table data_models add column cache_s bigint not null default 0;

-- An older version would show the rows that a filter keeps back.
insert into contractions (version) values ('20261124000012');
