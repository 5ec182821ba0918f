//! Commands whose output comes from another place than the host at whose prompt they were typed.

/// Flags of kubectl and ssh whose value is the next word.
const WITH_VALUE: &[&str] = &[
    "-n",
    "--namespace",
    "-c",
    "--container",
    "--context",
    "--cluster",
    "--kubeconfig",
    "-s",
    "--server",
    "--tail",
    "--since",
    "-i",
    "-p",
    "-o",
    "-l",
    "-F",
    "-J",
    "--selector",
];

/// Where the command runs, if it says so: a pod, or the host behind ssh. The prompt's host otherwise.
pub(super) fn host_of<'a>(command: &'a str, prompt: Option<&'a str>) -> Option<&'a str> {
    let mut words = command.split('|').next().unwrap_or_default().split_whitespace();
    match words.by_ref().find(|word| *word != "sudo" && !word.contains('=')) {
        Some("kubectl" | "oc") => {
            let mut words = bare(words);
            match words.next() {
                // A selector names pods without saying which.
                Some("exec" | "logs") => words.next().map(|pod| pod.rsplit('/').next().unwrap_or(pod)),
                _ => prompt,
            }
        }
        Some("ssh") => {
            let mut words = bare(words);
            let host = words.next().map(|host| host.rsplit('@').next().unwrap_or(host));
            // Without a command it opens a shell there, whose prompt says where it is.
            if words.next().is_some() { host } else { prompt }
        }
        _ => prompt,
    }
}

/// The words that are neither flags nor their values.
fn bare<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut is_value = false;
    words.filter(move |word| {
        let was_value = std::mem::replace(&mut is_value, WITH_VALUE.contains(word));
        !was_value && !word.starts_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_of_a_pod_or_behind_ssh_is_not_of_the_prompts_host() {
        for (command, host) in [
            ("kubectl -n kube-system exec -it etcd-node1 -- etcdctl endpoint health", Some("etcd-node1")),
            ("kubectl logs -n kube-system pod/etcd-node3 --tail=5 | grep x", Some("etcd-node3")),
            ("kubectl logs -n kube-system -l component=etcd", None),
            ("kubectl get pods", Some("jump")),
            ("ssh -i key root@db-2 journalctl -u etcd", Some("db-2")),
            ("ssh db-2", Some("jump")),
            ("docker exec etcd etcdctl member list", Some("jump")),
            ("sudo crictl exec 1234 etcdctl member list", Some("jump")),
            ("etcdctl member list", Some("jump")),
        ] {
            assert_eq!(host_of(command, Some("jump")), host, "{command}");
        }
    }
}
