//! The whole flow.

use std::sync::Arc;

use chrono::TimeDelta;
use pressroom_contracts::fakes::ManualClock;
use pressroom_contracts::suites::identity_provider::{Fixture, Visit};
use pressroom_domain::Secret;
use pressroom_identity::{Config, ConfigError, OpenIdProvider};
use pressroom_ports::{
    Clock, IdentityError, IdentityProvider, PendingIdentity, Random, SystemClock,
};

use crate::browser::sign_in;
use crate::process::{Process, REDIRECT_URL, SECRET};

/// Random enough for a test: it differs from test to test, and from call to call.
#[derive(Default)]
struct TestRandom;

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        use std::hash::{BuildHasher, Hasher, RandomState};
        for piece in bytes.chunks_mut(8) {
            let number = RandomState::new().build_hasher().finish().to_le_bytes();
            piece.copy_from_slice(&number[..piece.len()]);
        }
    }
}

pub(crate) fn config(issuer: &str) -> Config {
    Config {
        name: "Example".into(),
        issuer: issuer.to_owned(),
        client_id: "pressroom".into(),
        client_secret: Some(Secret::new(SECRET)),
        scopes: ["profile", "email", "groups"].map(str::to_owned).into(),
        redirect_url: REDIRECT_URL.into(),
        timeout: Config::TIMEOUT,
    }
}

pub(crate) fn adapter(config: Config, clock: Arc<dyn Clock>) -> OpenIdProvider {
    OpenIdProvider::new(config, clock, Arc::new(TestRandom)).unwrap()
}

async fn fixture() -> Fixture {
    let process = Process::start(None);
    let provider = Arc::new(adapter(config(&process.issuer), Arc::new(SystemClock)));
    let visit = |url: String| Box::pin(async move { sign_in(&url, "ann").await }) as Visit;
    Fixture {
        provider,
        visit: Box::new(visit),
        subject: "ann",
        user_name: "ann",
        guard: Box::new(process),
    }
}

pressroom_contracts::identity_provider_contract!(fixture);

/// A clock that tests move, at the time that it is.
fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(SystemClock.now()))
}

/// The first half, and the browser's part.
async fn half(provider: &OpenIdProvider) -> (Secret, PendingIdentity) {
    let begun = provider.begin().await.unwrap();
    let (code, _) = sign_in(&begun.url, "ann").await;
    (code, begun.pending)
}

fn check_refused<T: std::fmt::Debug>(answer: Result<T, IdentityError>, words: &str) {
    match answer {
        Err(IdentityError::Refused(why)) => assert!(why.contains(words), "{why}"),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn all_that_a_provider_tells_arrives() {
    let process = Process::start(Some("writers,größe"));
    let provider = adapter(config(&process.issuer), Arc::new(SystemClock));
    let begun = provider.begin().await.unwrap();
    assert!(begun.url.contains("code_challenge_method=S256"), "{}", begun.url);
    assert!(!begun.url.contains(begun.pending.verifier.reveal()), "the verifier stays here");
    let (code, _) = sign_in(&begun.url, "ann").await;
    let claims = provider.finish(&code, &begun.pending).await.unwrap();
    assert_eq!(claims.subject.issuer(), process.issuer);
    assert_eq!(claims.first_name.as_deref(), Some("Ann"));
    assert_eq!(claims.last_name.as_deref(), Some("Ångström"));
    assert_eq!(claims.email.as_deref(), Some("ann@example.com"));
    assert!(claims.email_verified);
    assert_eq!(claims.groups, Some(vec!["writers".to_owned(), "größe".to_owned()]));
}

#[tokio::test]
async fn an_id_token_whose_time_has_passed_is_refused() {
    let process = Process::start(None);
    let clock = clock();
    let provider = adapter(config(&process.issuer), clock.clone());
    let (code, pending) = half(&provider).await;
    // An ID token of this provider lasts an hour.
    clock.advance(TimeDelta::minutes(62));
    check_refused(provider.finish(&code, &pending).await, "expired");
}

#[tokio::test]
async fn a_clock_may_be_a_little_wrong_but_not_much() {
    let process = Process::start(None);
    let clock = clock();
    let provider = adapter(config(&process.issuer), clock.clone());
    clock.advance(TimeDelta::seconds(-45));
    let (code, pending) = half(&provider).await;
    assert!(provider.finish(&code, &pending).await.is_ok());
    clock.advance(TimeDelta::seconds(-45));
    let (code, pending) = half(&provider).await;
    check_refused(provider.finish(&code, &pending).await, "issued at");
}

#[tokio::test]
async fn keys_may_be_replaced() {
    // By a key of another id, and by one of the same id.
    for key_id in ["second", "first"] {
        let process = Process::start(None);
        let clock = clock();
        let provider = adapter(config(&process.issuer), clock.clone());
        let (code, pending) = half(&provider).await;
        provider.finish(&code, &pending).await.unwrap();
        let process = process.replaced(key_id);
        let (code, pending) = half(&provider).await;
        // It was asked a moment ago: it is not asked again for every wrong signature.
        check_refused(provider.finish(&code, &pending).await, "refused");
        clock.advance(TimeDelta::seconds(11));
        let (code, pending) = half(&provider).await;
        assert!(provider.finish(&code, &pending).await.is_ok(), "{key_id}");
        drop(process);
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_from_one_that_refuses() {
    let process = Process::start(None);
    let clock = clock();
    let provider = adapter(config(&process.issuer), clock.clone());
    let (code, pending) = half(&provider).await;
    drop(process);
    let error = provider.finish(&code, &pending).await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable { .. }), "{error:?}");
    assert!(provider.begin().await.is_ok(), "where its endpoints are is known for a while");
    clock.advance(TimeDelta::hours(25));
    let error = provider.begin().await.unwrap_err();
    assert!(error.to_string().starts_with("Example is not available for signing in: "), "{error}");
}

#[tokio::test]
async fn a_wrong_secret_is_the_sites_fault() {
    let process = Process::start(None);
    let wrong = Config { client_secret: Some(Secret::new("x")), ..config(&process.issuer) };
    let provider = adapter(wrong, Arc::new(SystemClock));
    let (code, pending) = half(&provider).await;
    let error = provider.finish(&code, &pending).await.unwrap_err();
    assert!(error.to_string().contains("check identity.client_id"), "{error}");
}

#[test]
fn what_cannot_be_a_provider_is_told_at_the_start() {
    let check = |change: &dyn Fn(&mut Config), words: &str| {
        let mut config = config("https://id.example.com");
        change(&mut config);
        let made = OpenIdProvider::new(config, Arc::new(SystemClock), Arc::new(TestRandom));
        let error: ConfigError = made.unwrap_err();
        assert!(error.to_string().starts_with(words), "{error}");
    };
    check(&|config| config.issuer = "id".into(), "the issuer is not an address");
    check(
        &|config| config.issuer = "http://id.example.com".into(),
        "the issuer http://id.example.com must begin with https://",
    );
    check(&|config| config.redirect_url = "x".into(), "where the provider sends browsers back to");
}
