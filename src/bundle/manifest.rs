//! The manifest of a bundle: what was planned, what became of it, and what it cost. Writer and reader share this file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The file's name, at the top of a bundle.
pub const MANIFEST: &str = "manifest.json";

/// The format that this program writes. A newer minor one is read, a newer major one is not.
pub const FORMAT: &str = "etcd-triage/bundle/1.0";

/// What a command printed on standard error lies beside its output, under the same name with this behind it.
pub const STDERR: &str = ".stderr";

/// What every format begins with.
const FAMILY: &str = "etcd-triage/bundle/";

/// The major format that is read.
const MAJOR: u32 = 1;

/// What one collection planned and got.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Who wrote it.
    pub tool: Writer,
    /// Tells this collection from others: 16 hex digits by chance.
    pub collection: String,
    /// The host on which it ran, as the host calls itself.
    pub host: String,
    /// When it began: RFC 3339, UTC.
    pub started: String,
    /// When it was sealed; absent in an unfinished bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// What ended it before the plan was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<EndedBy>,
    /// What was found on the host, and where: so that a reader knows what the plan was made from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// What it cost the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// A row for everything that was planned, in the order of the plan.
    pub rows: Vec<Row>,
}

/// The program that wrote a bundle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Writer {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What ends a collection early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndedBy {
    /// Its own deadline.
    Deadline,
    /// Ctrl-C, SIGTERM or SIGHUP.
    Signal,
    /// Something that a newer version knows.
    #[serde(other)]
    Other,
}

/// What a collection cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    /// From the first command to the seal, in seconds.
    pub seconds: f64,
    /// Programs that were started.
    pub commands: u64,
    /// Processor time of those programs and of the collector, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<f64>,
    /// Processor time of the collector alone, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_cpu_seconds: Option<f64>,
    /// Most memory of the collector that was resident at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_peak_bytes: Option<u64>,
    /// How long requests were held back because etcd had become slow, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited_seconds: Option<f64>,
    /// Bytes that were written before packing.
    pub bytes: u64,
}

/// One thing that was planned, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// Where its output lies in the bundle.
    pub path: String,
    /// What kind of evidence it is: `etcdctl`, `metrics`, `http`, `journal`, `host`.
    pub kind: String,
    /// The command line, without any secret.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub argv: Vec<String>,
    /// Variables that were set for the command, without any secret.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// The files that were read, where no command was run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
    /// What became of it; absent as long as it was not reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<RowState>,
    /// Why it is absent or incomplete, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// With what the command ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The signal that ended the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// When it was started: RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// Bytes in the bundle; absent where there is no such file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// SHA-256 of the file in the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What was said on standard error, in the file [`STDERR`] beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<Beside>,
    /// How the output was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
    /// What was taken out before it was written, by kind, with how often.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub redactions: BTreeMap<String, u64>,
}

impl Row {
    /// Whether what was planned is there, or does not apply to this host.
    pub fn is_obtained(&self) -> bool {
        use RowState::{Collected, Empty, Skipped, Truncated, Withheld};
        matches!(self.state, Some(Collected | Empty | Truncated | Skipped | Withheld))
    }

    /// The command line as one would type it; empty where no command was run.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        for (name, value) in &self.env {
            typed.extend([name.as_str(), "="]);
            quote(value, &mut typed);
            typed.push(' ');
        }
        for word in &self.argv {
            quote(word, &mut typed);
            typed.push(' ');
        }
        typed.pop();
        typed
    }
}

/// Adds a word as a shell would take it.
fn quote(word: &str, to: &mut String) {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=,@%+[]".contains(&b);
    if !word.is_empty() && word.bytes().all(is_plain) {
        to.push_str(word);
    } else {
        to.extend(["'", &word.replace('\'', r"'\''"), "'"]);
    }
}

/// A file beside another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beside {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// What became of a planned row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    /// It is there.
    Collected,
    /// It ran well and printed nothing.
    Empty,
    /// The command ended with an error; what it printed is there.
    Failed,
    /// It did not end in its time; what it printed until then is there.
    #[serde(rename = "timed out")]
    TimedOut,
    /// There is no such program or file here.
    #[serde(rename = "not found")]
    NotFound,
    /// The rights are missing.
    Denied,
    /// It is there in part: it was longer than is kept.
    Truncated,
    /// It does not apply here, or the collection ended before it.
    Skipped,
    /// It is there, and must not leave the site.
    Withheld,
    /// Something that a newer version knows.
    #[serde(other)]
    Other,
}

