//! A browser of few words: it follows redirections, keeps cookies and posts the provider's forms.

use std::collections::BTreeMap;

use openidconnect::url::{Url, form_urlencoded};
use pressroom_domain::Secret;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::process::REDIRECT_URL;

/// Goes to an address that a sign-in began with, signs in there as somebody, agrees, and gives what the
/// browser brings back: code and state.
pub(crate) async fn sign_in(url: &str, name: &str) -> (Secret, Secret) {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let mut url = Url::parse(url).unwrap();
    let mut form: Option<String> = None;
    for _ in 0..20 {
        let request = match form.take() {
            Some(form) => client
                .post(url.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
            None => client.get(url.clone()),
        };
        let kept: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, kept.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        if let Some(location) = answer.headers().get(LOCATION) {
            url = url.join(location.to_str().unwrap()).unwrap();
            if url.as_str().starts_with(REDIRECT_URL) {
                return brought_back(&url);
            }
            continue;
        }
        let status = answer.status();
        let page = answer.text().await.unwrap();
        assert!(status.is_success(), "{url}: {page}");
        // It asks who one is, then whether one agrees.
        let fields: &[(&str, &str)] = if page.contains("name=\"login\"") {
            &[("prompt", "login"), ("login", name), ("password", "any")]
        } else {
            &[("prompt", "consent")]
        };
        form = Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish());
    }
    panic!("the provider leads in circles, at last to {url}");
}

fn brought_back(url: &Url) -> (Secret, Secret) {
    let value = |name: &str| {
        let found = url.query_pairs().find(|(found, _)| found == name);
        Secret::new(found.unwrap_or_else(|| panic!("no {name} in {url}")).1)
    };
    (value("code"), value("state"))
}
