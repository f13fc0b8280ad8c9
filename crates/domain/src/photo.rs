//! Pictures of people.

use crate::BlobHash;

/// The most bytes of a photo: 1 MiB.
const LARGEST_BYTES: usize = 1 << 20;

/// What a photo is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhotoFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// WebP.
    WebP,
}

impl PhotoFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Gif, Self::WebP];

    /// The media type, by which a store remembers it too.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// The format of a media type.
    #[must_use]
    pub fn find(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.media_type() == media_type)
    }

    /// The format of a file, by the bytes that it starts with. What a sender says about a file is
    /// not believed: a page that calls itself a picture is still a page.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let starts = |signature: &[u8]| bytes.starts_with(signature);
        match bytes {
            _ if starts(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            _ if starts(b"\xff\xd8\xff") => Some(Self::Jpeg),
            _ if starts(b"GIF87a") || starts(b"GIF89a") => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }
}

/// A picture of somebody, as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    format: PhotoFormat,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photo({}, {} bytes)", self.format.media_type(), self.bytes.len())
    }
}

/// Bytes that are not taken for a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPhoto {
    /// Not of a format that is known.
    #[error("a photo must be a PNG, JPEG, GIF or WebP file; send the file itself as the body")]
    Format,
    /// More than is kept.
    #[error("a photo has at most 1 MiB; this one has {0} bytes: make it smaller")]
    TooLarge(usize),
}

impl Photo {
    /// The most bytes: 1 MiB.
    pub const LARGEST_BYTES: usize = LARGEST_BYTES;

    /// The photo of a file's bytes.
    ///
    /// # Errors
    /// [`InvalidPhoto`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, InvalidPhoto> {
        if bytes.len() > Self::LARGEST_BYTES {
            return Err(InvalidPhoto::TooLarge(bytes.len()));
        }
        let format = PhotoFormat::of_bytes(&bytes).ok_or(InvalidPhoto::Format)?;
        Ok(Self { format, bytes })
    }

    /// What it is made of.
    #[must_use]
    pub const fn format(&self) -> PhotoFormat {
        self.format
    }

    /// The file.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// What a store keeps of a photo: where its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoRecord {
    /// The name of the bytes.
    pub blob: BlobHash,
    /// What they are.
    pub format: PhotoFormat,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_first_bytes() {
        for (bytes, expect) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], Some(PhotoFormat::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(PhotoFormat::Jpeg)),
            (b"GIF89a\x01\0\x01\0", Some(PhotoFormat::Gif)),
            (b"GIF87a\x01\0\x01\0", Some(PhotoFormat::Gif)),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(PhotoFormat::WebP)),
            (b"RIFF\x24\0\0\0WAVEfmt ", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"<html>\x89PNG\r\n\x1a\n", None),
            (b"GIF", None),
            (b"", None),
        ] {
            assert_eq!(PhotoFormat::of_bytes(bytes), expect, "{bytes:?}");
        }
    }

    #[test]
    fn formats_are_found_by_media_type() {
        for format in PhotoFormat::ALL {
            assert_eq!(PhotoFormat::find(format.media_type()), Some(format));
        }
        assert_eq!(PhotoFormat::find("image/svg+xml"), None);
    }

    #[test]
    fn a_photo_has_at_most_1_mib() {
        let gif = |size: usize| {
            let mut bytes = b"GIF89a".to_vec();
            bytes.resize(size, 0);
            bytes
        };
        let photo = Photo::new(gif(1 << 20)).unwrap();
        assert_eq!((photo.format(), photo.into_bytes().len()), (PhotoFormat::Gif, 1 << 20));
        assert_eq!(Photo::new(gif((1 << 20) + 1)), Err(InvalidPhoto::TooLarge((1 << 20) + 1)));
        assert_eq!(Photo::new(b"a letter".to_vec()), Err(InvalidPhoto::Format));
    }
}
