//! What a `Clock` and a `Random` promise.

use chrono::Timelike;
use pressroom_ports::{Clock, Random};

/// Makes tests of a clock and a source of random bytes, given as a pair.
#[macro_export]
macro_rules! machine_contract {
    ($make:expr) => {
        $crate::suite! { machine, (async || $make()),
            time_is_in_whole_microseconds
            random_bytes_differ
        }
    };
}

/// No store loses a part of a time.
pub async fn time_is_in_whole_microseconds(machine: &(impl Clock, impl Random)) {
    for _ in 0..100 {
        assert_eq!(machine.0.now().nanosecond() % 1_000, 0);
    }
}

/// Ids and tokens do not come twice.
pub async fn random_bytes_differ(machine: &(impl Clock, impl Random)) {
    let draw = || {
        let mut bytes = [0; 16];
        machine.1.fill(&mut bytes);
        bytes
    };
    let drawn: std::collections::BTreeSet<[u8; 16]> = (0..100).map(|_| draw()).collect();
    assert_eq!(drawn.len(), 100);
}
