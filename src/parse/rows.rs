//! Rows of the kernel's files and of `ls`, exactly as they are written. A bundle has a hundred or two of each host, and no reader but one, or none, wants one of
//! them: whoever has read one in full may take the next by this alone.

/// Who wants a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Of `/proc/stat`, `/proc/pressure` and `/proc/loadavg`: the reader of what the kernel counts.
    Kernel,
    /// Of `/proc/PID/limits`: the reader of limits.
    Limit,
    /// Of `ls -l`: the reader of listings.
    Listing,
    /// Nothing stands there.
    Blank,
    /// Of `/proc/meminfo` and `/proc/uptime`: nobody.
    Mute,
    /// Of `/proc/mounts`: nobody.
    Mount,
    /// Of `/proc/diskstats`, with the major number of the device: nobody.
    Disk(u32),
}

impl Row {
    /// Whether nobody wants it.
    pub(super) fn is_mute(self) -> bool {
        matches!(self, Self::Mute | Self::Mount | Self::Disk(_))
    }

    /// Whether the same reader wants another one, or nobody wants either: then all other readers look at both of them, or at neither.
    pub(super) fn is_like(self, other: Self) -> bool {
        self == other || self.is_mute() && other.is_mute() || self == Self::Blank
    }
}

/// Of which file a line is a row, if it can be nothing else.
pub(super) fn row(text: &str) -> Option<Row> {
    let row = match text.as_bytes() {
        [b' ', ..] => return disk(text),
        [b'0'..=b'9', ..] => return loads(text),
        [] => Row::Blank,
        [b'=', ..] if HEADERS.contains(&text) => Row::Kernel,
        [b'M', b'a', b'x', b' ', ..] if is_limit(text) => Row::Limit,
        [b'L', b'i', b'm', b'i', b't', b' ', ..] if text.split_ascii_whitespace().eq(HEADER_OF_LIMITS) => Row::Limit,
        [b'A'..=b'Z', ..] if is_memory(text) => Row::Mute,
        [b'd', b'r', b'w', b'x', ..] | [b'-', b'r', b'w', ..] | [b't', b'o', b't', b'a', b'l', b' ', ..] | [b'/', .., b':']
            if is_listed(text) =>
        {
            Row::Listing
        }
        [b'a'..=b'z', ..] if is_stat(text) || is_pressure(text) => Row::Kernel,
        [b'a'..=b'z' | b'/', .., b' ', b'0', b' ', b'0'] if is_mount(text) => Row::Mount,
        _ => return None,
    };
    Some(row)
}

/// Rows at the beginning of a text, before which nothing was read: nothing is open then, so that rows of several files may follow one another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opening {
    is_of_limits: Option<bool>,
    last: Option<Row>,
    major: Option<u32>,
}

impl Opening {
    /// Whether a row may be the next one: only one that makes no paste of the text, and closes nothing for another reader.
    pub(super) fn admits(&mut self, row: Row, text: &str) -> bool {
        let last = self.last.replace(row);
        match row {
            Row::Blank => return true,
            // Long rows of one length look like one that was broken.
            Row::Mount => return false,
            // So do rows of a listing before what is none.
            Row::Listing if text.starts_with('/') && !matches!(last, None | Some(Row::Blank)) => return false,
            Row::Kernel | Row::Limit | Row::Mute | Row::Disk(_) if last == Some(Row::Listing) => return false,
            // Devices whose numbers count up look like lines that are numbered.
            Row::Disk(next) if self.major.replace(next).is_some_and(|last| last.checked_add(1) == Some(next)) => return false,
            _ => {}
        }
        // The limits of a process are open, until a row of another file is read in full.
        let is_limit = row == Row::Limit;
        *self.is_of_limits.get_or_insert(is_limit) == is_limit
    }
}

/// What stands above files that were gathered into one.
const HEADERS: &[&str] = &[
    "==> /proc/pressure/cpu <==",
    "==> /proc/pressure/io <==",
    "==> /proc/pressure/memory <==",
    "==> /proc/uptime <==",
    "==> /proc/loadavg <==",
];

const HEADER_OF_LIMITS: [&str; 6] = ["Limit", "Soft", "Limit", "Hard", "Limit", "Units"];

/// What `/proc/PID/limits` lists (fs/proc/base.c of the kernel).
const LIMITS: &[&str] = &[
    "cpu time",
    "file size",
    "data size",
    "stack size",
    "core file size",
    "resident set",
    "processes",
    "open files",
    "locked memory",
    "address space",
    "file locks",
    "pending signals",
    "msgqueue size",
    "nice priority",
    "realtime priority",
    "realtime timeout",
];

/// What `/proc/stat` lists beside the processors.
const STATS: &[&str] = &["intr", "ctxt", "btime", "processes", "procs_running", "procs_blocked", "softirq"];

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// A number with a point.
fn is_decimal(word: &str) -> bool {
    word.split_once('.').is_some_and(|(whole, rest)| is_number(whole) && is_number(rest))
}

