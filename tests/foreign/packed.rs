//! Bundles as customers send them: several archives in one, which say what they say side by side.

use std::{
    fs,
    io::{Cursor, Write},
    process::{Command, Stdio},
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::Diagnosis,
    words::EN,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    diagnose,
    forms::FORMS,
    recording::{Files, Node, Recording, logged},
    told,
};

/// As Info-ZIP packs (`zip -r`): what is called `.zip` is stored as it is.
fn zip(files: &Files) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let method = if path.ends_with(".zip") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        archive.start_file(path.as_str(), SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn opened(archive: &[u8]) -> Diagnosis {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("sent.zip");
    fs::write(&file, archive).unwrap();
    analyze::analyze(&[Input::Path(file)], &Limits { threads: 2, ..Limits::default() }, &EN).unwrap()
}

fn assert_same(one: &Diagnosis, apart: &Diagnosis, what: &str) {
    assert_eq!(one.id, apart.id, "{what}: {:?} and {:?}", told(one), told(apart));
    assert_eq!(one.input.layout, apart.input.layout, "{what}");
    assert_eq!(one.input.digest, apart.input.digest, "{what}");
    assert!(one.coverage.unread.is_empty(), "{what}: {:?}", one.coverage.unread);
}

/// The manager of rancher/support-bundle-kit (`pkg/manager/httpserver.go`) puts what a node sends to `nodes/NODE.zip`, and `zip -r` packs all
/// (`pkg/manager/manager.go`); on the node `zip -r node_bundle.zip NODE` packed it (`hack/support-bundle-collector.sh`).
#[test]
fn rancher_s_bundle_with_the_nodes_own_archives_in_it_is_read_whole() {
    let form = FORMS.iter().find(|form| form.name == "rancher-bundle").unwrap();
    for name in ["lab-snap-corrupt-3.5.1", "lab-oom-3.5.1"] {
        let recording = Recording::read(name);
        let inputs = (form.make)(&recording);
        let top = inputs[0][0].0.split('/').next().unwrap().to_owned();
        let mut sent = inputs[0].clone();
        for (node, own) in recording.nodes.iter().zip(&inputs[1..]) {
            assert!(own.iter().all(|(path, _)| path.starts_with(&format!("{}/", node.name))), "{own:?}");
            sent.push((format!("{top}/nodes/{}.zip", node.name), zip(own)));
        }
        let whole = opened(&zip(&sent));
        assert_same(&whole, &diagnose(inputs.clone()), name);
        assert_eq!(whole.input.layout, "rancher-bundle");
        // What only a node's own archive has counts: the kernel's log tells of processes that it killed.
        let without = opened(&zip(&inputs[0]));
        let has_kernel = |diagnosis: &Diagnosis| told(diagnosis).iter().any(|(code, ..)| code == "mem.oom");
        assert_eq!((has_kernel(&whole), has_kernel(&without)), (name.contains("oom"), false), "{name}");
    }
}

/// What `dmesg -T` prints on a node: no line names the host.
fn dmesg(node: &Node) -> Vec<String> {
    let line = |line: &str| {
        let logged = logged(line)?;
        Some(format!("[Thu Nov {} {} 2026] {}", logged.date.get(8..10)?, logged.date.get(11..)?, logged.text))
    };
    node.stdout("journal/kernel.log").lines().filter_map(line).collect()
}

/// Whose etcd was killed for its memory.
fn killed(diagnosis: &Diagnosis) -> Vec<Vec<String>> {
    let found = diagnosis.findings.iter().filter(|finding| finding.code.to_string() == "mem.oom");
    found.map(|finding| finding.members.iter().map(|member| member.raw().to_owned()).collect()).collect()
}

/// What SUSE's supportconfig packs of a host: sections of commands in a few texts.
fn supportconfig(node: &Node, top: &str) -> Vec<u8> {
    let header = "#==[ Command ]======================================#\n";
    let boot = format!("{header}# /usr/bin/dmesg -T\n{}\n\n{header}# /usr/bin/uptime\n", dmesg(node).join("\n"));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in [("boot.txt", boot.as_str()), ("ntp.txt", "# systemctl status chronyd\n")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, format!("{top}/{name}"), text.as_bytes()).unwrap();
    }
    let mut xz = Command::new("xz").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    xz.stdin.take().unwrap().write_all(&tar.into_inner().unwrap()).unwrap();
    xz.wait_with_output().unwrap().stdout
}

