//! What the page numbers of a report need: the number of the last page, or bands with which they
//! start again.

use std::sync::Arc;

use pressroom_report::{
    Band, Control, ControlKind, Definition, Level, PageInfo, PageInfoKind, SubreportSource,
};

/// Whether any page shows the number of the last one, so that pages must wait for it.
pub(crate) fn shows_total(definition: &Definition) -> bool {
    let mut total = false;
    walk(&definition.level, &mut |what| {
        total |= match what {
            Found::PageInfo(info) => {
                matches!(info.kind, PageInfoKind::NumberOfTotal | PageInfoKind::Total)
            }
            Found::Subreport(SubreportSource::Embedded(inner)) => shows_total(inner),
            // It is read only when it is printed.
            Found::Subreport(SubreportSource::Url(_)) => true,
            Found::Subreport(SubreportSource::None) => false,
        }
    });
    total
}

/// The names of the bands with which page numbers start again.
pub(crate) fn running_bands(definition: &Definition) -> Vec<Arc<str>> {
    let mut bands = Vec::new();
    walk(&definition.level, &mut |what| {
        if let Found::PageInfo(PageInfo { running_band: Some(band), .. }) = what {
            bands.push(Arc::clone(band));
        }
    });
    bands
}

enum Found<'d> {
    PageInfo(&'d PageInfo),
    Subreport(&'d SubreportSource),
}

fn walk(of: &Level, found: &mut dyn FnMut(Found<'_>)) {
    for one in of.bands() {
        band(one, found);
    }
    for detail in &of.details {
        walk(&detail.level, found);
    }
}

fn band(of: &Band, found: &mut dyn FnMut(Found<'_>)) {
    for one in &of.controls {
        control(one, found);
    }
    for sub_band in &of.sub_bands {
        band(sub_band, found);
    }
}

fn control(of: &Control, found: &mut dyn FnMut(Found<'_>)) {
    match &of.kind {
        ControlKind::PageInfo(info) => found(Found::PageInfo(info)),
        ControlKind::Panel { controls } => {
            for one in controls {
                control(one, found);
            }
        }
        ControlKind::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            for one in cells.flat_map(|cell| &cell.controls) {
                control(one, found);
            }
        }
        ControlKind::Subreport(subreport) => found(Found::Subreport(&subreport.report)),
        _ => {}
    }
}
