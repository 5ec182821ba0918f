//! What the whole program reports of counts, times and durations of a must-gather's members, against jq and against the numbers from which
//! the durations were printed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    counts::{Seeded, go_string, line},
    jq::jq,
};

/// A message whose finding tells count, first and last time, and the longest duration.
const SLOW: (&str, &str, &str) = ("wal-slow-fdatasync", "slow fdatasync", r#""took":"TOOK","expected-duration":"1s""#);

/// Other lines, which must not count.
const OTHERS: [(&str, &str, &str); 2] = [
    ("", "slow fdatasync of something else", r#""took":"TOOK","expected-duration":"1s""#),
    ("", "compacted Raft logs", r#""compact-index":1,"note":"slow fdatasync took TOOK""#),
];

/// A duration of each form that `time.Duration.String` prints.
const FORMS: [(u64, &str); 16] = [
    (0, "0s"),
    (7, "7ns"),
    (1_000, "1µs"),
    (102_500, "102.5µs"),
    (999_999, "999.999µs"),
    (1_000_000, "1ms"),
    (100_500_000, "100.5ms"),
    (999_999_999, "999.999999ms"),
    (1_000_000_000, "1s"),
    (7_990_413_563, "7.990413563s"),
    (60_000_000_000, "1m0s"),
    (62_500_000_000, "1m2.5s"),
    (754_000_000_001, "12m34.000000001s"),
    (3_600_500_000_000, "1h0m0.5s"),
    (3_603_000_000_000, "1h0m3s"),
    (362_462_500_000_000, "100h41m2.5s"),
];

/// The other ways in which µ is written: by Go when it parses, and by keyboards and pages.
const MICRO: [&str; 3] = ["µs", "us", "μs"];

const MEMBERS: [&str; 3] = ["m-0", "m-1", "m-2"];

/// Where a must-gather has the log of a member.
fn log_of(member: &str) -> String {
    format!("mg/ns/namespaces/openshift-etcd/pods/etcd-{member}/etcd/etcd/logs/current.log")
}

/// The log of a member: so many slow syncs among other lines, the longest of which is this duration.
fn log(random: &mut Seeded, most: u64, micro: &str) -> String {
    let chance = 3 + random.below(20);
    let slow: Vec<u64> = (0..1200).filter(|_| random.below(chance) == 0).collect();
    let longest = random.below(slow.len() as u64) as usize;
    let printed = |nanos: u64| go_string(nanos).replace("µs", micro);
    let mut text = String::new();
    for (n, second) in slow.iter().enumerate() {
        let nanos = if n == longest { most } else { random.below(1 << 31) * random.below(1 << 20) % (most + 1) };
        text += &line(*second, &SLOW, &printed(nanos));
        text += &line(*second, &OTHERS[n % 2], "9h0m0s");
    }
    text
}

/// What the program says of each of these inputs.
fn analyzed(inputs: &[PathBuf]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args(["analyze", "--each"]).args(inputs).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Count, and the seconds of the first and the last line, as jq has them.
fn by_jq(file: &Path) -> Value {
    let all = r#"[inputs | sub("^[^{]*"; "") | fromjson? | select(.msg == $msg) | .ts[0:19]]"#;
    jq(file, &format!("{all} | {{count: length, first: min, last: max}}"), SLOW.1)
}

#[test]
fn each_form_of_a_duration_is_reported_as_the_longest_with_count_and_times_of_its_member() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Seeded(5);
    let mut inputs = Vec::new();
    for (n, (nanos, form)) in FORMS.iter().enumerate() {
        assert_eq!(go_string(*nanos), *form);
        let top = folder.path().join(format!("{n:02}"));
        for member in MEMBERS {
            let file = top.join(log_of(member));
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, log(&mut random, *nanos, MICRO[n % 3])).unwrap();
        }
        inputs.push(top);
    }
    let told = analyzed(&inputs);
    assert_eq!(told.len(), FORMS.len());
    for ((input, (nanos, form)), told) in inputs.iter().zip(FORMS).zip(&told) {
        let diagnosis = &told["diagnosis"];
        assert_eq!(diagnosis["input"]["layout"], "must-gather", "{told}");
        for member in MEMBERS {
            let findings = diagnosis["findings"].as_array().unwrap().iter();
            let mut its = findings.filter(|f| f["code"] == "disk.slow-fsync" && f["members"] == json!([member]));
            let finding = its.next();
            assert!(finding.is_some(), "{form}: nothing of {member} in {diagnosis}");
            let finding = finding.unwrap();
            let second = |key: &str| finding[key].as_str().unwrap()[..19].to_owned();
            let ours = json!({"count": finding["count"], "first": second("first_seen"), "last": second("last_seen")});
            assert_eq!(ours, by_jq(&input.join(log_of(member))), "{form}, {member}");
            // Reports are in whole microseconds.
            let longest = finding["numbers"]["longest_us"].as_u64().unwrap();
            assert_eq!(longest, (nanos + 500) / 1000, "{form}, {member}");
        }
    }
}
