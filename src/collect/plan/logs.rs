//! The logs: etcd's own, those of what starts it, the kernel's, and what others say of etcd; from the journal, else from files.

use super::{Does, Drafting, HISTORY, KERNEL_LOG, Keep, LOG, LOG_TIME, Step, When, unit_name};
use crate::collect::window::Window;

/// What a line of another program must have in it to be of interest: lines about etcd, and what a kubelet says of its container.
pub(in crate::collect) const ABOUT_ETCD: &[&str] = &["etcd", ":2379", ":2380"];

/// What a line of the system's logger must have in it: etcd's own, those about it, and the kernel's.
pub(in crate::collect) const OF_SYSTEM: &[&str] = &["etcd", ":2379", ":2380", "kernel", "systemd"];

/// Units whose lines about etcd tell how it is for them.
pub(in crate::collect) const CLIENTS: &[&str] = &["kube-apiserver", "kube-proxy"];

impl Drafting<'_> {
    /// etcd's log of the window.
    pub(super) fn logs(&mut self) {
        let window = self.options.window.clone();
        for unit in self.units() {
            let path = format!("journal/{}.log", unit_name(&unit));
            let Some((until, since)) = window.halves() else {
                // The newest first: once there is as much as is kept, or the time is over, what is not read is the oldest.
                let step = self.journal(&path, &["-u", &unit, "-r"], &window);
                self.add(step.keep(Keep::Newest(LOG)));
                continue;
            };
            // Around a moment, what is nearest to it is kept: of the half before it the end, of the half behind it the beginning.
            let before = self.journal(&path, &["-u", &unit, "-r"], &until);
            self.add(before.keep(Keep::Newest(LOG / 2)));
            let behind = self.journal(&format!("journal/{}.after.log", unit_name(&unit)), &["-u", &unit], &since);
            self.add(behind.keep(Keep::Head(LOG / 2)));
        }
        let files = self.site.container_logs("etcd");
        let by_engine =
            self.site.container().and_then(|container| container.log_by(|program| self.site.program(program).is_some()));
        if !files.is_empty() {
            self.log("logs/etcd-container.log", Does::Logs(files));
        } else if let Some(words) = by_engine {
            let does = self.program(words);
            self.add(log("logs/etcd-container.log", does).joined());
        }
        let own = self.site.own_logs();
        if !own.is_empty() {
            self.log("logs/etcd-file.log", Does::Logs(own));
        }
    }

    fn units(&self) -> Vec<String> {
        if self.options.units.is_empty() { self.site.units() } else { self.options.units.clone() }
    }

    fn log(&mut self, path: &str, does: Does) {
        self.add(log(path, does));
    }

    fn journal(&self, path: &str, what: &[&str], window: &Window) -> Step {
        let mut argv: Vec<String> = ["journalctl", "--no-pager", "-o", "short-iso"].map(str::to_owned).to_vec();
        argv.extend(self.options.journal.iter().map(|folder| format!("--directory={folder}")));
        argv.extend(what.iter().map(|word| (*word).to_owned()));
        argv.extend(window.flags());
        // journalctl of systemd 246 and later ends with 1 where a unit has no entry.
        Step::new("journal", path, self.program(argv)).time(LOG_TIME).answers(&[1])
    }

    /// What lies before and behind the window, and what others say of its time.
    pub(super) fn history(&mut self) {
        let window = self.options.window.clone();
        for unit in self.units() {
            for (name, part) in [("history", window.before()), ("history-after", window.after())] {
                let Some(part) = part else { continue };
                // The newest first: if the time is over, what is missing is the oldest.
                let step = self.journal(&format!("journal/{}.{name}.log", unit_name(&unit)), &["-u", &unit, "-r"], &part);
                self.add(step.keep(Keep::Landmarks(HISTORY)));
            }
        }
        // `-k` would show the present boot alone.
        let kernel = self.journal(KERNEL_LOG, &["_TRANSPORT=kernel", "-r"], &window);
        self.add(kernel.keep(Keep::Newest(LOG / 2)));
        let units = self.units();
        let supervisors = self.site.supervisors().into_iter().filter(|unit| !units.iter().any(|own| unit_name(own) == *unit));
        let others: Vec<String> = supervisors.chain(CLIENTS.iter().map(|unit| (*unit).to_owned())).collect();
        for unit in others {
            let step = self.journal(&format!("journal/{unit}.log"), &["-u", &unit, "-r"], &window);
            self.add(step.keep(Keep::Newest(LOG / 2)).only(ABOUT_ETCD));
        }
        let server = self.site.container_logs("kube-apiserver");
        if !server.is_empty() {
            self.add(log("logs/kube-apiserver-container.log", Does::Logs(server)).keep(Keep::Tail(LOG / 2)).only(ABOUT_ETCD));
        }
        let system = self.site.system_logs();
        if !system.is_empty() {
            self.add(log("logs/system.log", Does::Logs(system)).only(OF_SYSTEM).when(When::NoJournal));
        }
    }
}

fn log(path: &str, does: Does) -> Step {
    Step::new("log", path, does).time(LOG_TIME).keep(Keep::Tail(LOG))
}
