//! Load averages and CPU shares: `uptime`, `w`, the head of `top`, also busybox's, and what sysstat and `lscpu` say of the number of CPUs.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Out, Screen, number};
use crate::bundle::Line;

/// Load averages over 1, 5 and 15 minutes: how many tasks ran or wanted to, or waited for a disk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Over one minute.
    pub one: f64,
    /// Over five.
    pub five: f64,
    /// Over fifteen.
    pub fifteen: f64,
}

/// Where CPU time goes, in percent of all CPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CpuShares {
    /// Programs.
    pub user: f64,
    /// The kernel.
    pub system: f64,
    /// Idle while a disk is waited for.
    pub iowait: f64,
    /// Taken by the hypervisor for others. Zero where the tool does not show it.
    pub steal: f64,
    /// Idle.
    pub idle: f64,
    /// The average since the boot, as the first report of `iostat` and `vmstat` is.
    pub since_boot: bool,
}

/// Reads lines of `uptime` and `top`.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Below the header of `top`'s processes.
    in_processes: bool,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if let Some(load) = load(text) {
            self.in_processes = false;
            out.say(Screen::Load(load), line.quote());
            return true;
        }
        if let Some(shares) = cpu_line(text) {
            out.say(Screen::Cpu(shares), line.quote());
            return true;
        }
        if let Some(cpus) = cpus(text) {
            out.say(Screen::Cpus(cpus), line.quote());
            return true;
        }
        if is_process_header(text) {
            self.in_processes = true;
            return true;
        }
        if self.in_processes && is_process(text) {
            // What runs is read from a row of etcd by the reader of `ps`.
            return !text.split_whitespace().any(|word| word == "etcd" || word.ends_with("/etcd"));
        }
        self.in_processes = false;
        is_head_of_top(text)
    }
}

/// What each line with load averages has.
static AVERAGE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("oad average: "));
/// What the header of processes has.
static PID: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("PID"));

/// `16:07:14 up 52 min,  0 user,  load average: 21.84, 21.55, 14.79`, alone or behind `top - `, and busybox's `Load average: 0.1 0.2 0.3 …`.
fn load(text: &str) -> Option<Load> {
    AVERAGE.find(text.as_bytes())?;
    let (before, behind) = text.split_once("load average: ").or_else(|| text.split_once("Load average: "))?;
    if !before.is_empty() && !before.contains(" up ") {
        return None;
    }
    let parts: Vec<&str> = match behind.contains(", ") {
        true => behind.split(", ").collect(),
        false if behind.contains(' ') => behind.split(' ').collect(),
        false => behind.split(',').collect(),
    };
    let at = |at: usize| parts.get(at).and_then(|word| number(word.trim()));
    Some(Load { one: at(0)?, five: at(1)?, fifteen: at(2)? })
}

/// `%Cpu(s):  0.0 us,  0.0 sy, …`, `Cpu(s):  0.5%us, …` of procps before 3.3, `CPU:   0% usr …` of busybox. Single CPUs (`%Cpu0`) are left.
fn cpu_line(text: &str) -> Option<CpuShares> {
    let heads = ["%Cpu(s):", "%CPU(s):", "Cpu(s):", "CPU(s):", "CPU:"];
    let behind = heads.iter().find_map(|head| text.strip_prefix(head))?;
    let mut shares = CpuShares::default();
    let mut value = None;
    let (mut has_user, mut has_idle) = (false, false);
    for word in words(behind).iter().map(String::as_str) {
        if let Some(found) = number(word) {
            value = Some(found);
            continue;
        }
        let Some(value) = value.take() else { continue };
        match word {
            "us" | "usr" | "user" => (shares.user, has_user) = (value, true),
            "sy" | "sys" => shares.system = value,
            "id" | "idle" => (shares.idle, has_idle) = (value, true),
            "wa" | "io" => shares.iowait = value,
            "st" => shares.steal = value,
            _ => {}
        }
    }
    (has_user && has_idle).then_some(shares)
}

/// Numbers and letters apart: a comma between two digits is a decimal one.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    let signs: Vec<char> = text.chars().collect();
    for (at, c) in signs.iter().enumerate() {
        let is_digit = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_digit);
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        let last_is_part = out.last().and_then(|word| word.chars().last()).map(is_part);
        match c {
            ',' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => out.last_mut().into_iter().for_each(|w| w.push('.')),
            ',' | '%' | ' ' | '\t' => out.push(String::new()),
            c if last_is_part.is_none_or(|part| part == is_part(*c)) => out.last_mut().into_iter().for_each(|w| w.push(*c)),
            c => out.push(c.to_string()),
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// `Linux 6.1.0 (db-1) … (2 CPU)` of sysstat, `CPU(s):   2` of `lscpu`.
fn cpus(text: &str) -> Option<u64> {
    if let Some(count) = text.strip_prefix("Linux ").and_then(|_| text.strip_suffix(" CPU)")) {
        return count.rsplit_once('(')?.1.parse().ok();
    }
    text.strip_prefix("CPU(s):")?.trim().parse().ok()
}

fn is_process_header(text: &str) -> bool {
    if PID.find(text.as_bytes()).is_none() {
        return false;
    }
    let has = |wanted: &[&str]| wanted.iter().all(|w| text.split_whitespace().any(|word| word == *w));
    has(&["PID", "USER", "PR", "NI", "VIRT", "RES"]) || has(&["PID", "PPID", "USER", "STAT", "VSZ", "%VSZ"])
}

fn is_process(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|pid| pid.bytes().all(|b| b.is_ascii_digit())) && words.count() >= 7
}

