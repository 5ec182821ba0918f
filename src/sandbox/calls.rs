//! Which system calls can be made: those of reading, memory, threads and writing to what is open (seccomp, Linux 3.17). All others are refused
//! with EPERM, those that no kernel of today knows included.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, apply_filter,
};

/// Calls on what is open, on memory and threads, and for looking at files.
const ALLOWED: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_dup,
    libc::SYS_fadvise64,
    libc::SYS_copy_file_range,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_uname,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// The older forms of some of them.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[c_long] = &[
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_arch_prctl,
    libc::SYS_dup2,
    libc::SYS_gettimeofday,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[c_long] = &[];

/// Installs the filter.
pub(super) fn filter() -> Result<(), String> {
    install().map_err(|error| error.to_string())
}

fn install() -> Result<(), seccompiler::Error> {
    let arch = std::env::consts::ARCH.try_into()?;
    // The flags of clone3 lie in memory, where no filter sees them: without it the C library takes clone.
    let without_clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let first = SeccompFilter::new(without_clone3, SeccompAction::Allow, errno(libc::ENOSYS), arch)?;
    let second = SeccompFilter::new(allowed()?, errno(libc::EPERM), SeccompAction::Allow, arch)?;
    for filter in [first, second] {
        let program: BpfProgram = filter.try_into()?;
        apply_filter(&program)?;
    }
    Ok(())
}

fn errno(number: i32) -> SeccompAction {
    SeccompAction::Errno(number.unsigned_abs())
}

fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let free = ALLOWED.iter().chain(ALLOWED_HERE).chain(&[libc::SYS_clone3]).map(|call| (*call, Vec::new()));
    let mut out: BTreeMap<i64, Vec<SeccompRule>> = free.collect();
    // A file is opened to read it, and none is made.
    let writing = libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_TMPFILE & !libc::O_DIRECTORY;
    out.insert(libc::SYS_openat, vec![where_masked(2, writing, 0)?]);
    #[cfg(target_arch = "x86_64")]
    out.insert(libc::SYS_open, vec![where_masked(1, writing, 0)?]);
    // Threads, and no processes.
    out.insert(libc::SYS_clone, vec![where_masked(0, libc::CLONE_THREAD, libc::CLONE_THREAD)?]);
    // A terminal is asked for its width, and nothing is typed into it.
    let asking = [libc::TCGETS, libc::TIOCGWINSZ].map(|request| i32::try_from(request).unwrap_or(-1));
    out.insert(libc::SYS_ioctl, asking.into_iter().map(|request| where_masked(1, -1, request)).collect::<Result<_, _>>()?);
    // No new code.
    out.insert(libc::SYS_mmap, vec![where_masked(2, libc::PROT_EXEC, 0)?]);
    out.insert(libc::SYS_mprotect, vec![where_masked(2, libc::PROT_EXEC, 0)?]);
    // Who asks for limits may not set them, a thread may call itself something, and who gives up may end itself.
    out.insert(libc::SYS_prlimit64, vec![where_null(2)?]);
    out.insert(libc::SYS_prctl, vec![where_masked(0, -1, libc::PR_SET_NAME)?, where_masked(0, -1, PR_SET_VMA)?]);
    out.insert(libc::SYS_tgkill, vec![where_masked(0, -1, std::process::id().cast_signed())?]);
    Ok(out)
}

/// `PR_SET_VMA` of `linux/prctl.h`: newer C libraries name their memory by it.
const PR_SET_VMA: i32 = 0x5356_4d41;

/// Where an argument has these bits behind a mask.
fn where_masked(argument: u8, mask: i32, bits: i32) -> Result<SeccompRule, seccompiler::BackendError> {
    let mask = u64::from(mask.cast_unsigned());
    let bits = u64::from(bits.cast_unsigned());
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), bits)?])
}

/// Where an argument is no address at all.
fn where_null(argument: u8) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?])
}
