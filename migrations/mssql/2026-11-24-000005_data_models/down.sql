drop table moments;
drop table document_data_models;
