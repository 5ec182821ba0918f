//! The script that `collect --print-script` prints, beside the program on one site: the same rows, states and diagnosis, in every shell.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, with its place")]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    secrets::SECRETS,
    site::{self, Run, Site, await_condition, rows, state_of},
};

const SHELLS: &[&[&str]] = &[&["dash"], &["bash", "--posix"], &["bash"], &["busybox", "sh"]];

/// A window that is the same for both, whenever they are run.
const FLAGS: &[&str] = &["--interval", "0s", "--since", "2026-11-26 08:00:00"];

/// What of a row does not depend on when it was gathered: `ps` and the like show other moments.
fn lasting(row: &Value) -> Value {
    let mut row = row.clone();
    let fields = row.as_object_mut().unwrap();
    for moment in ["started", "ms", "bytes", "sha256", "stderr", "redactions"] {
        fields.remove(moment);
    }
    row
}

#[track_caller]
fn assert_same_rows(by_script: &Value, by_program: &Value, shell: &str) {
    for (script, program) in rows(by_script).into_iter().zip(rows(by_program)) {
        assert_eq!(lasting(script), lasting(program), "{shell}");
        assert_eq!(script.get("started").is_some(), program.get("started").is_some(), "{shell}: {script}");
    }
    assert_eq!(rows(by_script).len(), rows(by_program).len(), "{shell}");
}