/// `   7       0 loop0 1003 13 35134 …`: eleven counters, and some more of later kernels.
fn disk(text: &str) -> Option<Row> {
    const FEWEST: usize = 11;
    let mut words = text.trim_start_matches(' ').split(' ').filter(|word| !word.is_empty());
    let (major, minor, name) = (words.next()?, words.next()?, words.next()?);
    let is_name =
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_row = is_name && is_number(minor) && is_number(major) && text.bytes().next_back().is_some_and(|b| b.is_ascii_digit());
    let mut counters = 0;
    for word in words {
        if !is_number(word) {
            return None;
        }
        counters += 1;
    }
    (is_row && counters >= FEWEST).then(|| major.parse().ok().map(Row::Disk)).flatten()
}

/// `MemTotal:       24683656 kB`, `HugePages_Total:       0`.
fn is_memory(text: &str) -> bool {
    let Some((name, value)) = text.split_once(':') else { return false };
    let (digits, is_whole) = match value.strip_suffix(" kB") {
        Some(digits) => (digits, true),
        None => (value, name.starts_with("HugePages_")),
    };
    let name = name.split_once('(').map_or(Some(name), |(name, rest)| {
        rest.strip_suffix(')').filter(|rest| rest.bytes().all(|b| b.is_ascii_lowercase())).map(|_| name)
    });
    let is_name =
        |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.bytes().all(|b| b.is_ascii_hexdigit());
    is_whole && digits.starts_with(' ') && is_number(digits.trim_start_matches(' ')) && name.is_some_and(is_name)
}

/// `cpu  429050 18012 …`, `cpu0 219037 …`, `ctxt 1385022`.
fn is_stat(text: &str) -> bool {
    let Some((name, numbers)) = text.split_once(' ') else { return false };
    let is_name = name.strip_prefix("cpu").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) || STATS.contains(&name);
    // A long one would look like a metric.
    const LONGEST: usize = 39;
    let is_short = text.len() <= LONGEST || !name.contains('_');
    is_name && is_short && numbers.bytes().all(|b| b.is_ascii_digit() || b == b' ') && !numbers.trim_end().is_empty()
}

/// `some avg10=97.73 avg60=97.56 avg300=96.63 total=2615597909`.
fn is_pressure(text: &str) -> bool {
    let mut words = text.split(' ');
    let is_begun = words.next().is_some_and(|amount| matches!(amount, "some" | "full"));
    let mut has = |name: &str, is_value: fn(&str) -> bool| {
        words.next().and_then(|word| word.strip_prefix(name)?.strip_prefix('=')).is_some_and(is_value)
    };
    let are_values = has("avg10", is_decimal) && has("avg60", is_decimal) && has("avg300", is_decimal) && has("total", is_number);
    is_begun && are_values && words.next().is_none()
}

/// `Max open files            20000                20000                files     `.
fn is_limit(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("Max ") else { return false };
    let Some((name, values)) = rest.split_once("  ") else { return false };
    let is_value = |word: &str| word == "unlimited" || is_number(word);
    let mut words = values.split_ascii_whitespace();
    let are_values = words.next().is_some_and(is_value) && words.next().is_some_and(is_value);
    let is_unit = words.next().is_none_or(|unit| unit.bytes().all(|b| b.is_ascii_lowercase()));
    are_values && is_unit && words.next().is_none() && LIMITS.contains(&name)
}

/// `-rw------- 1 root root 64000000 2026-11-26 02:01:03.742946235 +0000 0.tmp`, with the folder and the sum above.
fn is_listed(text: &str) -> bool {
    let is_name = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if let Some(folder) = text.strip_suffix(':') {
        // A device whose name is long stands alone in the list of `df`.
        return folder.len() > 1 && !folder.starts_with("/dev/") && folder.split('/').all(is_name);
    }
    if let Some(blocks) = text.strip_prefix("total ") {
        return is_number(blocks);
    }
    let is_of = |word: &str, signs: &[u8]| word.bytes().all(|b| b.is_ascii_digit() || signs.contains(&b));
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).take(10).collect();
    let [mode, links, owner, group, bytes, day, time, zone, name] = words.as_slice() else { return false };
    let is_mode = mode.len() == 10 && mode.bytes().skip(1).all(|b| b"rwx-".contains(&b));
    let is_owned = [owner, group].iter().all(|who| matches!(**who, "root" | "etcd"));
    let is_dated =
        day.len() == 10 && is_of(day, b"-") && time.len() == 18 && is_of(time, b":.") && zone.len() == 5 && is_of(zone, b"+-");
    is_mode && is_number(links) && is_owned && is_number(bytes) && is_dated && is_name(name)
}

