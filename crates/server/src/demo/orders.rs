//! Three years of orders: a trading year with its seasons, growth and habits.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::company::{self, Category, Customer, Order, OrderLine, Product, Shipper};
use super::random::Random;

/// How busy each month is, in percent of an average one.
const MONTHS: [u32; 12] = [76, 80, 92, 98, 100, 97, 86, 68, 104, 118, 143, 138];

/// First year, its business in percent of the average year's, and its prices in percent of today's.
const YEARS: [(i32, u32, i64); 3] = [(2023, 90, 92), (2024, 100, 96), (2025, 110, 100)];

/// Orders on an average working day, in thousandths.
const ORDERS_A_DAY: u32 = 3_890;

/// How many of 101 orders have one line, two, three and so on.
const LINES: [u32; 7] = [22, 27, 22, 14, 8, 5, 3];

/// Orders of this value and more travel free of carriage.
const CARRIAGE_PAID_CENTS: i64 = 250_000;

const REMARKS: [&str; 8] = [
    "Ring twice, the bell is tired.",
    "Please no plastic tape.",
    "For the Saturday market: Friday at the latest.",
    "Gift wrap, card without prices.",
    "Send two extra price lists.",
    "Back entrance, past the bakery.",
    "Replaces the crate that fell in.",
    "Call before delivery.",
];

/// A day that is known to exist.
pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Every order from the first working day of 2023 to the closing of the books.
pub(super) fn generate(
    random: &mut Random,
    categories: &[Category],
    products: &[Product],
    shippers: &[Shipper],
    customers: &[Customer],
) -> Vec<Order> {
    let market = Market::new(random, categories, products, shippers, customers);
    let mut orders = Vec::with_capacity(3_100);
    for (year, business, price_percent) in YEARS {
        let mut number = 0;
        let mut owed = 0;
        let days = day(year, 1, 2).iter_days().take_while(|date| date.year() == year);
        for date in days.filter(|date| is_working_day(*date)) {
            let busy = MONTHS[date.month0() as usize] * business;
            owed += ORDERS_A_DAY * busy / 10_000 * random.between(30, 170) / 100;
            while owed >= 1_000 {
                owed -= 1_000;
                number += 1;
                let id = i64::from(year % 100) * 10_000 + number;
                orders.push(market.order(random, id, date, price_percent));
            }
        }
    }
    orders
}

fn is_working_day(date: NaiveDate) -> bool {
    let closed =
        matches!((date.month(), date.day()), (1, 6) | (5, 1) | (8, 15) | (12, 25 | 26 | 31));
    !closed && !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Who buys how often, and what.
struct Market<'a> {
    products: &'a [Product],
    shippers: &'a [Shipper],
    customers: &'a [Customer],
    /// How often each customer orders.
    loyalty: Vec<u32>,
    /// How often each product is bought in each month.
    demand: [Vec<u32>; 12],
}

impl<'a> Market<'a> {
    fn new(
        random: &mut Random,
        categories: &[Category],
        products: &'a [Product],
        shippers: &'a [Shipper],
        customers: &'a [Customer],
    ) -> Self {
        // A few customers make most of the business, as everywhere.
        let loyalty = customers.iter().map(|_| 4 + 120 / random.between(1, 24)).collect();
        let favour: Vec<_> = products.iter().map(|_| 2 + 24 / random.between(1, 8)).collect();
        let demand = std::array::from_fn(|month| {
            let in_season = |product: &Product| {
                categories[product.category - 1].season.contains(&(month as u32 + 1))
            };
            let weigh =
                |(product, favour)| if in_season(product) { favour * 5 } else { favour * 2 };
            products.iter().zip(favour.iter().copied()).map(weigh).collect()
        });
        Self { products, shippers, customers, loyalty, demand }
    }

