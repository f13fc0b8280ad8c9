//! `licenses`: under which licences all parts come.

use crate::output::say;

/// The parts and their licences. `licenses/crates.txt` is written by a test from what Cargo knows.
const PARTS: [(&str, &str); 7] = [
    (
        "Pressroom: MIT, at your choice instead of Apache-2.0",
        include_str!("../../../../LICENSE-MIT"),
    ),
    (
        "Pressroom: Apache-2.0, at your choice instead of MIT",
        include_str!("../../../../LICENSE-APACHE"),
    ),
    ("Typefaces Liberation, Carlito and Caladea", include_str!("../../../fonts/faces/OFL.txt")),
    ("Typefaces DejaVu", include_str!("../../licenses/DejaVu.txt")),
    (
        "Cultures (Unicode CLDR) and the tables of characters",
        include_str!("../../licenses/Unicode.txt"),
    ),
    ("Swagger UI", include_str!("../../licenses/SwaggerUi.txt")),
    ("Crates that are part of this program", include_str!("../../licenses/crates.txt")),
];

/// Prints every licence.
pub(crate) fn run() -> anyhow::Result<()> {
    for (part, text) in PARTS {
        let line = "=".repeat(part.chars().count());
        say(format_args!("{part}\n{line}\n\n{}\n\n", text.trim()))?;
    }
    Ok(())
}
