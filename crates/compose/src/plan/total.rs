//! Whether a page of a report shows the number of the last page, so that pages must wait for it.

use pressroom_report::{
    Band, Control, ControlKind, Definition, Level, PageInfoKind, SubreportSource,
};

/// Whether any page shows the number of the last one.
pub(crate) fn shows_total(definition: &Definition) -> bool {
    level(&definition.level)
}

fn level(of: &Level) -> bool {
    of.bands().any(band) || of.details.iter().any(|detail| level(&detail.level))
}

fn band(of: &Band) -> bool {
    of.controls.iter().any(control) || of.sub_bands.iter().any(band)
}

fn control(of: &Control) -> bool {
    match &of.kind {
        ControlKind::PageInfo(info) => {
            matches!(info.kind, PageInfoKind::NumberOfTotal | PageInfoKind::Total)
        }
        ControlKind::Panel { controls } => controls.iter().any(control),
        ControlKind::Table(table) => table
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|cell| cell.controls.iter().any(control)),
        ControlKind::Subreport(subreport) => match &subreport.report {
            SubreportSource::Embedded(definition) => shows_total(definition),
            // It is read only when it is printed.
            SubreportSource::Url(_) => true,
            SubreportSource::None => false,
        },
        _ => false,
    }
}
