//! What an input holds, as one number: the same for a folder and for each archive of it.

use sha2::{Digest as _, Sha256};

/// Names the content of an input: over sorted path, length and CRC-32 of the entries. File names of the input do not enter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(String);

/// What stands for the content of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sum<'a> {
    /// As counted while reading.
    Crc32(u32),
    /// As the manifest of its bundle says.
    Sha256(&'a str),
}

impl Digest {
    /// Over entries in any order: `(path, length, sum)`.
    pub fn of_entries<'a>(entries: impl IntoIterator<Item = (&'a str, u64, Sum<'a>)>) -> Self {
        let mut rows: Vec<_> = entries.into_iter().collect();
        rows.sort_unstable();
        let mut sha = Sha256::new();
        for (path, length, sum) in rows {
            sha.update(path.as_bytes());
            sha.update(match sum {
                Sum::Crc32(crc) => format!("\0{length}\0{crc:08x}\n"),
                Sum::Sha256(sum) => format!("\0{length}\0{sum}\n"),
            });
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

/// Bytes as lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_entries_does_not_matter_and_their_content_does() {
        let a = Digest::of_entries([("a", 1, Sum::Crc32(7)), ("b", 2, Sum::Crc32(8))]);
        assert_eq!(a, Digest::of_entries([("b", 2, Sum::Crc32(8)), ("a", 1, Sum::Crc32(7))]));
        assert_ne!(a, Digest::of_entries([("b", 2, Sum::Crc32(8)), ("a", 1, Sum::Crc32(9))]));
        assert_eq!(a.as_str().len(), 64);
    }
}
