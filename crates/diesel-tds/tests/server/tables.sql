CREATE TABLE [users] (
    [id] bigint IDENTITY NOT NULL PRIMARY KEY,
    [name] nvarchar(200) NOT NULL,
    [mail] nvarchar(200) NULL,
    [active] bit NOT NULL DEFAULT 1,
    [visits] int NOT NULL DEFAULT 0,
    CONSTRAINT [users_name] UNIQUE ([name]),
    CONSTRAINT [users_visits] CHECK ([visits] >= 0)
);
CREATE TABLE [posts] (
    [id] bigint NOT NULL PRIMARY KEY,
    [user_id] bigint NOT NULL,
    [title] nvarchar(max) NOT NULL,
    CONSTRAINT [posts_user] FOREIGN KEY ([user_id]) REFERENCES [users] ([id])
);
CREATE TABLE [kinds] (
    [id] int NOT NULL PRIMARY KEY,
    [bit] bit NULL,
    [smallint] smallint NULL,
    [int] int NULL,
    [bigint] bigint NULL,
    [real] real NULL,
    [float] float NULL,
    [text] nvarchar(max) NULL,
    [bytes] varbinary(max) NULL,
    [day] date NULL,
    [hour] time NULL,
    [moment] datetime2 NULL
);
GO
CREATE UNIQUE INDEX [users_mail] ON [users] ([mail]) WHERE [mail] IS NOT NULL;
