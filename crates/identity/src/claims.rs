//! What a provider says about somebody.

use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims, LocalizedClaim, UserInfoClaims};
use serde::{Deserialize, Serialize};

/// The claim that many providers tell groups in, though no standard names it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Groups {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<OneOrMany>,
}

/// One group is told as a text by some, as a list of one by others.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
    /// Not a thing that we know: as good as none.
    Other(serde_json::Value),
}

impl AdditionalClaims for Groups {}

impl Groups {
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        match self.groups.as_ref()? {
            OneOrMany::One(name) => Some(vec![name.clone()]),
            OneOrMany::Many(names) => Some(names.clone()),
            OneOrMany::Other(_) => None,
        }
    }
}

/// What is told about somebody, in the ID token or by the endpoint for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) user_name: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) groups: Option<Vec<String>>,
}

/// Both kinds of claims have the same methods, but no trait for them.
macro_rules! told {
    ($Claims:ty) => {
        impl From<&$Claims> for Told {
            fn from(claims: &$Claims) -> Self {
                Self {
                    user_name: claims.preferred_username().map(|name| name.to_string()),
                    first_name: claims.given_name().and_then(one).map(|name| name.to_string()),
                    last_name: claims.family_name().and_then(one).map(|name| name.to_string()),
                    name: claims.name().and_then(one).map(|name| name.to_string()),
                    email: claims.email().map(|email| email.to_string()),
                    email_verified: claims.email_verified().unwrap_or(false),
                    groups: claims.additional_claims().names(),
                }
            }
        }
    };
}

told!(IdTokenClaims<Groups, CoreGenderClaim>);
told!(UserInfoClaims<Groups, CoreGenderClaim>);

/// The text of no language in particular, else of any.
fn one<T>(texts: &LocalizedClaim<T>) -> Option<&T> {
    texts.get(None).or_else(|| texts.iter().next().map(|(_, text)| text))
}

impl Told {
    /// This, and what else the other tells.
    pub(crate) fn or(self, other: Self) -> Self {
        // Whether an address is verified is said about that address.
        let (email, email_verified) = match self.email {
            Some(email) => (Some(email), self.email_verified),
            None => (other.email, other.email_verified),
        };
        Self {
            user_name: self.user_name.or(other.user_name),
            first_name: self.first_name.or(other.first_name),
            last_name: self.last_name.or(other.last_name),
            name: self.name.or(other.name),
            email,
            email_verified,
            groups: self.groups.or(other.groups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expect: Option<&[&str]>) {
        let groups: Groups = serde_json::from_str(json).unwrap();
        let expect = expect.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(groups.names(), expect, "{json}");
    }

    #[test]
    fn groups_in_the_shapes_that_providers_use() {
        check("{}", None);
        check(r#"{"groups":null}"#, None);
        check(r#"{"groups":"staff"}"#, Some(&["staff"]));
        check(r#"{"groups":["staff","board"]}"#, Some(&["staff", "board"]));
        check(r#"{"groups":[]}"#, Some(&[]));
        check(r#"{"groups":{"staff":true}}"#, None);
        check(r#"{"groups":[1,2]}"#, None);
    }

    #[test]
    fn an_address_keeps_its_own_verification() {
        let told = |email: Option<&str>, email_verified| Told {
            email: email.map(str::to_owned),
            email_verified,
            ..Told::default()
        };
        let both = told(Some("a@x"), false).or(told(Some("b@x"), true));
        assert_eq!((both.email.as_deref(), both.email_verified), (Some("a@x"), false));
        let both = told(None, false).or(told(Some("b@x"), true));
        assert_eq!((both.email.as_deref(), both.email_verified), (Some("b@x"), true));
    }
}
