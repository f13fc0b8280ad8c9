//! Halyard & Quince, the trading company of the demo: who it is and what it sold.
//!
//! Everything here is invented, and nothing here depends on the machine or the day: the same rows
//! come out every time. People, places and goods stand in `demo/data`; the rest is drawn from a
//! seeded generator.

use chrono::NaiveDate;

use super::orders;
use super::random::Random;
use super::table;

/// The whole company. Ids are positions in these lists, counted from 1; an order has its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// What the catalogue is divided into.
    pub categories: Vec<Category>,
    /// Whom the goods come from.
    pub suppliers: Vec<Supplier>,
    /// What is sold.
    pub products: Vec<Product>,
    /// Who works there.
    pub employees: Vec<Employee>,
    /// Who carries the goods.
    pub shippers: Vec<Shipper>,
    /// Who buys.
    pub customers: Vec<Customer>,
    /// What was bought, oldest first.
    pub orders: Vec<Order>,
}

/// A chapter of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its title.
    pub name: &'static str,
    /// The months (1 to 12) in which it sells best.
    pub season: Vec<u32>,
    /// A sentence or two for the catalogue.
    pub description: &'static str,
    /// An illustration, as PNG.
    pub picture: &'static [u8],
}

/// A workshop, an estate or a cooperative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplier {
    /// Its trading name.
    pub name: &'static str,
    /// Whom to call.
    pub contact: &'static str,
    /// Where it is.
    pub address: Address,
    /// In international form.
    pub phone: &'static str,
    /// The year of the first order.
    pub partner_since: i32,
    /// Days from order to arrival on the quay.
    pub lead_days: u32,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub street: &'static str,
    /// Absent where the country has none.
    pub postal_code: Option<&'static str>,
    /// The town, as it calls itself.
    pub city: &'static str,
    /// State, province or county where an address needs one.
    pub region: Option<&'static str>,
    /// Its English name.
    pub country: &'static str,
}

/// A line of the price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The category's id.
    pub category: usize,
    /// The supplier's id.
    pub supplier: usize,
    /// What it is called.
    pub name: &'static str,
    /// What one unit holds, for instance `12 tins × 80 g`.
    pub pack: &'static str,
    /// Where it was grown or made.
    pub origin: &'static str,
    /// Today's list price of one unit.
    pub price_cents: i64,
    /// Of one unit.
    pub weight_grams: i64,
    /// Units on the shelf; nothing where it is made to order.
    pub stock: Option<i64>,
    /// No longer sold.
    pub retired: bool,
    /// A sentence for the catalogue.
    pub description: &'static str,
}

/// Somebody on the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// Given name and family name.
    pub name: &'static str,
    /// What they do.
    pub title: &'static str,
    /// The id of whom they report to.
    pub reports_to: Option<usize>,
    /// Their first day.
    pub hired: NaiveDate,
    /// Where they work from.
    pub city: &'static str,
    /// On the office telephone.
    pub extension: Option<&'static str>,
    /// A word about them.
    pub about: &'static str,
}

/// A carrier and its tariff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipper {
    /// Its trading name.
    pub name: &'static str,
    /// By sea, road, rail or air.
    pub mode: &'static str,
    /// In international form.
    pub phone: &'static str,
    /// Charged once an order.
    pub handling_cents: i64,
    /// Charged for each kilogram.
    pub cents_per_kilogram: i64,
    /// From the quay to the door.
    pub days: u32,
}

/// A shop, a kitchen or a café.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its trading name.
    pub name: &'static str,
    /// Whom letters are addressed to.
    pub contact: &'static str,
    /// What they are there.
    pub role: Option<&'static str>,
    /// Where it is.
    pub address: Address,
    /// Tax number, where there is one on file.
    pub vat_number: Option<String>,
    /// The id of the employee who looks after it.
    pub account_manager: usize,
    /// The day the account was opened.
    pub since: NaiveDate,
    /// Days to pay.
    pub terms_days: u32,
    /// Off the list price, where one was agreed.
    pub discount_percent: Option<u32>,
    /// What the warehouse should know.
    pub note: Option<&'static str>,
}

