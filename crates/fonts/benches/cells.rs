//! What a cell costs: from the session's cache, without it, and as a paragraph. Read the ratios.

use std::sync::Arc;

use divan::{Bencher, black_box, counter::ItemsCount};
use pressroom_fonts::{Face, FontLibrary, LayoutOptions, Paragraph, Shaper, TextStyle};

fn main() {
    divan::main();
}

const CELLS: usize = 10_000;

fn cells() -> Vec<String> {
    let cities = ["Zürich", "São Paulo", "New York", "Reykjavík", "Αθήνα", "Москва"];
    (0..CELLS)
        .map(|row| match row % 6 {
            0 => format!("{}", 10_000 + row * 7),
            1 => format!("Customer {}", row % 400),
            2 => format!("{:02}.{:02}.2026", row % 28 + 1, row % 12 + 1),
            3 => format!("{},{:03}.{:02}", row % 90 + 1, row % 1000, row % 100),
            4 => cities[row % cities.len()].to_owned(),
            _ => "Delivered to the wholesale warehouse".to_owned(),
        })
        .collect()
}

fn start() -> (Shaper, Face, Vec<String>) {
    let library = Arc::new(FontLibrary::bundled());
    let face = library.face("Arial", false, false);
    (Shaper::new(library), face, cells())
}

/// One session for all cells.
#[divan::bench]
fn shape_cached(bencher: Bencher<'_, '_>) {
    let (mut shaper, face, cells) = start();
    bencher.counter(ItemsCount::new(CELLS)).bench_local(|| {
        for cell in &cells {
            black_box(shaper.shape_line(cell, &face, 9.75));
        }
    });
}

/// The same through the full shaper: a word joiner keeps each cell from the cache.
#[divan::bench]
fn shape_uncached(bencher: Bencher<'_, '_>) {
    let (mut shaper, face, cells) = start();
    let cells: Vec<String> =
        cells.iter().map(|cell| cell.replace(' ', "\u{2060} ") + "\u{2060}").collect();
    bencher.counter(ItemsCount::new(CELLS)).bench_local(|| {
        for cell in &cells {
            black_box(shaper.shape_line(cell, &face, 9.75));
        }
    });
}

/// The width alone.
#[divan::bench]
fn measure(bencher: Bencher<'_, '_>) {
    let (mut shaper, face, cells) = start();
    bencher.counter(ItemsCount::new(CELLS)).bench_local(|| {
        for cell in &cells {
            black_box(shaper.measure(cell, &face, 9.75));
        }
    });
}

/// As paragraphs that fit on one line.
#[divan::bench]
fn layout_fitting(bencher: Bencher<'_, '_>) {
    layout(bencher, 300.0);
}

/// As paragraphs that wrap.
#[divan::bench]
fn layout_wrapping(bencher: Bencher<'_, '_>) {
    layout(bencher, 45.0);
}

fn layout(bencher: Bencher<'_, '_>, width: f32) {
    let (mut shaper, face, cells) = start();
    let options = LayoutOptions::default();
    bencher.counter(ItemsCount::new(CELLS)).bench_local(|| {
        for cell in &cells {
            let paragraph = Paragraph::new(cell, TextStyle::new(face.clone(), 9.75));
            black_box(shaper.layout(&paragraph, Some(width), &options));
        }
    });
}
