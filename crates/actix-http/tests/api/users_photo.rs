//! `/api/users/{id}/photo`

use crate::site::Site;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";

#[actix_web::test]
async fn a_photo_is_put_as_raw_bytes_and_shown_as_what_it_is() {
    let site = Site::new().await;
    let token = site.admin().await;
    site.reader("rita", &[]).await;
    let id = site.app.stores.users.find_by_name("rita").await.unwrap().unwrap().id;
    let ask = |method: &str| site.ask(&format!("{method} /api/users/{id}/photo")).token(&token);

    let none = ask("GET").send().await;
    assert_eq!(none.problem(404), format!("a photo of user {id} does not exist"));
    for (bytes, kind) in [(PNG, "image/png"), (GIF, "image/gif")] {
        // What the sender calls it does not count.
        let put = ask("PUT").header("Content-Type", "text/html").body(bytes).send().await;
        assert_eq!((put.status, put.body.len()), (204, 0), "{put:?}");
        let shown = ask("GET").send().await;
        assert_eq!((shown.status, &*shown.body, shown.header("content-type")), (200, bytes, kind));
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert!(shown.header("content-security-policy").contains("sandbox"));
        let tag = shown.header("etag").to_owned();
        let known = ask("GET").header("If-None-Match", &tag).send().await;
        assert_eq!((known.status, known.body.len()), (304, 0));
        let other = ask("GET").header("If-None-Match", "\"other\"").send().await;
        assert_eq!(other.status, 200);
    }
    assert_eq!(ask("DELETE").send().await.status, 204);
    ask("GET").send().await.problem(404);
}

#[actix_web::test]
async fn what_is_no_photo_is_refused() {
    let site = Site::new().await;
    let token = site.admin().await;
    let id = site.app.stores.users.find_by_name("admin").await.unwrap().unwrap().id;
    let put = async |bytes: Vec<u8>| {
        let ask = site.ask(&format!("PUT /api/users/{id}/photo")).token(&token);
        ask.header("Content-Type", "image/png").body(bytes).send().await
    };
    for bytes in [&b""[..], b"<svg onload='alert(1)'/>", b"<html>", b"BM\0\0"] {
        let detail = put(bytes.to_vec()).await.problem(400);
        assert!(detail.contains("PNG, JPEG, GIF or WebP"), "{detail}");
    }
    let mut large = GIF.to_vec();
    large.resize(1 << 20, 0);
    assert_eq!(put(large.clone()).await.status, 204);
    large.push(0);
    let detail = put(large).await.problem(413);
    assert_eq!(detail, "the body is larger than 1 MiB, which is the most that is taken");
    let ask = site.ask("PUT /api/users/987/photo").token(&token).body(GIF);
    ask.send().await.problem(404);
}

#[actix_web::test]
async fn everybody_sees_their_own_photo_only() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let token = site.reader("rita", &[]).await;
    let id = async |name: &str| site.app.stores.users.find_by_name(name).await.unwrap().unwrap().id;
    let (own, other) = (id("rita").await, id("admin").await);
    for id in [own, other] {
        let ask = site.ask(&format!("PUT /api/users/{id}/photo")).token(&admin).body(GIF);
        assert_eq!(ask.send().await.status, 204);
    }
    let get = async |id| site.ask(&format!("GET /api/users/{id}/photo")).token(&token).send().await;
    assert_eq!(get(own).await.status, 200);
    get(other).await.problem(404);
    let ask = site.ask(&format!("PUT /api/users/{own}/photo")).token(&token).body(PNG);
    ask.send().await.problem(403);
}
