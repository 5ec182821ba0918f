//! A database at its quota.

use crate::{cluster::Cluster, load::put_values};

/// Writes values of `kib` KiB until the cluster refuses one, which raises the NOSPACE alarm. The quota must be small.
pub(crate) fn fill(cluster: &Cluster, who: usize, kib: u64) -> String {
    let put = put_values(cluster, who, kib, 2000);
    let refusal = put.refusal.expect("the quota is reached: give the cluster a smaller --quota-backend-bytes");
    assert!(refusal.contains("database space exceeded"), "{refusal}");
    format!("{} values of {kib} KiB were written, until the cluster refused the next: the quota was reached", put.taken)
}
