//! What is drawn, and what only leaves a labelled box or nothing: the one list to which the layout
//! engine and checks of layouts refer.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::{
    Band, Control, ControlKind, Definition, DetailReport, Figure, Image, Level, Subreport,
    SubreportSource, SummaryFunction, TextProps, Unsupported,
};

/// Whether a kind of control is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support<'a> {
    /// It is.
    Drawn,
    /// A box with these words stands in its place.
    Placeholder(Cow<'a, str>),
}

/// The symbologies of bar codes that are drawn, by the names that layouts give them.
pub const DRAWN_SYMBOLOGIES: [&str; 15] = [
    "Codabar",
    "Code128",
    "Code39",
    "Code39Extended",
    "Code93",
    "Code93Extended",
    "EAN128",
    "EAN13",
    "EAN8",
    "ITF14",
    "Interleaved2of5",
    "QRCode",
    "UPCA",
    "UPCE0",
    "UPCE1",
];

/// Whether a kind of control is drawn, or else what its box says.
#[must_use]
pub fn support(kind: &ControlKind) -> Support<'_> {
    let words: Cow<'_, str> = match kind {
        ControlKind::Label(_)
        | ControlKind::Table(_)
        | ControlKind::PageInfo(_)
        | ControlKind::Picture(_)
        | ControlKind::Line(_)
        | ControlKind::Shape(_)
        | ControlKind::Panel { .. }
        | ControlKind::Subreport(_)
        | ControlKind::CheckBox(_)
        | ControlKind::PageBreak => return Support::Drawn,
        ControlKind::BarCode(code) if DRAWN_SYMBOLOGIES.contains(&&*code.symbology) => {
            return Support::Drawn;
        }
        ControlKind::BarCode(code) => format!("bar code {}", code.symbology).into(),
        ControlKind::RichText(_) => "rich text".into(),
        ControlKind::Chart(_) => "chart".into(),
        ControlKind::CharacterComb(_) => "character comb".into(),
        ControlKind::TableOfContents(_) => "table of contents".into(),
        ControlKind::Unsupported { type_name, .. } => type_name.as_str().into(),
    };
    Support::Placeholder(words)
}

/// Something besides controls that a layout may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Records that run from left to right.
    VerticalBands,
    /// Lines and boxes over several bands.
    CrossBandControls,
    /// Something behind or over every page.
    Watermark,
    /// Rows as a tree by a key and a parent's key.
    Tree,
    /// Rows as a tree by a relation from a row to its children.
    TreeByRelation,
    /// The small markup in texts.
    Markup,
    /// Texts that change their size to fit.
    TextFit,
    /// A summary that a program makes.
    CustomSummary,
    /// A sub-report on pages of its own.
    OwnPages,
    /// A picture in a format of Windows' drawing commands.
    WindowsMetafile,
    /// A picture at an address.
    PictureAddress,
}

impl Feature {
    /// Whether it is drawn.
    #[must_use]
    pub const fn is_drawn(self) -> bool {
        matches!(
            self,
            Self::Tree
                | Self::CrossBandControls
                | Self::TextFit
                | Self::Watermark
                | Self::Markup
                | Self::VerticalBands
        )
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::VerticalBands => "vertical bands",
            Self::CrossBandControls => "cross-band lines and boxes",
            Self::Watermark => "watermark",
            Self::Tree => "rows as a tree",
            Self::TreeByRelation => "rows as a tree by a relation",
            Self::Markup => "markup in texts",
            Self::TextFit => "text size that fits the box",
            Self::CustomSummary => "summary made by a program",
            Self::OwnPages => "sub-report on pages of its own",
            Self::WindowsMetafile => "WMF picture",
            Self::PictureAddress => "picture at an address",
        }
    }
}

