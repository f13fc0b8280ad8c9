//! What a `UserRepository` promises.

use std::collections::BTreeSet;

use pressroom_domain::{
    Access, AccountLink, AccountType, BlobHash, BuiltInGroup, ClientId, EmailAddress,
    ExternalSubject, Group, GroupId, Holder, LinkPurpose, NewUser, OptimisticLock, PasswordHash,
    Permission, PhotoFormat, PhotoRecord, Scope, SignInId, SubjectKind, TokenHash, User, UserId,
    Verb,
};
use pressroom_ports::{Change, IssueLink, Kind, Slice, StoreError, Stores, UserUpdate};

use super::{assert_error, race, trail};
use crate::build;

/// Makes tests of the users of a store.
#[macro_export]
macro_rules! user_repository_contract {
    ($make:expr) => {
        $crate::suite! { user_repository, $make,
            creates_users_and_gives_them_back
            no_two_users_are_called_the_same
            of_many_writers_of_a_user_name_one_wins
            finds_users_by_name_in_any_case
            finds_users_by_email
            only_ascii_letters_of_an_address_count_in_any_case
            lists_users_slice_by_slice
            updates_users_under_their_lock
            sets_passwords
            who_is_no_longer_active_has_no_tokens
            missing_users_are_not_found
            fifty_writers_of_a_user_lose_nothing
            deletes_users_with_all_that_is_theirs
            a_deleted_user_takes_sign_ins_keys_links_and_subjects_along
            keeps_photos
            the_last_administrator_stays
            of_two_who_take_the_last_administrators_one_fails
        }
    };
}

fn again(user: &User) -> NewUser {
    NewUser {
        user_name: user.user_name.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        email: user.email.clone(),
        account_type: user.account_type,
        groups: user.groups.clone(),
        active: user.active,
        pending: user.pending,
        password: None,
    }
}

fn update(id: UserId, expected: Option<i64>, user: NewUser) -> Change<UserUpdate> {
    let update = UserUpdate { id, expected: expected.map(OptimisticLock), user };
    build::change(update, Verb::Update, SubjectKind::User, id)
}

fn delete(id: UserId) -> Change<UserId> {
    build::change(id, Verb::Delete, SubjectKind::User, id)
}

fn photo(id: UserId, photo: Option<PhotoRecord>) -> Change<(UserId, Option<PhotoRecord>)> {
    build::change((id, photo), Verb::Update, SubjectKind::User, id)
}

/// The System Administrators, and so many members of theirs.
async fn administrators<const COUNT: usize>(stores: &Stores) -> (Group, [User; COUNT]) {
    let mut new = build::new_group("System Administrators");
    new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
    let group = stores.groups.create(new).await.unwrap();
    let mut members = Vec::new();
    for number in 0..COUNT {
        let mut new = build::new_user(&format!("admin{number}"));
        new.entity.groups = vec![group.id];
        members.push(stores.users.create(new).await.unwrap());
    }
    (group, members.try_into().unwrap())
}

/// What was made is found as it was made; groups come in order, each once.
pub async fn creates_users_and_gives_them_back(stores: &Stores) {
    let (first, second) =
        (build::group(stores, "One").await.id, build::group(stores, "Two").await.id);
    let mut new = build::new_user("Änn 漢字");
    new.entity.groups = vec![second, first, second];
    new.entity.email = EmailAddress::new("ann@example.com").ok();
    new.entity.account_type = AccountType::External;
    new.entity.pending = true;
    new.entity.password = Some(PasswordHash::new("$argon2id$v=19$x$y"));
    let user = stores.users.create(new.clone()).await.unwrap();
    assert_eq!(user.groups, [first, second]);
    assert_eq!((user.lock, user.active, user.pending), (OptimisticLock(0), true, true));
    assert_eq!((&user.user_name, &user.email), (&new.entity.user_name, &new.entity.email));
    assert_eq!((&user.password, user.account_type), (&new.entity.password, AccountType::External));
    assert_eq!(stores.users.get(user.id).await.unwrap(), user);
    let plain = build::user(stores, "bob").await;
    assert_eq!((&plain.password, &plain.email, plain.groups.len()), (&None, &None, 0));
    assert_eq!(stores.users.get(plain.id).await.unwrap(), plain);
}

