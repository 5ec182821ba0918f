//! A site that is made up: a folder of tools on `PATH` that print what they are told, and a folder for bundles.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test, with its place"
)]

use std::{
    fs,
    io::BufRead,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// A URL at which nobody is asked: the tools are made up.
pub(crate) const URL: &str = "http://10.0.0.1:2379";

/// How a run of the program ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// All that was said, for messages of tests.
    pub(crate) fn told(&self) -> String {
        format!("exit {}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

pub(crate) struct Site {
    home: TempDir,
}

impl Site {
    /// One member that is well: curl, etcdctl and journalctl say so.
    pub(crate) fn healthy() -> Self {
        let site = Self { home: tempfile::tempdir().unwrap() };
        for folder in ["bin", "out", "answers", "data/member/wal"] {
            fs::create_dir_all(site.home.path().join(folder)).unwrap();
        }
        site.tool(
            "curl",
            r#"echo curl >>"$RAN"; for url in "$@"; do :; done
               case "$url" in
                 */version) echo '{"etcdserver":"3.5.16","etcdcluster":"3.5.0"}';;
                 */health) echo '{"health":"true","reason":""}';;
                 *) cat "$ANSWERS/curl";;
               esac"#,
        );
        site.answer("curl", "# TYPE etcd_server_has_leader gauge\netcd_server_has_leader 1\n# TYPE etcd_server_is_leader gauge\netcd_server_is_leader 1\n");
        site.tool(
            "etcdctl",
            r#"echo etcdctl >>"$RAN"
               case "$*" in
                 version) echo 'etcdctl version: 3.5.16'; echo 'API version: 3.5';;
                 *'member list'*) echo '{"header":{"cluster_id":77,"member_id":17,"raft_term":2},"members":[{"ID":17,"name":"a","peerURLs":["http://10.0.0.1:2380"],"clientURLs":["http://10.0.0.1:2379"]}]}';;
                 *'endpoint health'*) echo 'http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms';;
                 *'endpoint status'*) echo '[{"Endpoint":"http://10.0.0.1:2379","Status":{"header":{"cluster_id":77,"member_id":17,"revision":5,"raft_term":2},"version":"3.5.16","dbSize":20480,"leader":17,"raftIndex":9,"raftTerm":2,"raftAppliedIndex":9,"dbSizeInUse":16384}}]';;
                 *'endpoint hashkv'*) echo '[{"Endpoint":"http://10.0.0.1:2379","HashKV":{"header":{"cluster_id":77,"member_id":17,"revision":5,"raft_term":2},"hash":2064120424,"compact_revision":-1}}]';;
                 *'alarm list'*) echo '{"header":{"cluster_id":77,"member_id":17,"raft_term":2}}';;
                 *) echo "unknown command" >&2; exit 1;;
               esac"#,
        );
        site.answer("etcdctl", "etcdctl version: 3.5.16\n");
        site.tool("journalctl", r#"echo journalctl >>"$RAN"; echo '-- No entries --'"#);
        site
    }

    /// Puts a tool on `PATH`. What the file `each` beside the folders holds is done at each run of any.
    pub(crate) fn tool(&self, name: &str, script: &str) {
        let home = self.home.path().display();
        let text = format!(
            "#!/bin/sh\nRAN='{home}/ran'; ANSWERS='{home}/answers'\n[ ! -e '{home}/each' ] || . '{home}/each'\n{script}\n"
        );
        let path = self.home.path().join("bin").join(name);
        // Written beside and moved: a script that is open for writing cannot be run.
        let next = path.with_extension("next");
        fs::write(&next, text).unwrap();
        fs::set_permissions(&next, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(next, path).unwrap();
    }

    /// Takes a made-up tool away, so that the machine's own is found.
    pub(crate) fn forget(&self, name: &str) {
        fs::remove_file(self.home.path().join("bin").join(name)).unwrap();
    }

    pub(crate) fn answer(&self, name: &str, text: &str) {
        fs::write(self.home.path().join("answers").join(name), text).unwrap();
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.home.path().join("out")
    }

    /// The file in which tools note that they were run.
    pub(crate) fn ran(&self) -> PathBuf {
        self.home.path().join("ran")
    }

    pub(crate) fn was_run(&self) -> bool {
        self.ran().exists()
    }

    pub(crate) fn command(&self, url: &str, flags: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
        let bin = self.home.path().join("bin");
        command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        command.env("http_proxy", "http://proxy.example.org:3128").env("TZ", "UTC");
        command.arg("collect").args(["--endpoints", url, "--unit", "etcd", "--data-dir"]).arg(self.home.path().join("data"));
        if !flags.contains(&"-o") {
            command.arg("-o").arg(self.out());
        }
        command.args(flags).current_dir(self.home.path()).stdin(Stdio::null());
        command
    }

    /// What `collect --print-script` prints, in a file.
    pub(crate) fn script(&self, flags: &[&str]) -> PathBuf {
        let output = self.command(URL, &[&["-o", "unused", "--print-script"], flags].concat()).output().unwrap();
        let run = Run { stdout: String::new(), ..Run::of(&output) };
        assert_eq!(run.code, 0, "{}", run.told());
        let path = self.home.path().join("script");
        fs::write(&path, output.stdout).unwrap();
        path
    }

    /// A shell with a script, among the made-up tools.
    pub(crate) fn shell(&self, shell: &[&str], script: &Path, flags: &[&str]) -> Command {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg(script).arg("-o").arg(self.out()).args(flags);
        command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.home.path().join("bin").display())).env("TZ", "UTC");
        command.current_dir(self.home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run_in(&self, shell: &[&str], script: &Path) -> Run {
        Run::of(&self.shell(shell, script, &[]).output().unwrap())
    }

    /// Takes the bundle away, and gives its manifest and its diagnosis.
    pub(crate) fn take(&self) -> (Value, Value) {
        let bundle = self.bundle();
        let (manifest, diagnosis) = (self.manifest(), analyze(&bundle));
        fs::remove_file(bundle).unwrap();
        fs::remove_dir_all(self.home.path().join("unpacked")).unwrap();
        (manifest, diagnosis)
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn collect(&self, flags: &[&str]) -> Run {
        self.collect_at(URL, flags)
    }

    /// Runs `collect -o -`, with a folder for temporary files of its own: the archive, and how it ended.
    pub(crate) fn collect_to_stdout(&self) -> (Vec<u8>, Run) {
        fs::create_dir_all(self.tmp()).unwrap();
        let output = self.command(URL, &["-o", "-", "--interval", "0s"]).env("TMPDIR", self.tmp()).output().unwrap();
        let run = Run { stdout: String::new(), ..Run::of(&output) };
        (output.stdout, run)
    }

    fn tmp(&self) -> PathBuf {
        self.home.path().join("tmp")
    }

    pub(crate) fn entries_in_tmp(&self) -> usize {
        fs::read_dir(self.tmp()).unwrap().count()
    }

    pub(crate) fn collect_at(&self, url: &str, flags: &[&str]) -> Run {
        Run::of(&self.command(url, flags).output().unwrap())
    }

    /// Runs `collect`, and sends it SIGINT as soon as etcdctl runs: once, or twice.
    pub(crate) fn interrupt(&self, times: u32) -> Run {
        let mut command = self.command(URL, &["--interval", "0s"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        await_condition("etcdctl to be run", || fs::read_to_string(self.ran()).is_ok_and(|ran| ran.contains("begun")));
        let pid = child.id().to_string();
        for _ in 0..times {
            assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
            // Two pending signals of one kind would be one.
            await_condition("the signal to be taken", || !has_pending_sigint(&pid));
        }
        Run::of(&child.wait_with_output().unwrap())
    }

    /// The only bundle there is.
    pub(crate) fn bundle(&self) -> PathBuf {
        let entries = fs::read_dir(self.out()).unwrap().map(|entry| entry.unwrap().path());
        let bundles: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(".tar.gz")).collect();
        assert_eq!(bundles.len(), 1, "{bundles:?}");
        bundles[0].clone()
    }

    pub(crate) fn entries_in_out(&self) -> usize {
        fs::read_dir(self.out()).unwrap().count()
    }

    /// Folders that are no bundle.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        entries.filter(|name| name.contains(".unfinished") || name.contains(".partial")).collect()
    }

    /// Unpacks with the system's tar, into a folder of its own.
    pub(crate) fn unpack(&self, bundle: &Path) -> PathBuf {
        let folder = self.home.path().join("unpacked");
        fs::create_dir_all(&folder).unwrap();
        let status = Command::new("tar").arg("xzf").arg(bundle).arg("-C").arg(&folder).status().unwrap();
        assert!(status.success());
        folder
    }

    pub(crate) fn manifest(&self) -> Value {
        let folder = self.unpack(&self.bundle());
        serde_json::from_str(&fs::read_to_string(find(&folder, "manifest.json")).unwrap()).unwrap()
    }

    /// The text of an entry below the node's folder.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(find(&self.unpack(&self.bundle()), path)).unwrap()
    }

    /// All that is in the bundle, names and contents.
    pub(crate) fn whole_text(&self) -> String {
        let mut text = String::new();
        let mut folders = vec![self.unpack(&self.bundle())];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                text.push_str(&format!("{}\n", path.display()));
                if path.is_dir() {
                    folders.push(path);
                } else {
                    text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
                }
            }
        }
        text
    }
}

