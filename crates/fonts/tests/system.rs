//! Installed faces, in a folder of the test's own.

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pressroom_fonts::{FontLibrary, Shaper};
use support::arial;
use tempfile::TempDir;

/// A bundled font file with a character map of one character, which its glyph 36 (an `A`) draws.
fn font_of_one_character(file: &[u8], c: char) -> Vec<u8> {
    let number = |at: usize| {
        u32::from_be_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize
    };
    let count = usize::from(u16::from_be_bytes([file[4], file[5]]));
    let mut cmap: Vec<u8> = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12];
    cmap.extend([0, 12, 0, 0]);
    for value in [28, 0, 1, u32::from(c), u32::from(c), 36] {
        cmap.extend(value.to_be_bytes());
    }
    let mut directory = file[..12].to_vec();
    let mut bodies: Vec<u8> = Vec::new();
    for record in (0..count).map(|index| 12 + 16 * index) {
        let body = if &file[record..record + 4] == b"cmap" {
            cmap.as_slice()
        } else {
            &file[number(record + 8)..number(record + 8) + number(record + 12)]
        };
        let offset = 12 + 16 * count + bodies.len();
        directory.extend(&file[record..record + 8]);
        directory.extend((offset as u32).to_be_bytes());
        directory.extend((body.len() as u32).to_be_bytes());
        bodies.extend(body);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    directory.extend(bodies);
    directory
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("a file");
}

fn library(folder: &TempDir) -> FontLibrary {
    FontLibrary::with_folders(&[folder.path().to_owned(), "/no/such/folder".into()])
}

#[test]
fn an_installed_family_goes_before_its_stand_in() {
    let folder = TempDir::new().expect("a folder");
    let serif = FontLibrary::bundled().face("Liberation Serif", false, false);
    put(&folder.path().join("below"), "serif.TTF", serif.bytes().as_ref());
    let library = library(&folder);
    let face = library.face("liberation SERIF", false, false);
    assert_ne!(face.id(), serif.id());
    assert_eq!(face.family(), serif.family());
    assert_eq!(face.metrics(), serif.metrics());
    // The family has no bold face here: the regular one is to be thickened.
    let bold = library.face("Liberation Serif", true, false);
    assert_eq!((bold.id(), bold.synthetic_bold()), (face.id(), true));
    // All else is as without installed faces.
    assert_eq!(library.face("Tahoma", false, false).id(), arial().id());
    assert!(library.has_family("Liberation Serif") && !library.has_family("Tahoma"));
}

#[test]
fn installed_faces_draw_what_bundled_ones_lack() {
    let folder = TempDir::new().expect("a folder");
    let file = font_of_one_character(arial().bytes().as_ref(), '漢');
    put(folder.path(), "han.ttf", &file);
    let mut shaper = Shaper::new(Arc::new(library(&folder)));
    let line = shaper.shape_line("a漢字", &arial(), 10.0);
    let ids: Vec<_> = line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.id).collect();
    assert_eq!(ids[1..], [36, 0]);
    assert_eq!(shaper.missing().iter().collect::<String>(), "字");
}

#[test]
fn files_that_are_no_fonts_are_left_out() {
    let folder = TempDir::new().expect("a folder");
    let whole = arial().bytes().as_ref().to_vec();
    put(folder.path(), "empty.ttf", b"");
    put(folder.path(), "text.otf", b"this is not a font file");
    put(folder.path(), "cut.ttf", &whole[..300]);
    put(folder.path(), "half.ttf", &whole[..whole.len() / 2]);
    put(folder.path(), "many.ttc", b"ttcf\0\x01\0\0\xff\xff\xff\xff");
    put(folder.path(), "readme.txt", &whole);
    let library = library(&folder);
    let face = library.face("Liberation Sans", false, false);
    assert!(face.covers('A'));
    assert!(library.face("漢", false, false).covers('A'));
}
