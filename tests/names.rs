//! Whose log it is where only the names of files tell.

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    words::EN,
};

const DAMAGED: &str = "2021-05-11 14:22:53.536488 I | etcdmain: etcd Version: 3.4.16\n\
    2021-05-11 14:27:53.537896 C | etcdserver: read wal error (walpb: crc mismatch) and cannot be repaired\n";
const WELL: &str = "2021-05-11 14:22:53.536488 I | etcdmain: etcd Version: 3.4.16\n\
    2021-05-11 14:28:54.537896 N | embed: ready to serve client requests\n";
const EARLIER: &str = "2021-05-10 14:22:53.536488 I | etcdmain: etcd Version: 3.4.16\n\
    2021-05-10 14:28:54.537896 N | embed: ready to serve client requests\n";

/// The members of the damaged log, and all members.
fn told(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read");
    let finding = diagnosis.findings.iter().find(|finding| finding.code.as_str() == "wal.corrupt").expect("a log is damaged");
    let key = |key: &etcd_triage::text::Untrusted| key.raw().to_owned();
    (finding.members.iter().map(key).collect(), diagnosis.members.iter().map(|member| key(&member.key)).collect())
}

#[test]
fn files_that_differ_by_one_word_are_logs_of_members_that_are_called_so() {
    for (damaged, well, member) in [
        ("etcd-main-0.log", "etcd-main-1.log", "etcd-main-0"),
        ("kubectl_logs_etcd-master-1.txt", "kubectl_logs_etcd-master-2.txt", "etcd-master-1"),
        ("etcd-0/log.txt", "etcd-1/log.txt", "etcd-0"),
        ("logs (m1)/etcd.log.gz.txt", "logs (m2)/etcd.log.gz.txt", "m1"),
    ] {
        assert_eq!(told(&[(damaged, DAMAGED), (well, WELL)]).0, [member], "{damaged}");
    }
}

#[test]
fn a_listing_of_pods_has_the_better_name() {
    let pods = "NAME          READY   STATUS             RESTARTS   AGE\n\
        etcd-main-0   0/1     CrashLoopBackOff   7          3d\netcd-main-1   1/1     Running            0          3d\n";
    let (damaged, all) = told(&[("etcd-main-0.log", DAMAGED), ("etcd-main-1.log", WELL), ("pods.txt", pods)]);
    assert_eq!((damaged, all), (vec!["main-0".to_owned()], vec!["main-0".to_owned(), "main-1".to_owned()]));
}

#[test]
fn parts_of_one_log_other_programs_and_bare_numbers_are_no_members() {
    let client = "{\"level\":\"warn\",\"ts\":\"2021-05-11T14:23:33.343Z\",\"caller\":\"clientv3/retry_interceptor.go:61\",\"msg\":\"retrying of unary invoker \
        failed\",\"target\":\"endpoint://client-eb8/10.0.0.1:2379\",\"attempt\":98,\"error\":\"rpc error: code = Unavailable desc = etcdserver: no leader\"}\n";
    for (damaged, other, text) in
        [("etcd.current.log", "etcd.previous.log", EARLIER), ("etcd.log", "app.log", client), ("1.log", "2.log", WELL)]
    {
        let (members, all) = told(&[(damaged, DAMAGED), (other, text)]);
        assert!(members.is_empty(), "{damaged}: {members:?}");
        assert!(all.iter().all(|key| key == "10.0.0.1"), "{damaged}: {all:?}");
    }
}
