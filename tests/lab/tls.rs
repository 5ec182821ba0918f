//! Certificates, made by openssl: good ones, expired ones, and those of an authority that nobody knows.

use std::{fs, net::Ipv4Addr, path::Path};

use jiff::{Span, Timestamp, tz::TimeZone};
use tempfile::TempDir;

use crate::{
    journal::now_us,
    program::{PATH, must},
};

const CONFIG: &str = "[ca]\ndefault_ca = own\n[own]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\n\
    policy = any\nunique_subject = no\n[any]\ncommonName = supplied\n";

/// When a certificate is valid, in days from now.
#[derive(Clone, Copy)]
pub(crate) struct Validity(pub(crate) i64, pub(crate) i64);

/// Valid now and for the duration of any test.
pub(crate) const GOOD: Validity = Validity(-1, 30);
/// Over since yesterday.
pub(crate) const EXPIRED: Validity = Validity(-366, -1);

/// From tomorrow on.
pub(crate) const FUTURE: Validity = Validity(1, 366);

/// A certificate and its key, PEM.
pub(crate) struct Pair {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// A certificate authority.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    /// A new authority, called `name`.
    pub(crate) fn new(name: &str) -> Self {
        let authority = Self { folder: TempDir::new().expect("a folder for certificates can be made") };
        authority.write("ca.cnf", CONFIG);
        authority.write("index", "");
        authority.write("serial", "01\n");
        authority.openssl(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -subj /CN={name} -days 30"
        ));
        authority
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.at().join(name), content).expect("a file beside the certificates can be written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at().join(name)).expect("openssl wrote its output")
    }

    fn openssl(&self, arguments: &str) {
        let folder = self.at().to_string_lossy();
        must(&["env", "-C", &folder, &format!("PATH={PATH}"), "sh", "-ec", &format!("openssl {arguments}")], Vec::new());
    }

    /// The authority's own certificate, PEM.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        self.read("ca.crt")
    }

    /// A certificate for a member or client at `address` and on the loopback.
    pub(crate) fn issue(&self, name: &str, address: Ipv4Addr, validity: Validity) -> Pair {
        self.sign(name, &format!("IP:{address},IP:127.0.0.1,DNS:{name},DNS:localhost"), validity)
    }

    /// A certificate that is good for one host alone, and not for its loopback.
    pub(crate) fn issue_without_loopback(&self, name: &str, address: Ipv4Addr) -> Pair {
        self.sign(name, &format!("IP:{address},DNS:{name}"), GOOD)
    }

    fn sign(&self, name: &str, names: &str, Validity(from, to): Validity) -> Pair {
        let now = Timestamp::from_microsecond(i64::try_from(now_us()).expect("the time fits")).expect("the time is in range");
        let day = |days: i64| {
            let at = now.checked_add(Span::new().hours(24 * days)).expect("a near day");
            at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%SZ").to_string()
        };
        self.write("ext", &format!("subjectAltName = {names}\nextendedKeyUsage = serverAuth,clientAuth\n"));
        self.openssl(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.csr -subj /CN={name}"
        ));
        self.openssl(&format!(
            "ca -config ca.cnf -batch -notext -cert ca.crt -keyfile ca.key -in own.csr -out own.crt -extfile ext -startdate {} -enddate {}",
            day(from),
            day(to)
        ));
        Pair { certificate: self.read("own.crt"), key: self.read("own.key") }
    }
}
