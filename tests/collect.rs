//! `collect` as an operator runs it, with tools that answer, lie, hang, flood and leak. Real clusters are in `tests/lab`.

#![expect(clippy::disallowed_methods, reason = "these tests run the program among made-up tools, and look at what it wrote")]

#[path = "collect/halfway.rs"]
mod halfway;
#[path = "collect/kubectl.rs"]
mod kubectl;
#[path = "collect/script.rs"]
mod script;
#[path = "collect/secrets.rs"]
mod secrets;
#[path = "collect/site.rs"]
mod site;
#[path = "collect/ssh.rs"]
mod ssh;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use secrets::SECRETS;
use serde_json::Value;
use site::{Site, analyze, rows, state_of};

#[test]
fn a_bundle_holds_what_the_tools_said_and_gives_the_same_diagnosis_anywhere() {
    let site = Site::healthy();
    let run = site.collect(&["--interval", "100ms"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let bundle = site.bundle();
    assert_eq!(fs::metadata(&bundle).unwrap().permissions().mode() & 0o777, 0o600);
    let names = site::names_in(&bundle);
    assert!(names[0].ends_with("/manifest.json"), "{names:?}");
    let mut sorted = names[1..].to_vec();
    sorted.sort();
    assert_eq!(names[1..], sorted, "sorted after the manifest");
    let here = analyze(&bundle);
    assert_eq!(here["verdict"]["primary"], "healthy", "{here:#}");
    let id = here["id"].as_str().unwrap();
    assert!(run.stdout.contains(id), "the id is on the closing screen: {}", run.stdout);
    assert!(run.stdout.contains(&*bundle.to_string_lossy()), "{}", run.stdout);
    // Unpacked by the usual tools, under another name, it is the same evidence.
    let folder = site.unpack(&bundle);
    assert_eq!(analyze(&folder), here);
    assert_eq!(site.leftovers(), Vec::<String>::new(), "the spool is removed");
}

#[test]
fn a_zip_holds_the_same_evidence() {
    let site = Site::healthy();
    let zip = site.out().join("case 4711.zip");
    let run = site.collect(&["--interval", "0s", "-o", &zip.to_string_lossy()]);
    assert_eq!(run.code, 0, "{}", run.told());
    let diagnosis = analyze(&zip);
    assert_eq!(diagnosis["verdict"]["primary"], "healthy");
    assert_eq!(diagnosis["input"]["layout"], "bundle");
}

#[test]
fn what_a_dry_run_prints_is_what_runs() {
    let site = Site::healthy();
    // The last day is another one a second later.
    let since = ["--interval", "0s", "--since", "2026-11-26 08:00:00"];
    let dry = site.collect(&[&since[..], &["--dry-run"]].concat());
    assert_eq!((dry.code, site.entries_in_out()), (0, 0), "{}", dry.told());
    assert!(!site.was_run(), "a dry run starts nothing");
    site.collect(&since);
    let manifest = site.manifest();
    assert!(rows(&manifest).len() > 25);
    for row in rows(&manifest) {
        let path = row["path"].as_str().unwrap().splitn(3, '/').nth(2).unwrap();
        let words: Vec<&str> = row["argv"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(dry.stdout.contains(&format!("\n  {path}\n")), "{path} is not in the plan:\n{}", dry.stdout);
        // Which revision it will be is not known before.
        let is_planned = |word: &&str| dry.stdout.contains(if word.starts_with("--rev=") { "--rev=REVISION" } else { word });
        assert!(words.iter().all(is_planned), "{words:?} is not in the plan");
    }
}

#[test]
fn programs_that_hang_and_ignore_sigterm_cost_their_time_and_no_more() {
    let site = Site::healthy();
    // The grandchild keeps the pipe open and would outlive its parent.
    site.tool("etcdctl", "trap '' TERM; echo partial; (trap '' TERM; sleep 7611) & sleep 7612");
    let begun = Instant::now();
    let run = site.collect(&["--interval", "0s", "--command-timeout", "200ms", "--deadline", "16s"]);
    assert!(begun.elapsed() < Duration::from_secs(16), "{:?}", begun.elapsed());
    assert_eq!(run.code, 3, "{}", run.told());
    let manifest = site.manifest();
    assert_eq!(manifest["ended_by"], "deadline");
    assert!(rows(&manifest).iter().all(|row| row["state"].is_string()), "every row is told");
    let timed_out: Vec<&Value> = rows(&manifest).into_iter().filter(|row| row["state"] == "timed out").collect();
    assert!(!timed_out.is_empty());
    assert_eq!(timed_out[0]["bytes"], 8, "what was printed until then is kept");
    assert!(run.stdout.contains("timed out"), "{}", run.stdout);
    let left = site::processes_with(&["7611", "7612"]);
    assert_eq!(left, Vec::<String>::new(), "nothing is left running");
}

#[test]
fn an_endpoint_that_accepts_and_never_answers_ends_in_a_bundle() {
    let site = Site::healthy();
    site.forget("curl");
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    let run = site.collect_at(&url, &["--interval", "0s", "--command-timeout", "300ms"]);
    assert_eq!(run.code, 3, "{}", run.told());
    let manifest = site.manifest();
    let metrics = state_of(&manifest, "metrics/1.prom");
    assert_eq!(metrics["state"], "failed");
    assert_eq!(metrics["exit_code"], 28, "curl's own word for a time that is over: {metrics}");
    assert_eq!(state_of(&manifest, "host/mounts.txt")["state"], "collected");
}

#[test]
fn a_signal_seals_what_is_there_and_a_second_one_leaves_a_folder_that_the_next_start_names() {
    let site = Site::healthy();
    let slow = "echo begun >>\"$RAN\"; case \"$*\" in *cluster*) exec sleep 60;; esac; exec cat \"$ANSWERS/etcdctl\"";
    site.tool("etcdctl", slow);
    let run = site.interrupt(1);
    assert_eq!(run.code, 3, "{}", run.told());
    let manifest = site.manifest();
    assert_eq!(manifest["ended_by"], "signal");
    assert_eq!(state_of(&manifest, "metrics/1.prom")["state"], "collected");
    assert_eq!(state_of(&manifest, "host/mounts.txt")["state"], "skipped");
    assert!(run.stdout.contains("signal"), "{}", run.stdout);
    assert_eq!(site.leftovers(), Vec::<String>::new());

    // A program that does not end at once gives the time for a second signal.
    let site = Site::healthy();
    site.tool("etcdctl", "echo begun >>\"$RAN\"; trap '' TERM; sleep 6107; :");
    let run = site.interrupt(2);
    assert_eq!(run.code, 130, "{}", run.told());
    let [left] = site.leftovers().try_into().unwrap();
    let diagnosis = analyze(&site.out().join(&left));
    assert_eq!(diagnosis["input"]["layout"], "bundle");
    let gaps = diagnosis["coverage"]["gaps"].to_string();
    assert!(gaps.contains("was not finished"), "{gaps}");
    site.tool("etcdctl", "exec cat \"$ANSWERS/etcdctl\"");
    let next = site.collect(&["--interval", "0s"]);
    assert!(next.stderr.contains(&left), "{}", next.stderr);
    site::end_processes_with("6107");
}

#[test]
fn a_journal_that_may_not_be_read_is_denied_though_journalctl_ends_with_0() {
    let site = Site::healthy();
    site.tool(
        "journalctl",
        "echo 'Hint: You are currently not seeing messages from other users and the system.' >&2; echo '-- No entries --'",
    );
    let run = site.collect(&["--interval", "0s"]);
    assert_eq!(run.code, 3, "{}", run.told());
    let row = state_of(&site.manifest(), "journal/etcd.log");
    assert_eq!(row["state"], "denied");
    assert!(row["why"].as_str().unwrap().contains("not seeing messages"), "{row}");
    assert!(run.stdout.contains("denied"), "{}", run.stdout);
    assert!(run.stdout.contains("\n  sudo journalctl --no-pager -o short-iso -u etcd -r --since="), "{}", run.stdout);
    let gaps = analyze(&site.bundle())["coverage"]["gaps"].to_string();
    assert!(gaps.contains("journal/etcd.log and 4 more (denied: Hint:"), "{gaps}");
}

#[test]
fn of_a_log_beyond_the_cap_the_end_is_kept_and_of_a_whole_journal_its_starts_and_ends() {
    let site = Site::healthy();
    site.tool(
        "journalctl",
        "case \"$*\" in
           *' -r --until'*) echo '2026-11-22T10:00:02+0000 a etcd[9]: etcd Version: 3.3.25'
                    yes '2026-11-22T10:00:01+0000 a etcd[9]: store.index: compact 77' | head -n 20000
                    echo '2026-08-28T09:36:01+0000 a etcd[1]: open wal error: wal: file not found';;
           *'etcd -r'*) seq -f '2026-11-22T10:00:00+0000 a etcd[9]: line %.0f of a very long log' 450000 -1 1;;
           *) echo '-- No entries --';;
         esac",
    );
    let run = site.collect(&["--interval", "0s"]);
    assert_eq!(run.code, 0, "a cut log is no gap: {}", run.told());
    let manifest = site.manifest();
    let row = state_of(&manifest, "journal/etcd.log");
    assert_eq!(row["state"], "truncated");
    assert!(row["bytes"].as_u64().unwrap() <= 25 << 20, "{row}");
    assert!(row["bytes"].as_u64().unwrap() >= 12 << 20, "{row}");
    let log = site.text("journal/etcd.log");
    assert!(log.lines().last().unwrap().contains("line 450000 of"), "the end is there");
    assert!(log.lines().next().unwrap().starts_with("2026-11-22T10:00:00+0000 a etcd[9]: line "), "it begins with a whole line");
    let numbers: Vec<u64> = log.lines().map(|line| line.split(' ').nth(4).unwrap().parse().unwrap()).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "no line is lost where the halves meet");
    let history = site.text("journal/etcd.history.log");
    let kept: Vec<&str> = history.lines().collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept[0].contains("wal: file not found") && kept[1].contains("etcd Version"), "the oldest first: {kept:?}");
}

