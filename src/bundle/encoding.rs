//! Which encoding a text is in: UTF-8, else UTF-16 by its mark or its shape, else GBK line by line.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_16BE, UTF_16LE};

/// Bytes of UTF-16 that are decoded at once.
const BLOCK: usize = 32 * 1024;

/// Fewest characters from which on UTF-16 is believed without a byte order mark.
const FEWEST_UNITS: usize = 16;

/// The encoding of a text that has two bytes a character, by its first bytes. PowerShell's `>` writes such files.
///
/// Without a byte order mark half of the characters must be ASCII. A run of NULs that a power cut left in a log is not.
pub(super) fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        // An ASCII character has one.
        _ if memchr::memchr(0, head).is_none() => None,
        _ if looks_wide(head, u16::from_le_bytes) => Some(UTF_16LE),
        _ if looks_wide(head, u16::from_be_bytes) => Some(UTF_16BE),
        _ => None,
    }
}

fn looks_wide(head: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let units = || head.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let ascii = units().filter(|unit| matches!(unit, 9 | 10 | 13 | 27 | 32..=126)).count();
    units().count() >= FEWEST_UNITS && ascii * 2 >= units().count() && units().all(|unit| unit < 0xfffe)
}

/// A stream in UTF-16 as UTF-8, in bounded memory.
pub(super) struct Utf8<'r> {
    from: &'r mut dyn Read,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
}

impl<'r> Utf8<'r> {
    pub(super) fn new(from: &'r mut dyn Read, encoding: &'static Encoding) -> Self {
        // One unit of two bytes becomes at most three.
        let text = vec![0; BLOCK * 2];
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { from, decoder, raw: vec![0; BLOCK], text, at: 0, filled: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.at == self.filled && !self.ended {
            let n = self.from.read(&mut self.raw)?;
            self.ended = n == 0;
            let raw = self.raw.get(..n).unwrap_or_default();
            let (_, _, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
            (self.at, self.filled) = (0, written);
        }
        Ok(())
    }
}

impl Read for Utf8<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let mut rest = self.text.get(self.at..self.filled).unwrap_or_default();
        let n = rest.read(into)?;
        self.at += n;
        Ok(n)
    }
}

/// Reads lines of one text, of which some may be GBK: what a Chinese console or editor of Windows saves.
#[derive(Debug, Default)]
pub(super) struct Words {
    is_gbk: bool,
}

impl Words {
    /// The line's words. Bytes that are neither UTF-8 nor Chinese in GBK become U+FFFD.
    pub(super) fn of<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, str> {
        if let Ok(text) = str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        let text = String::from_utf8_lossy(bytes);
        match chinese(bytes, self.is_gbk) {
            Some(words) => {
                self.is_gbk = true;
                words
            }
            None => text,
        }
    }
}

/// The line as GBK, if that gives Chinese words: most characters among the 3755 common ones of GB 2312, and two of them at least, or the
/// month of a date. Latin and Cyrillic letters of Windows seldom come in such pairs.
fn chinese(bytes: &[u8], is_gbk: bool) -> Option<Cow<'_, str>> {
    // Where most is UTF-8, a byte was damaged.
    let wide = |text: &str| text.chars().filter(|c| !c.is_ascii()).map(char::len_utf8).filter(|n| *n > 2).sum::<usize>();
    let utf8: usize = bytes.utf8_chunks().map(|chunk| wide(chunk.valid())).sum();
    if utf8 * 2 >= bytes.iter().filter(|b| !b.is_ascii()).count() {
        return None;
    }
    let words = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (mut common, mut other) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(lead) = rest.next().filter(|_| !is_gbk) {
        match (lead, lead.is_ascii()) {
            (_, true) => {}
            (0xb0..=0xd7, _) => {
                let is_common = rest.next().is_some_and(|trail| *trail >= 0xa1);
                (common, other) = (common + usize::from(is_common), other + usize::from(!is_common));
            }
            // Rows of punctuation and full-width letters.
            (0xa1..=0xa3, _) => drop(rest.next()),
            _ => {
                rest.next();
                other += 1;
            }
        }
    }
    (is_gbk || (common > other && (common >= 2 || words.contains('月')))).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_utf8(bytes: &[u8]) -> Option<String> {
        let mut out = String::new();
        Utf8::new(&mut &*bytes, wide(bytes)?).read_to_string(&mut out).unwrap();
        Some(out)
    }

    #[test]
    fn utf_16_is_known_by_its_mark_and_without_it_by_its_shape() {
        let text = "2026-11-22 15:46:32 I | 报错: etcd \u{1f525}\r\n".repeat(5000);
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            assert_eq!(as_utf8(&bytes).as_deref(), Some(text.as_str()));
            let marked = [&order(0xfeff)[..], &bytes].concat();
            assert_eq!(as_utf8(&marked).as_deref(), Some(text.as_str()));
        }
    }

    #[test]
    fn other_texts_are_not_taken_for_utf_16() {
        for bytes in
            [&b"2026-11-22 15:46:32.123456 I | etcdserver: a line of text"[..], &[0; 400], b"", b"a\0b\0", b"\xff\xfe\0\0a\0\0\0"]
        {
            assert_eq!(as_utf8(bytes), None, "{bytes:?}");
        }
        assert_eq!(as_utf8("报错信息：集群节点故障，请尽快检查网络和磁盘的状态".as_bytes()), None);
    }

    #[test]
    fn gbk_is_read_where_it_gives_chinese_words() {
        for text in ["报错信息: Aug 28 09:36:01 host etcd: t", "11月 22 15:46:32 node-1 etcd[9]: t", "磁盘已满，请检查"]
        {
            let (bytes, ..) = encoding_rs::GBK.encode(text);
            assert_eq!(Words::default().of(&bytes), text);
        }
        let mut words = Words::default();
        words.of(b"\xb4\xc5\xc5\xcc\xd2\xd1\xc2\xfa");
        assert_eq!(words.of(b"x \x81\x40"), "x 丂", "a text that is known as GBK may have rare characters");
    }

    #[test]
    fn damaged_utf_8_and_other_languages_do_not_become_chinese() {
        let mut damaged = "报错信息：集群节点故障".as_bytes().to_vec();
        damaged[3] = b'x';
        for bytes in
            [&damaged[..], b"caf\xe9 d\xe9j\xe0 vu", b"a\xffb", b"\xee\xf8\xe8\xe1\xea\xe0", "报错".as_bytes().get(..5).unwrap()]
        {
            assert_eq!(Words::default().of(bytes), String::from_utf8_lossy(bytes), "{bytes:?}");
        }
    }
}
