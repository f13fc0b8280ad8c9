//! Giving a user a photo, or taking it away.

use pressroom_domain::{Access, Photo, PhotoRecord, SubjectKind, UserId, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// Gives a user the photo in these bytes; without bytes, takes it away.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for bytes that are no photo.
pub async fn set_photo(
    app: &App,
    caller: &Caller,
    id: UserId,
    bytes: Option<Vec<u8>>,
) -> Result<(), Error> {
    let user = app.stores.users.get(id).await?;
    authorise::user(caller, &user, Access::MODIFY)?;
    let record = match bytes {
        None => None,
        Some(bytes) => {
            let photo = Photo::new(bytes).map_err(|error| Error::invalid("photo", error))?;
            let format = photo.format();
            let stored = app.blobs.put(photo.into_bytes()).await?;
            Some(PhotoRecord { blob: stored.hash, format })
        }
    };
    let subject = Some(id.to_string());
    let detail = match record {
        Some(_) => format!("{}, another photo", user.user_name),
        None => format!("{}, no photo", user.user_name),
    };
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::User, subject, detail);
    Ok(app.stores.users.set_photo(Change::new((id, record), line)).await?)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use pressroom_domain::PhotoFormat;

    use super::*;
    use crate::housekeeping::{Swept, sweep};
    use crate::test_site::Site;
    use crate::users::photo;

    const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

    #[tokio::test]
    async fn a_photo_is_kept_until_there_is_another() {
        let site = Site::new().await;
        let (admin, rita) = (site.administrator().await, site.reader("rita", &[]).await);
        let id = rita.user().id;
        let none = photo(&site.app, &rita, id).await.unwrap_err();
        assert_eq!(none.to_string(), format!("a photo of user {id} does not exist"));
        for (bytes, format) in [(GIF, PhotoFormat::Gif), (PNG, PhotoFormat::Png)] {
            set_photo(&site.app, &admin, id, Some(bytes.to_vec())).await.unwrap();
            let shown = photo(&site.app, &rita, id).await.unwrap();
            assert_eq!((shown.format, &*shown.bytes), (format, bytes));
        }
        site.clock.advance(TimeDelta::hours(2));
        let swept = sweep(&site.app).await.unwrap();
        assert_eq!(swept, Swept { blobs: 1, ..Swept::default() }, "the first one is not needed");
        assert_eq!(photo(&site.app, &rita, id).await.unwrap().bytes, PNG);
        set_photo(&site.app, &admin, id, None).await.unwrap();
        assert!(matches!(photo(&site.app, &rita, id).await, Err(Error::NotFound { .. })));
    }

    #[tokio::test]
    async fn other_files_are_no_photos() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = admin.user().id;
        for bytes in [&b""[..], b"<svg/>", b"GIF88a"] {
            let error = set_photo(&site.app, &admin, id, Some(bytes.to_vec())).await.unwrap_err();
            assert!(error.to_string().starts_with("photo: a photo must be a PNG"), "{error}");
        }
        let nobody = set_photo(&site.app, &admin, UserId(987), Some(GIF.to_vec())).await;
        assert!(matches!(nobody, Err(Error::NotFound { .. })));
    }

    #[tokio::test]
    async fn others_photos_are_not_shown_and_ones_own_is_set_by_administrators() {
        let site = Site::new().await;
        let (admin, rita) = (site.administrator().await, site.reader("rita", &[]).await);
        set_photo(&site.app, &admin, admin.user().id, Some(GIF.to_vec())).await.unwrap();
        let other = photo(&site.app, &rita, admin.user().id).await.unwrap_err();
        assert_eq!(other.to_string(), format!("user {} does not exist", admin.user().id));
        let own = set_photo(&site.app, &rita, rita.user().id, Some(GIF.to_vec())).await;
        assert!(matches!(own, Err(Error::Forbidden(_))));
    }
}
