//! The cookie of a session, and the marks in forms that are bound to it.

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderValue};
use pressroom_domain::Secret;
use pressroom_ports::Random;
use sha2::{Digest, Sha256};

/// Holds the access token of whoever is signed in.
const COOKIE_NAME: &str = "pressroom_session";
/// The random part of a mark.
const SALT_BYTES: usize = 16;

/// The access token that a request's cookie holds.
pub(crate) fn of(request: &HttpRequest) -> Option<Secret> {
    let cookies = request.headers().get_all(COOKIE).filter_map(|header| header.to_str().ok());
    cookies
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE_NAME && !value.is_empty())
        .map(|(_, value)| Secret::new(value))
}

/// The header that starts a session. It ends with the browser; the server ends it earlier.
pub(crate) fn begin(token: &Secret, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Lax{secure}", token.reveal());
    let mut header = HeaderValue::from_str(&cookie).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The header that ends a session.
pub(crate) fn end(secure: bool) -> HeaderValue {
    if secure {
        HeaderValue::from_static(
            "pressroom_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
        )
    } else {
        HeaderValue::from_static("pressroom_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    }
}

/// A mark for a form, which only who knows the session can make. It differs from page to page, so that
/// nothing can be learned about it from how well pages compress.
pub(crate) fn mark(session: &Secret, random: &dyn Random) -> String {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt);
    hex(&salt) + &hex(&digest(session, &salt))
}

/// Whether a mark was made for this session.
pub(crate) fn is_marked(session: &Secret, mark: &str) -> bool {
    let Some((salt, told)) = mark.split_at_checked(2 * SALT_BYTES) else { return false };
    let Some(salt) = unhex(salt) else { return false };
    let right = hex(&digest(session, &salt));
    // Every byte is looked at, whichever is wrong.
    let differences = right.bytes().zip(told.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    right.len() == told.len() && differences == 0
}

fn digest(session: &Secret, salt: &[u8]) -> [u8; 32] {
    let hash = Sha256::new().chain_update(b"form\0").chain_update(session.reveal());
    hash.chain_update(salt).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use pressroom_contracts::fakes::CountingRandom;

    use super::*;

    #[test]
    fn the_token_is_found_among_cookies() {
        let check = |cookies: &[&str], expect: Option<&str>| {
            let request = TestRequest::default();
            let request = cookies
                .iter()
                .fold(request, |request, cookie| request.append_header((COOKIE, *cookie)));
            let found = of(&request.to_http_request());
            assert_eq!(found.as_ref().map(Secret::reveal), expect, "{cookies:?}");
        };
        check(&["pressroom_session=abc"], Some("abc"));
        check(&["a=b; pressroom_session=abc ;c"], Some("abc"));
        check(&["a=b", "pressroom_session=abc"], Some("abc"));
        check(&["pressroom_session="], None);
        check(&["xpressroom_session=abc"], None);
        check(&[], None);
    }

    #[test]
    fn a_mark_is_good_for_its_session_only() {
        let (session, other) = (Secret::new("one"), Secret::new("two"));
        let random = CountingRandom::default();
        let (first, second) = (mark(&session, &random), mark(&session, &random));
        assert_ne!(first, second);
        assert!(is_marked(&session, &first) && is_marked(&session, &second));
        for (session, mark) in [
            (&other, first.as_str()),
            (&session, ""),
            (&session, &first[..first.len() - 1]),
            (&session, &first.replace(&first[..2], "zz")),
            (&session, &format!("{first}0")),
            (&session, "ä"),
        ] {
            assert!(!is_marked(session, mark), "{mark}");
        }
    }

    #[test]
    fn a_cookie_is_for_this_server_and_no_script() {
        let token = Secret::new("abc");
        let header = |secure| begin(&token, secure).unwrap().to_str().unwrap().to_owned();
        let plain = "pressroom_session=abc; Path=/; HttpOnly; SameSite=Lax";
        assert_eq!(header(false), plain);
        assert_eq!(header(true), format!("{plain}; Secure"));
        assert!(begin(&Secret::new("a\nb"), false).is_none());
    }
}