impl RowState {
    /// As it stands in a manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collected => "collected",
            Self::Empty => "empty",
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::NotFound => "not found",
            Self::Denied => "denied",
            Self::Truncated => "truncated",
            Self::Skipped => "skipped",
            Self::Withheld => "withheld",
            Self::Other => "of a state that a newer version knows",
        }
    }
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is of a newer major format.
    #[error("is of the bundle format {found}, and this version reads up to {MAJOR}: it takes an etcd-triage that writes {found}")]
    Newer {
        /// The format's number, like `2.0`.
        found: String,
    },
    /// It is not one, or damaged.
    #[error("is no manifest that can be read: {why}")]
    Damaged {
        /// What is wrong.
        why: String,
    },
}

impl Manifest {
    /// Reads a manifest. `None` where the text is of something else: a file of that name is found in many archives.
    ///
    /// # Errors
    /// When it is a manifest, and damaged or of a newer major format.
    pub fn read(text: &str) -> Result<Option<Self>, ManifestError> {
        let head = String::from_utf8_lossy(text.as_bytes().get(..4096).unwrap_or(text.as_bytes()));
        if !head.contains(FAMILY) {
            return Ok(None);
        }
        let number = head.split(FAMILY).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let major = number.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_some_and(|major| major > MAJOR) {
            return Err(ManifestError::Newer { found: number.chars().take(20).collect() });
        }
        serde_json::from_str(text).map(Some).map_err(|error| ManifestError::Damaged { why: error.to_string() })
    }

    /// As it is written: the head a field a line, then a row a line, so that people can read it and a report can cite a row.
    ///
    /// # Errors
    /// None that is known; the types hold nothing that JSON cannot say.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let head = serde_json::to_string_pretty(&Self { rows: Vec::new(), ..self.clone() })?;
        let rows: Vec<String> = self.rows.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let list = if rows.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", rows.join(",\n    ")) };
        // The rows are the last field, and empty in the head.
        let head = head.strip_suffix("[]\n}").unwrap_or(&head);
        Ok(format!("{head}{list}\n}}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let row = |path: &str, state| Row {
            path: path.into(),
            kind: "etcdctl".into(),
            argv: vec!["etcdctl".into(), "member".into(), "list".into()],
            state: Some(state),
            ..Row::default()
        };
        Manifest {
            format: FORMAT.into(),
            host: "db-1".into(),
            rows: vec![row("nodes/db-1/etcdctl/member-list.json", RowState::Collected), row("b", RowState::TimedOut)],
            ..Manifest::default()
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written_and_has_a_line_for_each_row() {
        let text = example().to_text().unwrap();
        assert_eq!(Manifest::read(&text), Ok(Some(example())));
        let rows: Vec<&str> = text.lines().filter(|line| line.contains("\"path\"")).collect();
        assert_eq!(rows.len(), 2, "{text}");
        assert!(rows[1].contains("\"timed out\""), "{text}");
        let empty = Manifest { rows: Vec::new(), ..example() };
        assert_eq!(Manifest::read(&empty.to_text().unwrap()), Ok(Some(empty)));
    }

    #[test]
    fn a_newer_minor_format_is_read_and_a_newer_major_one_names_the_version_that_is_needed() {
        let newer = |format: &str, extra: &str| {
            let text = example().to_text().unwrap().replace(FORMAT, format);
            Manifest::read(&text.replacen('{', &format!("{{{extra}"), 1).replace("timed out", "postponed"))
        };
        let read = newer("etcd-triage/bundle/1.7", "\"moon\":\"full\",").unwrap().unwrap();
        assert_eq!(read.rows[1].state, Some(RowState::Other));
        let error = newer("etcd-triage/bundle/2.0", "").unwrap_err();
        assert!(error.to_string().contains("bundle format 2.0"), "{error}");
    }

    #[test]
    fn a_file_of_that_name_from_elsewhere_is_no_manifest_and_a_cut_one_is_damaged() {
        assert_eq!(Manifest::read("{\"manifest_version\": 3}"), Ok(None));
        let text = example().to_text().unwrap();
        assert!(matches!(Manifest::read(&text[..text.len() / 2]), Err(ManifestError::Damaged { .. })));
    }

    #[test]
    fn a_command_is_shown_as_a_shell_would_take_it() {
        let row = Row { argv: vec!["journalctl".into(), "--since".into(), "24 hours ago".into()], ..Row::default() };
        assert_eq!(row.typed(), "journalctl --since '24 hours ago'");
    }
}
