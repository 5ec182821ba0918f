//! Clocks that are off: of a running etcd, and of its journal.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
};

use crate::cluster::Cluster;

fn number(bytes: &[u8], at: usize, length: usize) -> usize {
    bytes.iter().skip(at).take(length).rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Where a function of the kernel's library (vDSO) begins, in a copy of that library.
fn find(library: &[u8], wanted: &str) -> Option<usize> {
    let (sections, size, count) = (number(library, 0x28, 8), number(library, 0x3a, 2), number(library, 0x3c, 2));
    let header = |index: usize| sections + index * size;
    // The table of dynamic symbols, and the names that it refers to.
    let table = (0..count).map(header).find(|at| number(library, at + 4, 4) == 11)?;
    let names = number(library, header(number(library, table + 0x28, 4)) + 0x18, 8);
    let (start, length) = (number(library, table + 0x18, 8), number(library, table + 0x20, 8));
    let is_wanted = |at: &usize| {
        let name = library.get(names + number(library, *at, 4)..).unwrap_or_default();
        name.starts_with(wanted.as_bytes()) && name.get(wanted.len()) == Some(&0)
    };
    (start..start + length).step_by(24).find(is_wanted).map(|at| number(library, at + 8, 8))
}

/// Sets a running member's clock off by some seconds, as `date -s` on its host would: etcd asks the kernel's library for the time,
/// and in this one process that now adds them. x86-64 alone.
pub(crate) fn set_off(cluster: &Cluster, who: usize, seconds: i32) -> String {
    let member = &cluster.members[who];
    let process = member.unit.task().pid_outside().expect("etcd is running");
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("a process has a map");
    let line = maps.lines().find(|line| line.ends_with("[vdso]")).expect("the kernel gives its library to every process");
    let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).expect("a range");
    let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).expect("an address"));
    let memory = File::options().read(true).write(true).open(format!("/proc/{process}/mem")).expect("root may write memory");
    let mut library = vec![0; usize::try_from(to - from).expect("a small library")];
    memory.read_exact_at(&mut library, from).expect("the library can be read");
    let place = find(&library, "__vdso_clock_gettime").expect("the library can tell the time");
    // mov eax, 228 (clock_gettime); syscall; test edi, edi (0 is the clock of the day); jnz to the end; add qword [rsi], seconds; ret
    let mut code = vec![0xb8, 0xe4, 0, 0, 0, 0x0f, 0x05, 0x85, 0xff, 0x75, 0x07, 0x48, 0x81, 0x06];
    code.extend(seconds.to_le_bytes());
    code.push(0xc3);
    member.unit.task().signal("STOP");
    memory.write_all_at(&code, from + u64::try_from(place).expect("an offset")).expect("the library can be changed");
    member.unit.task().wake();
    member.node.journal().set_off(i64::from(seconds) * 1_000_000);
    let way = if seconds < 0 { "behind" } else { "ahead" };
    format!("the clock of {}'s etcd, and of its journal, was set {} s {way}", member.node.name(), seconds.abs())
}
