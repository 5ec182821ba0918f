//! `fio`: how long syncs took. etcd's own guide runs it with `--fdatasync=1` and looks at the percentiles below `sync percentiles`.

use std::time::Duration;

use super::{Out, Screen, number};
use crate::bundle::Line;

/// The tail of syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncTail {
    /// Half of them were faster.
    pub p50: Option<Duration>,
    /// 99 of 100 were faster.
    pub p99: Duration,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    in_job: bool,
    /// Below `sync percentiles (usec):`, with the nanoseconds of its unit.
    unit: Option<u64>,
    p50: Option<Duration>,
}

/// How the lines of a job begin.
const OF_JOB: &[&str] = &[
    "clat (",
    "lat (",
    "slat (",
    "clat percentiles (",
    "lat percentiles (",
    "bw (",
    "iops ",
    "cpu ",
    "IO depths",
    "submit ",
    "complete ",
    "issued ",
    "latency ",
    "sync (",
    "fsync/fdatasync/sync_file_range:",
    "Run status group",
    "WRITE:",
    "READ:",
    "write:",
    "read:",
    "write: ",
    "Disk stats",
    "Starting ",
    "fio-",
];

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if text.contains(": (g=") && text.contains("ioengine=") || text.contains(": (groupid=") && text.contains("jobs=") {
            *self = Self { in_job: true, ..Self::default() };
            return true;
        }
        if let Some(unit) = text.strip_prefix("sync percentiles (").and_then(|rest| rest.strip_suffix("):")) {
            self.unit = nanos_of(unit);
            return true;
        }
        if let Some(row) = text.strip_prefix('|').filter(|row| row.contains("th=[")) {
            if let Some(unit) = self.unit {
                self.percentiles(row, unit, line, out);
            }
            return true;
        }
        self.unit = None;
        let is_of_job = OF_JOB.iter().any(|start| text.starts_with(start)) || text.ends_with('%') && text.contains("ios=");
        self.in_job && (is_of_job || text.contains(": ios="))
    }

    /// ` 99.00th=[ 8717], 99.50th=[11863], …`.
    fn percentiles(&mut self, row: &str, unit: u64, line: Line<'_>, out: &mut Out<'_>) {
        for pair in row.split("],") {
            let Some((percentile, value)) = pair.split_once("th=[") else { continue };
            let value = number(value.trim_end_matches(']').trim()).map(|n| Duration::from_nanos((n * unit as f64) as u64));
            match (percentile.trim(), value) {
                ("50.00", value) => self.p50 = value,
                ("99.00", Some(p99)) => out.say(Screen::Sync(SyncTail { p50: self.p50.take(), p99 }), line.quote()),
                _ => {}
            }
        }
    }
}

fn nanos_of(unit: &str) -> Option<u64> {
    match unit {
        "nsec" => Some(1),
        "usec" => Some(1_000),
        "msec" => Some(1_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    const RUN: &str = "\
mytest: (g=0): rw=write, bs=(R) 2300B-2300B, (W) 2300B-2300B, (T) 2300B-2300B, ioengine=sync, iodepth=1
fio-3.33
Starting 1 process

mytest: (groupid=0, jobs=1): err= 0: pid=16128: Thu Nov 26 01:12:58 2026
  write: IOPS=425, BW=956KiB/s (979kB/s)(4095KiB/4283msec); 0 zone resets
    clat (nsec): min=1703, max=79990, avg=12901.35, stdev=7889.96
     lat (nsec): min=1883, max=80281, avg=13360.16, stdev=8064.92
    clat percentiles (nsec):
     |  1.00th=[ 1960],  5.00th=[ 3536], 10.00th=[ 4512], 20.00th=[ 5792],
     | 99.00th=[35584], 99.50th=[40192], 99.90th=[58112], 99.95th=[80384],
  fsync/fdatasync/sync_file_range:
    sync (usec): min=97, max=72679, avg=2329.99, stdev=2985.61
    sync percentiles (usec):
     |  1.00th=[  130],  5.00th=[  202], 10.00th=[  269], 20.00th=[  420],
     | 30.00th=[  635], 40.00th=[ 1237], 50.00th=[ 1893], 60.00th=[ 2474],
     | 70.00th=[ 3556], 80.00th=[ 3982], 90.00th=[ 4080], 95.00th=[ 5014],
     | 99.00th=[ 8717], 99.50th=[11863], 99.90th=[55837], 99.95th=[72877],
     | 99.99th=[72877]
  cpu          : usr=0.00%, sys=4.32%, ctx=5720, majf=0, minf=15
Disk stats (read/write):
  vda: ios=56/4964, merge=0/1046, ticks=8/1414, in_queue=1979, util=11.26%
";

    #[test]
    fn the_tail_of_syncs_is_read_and_that_of_writes_into_the_cache_is_not() {
        let tail = SyncTail { p50: Some(Duration::from_micros(1893)), p99: Duration::from_micros(8717) };
        assert_eq!(read("", RUN), [Screen::Sync(tail)]);
        assert!(unknown(RUN).is_empty());
        let slow = RUN.replace("sync percentiles (usec)", "sync percentiles (msec)");
        assert_eq!(
            read("", &slow),
            [Screen::Sync(SyncTail { p50: Some(Duration::from_millis(1893)), p99: Duration::from_millis(8717) })]
        );
    }
}
