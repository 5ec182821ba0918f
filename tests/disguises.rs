//! Whatever mail, chats, documents and terminals do to what was pasted, the answer is the same, and quotes are what stands in the file.

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Code, Diagnosis},
    words::EN,
};
use proptest::prelude::*;

const PASTE: &str = include_str!("../fixtures/cloudos-wal-not-found/input.txt");

fn index(line: u64) -> usize {
    usize::try_from(line).expect("a line's number is small")
}

/// The answer to a text; every quote of it must stand where it is cited.
fn answer(text: &str) -> Diagnosis {
    let input = Input::Memory(vec![("paste.txt".into(), text.as_bytes().to_vec())]);
    let diagnosis = analyze::analyze(&[input], &Limits::default(), &EN).expect("memory can always be read");
    let grounds = diagnosis.verdict.grounds.iter().flat_map(|ground| &ground.evidence);
    for evidence in diagnosis.findings.iter().flat_map(|finding| &finding.evidence).chain(grounds) {
        let place = evidence.quote.citation();
        let line = text.split('\n').nth(index(place.line()) - 1).unwrap_or_default();
        let excerpt = evidence.quote.excerpt().raw().trim_end_matches('…');
        assert!(line.contains(excerpt), "line {} is {line:?} and does not say {excerpt:?}", place.line());
        assert!(index(place.end_line()) <= text.split('\n').count());
    }
    diagnosis
}

fn undisguised() -> Diagnosis {
    answer(PASTE)
}

fn codes(diagnosis: &Diagnosis) -> (Option<Code>, Vec<Code>) {
    (diagnosis.verdict.primary, diagnosis.findings.iter().map(|finding| finding.code).collect())
}

fn same(disguised: &str) {
    let (got, expected) = (answer(disguised), undisguised());
    assert_eq!(got.id, expected.id, "{:?} for\n{disguised}", codes(&got));
    assert_eq!(identities(&got), identities(&expected), "{disguised}");
}

/// What is known of the members and their disks, but for the places where it stands.
fn identities(diagnosis: &Diagnosis) -> String {
    let members: Vec<_> =
        diagnosis.members.iter().map(|m| (&m.key, &m.id, &m.host, &m.addresses, &m.endpoints, m.health)).collect();
    let measured: Vec<_> = diagnosis.measurements.iter().map(|m| (m.count, m.within.len())).collect();
    format!("{members:?} {measured:?}")
}

fn each_line(change: impl Fn(&str) -> String) -> String {
    PASTE.lines().map(|line| change(line) + "\n").collect()
}

/// As a terminal of so many columns shows it; an ideograph takes two.
fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut column = 0;
        for c in line.chars() {
            let width = if c.is_ascii() { 1 } else { 2 };
            if column + width > columns {
                out.push('\n');
                column = 0;
            }
            column += width;
            out.push(c);
        }
        out.push('\n');
    }
    out
}

