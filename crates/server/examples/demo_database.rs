//! Writes the demo's database to a path, so that its reports can be rendered without a server:
//!
//! ```sh
//! cargo run --example demo_database -- demo.db
//! pressroom render crates/server/demo/reports/invoice.repx --source Demo=sqlite:///$PWD/demo.db --output invoice.pdf
//! ```

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).context("name the file to write")?;
    pressroom_server::demo::write_database(path.as_ref())?;
    Ok(())
}