/// `/dev/vda /usr ext4 ro,relatime 0 0`.
fn is_mount(text: &str) -> bool {
    const TYPES: &[&str] = &[
        "btrfs", "cgroup", "cgroup2", "devpts", "devtmpfs", "ext3", "ext4", "mqueue", "overlay", "proc", "squashfs", "sysfs",
        "tmpfs", "vfat", "xfs",
    ];
    let is_of = |word: &str, signs: &[u8]| word.bytes().all(|b| b.is_ascii_alphanumeric() || signs.contains(&b));
    let words: Vec<&str> = text.split(' ').take(7).collect();
    let [device, folder, kind, options, "0", "0"] = words.as_slice() else { return false };
    is_of(device, b"/_.")
        && folder.starts_with('/')
        && is_of(folder, b"/_.-")
        && TYPES.contains(kind)
        && is_of(options, b",=_-/.")
}

/// `3450.93 976.76` of `/proc/uptime`; `37.18 27.75 21.96 19/568 338` of `/proc/loadavg`.
fn loads(text: &str) -> Option<Row> {
    let words: Vec<&str> = text.split(' ').take(6).collect();
    match words.as_slice() {
        [up, idle] => (is_decimal(up) && is_decimal(idle)).then_some(Row::Mute),
        [one, five, fifteen, tasks, pid] => {
            let are_tasks = tasks.split_once('/').is_some_and(|(running, all)| is_number(running) && is_number(all));
            let is_row = [one, five, fifteen].iter().all(|load| is_decimal(load)) && are_tasks && is_number(pid);
            is_row.then_some(Row::Kernel)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_as_the_kernel_writes_them_are_known_with_who_wants_them() {
        for (text, wanted) in [
            ("MemTotal:       24683656 kB", Row::Mute),
            ("Active(anon):     487532 kB", Row::Mute),
            ("HugePages_Total:       0", Row::Mute),
            ("3450.93 976.76", Row::Mute),
            ("   7       0 loop0 1003 13 35134 502 28652 6813 3158736 173804 1 123124 249406 0 0 0 0 13136 75098", Row::Disk(7)),
            (" 253       1 dm-1 1 2 3 4 5 6 7 8 9 10 11", Row::Disk(253)),
            ("/dev/vda /usr ext4 ro,relatime,discard,resuid=65534 0 0", Row::Mount),
            ("devtmpfs /dev/null devtmpfs rw,size=12334432k,mode=755 0 0", Row::Mount),
            ("/var/lib/etcd/member:", Row::Listing),
            ("total 125000", Row::Listing),
            ("drwx------ 4 root root 4096 2026-11-26 02:00:11.198943954 +0000 member", Row::Listing),
            ("-rw------- 1 etcd etcd   64000000 2026-11-26 02:00:11.162943953 +0000 0.tmp", Row::Listing),
            ("", Row::Blank),
            ("37.18 27.75 21.96 19/568 338", Row::Kernel),
            ("cpu  429050 18012 123162 97676 1280 0 7026 12313 0 0", Row::Kernel),
            ("cpu11 219037 8854 56707 50692 514 0 2202 6255 0 0", Row::Kernel),
            ("procs_blocked 0", Row::Kernel),
            ("some avg10=97.73 avg60=97.56 avg300=96.63 total=2615597909", Row::Kernel),
            ("==> /proc/pressure/io <==", Row::Kernel),
            ("Limit                     Soft Limit           Hard Limit           Units     ", Row::Limit),
            ("Max open files            20000                20000                files     ", Row::Limit),
            ("Max nice priority         0                    0                    ", Row::Limit),
        ] {
            assert_eq!(row(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_row() {
        for text in [
            " ",
            "MemTotal:",
            "MemTotal: 24683656",
            "MemTotal: 24683656 kB free",
            "DEADBEEF: 12 kB",
            "Bob 14:03",
            "cpu usage is high",
            "cpu",
            "cpu ",
            "cpux 1",
            "ctxt many",
            "etcd_server_has_leader 1",
            "some avg10=97.73 avg60=97.56 avg300=96.63",
            "some average",
            "==> etcd-1.log <==",
            "Max open files",
            "Max open doors            20000                20000                doors     ",
            "7 0 loop0 1003 13 35134 502 28652 6813 3158736 173804 1 123124",
            "   7       0 loop0 1003",
            "   7       0 loop0 1 2 3 4 5 6 7 8 9 10 eleven",
            "2026-11-22 15:46:38.123456 I | mvcc: store.index: compact 1236",
            "1 2 3 4/5 6",
            "/dev/vda /usr ext4 ro,relatime 0 1",
            "/dev/vda /usr secretfs ro,relatime 0 0",
            "a b ext4 ro 0 0",
            "total 8 files",
            "total ",
            "-rw------- 1 root root 64000000 Nov 26 02:00 0.tmp",
            "-rw------- 1 mallory root 64000000 2026-11-26 02:00:11.162943953 +0000 0.tmp",
            "-rw------- 1 root root 64000000 2026-11-26 02:00:11.162943953 +0000 0.tmp -> x",
            "---",
            "- [root@h ~]# df",
            "/ # df:",
            "/dev/mapper/vg-etcd:",
            "1: cat",
        ] {
            assert_eq!(row(text), None, "{text}");
        }
    }
}