#[test]
fn user_and_password_reach_etcdctl_by_its_environment_and_nobody_else() {
    let site = Site::healthy();
    let told = "tr '\\0' ' ' </proc/$$/cmdline >>\"$RAN.argv\"; echo >>\"$RAN.argv\"; tr '\\0' '\\n' </proc/$$/environ >>\"$RAN.$(basename \"$0\").env\"";
    site.tool("etcdctl", &format!("{told}; exec cat \"$ANSWERS/etcdctl\""));
    site.tool("curl", &format!("{told}; exec cat \"$ANSWERS/curl\""));
    let secret = site.out().join("../password");
    fs::write(&secret, "hunter2-from-file\n").unwrap();
    let run = site.collect(&["--interval", "0s", "--user", "root", "--password-file", &secret.to_string_lossy()]);
    assert_eq!(run.code, 0, "{}", run.told());
    let beside = |name: &str| fs::read_to_string(format!("{}{name}", site.ran().display())).unwrap();
    assert!(beside(".etcdctl.env").contains("ETCDCTL_USER=root:hunter2-from-file"));
    assert!(!beside(".curl.env").contains("hunter2"));
    assert!(!beside(".argv").contains("hunter2"), "{}", beside(".argv"));
    assert!(!site.whole_text().contains("hunter2"));
    let visible = site.collect(&["--dry-run", "--user", "root:hunter3"]);
    assert!(visible.stderr.contains("--password-file"), "{}", visible.stderr);
    assert!(!visible.stdout.contains("hunter3"), "{}", visible.stdout);
}

