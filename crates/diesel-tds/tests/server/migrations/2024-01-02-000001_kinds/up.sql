ALTER TABLE [notes] ADD [kind] nvarchar(20) NULL;
GO
UPDATE [notes] SET [kind] = N'plain';