/// An order as it was invoiced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Two digits of the year and four that count within it: 250001 is the first of 2025.
    pub id: i64,
    /// The customer's id.
    pub customer: usize,
    /// The id of the employee who took it.
    pub employee: usize,
    /// The shipper's id.
    pub shipper: usize,
    /// The day it was placed.
    pub ordered: NaiveDate,
    /// The day the customer asked for, if any.
    pub required: Option<NaiveDate>,
    /// The day it left the quay; nothing while it is being packed.
    pub shipped: Option<NaiveDate>,
    /// The customer's own number for it.
    pub reference: Option<String>,
    /// What was said on the telephone.
    pub remark: Option<&'static str>,
    /// Carriage; 0 is carriage paid.
    pub freight_cents: i64,
    /// Value added tax on goods and carriage.
    pub vat_percent: u32,
    /// At least one, numbered from 1 in this order.
    pub lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The product's id.
    pub product: usize,
    /// Units.
    pub quantity: i64,
    /// The list price on the day.
    pub unit_price_cents: i64,
    /// Off the price.
    pub discount_percent: u32,
}

impl OrderLine {
    /// What the line costs, discounted and rounded to a cent, halves up.
    pub fn amount_cents(&self) -> i64 {
        (self.quantity * self.unit_price_cents * i64::from(100 - self.discount_percent) + 50) / 100
    }
}

/// The day on which the demo's books were closed; nothing in them is later.
pub fn closing_day() -> NaiveDate {
    orders::day(2025, 12, 30)
}

impl Company {
    /// The company with its three years of orders.
    pub fn generate() -> Self {
        let mut random = Random::new(0x7175_696e_6365);
        let customers = customers(&mut random);
        let (categories, products, shippers) = (categories(), products(), shippers());
        let orders = orders::generate(&mut random, &categories, &products, &shippers, &customers);
        Self {
            categories,
            suppliers: suppliers(),
            products,
            employees: employees(),
            shippers,
            customers,
            orders,
        }
    }
}

fn categories() -> Vec<Category> {
    const PICTURES: [&[u8]; 8] = [
        include_bytes!("../../demo/pictures/teas.png"),
        include_bytes!("../../demo/pictures/coffee.png"),
        include_bytes!("../../demo/pictures/spices.png"),
        include_bytes!("../../demo/pictures/oils.png"),
        include_bytes!("../../demo/pictures/preserves.png"),
        include_bytes!("../../demo/pictures/fish.png"),
        include_bytes!("../../demo/pictures/tools.png"),
        include_bytes!("../../demo/pictures/table.png"),
    ];
    table::rows(include_str!("../../demo/data/categories.txt"), 3)
        .zip(PICTURES)
        .map(|(row, picture)| Category {
            name: row.text(0),
            season: row.text(1).split(',').filter_map(|month| month.parse().ok()).collect(),
            description: row.text(2),
            picture,
        })
        .collect()
}

fn suppliers() -> Vec<Supplier> {
    table::rows(include_str!("../../demo/data/suppliers.txt"), 9)
        .map(|row| Supplier {
            name: row.text(0),
            contact: row.text(1),
            address: Address {
                street: row.text(2),
                postal_code: row.optional_text(3),
                city: row.text(4),
                region: None,
                country: row.text(5),
            },
            phone: row.text(6),
            partner_since: row.parse(7),
            lead_days: row.parse(8),
        })
        .collect()
}

fn products() -> Vec<Product> {
    table::rows(include_str!("../../demo/data/products.txt"), 10)
        .map(|row| Product {
            category: row.parse(0),
            supplier: row.parse(1),
            name: row.text(2),
            pack: row.text(3),
            origin: row.text(4),
            price_cents: row.cents(5),
            weight_grams: row.parse(6),
            stock: row.optional(7),
            retired: row.text(8) == "R",
            description: row.text(9),
        })
        .collect()
}

