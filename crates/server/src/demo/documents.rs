//! The six reports of the demo, and its dashboard.

/// A report or dashboard that a new server starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoDocument {
    /// The document's name.
    pub name: &'static str,
    /// What a reader finds in it.
    pub description: &'static str,
    /// The layout, as XML.
    pub layout: &'static str,
}

/// The reports of the demo, in the order in which a list shows them best.
pub const REPORTS: [DemoDocument; 6] = [
    DemoDocument {
        name: "Invoice",
        description: "One order, or a range of them, as it goes to the customer.",
        layout: include_str!("../../demo/reports/invoice.repx"),
    },
    DemoDocument {
        name: "Sales by category",
        description: "What each category and product brought in, with shares and running totals.",
        layout: include_str!("../../demo/reports/sales-by-category.repx"),
    },
    DemoDocument {
        name: "Product catalogue",
        description: "The range with pictures, prices and a word about each product.",
        layout: include_str!("../../demo/reports/product-catalogue.repx"),
    },
    DemoDocument {
        name: "Customer letters",
        description: "The yearly letter, a page for each customer.",
        layout: include_str!("../../demo/reports/customer-letters.repx"),
    },
    DemoDocument {
        name: "Address labels",
        description: "Customers' addresses on A4 sheets of three by eight labels.",
        layout: include_str!("../../demo/reports/address-labels.repx"),
    },
    DemoDocument {
        name: "Order book",
        description: "Every order with its lines, by month; over 1,000 pages for all three years.",
        layout: include_str!("../../demo/reports/order-book.repx"),
    },
];

/// The dashboard of the demo.
pub const DASHBOARD: DemoDocument = DemoDocument {
    name: "Sales at a glance",
    description: "A year in four pictures: its figures, its months, its categories, its countries.",
    layout: include_str!("../../demo/dashboards/sales.xml"),
};
