//! A database at its quota.

use crate::{cluster::Cluster, faults::member::etcdctl, load::put_values};

/// Writes values of `kib` KiB until the cluster refuses one, which raises the NOSPACE alarm. The quota must be small.
pub(crate) fn fill(cluster: &Cluster, who: usize, kib: u64) -> String {
    let put = put_values(cluster, who, kib, 2000);
    let refusal = put.refusal.expect("the quota is reached: give the cluster a smaller --quota-backend-bytes");
    assert!(refusal.contains("database space exceeded"), "{refusal}");
    format!("{} values of {kib} KiB were written, until the cluster refused the next: the quota was reached", put.taken)
}

/// Writes values of `kib` KiB until a member says that its database has this size. Later bbolts make the file larger than that.
pub(crate) fn fill_up_to(cluster: &Cluster, who: usize, kib: u64, bytes: u64) -> String {
    let size = || {
        let status = etcdctl(cluster, who, &["endpoint", "status", "-w", "json"]);
        let after = status.split_once("\"dbSize\":").expect("the status has a size").1;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("a size is a number")
    };
    let mut taken = 0;
    while size() < bytes {
        let put = put_values(cluster, who, kib, 1);
        assert_eq!(put.refusal, None, "the quota is further away");
        taken += put.taken;
    }
    format!("{taken} values of {kib} KiB were written, until the database had {} MiB", size() >> 20)
}