#[test]
fn no_secret_that_a_log_a_process_or_an_url_holds_is_in_the_bundle_or_on_the_screen() {
    let site = Site::healthy();
    let mut log = String::new();
    for (at, (_, text)) in SECRETS.iter().enumerate() {
        for line in text.lines() {
            log.push_str(&format!("2026-11-22T10:00:{at:02}+0000 db-1 {line}\n"));
        }
    }
    site.answer("journal", &log);
    site.tool("journalctl", "case \"$*\" in *' -r'*) exec tac \"$ANSWERS/journal\";; *) exec cat \"$ANSWERS/journal\";; esac");
    // A private key beside the data, and tools that say more than they should.
    let data = site.out().join("../data");
    fs::write(data.join("peer.key"), "-----BEGIN PRIVATE KEY-----\nMIIEvs22\n-----END PRIVATE KEY-----\n").unwrap();
    site.tool("ps", "echo 'USER COMMAND'; echo 'root etcd --name a --password=s23-psflag --cert-file=/etc/etcd/a.crt'");
    site.tool("etcdctl", "echo 'Error: dial https://root:s24-stderr@10.0.0.1:2379: refused' >&2; exit 1");
    let run = site.collect_at("http://root:s25-endpoint@10.0.0.1:2379", &["--interval", "0s"]);
    let (bundle, screen) = (site.whole_text(), run.told());
    let planted = SECRETS.iter().map(|(secret, _)| *secret);
    let planted: Vec<&str> = planted.chain(["MIIEvs22", "s23-psflag", "s24-stderr", "s25-endpoint"]).collect();
    assert!(planted.len() > 60);
    let leaked: Vec<&&str> = planted.iter().filter(|secret| bundle.contains(**secret) || screen.contains(**secret)).collect();
    assert_eq!(leaked, Vec::<&&str>::new());
    let plan =
        site.collect_at("http://root:s25-endpoint@10.0.0.1:2379,http://eve:s26-second@10.0.0.2:2379", &["--dry-run"]).told();
    assert!(!plan.contains("s25-endpoint") && !plan.contains("s26-second"), "{plan}");
    // What the analysis needs is there still, and how much was taken is told.
    for kept in [
        "took too long (212.7ms)",
        "range_response_count:1 size:1807",
        "/registry/secrets/",
        "peer.key",
        "https://root:",
        "mod_revision:4",
    ] {
        assert!(bundle.contains(kept), "{kept} is gone");
    }
    let row = state_of(&site.manifest(), "journal/etcd.log");
    assert_eq!(row["state"], "collected", "nothing was left for the second pass, which withholds the whole file: {row}");
    let taken = &row["redactions"];
    for kind in ["key name", "password", "private key", "token", "value"] {
        assert!(taken[kind].as_u64().unwrap_or_default() > 0, "{kind}: {taken}");
    }
}

