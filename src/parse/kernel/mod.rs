//! What the kernel counts of a host: `/proc/pressure`, `/proc/stat`, `/proc/loadavg`, `/proc/net/snmp`, and `cpu.stat` of a control group.

mod cpu;
mod pressure;
mod tcp;

pub use cpu::{CpuTimes, RunQueue, Throttle};
pub use pressure::{Amount, Pressure, Resource};
pub use tcp::Segments;

use crate::bundle::Line;

/// Most groups of one text that are kept: a paste of a whole hierarchy names hundreds.
const MOST_GROUPS: usize = 64;
/// Most lines of pressure that are kept; three files have six.
const MOST_PRESSURES: usize = 64;

/// Most readings of one text that are kept of what is counted as a whole.
const MOST_READINGS: usize = 64;

/// Reads the lines of one text.
#[derive(Clone, Debug, Default)]
pub struct Kernel {
    /// Lines of pressure, in their order.
    pub pressure: Vec<Pressure>,
    /// Times of all processors together. The last, if it was read more than once in one text.
    pub cpu: Option<CpuTimes>,
    /// What stood there before `cpu`, where one text has two readings.
    pub cpu_before: Option<CpuTimes>,
    /// Lines `cpu0`, `cpu1`, …: how many processors there are.
    pub processors: u64,
    /// Control groups, in their order.
    pub groups: Vec<Throttle>,
    /// How many tasks want to run.
    pub run_queue: Option<RunQueue>,
    /// Segments of TCP, in the order in which they were read.
    pub segments: Vec<Segments>,
    tcp: tcp::Reader,
    /// The file whose content follows, by a header between files.
    file: Option<String>,
}

