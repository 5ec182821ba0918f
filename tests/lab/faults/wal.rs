//! Write-ahead log files that are gone when a member starts.

use crate::cluster::{Cluster, DATA};

/// Which of the files.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gone {
    /// Every log file. etcd 3.4 and later then start as if they were new; 3.3 does so only where no `0.tmp` is left, as it is
    /// after SIGKILL.
    All,
    /// The oldest one of several. etcd ends with `wal: file not found`: all of 3.3 to 3.5 do.
    Oldest,
    /// The second of several: a hole in the sequence.
    Second,
}

/// Moves log files of a member, which must be down, out of the data directory.
pub(crate) fn move_away(cluster: &Cluster, who: usize, gone: Gone) -> String {
    let node = &cluster.members[who].node;
    let (which, words) = match gone {
        Gone::All => ("ls *.wal", "all write-ahead log files were moved away"),
        Gone::Second => ("ls *.wal | sed -n 2p", "the second of its write-ahead log files was moved away"),
        Gone::Oldest => ("ls *.wal | head -n 1", "the oldest write-ahead log file was moved away"),
    };
    node.shell(&format!("mkdir /tmp/aside; cd {DATA}/member/wal; mv $({which}) /tmp/aside/"));
    format!("while {} was down, {words}", node.name())
}

/// Puts them back.
pub(crate) fn put_back(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell(&format!("mkdir -p {DATA}/member/wal; mv /tmp/aside/*.wal {DATA}/member/wal/; rmdir /tmp/aside"));
    format!("what was moved away of {}'s write-ahead log was put back", node.name())
}
