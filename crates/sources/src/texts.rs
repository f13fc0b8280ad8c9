//! Texts that come again and again in a column, shared.

use std::sync::Arc;

/// The texts that came before in one column, so that one that comes again is shared.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    known: [Option<Arc<str>>; Self::KNOWN],
}

impl Texts {
    const KNOWN: usize = 32;
    /// Longer texts seldom come twice.
    const LONGEST: usize = 64;

    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        // FNV-1a: quick for short texts.
        let hash = text
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let slot = (hash ^ (hash >> 16)) as usize % Self::KNOWN;
        match &mut self.known[slot] {
            Some(known) if **known == *text => known.clone(),
            place => place.insert(text.into()).clone(),
        }
    }
}
