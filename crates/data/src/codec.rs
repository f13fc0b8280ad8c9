//! Rows as bytes, for rows that wait in a [`SpillFile`](crate::SpillFile).
//!
//! A row is its length in bytes (4, little endian) and its values; a value is a tag and its content.
//! The form is private to one run of one program: it carries no version.

use std::io::{self, Read, Write};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{Row, Value};

mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const DECIMAL: u8 = 4;
    pub(super) const DOUBLE: u8 = 5;
    pub(super) const TEXT: u8 = 6;
    pub(super) const DATE_TIME: u8 = 7;
    pub(super) const SPAN: u8 = 8;
    pub(super) const GUID: u8 = 9;
    pub(super) const BYTES: u8 = 10;
    pub(super) const LIST: u8 = 11;
}

/// How deep lists may lie in lists when read back.
const DEPTH: usize = 16;

/// Writes one row. A [`Vec<u8>`] is a writer too.
///
/// # Errors
/// The writer's; a row of 4 GiB or more.
pub fn write_row(row: &[Value], out: &mut impl Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(4 + row.len() * 12);
    bytes.extend_from_slice(&[0; 4]);
    put_length(&mut bytes, row.len());
    for value in row {
        put_value(&mut bytes, value);
    }
    let length = u32::try_from(bytes.len() - 4)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a row is larger than 4 GiB"))?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    out.write_all(&bytes)
}

/// Reads the next row; `None` at the end. A `&[u8]` is a reader too.
///
/// # Errors
/// The reader's; [`io::ErrorKind::InvalidData`] for bytes that [`write_row`] did not write.
pub fn read_row(input: &mut impl Read) -> io::Result<Option<Row>> {
    let mut length = [0; 4];
    let mut filled = 0;
    while filled < length.len() {
        match input.read(&mut length[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(damaged()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u32::from_le_bytes(length);
    let mut bytes = Vec::with_capacity(length.min(64 * 1024) as usize);
    input.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() != length as usize {
        return Err(damaged());
    }
    let mut rest = bytes.as_slice();
    let count = take_length(&mut rest)?;
    let row = take_values(&mut rest, count, DEPTH)?;
    if rest.is_empty() { Ok(Some(row.into())) } else { Err(damaged()) }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "rows that were put aside came back damaged")
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Bool(false) => out.push(tag::FALSE),
        Value::Bool(true) => out.push(tag::TRUE),
        Value::Int(number) => {
            out.push(tag::INT);
            // Zigzag: small numbers of either sign take few bytes.
            put_varint(out, ((number << 1) ^ (number >> 63)).cast_unsigned());
        }
        Value::Decimal(number) => {
            out.push(tag::DECIMAL);
            out.extend_from_slice(&number.serialize());
        }
        Value::Double(number) => {
            out.push(tag::DOUBLE);
            out.extend_from_slice(&number.to_bits().to_le_bytes());
        }
        Value::Text(text) => {
            out.push(tag::TEXT);
            put_length(out, text.len());
            out.extend_from_slice(text.as_bytes());
        }
        Value::DateTime(time) => {
            out.push(tag::DATE_TIME);
            let time = time.and_utc();
            out.extend_from_slice(&time.timestamp().to_le_bytes());
            out.extend_from_slice(&time.timestamp_subsec_nanos().to_le_bytes());
        }
        Value::Span(span) => {
            out.push(tag::SPAN);
            let nanos = span.subsec_nanos();
            let seconds = span.num_seconds();
            out.extend_from_slice(&seconds.to_le_bytes());
            out.extend_from_slice(&nanos.to_le_bytes());
        }
        Value::Guid(id) => {
            out.push(tag::GUID);
            out.extend_from_slice(id.as_bytes());
        }
        Value::Bytes(bytes) => {
            out.push(tag::BYTES);
            put_length(out, bytes.len());
            out.extend_from_slice(bytes);
        }
        Value::List(values) => {
            out.push(tag::LIST);
            put_length(out, values.len());
            for value in &**values {
                put_value(out, value);
            }
        }
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    put_varint(out, length as u64);
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_values(rest: &mut &[u8], count: usize, depth: usize) -> io::Result<Vec<Value>> {
    // Every value takes a byte at least, so a false count cannot ask for more than the row's size.
    if count > rest.len() || depth == 0 {
        return Err(damaged());
    }
    (0..count).map(|_| take_value(rest, depth)).collect()
}

fn take_value(rest: &mut &[u8], depth: usize) -> io::Result<Value> {
    let [tag] = take_array(rest)?;
    Ok(match tag {
        tag::NULL => Value::Null,
        tag::FALSE => Value::Bool(false),
        tag::TRUE => Value::Bool(true),
        tag::INT => {
            let number = take_varint(rest)?;
            Value::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
        }
        tag::DECIMAL => Value::Decimal(Decimal::deserialize(take_array(rest)?)),
        tag::DOUBLE => Value::Double(f64::from_bits(u64::from_le_bytes(take_array(rest)?))),
        tag::TEXT => {
            let bytes = take_bytes(rest)?;
            Value::Text(std::str::from_utf8(bytes).map_err(|_| damaged())?.into())
        }
        tag::DATE_TIME => Value::DateTime(take_date_time(rest)?),
        tag::SPAN => {
            let seconds = i64::from_le_bytes(take_array(rest)?);
            let nanos = i32::from_le_bytes(take_array(rest)?);
            let span = TimeDelta::try_seconds(seconds)
                .and_then(|span| span.checked_add(&TimeDelta::nanoseconds(nanos.into())));
            Value::Span(span.ok_or_else(damaged)?)
        }
        tag::GUID => Value::Guid(Uuid::from_bytes(take_array(rest)?)),
        tag::BYTES => Value::Bytes(Arc::from(take_bytes(rest)?)),
        tag::LIST => {
            let count = take_length(rest)?;
            Value::List(take_values(rest, count, depth - 1)?.into())
        }
        _ => return Err(damaged()),
    })
}

fn take_date_time(rest: &mut &[u8]) -> io::Result<NaiveDateTime> {
    let seconds = i64::from_le_bytes(take_array(rest)?);
    let nanos = u32::from_le_bytes(take_array(rest)?);
    DateTime::from_timestamp(seconds, nanos).map(|time| time.naive_utc()).ok_or_else(damaged)
}

fn take_bytes<'a>(rest: &mut &'a [u8]) -> io::Result<&'a [u8]> {
    let length = take_length(rest)?;
    let (bytes, after) = rest.split_at_checked(length).ok_or_else(damaged)?;
    *rest = after;
    Ok(bytes)
}

fn take_array<const N: usize>(rest: &mut &[u8]) -> io::Result<[u8; N]> {
    let (bytes, after) = rest.split_first_chunk().ok_or_else(damaged)?;
    *rest = after;
    Ok(*bytes)
}

fn take_length(rest: &mut &[u8]) -> io::Result<usize> {
    usize::try_from(take_varint(rest)?).map_err(|_| damaged())
}

fn take_varint(rest: &mut &[u8]) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = take_array(rest)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(damaged())
}
