//! The reference of all settings: `docs/configuration.md`.

use std::fmt::Write;

use super::Settings;

const OPENING: &str = "\
# Configuration

<!-- Written from crates/server/src/config/settings.rs; a test keeps both the same. -->

A setting is a key of a section in the file that `--config` names (TOML), and a variable of the
environment: `limits.export_pages` is `PRESSROOM_LIMITS__EXPORT_PAGES`. Some have a flag. Flags go
over variables, and variables over the file. A setting that does not exist or cannot be understood
is told at the start, with the place where it was set.

```toml
[server]
listen = \"0.0.0.0:8080\"

[limits]
export_pages = 10_000
```

`PRESSROOM_ADMIN_PASSWORD` is no setting: it is read at the first start, for the password of `admin`.
";

/// The reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = OPENING.to_owned();
    for section in Settings::reference() {
        let _ = write!(text, "\n## {}\n\n{}\n\n", section.name, section.about);
        text.push_str("| key | unless set | what it does |\n|---|---|---|\n");
        for setting in section.settings {
            let default = setting.default.map(|default| format!("`{default}`")).unwrap_or_default();
            let _ = writeln!(text, "| `{}` | {default} | {} |", setting.key, setting.about);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        if written != reference() {
            // Whoever changes a setting finds the document changed, and commits both.
            std::fs::write(path, reference()).unwrap();
            panic!("docs/configuration.md was not up to date and has been written again");
        }
    }
}