#[test]
fn nothing_of_the_operators_environment_reaches_the_tools() {
    let site = Site::healthy();
    site.tool("curl", "env >\"$RAN.env\"; exec cat \"$ANSWERS/curl\"");
    site.collect(&["--interval", "0s"]);
    let env = fs::read_to_string(format!("{}.env", site.ran().display())).unwrap();
    assert!(!env.contains("proxy.example.org"), "a proxy would stand between curl and etcd: {env}");
    assert!(!env.contains("ETCDCTL_"), "{env}");
    assert!(env.contains("LC_ALL=C"), "{env}");
}

#[test]
fn wrong_use_is_told_before_anything_runs() {
    let site = Site::healthy();
    let folder = site.out().to_string_lossy().into_owned();
    fs::write(site.out().join("there.tar.gz"), "").unwrap();
    for (flags, words) in [
        (vec!["-o", "/nowhere/at/all.tar.gz"], "no folder /nowhere/at"),
        (vec!["-o", "notes.txt"], ".tar.gz or .zip"),
        (vec!["-o", &format!("{folder}/there.tar.gz")], "exists already"),
        (vec!["--around", "yesterday-ish"], "2018-08-28 09:36:01"),
        (vec!["--around", "2018-08-28 09:36:01", "--since", "-1h"], "cannot be used with"),
        (vec!["--interval", "soon"], "15s"),
        (vec!["--user", "root"], "ETCDCTL_PASSWORD"),
        (vec!["--user", "root", "--password-file", "/nowhere"], "/nowhere"),
    ] {
        let run = site.collect(&flags);
        assert_eq!(run.code, 2, "{flags:?}: {}", run.told());
        assert!(run.stderr.contains(words), "{flags:?}: {}", run.stderr);
    }
    assert!(!site.was_run());
}

