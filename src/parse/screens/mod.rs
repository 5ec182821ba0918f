//! Screens of other tools that are pasted beside etcd's answers: load, disks, sockets, clocks, certificates, limits, containers.
//!
//! Each is known by its content, whether or not the command that printed it was pasted too.

mod certificate;
mod clock;
mod container;
mod files;
mod fio;
mod iostat;
mod load;
mod memory;
mod perf;
mod pod;
mod sockets;
mod vmstat;

use super::{etcdctl::Said, services::Service};
use crate::bundle::{Line, Quote};

pub use certificate::Certificate;
pub use clock::Clock;
pub use container::{Container, Ended, Run};
pub use files::OpenFiles;
pub use fio::SyncTail;
pub use iostat::DeviceUse;
pub use load::{CpuShares, Load};
pub use memory::Memory;
pub use perf::PerfCheck;
pub use sockets::Listener;

use super::log::When;

/// What a screen says.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// Load averages: `uptime`, the first line of `top`, `w`.
    Load(Load),
    /// How many CPUs the host has: the banner of sysstat, `lscpu`.
    Cpus(u64),
    /// Where CPU time goes, in percent: `top`, `iostat`, `vmstat`.
    Cpu(CpuShares),
    /// How busy a device is: `iostat -x`.
    Device(DeviceUse),
    /// How much memory there is: `free`.
    Memory(Memory),
    /// How long syncs took: `fio`.
    Sync(SyncTail),
    /// What `etcdctl check perf` found wrong.
    Perf(PerfCheck),
    /// Who listens where: `ss`, `netstat`.
    Listener(Listener),
    /// How far off a clock is: `chronyc tracking`, `timedatectl`, `ntpq -p`.
    Clock(Clock),
    /// What the clock shows: `date`, `timedatectl`.
    Date(When),
    /// The time of a certificate: `openssl x509`, `kubeadm certs check-expiration`.
    Certificate(Certificate),
    /// How many files may be open, or are: `/proc/PID/limits`, `ulimit`, `lsof`.
    Files(OpenFiles),
    /// How a container of etcd is: `kubectl describe pod`, `docker inspect`.
    Container(Container),
    /// Whether etcd runs, as a manager of services says.
    Service(Service),
}

/// Most records of one text that are kept.
const MOST: usize = 2_000;

/// Reads the screens of one passage, line by line.
#[derive(Debug, Default)]
pub struct Screens {
    said: Vec<Said<Screen>>,
    typed: Option<Box<str>>,
    load: load::Reader,
    iostat: iostat::Reader,
    vmstat: vmstat::Reader,
    memory: memory::Reader,
    fio: fio::Reader,
    sockets: sockets::Reader,
    clock: clock::Reader,
    certificate: certificate::Reader,
    files: files::Reader,
    container: container::Reader,
    pod: pod::Reader,
}

/// What readers put their records into.
struct Out<'o>(&'o mut Vec<Said<Screen>>);

impl Out<'_> {
    fn say(&mut self, what: Screen, quote: Quote) {
        if self.0.len() < MOST {
            self.0.push(Said { what, quote });
        }
    }
}

impl Screens {
    /// The command behind whose prompt the lines stand: a bare number says nothing without it.
    pub fn typed(&mut self, command: &str) {
        self.typed = Some(command.into());
        self.container.typed(command);
    }

    /// Looks at a line that another reader may take: `docker inspect` prints JSON.
    pub fn look_at(&mut self, line: Line<'_>) {
        self.container.line(line, &mut Out(&mut self.said));
    }

    /// Takes the next line. True if it is one of such a screen.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let out = &mut Out(&mut self.said);
        let typed = self.typed.as_deref().unwrap_or_default();
        self.load.line(line, out)
            || self.iostat.line(line, out)
            || self.vmstat.line(line, out)
            || self.memory.line(line, out)
            || self.fio.line(line, out)
            || perf::line(line, typed, out)
            || self.sockets.line(line, out)
            || self.clock.line(line, typed, out)
            || self.files.line(line, typed, out)
            || self.pod.line(line, out)
            || self.certificate.line(line, out)
    }

    /// Takes a row of a process's limits. True if it is one, as [`Screens::line`] would say of it.
    pub fn limit(&mut self, line: Line<'_>) -> bool {
        self.files.line(line, self.typed.as_deref().unwrap_or_default(), &mut Out(&mut self.said))
    }

    /// All that was said, when the passage is over.
    pub fn finish(mut self) -> Vec<Said<Screen>> {
        let out = &mut Out(&mut self.said);
        self.clock.close(out);
        self.certificate.close(out);
        self.files.close(out);
        self.container.close(out);
        self.pod.close(out);
        self.said
    }
}

/// A number, with a point or, as some locales have it, a comma.
fn number(word: &str) -> Option<f64> {
    let digits = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let is_number = match word.strip_prefix('-').unwrap_or(word).split_once(['.', ',']) {
        Some((whole, rest)) => (digits(whole) || whole.is_empty()) && digits(rest),
        None => digits(word.strip_prefix('-').unwrap_or(word)),
    };
    is_number.then(|| word.replace(',', ".").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    /// What a text says, printed behind a command.
    pub(super) fn read(typed: &str, text: &str) -> Vec<Screen> {
        let source = Source::new("screen.txt");
        let mut screens = Screens::default();
        screens.typed(typed);
        for (number, text) in (1..).zip(text.lines()) {
            let line = source.line(number, text);
            screens.look_at(line);
            screens.line(line);
        }
        let said = screens.finish();
        assert!(said.iter().all(|s| text.contains(s.quote.excerpt().raw())), "{said:?}");
        said.into_iter().map(|s| s.what).collect()
    }

    /// The one thing that a text says.
    pub(super) fn one(typed: &str, text: &str) -> Screen {
        let said: [Screen; 1] = read(typed, text).try_into().unwrap();
        let [screen] = said;
        screen
    }

    /// The lines of a text that no screen is known for.
    pub(super) fn unknown(text: &str) -> Vec<&str> {
        let source = Source::new("screen.txt");
        let mut screens = Screens::default();
        text.lines()
            .zip(1..)
            .filter(|(text, n)| !text.trim().is_empty() && !screens.line(source.line(*n, text)))
            .map(|(t, _)| t)
            .collect()
    }

    #[test]
    fn logs_answers_and_prose_are_no_screens() {
        let text = "Nov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8\n\
            member 1f is healthy: got healthy result from http://a:2379\n\
            the load average is high and Status: unknown\n\
            # HELP etcd_server_has_leader Whether or not a leader exists.\n\
            etcd_server_has_leader 1\n\
            2026-11-22 22:14:33.000001 I | etcdserver: starting\n\
            12\n\
            State: we do not know\n\
            Name: a\n\
            | a:1 | true |\n\
            panic: runtime error\n";
        assert_eq!(unknown(text), text.lines().collect::<Vec<_>>());
        assert!(read("cat x", text).is_empty());
    }

    #[test]
    fn numbers_of_other_locales_are_read_and_words_are_not() {
        assert_eq!(number("1,5"), Some(1.5));
        assert_eq!(number(".5"), Some(0.5));
        for word in ["", "-", "1.", "1.2.3", "1e5", "inf", "NaN", "１"] {
            assert_eq!(number(word), None, "{word}");
        }
    }
}
