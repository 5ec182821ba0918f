//! Bundles of the script that come from elsewhere: over ssh, which is made up here and runs the script on this host, and packed again from a file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test, with its place")]

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::site::{self, Run, Site, analyze, rows};

/// Checks how it is called, then does as its host does.
const SSH: &str = r#"printf '%s\n' "$*" >>"$RAN.ssh"
    while [ "$1" != -- ]; do shift; done
    host=$2; shift 2
    case $host in
      *dead) echo "ssh: connect to host $host port 22: Connection timed out" >&2; exit 255;;
      *stranger) echo "No ED25519 host key is known for $host and you have requested strict checking." >&2; echo 'Host key verification failed.' >&2; exit 255;;
      *cut) sh -c "$*" | head -c 3000;;
      *hangs) sleep 7621;;
      *chatty) echo 'Welcome to our host'; sh -c "$*";;
      *liar) cat >/dev/null; cat "$ANSWERS/lie";;
      *) cat >"$RAN.script.$$"; grep -q 'the plan' "$RAN.script.$$"; sh -c "$*" <"$RAN.script.$$";;
    esac"#;

const FLAGS: &[&str] = &["--interval", "0s", "--since", "2026-11-26 08:00:00"];

fn collect(site: &Site, more: &[&str]) -> Run {
    site.collect(&[FLAGS, more].concat())
}

fn row(manifest: &Value, path: &str) -> Value {
    let found = rows(manifest).into_iter().find(|row| row["path"] == path);
    found.unwrap_or_else(|| panic!("no row {path} in {manifest:#}")).clone()
}

#[test]
fn other_nodes_stand_in_one_bundle_and_one_that_is_dead_or_unknown_costs_the_others_nothing() {
    let site = Site::healthy();
    site.tool("ssh", SSH);
    let run = collect(&site, &["--ssh", "db-2,root@10.0.0.3,dead,stranger,cut,chatty"]);
    assert_eq!(run.code, 3, "{}", run.told());
    let asked = fs::read_to_string(site.ran().with_extension("ssh")).unwrap();
    let line =
        "-T -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 -- db-2 sh -s -- -o -";
    assert!(asked.lines().any(|asked| asked == line), "{asked}");
    let names = site::names_in(&site.bundle());
    for host in ["db-2", "10.0.0.3"] {
        assert!(names.iter().any(|name| name.ends_with(&format!("/nodes/{host}/etcdctl/member-list.json"))), "{names:?}");
    }
    let inspected = site::run(&["inspect", "--hashes", &site.bundle().to_string_lossy()]);
    assert!(!inspected.stdout.contains("altered"), "{}", inspected.told());
    let (manifest, _) = site.take();
    assert_eq!(row(&manifest, "nodes/db-2/ssh")["state"], "collected");
    assert_eq!(row(&manifest, "nodes/db-2/http/health.json")["state"], "collected");
    let dead = row(&manifest, "nodes/dead/ssh");
    assert_eq!((dead["state"].as_str(), dead["exit_code"].as_u64()), (Some("failed"), Some(255)));
    assert_eq!(dead["why"], "ended with 255: ssh: connect to host dead port 22: Connection timed out");
    let stranger = row(&manifest, "nodes/stranger/ssh");
    assert!(stranger["why"].as_str().unwrap().contains("No ED25519 host key is known"), "{stranger}");
    let cut = row(&manifest, "nodes/cut/ssh");
    assert_eq!(cut["state"], "truncated", "{cut}");
    assert!(cut["why"].as_str().unwrap().contains("cut off"), "{cut}");
    let chatty = row(&manifest, "nodes/chatty/ssh");
    assert!(chatty["why"].as_str().unwrap().contains("no bundle"), "{chatty}");
    assert!(run.stdout.contains("dead") || run.stdout.contains("ssh"), "the closing screen names it: {}", run.stdout);
}

#[test]
fn a_host_that_hangs_ends_at_the_deadline_and_leaves_nothing_running() {
    let site = Site::healthy();
    site.tool("ssh", SSH);
    let run = collect(&site, &["--ssh", "hangs,db-2", "--deadline", "12s"]);
    assert_eq!(run.code, 3, "{}", run.told());
    let (manifest, _) = site.take();
    assert_eq!(row(&manifest, "nodes/hangs/ssh")["state"], "timed out");
    assert_eq!(row(&manifest, "nodes/db-2/ssh")["state"], "collected");
    assert_eq!(site::processes_with(&["7621"]), Vec::<String>::new());
}

