//! Made-up values.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use pressroom_data::{DataType, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::pictures::picture;

/// A stream of numbers that depends on nothing but its seed (SplitMix64).
#[derive(Clone, Copy)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers of one cell.
    pub(super) fn of_cell(seed: u64, column: &str, row: usize) -> Self {
        // FNV-1a over the name, so that columns do not repeat each other
        let name = column.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(seed ^ name.rotate_left(17) ^ (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

const PEOPLE: &[&str] = &[
    "Anna Berg",
    "Luis Ortega",
    "Zoë Lefèvre",
    "Jürgen Groß",
    "Наталья Орлова",
    "Ελένη Παππά",
    "Łukasz Wójcik",
    "Maeve O’Connor",
    "ليلى حداد",
    "דוד לוי",
    "Sigríður Jónsdóttir",
    "Tom Hill",
];
const COMPANIES: &[&str] = &[
    "Northwind & Daughters",
    "Bäckerei Müller GmbH",
    "Café Señor Ñandú",
    "Ромашка и Ко",
    "Αφοί Γεωργίου",
    "Harbour Tools Ltd",
    "Société Générale d’Œufs",
    "Smørrebrød A/S",
    "مؤسسة النور",
    "Quick",
    "Šťastný s.r.o.",
    "The Very Old and Venerable Company of Makers of Fine Paper, Ink and Related Sundries",
];
const PLACES: &[&str] = &[
    "Zürich",
    "Kraków",
    "Αθήνα",
    "Санкт-Петербург",
    "São Paulo",
    "Bristol",
    "Reykjavík",
    "Lyon",
    "Oslo",
    "חיפה",
];
const COUNTRIES: &[&str] = &["Brazil", "France", "Germany", "Norway", "Poland", "Switzerland"];
const THINGS: &[&str] = &[
    "Green tea",
    "Crème brûlée",
    "Чёрный хлеб",
    "Desk lamp",
    "Ελαιόλαδο",
    "Hex bolt M8 × 40",
    "Notebook A5",
    "Rain jacket",
    "Ink, blue-black",
    "Käsefondue",
    "Rope 12 mm",
    "A",
    "قهوة عربية",
];
const SENTENCES: &[&str] = &[
    "Delivered to the back door.",
    "Handle with care; do not stack.",
    "The customer asked for a call before delivery, preferably in the morning, and wants the old unit taken away at no extra cost if that can be arranged.",
    "Übergeben an Nachbarn, siehe Anlage.",
    "Доставка по будням с 9 до 18 часов.",
    "Παρακαλούμε καλέστε πριν την παράδοση.",
    "No remarks.",
];
const GROUPS: &[&str] = &[
    "Autumn",
    "Beverages",
    "Confections",
    "Dairy",
    "Exports",
    "Fresh produce",
    "Grains",
    "Household",
    "Imports",
    "Kitchen",
    "Loans",
    "Meat",
    "North",
    "Office",
    "Paper",
    "Quick orders",
    "Retail",
    "South",
    "Tools",
    "Urgent",
    "Vegetables",
    "Wholesale",
    "Yearly",
    "Zinc ware",
];

/// One value of a column.
pub(super) fn value(column: &str, data_type: DataType, row: usize, seed: u64) -> Value {
    let mut random = Random::of_cell(seed, column, row);
    let name = column.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // some values are missing
    if random.below(12) == 0 {
        return Value::Null;
    }
    match data_type {
        DataType::Bool => Value::Bool(random.below(3) > 0),
        DataType::Int if has(&["year"]) => Value::Int(2020 + random.below(7) as i64),
        DataType::Int if has(&["month"]) => Value::Int(1 + random.below(12) as i64),
        DataType::Int if has(&["percent", "rate"]) => Value::Int(random.below(101) as i64),
        DataType::Int => {
            Value::Int(if random.below(15) == 0 { 12_345 } else { 1 + random.below(120) as i64 })
        }
        DataType::Decimal => Value::Decimal(Decimal::new(amount(&mut random, &name), 2)),
        DataType::Double => Value::Double(amount(&mut random, &name) as f64 / 100.0),
        DataType::DateTime => Value::DateTime(moment(&mut random, &name)),
        DataType::Span => Value::Span(TimeDelta::minutes(random.below(24 * 60) as i64)),
        DataType::Guid => Value::Guid(Uuid::from_u64_pair(random.next(), random.next())),
        DataType::Bytes => Value::Bytes(picture(random.next())),
        DataType::Text | DataType::Unknown => Value::text(text(&mut random, &name, row)),
    }
}

/// An amount in hundredths: mostly small, sometimes large, sometimes negative.
fn amount(random: &mut Random, name: &str) -> i64 {
    if ["percent", "discount", "rate", "share"].iter().any(|word| name.contains(word)) {
        return random.below(100) as i64;
    }
    match random.below(20) {
        0 => 123_456_789,
        1 => -(random.below(50_000) as i64),
        2 => 0,
        _ => random.below(100_000) as i64,
    }
}

fn moment(random: &mut Random, name: &str) -> chrono::NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let day = first.checked_add_days(Days::new(random.below(1_000))).unwrap_or(first);
    let has_time = name.contains("time") || name.ends_with("at");
    let minutes = if has_time { random.below(24 * 60) as u32 } else { 0 };
    let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or_default();
    day.and_time(time)
}

fn text(random: &mut Random, name: &str, row: usize) -> Arc<str> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // every table has long texts
    if row % 17 == 9 && !has(&["code", "zip", "phone", "mail", "url", "currency"]) {
        return SENTENCES[2].into();
    }
    if has(&["mail"]) {
        return format!("{}@example.com", random.pick(&["anna", "luis", "zoe", "tom.hill"])).into();
    }
    if has(&["phone", "fax", "mobile"]) {
        return format!("+41 44 555 {:02} {:02}", random.below(100), random.below(100)).into();
    }
    if has(&["url", "link", "web"]) {
        return format!("https://example.com/{}", random.below(1000)).into();
    }
    if has(&["currency"]) {
        return random.pick(&["EUR", "USD", "CHF"]).into();
    }
    if has(&["zip", "postal"]) {
        return format!("{:05}", random.below(100_000)).into();
    }
    if has(&["street", "address"]) {
        let (name, number) = (
            random.pick(&["Hauptstraße", "Rue de l’Église", "High Street", "Невский пр."]),
            random.below(200),
        );
        return format!("{name} {number}").into();
    }
    if has(&["country"]) {
        return random.pick(COUNTRIES).into();
    }
    if has(&["city", "town", "place", "location"]) {
        return random.pick(PLACES).into();
    }
    if has(&["company", "customer", "supplier", "vendor", "client"]) {
        return random.pick(COMPANIES).into();
    }
    if has(&[
        "person", "employee", "contact", "first", "last", "user", "agent", "author", "manager",
        "student",
    ]) {
        return random.pick(PEOPLE).into();
    }
    if has(&["description", "note", "comment", "remark", "text", "memo"]) {
        return random.pick(SENTENCES).into();
    }
    if has(&["code", "number", "no", "id", "nr"]) && !has(&["name"]) {
        return format!("{}-{:04}", random.pick(&["A", "B", "K"]), random.below(10_000)).into();
    }
    random.pick(THINGS).into()
}

/// The value of group number `group`: values of larger numbers come later.
pub(super) fn group_value(column: &str, data_type: DataType, group: usize, seed: u64) -> Value {
    let name = column.to_lowercase();
    let day = |days: u64| {
        let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
        first.checked_add_days(Days::new(days)).unwrap_or(first)
    };
    match data_type {
        DataType::Bool => Value::Bool(group % 2 == 1),
        DataType::Int if name.contains("year") => Value::Int(2023 + group as i64),
        DataType::Int => Value::Int(group as i64 + 1),
        DataType::Decimal => Value::Decimal(Decimal::from(group as u64 + 1)),
        DataType::Double => Value::Double(group as f64 + 1.0),
        DataType::DateTime => Value::DateTime(day(31 * group as u64).and_time(NaiveTime::MIN)),
        DataType::Text | DataType::Unknown => {
            let names = if name.contains("country") { COUNTRIES } else { GROUPS };
            // evenly over the sorted names, so that they stay in order
            let name = names[(group * 3) % names.len()];
            let round = group * 3 / names.len();
            Value::text(if round == 0 { name.to_owned() } else { format!("{name} {round}") })
        }
        other => value(column, other, group, seed),
    }
}

/// A key: different for every row.
pub(super) fn key_value(data_type: DataType, row: usize) -> Value {
    let number = row as i64 + 1;
    match data_type {
        DataType::Text => Value::text(format!("K{number:04}")),
        DataType::Decimal => Value::Decimal(number.into()),
        DataType::Double => Value::Double(number as f64),
        DataType::Guid => Value::Guid(Uuid::from_u64_pair(0, number as u64)),
        _ => Value::Int(number),
    }
}