    fn order(&self, random: &mut Random, id: i64, date: NaiveDate, price_percent: i64) -> Order {
        let index = loop {
            let index = random.weighted(&self.loyalty);
            if self.customers[index].since < date {
                break index;
            }
        };
        let customer = &self.customers[index];
        let lines = self.lines(random, customer, date, price_percent);
        let (shipper_id, shipper) = self.shipper(random, customer);
        let shipped = date + Days::new(u64::from(random.between(1, 6)));
        let asked = shipped + Days::new(u64::from(shipper.days + random.between(1, 9)));
        Order {
            id,
            customer: index + 1,
            employee: if random.chance(12) { 3 } else { customer.account_manager },
            shipper: shipper_id,
            ordered: date,
            required: random.chance(65).then_some(asked),
            shipped: Some(shipped).filter(|shipped| *shipped <= company::closing_day()),
            reference: random.chance(55).then(|| reference(random, date)),
            remark: random.chance(9).then(|| random.pick(&REMARKS)),
            freight_cents: self.freight(customer, shipper, &lines),
            vat_percent: if customer.address.country == "Italy" { 22 } else { 0 },
            lines,
        }
    }

    fn lines(
        &self,
        random: &mut Random,
        customer: &Customer,
        date: NaiveDate,
        price_percent: i64,
    ) -> Vec<OrderLine> {
        let wanted = random.weighted(&LINES) + 1;
        let mut lines: Vec<OrderLine> = Vec::with_capacity(wanted);
        while lines.len() < wanted {
            let index = random.weighted(&self.demand[date.month0() as usize]);
            let product = &self.products[index];
            // What is out of the range today left it with the autumn of 2024.
            let gone = product.retired && date >= day(2024, 10, 1);
            if gone || lines.iter().any(|line| line.product == index + 1) {
                continue;
            }
            let quantity = i64::from(if random.chance(14) {
                random.between(8, 24)
            } else {
                random.between(1, 6)
            });
            lines.push(OrderLine {
                product: index + 1,
                quantity,
                unit_price_cents: (product.price_cents * price_percent / 100 + 2) / 5 * 5,
                discount_percent: discount(random, customer, quantity),
            });
        }
        lines
    }

    /// Islands and overseas go by sea or air, the rest by whatever is loading that day.
    fn shipper(&self, random: &mut Random, customer: &Customer) -> (usize, &'a Shipper) {
        let weights: &[u32] = match customer.account_manager {
            9 => &[6, 0, 0, 4],
            3 => &[1, 8, 1, 0],
            _ => &[2, 5, 3, 1],
        };
        let index = random.weighted(weights);
        (index + 1, &self.shippers[index])
    }

    fn freight(&self, customer: &Customer, shipper: &Shipper, lines: &[OrderLine]) -> i64 {
        if lines.iter().map(OrderLine::amount_cents).sum::<i64>() >= CARRIAGE_PAID_CENTS {
            return 0;
        }
        let grams: i64 = lines
            .iter()
            .map(|line| line.quantity * self.products[line.product - 1].weight_grams)
            .sum();
        let zone_percent = match customer.address.country {
            "Italy" => 60,
            country if company::vat_prefix(country).is_some() => 100,
            _ => 170,
        };
        (shipper.handling_cents + grams * shipper.cents_per_kilogram / 1000) * zone_percent / 100
    }
}

fn discount(random: &mut Random, customer: &Customer, quantity: i64) -> u32 {
    let for_quantity = match quantity {
        16.. => 10,
        10..=15 => 5,
        _ => 0,
    };
    let end_of_season = if random.chance(3) { 15 } else { 0 };
    for_quantity.max(end_of_season).max(customer.discount_percent.unwrap_or(0))
}

fn reference(random: &mut Random, date: NaiveDate) -> String {
    match random.below(3) {
        0 => format!("PO {}", random.between(1_000, 98_999)),
        1 => format!("{}/{:02}/{}", date.year(), date.month(), random.between(1, 240)),
        _ => format!("Best. {}", random.between(100, 9_999)),
    }
}
