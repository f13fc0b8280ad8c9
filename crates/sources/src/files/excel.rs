//! Workbooks: Excel's, old and new, and those of OpenDocument.
//!
//! Each sheet becomes a table, and so does each range or table in it that has a name. Rows without
//! values are left out.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Range, Reader, Sheets, open_workbook_auto_from_rs};
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::cell::{Cell, of_serial};
use super::document::Format;
use super::error::DocumentError;
use super::origin::Options;
use super::tables::{TableId, Tables};

const FORMAT: &str = "a workbook";
/// The most bytes that a workbook may unpack to, and the most parts of it.
const MOST_UNPACKED: u64 = 512 << 20;
const MOST_PARTS: usize = 10_000;
/// The most cells, empty ones too, of a sheet that is held as a whole.
const MOST_CELLS: u64 = 20_000_000;
/// What the newer kinds of workbooks begin with: they are zip archives.
const IS_ZIP: &[u8] = b"PK\x03\x04";

/// A workbook.
pub(crate) struct Excel {
    sheets: Sheets<Cursor<Arc<[u8]>>>,
    has_header: bool,
}

/// A part of a sheet that becomes a table, with its first and last row and column.
#[derive(Clone, Debug)]
struct Area {
    name: String,
    rows: (u32, u32),
    columns: (u32, u32),
}

impl Area {
    fn whole(name: &str) -> Self {
        Self { name: name.to_owned(), rows: (0, u32::MAX), columns: (0, u32::MAX) }
    }
}

impl Excel {
    pub(crate) fn new(bytes: Vec<u8>, options: &Options) -> Result<Self, DocumentError> {
        let bytes: Arc<[u8]> = bytes.into();
        if bytes.starts_with(IS_ZIP) {
            check_parts(&bytes)?;
        }
        let sheets = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
            let words = "it is no workbook (xlsx, xlsm, xlsb, xls or ods), or a damaged one";
            let protected = error.to_string().to_lowercase().contains("password");
            DocumentError::wrong(FORMAT, if protected { "it is kept by a password" } else { words })
        })?;
        Ok(Self { sheets, has_header: options.has_header()? })
    }
}

/// Refuses what would unpack to more than is borne, before anything holds it.
fn check_parts(bytes: &[u8]) -> Result<(), DocumentError> {
    let damaged = || DocumentError::wrong(FORMAT, "it is damaged");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(DocumentError::TooMany { what: "parts", most: MOST_PARTS as u64 });
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else { return Err(damaged()) };
        let is_content = part.name().is_ok_and(|name| name == "content.xml");
        // What a part says about its own length counts for nothing.
        let mut part = part.take(left + 1);
        let unpacked = if is_content {
            let mut content = Vec::new();
            let read = part.read_to_end(&mut content).map_err(|_| damaged())?;
            check_repeats(&content)?;
            read as u64
        } else {
            io::copy(&mut part, &mut io::sink()).map_err(|_| damaged())?
        };
        left = left
            .checked_sub(unpacked)
            .ok_or(DocumentError::TooLong { most: MOST_UNPACKED >> 20 })?;
    }
    Ok(())
}

/// OpenDocument writes many alike cells as one with a number: refuses those that would be too many.
fn check_repeats(content: &[u8]) -> Result<(), DocumentError> {
    let too_many = || DocumentError::TooMany { what: "cells in a sheet", most: MOST_CELLS };
    let Ok(content) = std::str::from_utf8(content) else { return Ok(()) };
    let mut reader = quick_xml::Reader::from_str(content);
    // Cells with something in them, of this row and of all.
    let (mut row, mut repeated, mut all) = (0_u64, 1_u64, 0_u64);
    loop {
        // Whatever is wrong here is told by whoever reads it in earnest.
        let Ok(event) = reader.read_event() else { return Ok(()) };
        let number = |start: &BytesStart<'_>, name: &str| {
            let found = start.attributes().flatten().find(|one| one.key.0 == name)?;
            found.value.trim().parse::<u64>().ok()
        };
        match event {
            Event::Start(start) | Event::Empty(start) if start.name().0 == "table:table-row" => {
                all = all.saturating_add(row.saturating_mul(repeated));
                row = 0;
                repeated = number(&start, "table:number-rows-repeated").unwrap_or(1);
            }
            Event::Start(start) if start.name().0 == "table:table-cell" => {
                let times = number(&start, "table:number-columns-repeated").unwrap_or(1);
                row = row.saturating_add(times);
            }
            Event::Empty(start) if start.name().0 == "table:table-cell" => {
                let times = number(&start, "table:number-columns-repeated").unwrap_or(1);
                let holds = number(&start, "office:value").is_some()
                    || start.attributes().flatten().any(|one| one.key.0.starts_with("office:"));
                row = row.saturating_add(if holds { times } else { 0 });
            }
            Event::Eof => {
                all = all.saturating_add(row.saturating_mul(repeated));
                return if all > MOST_CELLS { Err(too_many()) } else { Ok(()) };
            }
            _ => {}
        }
        if all.saturating_add(row.saturating_mul(repeated)) > MOST_CELLS {
            return Err(too_many());
        }
    }
}

