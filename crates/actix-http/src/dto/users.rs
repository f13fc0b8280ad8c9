//! Users.

use pressroom_application::users;
use pressroom_domain as domain;
use pressroom_domain::{AccountType, GroupId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Dto;
use crate::lenient::Fields;

/// A user. Their password is not part of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 3, "userName": "ann", "name": "Ann Miller", "firstName": "Ann", "lastName": "Miller",
    "email": "ann@example.com", "groupsId": [2], "accountType": "ReportServer", "active": true,
    "pending": false, "optimisticLock": 1,
}))]
pub(crate) struct User {
    id: i64,
    user_name: String,
    /// The full name.
    name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    groups_id: Vec<i64>,
    /// `ReportServer`, `Windows` or `External`.
    account_type: &'static str,
    active: bool,
    /// Whether the mailed link that sets the first password was not followed yet.
    pending: bool,
    optimistic_lock: i64,
}

impl From<&domain::User> for User {
    fn from(user: &domain::User) -> Self {
        Self {
            id: user.id.0,
            user_name: user.user_name.to_string(),
            name: user.full_name(),
            first_name: user.first_name.as_ref().map(ToString::to_string),
            last_name: user.last_name.as_ref().map(ToString::to_string),
            email: user.email.as_ref().map(|email| email.as_str().to_owned()),
            groups_id: user.groups.iter().map(|group| group.0).collect(),
            account_type: user.account_type.name(),
            active: user.active,
            pending: user.pending,
            optimistic_lock: user.lock.0,
        }
    }
}

const TYPES: [(&str, AccountType); 3] = [
    ("ReportServer", AccountType::ReportServer),
    ("Windows", AccountType::Windows),
    ("External", AccountType::External),
];

/// A user to be made.
#[derive(Debug)]
pub(crate) struct CreateUser(pub(crate) users::CreateUser);

impl Dto for CreateUser {
    const EXAMPLE: &'static str = r#"{
        "userName": "ann", "firstName": "Ann", "lastName": "Miller", "email": "ann@example.com",
        "groupsId": [2], "accountType": "ReportServer"
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("groupsId", "The groups where the user is in."),
        ("accountType", "How the user signs in; absent: with a password that a mailed link sets."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let user_name = fields.required("userName", Fields::text);
        let first_name = fields.text("firstName").unwrap_or_default();
        let last_name = fields.text("lastName").unwrap_or_default();
        let email = fields.text("email").unwrap_or_default();
        let groups = fields.integers("groupsId").unwrap_or_default();
        let account_type = fields.choice("accountType", &TYPES);
        Some(Self(users::CreateUser {
            user_name: user_name?,
            first_name,
            last_name,
            email,
            groups: groups.into_iter().map(GroupId).collect(),
            account_type: account_type.unwrap_or(AccountType::ReportServer),
        }))
    }
}

/// A change of a user. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct UpdateUser {
    pub(crate) lock: Option<i64>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) groups: Option<Vec<GroupId>>,
    pub(crate) active: Option<bool>,
}

impl Dto for UpdateUser {
    const EXAMPLE: &'static str = r#"{
        "optimisticLock": 1, "firstName": "Ann", "lastName": "Miller", "email": "ann@example.com",
        "groupsId": [2], "active": true
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = &[
        ("groupsId", "All the groups where the user is in from now on."),
        ("active", "Whether the user may sign in."),
    ];

    fn read(fields: &mut Fields) -> Option<Self> {
        let groups = fields.integers("groupsId");
        Some(Self {
            lock: fields.integer("optimisticLock"),
            first_name: fields.clearable_text("firstName"),
            last_name: fields.clearable_text("lastName"),
            email: fields.clearable_text("email"),
            groups: groups.map(|ids| ids.into_iter().map(GroupId).collect()),
            active: fields.boolean("active"),
        })
    }
}
