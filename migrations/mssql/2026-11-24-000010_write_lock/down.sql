delete from sequences where name = 'writes';
