//! The host's own facts: disk, memory, limits, clock, sockets, certificates, and etcd's process.

use super::{Does, Drafting, Keep, LISTING, Step, reads, unit_name};

/// Certificates of etcd by its flags, and how their rows are called. Keys are never read.
const CERTIFICATES: &[(&str, &str)] = &[
    ("cert-file", "server"),
    ("trusted-ca-file", "authority"),
    ("peer-cert-file", "peer"),
    ("peer-trusted-ca-file", "peer-authority"),
];

impl Drafting<'_> {
    /// The host's own facts.
    pub(super) fn host(&mut self, data_dir: Option<&str>) {
        match data_dir {
            Some(dir) => {
                let blocks = self.runs(&["df", "-P", "-k", dir]);
                self.add(Step::new("host", "host/df.txt", blocks));
                let inodes = self.runs(&["df", "-P", "-i", dir]);
                self.add(Step::new("host", "host/df-inodes.txt", inodes));
                let listing = self.runs(&["ls", "-lAR", "--full-time", dir]);
                self.add(Step::new("host", "host/data-dir.txt", listing).keep(Keep::Head(LISTING)));
            }
            None => {
                let does = || Does::Nothing { why: "no data directory was found: name it with --data-dir", missed: true };
                self.add(Step::new("host", "host/df.txt", does()));
                self.add(Step::new("host", "host/data-dir.txt", does()));
            }
        }
        self.add(Step::new("host", "host/mounts.txt", reads(&["/proc/self/mounts"])));
        self.add(Step::new("host", "host/loadavg.txt", reads(&["/proc/loadavg"])));
        let pids: Vec<String> = self.site.processes.iter().map(|process| process.pid.to_string()).collect();
        let pids = pids.join(",");
        let which = if pids.is_empty() { ["-C", "etcd"] } else { ["-p", &pids] };
        let processes = match pids.is_empty() && self.has_strangers {
            true => Does::Nothing { why: "no etcd process of this cluster is seen here", missed: false },
            false => self.runs(&["ps", which[0], which[1], "-o", "user,pid,ppid,stat,lstart,rss,pcpu,args"]),
        };
        // ps ends with 1 where there is no such process, and that is an answer.
        self.add(Step::new("host", "host/ps.txt", processes).answers(&[1]));
        self.process();
        for unit in self.site.units() {
            let status = self.runs(&["systemctl", "status", "--no-pager", "--full", "--lines=0", &unit]);
            // 3 is a unit that does not run, 4 one that there is not.
            self.add(Step::new("host", format!("host/unit-{}.txt", unit_name(&unit)), status).answers(&[3, 4]).optional());
        }
        let listeners = self.runs(&["ss", "-lntp"]);
        self.add(Step::new("host", "host/listeners.txt", listeners).optional());
        for (setting, name) in CERTIFICATES {
            let Some(file) = self.site.setting(setting).map(|found| self.site.reached(found)) else { continue };
            let shows = self.runs(&["openssl", "x509", "-noout", "-subject", "-issuer", "-dates", "-in", &file.value]);
            self.add(Step::new("host", format!("host/certificate-{name}.txt"), shows).optional());
        }
        let date = self.runs(&["date", "-u"]);
        self.add(Step::new("host", "host/date.txt", date).optional());
        for (path, argv) in [
            ("host/chronyc.txt", &["chronyc", "-n", "tracking"][..]),
            ("host/ntpq.txt", &["ntpq", "-pn"]),
            ("host/timedatectl.txt", &["timedatectl", "status"]),
        ] {
            let does = self.runs(argv);
            self.add(Step::new("host", path, does).optional());
        }
    }

    fn process(&mut self) {
        let Some(process) = self.site.processes.first().filter(|process| !process.is_embedded) else {
            let does = || Does::Nothing { why: "no etcd process is seen here", missed: false };
            self.add(Step::new("host", "host/etcd-cmdline.txt", does()));
            self.add(Step::new("host", "host/limits.txt", does()));
            return;
        };
        let pid = process.pid;
        self.add(Step::new("host", "host/etcd-cmdline.txt", reads(&[&format!("/proc/{pid}/cmdline")])));
        self.add(Step::new("host", "host/limits.txt", reads(&[&format!("/proc/{pid}/limits")])));
    }
}