#[test]
fn the_printed_script_is_clean_under_shellcheck() {
    let site = Site::healthy();
    let script = site.script(&["--around", "2018-08-28 09:36:01", "--cacert", "/it's here.pem"]);
    let output = Command::new("shellcheck").args(["-s", "sh"]).arg(&script).output().expect("the package shellcheck");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn in_every_shell_the_script_has_the_rows_states_and_diagnosis_of_the_program() {
    let site = Site::healthy();
    site.tool("ps", "echo 'error: there is none' >&2; exit 2");
    site.tool("ss", "kill -9 $$");
    site.tool("timedatectl", "echo 'System has not been booted with systemd as init system (PID 1).' >&2; exit 1");
    site.tool("journalctl", r#"case "$*" in *kernel*) echo 'Hint: you are currently not seeing messages from other users' >&2; echo x;; *) echo '-- No entries --';; esac"#);
    let run = site.collect(FLAGS);
    assert_eq!(run.code, 3, "{}", run.told());
    let (program, diagnosis) = site.take();
    for shell in SHELLS {
        let run = site.run_in(shell, &site.script(FLAGS));
        assert_eq!(run.code, 3, "{shell:?} {}", run.told());
        let inspected = site::run(&["inspect", "--hashes", &site.bundle().to_string_lossy()]);
        assert!(inspected.stdout.contains("manifest") && !inspected.stdout.contains("altered"), "{}", inspected.told());
        assert_eq!(fs::metadata(site.bundle()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(site::names_in(&site.bundle())[0].ends_with("/manifest.json"));
        assert_eq!(site.entries_in_out(), 1, "{shell:?} leaves nothing else behind");
        let (script, same) = site.take();
        assert_same_rows(&script, &program, &format!("{shell:?}"));
        assert_eq!(same["id"], diagnosis["id"], "{shell:?}");
        let row = state_of(&script, "etcdctl/member-list.json");
        assert_eq!(row["sha256"], state_of(&program, "etcdctl/member-list.json")["sha256"], "{shell:?}: {row}");
    }
}

#[test]
fn with_nothing_but_busybox_the_script_still_gives_a_bundle_with_hashes() {
    let site = Site::healthy();
    let applets = site.home().join("applets");
    fs::create_dir(&applets).unwrap();
    let list = Command::new("busybox").arg("--list").output().expect("the package busybox");
    let busybox = ["/usr/bin/busybox", "/bin/busybox"].into_iter().find(|file| Path::new(file).exists()).unwrap();
    for applet in String::from_utf8_lossy(&list.stdout).lines() {
        symlink(busybox, applets.join(applet)).unwrap();
    }
    let script = site.script(FLAGS);
    let text = fs::read_to_string(&script).unwrap();
    let line = text.lines().find(|line| line.starts_with("more_folders=")).unwrap();
    fs::write(&script, text.replace(line, "more_folders=''")).unwrap();
    let mut command = site.shell(&[busybox, "sh"], &script, &[]);
    let path = format!("{}:{}", site.home().join("bin").display(), applets.display());
    let output = command.env("PATH", path).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(site.leftovers(), Vec::<String>::new(), "{told}");
    let (manifest, diagnosis) = site.take();
    assert_eq!(diagnosis["verdict"]["primary"], "healthy", "{told}");
    assert_eq!(state_of(&manifest, "metrics/1.prom")["sha256"].as_str().map(str::len), Some(64), "{told}");
    assert_eq!(state_of(&manifest, "host/df.txt")["state"], "collected", "{told}");
}

#[test]
fn a_program_that_hangs_costs_its_time_and_leaves_nothing_running() {
    let site = Site::healthy();
    // The grandchild keeps the pipe open and would outlive its parent.
    site.tool("curl", "trap '' TERM; echo partial; (trap '' TERM; sleep 7613) & sleep 7614");
    for shell in [&["dash"][..], &["busybox", "sh"]] {
        let script = site.script(&["--interval", "0s", "--command-timeout", "0s", "--deadline", "40s"]);
        let begun = Instant::now();
        let run = site.run_in(shell, &script);
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
        assert_eq!(run.code, 3, "{}", run.told());
        let (manifest, _) = site.take();
        let row = state_of(&manifest, "metrics/1.prom");
        assert_eq!((row["state"].as_str(), row["bytes"].as_u64()), (Some("timed out"), Some(8)), "{row}");
        assert_eq!(site::processes_with(&["7613", "7614"]), Vec::<String>::new(), "nothing is left running");
    }
}

/// As where ssh was cut: whoever took the bundle is gone while a row runs that may take half a minute.
#[test]
fn a_script_whose_reader_is_gone_ends_its_row_and_itself_soon() {
    let site = Site::healthy();
    site.tool("journalctl", "echo begun >>\"$RAN\"; sleep 7617; :");
    let tmp = site.home().join("tmp");
    fs::create_dir(&tmp).unwrap();
    for shell in [&["dash"][..], &["busybox", "sh"], &["bash"]] {
        let _ = fs::remove_file(site.ran());
        let script = site.script(FLAGS);
        let mut child = site.shell(shell, &script, &["-o", "-"]).env("TMPDIR", &tmp).spawn().unwrap();
        await_condition("a row that runs", || fs::read_to_string(site.ran()).is_ok_and(|ran| ran.contains("begun")));
        drop((child.stdout.take(), child.stderr.take()));
        let begun = Instant::now();
        let status = child.wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(12), "{shell:?}: {:?}", begun.elapsed());
        assert!(!status.success(), "{shell:?}");
        assert_eq!(site::processes_with(&["7617"]), Vec::<String>::new(), "{shell:?}: nothing is left running");
        assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0, "{shell:?}: nothing is left behind");
    }
}

#[test]
fn a_deadline_ends_the_script_with_every_row_told() {
    let site = Site::healthy();
    site.tool("etcdctl", "sleep 7615");
    let run = site.run_in(&["dash"], &site.script(&["--interval", "0s", "--deadline", "3s"]));
    assert_eq!(run.code, 3, "{}", run.told());
    let (manifest, _) = site.take();
    assert_eq!(manifest["ended_by"], "deadline");
    assert!(rows(&manifest).iter().all(|row| row["state"].is_string()), "every row is told");
    assert_eq!(state_of(&manifest, "host/mounts.txt")["state"], "skipped");
    assert_eq!(site::processes_with(&["7615"]), Vec::<String>::new(), "nothing is left running");
}

#[test]
fn a_signal_seals_what_is_there() {
    let site = Site::healthy();
    site.tool("etcdctl", "echo begun >>\"$RAN\"; exec sleep 7616");
    let script = site.script(FLAGS);
    for shell in [&["dash"][..], &["busybox", "sh"], &["bash"]] {
        let _ = fs::remove_file(site.ran());
        let child = site.shell(shell, &script, &[]).spawn().unwrap();
        await_condition("etcdctl to be run", || fs::read_to_string(site.ran()).is_ok_and(|ran| ran.contains("begun")));
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{told}");
        let (manifest, _) = site.take();
        assert_eq!(manifest["ended_by"], "signal", "{told}");
        assert_eq!(state_of(&manifest, "metrics/1.prom")["state"], "collected");
        assert_eq!(state_of(&manifest, "host/mounts.txt")["state"], "skipped");
        assert_eq!(site::processes_with(&["7616"]), Vec::<String>::new(), "nothing is left running");
        assert_eq!(site.entries_in_out(), 0, "nothing is left behind");
    }
}

#[test]
fn logs_are_cut_at_their_cap_and_keep_their_end() {
    let site = Site::healthy();
    let long = r#"case "$*" in
          *until*) echo '2026-11-26T08:30:00+0000 db-1 systemd[1]: Started etcd'; echo '2026-11-26T08:00:00+0000 db-1 etcd[9]: x'; echo '2026-11-26T07:30:00+0000 db-1 systemd[1]: Stopped etcd';;
          *'-u etcd'*) awk 'BEGIN { for (i = 400000; i > 0; i--) print "2026-11-26T09:00:00+0000 db-1 etcd[9]: a line that fills, number " i }';;
        esac"#;
    site.tool("journalctl", long);
    site.run_in(&["dash"], &site.script(FLAGS));
    let history = site.text("journal/etcd.history.log");
    let log = site.text("journal/etcd.log");
    let (manifest, _) = site.take();
    let row = state_of(&manifest, "journal/etcd.log");
    assert_eq!(row["state"], "truncated", "{row}");
    let bytes = row["bytes"].as_u64().unwrap();
    assert!((25 << 20) - 200 < bytes && bytes <= 25 << 20, "{row}");
    assert_eq!(row["truncated"], format!("the newest {bytes} bytes were kept"));
    let last = log.lines().last().unwrap();
    assert!(last.ends_with("number 400000"), "{last}");
    assert!(log.lines().next().unwrap().starts_with("2026-11-26T"), "a line is whole or not there");
    let lines: Vec<&str> = history.lines().map(|line| line.rsplit(": ").next().unwrap()).collect();
    assert_eq!(lines, ["Stopped etcd", "Started etcd"], "starts and ends, turned round");
}

