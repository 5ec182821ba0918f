//! Load on a cluster: small writes through etcd's own gateway, from the clients' host or from a member.

use std::{fmt::Write as _, sync::Arc};

use crate::{cluster::Cluster, dice::Dice, program::said, task::Task};

/// What is written, and how fast.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Writes in a row, one after the other.
    pub(crate) batch: u64,
    /// Between two rows.
    pub(crate) pause_ms: u64,
    /// Bytes of each value.
    pub(crate) value_bytes: u64,
}

/// The path of the gateway's write request. 3.3 has only the beta's; 3.4 and later have this.
fn put(version: &str) -> &'static str {
    if version.starts_with("3.3.") { "/v3beta/kv/put" } else { "/v3/kv/put" }
}

/// Writes until the task is dropped, to all of `targets` in turn. It runs in the node of the member `from`.
pub(crate) fn start(cluster: &Cluster, from: usize, targets: &[usize], load: Load, dice: &mut Dice) -> (String, Task) {
    let mut requests = String::new();
    let value_letters = usize::try_from(load.value_bytes / 3 * 4).expect("a small value");
    for number in 0..load.batch {
        let target = targets[dice.index(targets.len())];
        let url = format!("{}{}", cluster.url(target), put(cluster.plan().version));
        // Base64 is asked for, and any text of its alphabet is base64.
        let letter = char::from(b'a' + u8::try_from(dice.between(0, 25)).expect("a letter"));
        let value = letter.to_string().repeat(value_letters);
        let body = format!("{{\\\"key\\\":\\\"bG9hZC9r{number:04}\\\",\\\"value\\\":\\\"{value}\\\"}}");
        let next = if number == 0 { "" } else { "next\n" };
        write!(requests, "{next}url = \"{url}\"\ndata = \"{body}\"\noutput = /dev/null\nmax-time = 5\n")
            .expect("a string takes all");
        for pair in cluster.curl_tls().chunks(2) {
            writeln!(requests, "{} = {}", pair[0].trim_start_matches('-'), pair[1]).expect("a string takes all");
        }
    }
    let node = &cluster.members[from].node;
    node.write("/tmp/load", requests.as_bytes());
    let seconds = format!("{}.{:03}", load.pause_ms / 1000, load.pause_ms % 1000);
    let script = format!("while :; do curl -s -K /tmp/load; sleep {seconds}; done");
    let task = Task::start(&Arc::clone(node), &["sh", "-c", &script], &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    let Load { batch, pause_ms, value_bytes } = load;
    (format!("load from here on: rows of {batch} writes of {value_bytes} bytes, {pause_ms} ms between rows"), task)
}

/// What became of large writes.
pub(crate) struct Put {
    /// How many were taken.
    pub(crate) taken: u32,
    /// What etcdctl said of the one that was not; none were tried after it.
    pub(crate) refusal: Option<String>,
}

/// Writes up to `most` values of `kib` KiB by way of a member.
pub(crate) fn put_values(cluster: &Cluster, who: usize, kib: u64, most: u32) -> Put {
    let node = &cluster.members[who].node;
    node.write("/tmp/value", &vec![b'v'; usize::try_from(kib << 10).expect("a small value")]);
    let environment = [("ETCDCTL_API", "3"), ("ETCDCTL_ENDPOINTS", "127.0.0.1:2379")];
    for taken in 0..most {
        // Few keys: so the log grows, and not the index.
        let command = format!("etcdctl put value/{} </tmp/value", taken % 10);
        let output = node.run(&["sh", "-c", &command], &environment);
        if !output.status.success() {
            return Put { taken, refusal: Some(said(&[&command], &output)) };
        }
    }
    Put { taken: most, refusal: None }
}
