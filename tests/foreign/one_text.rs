//! What all members logged, in one text, as stern, compose, pdsh, tail or a loop over hosts print it: each line or part names whose it is, so the
//! findings are those of the logs apart.

use super::{
    diagnose,
    recording::{Files, Recording},
    recordings, shown,
    table::Shown,
    told,
};

/// A line, and on which host it was printed.
struct Line {
    host: String,
    moment: String,
    text: String,
}

fn lines(recording: &Recording) -> Vec<Line> {
    let mut lines = Vec::new();
    for node in &recording.nodes {
        let journal = node.journal();
        let mut last = String::new();
        for logged in node.runs(&journal).iter().flatten() {
            // Text has whole seconds: a line comes behind those that were written before it on the same host.
            last = last.max(logged.moment());
            lines.push(Line { host: node.name.clone(), moment: last.clone(), text: logged.printed() });
        }
    }
    lines
}

/// Puts a name before each line; the lines of all members come in the order of their time.
type Named = fn(&Line) -> String;

const NAMED: &[(&str, Named)] = &[
    ("kubectl logs --prefix", |line| format!("[pod/{}/etcd] {}", line.host, line.text)),
    ("stern", |line| format!("{} etcd {}", line.host, line.text)),
    ("kubetail", |line| format!("[{} etcd] {}", line.host, line.text)),
    ("compose", |line| format!("{}  | {}", line.host, line.text)),
    ("pdsh", |line| format!("{}: {}", line.host, line.text)),
    ("grep", |line| format!("logs/{}.log:{}", line.host, line.text)),
];

/// A line before what each member logged.
type Headed = fn(&str) -> String;

const HEADED: &[(&str, Headed)] = &[
    ("tail", |host| format!("==> {host}.log <==")),
    ("ansible", |host| format!("{host} | CHANGED | rc=0 >>")),
    ("pssh", |host| format!("[1] 10:20:30 [SUCCESS] {host}")),
    ("dshbak", |host| format!("----------------\n{host}\n----------------")),
    ("somebody", |host| format!("{host} 日志如下：")),
    ("a loop", |host| format!("=== {host} ===")),
    ("kubectl logs", |host| format!("$ kubectl logs {host}")),
];

#[test]
fn logs_of_all_members_in_one_text_have_the_findings_of_the_logs_apart() {
    // Every fifth; all of them where the environment asks for it.
    let step = if std::env::var_os("ETCD_TRIAGE_ALL").is_some() { 1 } else { 5 };
    let is_told = |name: &str| name.bytes().any(|b| b.is_ascii_digit() || b == b'-');
    let (mut read, mut wrong) = (0, Vec::new());
    for name in recordings().into_iter().step_by(step) {
        let recording = Recording::read(&name);
        let lines = lines(&recording);
        if lines.is_empty() || recording.nodes.len() < 3 || !recording.nodes.iter().all(|node| is_told(&node.name)) {
            continue;
        }
        let of =
            |host: &str| lines.iter().filter(|line| line.host == host).map(|line| line.text.clone() + "\n").collect::<String>();
        let hosts = || recording.nodes.iter().map(|node| node.name.as_str()).filter(|host| !of(host).is_empty());
        let apart: Files = hosts().map(|host| (format!("nodes/{host}/etcd.log"), of(host).into_bytes())).collect();
        let apart = diagnose(vec![apart]);
        let mut by_time: Vec<&Line> = lines.iter().collect();
        by_time.sort_by_key(|line| &line.moment);
        let named = NAMED.iter().map(|(form, with)| (*form, by_time.iter().map(|line| with(line) + "\n").collect::<String>()));
        let headed =
            HEADED.iter().map(|(form, head)| (*form, hosts().map(|host| format!("{}\n{}", head(host), of(host))).collect()));
        for (form, text) in named.chain(headed) {
            let together = diagnose(vec![vec![("input".into(), text.into_bytes())]]);
            read += 1;
            // A further symptom that a cause accounts for makes it no other diagnosis.
            if shown(&apart, &together) != Shown::Same {
                let (want, got) = (told(&apart), told(&together));
                let less: Vec<_> = want.difference(&got).collect();
                let more: Vec<_> = got.difference(&want).collect();
                wrong.push(format!(
                    "{name} by {form}: {:?}, not {:?}; not told: {less:?}; told: {more:?}",
                    together.verdict.primary, apart.verdict.primary
                ));
            }
        }
    }
    assert!(read > 30, "only {read} texts were read");
    assert!(wrong.is_empty(), "{} of {read}:\n{}", wrong.len(), wrong.join("\n"));
}