impl Format for Excel {
    fn read(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        let names: Vec<(String, String)> = self.sheets.defined_names().to_vec();
        for sheet in self.sheets.sheet_names() {
            let mut areas = vec![Area::whole(&sheet)];
            areas.extend(names.iter().filter_map(|(name, formula)| named(name, formula, &sheet)));
            areas.extend(self.tables_of(&sheet));
            let mut lines = Lines::new(areas, self.has_header);
            let failed = |error: &dyn std::fmt::Display| {
                DocumentError::wrong(FORMAT, format_args!("the sheet \"{sheet}\": {error}"))
            };
            match &mut self.sheets {
                Sheets::Xlsx(book) => {
                    let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
                    while let Some(cell) = cells.next_cell().map_err(|error| failed(&error))? {
                        lines.take(tables, cell.get_position(), of_ref(cell.get_value()))?;
                    }
                }
                Sheets::Xlsb(book) => {
                    let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
                    while let Some(cell) = cells.next_cell().map_err(|error| failed(&error))? {
                        lines.take(tables, cell.get_position(), of_ref(cell.get_value()))?;
                    }
                }
                Sheets::Xls(book) => {
                    whole(
                        &book.worksheet_range(&sheet).map_err(|error| failed(&error))?,
                        |at, cell| lines.take(tables, at, cell),
                    )?;
                }
                Sheets::Ods(book) => {
                    whole(
                        &book.worksheet_range(&sheet).map_err(|error| failed(&error))?,
                        |at, cell| lines.take(tables, at, cell),
                    )?;
                }
            }
            lines.end(tables)?;
        }
        Ok(())
    }
}

impl Excel {
    /// The tables with names of their own in a sheet.
    fn tables_of(&mut self, sheet: &str) -> Vec<Area> {
        let Sheets::Xlsx(book) = &mut self.sheets else { return Vec::new() };
        // Tables are told with their cells: only where these are few enough to be held.
        let few = book
            .worksheet_cells_reader(sheet)
            .is_ok_and(|cells| cells.dimensions().len() <= MOST_CELLS / 10);
        if !few || book.load_tables().is_err() {
            return Vec::new();
        }
        let names: Vec<String> = book.table_names_in_sheet(sheet).into_iter().cloned().collect();
        let area = |name: String| {
            let table = book.table_by_name(&name).ok()?;
            let (first, last) = (table.data().start()?, table.data().end()?);
            // The names of its columns stand above its rows.
            let rows = (first.0.checked_sub(1)?, last.0);
            Some(Area { name, rows, columns: (first.1, last.1) })
        };
        names.into_iter().filter_map(area).collect()
    }
}

fn whole(
    range: &Range<Data>,
    mut take: impl FnMut((u32, u32), Option<Cell>) -> Result<(), DocumentError>,
) -> Result<(), DocumentError> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let at = (first_row + row as u32, first_column + column as u32);
        take(at, of(value))?;
    }
    Ok(())
}

/// The area of `'Sheet 1'!$A$1:$C$10`, if that is in a sheet.
fn named(name: &str, formula: &str, sheet: &str) -> Option<Area> {
    // Names of the program's own, such as the area to print.
    if name.starts_with("_xlnm") {
        return None;
    }
    let (of_sheet, range) = formula.trim_start_matches('=').rsplit_once('!')?;
    let of_sheet = of_sheet.trim_matches('\'').replace("''", "'");
    let corner = |text: &str| {
        let text = text.replace('$', "");
        let letters = text.find(|c: char| c.is_ascii_digit())?;
        let (column, row) = text.split_at(letters);
        let column = column.bytes().try_fold(0_u32, |number, letter| {
            let letter = letter.to_ascii_uppercase();
            let value = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
            number.checked_mul(26)?.checked_add(value)
        })?;
        Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
    };
    let (first, last) = range.split_once(':')?;
    let (first, last) = (corner(first)?, corner(last)?);
    let area = Area { name: name.to_owned(), rows: (first.0, last.0), columns: (first.1, last.1) };
    (of_sheet == sheet && first.0 <= last.0 && first.1 <= last.1).then_some(area)
}

/// Gathers cells to lines, and gives them to the areas that they are in.
struct Lines {
    areas: Vec<Taking>,
    row: Option<u32>,
    line: Vec<(u32, Cell)>,
}

