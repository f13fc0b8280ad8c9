CREATE TABLE [notes] ([id] bigint NOT NULL PRIMARY KEY, [text] nvarchar(max) NOT NULL);
