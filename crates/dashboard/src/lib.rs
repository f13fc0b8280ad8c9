//! Dashboard definitions: what a layout consists of, checked.
//!
//! [`Outline::parse`] reads the XML of a dashboard as far as it has to be right before anybody draws
//! it: the items, groups and sources with their component names, and the layout tree, each of whose
//! places names an item. What the items show is read where they are drawn.
//!
//! ```
//! use pressroom_dashboard::Outline;
//!
//! let outline = Outline::parse(
//!     br#"<Dashboard>
//!           <Title Text="Sales"/>
//!           <Items><Grid ComponentName="grid1" Name="By country"/></Items>
//!           <LayoutTree><LayoutGroup><LayoutItem DashboardItem="grid1"/></LayoutGroup></LayoutTree>
//!         </Dashboard>"#,
//! )?;
//! assert_eq!(outline.title.as_deref(), Some("Sales"));
//! assert_eq!(outline.items[0].kind, "Grid");
//! # Ok::<(), pressroom_dashboard::LayoutError>(())
//! ```

mod error;
mod outline;

pub use error::{LayoutError, Mistake};
pub use outline::{DataSource, Item, Outline};
