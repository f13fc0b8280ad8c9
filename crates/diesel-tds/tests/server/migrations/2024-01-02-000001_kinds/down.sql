ALTER TABLE [notes] DROP COLUMN [kind];
