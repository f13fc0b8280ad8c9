//! The first half: here to there.

use pressroom_domain::Secret;

use super::ExternalError;
use super::pending::{PENDING_FOR, Pending};
use crate::{App, Error};

/// The longest path to come back to.
const LONGEST_PATH: usize = 1_000;

/// A sign-in that began.
#[derive(Clone, Debug)]
pub struct BegunSignIn {
    /// Where to send the browser.
    pub url: String,
    /// What the browser brings along for the second half, and shows nobody else.
    pub remembered: Secret,
}

/// Begins a sign-in. Afterwards the browser goes to `return_to`, which counts where it is a path of
/// this site; else to the first page.
///
/// # Errors
/// [`ExternalError::NoProvider`], [`ExternalError::Failed`] where the provider is away.
pub async fn begin(app: &App, return_to: Option<&str>) -> Result<BegunSignIn, ExternalError> {
    let provider = app.identity.as_ref().ok_or(ExternalError::NoProvider)?;
    let begun = provider.begin().await?;
    let pending = Pending {
        identity: begun.pending,
        return_to: return_to.filter(|path| is_local(path)).unwrap_or("/").to_owned(),
        expires_at: app.clock.now() + PENDING_FOR,
    };
    let remembered =
        app.pending.seal(&*app.random, &pending).ok_or_else(|| Error::Unavailable {
            message: "the sign-in could not be begun; try again in a moment".to_owned(),
            source: "what is to be remembered could not be sealed".into(),
        })?;
    Ok(BegunSignIn { url: begun.url, remembered })
}

/// Whether it is a path of this site, whatever a browser makes of it: browsers take a backslash for a
/// slash, drop line ends and tabs, and read two slashes as another host.
fn is_local(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    path.len() <= LONGEST_PATH
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for path in ["/", "/documents/7?a=b#c", "/a//b", "/%2F/x"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "documents",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "https://evil.example",
            "javascript:alert(1)",
            " /",
            "/ü",
            &format!("/{}", "a".repeat(LONGEST_PATH)),
        ] {
            assert!(!is_local(path), "{path}");
        }
    }

    #[tokio::test]
    async fn without_a_provider_there_is_nothing_to_begin() {
        let site = Site::new().await;
        let answer = begin(&site.app, None).await;
        assert!(matches!(answer, Err(ExternalError::NoProvider)), "{answer:?}");
    }
}