/// Waits until something is so, and fails if it does not become so.
pub(crate) fn await_condition(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        std::thread::yield_now();
    }
}

fn has_pending_sigint(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let pending = status.lines().find_map(|line| line.strip_prefix("ShdPnd:")).unwrap_or_default().trim();
    u64::from_str_radix(pending, 16).is_ok_and(|mask| mask & 0b10 != 0)
}

pub(crate) fn rows(manifest: &Value) -> Vec<&Value> {
    manifest["rows"].as_array().unwrap().iter().collect()
}

/// The row of a path below the node's folder.
pub(crate) fn state_of(manifest: &Value, path: &str) -> Value {
    let is_it = |row: &&Value| row["path"].as_str().unwrap().ends_with(&format!("/{path}"));
    rows(manifest).into_iter().find(is_it).unwrap_or_else(|| panic!("no row {path}")).clone()
}

/// The file whose path ends so, at any depth.
pub(crate) fn find(folder: &Path, end: &str) -> PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with(end) {
                return path;
            }
        }
    }
    panic!("no {end} in {}", folder.display());
}

pub(crate) fn run(arguments: &[&str]) -> Run {
    Run::of(&Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args(arguments).output().unwrap())
}

pub(crate) fn run_analyze(input: &Path) -> Run {
    run(&["analyze", "--format", "json", &input.to_string_lossy()])
}

