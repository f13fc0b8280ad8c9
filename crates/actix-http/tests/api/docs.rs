//! `GET /api/docs`: the page to read and to try the API.

use crate::site::Site;

const FILES: [(&str, &str); 4] = [
    ("start.js", "text/javascript; charset=utf-8"),
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("favicon-32x32.png", "image/png"),
];

#[actix_web::test]
async fn everyone_may_read_the_page_and_it_takes_nothing_from_elsewhere() {
    let site = Site::new().await;
    for address in ["GET /api/docs", "GET /api/docs/", "GET /API/Docs"] {
        let page = site.ask(address).send().await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'"
        );
        let text = String::from_utf8(page.body.to_vec()).unwrap();
        for attribute in ["href=\"", "src=\""] {
            for (at, _) in text.match_indices(attribute) {
                let address = &text[at + attribute.len()..];
                assert!(address.starts_with("/api/"), "{}", &address[..20]);
            }
        }
        for (name, _) in FILES {
            assert!(text.contains(&format!("\"/api/docs/{name}\"")), "{name}");
        }
        // The policy would not let it run.
        assert!(!text.contains("<script>"));
    }
}

#[actix_web::test]
async fn its_files_are_sent_once() {
    let site = Site::new().await;
    for (name, kind) in FILES {
        let address = format!("GET /api/docs/{name}");
        let file = site.ask(&address).send().await;
        assert_eq!((file.status, file.header("content-type")), (200, kind), "{name}");
        assert!(!file.body.is_empty(), "{name}");
        let tag = file.header("etag").to_owned();
        let again = site.ask(&address).header("If-None-Match", &tag).send().await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
    }
    let page = site.ask("GET /api/docs").send().await;
    let tag = page.header("etag").to_owned();
    let again = site.ask("GET /api/docs").header("If-None-Match", &tag).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[actix_web::test]
async fn the_script_reads_the_description_of_this_server() {
    let site = Site::new().await;
    let script = site.ask("GET /api/docs/start.js").send().await;
    let text = String::from_utf8(script.body.to_vec()).unwrap();
    for part in ["\"/api/openapi.json\"", "persistAuthorization: false", "validatorUrl: null"] {
        assert!(text.contains(part), "{part}");
    }
}

#[actix_web::test]
async fn no_other_file_is_there() {
    let site = Site::new().await;
    for name in [
        "index.html",
        "swagger-initializer.js",
        "oauth2-redirect.html",
        "nothing.css",
        "..%2F..%2Fopenapi.json",
        "%2e%2e%2fswagger-ui.css",
        "..%5Cswagger-ui.css",
        "swagger-ui.css%00",
        "sub/swagger-ui.css",
        "/swagger-ui.css",
        "%2Fetc%2Fpasswd",
    ] {
        let answer = site.ask(&format!("GET /api/docs/{name}")).send().await;
        assert_eq!(answer.status, 404, "{name}");
    }
    site.ask("POST /api/docs").send().await.problem(405);
}
