//! The company is what the reports and their readers expect of it.

use super::company::{Company, closing_day};

#[test]
fn the_same_company_comes_out_every_time() {
    assert_eq!(Company::generate(), Company::generate());
}

#[test]
fn the_books_are_of_the_promised_size() {
    let company = Company::generate();
    assert_eq!(company.categories.len(), 8);
    assert_eq!(company.suppliers.len(), 30);
    assert_eq!(company.products.len(), 90);
    assert_eq!(company.employees.len(), 9);
    assert_eq!(company.shippers.len(), 4);
    assert_eq!(company.customers.len(), 120);
    let lines: usize = company.orders.iter().map(|order| order.lines.len()).sum();
    assert!((2_900..3_150).contains(&company.orders.len()), "{} orders", company.orders.len());
    assert!((8_200..8_900).contains(&lines), "{lines} lines");
}

#[test]
fn every_order_makes_sense() {
    let company = Company::generate();
    assert!(company.orders.is_sorted_by_key(|order| (order.ordered, order.id)));
    for order in &company.orders {
        let customer = &company.customers[order.customer - 1];
        let subject = format!("order {} of {}", order.id, customer.name);
        assert!(customer.since < order.ordered, "{subject} before the account");
        assert!(order.ordered <= closing_day(), "{subject} after the books were closed");
        assert!(order.shipped.is_none_or(|day| day > order.ordered), "{subject} shipped early");
        assert!(!order.lines.is_empty(), "{subject} without lines");
        for line in &order.lines {
            assert!(line.quantity > 0 && line.amount_cents() > 0, "{subject} with an empty line");
        }
    }
}

#[test]
fn winter_sells_more_than_summer_and_each_year_more_than_the_last() {
    let company = Company::generate();
    let count = |from: i64, to: i64, range: std::ops::RangeInclusive<u32>| {
        use chrono::Datelike;
        let between = |id| (from..to).contains(&id);
        company
            .orders
            .iter()
            .filter(|order| between(order.id) && range.contains(&order.ordered.month()))
            .count()
    };
    assert!(count(250_000, 260_000, 11..=12) > 3 * count(250_000, 260_000, 7..=8) / 2);
    let years = [230_000, 240_000, 250_000].map(|from| count(from, from + 10_000, 1..=12));
    assert!(years.is_sorted(), "{years:?}");
}

#[test]
fn pictures_are_small_png_files() {
    for category in Company::generate().categories {
        assert!(category.picture.starts_with(b"\x89PNG"), "{}", category.name);
        assert!(category.picture.len() <= 25 * 1024, "{}", category.name);
        assert!(!category.season.is_empty(), "{} has no season", category.name);
    }
}