impl Definition {
    /// Everything in the layout that is not printed, with how often it occurs, sorted; sub-reports
    /// included.
    ///
    /// ```
    /// use pressroom_report::Definition;
    ///
    /// let layout = r#"
    ///     <XtraReportsLayoutSerializer>
    ///       <Bands>
    ///         <Item1 ControlType="DetailBand">
    ///           <Controls><Item1 ControlType="XRGauge"/><Item2 ControlType="XRGauge"/></Controls>
    ///         </Item1>
    ///       </Bands>
    ///     </XtraReportsLayoutSerializer>"#;
    /// let unsupported = Definition::from_repx(layout.as_bytes())?.unsupported();
    /// assert_eq!((unsupported[0].what.as_str(), unsupported[0].count), ("XRGauge", 2));
    /// # Ok::<(), pressroom_report::LayoutError>(())
    /// ```
    #[must_use]
    pub fn unsupported(&self) -> Vec<Unsupported> {
        let mut found = Found::default();
        found.definition(self);
        found.0.into_iter().map(|(what, count)| Unsupported { what, count }).collect()
    }
}

#[derive(Default)]
struct Found(BTreeMap<String, usize>);

impl Found {
    fn add(&mut self, what: impl Into<String>, count: usize) {
        *self.0.entry(what.into()).or_default() += count;
    }

    fn feature(&mut self, feature: Feature) {
        if !feature.is_drawn() {
            self.add(feature.words(), 1);
        }
    }

    fn definition(&mut self, definition: &Definition) {
        for left_out in &definition.left_out {
            self.add(&*left_out.what, left_out.count);
        }
        if let Some(watermark) = &definition.watermark {
            self.feature(Feature::Watermark);
            self.image(&watermark.image);
        }
        for control in &definition.cross_band {
            if control.visible {
                self.feature(Feature::CrossBandControls);
            }
        }
        self.level(&definition.level);
    }

    fn level(&mut self, level: &Level) {
        if level.vertical.is_some() {
            self.feature(Feature::VerticalBands);
        }
        if let Some(crate::BandKind::Detail(detail)) = level.detail.as_ref().map(|band| &band.kind)
            && let Some(hierarchy) = &detail.hierarchy
        {
            let by_relation = hierarchy.child_list_field.is_some();
            self.feature(if by_relation { Feature::TreeByRelation } else { Feature::Tree });
        }
        for band in level.bands() {
            self.band(band);
        }
        for DetailReport { level, .. } in &level.details {
            self.level(level);
        }
    }

    fn band(&mut self, band: &Band) {
        self.controls(&band.controls);
        for sub_band in &band.sub_bands {
            self.band(sub_band);
        }
    }

    fn controls(&mut self, controls: &[Control]) {
        for control in controls {
            self.control(control);
        }
    }

    fn control(&mut self, control: &Control) {
        if let Support::Placeholder(words) = support(&control.kind) {
            self.add(words, 1);
        }
        match &control.kind {
            ControlKind::Label(text) => self.text(text),
            ControlKind::CheckBox(check_box) => self.text(&check_box.text),
            ControlKind::Panel { controls } => self.controls(controls),
            ControlKind::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    self.control(&cell.label);
                    self.controls(&cell.controls);
                }
            }
            ControlKind::Picture(picture) => self.image(&picture.image),
            ControlKind::Shape(shape) => {
                if let Figure::Other(name) = &shape.figure {
                    self.add(format!("shape {name}"), 1);
                }
            }
            ControlKind::Subreport(Subreport { report, own_pages, .. }) => {
                if *own_pages {
                    self.feature(Feature::OwnPages);
                }
                if let SubreportSource::Embedded(definition) = report {
                    self.definition(definition);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &TextProps) {
        if text.markup {
            self.feature(Feature::Markup);
        }
        if text.fit != crate::TextFit::None {
            self.feature(Feature::TextFit);
        }
        let custom = |summary: &crate::Summary| summary.function == SummaryFunction::Custom;
        if text.summary.as_ref().is_some_and(custom) {
            self.feature(Feature::CustomSummary);
        }
    }

    fn image(&mut self, image: &Image) {
        match image {
            Image::Bytes(bytes) if is_metafile(bytes) => self.feature(Feature::WindowsMetafile),
            Image::Url(_) => self.feature(Feature::PictureAddress),
            _ => {}
        }
    }
}

/// Whether bytes are drawing commands of old Windows instead of a picture: WMF. The newer EMF is drawn.
#[must_use]
pub fn is_metafile(bytes: &[u8]) -> bool {
    let placeable = bytes.starts_with(&[0xD7, 0xCD, 0xC6, 0x9A]);
    placeable || bytes.starts_with(&[1, 0, 9, 0]) || bytes.starts_with(&[2, 0, 9, 0])
}
