//! Texts. Places count characters from 0. Searching takes no notice of letter case.

use pressroom_data::Value;

use super::{Args, Row, row};
use crate::convert;
use crate::error::EvalError;
use crate::like::fold;

type Result<T = Value> = std::result::Result<T, EvalError>;

/// How long a text a function may make.
const MAX_CHARS: usize = 1 << 20;

pub(super) const ROWS: &[Row] = &[
    row(
        "Ascii(text: Text) -> Int",
        "The code of the first character; null of an empty text.",
        "Ascii('A')",
        "65",
        |args| Ok(args.text(0).chars().next().map(|c| i64::from(u32::from(c))).into()),
    ),
    row("Char(code: Int) -> Text", "The character of a code.", "Char(65)", "'A'", char_of),
    row(
        "CharIndex(part: Text, text: Text, [start: Int]) -> Int",
        "The place of a part in a text, searched from `start`; -1 if it is not there.",
        "CharIndex('e', 'Pressroom')",
        "2",
        char_index,
    ),
    row(
        "Concat((value: Any)...) -> Text",
        "The values one after the other; nulls are left out.",
        "Concat([Product], ' × ', [Quantity])",
        "'Green tea × 12'",
        concat,
    )
    .takes_null(),
    row(
        "Contains(text: Text, part: Text) -> Bool",
        "Whether the part is in the text.",
        "Contains([Product], 'TEA')",
        "True",
        |args| Ok(folded(args, 0).contains(&folded(args, 1)).into()),
    ),
    row(
        "EndsWith(text: Text, end: Text) -> Bool",
        "Whether the text ends so.",
        "EndsWith([Product], 'tea')",
        "True",
        |args| Ok(folded(args, 0).ends_with(&folded(args, 1)).into()),
    ),
    row(
        "Insert(text: Text, place: Int, part: Text) -> Text",
        "The text with a part put in at a place.",
        "Insert('Pressom', 5, 'ro')",
        "'Pressroom'",
        insert,
    ),
    row("Len(value: Text) -> Int", "The number of characters.", "Len([Product])", "9", |args| {
        Ok((args.text(0).chars().count() as i64).into())
    }),
    row(
        "Lower(text: Text) -> Text",
        "The text in small letters.",
        "Lower('ÄB')",
        "'äb'",
        |args| Ok(args.text(0).to_lowercase().into()),
    ),
    row(
        "PadLeft(text: Text, length: Int, [character: Text]) -> Text",
        "The text with spaces or a character before it, so that it has the length.",
        "PadLeft([Quantity], 5, '0')",
        "'00012'",
        |args| pad(args, true),
    ),
    row(
        "PadRight(text: Text, length: Int, [character: Text]) -> Text",
        "The text with spaces or a character after it, so that it has the length.",
        "PadRight('ab', 4, '.')",
        "'ab..'",
        |args| pad(args, false),
    ),
    row(
        "Remove(text: Text, start: Int, [length: Int]) -> Text",
        "The text without the characters from a place on, or without so many of them.",
        "Remove('Pressroom', 5)",
        "'Press'",
        remove,
    ),
    row(
        "RemoveDiacritics(text: Text) -> Text",
        "The text with accents and other marks taken from Latin letters.",
        "RemoveDiacritics('Crème brûlée')",
        "'Creme brulee'",
        remove_diacritics,
    ),
    row(
        "Replace(text: Text, part: Text, by: Text) -> Text",
        "The text with every occurrence of a part, in the same letter case, replaced.",
        "Replace('a-b-c', '-', '+')",
        "'a+b+c'",
        replace,
    ),
    row(
        "Reverse(text: Text) -> Text",
        "The text from its end to its start.",
        "Reverse('abc')",
        "'cba'",
        |args| Ok(args.text(0).chars().rev().collect::<String>().into()),
    ),
    row(
        "StartsWith(text: Text, start: Text) -> Bool",
        "Whether the text starts so.",
        "StartsWith([Product], 'green')",
        "True",
        |args| Ok(folded(args, 0).starts_with(&folded(args, 1)).into()),
    ),
    row(
        "Substring(text: Text, start: Int, [length: Int]) -> Text",
        "The characters from a place on, or so many of them.",
        "Substring('Pressroom', 5, 2)",
        "'ro'",
        substring,
    ),
    row(
        "ToStr(value: Any) -> Text",
        "The value as a label shows it.",
        "ToStr(12)",
        "'12'",
        |args| Ok(Value::text(args.text(0))),
    ),
    row(
        "Trim(text: Text) -> Text",
        "The text without spaces at both ends.",
        "Trim('  a b ')",
        "'a b'",
        |args| Ok(args.text(0).trim().into()),
    ),
    row(
        "TrimEnd(text: Text) -> Text",
        "The text without spaces at its end.",
        "TrimEnd(' a ')",
        "' a'",
        |args| Ok(args.text(0).trim_end().into()),
    ),
    row(
        "TrimStart(text: Text) -> Text",
        "The text without spaces at its start.",
        "TrimStart(' a ')",
        "'a '",
        |args| Ok(args.text(0).trim_start().into()),
    ),
    row(
        "Upper(text: Text) -> Text",
        "The text in capital letters.",
        "Upper([Product])",
        "'GREEN TEA'",
        |args| Ok(args.text(0).to_uppercase().into()),
    ),
];

