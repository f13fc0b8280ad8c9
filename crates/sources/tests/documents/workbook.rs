//! Workbooks of a few lines.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell with a text.
pub(crate) fn text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is>")
}

/// A cell with a number.
pub(crate) fn number(number: impl std::fmt::Display) -> String {
    format!("><v>{number}</v>")
}

/// A cell that shows a number as a date.
pub(crate) fn date(days: f64) -> String {
    format!("s=\"1\"><v>{days}</v>")
}

/// A cell with a truth.
pub(crate) fn truth(truth: bool) -> String {
    format!("t=\"b\"><v>{}</v>", u8::from(truth))
}

/// A workbook of sheets, which are rows of cells; an empty text is an empty cell.
pub(crate) fn of(sheets: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    with_names(sheets, "")
}

/// The same with a piece of XML about its names.
pub(crate) fn with_names(sheets: &[(&str, Vec<Vec<String>>)], names: &str) -> Vec<u8> {
    let mut parts = vec![(
        "xl/styles.xml".to_owned(),
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            .to_owned(),
    )];
    let (mut book, mut relations, mut types) = (String::new(), String::new(), String::new());
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let number = index + 1;
        book += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        relations += &format!(
            "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        types += &format!(
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet(rows)));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!(
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{book}</sheets>{names}</workbook>"
        ),
    ));
    relations += "<Relationship Id=\"rIdS\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>";
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"
        ),
    ));
    parts.push((
        "_rels/.rels".into(),
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            .into(),
    ));
    parts.push((
        "[Content_Types].xml".into(),
        format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}</Types>"
        ),
    ));
    zipped(&parts)
}

/// A zip archive of parts.
pub(crate) fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn sheet(rows: &[Vec<String>]) -> String {
    let mut data = String::new();
    for (row, cells) in rows.iter().enumerate() {
        data += &format!("<row r=\"{}\">", row + 1);
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let letter = char::from(b'A' + u8::try_from(column).unwrap());
            data += &format!("<c r=\"{letter}{}\" {cell}</c>", row + 1);
        }
        data += "</row>";
    }
    format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{data}</sheetData></worksheet>"
    )
}

/// A workbook of one sheet as its XML.
pub(crate) fn with_sheet(name: &str, sheet: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(of(&[(name, Vec::new())]))).unwrap();
    let parts: Vec<(String, String)> = (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut content = String::new();
            std::io::Read::read_to_string(&mut part, &mut content).unwrap();
            let name = part.name().unwrap().into_owned();
            let is_sheet = name == "xl/worksheets/sheet1.xml";
            (name, if is_sheet { sheet.to_owned() } else { content })
        })
        .collect();
    zipped(&parts)
}

/// The first part of an archive, several times over as it is packed.
pub(crate) fn again_and_again(archive: &[u8], times: usize) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..times {
        let part = archive.by_index(0).unwrap();
        writer.raw_copy_file_rename(part, format!("part{number}")).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
