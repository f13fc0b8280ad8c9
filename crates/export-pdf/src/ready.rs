//! Pictures that were made ready lately, for the documents that follow: a letterhead's logo is decoded
//! and compressed once, not with every invoice.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use krilla::image::Image as PdfImage;
use pressroom_page::{Image, ImageFormat};

/// Pixels of all pictures that are kept together: about 16 MB before compression.
const MOST_PIXELS: u64 = 4_000_000;
/// Pictures that are kept.
const MOST: usize = 64;

static READY: LazyLock<Mutex<Ready>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Ready {
    /// The one used last is last.
    pictures: VecDeque<Kept>,
    pixels: u64,
}

struct Kept {
    hash: u64,
    data: Arc<[u8]>,
    size: (u32, u32),
    picture: PdfImage,
}

/// A number by which the bytes of a picture are found again.
pub(crate) fn hash(image: &Image) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&*image.data, image.width, image.height).hash(&mut hasher);
    hasher.finish()
}

/// The picture as it was made ready for an earlier document.
pub(crate) fn find(image: &Image) -> Option<PdfImage> {
    let hash = hash(image);
    let mut ready = READY.lock().unwrap_or_else(PoisonError::into_inner);
    let place = ready.pictures.iter().position(|kept| {
        kept.hash == hash && kept.size == (image.width, image.height) && kept.data == image.data
    })?;
    let kept = ready.pictures.remove(place)?;
    let picture = kept.picture.clone();
    ready.pictures.push_back(kept);
    Some(picture)
}

/// Keeps a picture for later documents, if it is one that is decoded and not too large.
pub(crate) fn keep(image: &Image, picture: &PdfImage) {
    let pixels = pixels(image.width, image.height);
    if image.format == ImageFormat::Jpeg || pixels > MOST_PIXELS / 4 {
        return;
    }
    let kept = Kept {
        hash: hash(image),
        data: Arc::clone(&image.data),
        size: (image.width, image.height),
        picture: picture.clone(),
    };
    let mut ready = READY.lock().unwrap_or_else(PoisonError::into_inner);
    ready.pixels += pixels;
    ready.pictures.push_back(kept);
    while ready.pixels > MOST_PIXELS || ready.pictures.len() > MOST {
        let Some(oldest) = ready.pictures.pop_front() else { break };
        ready.pixels -= self::pixels(oldest.size.0, oldest.size.1);
    }
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}
