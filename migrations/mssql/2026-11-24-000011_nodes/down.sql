drop table contractions;
drop table nodes;
