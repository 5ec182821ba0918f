//! Tar archives by hand, header for header: what no packer writes.

/// One header of 512 bytes with a right checksum.
pub(crate) struct Header {
    bytes: [u8; 512],
}

impl Header {
    /// POSIX, of a kind: `0` a file, `5` a folder, `2` a link …
    pub(crate) fn new(name: &str, kind: u8, size: u64) -> Self {
        Self { bytes: [0; 512] }
            .with(0, name.as_bytes())
            .with(100, b"0000644\0")
            .with(108, b"0001750\0")
            .with(116, b"0001750\0")
            .with(124, format!("{size:011o}\0").as_bytes())
            .with(136, b"15140000000\0")
            .with(156, &[kind])
            .with(257, b"ustar\x0000")
    }

    /// GNU's own form, which long names and holes need.
    pub(crate) fn gnu(name: &str, kind: u8, size: u64) -> Self {
        Self::new(name, kind, size).with(257, b"ustar  \0")
    }

    /// Bytes at a place of the header.
    pub(crate) fn with(mut self, at: usize, bytes: &[u8]) -> Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    pub(crate) fn done(mut self) -> Vec<u8> {
        self.bytes[148..156].fill(b' ');
        let sum: u32 = self.bytes.iter().map(|b| u32::from(*b)).sum();
        self.bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.bytes.to_vec()
    }
}

/// Content, filled up to a block.
pub(crate) fn blocks(content: &[u8]) -> Vec<u8> {
    let mut out = content.to_vec();
    out.resize(content.len().next_multiple_of(512), 0);
    out
}

/// A file as any packer writes it.
pub(crate) fn file(name: &str, content: &str) -> Vec<u8> {
    [Header::new(name, b'0', content.len() as u64).done(), blocks(content.as_bytes())].concat()
}

/// A link, with its target.
pub(crate) fn link(name: &str, kind: u8, target: &str) -> Vec<u8> {
    Header::new(name, kind, 0).with(157, target.as_bytes()).done()
}

/// PAX records in front of the next entry (`x`) or of all (`g`).
pub(crate) fn pax(kind: u8, records: &[(&str, &str)]) -> Vec<u8> {
    let records: Vec<String> = records.iter().map(|(key, value)| record(key, value)).collect();
    let content = records.concat();
    [Header::new("pax", kind, content.len() as u64).done(), blocks(content.as_bytes())].concat()
}

/// `LENGTH KEY=VALUE`, where the length counts its own digits.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length: &usize| length.to_string().len() + rest.len() == *length).expect("there is one");
    format!("{length}{rest}")
}

/// A long name in GNU's form, in front of its entry.
pub(crate) fn long_name(name: &str) -> Vec<u8> {
    [Header::gnu("././@LongLink", b'L', name.len() as u64 + 1).done(), blocks(format!("{name}\0").as_bytes())].concat()
}

/// The mark of the end.
pub(crate) fn end() -> Vec<u8> {
    vec![0; 1024]
}

/// Parts and the end.
pub(crate) fn archive(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), end()].concat()
}
