//! Looking at the photo of a user.

use pressroom_domain::{Access, BlobHash, Photo, PhotoFormat, UserId};

use crate::{App, Caller, Error, authorise};

/// A photo to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPhoto {
    /// What it is.
    pub format: PhotoFormat,
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the bytes: another photo has another one.
    pub hash: BlobHash,
}

/// The photo of a user: of any for administrators, their own for everybody.
///
/// # Errors
/// [`Error::NotFound`], also where there is no photo.
pub async fn photo(app: &App, caller: &Caller, id: UserId) -> Result<UserPhoto, Error> {
    let user = app.stores.users.get(id).await?;
    authorise::user(caller, &user, Access::READ)?;
    let record = app.stores.users.photo(id).await?;
    let record = record.ok_or_else(|| Error::not_found("a photo of user", id))?;
    let bytes = app.blobs.get(&record.blob, Photo::LARGEST_BYTES as u64).await?;
    Ok(UserPhoto { format: record.format, bytes, hash: record.blob })
}
