//! Bands.

use pressroom_report::{self as report, ComputedStyle};

use super::{Builder, Place, Zone};
use crate::plan::BandPlan;

impl Builder<'_> {
    pub(super) fn band(
        &mut self,
        band: &report::Band,
        container: &ComputedStyle,
        zone: Zone,
    ) -> BandPlan {
        let asked_before = std::mem::take(&mut self.page_asked);
        let name = format!("band \"{}\"", band.name);
        let place = Place::new(zone, &name);
        let looks = self.looks(&band.look, &band.bindings, container, place);
        let own = looks.base.style.clone();
        // What stands in a band inherits its text and borders; its background shows through.
        let inherited = ComputedStyle { back_color: report::Color::TRANSPARENT, ..own };
        let controls = self.controls(&band.controls, &inherited, zone);
        let sub_bands =
            band.sub_bands.iter().map(|sub_band| self.band(sub_band, container, zone)).collect();
        let visibility = self.visibility(band.visible, &band.bindings, place);
        let asks_page = self.page_asked;
        self.page_asked |= asked_before;
        BandPlan {
            name: std::sync::Arc::clone(&band.name),
            height: self.length(band.height),
            visibility,
            page_break: band.page_break,
            keep_together: band.keep_together,
            asks_page,
            looks,
            controls,
            sub_bands,
        }
    }
}