/// Lines with secrets, and what must not be seen of each.
const PLANTED: &[(&str, &str)] = &[
    ("https://root:hunter2@10.0.0.1:2379/health", "hunter2"),
    ("etcdctl --user root:hunter3 get", "hunter3"),
    ("etcdctl --user=root --password hunter4 member list", "hunter4"),
    ("--password=hunter5 x", "hunter5"),
    ("ETCDCTL_USER=root:hunter6", "hunter6"),
    ("ETCD_ROOT_PASSWORD=hunter7 and", "hunter7"),
    ("  password: hunter8", "hunter8"),
    (r#"{"password":"hunter9","n":1}"#, "hunter9"),
    (r#"auth_user_add:<name:\"bob\" password:\"hunterA\" >"#, "hunterA"),
    ("AWS_SECRET_ACCESS_KEY=hunterB/def", "hunterB"),
    (r#"{"clientSecret":"hunterC"}"#, "hunterC"),
    ("Authorization: Bearer hunterDhunterDhunterD.x", "hunterD"),
    ("Authorization: Basic hunterEhunterEhunterE", "hunterE"),
    (r#"simple_token:\"hunterFhunterF.12\""#, "hunterF"),
    ("eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6InIifQ.c2lnhunterG", "hunterG"),
    ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", "0123456789abcdef"),
    ("--discovery=https://disc.example/hunterHhunterH", "hunterH"),
    ("-----BEGIN EC PRIVATE KEY-----", "EC PRIVATE KEY"),
    ("hunterIhunterIhunterI", "hunterI"),
    ("-----END EC PRIVATE KEY-----", "EC PRIVATE KEY"),
    (r#"{"k":"-----BEGIN PRIVATE KEY-----\nhunterJ\n-----END PRIVATE KEY-----\n"}"#, "hunterJ"),
    ("client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkhunterK", "hunterK"),
    (r#"read-only range request "key:\"/registry/secrets/default/hunterL\" " took too long (120ms)"#, "hunterL"),
    (r#"request "header:<ID:7 > put:<key:\"/app/hunterM\" value_size:256 >" took too long"#, "hunterM"),
    ("trace[1] range {range_begin:/registry/pods/a/hunterN; range_end:; response_count:1; }", "hunterN"),
    ("[GET] /v2/keys/db/hunterO?wait=true", "hunterO"),
    ("Error:  100: Key not found (/foo/hunterP) [5]", "hunterP"),
    (r#"kvs:<key:"hunterQ" value:"hunterR" >"#, "hunterQ"),
    (r#"kvs:<key:"b" value:"hunterR" >"#, "hunterR"),
];

#[test]
fn no_secret_that_was_planted_is_in_the_bundle_and_what_etcd_says_of_itself_stays() {
    let site = Site::healthy();
    let ordinary = [
        r#"{"level":"info","msg":"opened backend db","path":"/var/lib/etcd/member/snap/db","took":"5.1ms"}"#,
        r#"request "header:<ID:9 > txn:<key:\"/registry/leases/[key]\" value_size:485 >" with result "size:18" took too long (152.3ms) to execute"#,
        r#"{"initial-cluster-token":"etcd-cluster","auth-token":"simple"}"#,
        "etcd: ClientTLS: cert = /a.crt, key = /a.key, trusted-ca = , client-cert-auth = true",
        r#"{"level":"warn","request":"key:\"health\" ","response":"range_response_count:0 size:6"}"#,
    ];
    let lines: Vec<&str> = PLANTED.iter().map(|(line, _)| *line).chain(ordinary).collect();
    site.answer("log", &lines.join("\n"));
    site.tool("journalctl", r#"case "$*" in *' -r'*) tac "$ANSWERS/log";; *) cat "$ANSWERS/log";; esac"#);
    site.tool("etcdctl", r#"cat "$ANSWERS/log" >&2; exit 1"#);
    for shell in [&["dash"][..], &["busybox", "sh"]] {
        let run: Run = site.run_in(shell, &site.script(FLAGS));
        assert_eq!(run.code, 3, "{}", run.told());
        let text = site.whole_text();
        for (line, secret) in PLANTED {
            assert!(!text.contains(secret), "{secret} of {line}");
            assert!(!run.stderr.contains(secret), "{secret} on the screen");
        }
        for line in ordinary {
            assert!(text.contains(line), "{line} is not as it was:\n{}", site.text("journal/etcd.log"));
        }
        site.take();
    }
}

#[test]
fn a_private_key_without_an_end_takes_no_other_line_with_it() {
    let site = Site::healthy();
    let lines = [
        "2026-11-26T09:00:00+0000 db-1 etcd[9]: -----BEGIN RSA PRIVATE KEY-----",
        "2026-11-26T09:00:00+0000 db-1 etcd[9]: MIIEowIBAAKCAQEAhunterhunterhunterhunterhunterhunterhunterhunter",
        "2026-11-26T09:00:00+0000 db-1 etcd[9]: hunter0A",
        r#"2026-11-26T09:00:01+0000 db-1 etcd[9]: {"level":"fatal","ts":"2026-11-26T09:00:01.000Z","caller":"etcdserver/storage.go:95","msg":"failed to read WAL, cannot be repaired","error":"wal: crc mismatch"}"#,
        "2026-11-26T09:00:02+0000 db-1 etcd[9]: raft2026/11/26 09:00:02 INFO: 8e9e05c52164694d became leader at term 2",
    ];
    site.answer("log", &lines.join("\n"));
    site.tool("journalctl", r#"case "$*" in *' -r'*) tac "$ANSWERS/log";; *) cat "$ANSWERS/log";; esac"#);
    for shell in [&["dash"][..], &["busybox", "sh"]] {
        site.run_in(shell, &site.script(FLAGS));
        let text = site.text("journal/etcd.log");
        assert!(!text.contains("hunter") && !text.contains("PRIVATE"), "{text}");
        assert!(lines[3..].iter().all(|line| text.contains(line)), "{text}");
        site.take();
    }
}

/// Every kind that the program takes out of a log, the script takes out as well.
#[test]
fn no_secret_that_the_program_knows_leaves_by_the_script() {
    let site = Site::healthy();
    let lines: Vec<&str> = SECRETS.iter().map(|(_, text)| *text).collect();
    site.answer("log", &lines.join("\n"));
    site.tool("journalctl", r#"case "$*" in *' -r'*) tac "$ANSWERS/log";; *) cat "$ANSWERS/log";; esac"#);
    site.run_in(&["dash"], &site.script(FLAGS));
    let text = site.whole_text();
    let left: Vec<&str> = SECRETS.iter().map(|(secret, _)| *secret).filter(|secret| text.contains(secret)).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_login_goes_to_etcdctl_by_its_environment_alone() {
    let site = Site::healthy();
    site.tool("etcdctl", r#"echo "$* / $ETCDCTL_USER" >>"$RAN"; tr '\0' ' ' </proc/$PPID/cmdline >>"$RAN""#);
    let mut command = site.shell(&["dash"], &site.script(FLAGS), &[]);
    let output = command.env("ETCDCTL_USER", "root").env("ETCDCTL_PASSWORD", "hunter2").stdout(Stdio::null()).output().unwrap();
    let ran = fs::read_to_string(site.ran()).unwrap();
    assert!(ran.contains("member list -w json / root:hunter2"), "{ran}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(ran.matches("hunter2").count(), ran.matches("/ root:hunter2").count(), "only in the environment: {ran}");
    assert!(!site.whole_text().contains("hunter2"));
}
