//! What `df` printed: how full file systems are, in blocks or in inodes, with or without its header.

use crate::bundle::{Line, Quote};
use crate::text::Untrusted;

/// Most rows of one output that are kept; a host with many containers prints hundreds.
const MOST_ROWS: usize = 200;

/// A file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// The device, as printed.
    pub device: Untrusted,
    /// Where it is mounted.
    pub mount: Untrusted,
    /// Percent in use.
    pub used: u8,
    /// Whether the row counts inodes (`df -i`), not blocks.
    pub inodes: bool,
    /// The line.
    pub quote: Quote,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub struct Df {
    /// The rows.
    pub rows: Vec<FileSystem>,
    inodes: bool,
    /// A device whose name was too long for its column: the numbers stand in the next line.
    device: Option<Untrusted>,
}

impl Df {
    /// Takes the next line. True if it is the header or a row.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        let is_chinese = text.starts_with("文件系统") && text.ends_with("挂载点");
        if text.starts_with("Filesystem ") && text.ends_with("Mounted on") || is_chinese {
            self.inodes = text.contains("Inode");
            return true;
        }
        let held = self.device.take();
        // A device whose name is long stands on a line of its own.
        if (text.starts_with("/dev/") || text.contains(":/")) && !text.contains(char::is_whitespace) {
            self.device = Some(text.into());
            return true;
        }
        if !text.contains('%') {
            return false;
        }
        let mut words: Vec<&str> = text.split_whitespace().collect();
        if let Some(device) = held.as_ref().filter(|_| words.first().is_some_and(|word| is_size(word))) {
            words.insert(0, device.raw());
        }
        let [device, numbers @ .., used, mount] = words.as_slice() else { return false };
        let used = used.strip_suffix('%').and_then(|digits| digits.parse().ok()).filter(|used| *used <= 100);
        // `df -T` has the type in front of the numbers.
        let numbers = if numbers.len() == 4 { numbers.get(1..).unwrap_or_default() } else { numbers };
        let (Some(used), true) = (used, mount.starts_with('/') && numbers.len() == 3 && numbers.iter().all(|n| is_size(n)))
        else {
            return false;
        };
        if self.rows.len() < MOST_ROWS {
            let (device, mount) = ((*device).into(), (*mount).into());
            self.rows.push(FileSystem { device, mount, used, inodes: self.inodes, quote: line.quote() });
        }
        true
    }
}

/// `36592544`, `214M`, `1.5T`, `1.5Gi`, `-`.
fn is_size(word: &str) -> bool {
    let number = word.trim_end_matches('i').trim_end_matches(['K', 'M', 'G', 'T', 'P', 'k', 'B']);
    word == "-" || (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn rows(text: &str) -> Vec<(String, u8, bool)> {
        let source = Source::new("df.txt");
        let mut df = Df::default();
        for (number, line) in (1..).zip(text.lines()) {
            df.line(source.line(number, line));
        }
        df.rows.iter().map(|row| (row.mount.raw().to_owned(), row.used, row.inodes)).collect()
    }

    #[test]
    fn blocks_and_inodes_are_told_apart() {
        let text = "Filesystem      Size  Used Avail Use% Mounted on\n/dev/loop3      214M  210M     0 100% /var/lib/etcd\n\
            Filesystem     Inodes IUsed IFree IUse% Mounted on\n/dev/loop3      58928    17 58911    1% /var/lib/etcd\n";
        assert_eq!(rows(text), [("/var/lib/etcd".to_owned(), 100, false), ("/var/lib/etcd".to_owned(), 1, true)]);
    }

    #[test]
    fn a_row_without_header_and_one_with_a_type_are_rows() {
        let text = "/dev/vda9       38216204 36592544      5188 100% /\n/dev/sda1 ext4 50G 20G 28G 42% /var\n";
        assert_eq!(rows(text), [("/".to_owned(), 100, false), ("/var".to_owned(), 42, false)]);
    }

    #[test]
    fn a_long_name_breaks_its_row_and_chinese_headers_are_headers() {
        let text = "文件系统        容量  已用  可用 已用% 挂载点\n/dev/mapper/centos_db--1-root\n                 50G   50G   20K  100% /\n\
            文件系统         Inode  已用(I)  可用(I) 已用(I)% 挂载点\n/dev/sda1      65536    65536        0     100% /boot\n";
        assert_eq!(rows(text), [("/".to_owned(), 100, false), ("/boot".to_owned(), 100, true)]);
    }

    #[test]
    fn prose_and_torn_rows_are_none() {
        assert!(rows("the disk is 100% /\n/dev/vda9 38216204 3659\n/dev/vda9 a b c 100% /\n100% /\n").is_empty());
    }
}