fn employees() -> Vec<Employee> {
    table::rows(include_str!("../../demo/data/employees.txt"), 7)
        .map(|row| Employee {
            name: row.text(0),
            title: row.text(1),
            reports_to: row.optional(2),
            hired: row.parse(3),
            city: row.text(4),
            extension: row.optional_text(5),
            about: row.text(6),
        })
        .collect()
}

fn shippers() -> Vec<Shipper> {
    table::rows(include_str!("../../demo/data/shippers.txt"), 6)
        .map(|row| Shipper {
            name: row.text(0),
            mode: row.text(1),
            phone: row.text(2),
            handling_cents: row.cents(3),
            cents_per_kilogram: row.cents(4),
            days: row.parse(5),
        })
        .collect()
}

fn customers(random: &mut Random) -> Vec<Customer> {
    let mut customers: Vec<_> = table::rows(include_str!("../../demo/data/customers.txt"), 9)
        .map(|row| {
            let country = row.text(7);
            Customer {
                name: row.text(0),
                contact: row.text(1),
                role: row.optional_text(2),
                address: Address {
                    street: row.text(3),
                    postal_code: row.optional_text(4),
                    city: row.text(5),
                    region: row.optional_text(6),
                    country,
                },
                vat_number: vat_prefix(country)
                    .filter(|_| random.chance(92))
                    .map(|prefix| format!("{prefix}{}", random.between(100_000_000, 999_999_999))),
                account_manager: account_manager(country),
                since: orders::day(
                    random.between(1991, 2024) as i32,
                    random.between(1, 12),
                    random.between(1, 28),
                ),
                terms_days: random.pick(&[14, 30, 30, 30, 45, 60]),
                discount_percent: random.chance(30).then(|| random.pick(&[2, 3, 3, 5])),
                note: row.optional_text(8),
            }
        })
        .collect();
    // The newest account has not ordered yet: reports must cope with a customer without orders.
    if let Some(newest) = customers.last_mut() {
        newest.since = orders::day(2025, 12, 29);
    }
    customers
}

/// The letters before a tax number, in the countries of the European VAT area.
pub(super) fn vat_prefix(country: &str) -> Option<&'static str> {
    const PREFIXES: &[(&str, &str)] = &[
        ("Austria", "AT"),
        ("Belgium", "BE"),
        ("Bulgaria", "BG"),
        ("Croatia", "HR"),
        ("Czechia", "CZ"),
        ("Denmark", "DK"),
        ("Estonia", "EE"),
        ("Finland", "FI"),
        ("France", "FR"),
        ("Germany", "DE"),
        ("Greece", "EL"),
        ("Hungary", "HU"),
        ("Ireland", "IE"),
        ("Italy", "IT"),
        ("Latvia", "LV"),
        ("Lithuania", "LT"),
        ("Luxembourg", "LU"),
        ("Netherlands", "NL"),
        ("Poland", "PL"),
        ("Portugal", "PT"),
        ("Romania", "RO"),
        ("Slovakia", "SK"),
        ("Slovenia", "SI"),
        ("Spain", "ES"),
        ("Sweden", "SE"),
    ];
    PREFIXES.iter().find(|(name, _)| *name == country).map(|&(_, prefix)| prefix)
}

/// The id of the employee whose part of the world a country is.
fn account_manager(country: &str) -> usize {
    match country {
        "Italy" => 3,
        "Portugal" | "Spain" | "Brazil" | "Argentina" => 4,
        "Austria" | "Germany" | "Switzerland" | "Czechia" | "Slovakia" | "Poland" | "Hungary" => 5,
        "Denmark" | "Sweden" | "Norway" | "Finland" | "Estonia" | "Latvia" | "Lithuania" => 6,
        "France" | "Netherlands" | "Belgium" | "Luxembourg" => 7,
        "Slovenia" | "Croatia" | "Serbia" | "Greece" | "Bulgaria" | "Romania" | "Türkiye" => 8,
        _ => 9,
    }
}