impl Kernel {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.pressure.is_empty()
            && self.cpu.is_none()
            && self.groups.is_empty()
            && self.run_queue.is_none()
            && self.segments.is_empty()
    }

    /// Takes the next line. True if it is one of these files', or the header of one.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim_end();
        // `head -v` and `tail` head files so, and this program's own bundles; `for i in cpu io memory; do echo $i; …` leaves a word.
        if let Some(path) = text.strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            self.file = Some(path.to_owned());
            return path.starts_with("/proc/") || path.starts_with("/sys/fs/cgroup");
        }
        if Resource::named(text).is_some() {
            self.file = Some(text.to_owned());
            return true;
        }
        self.take_pressure(line, text)
            || self.take_stat(line, text)
            || self.take_group(line, text)
            || self.take_load(line, text)
            || self.take_segments(line)
    }

    fn take_pressure(&mut self, line: Line<'_>, text: &str) -> bool {
        let Some(read) = Pressure::read(text, self.file.as_deref(), line) else { return false };
        if self.pressure.len() < MOST_PRESSURES {
            self.pressure.push(read);
        }
        true
    }

    fn take_stat(&mut self, line: Line<'_>, text: &str) -> bool {
        if let Some(times) = CpuTimes::read(text, line) {
            self.cpu_before = self.cpu.replace(times);
            self.processors = 0;
            return true;
        }
        let words: Vec<&str> = if self.cpu.is_some() { text.split_whitespace().collect() } else { return false };
        let [name, numbers @ ..] = words.as_slice() else { return false };
        let are_numbers = !numbers.is_empty() && numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()));
        if !are_numbers {
            return false;
        }
        let number = name.strip_prefix("cpu").filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        self.processors += u64::from(number.is_some() && numbers.len() >= 4);
        let beside = ["intr", "ctxt", "btime", "processes", "procs_running", "procs_blocked", "softirq"];
        number.is_some() || beside.contains(name)
    }

    fn take_group(&mut self, line: Line<'_>, text: &str) -> bool {
        let Some((path, key, value)) = cpu::group_line(text) else { return false };
        let of_file = || self.file.clone().filter(|file| file.contains("cgroup"));
        let path = path.map(str::to_owned).or_else(of_file).unwrap_or_default();
        // A second reading of the same group begins with a key that is there already.
        let at = self.groups.iter().rposition(|group| group.path == path && !group.has(key));
        let at = at.or_else(|| {
            (self.groups.len() < MOST_GROUPS).then(|| {
                self.groups.push(Throttle::new(path));
                self.groups.len() - 1
            })
        });
        if let Some(group) = at.and_then(|at| self.groups.get_mut(at)) {
            group.set(key, value, line);
        }
        true
    }

    fn take_segments(&mut self, line: Line<'_>) -> bool {
        let (is_one, segments) = self.tcp.line(line);
        let is_room = self.segments.len() < MOST_READINGS;
        self.segments.extend(segments.filter(|_| is_room));
        is_one
    }

    fn take_load(&mut self, line: Line<'_>, text: &str) -> bool {
        let Some(read) = RunQueue::read(text, line) else { return false };
        self.run_queue = Some(read);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn read(text: &str) -> Kernel {
        let source = Source::new("host.txt");
        let mut kernel = Kernel::default();
        for (number, line) in (1..).zip(text.lines()) {
            kernel.line(source.line(number, line));
        }
        kernel
    }

    #[test]
    fn pressure_is_of_the_file_that_its_header_or_its_prefix_names() {
        let some = "some avg10=97.54 avg60=93.62 avg300=85.33 total=1463956374";
        for (text, resource) in [
            (format!("cpu\n{some}\n"), Some(Resource::Cpu)),
            (format!("==> /proc/pressure/io <==\n{some}\n"), Some(Resource::Io)),
            (format!("/proc/pressure/memory:{some}\n"), Some(Resource::Memory)),
            (format!("{some}\n"), None),
        ] {
            let kernel = read(&text);
            let pressure = &kernel.pressure[0];
            assert_eq!((pressure.resource, pressure.amount), (resource, Amount::Some), "{text}");
            assert_eq!((pressure.avg60, pressure.total_us), (93.62, 1_463_956_374), "{text}");
        }
        assert!(read("some avg10=9 avg60= avg300=1 total=x\nsome average\n").is_empty());
    }

    #[test]
    fn processor_times_have_steal_and_two_readings_in_one_text_stay_two() {
        let kernel = read(
            "cpu  100 0 50 800 20 0 5 25 0 0\ncpu0 50 0 25 400 10 0 3 12 0 0\ncpu1 50 0 25 400 10 0 2 13 0 0\nintr 5 1 2\n\
             cpu  200 0 90 1500 30 0 10 170 0 0\ncpu0 1 2 3 4 5\ncpu1 1 2 3 4 5\nprocs_running 7\n",
        );
        let (before, after) = (kernel.cpu_before.unwrap(), kernel.cpu.unwrap());
        assert_eq!(kernel.processors, 2);
        assert_eq!((before.total(), after.total()), (1000, 2000));
        assert_eq!((after.since(&before).unwrap().steal, after.since(&before).unwrap().total), (145, 1000));
        assert!(before.since(&after).is_none());
        assert!(read("cpu usage is high\nctxt 5\n").is_empty());
    }

    #[test]
    fn a_throttled_group_is_read_in_both_generations_with_and_without_its_path() {
        let first = read(
            "/sys/fs/cgroup/cpu/system.slice/etcd.service/cpu.stat:nr_periods 54\n\
             /sys/fs/cgroup/cpu/system.slice/etcd.service/cpu.stat:nr_throttled 52\n\
             /sys/fs/cgroup/cpu/system.slice/etcd.service/cpu.stat:throttled_time 64483450412\n\
             /sys/fs/cgroup/cpu/system.slice/etcd.service/cpu.cfs_quota_us:14000\n",
        );
        let group = &first.groups[0];
        assert_eq!((group.periods, group.throttled, group.throttled_us), (Some(54), Some(52), Some(64_483_450)));
        assert!(group.path.contains("etcd.service"));
        let second = read(
            "usage_usec 5000\nuser_usec 1\nsystem_usec 2\nnr_periods 100\nnr_throttled 90\nthrottled_usec 7000000\nnr_bursts 0\n\
             burst_usec 0\nusage_usec 6000\nnr_periods 150\nnr_throttled 139\nthrottled_usec 9000000\n",
        );
        let counts: Vec<_> = second.groups.iter().map(|g| (g.periods, g.throttled, g.throttled_us)).collect();
        assert_eq!(counts, [(Some(100), Some(90), Some(7_000_000)), (Some(150), Some(139), Some(9_000_000))]);
        assert!(read("nr_periods many\nnr_throttled\n").is_empty());
    }

    #[test]
    fn the_run_queue_is_read_and_numbers_alone_are_none() {
        assert_eq!(read("21.84 21.55 14.79 12/512 12345\n").run_queue.unwrap().minute, 21.84);
        assert!(read("1 2 3\n0.5 0.4 0.3 nobody 1\n512 12 4 5/6 7\n").run_queue.is_none());
    }
}