/// Harvester's collector (`hack/collector-harvester` of support-bundle-kit) puts it into the node's own archive: since v0.0.39 into `scc/`,
/// before that into `logs/`.
#[test]
fn harvester_s_supportconfig_in_the_archives_of_the_nodes_is_read() {
    let form = FORMS.iter().find(|form| form.name == "rancher-bundle").unwrap();
    let recording = Recording::read("lab-oom-3.5.1");
    for folder in ["scc", "logs"] {
        let mut sent = (form.make)(&recording).remove(0);
        let top = sent[0].0.split('/').next().unwrap().to_owned();
        for node in &recording.nodes {
            let name = format!("scc_supportconfig_{}-x7Kp2a", node.name);
            let own = vec![
                (format!("{}/configs/etc/hostname", node.name), format!("{}\n", node.name).into_bytes()),
                (format!("{}/{folder}/{name}.txz", node.name), supportconfig(node, &name)),
            ];
            sent.push((format!("{top}/nodes/{}.zip", node.name), zip(&own)));
        }
        let whole = opened(&zip(&sent));
        assert_eq!(killed(&whole), [["etcd-b"]], "{folder}");
        assert!(whole.coverage.unread.is_empty(), "{:?}", whole.coverage.unread);
        let cited: Vec<&str> =
            whole.findings.iter().flat_map(|f| &f.evidence).map(|shown| shown.quote.citation().path()).collect();
        let way = format!("nodes/etcd-b.zip/{folder}/scc_supportconfig_etcd-b-x7Kp2a.txz/boot.txt");
        assert!(cited.contains(&way.as_str()), "{cited:?}");
    }
}

/// support-bundle-kit's collector for Longhorn takes `dmesg -HTx`, kubelet's log and a list of processes: no line of them names the host.
#[test]
fn the_archive_of_a_node_in_rancher_s_bundle_says_whose_its_files_are() {
    let form = FORMS.iter().find(|form| form.name == "rancher-bundle").unwrap();
    let recording = Recording::read("lab-oom-3.5.1");
    let mut sent = (form.make)(&recording).remove(0);
    let top = sent[0].0.split('/').next().unwrap().to_owned();
    for node in &recording.nodes {
        let dmesg: String = dmesg(node).iter().map(|line| format!("kern  :err   : {line}\n")).collect();
        let own = vec![(format!("{}/logs/dmesg.log", node.name), dmesg.into_bytes())];
        sent.push((format!("{top}/nodes/{}.zip", node.name), zip(&own)));
    }
    let of = |bundle: Vec<u8>| killed(&opened(&bundle));
    assert_eq!(of(zip(&sent)), [["etcd-b"]]);
    // Packed once more, as a part of a ticket.
    let ticket = vec![("ticket/supportbundle.zip".to_owned(), zip(&sent)), ("ticket/call.txt".to_owned(), b"hallo\n".to_vec())];
    assert_eq!(of(zip(&ticket)), [["etcd-b"]]);
    // In another form a name is a name.
    let loose = sent.iter().filter(|(path, _)| path.contains("/nodes/") || path.contains("/logs/")).cloned().collect();
    assert_ne!(of(zip(&loose)), [["etcd-b"]]);
}

#[test]
fn bundles_of_one_node_each_say_the_same_in_one_archive_as_side_by_side() {
    let recording = Recording::read("lab-names-gone-3.5.30");
    for form in FORMS {
        let inputs = (form.make)(&recording);
        if inputs.len() < 2 {
            continue;
        }
        let archives = inputs.iter().enumerate().map(|(at, files)| (format!("ticket/{at}.zip"), zip(files))).collect();
        assert_same(&opened(&zip(&archives)), &diagnose(inputs), form.name);
    }
}
