//! The parts of a recording, by node and path.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

/// A recorded fixture, unpacked in memory.
pub(crate) struct Recording {
    files: BTreeMap<String, String>,
}

impl Recording {
    pub(crate) fn open(fixture: &str) -> Self {
        let path = Path::new("fixtures").join(fixture).join("input.tar.gz");
        let file = File::open(&path).expect("the fixture is there");
        let mut archive = tar::Archive::new(MultiGzDecoder::new(file));
        let mut files = BTreeMap::new();
        for entry in archive.entries().expect("an archive") {
            let mut entry = entry.expect("a whole entry");
            let path = entry.path().expect("a path").to_string_lossy().into_owned();
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            let below = path.split_once("/nodes/").map_or(path.clone(), |(_, below)| below.to_owned());
            files.insert(below, text);
        }
        Self { files }
    }

    /// A file of a node, such as `etcd-a/etcdctl/member-list.json`.
    pub(crate) fn text(&self, path: &str) -> String {
        self.files.get(path).cloned().unwrap_or_default()
    }

    /// etcd's own lines of a node's log, without what journald put before them.
    pub(crate) fn bare_log(&self, node: &str) -> String {
        let log = self.text(&format!("{node}/journal/etcd.log"));
        let bare = log.lines().filter_map(|line| line.split_once("]: ")).filter(|(head, _)| head.contains(" etcd["));
        bare.map(|(_, line)| format!("{line}\n")).collect()
    }

    /// The lines of a file of a node that hold a word, as grep prints them.
    pub(crate) fn grep(&self, path: &str, word: &str) -> String {
        self.text(path).lines().filter(|line| line.contains(word)).map(|line| format!("{line}\n")).collect()
    }
}

/// A paste: prompts with what was typed and printed.
pub(crate) fn paste(parts: &[(&str, &str, String)]) -> Vec<u8> {
    parts.iter().map(|(prompt, command, output)| format!("{prompt} {command}\n{output}")).collect::<String>().into_bytes()
}

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).expect("memory takes all");
    gzip.finish().expect("memory takes all")
}

/// A node's member list as `etcdctl member list -w table` prints it.
pub(crate) fn member_table(r: &Recording, node: &str) -> String {
    let list: serde_json::Value = serde_json::from_str(&r.text(&format!("{node}/etcdctl/member-list.json"))).expect("JSON");
    let row = |member: &serde_json::Value| {
        let words = |key: &str| member[key].as_str().unwrap_or_default().to_owned();
        let url = |key: &str| member[key][0].as_str().unwrap_or_default().to_owned();
        let id = format!("{:x}", member["ID"].as_u64().unwrap_or_default());
        [id, "started".to_owned(), words("name"), url("peerURLs"), url("clientURLs"), "false".to_owned()]
    };
    let mut rows = vec![["ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER"].map(str::to_owned)];
    rows.extend(list["members"].as_array().into_iter().flatten().map(row));
    let widths: Vec<usize> =
        (0..6).map(|at| rows.iter().map(|row| row.get(at).map_or(0, String::len)).max().unwrap_or(0)).collect();
    let frame = format!("+{}+\n", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("+"));
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!(" {cell:^width$} ")).collect::<Vec<_>>();
        format!("|{}|\n", cells.join("|"))
    };
    let mut out = frame.clone();
    for (at, row) in rows.iter().enumerate() {
        out += &line(row);
        if at == 0 {
            out += &frame;
        }
    }
    out + &frame
}

/// A text as a terminal of so many columns shows it, and a copy out of it has it.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    let cut = |line: &str| line.as_bytes().chunks(columns).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>();
    text.lines().flat_map(cut).map(|line| line + "\n").collect()
}
