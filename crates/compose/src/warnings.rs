//! What was not as the layout wants it: each thing once, with how often it happened.

use std::collections::HashMap;

use crate::Warning;

/// So many different warnings are kept; a layout that earns more has been told enough.
const MOST: usize = 200;

/// Collects warnings.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    places: HashMap<String, usize>,
    warnings: Vec<Warning>,
}

impl Warnings {
    pub(crate) fn add(&mut self, message: String) {
        self.add_many(message, 1);
    }

    /// The same thing several times.
    pub(crate) fn add_many(&mut self, message: String, times: usize) {
        let times = u64::try_from(times).unwrap_or(u64::MAX);
        if let Some(place) = self.places.get(&message) {
            let count = &mut self.warnings[*place].count;
            *count = count.saturating_add(times);
        } else if self.warnings.len() < MOST {
            self.places.insert(message.clone(), self.warnings.len());
            self.warnings.push(Warning { message, count: times });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Warning> {
        self.warnings
    }
}
