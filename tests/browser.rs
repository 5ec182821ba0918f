//! Reports in Debian's Chromium: on a phone, a laptop and paper, by day and by night, nothing runs over, nothing is asked for, nothing is said
//! on the console, and axe finds nothing that would keep a reader out.

#![expect(clippy::disallowed_methods, reason = "this test runs the program, a browser and a script that watches it")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// The first customer's case; many findings, one below the other; histograms of both windows with all that is measured; an alarm.
const REPORTS: [&str; 4] = ["cloudos-wal-not-found", "lab-snap-corrupt-3.5.1", "lab-slow-disk-3.5.16", "lab-quota-3.5.16"];

/// Where else Chromium may be called so; Debian's is the first.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A log in which Chinese, words without a blank and mark-up stand where etcd's words end. Nothing of it may run over or run.
fn made_up(at: &Path) -> PathBuf {
    let line = |second: u32, words: &str| {
        format!("2026-11-22 16:05:{second:02}.123456 W | wal: sync duration of 3.2s, expected less than 1s {words}\n")
    };
    let log = line(1, &"磁盘响应缓慢，同步预写日志超时。".repeat(20))
        + &line(2, &"没有空格的很长的一行".repeat(200))
        + &line(3, "<script>console.log(1)</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\u{202e}\u{1b}[31m\"'&amp;")
        + &line(4, &"x".repeat(200_000));
    let folder = at.join("made-up");
    let node = folder.join("nodes").join(format!("数据库一号-{}", "n".repeat(60)));
    std::fs::create_dir_all(&node).expect("a folder for evidence can be made");
    std::fs::write(node.join("<script>磁盘.log"), log).expect("evidence can be written");
    folder
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|path| path.is_file())
}

fn run(command: &mut Command, what: &str) {
    let output = command.output().expect("a program of this test can be started: node and npm must be installed");
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].join("\n");
    assert!(output.status.success(), "{what}:\n{said}");
}

#[test]
#[ignore = "needs Chromium, node and npm, which tests/run installs, and fetches two packages from npm"]
fn reports_are_right_in_a_browser_at_every_size_and_in_both_schemes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let browser = found(&BROWSERS).expect("no Chromium: apt-get install chromium fonts-noto-cjk");
    let at = TempDir::new().expect("a folder for reports can be made");
    let script = at.path().join("script");
    std::fs::create_dir(&script).expect("a folder for the script can be made");
    for name in ["look.js", "package.json", "package-lock.json"] {
        std::fs::copy(root.join("tests/browser").join(name), script.join(name)).expect("the script can be copied");
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&script), "npm ci");
    let mut look = Command::new("node");
    look.arg(script.join("look.js")).arg("--browser").arg(&browser).arg("--profile").arg(at.path().join("profile"));
    let fixtures = REPORTS.iter().map(|name| (*name, root.join("fixtures").join(name)));
    for (name, evidence) in fixtures.chain([("made-up", made_up(at.path()))]) {
        let report = at.path().join(format!("{name}.html"));
        // 0 and 1 are both answers: whether something is active.
        let mut analyze = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
        analyze.args(["analyze", "--fail-on", "never", "--format", "html", "-o"]).arg(&report).arg(evidence);
        run(&mut analyze, name);
        look.arg(report);
    }
    run(&mut look, "what is wrong in the browser");
}
