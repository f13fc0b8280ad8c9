//! How statements are written.
//!
//! Diesel writes a statement from front to back, a word at a time, and some words of T-SQL stand
//! where Diesel has passed already, or are no words of Diesel's at all. Where a whole clause can be
//! written anew it is, in the modules below; what remains is for [`TdsQueryBuilder`], which knows
//! how far the statement is.

mod batch_insert;
mod combination;
mod concat;
mod exists;
mod hints;
mod limit_offset;
mod output;
mod save_changes;
mod select;
mod writer;

pub use hints::{HintDsl, NothingMore, TableHints, WithHints};
pub use writer::TdsQueryBuilder;

use diesel::internal::derives::multiconnection::AstPassHelper as _;
use diesel::query_builder::AstPass;

use crate::backend::Tds;

/// Lets a clause speak to the builder itself, where one is at work: the same walk also collects
/// parameters, and then there is none.
fn tell(out: &mut AstPass<'_, '_, Tds>, what: impl Fn(&mut TdsQueryBuilder)) {
    let told = |builder: &mut TdsQueryBuilder| what(builder);
    out.reborrow().cast_database::<Tds>(
        |collector| collector,
        |builder| {
            told(builder);
            builder
        },
        |backend| backend,
        |lookup| lookup,
    );
}
