//! Random bytes.

/// Makes random bytes that nobody can guess: ids, tokens, salts.
///
/// # Contract
/// The bytes MUST come from a source fit for secrets. Fakes for tests count instead.
pub trait Random: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}
