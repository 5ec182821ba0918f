//! What an input holds, as one number: the same for a folder and for each archive of it.

use sha2::{Digest as _, Sha256};

/// Names the content of an input: over sorted path, length and CRC-32 of the entries. File names of the input do not enter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(String);

impl Digest {
    /// Over entries in any order: `(path, length, crc32)`.
    pub fn of_entries<'a>(entries: impl IntoIterator<Item = (&'a str, u64, u32)>) -> Self {
        let mut rows: Vec<_> = entries.into_iter().collect();
        rows.sort_unstable();
        let mut sha = Sha256::new();
        for (path, length, crc) in rows {
            sha.update(path.as_bytes());
            sha.update(format!("\0{length}\0{crc:08x}\n"));
        }
        Self(hex(&sha.finalize()))
    }

    /// Over several inputs of one cluster, in any order.
    pub fn of_inputs<'a>(inputs: impl IntoIterator<Item = &'a Digest>) -> Self {
        let mut all: Vec<_> = inputs.into_iter().collect();
        if let [only] = all.as_slice() {
            return (*only).clone();
        }
        all.sort_unstable();
        let mut sha = Sha256::new();
        for digest in all {
            sha.update(digest.0.as_bytes());
            sha.update(b"\n");
        }
        Self(hex(&sha.finalize()))
    }

    /// As 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_entries_does_not_matter_and_their_content_does() {
        let a = Digest::of_entries([("a", 1, 7), ("b", 2, 8)]);
        assert_eq!(a, Digest::of_entries([("b", 2, 8), ("a", 1, 7)]));
        assert_ne!(a, Digest::of_entries([("b", 2, 8), ("a", 1, 9)]));
        assert_eq!(a.as_str().len(), 64);
    }
}
