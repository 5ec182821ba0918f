//! What leaves a site: pseudonyms for names and addresses, what is dropped, what is withheld, and the way back.

#![expect(clippy::disallowed_methods, reason = "these tests run the program among made-up tools, and look at what it wrote")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test, with its place")]

#[path = "collect/site.rs"]
#[expect(dead_code, reason = "the site is made for other tests too")]
mod site;

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use site::{Run, Site, analyze, run, state_of};

/// A member that was refused by another one, on a host that is called `db-1`, with names that are told in many ways.
const JOURNAL: &str = r#"2026-11-22T10:00:00+0000 db-1 etcd[9]: {"level":"info","msg":"starting an etcd server","etcd-version":"3.5.16","name":"berlin","initial-cluster":"berlin=https://db-1.corp.example.com:2380,hamburg=https://db-2.corp.example.com:2380"}
2026-11-22T10:00:01+0000 db-1 etcd[9]: {"level":"warn","msg":"prober detected unhealthy status","remote-peer-id":"73267fa430b41e1a","rtt":"0s","error":"dial tcp: lookup db-2.corp.example.com on 10.0.0.53:53: no such host"}
2026-11-22T10:00:02+0000 db-1 systemd[1]: etcd.service: Main process exited, code=killed, status=9/KILL
"#;

const NAMES: [&str; 7] = ["db-1", "db-2", "berlin", "hamburg", "corp.example.com", "10.0.0.1", "10.0.0.53"];

fn noisy() -> Site {
    let site = Site::healthy();
    site.answer("journal", JOURNAL);
    site.tool("journalctl", "case \"$*\" in *-r*etcd*|*etcd*-r*) exec tac \"$ANSWERS/journal\";; *etcd*) exec cat \"$ANSWERS/journal\";; *) echo '-- No entries --';; esac");
    site.tool(
        "ps",
        "echo 'USER COMMAND'; echo 'root etcd --name berlin --data-dir /var/lib/etcd --listen-peer-urls https://10.0.0.1:2380'",
    );
    site
}

fn out(site: &Site, ending: &str) -> PathBuf {
    let entries = fs::read_dir(site.out()).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    assert_eq!(found.len(), 1, "{ending}: {found:?}");
    found[0].clone()
}

