//! What browsers see until there is a site.

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};

#[actix_web::test]
async fn a_calm_page_looks_again_by_itself() {
    let app = App::new()
        .service(web::scope("").configure(|config| pressroom_portal::closed_pages()(config)));
    let service = init_service(app).await;
    for (method, path) in
        [(Method::GET, "/"), (Method::GET, "/documents/7?a=b"), (Method::POST, "/sign-in")]
    {
        let request = TestRequest::with_uri(path).method(method.clone()).to_request();
        let answer = call_service(&service, request).await;
        assert_eq!(answer.status(), 503, "{path}");
        let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("retry-after"), Some("5"));
        assert_eq!(header("refresh"), (method == Method::GET).then_some("5"));
        assert_eq!(header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(header("cache-control"), Some("no-store"));
        let body = read_body(answer).await;
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(text.contains("<h1>We will be right back</h1>"), "{text}");
        // What the page looks like is there too.
        let style = text.split("stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let request = TestRequest::with_uri(style).to_request();
        assert_eq!(call_service(&service, request).await.status(), 200, "{style}");
    }
}
