//! Locks that have a name.

use std::time::{Duration, Instant};

use crate::database::database;

#[test]
fn one_session_holds_a_lock_until_it_gives_it_back() {
    let database = database!();
    let (mut one, mut other) = (database.connect(), database.connect());
    assert_eq!(one.lock("migrations", Duration::ZERO), Ok(true));
    let began = Instant::now();
    assert_eq!(other.lock("migrations", Duration::from_millis(300)), Ok(false));
    assert!(began.elapsed() >= Duration::from_millis(290));
    assert_eq!(other.lock("others", Duration::ZERO), Ok(true));
    one.unlock("migrations").unwrap();
    assert_eq!(other.lock("migrations", Duration::from_secs(5)), Ok(true));
    drop(other);
    assert_eq!(one.lock("migrations", Duration::from_secs(10)), Ok(true));
    drop(one);
}