/// User names that differ only by letter case are the same, beyond ASCII too.
pub async fn no_two_users_are_called_the_same(stores: &Stores) {
    build::user(stores, "Änn").await;
    let bob = build::user(stores, "bob").await;
    for text in ["Änn", "äNN"] {
        assert_error!(
            stores.users.create(build::new_user(text)).await,
            StoreError::Duplicate { kind: Kind::User, .. }
        );
        let renamed = NewUser { user_name: build::user_name(text), ..again(&bob) };
        assert_error!(
            stores.users.update(update(bob.id, Some(0), renamed)).await,
            StoreError::Duplicate { kind: Kind::User, .. }
        );
    }
    let renamed = NewUser { user_name: build::user_name("BOB"), ..again(&bob) };
    assert!(stores.users.update(update(bob.id, Some(0), renamed)).await.is_ok());
}

/// A user name is given once, however many ask for it at a time.
pub async fn of_many_writers_of_a_user_name_one_wins(stores: &Stores) {
    let results = race((0..8).map(|writer| {
        let users = stores.users.clone();
        let text = if writer % 2 == 0 { "ann" } else { "ANN" };
        async move { users.create(build::new_user(text)).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for lost in results.iter().filter(|result| result.is_err()) {
        assert!(matches!(lost, Err(StoreError::Duplicate { .. })), "{lost:?}");
    }
}

/// Who signs in need not know the letter case.
pub async fn finds_users_by_name_in_any_case(stores: &Stores) {
    let ann = build::user(stores, "Änn").await;
    for text in ["Änn", "änn", " ÄNN "] {
        assert_eq!(stores.users.find_by_name(text).await.unwrap(), Some(ann.clone()), "{text}");
    }
    for text in ["Ann", "%", "", "Änn2"] {
        assert_eq!(stores.users.find_by_name(text).await.unwrap(), None, "{text}");
    }
}

/// All of an address, in any letter case, smallest id first.
pub async fn finds_users_by_email(stores: &Stores) {
    let user = async |name: &str, email: Option<&str>| {
        let mut new = build::new_user(name);
        new.entity.email = email.map(build::email);
        stores.users.create(new).await.unwrap()
    };
    let ann = user("ann", Some("Office@Example.com")).await;
    user("bob", Some("bob@example.com")).await;
    user("carol", None).await;
    let dave = user("dave", Some("office@example.com")).await;
    let find = async |email: &str| stores.users.find_by_email(email).await.unwrap();
    assert_eq!(find(" OFFICE@example.COM ").await, [ann, dave]);
    assert_eq!(find("office").await, []);
    assert_eq!(find("").await, []);
}

/// Whatever an engine holds for a lower-case letter: beyond ASCII two letters are two.
pub async fn only_ascii_letters_of_an_address_count_in_any_case(stores: &Stores) {
    let user = async |name: &str, email: &str| {
        let mut new = build::new_user(name);
        new.entity.email = Some(build::email(email));
        stores.users.create(new).await.unwrap()
    };
    let upper = user("ann", "ÖI@Example.com").await;
    let lower = user("bob", "öi@example.com").await;
    let dotless = user("carol", "öı@example.com").await;
    let find = async |email: &str| stores.users.find_by_email(email).await.unwrap();
    assert_eq!(find("Öi@example.COM").await, [upper]);
    assert_eq!(find("öI@EXAMPLE.com").await, [lower]);
    assert_eq!(find("öı@example.com").await, [dotless]);
    assert_eq!(find("oi@example.com").await, []);
}

/// A list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_users_slice_by_slice(stores: &Stores) {
    let mut all: Vec<User> = Vec::new();
    for number in 0..4 {
        all.push(build::user(stores, &format!("user{number}")).await);
    }
    let list = async |slice| stores.users.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(100)).await, all);
    assert_eq!(list(Slice::after(all[0].id, 2)).await, all[1..3]);
    assert_eq!(list(Slice::after(all[3].id, 2)).await, []);
}

/// A write is seen, grows the lock, keeps the password; a stale one changes nothing.
pub async fn updates_users_under_their_lock(stores: &Stores) {
    let team = build::group(stores, "Team").await.id;
    let mut new = build::new_user("ann");
    new.entity.password = Some(PasswordHash::new("hash"));
    let ann = stores.users.create(new).await.unwrap();
    let changed = NewUser { last_name: None, groups: vec![team], ..again(&ann) };
    let updated = stores.users.update(update(ann.id, Some(0), changed.clone())).await.unwrap();
    assert_eq!((updated.lock, &updated.last_name), (OptimisticLock(1), &None));
    assert_eq!((&updated.groups, &updated.password), (&vec![team], &ann.password));
    assert_eq!(stores.users.get(ann.id).await.unwrap(), updated);
    assert_error!(
        stores.users.update(update(ann.id, Some(0), changed.clone())).await,
        StoreError::Conflict { kind: Kind::User, current: OptimisticLock(1), .. }
    );
    let lost = NewUser { groups: vec![GroupId(987_654)], ..changed };
    assert_error!(
        stores.users.update(update(ann.id, Some(1), lost)).await,
        StoreError::NotFound { kind: Kind::Group, .. }
    );
    assert_eq!(stores.users.get(ann.id).await.unwrap(), updated);
}

/// A new password makes the account usable, and ends what was signed in before.
pub async fn sets_passwords(stores: &Stores) {
    let mut new = build::new_user("ann");
    (new.entity.active, new.entity.pending) = (false, true);
    let ann = stores.users.create(new).await.unwrap();
    stores.tokens.create(build::token(1, ann.id, build::at(60_000_000))).await.unwrap();
    let entity = (ann.id, PasswordHash::new("other"));
    let change = build::change(entity, Verb::SetPassword, SubjectKind::User, ann.id);
    let ann = stores.users.set_password(change).await.unwrap();
    assert_eq!((ann.active, ann.pending, ann.lock), (true, false, OptimisticLock(1)));
    assert_eq!(ann.password, Some(PasswordHash::new("other")));
    assert_eq!(stores.users.get(ann.id).await.unwrap(), ann);
    assert_eq!(stores.tokens.find(&TokenHash::from_bytes([1; 32])).await.unwrap(), None);
}

/// Tokens end with the account.
pub async fn who_is_no_longer_active_has_no_tokens(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.tokens.create(build::token(1, ann.id, build::at(60_000_000))).await.unwrap();
    let idle = NewUser { active: false, ..again(&ann) };
    stores.users.update(update(ann.id, Some(0), idle)).await.unwrap();
    assert_eq!(stores.tokens.find(&TokenHash::from_bytes([1; 32])).await.unwrap(), None);
}

/// What is not there is said not to be there.
pub async fn missing_users_are_not_found(stores: &Stores) {
    let id = UserId(987_654);
    assert_error!(stores.users.get(id).await, StoreError::NotFound { kind: Kind::User, .. });
    let new = build::new_user("ann").entity;
    assert_error!(
        stores.users.update(update(id, Some(0), new)).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    let entity = (id, PasswordHash::new("x"));
    let change = build::change(entity, Verb::SetPassword, SubjectKind::User, id);
    assert_error!(
        stores.users.set_password(change).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    let mut lost = build::new_user("ann");
    lost.entity.groups = vec![GroupId(987_654)];
    assert_error!(stores.users.create(lost).await, StoreError::NotFound { kind: Kind::Group, .. });
    assert_error!(
        stores.groups.get(GroupId(987_654)).await,
        StoreError::NotFound { kind: Kind::Group, .. }
    );
}

/// Writers who read again where they lost all get their write in, one a lock.
pub async fn fifty_writers_of_a_user_lose_nothing(stores: &Stores) {
    let ann = build::user(stores, "ann").await.id;
    let mut teams = Vec::new();
    for number in 0..50 {
        teams.push(build::group(stores, &format!("Team {number}")).await.id);
    }
    let results = race(teams.clone().into_iter().map(|team| {
        let users = stores.users.clone();
        async move {
            loop {
                let seen = users.get(ann).await.unwrap();
                let mut groups = seen.groups.clone();
                groups.push(team);
                let joined = NewUser { groups, ..again(&seen) };
                match users.update(update(ann, Some(seen.lock.0), joined)).await {
                    Ok(written) => return written.lock.0,
                    Err(StoreError::Conflict { current, .. }) => assert!(current > seen.lock),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }))
    .await;
    let locks: BTreeSet<i64> = results.into_iter().collect();
    assert_eq!(locks, (1..=50).collect(), "each write had a lock of its own");
    assert_eq!(stores.users.get(ann).await.unwrap().groups, teams, "no write is lost");
}

/// Nothing of a deleted user stays, and the id does not come back.
pub async fn deletes_users_with_all_that_is_theirs(stores: &Stores) {
    let team = build::group(stores, "Team").await.id;
    let mut new = build::new_user("ann");
    new.entity.groups = vec![team];
    let ann = stores.users.create(new).await.unwrap().id;
    let bob = build::user(stores, "bob").await.id;
    let read = [Permission::new(Access::READ, Scope::AllDocuments)];
    for id in [ann, bob] {
        stores.permissions.grant(build::grant(Holder::User(id), None, &read)).await.unwrap();
    }
    stores.tokens.create(build::token(1, ann, build::at(60_000_000))).await.unwrap();
    stores.tokens.create(build::token(2, bob, build::at(60_000_000))).await.unwrap();
    stores.users.delete(delete(ann)).await.unwrap();
    assert_error!(stores.users.get(ann).await, StoreError::NotFound { kind: Kind::User, .. });
    assert_eq!(stores.users.find_by_name("ann").await.unwrap(), None);
    let token = async |byte| stores.tokens.find(&TokenHash::from_bytes([byte; 32])).await.unwrap();
    assert!(token(1).await.is_none() && token(2).await.is_some(), "only ann is signed out");
    assert_eq!(stores.permissions.granted_to(Holder::User(bob)).await.unwrap(), read);
    assert_error!(
        stores.users.delete(delete(ann)).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    let again = build::user(stores, "ann").await;
    assert!(again.id > bob && again.groups.is_empty());
    assert_eq!(stores.permissions.granted_to(Holder::User(again.id)).await.unwrap(), []);
}

/// Nothing that let a deleted user in lets anybody in, and their subject may be somebody else.
pub async fn a_deleted_user_takes_sign_ins_keys_links_and_subjects_along(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await, build::user(stores, "bob").await);
    let subject = |text: &str| ExternalSubject::new("https://id.example.com", text).unwrap();
    let hash = |byte| TokenHash::from_bytes([byte; 32]);
    let client = |byte| ClientId::from_bytes([byte; 16]);
    let of = async |user: &User, byte: u8| {
        stores.sign_ins.begin(build::sign_in(byte, user, build::at(9))).await.unwrap();
        let key = stores.api_keys.create(build::new_api_key(byte, user.id)).await.unwrap();
        let used = build::used_api_key(byte + 50, key.id, user.id);
        stores.api_keys.used(used).await.unwrap();
        let link = AccountLink::new(hash(byte), LinkPurpose::Reset, build::at(0));
        let issue = IssueLink { user_id: user.id, link, unless_issued_after: None };
        let issue = build::change(issue, Verb::Invite, SubjectKind::User, user.id);
        stores.account_links.issue(issue).await.unwrap();
        let link = (subject(&byte.to_string()), user.id);
        let link = build::change(link, Verb::Update, SubjectKind::User, user.id);
        stores.external_users.link(link).await.unwrap();
    };
    of(&ann, 1).await;
    of(&bob, 2).await;
    stores.users.delete(delete(ann.id)).await.unwrap();
    for (byte, there) in [(1, false), (2, true)] {
        let sign_in = stores.sign_ins.find(SignInId::from_bytes([byte; 16])).await.unwrap();
        let key = stores.api_keys.find(client(byte)).await.unwrap();
        let link = stores.account_links.find(&hash(byte)).await.unwrap();
        let external = stores.external_users.find(&subject(&byte.to_string())).await.unwrap();
        assert_eq!([sign_in.is_some(), key.is_some(), link.is_some()], [there; 3], "{byte}");
        assert_eq!(external.is_some(), there);
        for token in [byte, byte + 50] {
            assert_eq!(stores.tokens.find(&hash(token)).await.unwrap().is_some(), there);
        }
    }
    let link = build::change((subject("1"), bob.id), Verb::Update, SubjectKind::User, bob.id);
    assert_error!(stores.external_users.link(link).await, StoreError::Duplicate { .. });
    let carol = build::user(stores, "carol").await;
    let link = build::change((subject("1"), carol.id), Verb::Update, SubjectKind::User, carol.id);
    stores.external_users.link(link).await.unwrap();
}

/// A photo is kept beside the user, and its bytes are named while it is there.
pub async fn keeps_photos(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await.id, build::user(stores, "bob").await.id);
    let kept = async |id| stores.users.photo(id).await.unwrap();
    assert_eq!(kept(ann).await, None);
    let hash = |byte| BlobHash::from_bytes([byte; 32]);
    let [png, webp] = [(1, PhotoFormat::Png), (2, PhotoFormat::WebP)]
        .map(|(byte, format)| PhotoRecord { blob: hash(byte), format });
    for (id, new) in [(ann, png), (bob, webp), (ann, webp)] {
        stores.users.set_photo(photo(id, Some(new))).await.unwrap();
        assert_eq!(kept(id).await, Some(new));
    }
    assert_eq!(stores.users.get(ann).await.unwrap().lock, OptimisticLock(0), "the lock stays");
    let named = async || stores.blob_references.named(&[hash(1), hash(2)]).await.unwrap();
    assert_eq!(named().await, BTreeSet::from([hash(2)]));
    stores.users.set_photo(photo(ann, None)).await.unwrap();
    assert_eq!((kept(ann).await, kept(bob).await), (None, Some(webp)));
    stores.users.delete(delete(bob)).await.unwrap();
    assert_eq!(named().await, BTreeSet::new());
    let nobody = UserId(987_654);
    assert_error!(stores.users.photo(nobody).await, StoreError::NotFound { .. });
    assert_error!(
        stores.users.set_photo(photo(nobody, Some(png))).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
}

/// Neither deactivated, nor taken out of the group, nor deleted; others are, while one is left.
pub async fn the_last_administrator_stays(stores: &Stores) {
    let (_, [ann, bob]) = administrators(stores).await;
    let idle = NewUser { active: false, ..again(&bob) };
    stores.users.update(update(bob.id, Some(0), idle)).await.unwrap();
    let [idle, pending, out] = [
        NewUser { active: false, ..again(&ann) },
        NewUser { pending: true, ..again(&ann) },
        NewUser { groups: Vec::new(), ..again(&ann) },
    ];
    let lines = trail(stores).await.len();
    for lost in [idle, pending, out] {
        assert_error!(
            stores.users.update(update(ann.id, Some(0), lost)).await,
            StoreError::NoAdministratorLeft(_)
        );
    }
    assert_error!(stores.users.delete(delete(ann.id)).await, StoreError::NoAdministratorLeft(_));
    assert_eq!(trail(stores).await.len(), lines, "nothing was written");
    assert_eq!(stores.users.get(ann.id).await.unwrap(), ann);
    let renamed = NewUser { first_name: None, ..again(&ann) };
    stores.users.update(update(ann.id, Some(0), renamed)).await.unwrap();
    stores.users.delete(delete(bob.id)).await.unwrap();
}

/// Two writers who each count on the other's account do not both win.
pub async fn of_two_who_take_the_last_administrators_one_fails(stores: &Stores) {
    let (_, [ann, bob]) = administrators(stores).await;
    for _ in 0..8 {
        let results = race([&ann, &bob].map(|user| {
            let users = stores.users.clone();
            let change = update(user.id, None, NewUser { active: false, ..again(user) });
            async move { users.update(change).await }
        }))
        .await;
        let failed: Vec<_> = results.iter().filter(|result| result.is_err()).collect();
        assert!(
            matches!(failed[..], [Err(StoreError::NoAdministratorLeft(_))]),
            "one of two fails: {results:?}"
        );
        for user in [&ann, &bob] {
            stores.users.update(update(user.id, None, again(user))).await.unwrap();
        }
    }
    let deleted = race([&ann, &bob].map(|user| {
        let (users, change) = (stores.users.clone(), delete(user.id));
        async move { users.delete(change).await }
    }))
    .await;
    assert_eq!(deleted.iter().filter(|result| result.is_ok()).count(), 1, "{deleted:?}");
}
