//! Files of kubespray's `scripts/collect-info.yaml`: lines that stand in several of them count once, a list of failed units counts, and
//! where the shell of the hosts left all answers empty the report says so.

use super::{
    diagnose,
    forms::FORMS,
    recording::{Files, Recording},
    told,
};

fn collected(name: &str) -> (Recording, Files) {
    let form = FORMS.iter().find(|form| form.name == "kubespray").unwrap();
    let recording = Recording::read(name);
    let files = (form.make)(&recording).remove(0);
    (recording, files)
}

fn text<'f>(files: &'f Files, end: &str) -> &'f str {
    let (_, bytes) = files.iter().find(|(path, _)| path.ends_with(end)).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn lines_that_stand_in_syslog_daemon_log_and_errors_info_count_once() {
    for name in ["lab-partition-3.5.30", "lab-oom-3.5.1", "lab-clock-ahead-3.4.23", "lab-slow-disk-3.5.16"] {
        let (recording, files) = collected(name);
        let mut more: Files = files.iter().filter(|(path, _)| !path.ends_with("errors_info")).cloned().collect();
        for node in &recording.nodes {
            let syslog = text(&files, &format!("{}/var/log/syslog", node.name));
            // etcd 3.4 and older gave journald the priority of each line.
            let is_grave = |line: &&str| !line.contains("\"level\":\"info") && !line.contains("\"level\":\"debug");
            let errors: String = syslog.lines().filter(is_grave).map(|line| format!("{line}\n")).collect();
            let began = "-- Logs begin at Thu 2026-11-26 00:00:01 UTC, end at Thu 2026-11-26 23:59:59 UTC. --\n";
            more.push((format!("collect-info/commands/{}/errors_info", node.name), format!("{began}{errors}").into_bytes()));
            more.push((format!("collect-info/logs/{}/var/log/daemon.log", node.name), syslog.as_bytes().to_vec()));
        }
        let (expected, got) = (diagnose(vec![files]), diagnose(vec![more]));
        assert_eq!(got.verdict.primary, expected.verdict.primary, "{name}");
        assert_eq!(told(&got), told(&expected), "{name}");
    }
}

#[test]
fn a_failed_unit_in_the_list_of_a_node_is_a_member_that_stands_still() {
    let (recording, mut files) = collected("lab-idle-3.5.1");
    let node = &recording.nodes[1].name;
    let units =
        "  UNIT         LOAD   ACTIVE SUB    DESCRIPTION\n● etcd.service loaded failed failed etcd\n\n1 loaded units listed.\n";
    files.retain(|(path, _)| !path.ends_with("/etcd_info") && !path.ends_with("/proc_info"));
    let before = diagnose(vec![files.clone()]);
    files.push((format!("collect-info/commands/{node}/systemctl_failed_info"), units.into()));
    let got = diagnose(vec![files]);
    let down = |diagnosis: &etcd_triage::diagnosis::Diagnosis| -> Vec<String> {
        let found = diagnosis.findings.iter().filter(|finding| finding.code.to_string() == "member.down");
        found.flat_map(|finding| finding.members.iter().map(|member| member.raw().to_owned())).collect()
    };
    assert_eq!((down(&before), down(&got)), (Vec::new(), vec![node.clone()]), "{:?}", told(&got));
}

#[test]
fn answers_that_the_shell_left_empty_are_told_with_their_hosts() {
    let (recording, files) = collected("lab-idle-3.5.1");
    let silent = &recording.nodes[0].name;
    let emptied: Files = files
        .iter()
        .map(|(path, bytes)| {
            let is_lost = path.contains(&format!("/commands/{silent}/"));
            (path.clone(), if is_lost { Vec::new() } else { bytes.clone() })
        })
        .collect();
    let gaps = |files: Files| diagnose(vec![files]).coverage.gaps.join("\n");
    let told = gaps(emptied);
    assert!(told.contains(&format!("all that was asked on {silent} is empty: the playbook writes with `&>`")), "{told}");
    assert!(!gaps(files).contains("is empty"));
}
