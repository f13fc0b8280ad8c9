-- Whoever changes entities locks this row first, where the engine lets several write at a time: rules
-- that span rows, such as the last administrator's, then see all that was written before.
insert into sequences (name, last_id) values ('writes', 0);