#[test]
fn a_bundle_cut_off_anywhere_is_read_for_what_it_holds_and_says_so() {
    let site = Site::healthy();
    site.collect(&["--interval", "0s"]);
    let whole = fs::read(site.bundle()).unwrap();
    let cut = site.out().join("cut.tar.gz");
    for share in [30, 50, 75, 90, 99] {
        fs::File::create(&cut).unwrap().write_all(&whole[..whole.len() * share / 100]).unwrap();
        let diagnosis = analyze(&cut);
        assert_eq!(diagnosis["input"]["layout"], "bundle", "{share} %");
        let unread = diagnosis["coverage"]["unread"].to_string();
        assert!(unread.contains("cut off"), "{share} %: {unread}");
        assert!(unread.contains("in the manifest, and not in what was sent") || share > 95, "{share} %: {unread}");
    }
}

#[test]
fn a_second_collection_in_the_same_second_overwrites_nothing() {
    let site = Site::healthy();
    for _ in 0..3 {
        assert_eq!(site.collect(&["--interval", "0s"]).code, 0);
    }
    assert_eq!(site.entries_in_out(), 3);
}

#[test]
fn what_was_altered_in_a_bundle_is_found_by_its_sums() {
    let site = Site::healthy();
    site.collect(&["--interval", "0s"]);
    let folder = site.unpack(&site.bundle());
    let inspect = || site::run(&["inspect", "--hashes", &folder.to_string_lossy()]);
    assert!(!inspect().stdout.contains("altered"), "{}", inspect().told());
    let health = site::find(&folder, "endpoint-health.txt");
    let text = fs::read_to_string(&health).unwrap().replace("2.1ms", "9.9ms");
    fs::write(&health, text).unwrap();
    let told = inspect().stdout;
    let altered: Vec<&str> = told.lines().filter(|line| line.contains("altered")).collect();
    assert_eq!(altered.len(), 1, "{told}");
    assert!(altered[0].contains("etcdctl/endpoint-health.txt: its SHA-256 is not the manifest's"), "{altered:?}");
}

#[test]
fn a_newer_format_is_refused_with_what_it_takes() {
    let site = Site::healthy();
    site.collect(&["--interval", "0s"]);
    let folder = site.unpack(&site.bundle());
    let manifest = site::find(&folder, "manifest.json");
    let text = fs::read_to_string(&manifest).unwrap().replace("etcd-triage/bundle/1.0", "etcd-triage/bundle/3.1");
    fs::write(&manifest, text).unwrap();
    let run = site::run_analyze(&folder);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.stderr.contains("bundle format 3.1"), "{}", run.stderr);
}

#[test]
fn bundles_of_several_nodes_side_by_side_are_one_cluster() {
    let site = Site::healthy();
    site.collect(&["--interval", "0s", "-o", &site.out().join("a.tar.gz").to_string_lossy()]);
    let folder = site.unpack(&site.out().join("a.tar.gz"));
    let run = site::run_analyze(&folder);
    let one: Value = serde_json::from_str(&run.stdout).unwrap();
    fs::rename(folder.join("a"), folder.join("b")).unwrap();
    site.unpack(&site.out().join("a.tar.gz"));
    let two = analyze(&folder);
    for key in ["primary", "impact", "confidence", "headline"] {
        assert_eq!(two["verdict"][key], one["verdict"][key]);
    }
    assert_eq!(two["id"], one["id"]);
    assert_eq!(two["coverage"]["artifacts"].as_u64(), one["coverage"]["artifacts"].as_u64().map(|n| 2 * n));
}

#[test]
fn what_an_administrator_adds_in_a_second_bundle_is_one_diagnosis_with_the_first() {
    let site = Site::healthy();
    let gaps = |diagnosis: &Value| diagnosis["coverage"]["gaps"].to_string();
    site.tool("ps", "echo 'USER PID COMMAND'; echo 'root 9 etcd --name=a --advertise-client-urls=http://10.0.0.1:2379'");
    site.tool("journalctl", "echo 'Hint: You are currently not seeing messages from other users and the system.' >&2");
    let first = site.out().join("user.tar.gz");
    site.collect(&["--interval", "0s", "-o", &first.to_string_lossy()]);
    assert!(gaps(&analyze(&first)).contains("no log of etcd was sent"));
    site.tool("journalctl", "echo '2026-11-22T10:00:01+0000 a etcd[9]: ready to serve client requests'");
    let second = site.out().join("root.tar.gz");
    site.collect(&["--interval", "0s", "-o", &second.to_string_lossy()]);
    let (alone, both) = (analyze(&second), site::analyze_all(&[&first, &second]));
    assert!(!gaps(&both).contains("no log of etcd was sent"), "{}", gaps(&both));
    assert_eq!(both["verdict"]["primary"], alone["verdict"]["primary"]);
    assert_eq!(both["members"].as_array().map(Vec::len), Some(1), "{}", both["members"]);
}