/// An area, and where its values go.
struct Taking {
    area: Area,
    has_header: bool,
    table: Option<TableId>,
    /// The first column with a name, and the place in the table of each one from there.
    columns: Vec<(u32, usize)>,
}

impl Lines {
    fn new(areas: Vec<Area>, has_header: bool) -> Self {
        let taking = |area| Taking { area, has_header, table: None, columns: Vec::new() };
        Self { areas: areas.into_iter().map(taking).collect(), row: None, line: Vec::new() }
    }

    fn take(
        &mut self,
        tables: &mut Tables<'_>,
        (row, column): (u32, u32),
        cell: Option<Cell>,
    ) -> Result<(), DocumentError> {
        let Some(cell) = cell else { return Ok(()) };
        if self.row != Some(row) {
            self.end(tables)?;
            self.row = Some(row);
        }
        self.line.push((column, cell));
        Ok(())
    }

    fn end(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        let (Some(row), line) = (self.row.take(), std::mem::take(&mut self.line)) else {
            return Ok(());
        };
        for taking in &mut self.areas {
            let area = &taking.area;
            if (area.rows.0..=area.rows.1).contains(&row) {
                let within =
                    |(column, _): &&(u32, Cell)| (area.columns.0..=area.columns.1).contains(column);
                let line: Vec<(u32, Cell)> = line.iter().filter(within).cloned().collect();
                if !line.is_empty() {
                    taking.line(tables, line)?;
                }
            }
        }
        Ok(())
    }
}

impl Taking {
    fn line(
        &mut self,
        tables: &mut Tables<'_>,
        line: Vec<(u32, Cell)>,
    ) -> Result<(), DocumentError> {
        let name = &self.area.name;
        let is_first = self.table.is_none();
        let table = match self.table {
            Some(table) => table,
            None => *self.table.insert(tables.table(None, name, name)?),
        };
        if is_first && self.has_header {
            for (column, cell) in line {
                self.column(tables, table, column, &words(&cell))?;
            }
            return Ok(());
        }
        let mut row = tables.begin(table, None)?;
        for (column, cell) in line {
            let place = self.column(tables, table, column, "")?;
            row.put(place, cell);
        }
        tables.end(row)
    }

    /// The place in the table of a column of the sheet.
    fn column(
        &mut self,
        tables: &mut Tables<'_>,
        table: TableId,
        column: u32,
        name: &str,
    ) -> Result<usize, DocumentError> {
        if let Some((_, place)) = self.columns.iter().find(|(known, _)| *known == column) {
            return Ok(*place);
        }
        let first = if self.area.columns.0 > 0 { self.area.columns.0 } else { 0 };
        let numbered = format!("Column{}", column - first + 1);
        let name = if name.trim().is_empty() { &numbered } else { name.trim() };
        let place = tables.nth_column(table, self.columns.len(), name)?;
        self.columns.push((column, place));
        Ok(place)
    }
}

/// What a cell is called as the name of a column.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Number(text) | Cell::Text(text) | Cell::Written(text) => text.clone(),
        Cell::Time(time) => time.format("%Y-%m-%d").to_string(),
        Cell::Bytes(_) => String::new(),
    }
}

fn of_ref(data: &DataRef<'_>) -> Option<Cell> {
    match data {
        DataRef::SharedString(text) => text_cell(text),
        other => of(&Data::from(other.clone())),
    }
}

/// A cell's value; none where there is none.
fn of(data: &Data) -> Option<Cell> {
    match data {
        Data::Int(number) => Some(Cell::Int(*number)),
        Data::Float(number) => number_cell(*number),
        Data::String(text) => text_cell(text),
        Data::Bool(truth) => Some(Cell::Bool(*truth)),
        Data::DateTime(time) => time_cell(time),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text_cell(text),
        // `#N/A` and the like are no values.
        _ => None,
    }
}

fn text_cell(text: &str) -> Option<Cell> {
    (!text.is_empty()).then(|| Cell::Text(text.to_owned()))
}

fn number_cell(number: f64) -> Option<Cell> {
    // Workbooks have one kind of number; whole ones up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number {
        number if !number.is_finite() => None,
        number if number.fract() == 0.0 && number.abs() <= EXACT => Some(Cell::Int(number as i64)),
        number => Some(Cell::Number(number.to_string())),
    }
}

fn time_cell(time: &ExcelDateTime) -> Option<Cell> {
    let days = time.as_f64();
    match of_serial(days) {
        Some(time) if days >= 1.0 => Some(Cell::Time(time)),
        // A time of day without a day, or a span.
        _ => number_cell(days),
    }
}
