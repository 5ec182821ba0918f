//! Certificates: `openssl x509 -text`, `-dates`, `-enddate`, and kubeadm's and kubectl's list of them.

use std::collections::BTreeSet;

use super::{Out, Screen};
use crate::{
    bundle::{Line, Quote},
    parse::log::{When, printed},
    text::Untrusted,
};

/// Most names of one certificate that are kept.
const MOST_NAMES: usize = 100;

/// A certificate, as far as a screen shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certificate {
    /// Who it is made out to; the name in kubeadm's list.
    pub subject: Option<Untrusted>,
    /// Who signed it.
    pub issuer: Option<Untrusted>,
    /// From when it is good.
    pub not_before: Option<(When, Untrusted)>,
    /// Until when.
    pub not_after: Option<(When, Untrusted)>,
    /// The names and addresses for which it is good.
    pub names: BTreeSet<Untrusted>,
    /// The tool itself says that its time is over: `<invalid>`.
    pub is_over: bool,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    open: Certificate,
    quote: Option<Quote>,
    /// Where the time begins; the end is what is quoted, if it is there.
    begin: Option<Quote>,
    in_text: bool,
    in_names: bool,
    in_list: bool,
}

/// What else `openssl x509 -text` prints.
const OF_TEXT: &[&str] = &[
    "Data:",
    "Version: ",
    "Serial Number:",
    "Signature Algorithm: ",
    "Signature Value:",
    "Validity",
    "Subject Public Key Info:",
    "Public Key Algorithm: ",
    "Public-Key: (",
    "RSA Public-Key: (",
    "Modulus:",
    "Exponent: ",
    "pub:",
    "ASN1 OID: ",
    "NIST CURVE: ",
    "X509v3 ",
    "Digital Signature",
    "TLS Web ",
    "CA:",
    "keyid:",
    "-----BEGIN CERTIFICATE",
    "-----END CERTIFICATE",
];

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if text == "Certificate:" {
            self.close(out);
            self.in_text = true;
            return true;
        }
        if self.list(text, line, out) || self.names(text) {
            return true;
        }
        let begins = ["notBefore=", "Not Before: "].iter().find_map(|key| text.strip_prefix(key));
        if let Some(when) = begins.and_then(dated) {
            self.next_if(self.open.not_before.is_some() || self.open.not_after.is_some(), out);
            self.open.not_before = Some(when);
            self.begin = Some(line.quote());
            return true;
        }
        let ends = ["notAfter=", "Not After : "].iter().find_map(|key| text.strip_prefix(key));
        if let Some(when) = ends.and_then(dated) {
            self.next_if(self.open.not_after.is_some(), out);
            self.open.not_after = Some(when);
            self.quote = Some(line.quote());
            return true;
        }
        let who = |keys: [&str; 2]| {
            keys.iter().find_map(|key| text.strip_prefix(key)).filter(|who| who.contains('=') || who.starts_with('/'))
        };
        if let Some(subject) = who(["subject=", "Subject: "]) {
            self.next_if(self.open.subject.is_some(), out);
            self.open.subject = Some(subject.trim().into());
            return true;
        }
        if let Some(issuer) = who(["issuer=", "Issuer: "]) {
            self.next_if(self.open.issuer.is_some(), out);
            self.open.issuer = Some(issuer.trim().into());
            return true;
        }
        text.starts_with("X509v3 ") || self.in_text && is_of_text(text)
    }

    pub(super) fn close(&mut self, out: &mut Out<'_>) {
        let Self { open, quote, begin, .. } = std::mem::take(self);
        if let Some(quote) = quote.or(begin) {
            out.say(Screen::Certificate(open), quote);
        }
    }

    fn next_if(&mut self, is_next: bool, out: &mut Out<'_>) {
        if is_next {
            self.close(out);
        }
    }

    /// `DNS:etcd-a, IP Address:10.0.0.1` below `X509v3 Subject Alternative Name:`.
    fn names(&mut self, text: &str) -> bool {
        let was_in_names = std::mem::replace(&mut self.in_names, text.starts_with("X509v3 Subject Alternative Name:"));
        if !was_in_names || !(text.starts_with("DNS:") || text.starts_with("IP Address:") || text.starts_with("URI:")) {
            return self.in_names;
        }
        let names = text.split(", ").filter_map(|part| Some(part.split_once(':')?.1.trim()));
        self.open.names.extend(names.take(MOST_NAMES).map(Untrusted::from));
        true
    }

    /// `etcd-peer   Dec 26, 2026 01:13 UTC   29d   etcd-ca   no` of `kubeadm certs check-expiration`.
    fn list(&mut self, text: &str, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let has = |wanted: &[&str]| wanted.iter().all(|w| text.contains(w));
        if has(&["EXPIRES", "RESIDUAL TIME"]) {
            self.in_list = true;
            return true;
        }
        if !self.in_list {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, month, day, year, time, "UTC", residual, ..] = words.as_slice() else {
            self.in_list = text.is_empty();
            return false;
        };
        let date = format!("{month} {} {time}:00 {year} GMT", day.trim_end_matches(','));
        let as_read = format!("{month} {day} {year} {time} UTC");
        // The authorities and Kubernetes' own certificates stand in the same list; etcd's have it in their names.
        if name.contains("etcd") {
            let certificate = Certificate {
                subject: Some((*name).into()),
                not_after: printed(&date).map(|when| (when, as_read.into())),
                is_over: *residual == "<invalid>",
                ..Certificate::default()
            };
            out.say(Screen::Certificate(certificate), line.quote());
        }
        true
    }
}

