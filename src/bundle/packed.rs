//! One layer of compression around a text or an archive: gzip, xz, zstd, bzip2, each with several members in one stream and with a bound on
//! the memory that it may ask for.

use std::io::{self, BufRead, BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

/// Most memory that an xz stream may ask for, in KiB: `xz -9` takes 65 MiB to unpack (xz(1), the table of presets).
const XZ_KIB: u32 = 80 << 10;
/// Largest window of a zstd stream, in bytes: what zstd itself takes without `--long=31` (zstd(1): 128 MiB).
const ZSTD_WINDOW: u64 = 128 << 20;
/// What is read ahead of a compressed stream, in bytes.
const AHEAD: usize = 128 << 10;

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Xz,
    Zstd,
    Bzip2,
}

impl Packing {
    /// By the first bytes.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            // The second is a frame to be skipped, which some writers begin with.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            // A block follows the level, or the end of an empty stream.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, ..] => Some(Self::Bzip2),
            _ => None,
        }
    }

    /// Its name, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
        }
    }

    /// What is in the stream.
    pub(super) fn unpack<R: Read>(self, from: R) -> Unpacked<R> {
        let from = BufReader::with_capacity(AHEAD, from);
        match self {
            Self::Gzip => Unpacked::Gzip(Box::new(MultiGzDecoder::new(from))),
            Self::Xz => Unpacked::Xz(Box::new(XzReader::new_mem_limit(from, true, XZ_KIB))),
            Self::Zstd => Unpacked::Zstd(Box::new(Frames::new(from))),
            Self::Bzip2 => Unpacked::Bzip2(MultiBzDecoder::new(from)),
        }
    }
}

/// A compressed stream, unpacked while it is read.
pub(super) enum Unpacked<R: Read> {
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    Xz(Box<XzReader<BufReader<R>>>),
    Zstd(Box<Frames<BufReader<R>>>),
    Bzip2(MultiBzDecoder<BufReader<R>>),
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(stream) => stream.read(into),
            Self::Xz(stream) => stream.read(into),
            Self::Zstd(stream) => stream.read(into),
            Self::Bzip2(stream) => stream.read(into),
        }
    }
}

/// A zstd stream: frames one after the other, some of which are to be skipped.
pub(super) struct Frames<R> {
    from: R,
    decoder: FrameDecoder,
    is_within: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(from: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(ZSTD_WINDOW);
        Self { from, decoder, is_within: false }
    }

    /// Goes to the next frame; `false` at the end of the stream.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.from.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.from) {
                Ok(()) => {
                    self.is_within = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.from.by_ref().take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    /// At the end of a frame: whether its sum is right.
    fn end(&mut self) -> io::Result<()> {
        self.is_within = false;
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(told), Some(found)) if told != found => Err(io::Error::other("the checksum of a zstd frame is wrong")),
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_within && !self.begin()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut self.from, BlockDecodingStrategy::UptoBlocks(1)).map_err(io::Error::other)?;
            }
            let read = self.decoder.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.end()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf 'etcd\n' | xz`, `zstd`, `bzip2`, `gzip -n`.
    const XZ: &[u8] = include_bytes!("packed/etcd.xz");
    const ZSTD: &[u8] = include_bytes!("packed/etcd.zst");
    const BZIP2: &[u8] = include_bytes!("packed/etcd.bz2");
    const GZIP: &[u8] = include_bytes!("packed/etcd.gz");

    fn unpacked(bytes: &[u8]) -> io::Result<String> {
        let mut out = String::new();
        Packing::of(bytes).unwrap().unpack(bytes).read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn each_form_is_known_by_its_beginning_and_unpacked_with_all_its_members() {
        for (bytes, form) in [(GZIP, Packing::Gzip), (XZ, Packing::Xz), (ZSTD, Packing::Zstd), (BZIP2, Packing::Bzip2)] {
            assert_eq!(Packing::of(bytes), Some(form));
            assert_eq!(unpacked(bytes).unwrap(), "etcd\n", "{form:?}");
            assert_eq!(unpacked(&[bytes, bytes].concat()).unwrap(), "etcd\netcd\n", "{form:?}");
        }
        // pzstd writes a frame to skip before each of its own.
        let skipped = [b"\x50\x2a\x4d\x18\x04\0\0\0abcd".as_slice(), ZSTD].concat();
        assert_eq!(unpacked(&skipped).unwrap(), "etcd\n");
        for text in ["BZh is a word", "BZh9", "(\u{b5}/", ""] {
            assert_eq!(Packing::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_stream_that_is_cut_or_altered_is_an_error_and_what_wants_much_memory_is_refused() {
        for bytes in [GZIP, XZ, ZSTD, BZIP2] {
            for cut in 10..bytes.len() - 1 {
                assert!(unpacked(&bytes[..cut]).is_err(), "{cut} bytes of {:?}", Packing::of(bytes));
            }
        }
        let mut altered = ZSTD.to_vec();
        *altered.last_mut().unwrap() ^= 1;
        assert!(unpacked(&altered).unwrap_err().to_string().contains("checksum"));
        // `xz --lzma2=dict=256MiB`, `zstd --long=30`: the headers alone.
        let hungry = include_bytes!("packed/hungry.xz").as_slice();
        assert!(unpacked(hungry).unwrap_err().to_string().contains("memory"), "{:?}", unpacked(hungry));
        let wide = include_bytes!("packed/wide.zst").as_slice();
        assert!(unpacked(wide).unwrap_err().to_string().to_lowercase().contains("window"), "{:?}", unpacked(wide));
    }
}
