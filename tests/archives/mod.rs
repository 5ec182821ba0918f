//! Archives of files, as tests make them.

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Files by their paths, with their content.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Writes the files into a folder, and gives it.
pub(crate) fn folder(at: &Path, files: &Files) -> PathBuf {
    for (path, content) in files {
        let path = at.join(path);
        fs::create_dir_all(path.parent().unwrap_or(at)).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }
    at.to_owned()
}

/// A tar archive, in which each entry has a time of its own.
pub(crate) fn tar(files: &Files) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for ((path, content), time) in files.iter().zip(1_000_000_000..) {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o640);
        header.set_mtime(time);
        archive.append_data(&mut header, path, content.as_slice()).expect("an entry can be added");
    }
    archive.into_inner().expect("the archive can be ended")
}

/// Compressed as well as gzip can.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("bytes can be compressed");
    encoder.finish().expect("the stream can be ended")
}

/// A zip archive, all entries by one method.
pub(crate) fn zip(files: &Files, method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive
            .start_file(path.as_str(), SimpleFileOptions::default().compression_method(method))
            .expect("an entry can be begun");
        archive.write_all(content).expect("an entry can be written");
    }
    archive.finish().expect("the archive can be ended").into_inner()
}
