//! What layouts mean once they are read.

mod bands;
mod controls;
mod hostile;
mod looks;
mod mistakes;
mod reports;
mod sources;

use pressroom_report::{Band, Control, ControlKind, Definition, TextProps};

/// A report around what is given: `attributes` of the outermost element and its `children`.
pub(crate) fn report(attributes: &str, children: &str) -> Definition {
    let layout = layout(attributes, children);
    Definition::from_repx(layout.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{layout}"))
}

/// The text of such a report.
pub(crate) fn layout(attributes: &str, children: &str) -> String {
    format!(
        r##"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer SerializerVersion="23.1" Ref="1" ControlType="X.XtraReport, X" {attributes}>
{children}
</XtraReportsLayoutSerializer>"##
    )
}

/// A report of these bands.
pub(crate) fn bands(bands: &str) -> Definition {
    report("", &format!("<Bands>{bands}</Bands>"))
}

/// The detail band of a report with these controls in it.
pub(crate) fn detail(controls: &str) -> Band {
    bands(&format!(r#"<Item1 ControlType="DetailBand"><Controls>{controls}</Controls></Item1>"#))
        .level
        .detail
        .expect("a detail band")
}

/// The one control of such a detail band.
pub(crate) fn control(control: &str) -> Control {
    detail(control).controls.into_iter().next().expect("a control")
}

/// A label with these attributes and children.
pub(crate) fn label(attributes: &str, children: &str) -> (Control, TextProps) {
    let control =
        control(&format!(r#"<Item1 ControlType="XRLabel" {attributes}>{children}</Item1>"#));
    let ControlKind::Label(text) = control.kind.clone() else { panic!("not a label") };
    (control, text)
}
