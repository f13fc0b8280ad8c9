//! What pages refer to by number: font faces and pictures.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A face's number in the [`Resources`] of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FaceId(pub u32);

/// A picture's number in the [`Resources`] of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageId(pub u32);

/// The bytes of a font file: part of the binary, or read from a disk.
#[derive(Clone)]
pub struct FontBytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl FontBytes {
    /// Shares bytes that something owns.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    /// Whether both are the same bytes in memory; equal bytes at two places are not.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl AsRef<[u8]> for FontBytes {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl std::fmt::Debug for FontBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FontBytes({} bytes)", self.as_ref().len())
    }
}

/// A font face: the bytes of its file and which face of the file.
#[derive(Clone, Debug)]
pub struct Face {
    /// The font file.
    pub data: FontBytes,
    /// The face's number in a collection; 0 else.
    pub index: u32,
    /// The family's name, for formats that name fonts.
    pub family: Arc<str>,
    /// Whether it is a bold face.
    pub bold: bool,
    /// Whether it is an italic face.
    pub italic: bool,
}

/// The encoding of a picture's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// Rows of 8-bit red, green, blue, alpha from the top, without padding.
    Rgba,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Image {
    /// The bytes.
    pub data: Arc<[u8]>,
    /// Their encoding.
    pub format: ImageFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// The faces and pictures of a document. It only grows.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    faces: Vec<Face>,
    images: Vec<Image>,
}

impl Resources {
    /// Takes a face in.
    pub fn add_face(&mut self, face: Face) -> FaceId {
        self.faces.push(face);
        FaceId(index(self.faces.len()))
    }

    /// Takes a picture in.
    pub fn add_image(&mut self, image: Image) -> ImageId {
        self.images.push(image);
        ImageId(index(self.images.len()))
    }

    /// Takes in what `other` has beyond what is here. Both begin alike: this is a copy of `other` as
    /// it was before.
    pub fn extend_from(&mut self, other: &Self) {
        self.faces.extend_from_slice(other.faces.get(self.faces.len()..).unwrap_or_default());
        self.images.extend_from_slice(other.images.get(self.images.len()..).unwrap_or_default());
    }

    /// All faces, in the order of their numbers.
    #[must_use]
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// All pictures, in the order of their numbers.
    #[must_use]
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// A face by its number.
    #[must_use]
    pub fn face(&self, id: FaceId) -> Option<&Face> {
        self.faces.get(id.0 as usize)
    }

    /// A picture by its number.
    #[must_use]
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.images.get(id.0 as usize)
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len - 1).unwrap_or(u32::MAX)
}
