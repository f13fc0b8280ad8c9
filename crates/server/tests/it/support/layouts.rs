//! Layouts of a few lines.

use std::path::{Path, PathBuf};

/// A layout with attributes of the report, and elements inside.
pub(crate) fn layout(attributes: &str, inside: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer SerializerVersion="23.2" ControlType="X.XtraReport, X" {attributes}>
{inside}
</XtraReportsLayoutSerializer>"#
    )
}

/// A layout whose detail band holds controls.
pub(crate) fn detail(controls: &str) -> String {
    layout(
        "",
        &format!(
            r#"<Bands><Item1 ControlType="DetailBand" Name="Detail" HeightF="100">
                 <Controls>{controls}</Controls>
               </Item1></Bands>"#
        ),
    )
}

/// A label with a text.
pub(crate) fn label(text: &str) -> String {
    format!(r#"<Item1 ControlType="XRLabel" Name="label" Text="{text}" SizeF="400,25"/>"#)
}

/// Keeps a layout in a file.
pub(crate) fn saved(folder: &Path, name: &str, layout: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, layout).expect("the layout is written");
    path
}
