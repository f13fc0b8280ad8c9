//! What objects are called.

use object_store::path::{Path, PathPart};
use pressroom_domain::BlobHash;
use uuid::Uuid;

/// The names of objects below a prefix.
pub(super) struct Keys {
    prefix: Path,
}

impl Keys {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: Path::from(prefix) }
    }

    /// Below which all objects lie; none where that is the bucket.
    pub(super) fn all(&self) -> Option<&Path> {
        (!self.prefix.is_root()).then_some(&self.prefix)
    }

    /// Below which the copies of bytes lie.
    pub(super) fn copies(&self, hash: &BlobHash) -> Path {
        self.below([shard(hash), hash.to_string()])
    }

    /// A name that no copy of these bytes has or will have again.
    pub(super) fn new_copy(&self, hash: &BlobHash) -> Path {
        self.below([shard(hash), hash.to_string(), Uuid::now_v7().to_string()])
    }

    /// A name that follows those of all copies of these bytes, and those of no others: names of
    /// bytes are of one length, and `0` comes after `/`.
    pub(super) fn end_of(&self, hash: &BlobHash) -> Path {
        self.below([shard(hash), format!("{hash}0")])
    }

    /// Of which bytes an object is a copy; none where it is none of ours.
    pub(super) fn hash(&self, object: &Path) -> Option<BlobHash> {
        let mut parts = object.prefix_match(&self.prefix)?;
        let (first, name, copy) = (parts.next()?, parts.next()?, parts.next()?);
        let hash: BlobHash = name.as_ref().parse().ok()?;
        let copy: Uuid = copy.as_ref().parse().ok()?;
        let ours = self.below([shard(&hash), hash.to_string(), copy.to_string()]);
        (parts.next().is_none() && first.as_ref() == shard(&hash) && ours == *object)
            .then_some(hash)
    }

    fn below<const N: usize>(&self, parts: [String; N]) -> Path {
        self.prefix.parts().chain(parts.map(PathPart::from)).collect()
    }
}

fn shard(hash: &BlobHash) -> String {
    format!("{:02x}", hash.as_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "ab000000000000000000000000000000000000000000000000000000000000ff";
    const COPY: &str = "01932f7e-9d30-7cc0-8a51-8d8f3f5d3a11";

    #[test]
    fn names_of_copies_are_read_back() {
        let hash: BlobHash = NAME.parse().unwrap();
        for prefix in ["", "pressroom", "a/b c/ü"] {
            let keys = Keys::new(prefix);
            let copy = keys.new_copy(&hash);
            assert_eq!(keys.hash(&copy), Some(hash), "{copy}");
            assert_ne!(copy, keys.new_copy(&hash));
            assert!(copy.as_ref().starts_with(keys.copies(&hash).as_ref()));
        }
    }

    #[test]
    fn what_others_laid_there_is_not_ours() {
        let keys = Keys::new("site");
        let check = |object: &str, ours: bool| {
            assert_eq!(keys.hash(&Path::from(object)).is_some(), ours, "{object}");
        };
        check(&format!("site/ab/{NAME}/{COPY}"), true);
        check(&format!("other/ab/{NAME}/{COPY}"), false);
        check(&format!("ab/{NAME}/{COPY}"), false);
        check(&format!("site/ac/{NAME}/{COPY}"), false);
        check(&format!("site/ab/{NAME}"), false);
        check(&format!("site/ab/{NAME}/{COPY}/more"), false);
        check(&format!("site/ab/{NAME}/notes.txt"), false);
        check(&format!("site/ab/{}/{COPY}", NAME.to_uppercase()), false);
        check(&format!("site/ab/{NAME}/{}", COPY.to_uppercase()), false);
        check("site/notes.txt", false);
        check("site", false);
    }

    #[test]
    fn the_end_of_the_copies_of_bytes_is_before_the_next() {
        let keys = Keys::new("site");
        let hash: BlobHash = NAME.parse().unwrap();
        let next: BlobHash = NAME.replace("ff", "fe").parse().unwrap();
        let (low, high) = (next, hash);
        let end = keys.end_of(&low);
        assert!(keys.new_copy(&low) < end && end < keys.new_copy(&high));
        assert!(keys.new_copy(&low).as_ref() < end.as_ref());
        assert!(end.as_ref() < keys.new_copy(&high).as_ref());
    }
}