/// A text without letter case, character by character.
fn folded(args: &Args<'_>, index: usize) -> String {
    args.text(index).chars().map(fold).collect()
}

fn char_index(args: &Args<'_>) -> Result {
    let from = if args.len() > 2 { args.size(2)? } else { 0 };
    let (part, text) = (folded(args, 0), folded(args, 1));
    let start = byte_of(&text, from);
    let found = text[start..].find(&part);
    let place = found.map(|at| text[..start + at].chars().count());
    Ok(place.map_or(-1, |place| place as i64).into())
}

fn char_of(args: &Args<'_>) -> Result {
    let code = args.int(0)?;
    u32::try_from(code)
        .ok()
        .and_then(char::from_u32)
        .map(|c| Value::text(c.to_string()))
        .ok_or_else(|| EvalError::range(format!("there is no character of the code {code}")))
}

fn concat(args: &Args<'_>) -> Result {
    let mut text = String::new();
    for value in args.values() {
        text.push_str(&convert::to_text(value, args.culture()));
    }
    convert::made_text(text)
}

/// The byte where character `place` starts; the end of the text for places beyond it.
fn byte_of(text: &str, place: usize) -> usize {
    text.char_indices().nth(place).map_or(text.len(), |(at, _)| at)
}

fn insert(args: &Args<'_>) -> Result {
    let mut text = args.text(0).into_owned();
    let at = byte_of(&text, args.size(1)?);
    text.insert_str(at, &args.text(2));
    convert::made_text(text)
}

fn remove(args: &Args<'_>) -> Result {
    let text = args.text(0);
    let (before, rest) = text.split_at(byte_of(&text, args.size(1)?));
    if args.len() < 3 {
        return Ok(before.into());
    }
    let after = &rest[byte_of(rest, args.size(2)?)..];
    Ok(format!("{before}{after}").into())
}

fn substring(args: &Args<'_>) -> Result {
    let text = args.text(0);
    let rest = &text[byte_of(&text, args.size(1)?)..];
    if args.len() < 3 {
        return Ok(rest.into());
    }
    Ok(rest[..byte_of(rest, args.size(2)?)].into())
}

fn pad(args: &Args<'_>, at_start: bool) -> Result {
    let text = args.text(0);
    let fill = if args.len() > 2 { args.text(2).chars().next().unwrap_or(' ') } else { ' ' };
    let length = args.size(1)?;
    if length > MAX_CHARS {
        return Err(EvalError::Limit(
            format!("a text can be filled up to {MAX_CHARS} characters, not {length}").into(),
        ));
    }
    let missing = length.saturating_sub(text.chars().count());
    let filling: String = std::iter::repeat_n(fill, missing).collect();
    Ok(if at_start { format!("{filling}{text}") } else { format!("{text}{filling}") }.into())
}

fn replace(args: &Args<'_>) -> Result {
    let (text, part, by) = (args.text(0), args.text(1), args.text(2));
    if part.is_empty() {
        return Ok(text.as_ref().into());
    }
    let found = text.matches(&*part).count();
    let grown = found.saturating_mul(by.len()).saturating_add(text.len());
    if by.len() > part.len() && grown > convert::MAX_TEXT_BYTES {
        return Err(EvalError::Limit("the text becomes too long by Replace".into()));
    }
    Ok(text.replace(&*part, &by).into())
}

fn remove_diacritics(args: &Args<'_>) -> Result {
    let mut plain = String::new();
    for c in args.text(0).chars() {
        match c {
            // Combining marks.
            '\u{300}'..='\u{36f}' => {}
            c => match base(c) {
                Some(base) => plain.push_str(base),
                None => plain.push(c),
            },
        }
    }
    Ok(plain.into())
}

/// The letters under the marks of the Latin-1 and Latin Extended-A blocks.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ď' | 'Đ' => "D",
        'ď' | 'đ' => "d",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}
