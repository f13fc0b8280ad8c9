DROP TABLE [notes];
