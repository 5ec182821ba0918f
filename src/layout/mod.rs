//! Whose bundle is it, and what does its form tell: which file belongs to which node, what was typed before which output.
//!
//! A layout is a table (path pattern to node), not code in a parser. Evidence is recognised by its content; a layout only adds what
//! the content does not say.

mod chat;
mod disguise;
mod elsewhere;
mod foreign;
mod glued;
mod heading;
mod loose;
mod marks;
mod native;
mod opening;
mod paste;
mod pods;
mod prompt;
mod shape;
mod tables;
mod transcript;
mod wrapped;

pub use foreign::{
    FORMS, Form, Lack, form_of, host_of_report, is_hostname, kubespray_asked, node_of_archive, report_of, tells_of_writer,
};
pub use loose::{named_in, node_of};
pub use native::{folder_of, is_manifest};
pub use paste::{FIRST_PART, Piece, has_no_header, looks_pasted, mend};
pub use pods::{container_of, is_previous, node_by_pod};
pub use prompt::Prompt;
pub use transcript::{Part, Transcript};

/// The names of the layouts, as `input.layout` gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A bundle that `collect` wrote, or several.
    Bundle,
    /// What `oc adm must-gather` collects from OpenShift.
    MustGather,
    /// What the insights-operator of OpenShift archives.
    Insights,
    /// A support bundle of Replicated's troubleshoot.
    Troubleshoot,
    /// What Rancher's support-bundle-kit packs, for Harvester and Longhorn.
    RancherBundle,
    /// What Rancher's log collector for RKE, RKE2, k3s and kubeadm packs on one node.
    RancherLogs,
    /// What kubespray's `collect-info.yaml` fetches.
    Kubespray,
    /// What `kubectl cluster-info dump` writes.
    ClusterInfo,
    /// The report of etcd-diagnosis.
    EtcdDiagnosis,
    /// What `sos report` collects from a host.
    Sosreport,
    /// Files as somebody put them together, in a folder or an archive.
    Loose,
    /// One text with prompts and commands in it: a pasted terminal.
    Terminal,
    /// One text.
    Text,
}

impl Layout {
    /// The layout of what was given: whether it holds a manifest of ours, the form that its paths have, whether it is a single file or
    /// standard input, and how many commands were seen in it behind prompts.
    pub fn of(is_bundle: bool, form: Option<Self>, lone: bool, prompts: usize) -> Self {
        match (lone, prompts) {
            _ if is_bundle => Self::Bundle,
            (false, _) if form.is_some() => form.unwrap_or(Self::Loose),
            // The one form that is a single file.
            (true, _) if form == Some(Self::EtcdDiagnosis) => Self::EtcdDiagnosis,
            (false, _) => Self::Loose,
            (true, 0) => Self::Text,
            (true, _) => Self::Terminal,
        }
    }

    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::MustGather => "must-gather",
            Self::Insights => "insights",
            Self::Troubleshoot => "troubleshoot",
            Self::RancherBundle => "rancher-bundle",
            Self::RancherLogs => "rancher-logs",
            Self::Kubespray => "kubespray",
            Self::ClusterInfo => "cluster-info",
            Self::EtcdDiagnosis => "etcd-diagnosis",
            Self::Sosreport => "sosreport",
            Self::Loose => "loose",
            Self::Terminal => "terminal",
            Self::Text => "text",
        }
    }
}
