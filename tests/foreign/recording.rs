//! A recording as our own bundles hold it, and what other collectors would have seen on the same nodes at the same time.

use std::{collections::BTreeMap, fs, io::Read, path::Path};

/// Files by path.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// One node of a recording.
pub(super) struct Node {
    /// Its host's name.
    pub(super) name: String,
    /// Its files, by path below `nodes/NODE/`.
    files: BTreeMap<String, String>,
}

/// A recording.
pub(super) struct Recording {
    /// Its nodes, by name.
    pub(super) nodes: Vec<Node>,
    /// Its files as they are.
    pub(super) native: Files,
}

/// A line of etcd's journal.
pub(super) struct Logged<'a> {
    /// Its date as journald has it, to the second: `2026-11-26T02:15:45`.
    pub(super) date: &'a str,
    /// Program and number of its process.
    pub(super) process: &'a str,
    /// What was printed.
    pub(super) text: &'a str,
}

impl Logged<'_> {
    /// As a container of this etcd prints it: JSON as it is, older text behind the header that journald was given apart.
    pub(super) fn printed(&self) -> String {
        if self.text.starts_with('{') {
            return self.text.to_owned();
        }
        format!("{} {}.000000 I | etcdserver: {}", self.date.get(..10).unwrap(), self.date.get(11..).unwrap(), self.text)
    }

    /// The moment as a container runtime writes it before each line.
    pub(super) fn moment(&self) -> String {
        let ts = self.text.split_once("\"ts\":\"").and_then(|(_, rest)| rest.split('"').next()).filter(|ts| ts.ends_with('Z'));
        let (second, fraction) = ts.and_then(|ts| ts.trim_end_matches('Z').split_once('.')).unwrap_or((self.date, "0"));
        format!("{second}.{fraction:0<9}Z")
    }
}

/// The files in a fixture's archive.
pub(super) fn entries_of(name: &str) -> Files {
    let archive = fs::File::open(Path::new("fixtures").join(name).join("input.tar.gz")).unwrap();
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(archive));
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        Read::read_to_end(&mut entry, &mut bytes).unwrap();
        entry.header().entry_type().is_file().then_some((path, bytes))
    };
    archive.entries().unwrap().filter_map(read).collect()
}

impl Recording {
    /// Reads a fixture.
    pub(super) fn read(name: &str) -> Self {
        let native = entries_of(name);
        let mut nodes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (path, bytes) in &native {
            if let Some((node, below)) = path.split_once("/nodes/").and_then(|(_, below)| below.split_once('/')) {
                let text = String::from_utf8_lossy(bytes).into_owned();
                nodes.entry(node.to_owned()).or_default().insert(below.to_owned(), text);
            }
        }
        Self { nodes: nodes.into_iter().map(|(name, files)| Node { name, files }).collect(), native }
    }

    /// The node on which somebody asks the whole cluster: the first whose etcd lists the members.
    pub(super) fn asker(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| node.stdout("etcdctl/member-list.json").contains("\"members\""))
    }
}

impl Node {
    /// A file of the node, empty where it is not there.
    pub(super) fn stdout(&self, path: &str) -> &str {
        self.files.get(path).map_or("", String::as_str)
    }

    /// What a command printed, with `2>&1`.
    pub(super) fn both(&self, path: &str) -> String {
        format!("{}{}", self.stdout(path), self.stdout(&format!("{path}.stderr")))
    }

    /// The journal of etcd's unit, what was gathered of its history included.
    pub(super) fn journal(&self) -> String {
        ["journal/etcd.history.log", "journal/etcd.log", "journal/etcd.history-after.log"].map(|path| self.stdout(path)).concat()
    }

    /// What etcd itself printed in one run after the other.
    pub(super) fn runs<'a>(&self, journal: &'a str) -> Vec<Vec<Logged<'a>>> {
        let mut runs: Vec<Vec<Logged<'a>>> = Vec::new();
        for logged in journal.lines().filter_map(logged).filter(|logged| logged.process.starts_with("etcd[")) {
            match runs.last_mut().filter(|run| run.last().is_some_and(|last| last.process == logged.process)) {
                Some(run) => run.push(logged),
                None => runs.push(vec![logged]),
            }
        }
        runs
    }

    /// The last run and the one before it, as `kubectl logs` and `kubectl logs -p` print them; `stamped` as with `--timestamps`.
    pub(super) fn containers(&self, stamped: bool) -> (String, String) {
        let journal = self.journal();
        let mut runs = self.runs(&journal);
        let mut last = || runs.pop().map_or(String::new(), |run| print(&run, stamped));
        (last(), last())
    }
}

/// Lines as a container's log holds them.
pub(super) fn print(lines: &[Logged<'_>], stamped: bool) -> String {
    let line = |logged: &Logged<'_>| match stamped {
        true => format!("{} {}\n", logged.moment(), logged.printed()),
        false => format!("{}\n", logged.printed()),
    };
    lines.iter().map(line).collect()
}

/// A line of the journal in journalctl's `short-iso`.
pub(super) fn logged(line: &str) -> Option<Logged<'_>> {
    let (date, rest) = line.split_once("+0000 ")?;
    let (process, text) = rest.split_once(' ')?.1.split_once(": ")?;
    Some(Logged { date, process, text })
}
