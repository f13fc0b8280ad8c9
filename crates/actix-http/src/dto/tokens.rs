//! Signing in, as RFC 6749 has it.

use std::net::IpAddr;

use pressroom_application::tokens;
use pressroom_domain::Secret;
use serde::Serialize;

/// A form that asks for a token.
#[derive(Debug)]
pub(crate) struct SignIn(pub(crate) tokens::IssueToken);

/// Why a form is not taken, by the names of RFC 6749 §5.2.
#[derive(Debug, Serialize)]
pub(crate) struct TokenError {
    error: &'static str,
    error_description: String,
}

impl TokenError {
    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self { error: "invalid_request", error_description: description.into() }
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self { error: "invalid_grant", error_description: description.into() }
    }

    fn unsupported(grant_type: &str) -> Self {
        let shown: String = grant_type.chars().filter(|c| !c.is_control()).take(40).collect();
        let error_description = format!("grant_type \"{shown}\" is not built yet; password is");
        Self { error: "unsupported_grant_type", error_description }
    }
}

impl SignIn {
    /// Reads a form. A field without a value is as good as none, but a password may be empty.
    pub(crate) fn read(form: &[u8], from: Option<IpAddr>) -> Result<Self, TokenError> {
        let mut fields = [("grant_type", None), ("username", None), ("password", None)];
        for (name, value) in form_urlencoded::parse(form) {
            let Some((_, field)) = fields.iter_mut().find(|(known, _)| *known == name) else {
                continue;
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(TokenError::invalid_request(format!("{name} is given twice")));
            }
        }
        let [(_, grant_type), (_, user_name), (_, password)] = fields;
        let grant_type = grant_type.filter(|text| !text.is_empty()).ok_or_else(|| {
            let form = "grant_type=password&username=…&password=…";
            TokenError::invalid_request(format!("grant_type is missing; send the form {form}"))
        })?;
        if grant_type != "password" {
            return Err(TokenError::unsupported(&grant_type));
        }
        let user_name = user_name
            .filter(|text| !text.is_empty())
            .ok_or_else(|| TokenError::invalid_request("username is missing"))?;
        let password = Secret::new(password.unwrap_or_default());
        Ok(Self(tokens::IssueToken { user_name, password, from }))
    }
}

/// A token. Flat: existing clients read it as a map of texts.
#[derive(Serialize)]
pub(crate) struct Token {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
}

impl From<tokens::IssuedToken> for Token {
    fn from(issued: tokens::IssuedToken) -> Self {
        Self {
            access_token: issued.token.reveal().to_owned(),
            token_type: "bearer",
            expires_in: issued.expires_in,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form: &str, expect: Result<(&str, &str), &str>) {
        let got = SignIn::read(form.as_bytes(), None);
        let got = match &got {
            Ok(SignIn(wish)) => Ok((wish.user_name.as_str(), wish.password.reveal())),
            Err(error) => Err(error.error),
        };
        assert_eq!(got, expect, "{form}");
    }

    #[test]
    fn forms() {
        check("grant_type=password&username=ann&password=secret", Ok(("ann", "secret")));
        check(
            "username=a%20b&password=x%26y+z&grant_type=password&scope=all",
            Ok(("a b", "x&y z")),
        );
        check("grant_type=password&username=Guest&password=", Ok(("Guest", "")));
        check("grant_type=password&username=Guest", Ok(("Guest", "")));
        check("", Err("invalid_request"));
        check("grant_type=password", Err("invalid_request"));
        check("grant_type=password&username=a&username=b", Err("invalid_request"));
        check("grant_type=client_credentials&username=a", Err("unsupported_grant_type"));
        check("{\"grant_type\":\"password\"}", Err("invalid_request"));
    }
}
