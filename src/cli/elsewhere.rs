//! Evidence that is not gathered by this process on this host: by the script, which is printed, or runs on other nodes by ssh.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::{Exit, output::Output};
use crate::{
    collect::{Login, Nodes, Options, Room, Secret, Site, is_host, script, with_login},
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
    /// Print the same plan as a POSIX shell script, for a host that allows no foreign binary; what is given by other flags stands in it
    #[arg(long, conflicts_with = "ssh", help_heading = "Elsewhere")]
    pub print_script: bool,
    /// Gather nothing: pack a bundle again that the script wrote, with pseudonyms for what it cut, and diagnose it
    #[arg(long, value_name = "BUNDLE", conflicts_with_all = ["ssh", "print_script", "dry_run"], help_heading = "Elsewhere")]
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

/// What the other nodes get a little less time for than there is here, so that their bundles arrive.
const ON_THE_WAY: Duration = Duration::from_secs(10);

impl Elsewhere {
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

/// Prints the script.
pub(super) fn print_script(options: &Options, deadline: Duration, output: &Output) -> Exit {
    let text = script(options, deadline, Room::default());
    output.data(None, |out| out.write_all(text.as_bytes())).err().unwrap_or(Exit::Ok)
}

/// The commands that would be run for the other nodes.
pub(super) fn dry_run(nodes: &Nodes) -> String {
    let commands = nodes.hosts.iter().map(|host| {
        let row = crate::bundle::Row { argv: nodes.argv(host), ..Default::default() };
        format!("\n  {}\n    {}\n", escape(host), escape(&row.typed()))
    });
    commands.collect()
}
