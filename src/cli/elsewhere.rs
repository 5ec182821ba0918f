//! Evidence that is not gathered by this process on this host: by the script, which is printed, or runs on other nodes by ssh.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::{Exit, output::Output};
use crate::{
    collect::{Job, Login, Nodes, Options, Plan, Pods, Room, Secret, Site, Stop, is_host, is_name, script, with_login},
    text::escape,
};

/// Flags for evidence from elsewhere.
#[derive(Debug, clap::Args)]
pub(super) struct Elsewhere {
    /// Also ask these nodes, separated by commas, by the system's ssh, with the same plan as a shell script: HOST, USER@HOST, or a name of ssh's
    /// configuration. Their host keys must be known, and no password is asked for. Files named by other flags are theirs. This host is left out
    /// where no etcd runs on it
    #[arg(long, value_name = "HOSTS", value_delimiter = ',', value_parser = host, help_heading = "Elsewhere")]
    pub ssh: Vec<String>,
    /// Run the script there by sudo, which must not ask for a password
    #[arg(long, requires = "ssh", help_heading = "Elsewhere")]
    pub ssh_sudo: bool,
    /// Ask the pods in which etcd runs by kubectl, as it is set up here: their logs, descriptions and events, and etcd through them. This host is left
    /// out where no etcd runs on it
    #[arg(long, conflicts_with = "print_script", help_heading = "Elsewhere")]
    pub kubectl: bool,
    /// The pods' namespace [default: kube-system, then openshift-etcd]
    #[arg(long, value_name = "NAME", requires = "kubectl", value_parser = name, help_heading = "Elsewhere")]
    pub kubectl_namespace: Option<String>,
    /// The pods' labels [default: component=etcd, in openshift-etcd app=etcd]
    #[arg(long, value_name = "LABELS", requires = "kubectl", help_heading = "Elsewhere")]
    pub kubectl_selector: Option<String>,
    /// Print the same plan as a POSIX shell script, for a host that allows no foreign binary; what is given by other flags stands in it
    #[arg(long, conflicts_with = "ssh", help_heading = "Elsewhere")]
    pub print_script: bool,
    /// Gather nothing: pack a bundle again that the script wrote, with pseudonyms for what it cut, and diagnose it
    #[arg(long, value_name = "BUNDLE", conflicts_with_all = ["ssh", "kubectl", "print_script", "dry_run"], help_heading = "Elsewhere")]
    pub from: Option<PathBuf>,
}

fn host(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_host(text) {
        Ok(text.to_owned())
    } else {
        Err("give hosts like db-2, root@10.0.0.2 or a name of ssh's configuration".to_owned())
    }
}

fn name(text: &str) -> Result<String, String> {
    if is_name(text) { Ok(text.to_owned()) } else { Err("that is no name of Kubernetes".to_owned()) }
}

/// What the other nodes get a little less time for than there is here, so that their bundles arrive.
const ON_THE_WAY: Duration = Duration::from_secs(10);

impl Elsewhere {
    /// Whether others are asked, so that this host need not have an etcd.
    pub(super) fn is_of_others(&self) -> bool {
        self.kubectl || !self.ssh.is_empty()
    }

    /// Variables of the operator's that the programs need.
    pub(super) fn variables(&self) -> &'static [&'static str] {
        if self.kubectl { &["KUBECONFIG"] } else { &[] }
    }

    /// The nodes to ask, with options for them. `variable` reads the environment.
    pub(super) fn nodes(
        &self,
        site: &Site,
        options: &Options,
        deadline: Duration,
        room: Room,
        login: Option<&Login>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Nodes {
        if self.ssh.is_empty() {
            return Nodes::default();
        }
        let less = (deadline / 5).min(ON_THE_WAY);
        let text = script(options, deadline.saturating_sub(less), room);
        let text = login.map_or_else(|| text.clone(), |login| with_login(&text, login));
        let env = ["SSH_AUTH_SOCK", "KRB5CCNAME"].iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?)));
        Nodes {
            hosts: self.ssh.clone(),
            sudo: self.ssh_sudo,
            program: site.program("ssh"),
            script: Secret(text),
            env: env.collect::<BTreeMap<_, _>>(),
        }
    }
}

/// The plan with the pods that kubectl finds. A dry run starts nothing, and shows what would be done for one.
pub(super) fn with_pods(
    mut plan: Plan,
    elsewhere: &Elsewhere,
    (site, options, job): (&Site, &Options, &Job),
    dry_run: bool,
    stop: &Stop,
) -> Plan {
    if !elsewhere.kubectl {
        return plan;
    }
    let pods = Pods { namespace: elsewhere.kubectl_namespace.clone(), selector: elsewhere.kubectl_selector.clone() };
    let (found, told) = if dry_run {
        let searches: Vec<String> = pods.searches("kubectl").iter().map(|argv| argv.join(" ")).collect();
        (
            pods.example(),
            format!("pods of etcd are looked for by {}; for each POD on its NODE as below", searches.join(", then ")),
        )
    } else {
        pods.find(site, &job.env, stop)
    };
    plan.add_pods(site, &found, told, options);
    plan
}

/// Prints the script.
pub(super) fn print_script(options: &Options, deadline: Duration, output: &Output) -> Exit {
    let text = script(options, deadline, Room::default());
    output.data(|out| out.write_all(text.as_bytes())).err().unwrap_or(Exit::Ok)
}

/// The commands that would be run for the other nodes.
pub(super) fn dry_run(nodes: &Nodes) -> String {
    let commands = nodes.hosts.iter().map(|host| {
        let row = crate::bundle::Row { argv: nodes.argv(host), ..Default::default() };
        format!("\n  {}\n    {}\n", escape(host), escape(&row.typed()))
    });
    commands.collect()
}