fn dated(text: &str) -> Option<(When, Untrusted)> {
    Some((printed(text)?, text.trim().into()))
}

/// Bytes in hex, and the headings between them.
fn is_of_text(text: &str) -> bool {
    let is_hex = text.contains(':') && text.split(':').all(|byte| byte.len() <= 2 && byte.bytes().all(|b| b.is_ascii_hexdigit()));
    is_hex || OF_TEXT.iter().any(|start| text.starts_with(start)) || text.ends_with("WithRSAEncryption")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    fn certificates(text: &str) -> Vec<Certificate> {
        let only = |screen| if let Screen::Certificate(certificate) = screen { Some(certificate) } else { None };
        read("", text).into_iter().filter_map(only).collect()
    }

    #[test]
    fn dates_names_and_authority_are_read_from_both_forms_of_openssl() {
        let short = "subject=O = etcd, CN = etcd-a\nissuer=CN = etcd-ca\nnotBefore=Nov 26 01:13:00 2025 GMT\nnotAfter=Dec 26 01:13:00 2026 GMT\n\
            X509v3 Subject Alternative Name: \n    DNS:etcd-a, IP Address:10.0.0.1\n";
        let text = "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            01:9c:76:d4\n        Signature Algorithm: sha256WithRSAEncryption\n\
            \x20       Issuer: CN = etcd-ca\n        Validity\n            Not Before: Nov 26 01:13:00 2025 GMT\n            Not After : Dec 26 01:13:00 2026 GMT\n\
            \x20       Subject: O = etcd, CN = etcd-a\n        Subject Public Key Info:\n            Public Key Algorithm: rsaEncryption\n                Modulus:\n\
            \x20                   00:f0:dd:db:60\n                Exponent: 65537 (0x10001)\n        X509v3 extensions:\n            X509v3 Subject Alternative Name: \n\
            \x20               DNS:etcd-a, IP Address:10.0.0.1\n    Signature Value:\n        3c:1f\n";
        for text in [short, text] {
            let [one] = certificates(text).try_into().unwrap();
            assert_eq!(one.not_after.unwrap().0.instant().unwrap().to_string(), "2026-12-26T01:13:00Z");
            assert_eq!(one.not_before.unwrap().0.instant().unwrap().to_string(), "2025-11-26T01:13:00Z");
            assert!(one.issuer.unwrap() == "CN = etcd-ca" && one.names.contains(&"10.0.0.1".into()));
            assert!(unknown(text).is_empty(), "{:?}", unknown(text));
        }
    }

    #[test]
    fn ends_one_under_the_other_are_certificates_of_their_own() {
        let all = certificates("notAfter=Nov 26 01:13:00 2025 GMT\nnotAfter=Nov 26 01:13:00 2027 GMT\n");
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn the_list_of_kubeadm_names_those_of_etcd_that_are_over() {
        let text = "CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED\n\
            admin.conf                 Dec 26, 2026 01:13 UTC   29d             ca                      no      \n\
            etcd-peer                  Nov 06, 2026 01:13 UTC   <invalid>       etcd-ca                 no      \n";
        let [one] = certificates(text).try_into().unwrap();
        assert!(one.is_over && one.not_after.unwrap().0.instant().unwrap().to_string() == "2026-11-06T01:13:00Z");
    }
}