#[test]
fn a_collection_without_a_user_name_is_no_client_that_is_refused() {
    let site = Site::healthy();
    site.tool(
        "etcdctl",
        r#"case "$*" in
             version) echo 'etcdctl version: 3.5.16';;
             *'endpoint health'*) echo 'http://10.0.0.1:2379 is unhealthy: failed to commit proposal: etcdserver: user name is empty' >&2; exit 1;;
             *) echo 'Error: etcdserver: user name is empty' >&2; exit 1;;
           esac"#,
    );
    site.collect(&["--interval", "0s"]);
    let diagnosis = analyze(&site.bundle());
    assert_eq!(diagnosis["verdict"]["primary"], Value::Null, "{diagnosis:#}");
    let open: Vec<&Value> = diagnosis["undecided"].as_array().unwrap().iter().map(|gap| &gap["code"]).collect();
    assert!(open.contains(&&Value::from("client.auth")), "{open:?}");
}

#[test]
fn to_standard_output_goes_the_archive_alone_and_nothing_stays_behind() {
    let site = Site::healthy();
    let (archive, run) = site.collect_to_stdout();
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(run.stderr.contains("went to standard output") && run.stderr.contains("healthy"), "{}", run.stderr);
    let file = site.out().join("taken.tar.gz");
    fs::write(&file, archive).unwrap();
    assert_eq!(analyze(&file)["verdict"]["primary"], "healthy");
    assert_eq!(site.entries_in_tmp(), 0);
}

#[test]
fn it_stands_back_at_the_disk_and_says_what_it_cost() {
    let site = Site::healthy();
    site.tool("ionice", r#"echo "ionice $*" >>"$RAN""#);
    site.collect(&["--interval", "0s"]);
    let ran = fs::read_to_string(site.ran()).unwrap();
    assert!(ran.starts_with("ionice -c 3 -p "), "{ran}");
    let cost = site.manifest()["cost"].clone();
    assert!(cost["commands"].as_u64().is_some_and(|n| n > 10) && cost["seconds"].is_f64() && cost["bytes"].is_u64(), "{cost}");
}

#[test]
fn members_hash_the_lowest_revision_that_one_of_them_told_and_where_none_told_one_it_is_left_out() {
    let site = Site::healthy();
    let status = |revisions: [u32; 2]| {
        let of = |revision| {
            format!(
                r#"{{"Endpoint":"http://10.0.0.{revision}:2379","Status":{{"header":{{"cluster_id":77,"member_id":{revision},"revision":{revision},"raft_term":2}},"version":"3.5.16","dbSize":20480,"leader":17,"raftIndex":9,"raftTerm":2}}}}"#
            )
        };
        format!("[{}]", revisions.map(of).join(","))
    };
    site.tool(
        "etcdctl",
        r#"case "$*" in
             version) echo 'etcdctl version: 3.5.16';;
             *status*) cat "$ANSWERS/status";;
             *hashkv*) echo "$*" >>"$RAN.hash"; echo '[]';;
             *) echo '{}';;
           esac"#,
    );
    for (text, asked) in
        [(status([907, 899]), "endpoint hashkv --cluster --rev=899 -w json"), ("[]".into(), "endpoint hashkv --cluster -w json")]
    {
        site.answer("status", &text);
        let hash = site.ran().with_extension("hash");
        let _ = fs::remove_file(&hash);
        site.collect(&["--interval", "0s", "--deep"]);
        let by_program = state_of(&site.take().0, "etcdctl/endpoint-hashkv.json")["argv"].clone();
        site.run_in(&["dash"], &site.script(&["--interval", "0s", "--deep"]));
        assert_eq!(state_of(&site.take().0, "etcdctl/endpoint-hashkv.json")["argv"], by_program);
        let ran = fs::read_to_string(&hash).unwrap();
        assert_eq!(ran.lines().filter(|line| line.ends_with(asked)).count(), 2, "{ran}");
    }
}