/// The diagnosis of an input.
pub(crate) fn analyze(input: &Path) -> Value {
    let run = run_analyze(input);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.told()))
}

/// The one diagnosis of several inputs.
pub(crate) fn analyze_all(inputs: &[&Path]) -> Value {
    let inputs = inputs.iter().map(|input| input.to_string_lossy().into_owned());
    let arguments: Vec<String> = ["analyze", "--format", "json"].map(str::to_owned).into_iter().chain(inputs).collect();
    let run = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.told()))
}

/// The names in an archive, as the system's tar lists them.
pub(crate) fn names_in(bundle: &Path) -> Vec<String> {
    let output = Command::new("tar").arg("tzf").arg(bundle).output().unwrap();
    assert!(output.status.success());
    output.stdout.lines().map(|line| line.unwrap()).collect()
}

fn command_lines() -> Vec<(String, String)> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let pids = entries.filter(|name| name.bytes().all(|b| b.is_ascii_digit()));
    pids.filter_map(|pid| Some((fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?, pid))).map(|(l, p)| (p, l)).collect()
}

/// Command lines of processes that have one of these words among their arguments.
pub(crate) fn processes_with(words: &[&str]) -> Vec<String> {
    let has = |line: &String| line.split('\0').any(|word| words.contains(&word));
    command_lines().into_iter().map(|(_, line)| line).filter(has).collect()
}

/// Ends what a killed collector left behind: `sleep` with this argument, which takes no SIGTERM where who started it ignores that.
pub(crate) fn end_processes_with(word: &str) {
    await_condition("the end of what was left behind", || {
        let sleeps = command_lines().into_iter().filter(|(_, line)| *line == format!("sleep\0{word}\0"));
        let ended: Vec<_> = sleeps.map(|(pid, _)| Command::new("kill").args(["-KILL", &pid]).output()).collect();
        ended.is_empty()
    });
}
