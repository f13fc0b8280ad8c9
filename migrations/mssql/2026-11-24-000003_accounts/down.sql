drop table user_photos;
