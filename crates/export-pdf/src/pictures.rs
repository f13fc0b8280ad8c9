//! Pictures of a document.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageDecoder, ImageReader};
use krilla::image::{BitsPerComponent, CustomImage, Image as PdfImage, ImageColorspace};
use pressroom_page::{Image, ImageFormat, ImageId, Resources, SinkError};

use crate::{PdfOptions, ready};

/// The pictures that the document used so far, each made ready once.
pub(crate) struct Pictures {
    /// None for one that cannot be read.
    known: HashMap<ImageId, Option<PdfImage>>,
    max_pixels: u64,
    /// What may still be decoded.
    budget: u64,
    /// Words about pictures that cannot be read.
    pub(crate) warnings: Vec<String>,
}

/// Why a picture is not drawn.
enum Refused {
    /// The document must end.
    Limit(SinkError),
    /// It is damaged: a box is drawn in its place.
    Unreadable(String),
}

impl Pictures {
    pub(crate) fn new(options: &PdfOptions) -> Self {
        Self {
            known: HashMap::new(),
            max_pixels: options.max_picture_pixels,
            budget: options.max_decoded_pixels,
            warnings: Vec::new(),
        }
    }

    /// The picture of a number; none, with a warning the first time, for one that cannot be read.
    pub(crate) fn get(
        &mut self,
        id: ImageId,
        resources: &Resources,
    ) -> Result<Option<PdfImage>, SinkError> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let image = resources.image(id).ok_or_else(|| {
            SinkError::Unsupported(format!(
                "a page uses picture {}, which the document lacks",
                id.0
            ))
        })?;
        let read = match self.read(image) {
            Ok(picture) => Some(picture),
            Err(Refused::Limit(error)) => return Err(error),
            Err(Refused::Unreadable(why)) => {
                self.warnings.push(format!("a picture is damaged and was left out: {why}"));
                None
            }
        };
        self.known.insert(id, read.clone());
        Ok(read)
    }

    fn read(&mut self, image: &Image) -> Result<PdfImage, Refused> {
        self.check_size(image.width, image.height)?;
        if image.format != ImageFormat::Jpeg
            && let Some(picture) = ready::find(image)
        {
            self.spend(image.width, image.height)?;
            return Ok(picture);
        }
        let picture = self.make(image)?;
        ready::keep(image, &picture);
        Ok(picture)
    }

    fn make(&mut self, image: &Image) -> Result<PdfImage, Refused> {
        match image.format {
            ImageFormat::Jpeg => {
                let data = Arc::new(Arc::clone(&image.data)) as Arc<dyn AsRef<[u8]> + Send + Sync>;
                let picture =
                    PdfImage::from_jpeg(data.into(), false).map_err(Refused::Unreadable)?;
                let (width, height) = picture.size();
                self.check_size(width, height)?;
                Ok(picture)
            }
            ImageFormat::Png => self.decode(image, image::ImageFormat::Png),
            ImageFormat::Gif => self.decode(image, image::ImageFormat::Gif),
            ImageFormat::Rgba => {
                self.spend(image.width, image.height)?;
                let pixels =
                    image::RgbaImage::from_raw(image.width, image.height, image.data.to_vec())
                        .ok_or_else(|| {
                            Refused::Unreadable("its bytes do not fit its size".to_owned())
                        })?;
                convert(ready::hash(image), DynamicImage::ImageRgba8(pixels))
            }
        }
    }

    fn decode(&mut self, image: &Image, format: image::ImageFormat) -> Result<PdfImage, Refused> {
        let unreadable = |error: image::ImageError| Refused::Unreadable(error.to_string());
        let decoder = ImageReader::with_format(Cursor::new(&image.data), format)
            .into_decoder()
            .map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        self.check_size(width, height)?;
        self.spend(width, height)?;
        convert(ready::hash(image), DynamicImage::from_decoder(decoder).map_err(unreadable)?)
    }

    fn check_size(&self, width: u32, height: u32) -> Result<(), Refused> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels <= self.max_pixels {
            return Ok(());
        }
        Err(Refused::Limit(SinkError::Limit(format!(
            "a picture of {width} x {height} pixels is larger than the {} megapixels that are \
             printed; scale it down",
            self.max_pixels / 1_000_000
        ))))
    }

    fn spend(&mut self, width: u32, height: u32) -> Result<(), Refused> {
        let pixels = u64::from(width) * u64::from(height);
        self.budget = self.budget.checked_sub(pixels).ok_or_else(|| {
            Refused::Limit(SinkError::Limit(
                "the document's pictures have too many pixels together; scale them down, or use \
                 JPEG"
                    .to_owned(),
            ))
        })?;
        Ok(())
    }
}

/// Decoded pixels, colour and alpha apart as PDF wants them.
#[derive(Clone)]
struct Pixels {
    /// A number of the picture's bytes, by which krilla tells pictures of one document apart.
    id: u64,
    size: (u32, u32),
    color_space: ImageColorspace,
    color: Arc<[u8]>,
    alpha: Option<Arc<[u8]>>,
}

impl Hash for Pixels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl CustomImage for Pixels {
    fn color_channel(&self) -> &[u8] {
        &self.color
    }

    fn alpha_channel(&self) -> Option<&[u8]> {
        self.alpha.as_deref()
    }

    fn bits_per_component(&self) -> BitsPerComponent {
        BitsPerComponent::Eight
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn icc_profile(&self) -> Option<&[u8]> {
        None
    }

    fn color_space(&self) -> ImageColorspace {
        self.color_space
    }
}

fn convert(id: u64, image: DynamicImage) -> Result<PdfImage, Refused> {
    let size = (image.width(), image.height());
    let color = image.color();
    let grey = !color.has_color();
    let color_space = if grey { ImageColorspace::Luma } else { ImageColorspace::Rgb };
    let (color, alpha) = match (grey, color.has_alpha()) {
        (true, false) => (image.into_luma8().into_raw(), None),
        (false, false) => (image.into_rgb8().into_raw(), None),
        (true, true) => apart::<2>(&image.into_luma_alpha8().into_raw()),
        (false, true) => apart::<4>(&image.into_rgba8().into_raw()),
    };
    let pixels =
        Pixels { id, size, color_space, color: color.into(), alpha: alpha.map(Into::into) };
    PdfImage::from_custom(pixels, false).map_err(Refused::Unreadable)
}

/// Colour and alpha of pixels of `N` bytes, alpha last; no alpha where all is opaque.
fn apart<const N: usize>(pixels: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut color = Vec::with_capacity(pixels.len() / N * (N - 1));
    let mut alpha = Vec::with_capacity(pixels.len() / N);
    for pixel in pixels.chunks_exact(N) {
        color.extend_from_slice(&pixel[..N - 1]);
        alpha.push(pixel[N - 1]);
    }
    let opaque = alpha.iter().all(|&alpha| alpha == 255);
    (color, (!opaque).then_some(alpha))
}