/// What else stands above the processes: `Tasks: …`, `MiB Mem : …`, `KiB Swap: …`, `Mem:  16331616k total, …`, `%Cpu0  : …`.
fn is_head_of_top(text: &str) -> bool {
    let is_memory =
        ["MiB Mem ", "KiB Mem ", "GiB Mem ", "MiB Swap:", "KiB Swap:", "GiB Swap:"].iter().any(|s| text.starts_with(s));
    let is_old =
        text.starts_with("Mem:  ") && text.contains("k total,") || text.starts_with("Swap: ") && text.contains("k total,");
    let is_busybox = text.starts_with("Mem: ") && text.contains("K used, ");
    (text.starts_with("Tasks: ") || text.starts_with("Threads: ")) && text.contains(" total,")
        || (is_memory && text.contains("total,"))
        || is_old
        || is_busybox
        || (text.starts_with("%Cpu") && text.contains(" us,"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    #[test]
    fn load_averages_stand_behind_uptime_and_top_in_every_locale() {
        let expected = Screen::Load(Load { one: 21.84, five: 21.55, fifteen: 14.79 });
        for text in [
            " 16:07:14 up 52 min,  0 user,  load average: 21.84, 21.55, 14.79",
            " 16:07:14 up 412 days,  3:10,  2 users,  load average: 21,84, 21,55, 14,79",
            "top - 01:12:52 up 9 min,  0 user,  load average: 21.84, 21.55, 14.79",
            "Load average: 21.84 21.55 14.79 1/234 567",
            "load average: 21.84,21.55,14.79",
        ] {
            assert_eq!(read("", text), std::slice::from_ref(&expected), "{text}");
        }
        assert!(read("", "the load average: 21.84, 21.55, 14.79").is_empty());
    }

    #[test]
    fn the_head_of_top_of_four_makes_gives_shares_and_is_understood() {
        let expected = CpuShares { user: 12.5, system: 3.1, iowait: 20.0, steal: 30.4, idle: 34.0, since_boot: false };
        for text in [
            "%Cpu(s): 12.5 us,  3.1 sy,  0.0 ni, 34.0 id, 20.0 wa,  0.0 hi,  0.0 si, 30.4 st",
            "%Cpu(s): 12,5 us,  3,1 sy,  0,0 ni,34,0 id, 20,0 wa,  0,0 hi,  0,0 si, 30,4 st",
            "Cpu(s): 12.5%us,  3.1%sy,  0.0%ni, 34.0%id, 20.0%wa,  0.0%hi,  0.0%si, 30.4%st",
        ] {
            assert_eq!(read("", text), [Screen::Cpu(expected)], "{text}");
        }
        let busybox = read("", "CPU:  12% usr   3% sys   0% nic  65% idle  20% io   0% irq   0% sirq");
        assert_eq!(busybox, [Screen::Cpu(CpuShares { user: 12.0, system: 3.0, iowait: 20.0, idle: 65.0, ..expected_zero() })]);
        let top = "top - 01:12:52 up 9 min,  0 user,  load average: 2.52, 1.34, 0.64\n\
            Tasks:  85 total,   1 running,  84 sleeping,   0 stopped,   0 zombie\n\
            %Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \n\
            MiB Mem :  24105.1 total,  18394.9 free,    653.3 used,   5371.2 buff/cache     \n\
            MiB Swap:      0.0 total,      0.0 free,      0.0 used.  23451.8 avail Mem \n\n\
            \x20   PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n\
            \x20 16021 root      20   0  497780 157948  83304 S  93.8   0.6   0:02.06 rustc\n\
            \x20 16022 etcd      20   0  497780 157948  83304 S  93.8   0.6   0:02.06 etcd\n";
        assert_eq!(
            unknown(top),
            ["  16022 etcd      20   0  497780 157948  83304 S  93.8   0.6   0:02.06 etcd"],
            "it is left to the reader of ps"
        );
    }

    fn expected_zero() -> CpuShares {
        CpuShares::default()
    }

    #[test]
    fn the_number_of_cpus_is_told_by_sysstat_and_lscpu() {
        assert_eq!(read("", "Linux 6.1.0-18-amd64 (db-1) \t11/26/26 \t_x86_64_\t(2 CPU)"), [Screen::Cpus(2)]);
        assert_eq!(read("", "CPU(s):                          16"), [Screen::Cpus(16)]);
        assert!(read("", "Linux is great (CPU)").is_empty());
    }
}
