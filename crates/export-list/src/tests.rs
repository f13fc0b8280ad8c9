//! Printouts, as other readers of PDF see them.

use std::path::PathBuf;
use std::process::Command;

use pressroom_contracts::suites::list_exporter::bytes;
use pressroom_page::SheetColumn;
use tempfile::TempDir;

use super::*;

pressroom_contracts::list_exporter_contract!(|| ListPrinter);

/// A printout in a file of its own.
struct Printout {
    written: ListWritten,
    file: PathBuf,
    _folder: TempDir,
}

impl Printout {
    fn of(rows: Vec<Vec<Cell>>) -> Self {
        let (written, bytes) = bytes(&ListPrinter, rows);
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("list.pdf");
        std::fs::write(&file, bytes).unwrap();
        Self { written, file, _folder: folder }
    }

    fn text(&self, page: Option<usize>) -> String {
        let mut command = Command::new("pdftotext");
        if let Some(page) = page {
            command.args(["-f", &page.to_string(), "-l", &page.to_string()]);
        }
        let output = command.args(["-layout", "-enc", "UTF-8"]).arg(&self.file).arg("-").output();
        String::from_utf8(output.expect("pdftotext runs").stdout).unwrap()
    }

    fn pages(&self) -> usize {
        let output = Command::new("qpdf").arg("--show-npages").arg(&self.file).output();
        let output = output.expect("qpdf runs");
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }
}

fn rows(count: i64, text: &str) -> Vec<Vec<Cell>> {
    (1..=count).map(|number| vec![number.into(), format!("{text} {number}").into()]).collect()
}

#[test]
fn other_readers_find_every_word() {
    let printout = Printout::of(rows(100, "sign-in of Größe"));
    let checked = Command::new("qpdf").arg("--check").arg(&printout.file).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let text = printout.text(None);
    for number in [1, 50, 100] {
        assert!(text.contains(&format!("sign-in of Größe {number}")), "{text}");
    }
    assert_eq!(printout.written, ListWritten { rows: 100, ..printout.written });
}

#[test]
fn every_page_has_its_head_and_number() {
    let printout = Printout::of(rows(150, "line"));
    let pages = printout.pages();
    assert!(pages > 1);
    for page in 1..=pages {
        let text = printout.text(Some(page));
        assert!(text.contains("words"), "{text}");
        assert!(text.contains(&format!("page {page}")), "{text}");
        assert!(text.contains("made for a test"), "{text}");
    }
}

#[test]
fn a_word_without_end_is_broken_not_cut() {
    let word: String = ('a'..='z').cycle().take(1_500).collect();
    let printout = Printout::of(vec![vec![Cell::Int(1), word.as_str().into()]]);
    let text: String = printout.text(None).split_whitespace().collect();
    assert!(text.contains(&word), "{text}");
}

#[test]
fn a_cell_that_is_taller_than_a_page_goes_on_on_the_next() {
    let text: String = (0..120).map(|number| format!("line-{number}\n")).collect();
    let printout = Printout::of(vec![vec![Cell::Int(1), text.into()], vec![Cell::Int(2)]]);
    assert!(printout.pages() > 1);
    let text = printout.text(None);
    assert!(text.contains("line-0") && text.contains("line-119"), "{text}");
    assert_eq!(printout.written.rows, 2);
}

#[test]
fn what_has_no_room_is_counted() {
    let printout = Printout::of(rows(MOST_ROWS as i64 + 500, "line"));
    let ListWritten { rows, left_out, .. } = printout.written;
    assert_eq!(rows + left_out, MOST_ROWS as u64 + 500);
    assert_eq!(printout.pages(), MOST_PAGES);
    let text = printout.text(Some(MOST_PAGES));
    assert!(text.contains(&format!("{left_out} more rows have no room on 200 pages")), "{text}");
}

#[test]
fn letters_that_the_font_lacks_are_marked() {
    let printout = Printout::of(vec![vec![Cell::Int(1), "a漢b".into()]]);
    assert!(printout.text(None).contains("a\u{fffd}b"), "{}", printout.text(None));
}

/// Writes a printout to look at: `PRINTOUT=list.pdf cargo test -p pressroom-export-list sample`.
#[test]
fn a_sample_to_look_at() {
    let Some(file) = std::env::var_os("PRINTOUT") else { return };
    let columns = vec![
        SheetColumn::new("id", 3).right(),
        SheetColumn::new("at", 9),
        SheetColumn::new("user", 7),
        SheetColumn::new("detail", 22),
    ];
    let info = SheetInfo {
        title: "Audit trail".into(),
        made: "made 2026-03-02 09:30 UTC for admin".into(),
        columns,
    };
    let out = Box::new(std::fs::File::create(file).unwrap());
    let mut list = ListPrinter.begin(info, out).unwrap();
    for number in 1..=60 {
        let words = [
            "Invoice",
            "Größe – „Übersicht“",
            "a much longer name that goes on and on until it needs a second line of its cell, which happens with descriptions that people write",
        ];
        let word = words[number as usize % 3];
        list.row(vec![number.into(), "2026-03-02 09:30:00".into(), "admin".into(), word.into()])
            .unwrap();
    }
    list.finish().unwrap();
}