#[test]
fn when_etcd_has_become_slow_requests_wait_and_no_member_is_made_to_read_all_its_data() {
    let site = Site::healthy();
    // Quick at first; from the second answer on it takes over a second.
    site.tool(
        "curl",
        r#"echo curl >>"$RAN"; for url in "$@"; do :; done
           case "$url" in
             */version) echo '{"etcdserver":"3.5.16","etcdcluster":"3.5.0"}';;
             */health) echo '{"health":"true","reason":""}';;
             *) cat "$ANSWERS/curl";;
           esac"#,
    );
    site.tool(
        "etcdctl",
        r#"case "$*" in
             version) echo 'etcdctl version: 3.5.16';;
             *'alarm list'*) sleep 1.2; echo '{"header":{"cluster_id":77}}';;
             *'status'*) echo '[{"Endpoint":"http://10.0.0.1:2379","Status":{"header":{"cluster_id":77,"member_id":17,"revision":5,"raft_term":2},"version":"3.5.16","dbSize":20480,"leader":17,"raftIndex":9,"raftTerm":2}}]';;
             *hashkv*) echo hashed >>"$RAN";;
             *) echo '{}';;
           esac"#,
    );
    site.collect(&["--interval", "0s"]);
    let manifest = site.manifest();
    let row = state_of(&manifest, "etcdctl/endpoint-hashkv.json");
    assert_eq!(row["state"], "skipped", "{row}");
    assert!(row["why"].as_str().unwrap().contains("answers slowly"), "{row}");
    assert!(!fs::read_to_string(site.ran()).unwrap().contains("hashed"));
    assert!(manifest["cost"]["waited_seconds"].as_f64().is_some_and(|waited| waited >= 1.2), "{}", manifest["cost"]);
}

#[test]
fn around_a_moment_what_is_nearest_to_it_is_kept() {
    let site = Site::healthy();
    // Each half is more than half of a log's cap: 30 MB, numbered from the moment on.
    site.tool(
        "journalctl",
        r#"case "$*" in
             *_TRANSPORT*|*kube*) echo '-- No entries --';;
             *--since*--until*) pad=$(head -c 2000 /dev/zero | tr '\0' x)
                i=0; while [ $i -lt 15000 ]; do echo "2026-11-22T10:00:01+0000 a etcd[9]: entry $i $pad"; i=$((i+1)); done;;
             *) echo '-- No entries --';;
           esac"#,
    );
    site.collect(&["--interval", "0s", "--around", "2026-11-22 10:00:00"]);
    let (before, behind) = (site.text("journal/etcd.log"), site.text("journal/etcd.after.log"));
    let number = |line: Option<&str>| line.and_then(|line| line.split(' ').nth(4)).map(str::to_owned);
    assert_eq!(number(before.lines().last()).as_deref(), Some("0"), "the newest before the moment is there, and last");
    assert_eq!(number(behind.lines().next()).as_deref(), Some("0"), "and the oldest behind it");
    let manifest = site.manifest();
    for path in ["journal/etcd.log", "journal/etcd.after.log"] {
        assert_eq!(state_of(&manifest, path)["state"], "truncated");
    }
}

#[test]
fn the_output_of_a_tool_reaches_the_terminal_escaped() {
    let site = Site::healthy();
    site.tool("etcdctl", "printf '\\033]0;owned\\007permission denied\\n' >&2; exit 1");
    let run = site.collect(&["--interval", "0s"]);
    assert_eq!(run.code, 3);
    let mut all = run.stdout.clone();
    run.stderr.as_bytes().read_to_string(&mut all).unwrap();
    assert!(!all.contains('\u{1b}') && !all.contains('\u{7}'), "{all:?}");
    assert!(run.stdout.contains("owned"), "{}", run.stdout);
}