fn in_entities(line: &str) -> String {
    line.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A chat: each fence becomes a message, with the header that says who wrote it.
fn as_chat() -> String {
    let headers = ["张三 14:03", "李四 2026/11/22 14:03:05", "张三 昨天 下午2:03", "[14:03] 王五:", "Alice, Nov 22, 2:03 PM"];
    let mut next = headers.iter().cycle();
    each_line(|line| line.to_owned())
        .lines()
        .map(|line| if line.starts_with("```") { format!("{}\n", next.next().unwrap_or(&"")) } else { format!("{line}\n") })
        .collect()
}

#[test]
fn line_ends_of_another_system_change_nothing() {
    same(&PASTE.replace('\n', "\r\n"));
}

#[test]
fn a_terminals_width_changes_nothing() {
    for columns in [60, 80, 100, 120] {
        same(&wrapped(PASTE, columns));
    }
}

#[test]
fn mail_that_quotes_changes_nothing() {
    same(&each_line(|line| format!("> {line}")));
    same(&each_line(|line| format!(">> {line}").trim_end().to_owned()));
}

#[test]
fn fragments_of_a_chat_change_nothing() {
    same(&as_chat());
}

#[test]
fn entities_and_tags_of_a_page_change_nothing() {
    same(&each_line(in_entities));
    same(&each_line(|line| in_entities(line).replace(' ', "&nbsp;") + "<br>"));
    same(&format!("<pre>{}</pre>", each_line(in_entities).replace('\n', "<br/>")));
}

#[test]
fn numbers_before_the_lines_change_nothing() {
    for sign in [": ", "\t", " | "] {
        let numbered: String = PASTE.lines().zip(8..).map(|(line, n)| format!("{n:>4}{sign}{line}\n")).collect();
        same(&numbered);
    }
}

#[test]
fn characters_that_an_input_method_and_a_word_processor_swap_change_nothing() {
    same(&each_line(|line| {
        let wide =
            if line.starts_with("member") { line.replace(": got", "：got").replace("://", "：//") } else { line.to_owned() };
        let curly = wide.replace("le=\"", "le=“").replace("\"}", "”}");
        curly.replace("# ", "#\u{a0}").replace("etcd_wal", "etcd\u{200b}_wal").replace("healthy", "heal\u{ad}thy")
    }));
}

#[test]
fn disguises_over_one_another_change_nothing() {
    same(&wrapped(&as_chat(), 80).lines().map(|line| format!("> {line}\r\n")).collect::<String>());
}

#[test]
fn a_paste_from_two_hosts_keeps_its_codes() {
    let second = PASTE.find("## 再看磁盘").unwrap();
    let (first, rest) = PASTE.split_at(second);
    let two = format!("{first}{}", rest.replace("cloudos18803", "cloudos18802"));
    assert_eq!(codes(&answer(&two)), codes(&undisguised()));
}

#[test]
fn prompts_of_every_style_change_nothing_that_they_do_not_hide() {
    for prompt in [
        "root@cloudos18803:~# ",
        "root@cloudos18803 ~ $ ",
        "cloudos18803:~ # ",
        "(venv) [root@cloudos18803 ~]# ",
        "cloudos18803 wal # ",
    ] {
        same(&PASTE.replace("[root@cloudos18803 ~]# ", prompt).replace("[root@cloudos18803 ~]#", prompt));
    }
    for prompt in ["bash-5.1# ", "sh-4.4$ ", "➜  ~ ", "$ ", "PS C:\\Users\\ops> ", "/ # "] {
        let nameless = PASTE.replace("[root@cloudos18803 ~]# ", prompt).replace("[root@cloudos18803 ~]#", prompt);
        assert_eq!(codes(&answer(&nameless)), codes(&undisguised()), "{prompt}");
    }
}

#[test]
fn a_wrapped_line_is_cited_with_all_its_lines() {
    let diagnosis = answer(&wrapped(PASTE, 60));
    let place = diagnosis.findings[0].evidence[0].quote.citation();
    assert_eq!(place.end_line(), place.line() + 1);
}

/// A session on a host that is no member, as people write it: an answer through kubectl over three lines, and the log of a pod.
const SESSION: &str = r#"ops@jump:~$ kubectl -n kube-system exec etcd-node1 -- etcdctl \
>   --endpoints=https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379 \
>   endpoint health
https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 12.5ms
https://10.0.0.2:2379 is healthy: successfully committed proposal: took = 13.5ms
https://10.0.0.3:2379 is unhealthy: failed to commit proposal: context deadline exceeded
Error: unhealthy cluster
ops@jump:~$ kubectl -n kube-system logs etcd-node3 | tail -3
{"level":"warn","ts":"2026-11-22T10:15:02.123Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"2.530261121s","expected-duration":"1s"}
ops@jump:~$
"#;

#[test]
fn the_log_of_a_pod_is_not_of_the_host_at_whose_prompt_it_was_asked_for() {
    let whole = answer(SESSION);
    let slow = whole.findings.iter().find(|f| f.code == Code::new("disk.slow-fsync")).expect("the slow sync is found");
    assert!(matches!(slow.members.as_slice(), [member] if *member == "etcd-node3"), "{:?}", slow.members);
    assert!(whole.members.iter().all(|member| member.key != "jump"));
}

#[test]
fn a_session_that_was_wrapped_quoted_and_typeset_gets_the_same_answer() {
    let expected = answer(SESSION).id;
    for columns in [80, 100, 120] {
        let narrow = wrapped(SESSION, columns);
        assert_eq!(answer(&narrow).id, expected, "{narrow}");
        let chat: String = narrow.lines().map(|line| format!("> {}\n", line.replace('"', "“"))).collect();
        assert_eq!(answer(&format!("张三 14:03\n集群有问题\n李四 14:04\n{chat}")).id, expected, "{chat}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_pasted_stops_it(
        columns in 1usize..200,
        marks in prop::collection::vec(prop::sample::select(vec!["> ", "", "- ", "1. ", "张三 14:03\n", "```\n", "&quot;", "{\"", "“", "\u{200b}", "\\\n", "：", "<br>"]), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut marks = marks.iter().cycle();
        let text: String = wrapped(PASTE, columns).lines().map(|line| format!("{}{line}\n", marks.next().unwrap_or(&""))).collect();
        let at = (0..=cut.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        answer(&text[..at]);
    }

    #[test]
    fn any_signs_at_all_stop_nothing(lines in prop::collection::vec("[>\\-0-9:. |\"{}(),“”：，&;a-z#$@\\[\\]\\\\~]{0,90}", 0..30)) {
        answer(&lines.join("\n"));
    }
}