#[test]
fn sudo_is_asked_for_no_password_and_a_login_goes_over_standard_input_alone() {
    let site = Site::healthy();
    site.tool("ssh", SSH);
    site.tool("sudo", "[ \"$1\" = -n ] || exit 9; shift; exec \"$@\"");
    site.tool("etcdctl", r#"echo "$* / $ETCDCTL_USER" >>"$RAN.ctl""#);
    let password = site.home().join("password");
    fs::write(&password, "hunter2\n").unwrap();
    let login = ["--user", "root", "--password-file", &password.to_string_lossy()].map(str::to_owned);
    let login: Vec<&str> = login.iter().map(String::as_str).collect();
    let run = collect(&site, &[&["--ssh", "db-2", "--ssh-sudo"], &login[..]].concat());
    let asked = fs::read_to_string(site.ran().with_extension("ssh")).unwrap();
    assert!(asked.ends_with("-- db-2 sudo -n sh -s -- -o -\n") && !asked.contains("hunter2"), "{asked}");
    let ctl = fs::read_to_string(site.ran().with_extension("ctl")).unwrap();
    assert!(ctl.contains("member list -w json / root:hunter2"), "{ctl} {}", run.told());
    assert!(!site.whole_text().contains("hunter2"));
}

#[test]
fn a_dry_run_shows_the_commands_and_what_ssh_would_take_for_a_flag_is_no_host() {
    let site = Site::healthy();
    site.tool("ssh", SSH);
    let run = collect(&site, &["--ssh", "db-2", "--dry-run"]);
    assert!(run.stdout.contains("StrictHostKeyChecking=yes") && run.stdout.contains("-- db-2 'sh -s -- -o -'"), "{}", run.stdout);
    assert!(!site.ran().with_extension("ssh").exists(), "nothing was run");
    let run = collect(&site, &["--ssh=-oProxyCommand=x"]);
    assert_eq!(run.code, 2, "{}", run.told());
}

/// An archive whose manifest plans what its entries hold, at paths of its own choice, and what they do not hold.
fn lie(site: &Site, files: &[(&str, &str)], lost: &[(&str, &str)]) -> Vec<u8> {
    let folder = site.home().join("lie");
    let rows: Vec<Value> = files
        .iter()
        .chain(lost)
        .map(|(path, text)| serde_json::json!({ "path": path, "kind": "journal\u{1b}[1m", "state": "collected", "bytes": text.len() }))
        .collect();
    let manifest = serde_json::json!({ "format": "etcd-triage/bundle/1.0", "host": "db-1\u{1b}]0;x\u{7}", "found": ["password=hunter2"], "rows": rows });
    for (path, text) in files.iter().copied().chain([("manifest.json", manifest.to_string().as_str())]) {
        let file = folder.join("top").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let output = Command::new("tar").arg("-C").arg(&folder).args(["-czf", "-", "top/manifest.json", "top"]).output().unwrap();
    output.stdout
}

/// A tar archive with one file, which is text for the most part.
fn within(path: &str, text: &str) -> String {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(text.len() as u64);
    archive.append_data(&mut header, path, text.as_bytes()).unwrap();
    String::from_utf8(archive.into_inner().unwrap()).unwrap()
}

#[test]
fn what_a_node_sends_stays_in_its_own_folder_and_goes_through_the_redactor() {
    let site = Site::healthy();
    site.tool("ssh", SSH);
    let files = [
        ("nodes/db-1/journal/etcd.log", "Nov 22 16:00:00 h etcd[1]: user root password=hunter3\n"),
        ("nodes/../../../evil/x", "out of it\n"),
        ("nodes/db-1/deep/er/than/is/planned", "too deep\n"),
        ("nodes/db-1/host/\u{1b}[2Jname.txt", "plain\n"),
        ("nodes/db-1/host/within.tar", &within("nodes/db-1/journal/kernel.log", "packed into another file\n")),
    ];
    let lost = [("nodes/db-1/journal/kernel.log", "planned\n")];
    fs::write(site.home().join("answers/lie"), lie(&site, &files, &lost)).unwrap();
    collect(&site, &["--ssh", "liar"]);
    let text = site.whole_text();
    for bad in ["hunter2", "hunter3", "out of it", "too deep", "packed into", "\u{1b}", "\u{7}"] {
        assert!(!text.contains(bad), "{bad:?}");
    }
    let (manifest, _) = site.take();
    let of_liar: Vec<&str> =
        rows(&manifest).iter().filter_map(|row| row["path"].as_str()).filter(|path| path.starts_with("nodes/liar/")).collect();
    let [within, kernel] = ["nodes/liar/host/within.tar", "nodes/liar/journal/kernel.log"];
    assert_eq!(of_liar, ["nodes/liar/ssh", "nodes/liar/journal/etcd.log", "nodes/liar/host/__2Jname.txt", within, kernel]);
    for path in [within, kernel] {
        assert!(rows(&manifest).iter().any(|row| row["path"] == *path && row["state"] == "failed"), "{path}: {manifest}");
    }
    assert!(rows(&manifest).iter().all(|row| !row["path"].as_str().unwrap().contains("..")));
}

#[test]
fn a_bundle_of_the_script_is_packed_again_with_the_same_diagnosis() {
    let site = Site::healthy();
    site.answer("log", "2026-11-26T09:00:00+0000 db-1 etcd[9]: read-only range request \"key:\\\"/registry/pods/a\\\" \" with result \"range_response_count:1 size:9\" took too long (120.5ms) to execute\n");
    site.tool("journalctl", r#"cat "$ANSWERS/log""#);
    site.run_in(&["dash"], &site.script(FLAGS));
    let bundle = site.home().join("of-script.tar.gz");
    fs::rename(site.bundle(), &bundle).unwrap();
    let before = analyze(&bundle);
    let run = site.collect(&["--from", &bundle.to_string_lossy()]);
    assert!(run.stdout.contains(before["id"].as_str().unwrap()), "{}", run.told());
    let inspected = site::run(&["inspect", "--hashes", &site.bundle().to_string_lossy()]);
    assert!(!inspected.stdout.contains("altered"), "{}", inspected.told());
    let again = site.home().join("again.tar.gz");
    fs::rename(site.bundle(), &again).unwrap();
    let ours = analyze(&again);
    assert_eq!(ours["id"], before["id"]);
    let manifest = |bundle: &Path| {
        fs::copy(bundle, site.out().join("x.tar.gz")).unwrap();
        site.take().0
    };
    let (first, second) = (manifest(&bundle), manifest(&again));
    assert_eq!(second["tool"]["name"], "etcd-triage");
    let told = |manifest: &Value| {
        rows(manifest).iter().map(|row| (row["path"].clone(), row["state"].clone(), row["argv"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&first), told(&second));
    let run = site.collect(&["--from", &site.home().join("answers/log").to_string_lossy()]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert_eq!(site.leftovers(), Vec::<String>::new());
}
