//! Signing in, as RFC 6749 has it, and signing out, as RFC 7009 has it.

use std::net::IpAddr;

use actix_web::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pressroom_application::tokens;
use pressroom_domain::Secret;
use serde::Serialize;
use utoipa::ToSchema;

/// A form that asks for a token.
#[derive(Debug)]
pub(crate) enum TokenRequest {
    /// A user name and a password.
    Password(tokens::IssueToken),
    /// A refresh token.
    Refresh(Secret),
    /// An API key.
    Client(tokens::ClientCredentials),
}

/// Why a form is not taken, by the names of RFC 6749 §5.2.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "error": "invalid_grant", "error_description": "the user name or the password is wrong",
}))]
pub(crate) struct TokenError {
    /// `invalid_request`, `invalid_grant`, `invalid_client` or `unsupported_grant_type`.
    error: &'static str,
    error_description: String,
}

impl TokenError {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, error_description: description.into() }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    fn unsupported(grant_type: &str) -> Self {
        let shown: String = grant_type.chars().filter(|c| !c.is_control()).take(40).collect();
        let known = "password, refresh_token and client_credentials are";
        Self::new("unsupported_grant_type", format!("grant_type \"{shown}\" is not taken; {known}"))
    }

    /// 401 where a program did not show who it is, else 400.
    pub(crate) fn status(&self) -> StatusCode {
        match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// The fields of a form, each at most once. A field without a value is as good as none.
struct Form<const N: usize>([(&'static str, Option<String>); N]);

impl<const N: usize> Form<N> {
    fn read(form: &[u8], names: [&'static str; N]) -> Result<Self, TokenError> {
        let mut fields = names.map(|name| (name, None));
        for (name, value) in form_urlencoded::parse(form) {
            let Some((_, field)) = fields.iter_mut().find(|(known, _)| *known == name) else {
                continue;
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(TokenError::invalid_request(format!("{name} is given twice")));
            }
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let field = self.0.iter_mut().find(|(known, _)| *known == name);
        field.and_then(|(_, value)| value.take()).filter(|text| !text.is_empty())
    }

    fn required(&mut self, name: &str) -> Result<String, TokenError> {
        self.take(name).ok_or_else(|| TokenError::invalid_request(format!("{name} is missing")))
    }
}

impl TokenRequest {
    /// Reads a form, and the `Authorization` header that a program may show its key in.
    pub(crate) fn read(
        form: &[u8],
        authorization: Option<&str>,
        from: Option<IpAddr>,
    ) -> Result<Self, TokenError> {
        let names =
            ["grant_type", "username", "password", "refresh_token", "client_id", "client_secret"];
        let mut form = Form::read(form, names)?;
        let grant_type = form.take("grant_type").ok_or_else(|| {
            let form = "grant_type=password&username=…&password=…";
            TokenError::invalid_request(format!("grant_type is missing; send the form {form}"))
        })?;
        match &*grant_type {
            "password" => {
                let user_name = form.required("username")?;
                // The guest's is empty.
                let password = Secret::new(form.take("password").unwrap_or_default());
                Ok(Self::Password(tokens::IssueToken { user_name, password, from }))
            }
            "refresh_token" => Ok(Self::Refresh(Secret::new(form.required("refresh_token")?))),
            "client_credentials" => {
                let in_header = authorization.and_then(basic);
                let (client_id, secret) = match in_header {
                    Some(shown) => shown,
                    None => (form.required("client_id")?, form.required("client_secret")?),
                };
                let secret = Secret::new(secret);
                Ok(Self::Client(tokens::ClientCredentials { client_id, secret, from }))
            }
            other => Err(TokenError::unsupported(other)),
        }
    }
}

/// The token of a form that ends one.
pub(crate) fn revoked_token(form: &[u8]) -> Result<Secret, TokenError> {
    Form::read(form, ["token"])?.required("token").map(Secret::new)
}

/// The id and secret of a header by RFC 6749 §2.3.1: each is written as in a form, before it becomes
/// a part of HTTP Basic.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        let pair = form_urlencoded::parse(text.as_bytes()).next();
        pair.map(|(name, _)| name.into_owned()).unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}

/// A token. Flat: existing clients read it as a map of texts.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "pr_5jT0…", "token_type": "bearer", "expires_in": 1199,
    "refresh_token": "pr_r9Kx…",
}))]
pub(crate) struct Token {
    access_token: String,
    /// `bearer`.
    token_type: &'static str,
    /// In seconds.
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// For the next token, once.
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

impl From<tokens::IssuedToken> for Token {
    fn from(issued: tokens::IssuedToken) -> Self {
        Self {
            access_token: issued.token.reveal().to_owned(),
            token_type: "bearer",
            expires_in: issued.expires_in,
            refresh_token: issued.refresh.map(|token| token.reveal().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, header: Option<&str>) -> Result<String, &'static str> {
        match TokenRequest::read(form.as_bytes(), header, None) {
            Ok(TokenRequest::Password(wish)) => {
                Ok(format!("{} {}", wish.user_name, wish.password.reveal()))
            }
            Ok(TokenRequest::Refresh(token)) => Ok(format!("refresh {}", token.reveal())),
            Ok(TokenRequest::Client(wish)) => {
                Ok(format!("client {} {}", wish.client_id, wish.secret.reveal()))
            }
            Err(error) => Err(error.error),
        }
    }

    fn check(form: &str, expect: Result<&str, &str>) {
        assert_eq!(read(form, None), expect.map(str::to_owned), "{form}");
    }

    #[test]
    fn forms() {
        check("grant_type=password&username=ann&password=secret", Ok("ann secret"));
        check("username=a%20b&password=x%26y+z&grant_type=password&scope=all", Ok("a b x&y z"));
        check("grant_type=password&username=Guest&password=", Ok("Guest "));
        check("grant_type=password&username=Guest", Ok("Guest "));
        check("", Err("invalid_request"));
        check("grant_type=password", Err("invalid_request"));
        check("grant_type=password&username=a&username=b", Err("invalid_request"));
        check("grant_type=refresh_token&refresh_token=abc", Ok("refresh abc"));
        check("grant_type=refresh_token&refresh_token=", Err("invalid_request"));
        check("grant_type=client_credentials&client_id=a&client_secret=b", Ok("client a b"));
        check("grant_type=client_credentials&client_id=a", Err("invalid_request"));
        check("grant_type=implicit&username=a", Err("unsupported_grant_type"));
        check("{\"grant_type\":\"password\"}", Err("invalid_request"));
    }

    #[test]
    fn programs_may_show_their_key_in_a_header() {
        let form = "grant_type=client_credentials";
        for (header, expect) in [
            ("Basic YTpi", Ok("client a b")),
            ("basic YTpi", Ok("client a b")),
            // a%3Ab:c+d
            ("Basic YSUzQWI6Yytk", Ok("client a:b c d")),
            ("Basic YTo=", Ok("client a ")),
            ("Basic *", Err("invalid_request")),
            ("Basic", Err("invalid_request")),
            ("Bearer YTpi", Err("invalid_request")),
            ("Basic gICA", Err("invalid_request")),
        ] {
            assert_eq!(read(form, Some(header)), expect.map(str::to_owned), "{header}");
        }
    }
}
