-- Pictures of people. The bytes are with the layouts and finished files; `photo` is their hash.
create table user_photos (
    user_id bigint not null primary key references users (id) on delete cascade,
    photo varbinary(256) not null,
    media_type nvarchar(max) collate Latin1_General_BIN2 not null
);

-- Whether bytes are still needed is asked by their hash.
create index user_photos_photo on user_photos (photo);
