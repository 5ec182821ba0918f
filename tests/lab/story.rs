//! What was done in a lab and when: the provenance of what is recorded there.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use crate::{cluster::Cluster, plan::Settings};

/// True of all that the lab records.
const EMULATED: &str = "namespaces stand for hosts; each has a root, a disk (a loop device) and a network of its own, and all share one kernel, \
    processor and clock. systemd does not run: its lines about the unit are written by the lab, in its wording, at the moments when they were due. \
    The journals were written by `systemd-journal-remote` from etcd's output with the times of its arrival. What etcd 3.3 and 3.4 would \
    hand to journald in parts (priority, package, message) was taken apart by the lab";

/// The record of one lab.
pub(crate) struct Story {
    began: Instant,
    lines: Vec<(Duration, String)>,
}

impl Story {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), lines: Vec::new() }
    }

    /// Notes what has just been done, or has just ended.
    pub(crate) fn note(&mut self, line: impl Into<String>) {
        self.lines.push((self.began.elapsed(), line.into()));
    }

    /// The text of a fixture's `provenance.md`.
    pub(crate) fn provenance(&self, name: &str, about: &str, seed: u64, cluster: &Cluster) -> String {
        let plan = cluster.plan();
        let told = match plan.settings {
            Settings::Flags => "by flags",
            Settings::Environment => "by environment variables",
        };
        let nodes: Vec<String> =
            cluster.members.iter().map(|member| format!("{} ({})", member.node.name(), member.node.address())).collect();
        let mut out = format!("# {name}\n\n- What: {about}\n");
        let mut line = |text: String| writeln!(out, "- {text}").expect("a string takes all");
        line("Evidence: what `etcd-triage collect` gathered on each node, a top folder a node.".to_owned());
        line(format!("Versions: etcd {}, settings {told}.", plan.version));
        line(format!("Nodes: {}; made for this recording.", nodes.join(", ")));
        line(format!("Emulated: {EMULATED}."));
        line(format!("Seed: {seed}. It decides who is the victim, how large the load is, and how long pauses are."));
        line("Commands:".to_owned());
        for member in &cluster.members {
            writeln!(out, "  - {}: `{}`", member.node.name(), member.unit.command_line()).expect("a string takes all");
        }
        out.push_str("- Known, by seconds since the start:\n");
        for (at, text) in &self.lines {
            writeln!(out, "  - {:.1}: {text}", at.as_secs_f64()).expect("a string takes all");
        }
        out
    }
}
