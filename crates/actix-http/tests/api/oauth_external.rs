//! `/oauth/external/start`, `/oauth/external/callback`

use pressroom_actix_http::Config;
use pressroom_contracts::build;

use crate::site::{Answer, Site};

/// A site at an address whose provider knows `ann`, and that lets her in.
async fn site(url: &str) -> Site {
    let change = |settings: &mut pressroom_application::Settings| {
        settings.external.create_users = true;
        settings.site_url = url.to_owned();
    };
    let site = Site::with(change, Config::default()).await;
    site.provider.knows(build::claims("42", "ann"));
    site
}

fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie");
    all.map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// What a browser sends back of a cookie.
fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

/// Both halves, in one browser.
async fn sign_in(site: &Site, return_to: &str) -> Answer {
    let start = site.ask(&format!("GET /oauth/external/start?returnTo={return_to}")).send().await;
    assert_eq!(start.status, 302);
    let (code, state) = site.provider.visit(start.header("location"));
    let callback = format!(
        "GET /oauth/external/callback?code={}&state={}&iss=x",
        code.reveal(),
        state.reveal()
    );
    site.ask(&callback).header("Cookie", pair(&cookies(&start)[0])).send().await
}

#[actix_web::test]
async fn a_browser_goes_there_and_comes_back_signed_in() {
    let site = site("https://reports.example.com").await;
    let start = site.ask("GET /oauth/external/start").send().await;
    assert_eq!((start.status, start.header("cache-control")), (302, "no-store"));
    assert!(start.header("location").starts_with("https://id.example.com/authorise?"));
    let [pending] = &cookies(&start)[..] else { panic!("{start:?}") };
    assert!(
        pending.ends_with("; Path=/oauth/external; Max-Age=600; HttpOnly; SameSite=Lax; Secure"),
        "{pending}"
    );

    let back = sign_in(&site, "/documents?a=b").await;
    assert_eq!((back.status, back.header("cache-control")), (302, "no-store"), "{back:?}");
    assert_eq!(back.header("location"), "/documents?a=b");
    let [session, dropped] = &cookies(&back)[..] else { panic!("{back:?}") };
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{session}");
    assert!(dropped.starts_with("pressroom_sign_in=; ") && dropped.contains("Max-Age=0"));
    let token = pair(session).strip_prefix("pressroom_session=").unwrap();
    assert_eq!(site.ask("GET /api/categories").token(token).send().await.status, 200);
}

#[actix_web::test]
async fn nobody_is_led_elsewhere() {
    let site = site("http://127.0.0.1:8080").await;
    for return_to in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/x", ""] {
        let back = sign_in(&site, return_to).await;
        assert_eq!(back.header("location"), "/", "{return_to}");
        assert!(cookies(&back).iter().all(|cookie| !cookie.contains("Secure")));
    }
}

#[actix_web::test]
async fn what_was_not_begun_in_this_browser_is_refused() {
    let site = site("http://127.0.0.1:8080").await;
    let start = site.ask("GET /oauth/external/start").send().await;
    let (code, state) = site.provider.visit(start.header("location"));
    let (code, state) = (code.reveal(), state.reveal());
    let cookies = cookies(&start);
    let cookie = pair(&cookies[0]);
    let back = async |query: String, cookie: &str| {
        let ask = site.ask(&format!("GET /oauth/external/callback?{query}"));
        ask.header("Cookie", cookie).send().await
    };
    let all = || format!("code={code}&state={state}");
    back(all(), "").await.problem(400);
    back(all(), "pressroom_sign_in=x").await.problem(400);
    back(format!("code={code}&state=x"), cookie).await.problem(400);
    back(String::new(), cookie).await.problem(400);
    assert_eq!(back(all(), &format!("a=b; {cookie}")).await.status, 302);
    let again = back(all(), cookie).await;
    assert!(again.problem(400).contains("was completed before"), "{again:?}");
}

#[actix_web::test]
async fn a_browser_is_told_in_a_page() {
    let site = site("http://127.0.0.1:8080").await;
    let ask = site.ask("GET /oauth/external/callback?error=%3Cscript%3E");
    let page = ask.header("Accept", "text/html,*/*").send().await;
    assert_eq!((page.status, page.header("content-type")), (400, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains("begin again") && !text.contains("<script"), "{text}");

    site.provider.set_away(true);
    let away = site.ask("GET /oauth/external/start").send().await;
    assert!(away.problem(503).contains("Fake is not available for signing in"), "{away:?}");
}

#[actix_web::test]
async fn who_has_no_account_is_told_so() {
    let site = Site::new().await;
    site.provider.knows(build::claims("42", "ann"));
    let back = sign_in(&site, "/").await;
    let detail = "there is no account for \"ann\" here; ask an administrator";
    assert_eq!(back.problem(403), detail);
    assert!(cookies(&back).is_empty());
}
