//! What mails say: texts with placeholders such as `#Link#`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use pressroom_domain::{EmailAddress, Mail};

use crate::App;

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Template {
    /// An account was made: a link to choose a password.
    Activation,
    /// A password was forgotten: a link to choose another.
    PasswordReset,
    /// A job made a document: a link to it.
    DocumentLink,
    /// A job made a document, which is attached.
    AttachedDocument,
    /// A job failed.
    JobError,
}

/// Something that differs from mail to mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// `#Link#`: an address to follow.
    Link,
    /// `#LoginName#`: what the receiver types to sign in.
    LoginName,
    /// `#UserName#`: what the receiver is called.
    UserName,
    /// `#DocumentName#`
    DocumentName,
    /// `#DocumentCategory#`
    DocumentCategory,
    /// `#DocumentParameters#`: with which values it was made.
    DocumentParameters,
    /// `#Task#`: the job's name.
    Task,
    /// `#TaskOptions#`: how the job is set up.
    TaskOptions,
    /// `#ErrorMessage#`: why it failed.
    ErrorMessage,
    /// `#SiteName#`: what the site is called. Always there.
    SiteName,
}

/// What stands for placeholders. One without a value stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Values(BTreeMap<Placeholder, String>);

/// Subject and text, and HTML.
struct Source {
    /// The subject is the first line.
    text: &'static str,
    html: &'static str,
}

macro_rules! source {
    ($name:literal) => {
        Source {
            text: include_str!(concat!("templates/", $name, ".txt")),
            html: include_str!(concat!("templates/", $name, ".html")),
        }
    };
}

/// What makes a page of the parts.
const HTML_HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<body>\n";
const HTML_END: &str = "</body>\n</html>\n";

/// What stands below every mail; it has no subject.
const FOOTER: Source = source!("footer");

impl Template {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Activation,
        Self::PasswordReset,
        Self::DocumentLink,
        Self::AttachedDocument,
        Self::JobError,
    ];

    const fn source(self) -> Source {
        match self {
            Self::Activation => source!("activation"),
            Self::PasswordReset => source!("password_reset"),
            Self::DocumentLink => source!("document_link"),
            Self::AttachedDocument => source!("attached_document"),
            Self::JobError => source!("job_error"),
        }
    }
}

impl Placeholder {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Link, "Link"),
        (Self::LoginName, "LoginName"),
        (Self::UserName, "UserName"),
        (Self::DocumentName, "DocumentName"),
        (Self::DocumentCategory, "DocumentCategory"),
        (Self::DocumentParameters, "DocumentParameters"),
        (Self::Task, "Task"),
        (Self::TaskOptions, "TaskOptions"),
        (Self::ErrorMessage, "ErrorMessage"),
        (Self::SiteName, "SiteName"),
    ];

    fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(placeholder, _)| *placeholder)
    }
}

impl Values {
    /// The same with a value.
    #[must_use]
    pub fn with(mut self, placeholder: Placeholder, value: impl Into<String>) -> Self {
        self.0.insert(placeholder, value.into());
        self
    }

    /// A text with the values in place of its placeholders. What a value holds is never taken for a
    /// placeholder.
    fn fill(&self, text: &str, show: fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('#') {
            filled.push_str(before);
            let value = after.split_once('#').and_then(|(name, after)| {
                let value = self.0.get(&Placeholder::find(name)?)?;
                Some((show(value), after))
            });
            match value {
                Some((value, after)) => {
                    filled.push_str(&value);
                    rest = after;
                }
                None => {
                    filled.push('#');
                    rest = after;
                }
            }
        }
        filled + rest
    }
}

/// A text as HTML shows it, in elements and in attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A mail of a template, with the site's footer.
#[must_use]
pub fn compose(
    app: &App,
    template: Template,
    to: Vec<EmailAddress>,
    values: Values,
    useful_until: Option<DateTime<Utc>>,
) -> Mail {
    let values = values.with(Placeholder::SiteName, &app.settings.site_name);
    let Source { text, html } = template.source();
    let (subject, text) = text.split_once('\n').unwrap_or((text, ""));
    let plain = |text: &str| values.fill(text, str::to_owned);
    let rich = |html: &str| values.fill(html, escaped);
    Mail {
        to,
        subject: plain(subject.trim()),
        text: format!("{}\n{}", plain(text.trim_start()), plain(FOOTER.text)),
        html: format!("{HTML_HEAD}{}{}{HTML_END}", rich(html), rich(FOOTER.html)),
        useful_until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    fn check(text: &str, expect: &str) {
        let values = Values::default()
            .with(Placeholder::Link, "https://a/?b&c")
            .with(Placeholder::UserName, "#Link# <Ann>");
        assert_eq!(values.fill(text, str::to_owned), expect, "{text}");
    }

    #[test]
    fn placeholders_give_way_to_values_and_others_stay() {
        check("", "");
        check("Dear #UserName#, see #Link#.", "Dear #Link# <Ann>, see https://a/?b&c.");
        check("##Link##", "#https://a/?b&c#");
        check("#Task# #Unknown# #link# # 1 #", "#Task# #Unknown# #link# # 1 #");
        check("#Unknown#Link#", "#Unknownhttps://a/?b&c");
        check("#Link", "#Link");
    }

    #[test]
    fn values_are_escaped_in_html_only() {
        let values = Values::default().with(Placeholder::UserName, "<b>\"A\" & 'B'</b>");
        let html = values.fill("<p title=\"#UserName#\">", escaped);
        assert_eq!(html, "<p title=\"&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;\">");
    }

    /// Every mail has words for its subject, text and HTML, uses only placeholders that there are, and
    /// tells which site it is from.
    #[tokio::test]
    async fn all_mails_are_whole() {
        let site = Site::new().await;
        for template in Template::ALL {
            let filled =
                Placeholder::ALL.iter().fold(Values::default(), |values, (place, name)| {
                    values.with(*place, format!("<{name}>"))
                });
            let mail = compose(&site.app, template, Vec::new(), filled, None);
            let Mail { subject, text, html, .. } = &mail;
            assert!(!subject.is_empty() && !subject.contains('\n'), "{template:?}");
            assert!(!text.contains('#') && !subject.contains('#'), "{template:?}: {text}");
            assert!(!html.replace("&#39;", "").contains('#'), "{template:?}: {html}");
            assert!(!html.contains("<Link>"), "{template:?}: {html}");
            assert!(text.contains("Pressroom") && html.contains("Pressroom"), "{template:?}");
        }
    }
}
