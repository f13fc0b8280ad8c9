//! A small metafile written by hand, record by record.

use pressroom_page::{Color, Segment};

use super::*;

fn record(kind: u32, data: &[i32]) -> Vec<u8> {
    let size = u32::try_from(8 + data.len() * 4).unwrap();
    let mut bytes = [kind.to_le_bytes(), size.to_le_bytes()].concat();
    bytes.extend(data.iter().flat_map(|n| n.to_le_bytes()));
    bytes
}

/// A header for a picture of 10 by 5 mm on a device of 10 dots to the millimetre.
fn header() -> Vec<u8> {
    let mut words = vec![0; 23];
    // Frame, signature, device size in dots, device size in millimetres: offsets less the 8 bytes
    // of type and size, in words.
    words[4..8].copy_from_slice(&[0, 0, 1000, 500]);
    words[8] = i32::from_le_bytes(*b" EMF");
    words[16..20].copy_from_slice(&[1000, 1000, 100, 100]);
    record(1, &words)
}

fn metafile(records: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = header();
    bytes.extend(records.iter().flatten());
    bytes.extend(record(14, &[0, 0, 20]));
    bytes
}

#[test]
fn a_filled_path_is_drawn_in_its_brush() {
    let bytes = metafile(&[
        record(39, &[1, 0, 0x00_33_66_99, 0]),
        record(37, &[1]),
        record(59, &[]),
        record(27, &[0, 0]),
        record(54, &[100, 0]),
        record(54, &[100, 50]),
        record(61, &[]),
        record(60, &[]),
        record(62, &[0, 0, 100, 50]),
    ]);
    assert!(is_emf(&bytes));
    let drawing = play(&bytes).unwrap();
    assert!((drawing.size.width.0 - 28.346).abs() < 0.01);
    assert!(!drawing.incomplete);
    let [Part::Path(path)] = &drawing.parts[..] else { panic!("{drawing:?}") };
    assert_eq!(path.fill, Some(Color::rgb(0x99, 0x66, 0x33)));
    assert_eq!(path.stroke, None);
    let Segment::Line(corner) = path.segments[2] else { panic!("{path:?}") };
    assert!((corner.x.0 - 28.346).abs() < 0.01 && (corner.y.0 - 14.173).abs() < 0.01, "{corner:?}");
    assert_eq!(path.segments.last(), Some(&Segment::Close));
}

#[test]
fn text_is_left_out_and_told() {
    let bytes = metafile(&[record(43, &[0, 0, 10, 10]), record(84, &[0; 16])]);
    let drawing = play(&bytes).unwrap();
    assert!(drawing.incomplete);
    assert_eq!(drawing.parts.len(), 1);
}

#[test]
fn nothing_drawn_is_told() {
    let refused = play(&metafile(&[])).unwrap_err();
    assert!(refused.contains("nothing that is drawn"), "{refused}");
}

#[test]
fn damaged_metafiles_end_without_harm() {
    let bytes = metafile(&[
        record(91, &[0, 0, 0, 0, -1, -1, 7]),
        record(3, &[0, 0, 0, 0, i32::MAX, 1]),
        record(36, &[f32::NAN.to_bits().cast_signed(); 7]),
        record(81, &[-1; 18]),
        record(43, &[i32::MIN, i32::MAX, 5, 5]),
    ]);
    for length in 0..bytes.len() {
        let _ = play(&bytes[..length]);
    }
    assert!(play(&bytes).is_ok());
}
