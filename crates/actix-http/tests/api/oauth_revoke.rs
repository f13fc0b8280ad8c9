//! `/oauth/revoke`

use serde_json::Value;

use crate::site::Site;

const FORM: &str = "grant_type=password&username=admin&password=secret";

async fn sign_in(site: &Site) -> Value {
    site.ask("POST /oauth/token").body(FORM).send().await.json()
}

#[actix_web::test]
async fn either_token_ends_the_sign_in() {
    let site = Site::new().await;
    for member in ["access_token", "refresh_token"] {
        let issued = sign_in(&site).await;
        let other = site.admin().await;
        let form = format!("token_type_hint={member}&token={}", issued[member].as_str().unwrap());
        let answer = site.ask("POST /oauth/revoke").body(form).send().await;
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{member}");
        let token = issued["access_token"].as_str().unwrap();
        site.ask("GET /api/categories").token(token).send().await.problem(401);
        let refresh = issued["refresh_token"].as_str().unwrap();
        let form = format!("grant_type=refresh_token&refresh_token={refresh}");
        assert_eq!(site.ask("POST /oauth/token").body(form).send().await.status, 400);
        assert_eq!(site.ask("GET /api/categories").token(&other).send().await.status, 200);
    }
}

#[actix_web::test]
async fn whether_there_was_a_token_is_not_told() {
    let site = Site::new().await;
    for form in ["token=x", "token=%00&token_type_hint=soap"] {
        assert_eq!(site.ask("POST /oauth/revoke").body(form).send().await.status, 200, "{form}");
    }
    for form in ["", "token=", "token=a&token=b", "{}"] {
        let answer = site.ask("POST /oauth/revoke").body(form).send().await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &"invalid_request".into()));
    }
    site.ask("GET /oauth/revoke").send().await.problem(405);
}
