//! Passwords that people set themselves.

use std::net::IpAddr;

use pressroom_application::accounts;
use pressroom_domain::{Secret, User};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A password for whoever has a mailed link.
#[derive(Debug)]
pub(crate) struct FollowLink {
    token: Secret,
    password: Secret,
}

impl Dto for FollowLink {
    const EXAMPLE: &'static str = r#"{"token": "3fQx…", "password": "a long new password"}"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("token", "As it stands in the mailed link.")];

    fn read(fields: &mut Fields) -> Option<Self> {
        let token = fields.required("token", Fields::text);
        let password = fields.required("password", Fields::text);
        Some(Self { token: Secret::new(token?), password: Secret::new(password?) })
    }
}

impl FollowLink {
    pub(crate) fn command(self, from: Option<IpAddr>) -> accounts::FollowLink {
        accounts::FollowLink { token: self.token, password: self.password, from }
    }
}

/// Whose password was set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"userName": "ann"}))]
pub(crate) struct PasswordSet {
    user_name: String,
}

impl From<&User> for PasswordSet {
    fn from(user: &User) -> Self {
        Self { user_name: user.user_name.to_string() }
    }
}

/// A wish for a link that sets another password.
#[derive(Debug)]
pub(crate) struct RequestReset {
    account: String,
}

impl Dto for RequestReset {
    const EXAMPLE: &'static str = r#"{"email": "ann@example.com", "userName": "ann"}"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("userName", "Where the address is not given.")];

    fn read(fields: &mut Fields) -> Option<Self> {
        let (email, user_name) = (fields.text("email"), fields.text("userName"));
        let account = email.or(user_name);
        if account.is_none() {
            fields.problem("userName", "must be given");
        }
        Some(Self { account: account? })
    }
}

impl RequestReset {
    pub(crate) fn command(self, from: Option<IpAddr>) -> accounts::RequestReset {
        accounts::RequestReset { account: self.account, from }
    }
}

/// A change of one's own password.
#[derive(Debug)]
pub(crate) struct ChangePassword {
    current: Secret,
    new: Secret,
}

impl Dto for ChangePassword {
    const EXAMPLE: &'static str =
        r#"{"currentPassword": "the old password", "newPassword": "a long new password"}"#;

    fn read(fields: &mut Fields) -> Option<Self> {
        let current = fields.required("currentPassword", Fields::text);
        let new = fields.required("newPassword", Fields::text);
        Some(Self { current: Secret::new(current?), new: Secret::new(new?) })
    }
}

impl From<ChangePassword> for accounts::ChangePassword {
    fn from(change: ChangePassword) -> Self {
        Self { current: change.current, new: change.new }
    }
}