fn this_host() -> String {
    let output = Command::new("uname").arg("-n").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn codes(diagnosis: &Value) -> Vec<String> {
    let findings = diagnosis["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str());
    findings.chain(diagnosis["verdict"]["primary"].as_str()).map(str::to_owned).collect()
}

#[test]
fn with_pseudonyms_no_name_and_no_address_is_in_the_bundle_and_the_diagnosis_is_the_same() {
    let plain = noisy();
    assert_eq!(plain.collect(&["--interval", "0s"]).code, 0);
    let site = noisy();
    let run = site.collect(&["--interval", "0s", "--redact", "ips,hosts,names"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let whole = site.whole_text();
    let whole = whole.lines().filter(|line| !line.contains("/unpacked")).collect::<Vec<_>>().join("\n");
    for name in NAMES {
        assert!(!whole.contains(name), "{name}: {:?}", whole.lines().find(|line| line.contains(name)));
    }
    let here = this_host();
    let paths = site::names_in(&site.bundle()).concat();
    assert!(!paths.contains(&format!("/{here}/")) && !paths.contains(&format!("_{here}_")), "{paths}");
    assert!(!site.bundle().to_string_lossy().contains(&format!("_{here}_")), "the bundle's name has the host's");
    assert_eq!(site.manifest()["host"], "host-3");
    for kept in [
        "+0000 host-1 etcd[9]:",
        "member-2=https://host-1.site-1.example:2380,member-3=https://host-2.site-1.example:2380",
        "lookup host-2.site-1.example on 240.0.0.101:53: no such host",
        "http://240.0.0.100:2379 is healthy: successfully committed",
        "\"host: host-3\"",
    ] {
        assert!(whole.contains(kept), "{kept} is not in\n{whole}");
    }
    assert_eq!(codes(&analyze(&site.bundle())), codes(&analyze(&plain.bundle())));
    let inspected = site::run(&["inspect", "--hashes", &site.bundle().to_string_lossy()]).stdout;
    assert!(!inspected.contains("altered"), "the sums are those of what is shared: {inspected}");
    let taken = &state_of(&site.manifest(), "journal/etcd.log")["redactions"];
    assert!(taken["address"].as_u64() > Some(0) && taken["host name"].as_u64() > Some(0), "{taken}");
}

#[test]
fn the_map_stays_beside_the_bundle_and_turns_a_report_back() {
    let plain = noisy();
    plain.collect(&["--interval", "0s"]);
    let site = noisy();
    let told = site.collect(&["--interval", "0s", "--redact", "ips,hosts,names"]);
    let map = out(&site, ".map.json");
    assert_eq!(fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(told.stdout.contains(&*map.to_string_lossy()) && told.stdout.contains("unmask"), "{}", told.stdout);
    assert!(!site::names_in(&site.bundle()).concat().contains("map"), "it is not in the bundle");
    let report = site.out().join("report");
    fs::write(&report, site::run_analyze(&site.bundle()).stdout).unwrap();
    let back = run(&["unmask", &report.to_string_lossy(), "--map", &map.to_string_lossy()]);
    assert_eq!(back.code, 0, "{}", back.told());
    let (back, real): (Value, Value) = (serde_json::from_str(&back.stdout).unwrap(), analyze(&plain.bundle()));
    for key in ["findings", "members", "verdict"] {
        let text = |value: &Value| {
            let text = value[key].to_string();
            // Times differ from run to run.
            text.split(['_', '/']).filter(|part| !part.starts_with("20")).collect::<Vec<_>>().join("/")
        };
        assert_eq!(text(&back), text(&real), "{key}");
    }
    assert!(back["findings"].to_string().contains("db-2.corp.example.com"));
    // The same from standard input to a file.
    let turned = site.out().join("turned");
    let mut child = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
    let arguments = ["unmask", "-", "--map", &map.to_string_lossy(), "-o", &turned.to_string_lossy()];
    let mut child = child.args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"host-2 is down, host-20 is not").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read_to_string(turned).unwrap(), "db-2 is down, host-20 is not");
}

#[test]
fn a_second_bundle_with_the_same_map_has_the_same_pseudonyms() {
    let site = noisy();
    let map = site.out().join("site.map.json");
    let with = |name: &str| {
        let (map, to) = (map.to_string_lossy().into_owned(), site.out().join(name).to_string_lossy().into_owned());
        site.collect(&["--interval", "0s", "--redact", "hosts,ips,names", "--map", &map, "-o", &to])
    };
    assert_eq!(with("a.tar.gz").code, 0);
    let first = fs::read_to_string(&map).unwrap();
    site.answer("journal", &JOURNAL.replace("hamburg", "aachen").replace("db-2", "db-0"));
    assert_eq!(with("b.tar.gz").code, 0);
    let (first, second): (Value, Value) =
        (serde_json::from_str(&first).unwrap(), serde_json::from_str(&fs::read_to_string(&map).unwrap()).unwrap());
    for table in ["hosts", "names", "addresses", "domains"] {
        for (real, with) in first[table].as_object().unwrap() {
            assert_eq!(&second[table][real], with, "{real}");
        }
    }
    assert!(second["hosts"]["db-0"].is_string() && second["names"]["aachen"].is_string(), "{second}");
    assert!(site.entries_in_out() == 3, "no other map was written");
}

#[test]
fn a_bundle_that_is_packed_again_gets_pseudonyms_too() {
    let site = noisy();
    let [first, second] = ["first.tar.gz", "second.tar.gz"].map(|name| site.out().join(name).to_string_lossy().into_owned());
    site.collect(&["--interval", "0s", "-o", &first]);
    let again = run(&["collect", "--from", &first, "--redact", "ips,hosts,names", "-o", &second]);
    assert!(matches!(again.code, 0 | 3), "{}", again.told());
    let whole = site::names_in(Path::new(&second)).concat()
        + &fs::read_to_string(site::find(&site.unpack(Path::new(&second)), "second/manifest.json")).unwrap();
    for name in NAMES {
        assert!(!whole.contains(name), "{name} is in {whole}");
    }
    let codes_of = |bundle: &str| codes(&analyze(Path::new(bundle))).join(" ");
    assert_eq!(codes_of(&first), codes_of(&second));
}

#[test]
fn the_commands_for_an_administrator_have_the_real_names() {
    let site = noisy();
    site.tool("journalctl", "echo 'Hint: You are currently not seeing messages from other users and the system.' >&2");
    let told = site.collect_at("https://db-7:2379", &["--interval", "0s", "--redact", "ips,hosts,names", "--unit", "etcd-db-7"]);
    assert!(told.stdout.contains("sudo journalctl") && told.stdout.contains("etcd-db-7"), "{}", told.told());
    assert!(!site.manifest().to_string().contains("db-7"));
}

#[test]
fn what_the_operator_drops_is_not_in_the_bundle_and_the_manifest_says_who_dropped_it() {
    let site = noisy();
    let run = site.collect(&["--interval", "0s", "--drop", "journal/*", "--drop", "mounts.txt"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let names = site::names_in(&site.bundle()).join("\n");
    assert!(!names.contains("/journal/") && !names.contains("mounts.txt"), "{names}");
    let row = state_of(&site.manifest(), "journal/etcd.log");
    assert_eq!((&row["state"], &row["why"]), (&"withheld".into(), &"dropped by the operator".into()), "{row}");
    assert!(row["sha256"].is_null() && row["bytes"].is_null(), "{row}");
    assert!(run.stdout.contains("dropped by the operator"), "{}", run.stdout);
    assert_eq!(analyze(&site.bundle())["verdict"]["primary"], "healthy");
}

#[test]
fn a_preview_lists_what_would_be_shared_and_waits_for_nobody_where_there_is_no_terminal() {
    let site = noisy();
    let run = site.collect(&["--interval", "0s", "--preview"]);
    assert_eq!(run.code, 0, "{}", run.told());
    for name in site::names_in(&site.bundle()) {
        let path = name.split_once('/').unwrap().1;
        assert!(run.stderr.contains(path), "{path} is not listed: {}", run.stderr);
    }
    assert!(!run.stderr.contains("Enter"), "nobody is asked: {}", run.stderr);
}

/// Runs `collect --preview` on a terminal that `script` makes, and types.
fn on_terminal(site: &Site, typed: &str) -> Run {
    let mut command = site.command("http://10.0.0.1:2379", &["--interval", "0s", "--preview"]);
    command.env("TERM", "dumb");
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let mut script = Command::new("script");
    script.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.args(["-qefc", &words.join(" "), "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = script.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    Run::of(&child.wait_with_output().unwrap())
}

#[test]
fn on_a_terminal_a_file_can_be_dropped_by_its_number_and_nothing_is_shared_without_consent() {
    let site = noisy();
    let listed = on_terminal(&site, "q\n");
    assert_eq!((listed.code, site.entries_in_out()), (4, 0), "{}", listed.told());
    let number = |path: &str| {
        let line =
            listed.stdout.lines().find(|line| line.trim_end().ends_with(path)).unwrap_or_else(|| panic!("{}", listed.told()));
        line.split_whitespace().next().unwrap().to_owned()
    };
    let number = number("/journal/etcd.log");
    let run = on_terminal(&site, &format!("what?\n1\n{number}\n\n"));
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(run.stdout.contains("neither numbers") && run.stdout.contains("the manifest goes with"), "{}", run.stdout);
    let names = site::names_in(&site.bundle()).join("\n");
    assert!(!names.contains("journal/etcd.log") && names.contains("mounts.txt"), "{names}");
    assert_eq!(state_of(&site.manifest(), "journal/etcd.log")["why"], "dropped by the operator");
}

#[test]
fn a_file_in_which_a_secret_is_recognised_is_withheld_and_the_others_are_shared() {
    let site = noisy();
    // A form that the redactor does not take out: the body of a key without its head.
    let key = "2026-11-22T10:00:00+0000 db-1 backup[3]: PuTTY-User-Key-File-3: ssh-ed25519\n2026-11-22T10:00:00+0000 db-1 backup[3]: Private-Lines: s99-putty\n";
    site.answer("journal", &format!("{JOURNAL}{key}"));
    site.tool("etcdctl", "echo 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB' >&2; exit 1");
    let run = site.collect(&["--interval", "0s"]);
    let (bundle, told) = (site.whole_text(), run.told());
    for secret in ["s99-putty", "PuTTY-User", "MIIEvQIBADAN"] {
        assert!(!bundle.contains(secret) && !told.contains(secret), "{secret}: {told}");
    }
    let row = state_of(&site.manifest(), "journal/etcd.log");
    assert_eq!(row["state"], "withheld");
    assert_eq!(row["why"], "a secret was recognised in line 4: PuTTY private key");
    let row = state_of(&site.manifest(), "etcdctl/member-list.json");
    assert!(row["why"].as_str().unwrap().contains("private key or key store in base64") && row["stderr"].is_null(), "{row}");
    assert!(run.stdout.contains("recognised in line 4"), "{}", run.stdout);
    assert_eq!(state_of(&site.manifest(), "host/mounts.txt")["state"], "collected");
}

#[test]
fn wrong_use_is_told_before_anything_runs() {
    let site = noisy();
    let other = site.out().join("other.json");
    fs::write(&other, "{}").unwrap();
    let map = other.to_string_lossy().into_owned();
    for (flags, words) in [
        (vec!["--redact", "everything"], "ips"),
        (vec!["--map", "x.json"], "--redact"),
        (vec!["--redact", "ips", "--map", &*map], "no map of pseudonyms"),
        (vec!["--redact", "ips", "--map", "/nowhere/x.json"], "no folder /nowhere"),
        (vec!["--redact", "ips", "-o", "-"], "--map FILE"),
    ] {
        let run = site.collect(&flags);
        assert_eq!(run.code, 2, "{flags:?}: {}", run.told());
        assert!(run.stderr.contains(words), "{flags:?}: {}", run.stderr);
    }
    assert!(!site.was_run());
    let run = run(&["unmask", &map, "--map", &map]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(Path::new(&map).exists());
}
