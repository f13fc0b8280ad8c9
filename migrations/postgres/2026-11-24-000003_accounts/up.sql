-- Pictures of people. The bytes are with the layouts and finished files; `photo` is their hash.
create table user_photos (
    user_id bigint not null primary key references users (id) on delete cascade,
    photo bytea not null,
    media_type text collate "C" not null
);

-- Whether bytes are still needed is asked by their hash.
create index user_photos_photo on user_photos (photo);
