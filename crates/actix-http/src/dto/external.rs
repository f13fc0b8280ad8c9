//! Signing in through another provider: what stands in addresses.

use std::net::IpAddr;

use pressroom_application::sign_in::external::FinishSignIn;
use pressroom_domain::Secret;

/// Where to go once signed in.
pub(crate) fn return_to(query: &str) -> Option<String> {
    value(query, "returnTo")
}

/// What a browser brings back from the provider.
pub(crate) fn brought_back(
    query: &str,
    remembered: Option<Secret>,
    from: Option<IpAddr>,
) -> FinishSignIn {
    FinishSignIn {
        remembered,
        code: value(query, "code").map(Secret::new),
        state: value(query, "state").map(Secret::new),
        error: value(query, "error"),
        from,
    }
}

/// The value of a name in any letter case; the first counts.
fn value(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.into_owned())
}
