//! Reports in Debian's Chromium: on a phone, a laptop and paper, by day and by night, nothing runs over, nothing is asked for, nothing is said
//! on the console, and axe finds nothing that would keep a reader out.

#![expect(clippy::disallowed_methods, reason = "this test runs the program, a browser and a script that watches it")]

mod program;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use program::program;
use tempfile::TempDir;

/// The six whose text is held by snapshots, and one with histograms of both windows.
const REPORTS: [&str; 7] = [
    "cloudos-wal-not-found",
    "lab-five-members-3.5.30",
    "lab-quorum-lost-3.5.1",
    "lab-quota-3.5.16",
    "lab-slow-fsync-3.5.30",
    "lab-snap-corrupt-3.5.1",
    "lab-slow-disk-3.5.16",
];

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

/// What a program printed, and whether it ended well.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("a program of this test can be started: node and npm must be installed");
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].join("\n");
    (output.status.success(), said)
}

/// The script with its packages, and the browser that it opens.
struct Looker {
    at: TempDir,
    browser: PathBuf,
}

impl Looker {
    fn new() -> Self {
        let browser = found(&BROWSERS).expect("no Chromium: apt-get install chromium fonts-noto-cjk");
        let at = TempDir::new().expect("a folder for reports can be made");
        for name in ["look.js", "package.json", "package-lock.json"] {
            std::fs::copy(root().join("tests/browser").join(name), at.path().join(name)).expect("the script can be copied");
        }
        let mut npm = Command::new("npm");
        let (is_well, said) = run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(at.path()));
        assert!(is_well, "npm ci: {said}");
        Self { at, browser }
    }

    /// The report of some evidence, in a file called so.
    fn report(&self, name: &str, evidence: &Path) -> PathBuf {
        let report = self.at.path().join(format!("{name}.html"));
        let mut analyze = Command::new(program());
        // 3 is an answer, too: a verdict of low confidence.
        analyze.args(["analyze", "--fail-on", "never", "--format", "html", "-o"]).arg(&report).arg(evidence);
        let (_, said) = run(&mut analyze);
        assert!(report.is_file(), "{name}: {said}");
        report
    }

    fn look(&self, reports: &[PathBuf], more: &[&str]) -> (bool, String) {
        let mut look = Command::new("node");
        look.arg(self.at.path().join("look.js")).arg("--browser").arg(&self.browser).args(more);
        run(look.arg("--profile").arg(self.at.path().join("profile")).args(reports))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
#[ignore = "needs Chromium, node and npm, which tests/run installs, and fetches two packages from npm"]
fn reports_are_right_in_a_browser_at_every_size_and_in_both_schemes() {
    let looker = Looker::new();
    let mut reports: Vec<PathBuf> = REPORTS.iter().map(|name| looker.report(name, &root().join("fixtures").join(name))).collect();
    reports.push(looker.report("made-up", &made_up(looker.at.path())));
    let (is_right, said) = looker.look(&reports, &[]);
    assert!(is_right, "what is wrong in the browser:\n{said}");
}

#[test]
#[ignore = "needs Chromium, node and npm, which tests/run installs, and fetches two packages from npm"]
fn a_page_that_is_spoiled_is_seen_to_be() {
    let looker = Looker::new();
    let report = looker.report("right", &root().join("fixtures").join(REPORTS[0]));
    let page = std::fs::read_to_string(&report).expect("the report can be read");
    let spoil = |name: &str, from: &str, to: &str| {
        assert!(page.contains(from), "{from} is not on the page");
        let path = looker.at.path().join(format!("{name}.html"));
        std::fs::write(&path, page.replacen(from, to, 1)).expect("a page can be written");
        path
    };
    let wide = spoil("wide", "</main>", "<svg width=\"3000\" height=\"9\" aria-hidden=\"true\"></svg></main>");
    let script = spoil("script", "</main>", "<script>document.title = 1</script></main>");
    let picture = spoil("picture", "</main>", "<img src=\"http://127.0.0.1:9/x.png\"></main>");
    let open = spoil("open", "http-equiv=\"Content-Security-Policy\"", "name=\"x\"").clone();
    let asks = std::fs::read_to_string(&open).expect("the page can be read").replacen(
        "</main>",
        "<img alt=\"\" src=\"http://127.0.0.1:9/x.png\"></main>",
        1,
    );
    std::fs::write(&open, asks).expect("a page can be written");
    let style = spoil("style", "color-scheme: light dark;", "color-scheme: light dark ;");
    let (is_right, said) = looker.look(&[wide, script, picture, open, style], &["--only", "phone"]);
    assert!(!is_right, "{said}");
    for (page, wrong) in [
        ("wide", "runs over its right edge"),
        ("script", "console: "),
        ("picture", "console: "),
        ("picture", "axe image-alt"),
        ("open", "asked for http://127.0.0.1:9/x.png"),
        ("style", "console: "),
    ] {
        let is_told = said.lines().any(|line| line.starts_with(&format!("{page}, ")) && line.contains(wrong));
        assert!(is_told, "{page}: {wrong:?} is not seen:\n{said}");
    }
}
