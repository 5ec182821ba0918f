//! `iostat`: CPU shares, and with `-x` how long requests to a device take and how busy it is, by the names of the columns.

use super::{CpuShares, Out, Screen, number};
use crate::bundle::Line;
use crate::text::Untrusted;

/// How busy a device is. Waits are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeviceUse {
    /// The device: `sda`, `nvme0n1`, `dm-0`.
    pub device: Untrusted,
    /// Writes a second.
    pub writes: Option<f64>,
    /// Until a request is done: reads and writes together, as sysstat before 11.5.7 prints it.
    pub await_ms: Option<f64>,
    /// Until a read is done.
    pub read_await_ms: Option<f64>,
    /// Until a write is done.
    pub write_await_ms: Option<f64>,
    /// Until a flush is done: sysstat 12.1.1 and later, on kernels from 5.5.
    pub flush_await_ms: Option<f64>,
    /// Requests that wait or are being done, on the average.
    pub queue: Option<f64>,
    /// Share of the time in which there was a request, in percent. An SSD at 100 can do more.
    pub busy: Option<f64>,
    /// The average since the boot, as the first report is.
    pub since_boot: bool,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Column names of what comes next.
    columns: Vec<String>,
    is_cpu: bool,
    /// Reports of devices and of CPUs so far.
    reports: [u32; 2],
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if self.columns.is_empty() && !["avg-cpu:", "Device"].iter().any(|word| text.starts_with(word)) {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let first = words.first().copied().unwrap_or_default();
        let is_cpu = first == "avg-cpu:";
        let is_device = first.trim_end_matches(':') == "Device" && words.iter().any(|w| w.contains("/s") || *w == "tps");
        if is_cpu || is_device {
            self.columns = words.iter().skip(1).map(|word| (*word).to_owned()).collect();
            self.is_cpu = is_cpu;
            self.reports.get_mut(usize::from(is_cpu)).into_iter().for_each(|n| *n += 1);
            return true;
        }
        if self.columns.is_empty() {
            return false;
        }
        let values = if self.is_cpu { words.as_slice() } else { words.get(1..).unwrap_or_default() };
        let numbers: Option<Vec<f64>> = values.iter().map(|word| number(word)).collect();
        let Some(numbers) = numbers.filter(|numbers| numbers.len() == self.columns.len()) else {
            self.columns.clear();
            return false;
        };
        let value = |names: &[&str]| {
            let at = self.columns.iter().position(|column| names.contains(&column.as_str()))?;
            numbers.get(at).copied()
        };
        let since_boot = self.reports.get(usize::from(self.is_cpu)).is_none_or(|n| *n < 2);
        if self.is_cpu {
            let of = |name| value(&[name]).unwrap_or_default();
            let (user, system, iowait) = (of("%user"), of("%system"), of("%iowait"));
            let shares = CpuShares { user, system, iowait, steal: of("%steal"), idle: of("%idle"), since_boot };
            out.say(Screen::Cpu(shares), line.quote());
            self.columns.clear();
            return true;
        }
        let device = DeviceUse {
            device: first.into(),
            writes: value(&["w/s"]),
            await_ms: value(&["await"]),
            read_await_ms: value(&["r_await"]),
            write_await_ms: value(&["w_await"]),
            flush_await_ms: value(&["f_await"]),
            queue: value(&["aqu-sz", "avgqu-sz"]),
            busy: value(&["%util"]),
            since_boot,
        };
        // Without -x there are counters only.
        if device.busy.is_some() {
            out.say(Screen::Device(device), line.quote());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{one, read, unknown};
    use super::*;

    const NEW: &str = "\
Linux 6.1.0-18-amd64 (db-1) \t11/26/26 \t_x86_64_\t(2 CPU)

avg-cpu:  %user   %nice %system %iowait  %steal   %idle
          41.89    0.00    6.81    0.79    0.30   50.21

Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util
vda             93.58   5048.98    15.68  14.35    1.02    53.95   16.00  11215.73    75.42  82.50   10.56   701.17    9.32    415.79     0.15   1.60    0.65    44.63    1.51    0.77    0.27   2.47

avg-cpu:  %user   %nice %system %iowait  %steal   %idle
           1.00    0.00    2.00   60.00    0.00   37.00

Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util
vda              0.00      0.00     0.00   0.00    0.00     0.00   20.00    215.73     0.00   0.00  310.56    10.17    0.00      0.00     0.00   0.00    0.00     0.00   10.00  480.00    6.27  99.80
";

    #[test]
    fn the_second_report_is_the_present_and_the_first_is_since_the_boot() {
        let said = read("iostat -x 1 2", NEW);
        let devices: Vec<&DeviceUse> =
            said.iter().filter_map(|s| if let Screen::Device(device) = s { Some(device) } else { None }).collect();
        let [first, second] = devices.as_slice() else { panic!("{said:?}") };
        assert_eq!((first.since_boot, first.write_await_ms, first.busy), (true, Some(10.56), Some(2.47)));
        assert_eq!((second.since_boot, second.flush_await_ms, second.busy), (false, Some(480.0), Some(99.8)));
        assert_eq!((second.device.raw(), second.queue, second.await_ms), ("vda", Some(6.27), None));
        assert!(said.contains(&Screen::Cpu(CpuShares {
            user: 1.0,
            system: 2.0,
            iowait: 60.0,
            idle: 37.0,
            ..CpuShares::default()
        })));
        assert!(unknown(NEW).is_empty());
    }

    #[test]
    fn the_columns_of_centos_7_have_one_wait_for_all() {
        let text = "Device:         rrqm/s   wrqm/s     r/s     w/s    rkB/s    wkB/s avgrq-sz avgqu-sz   await r_await w_await  svctm  %util\n\
            sda               0,00     2,00    0,00   40,00     0,00   220,00    11,00     8,10  205,20    0,00  205,20  24,00  96,00\n";
        let Screen::Device(device) = one("", text) else { panic!() };
        assert_eq!(
            (device.await_ms, device.write_await_ms, device.queue, device.busy),
            (Some(205.2), Some(205.2), Some(8.1), Some(96.0))
        );
    }

    #[test]
    fn counters_without_waits_and_torn_rows_say_nothing() {
        assert!(read("", "Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\nvda             118.89      5048.89     11215.53       415.78    2824401    6274080     232592\n").is_empty());
        assert!(read("", &NEW.replace("  99.80", "").replace("   2.47", "")).iter().all(|s| !matches!(s, Screen::Device(_))));
    }
}
