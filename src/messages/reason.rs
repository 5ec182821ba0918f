//! Why a connection or a request failed: the words of Go's network and TLS libraries, and of etcd's errors, which many messages quote.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Why a connection or a request failed. What is not told apart has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The host answered that nobody listens, or a firewall sent a reset.
    Refused,
    /// No answer while connecting. A stopped process is no such case: its kernel still takes the connection.
    DialTimeout,
    /// An open connection fell silent.
    SilentTimeout,
    /// The network says that there is no way to the host, or a firewall rejects.
    NoRoute,
    /// A name could not be looked up.
    NameUnresolved,
    /// A certificate ran out: the text says after when.
    CertExpired,
    /// A certificate is not valid yet: the text says before when.
    CertNotYetValid,
    /// A certificate is outside its time; the text does not say on which side.
    CertOutsideTime,
    /// A certificate's authority is not known.
    CertAuthority,
    /// A certificate is refused for another reason: its names, its usage, or there is none.
    CertRefused,
    /// The far side refuses the certificate and keeps the reason for its own log.
    CertEcho,
    /// One side speaks TLS, the other does not.
    Plaintext,
    /// What came over a connection is not what was sent: bytes were altered on the way.
    Altered,
    /// A request was refused for who asks: no name, a wrong token, no permission.
    AuthRefused,
    /// A request was larger than the limit.
    RequestTooLarge,
    /// An answer was larger than gRPC carries.
    AnswerTooLarge,
    /// A revision that was compacted was asked for.
    Compacted,
}

/// What decoders say of bytes that nobody wrote: TLS's checksum, protocol buffers, HTTP's chunks, and etcd's own frames (rafthttp of 3.0 to
/// 3.7).
const ALTERED: &[&str] = &[
    "bad record MAC",
    "proto: illegal wireType",
    "proto: wrong wireType",
    "proto: illegal tag",
    "proto: integer overflow",
    "proto: negative length",
    "in msgappv2 stream",
    "rafthttp: error limit exceeded",
    "malformed chunked encoding",
    "invalid byte in chunk length",
];

/// All words by which [`reason_of`] tells reasons apart, beside [`ALTERED`]. Most errors have one or two of them, so they are looked for together.
const PHRASES: &[&str] = &[
    "too many open files",
    "remote error:",
    "certificate",
    "unknown authority",
    "tls: bad cert",
    "certificate has expired or is not yet valid",
    " is after ",
    " is before ",
    "certificate has expired",
    "certificate is not yet valid",
    "certificate is not valid yet",
    "does not match any of DNSNames",
    ".arpa",
    "server misbehaving",
    "i/o timeout",
    "certificate signed by unknown",
    "unable to get local issuer certificate",
    "self signed certificate",
    "self-signed certificate",
    "x509: ",
    "provide a certificate",
    "no alternative certificate subject name",
    "does not look like a TLS handshake",
    "server gave HTTP response to HTTPS client",
    "malformed HTTP response \"\\x15",
    "malformed HTTP response \\\"\\x15",
    "record received with length 20527",
    "\\x16\\x03",
    "HTTP request to an HTTPS server",
    "SSL routines",
    "wrong version number",
    "lookup ",
    "no such host",
    "Temporary failure",
    ":53",
    "no route to host",
    "network is unreachable",
    "host is down",
    "connection timed out",
    "dial tcp",
    "connection ref",
    "message larger than max (",
    " vs. 2147483647)",
    " vs. 4194304)",
    "request is too large",
    "required revision has been compacted",
    "auth: ",
    "invalid auth token",
    "etcdserver: permission denied",
    "user name is empty",
];

/// Looks for all of them at once; none only if it could not be built, which it can: the words are constants and few.
static TOLD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(PHRASES.iter().chain(ALTERED)).ok());

/// Those that stand in a text.
fn phrases_in(text: &str) -> Vec<&'static str> {
    let all = || PHRASES.iter().chain(ALTERED).copied();
    match TOLD.as_ref() {
        Some(told) => told.find_overlapping_iter(text).filter_map(|found| all().nth(found.pattern().as_usize())).collect(),
        None => all().filter(|phrase| text.contains(phrase)).collect(),
    }
}

/// The words that stand last in a line that a terminal cut within what is wrong with a certificate.
fn cut_words(error: &str) -> Option<&str> {
    const TIME: &str = "certificate has expired or is not yet valid";
    let (_, rest) = error.rsplit_once("x509: ")?;
    let rest = rest.trim_end_matches(['…', '.', '"', '\\', '>', ')', '}']);
    TIME.starts_with(rest).then_some(rest)
}

/// Go's wording, from crypto/x509, crypto/tls, net and net/http of the releases that etcd 2.1 to 3.7 were built with.
///
/// `remote error: tls: …` is the echo of what the other side found, and says nothing of why; `EOF` says nothing at all. curl's and OpenSSL's
/// words for the same are taken too: operators paste them.
pub fn reason_of(error: &str) -> Option<Reason> {
    let told = phrases_in(error);
    let says = |text: &str| {
        debug_assert!(PHRASES.contains(&text) || ALTERED.contains(&text), "{text} is not looked for");
        told.contains(&text)
    };
    let found = if told.is_empty() || says("too many open files") {
        return None;
    } else if says("remote error:") {
        // `bad certi`: a terminal cut the line.
        let is_about_certificate = says("certificate") || says("unknown authority") || says("tls: bad cert");
        return is_about_certificate.then_some(Reason::CertEcho);
    } else if says("certificate has expired or is not yet valid") {
        if says(" is after ") {
            Reason::CertExpired
        } else if says(" is before ") {
            Reason::CertNotYetValid
        } else {
            Reason::CertOutsideTime
        }
    } else if says("certificate has expired") {
        Reason::CertExpired
    } else if says("certificate is not yet valid") || says("certificate is not valid yet") {
        Reason::CertNotYetValid
    } else if says("does not match any of DNSNames") {
        // A reverse look-up that failed says nothing of the certificate: etcd asks for the peer's name only to compare it.
        let is_reverse = says(".arpa") && (says("server misbehaving") || says("i/o timeout"));
        if is_reverse { Reason::NameUnresolved } else { Reason::CertRefused }
    } else if says("certificate signed by unknown")
        || says("unable to get local issuer certificate")
        || says("self signed certificate")
        || says("self-signed certificate")
    {
        Reason::CertAuthority
    } else if let Some(words) = cut_words(error) {
        // `x509: certi` could go on in any way.
        return (words.len() > "certificate ".len()).then_some(Reason::CertOutsideTime);
    } else if says("x509: ") || says("provide a certificate") || says("no alternative certificate subject name") {
        Reason::CertRefused
    } else if says("does not look like a TLS handshake")
        || says("server gave HTTP response to HTTPS client")
        || says("malformed HTTP response \"\\x15")
        || says("malformed HTTP response \\\"\\x15")
        || says("record received with length 20527")
        // The hello of TLS, where something else was awaited.
        || says("\\x16\\x03")
        || says("HTTP request to an HTTPS server")
        || says("SSL routines") && says("wrong version number")
    {
        Reason::Plaintext
    } else if ALTERED.iter().any(|words| says(words)) {
        Reason::Altered
    } else if says("lookup ") && (says("no such host") || says("server misbehaving") || says("Temporary failure") || says(":53"))
    {
        Reason::NameUnresolved
    } else if says("no route to host") || says("network is unreachable") || says("host is down") {
        Reason::NoRoute
    } else if says("i/o timeout") || says("connection timed out") {
        if says("dial tcp") { Reason::DialTimeout } else { Reason::SilentTimeout }
    } else if says("connection ref") {
        Reason::Refused
    } else if says("message larger than max (") {
        // The limit tells whose message it was: etcd sends what gRPC can count (`math.MaxInt32`), a client that set nothing takes 4 MiB.
        if says(" vs. 2147483647)") || says(" vs. 4194304)") { Reason::AnswerTooLarge } else { Reason::RequestTooLarge }
    } else if says("request is too large") {
        Reason::RequestTooLarge
    } else if says("required revision has been compacted") {
        Reason::Compacted
    } else if says("auth: ") || says("invalid auth token") || says("etcdserver: permission denied") || says("user name is empty")
    {
        Reason::AuthRefused
    } else {
        return None;
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_told_and_the_echo_is_none() {
        for (error, reason) in [
            ("remote error: tls: bad certificate", Some(Reason::CertEcho)),
            ("remote error: tls: internal error", None),
            ("SSL certificate problem: certificate has expired", Some(Reason::CertExpired)),
            ("SSL certificate problem: unable to get local issuer certificate", Some(Reason::CertAuthority)),
            ("failure loading ca certificate: the certificate is not valid yet", Some(Reason::CertNotYetValid)),
            ("EOF", None),
            ("dial tcp 10.0.0.3:2380: connect: connection refused", Some(Reason::Refused)),
            ("dial tcp 10.0.0.3:2380: i/o timeout", Some(Reason::DialTimeout)),
            ("read tcp 10.0.0.1:40000->10.0.0.3:2380: i/o timeout", Some(Reason::SilentTimeout)),
            ("dial tcp 10.0.0.3:2380: connect: no route to host", Some(Reason::NoRoute)),
            (
                "dial tcp: lookup db-2 on 127.0.0.53:53: read udp 127.0.0.1:1->127.0.0.53:53: read: connection refused",
                Some(Reason::NameUnresolved),
            ),
            ("dial tcp: lookup db-2 on 10.0.0.53:53: dial udp 10.0.0.53:53: too many open files", None),
            ("x509: certificate has expired or is not yet valid", Some(Reason::CertOutsideTime)),
            ("tls: failed to verify certificate: x509: certificate ha…", Some(Reason::CertOutsideTime)),
            ("tls: failed to verify client certificate: x509: certi…", None),
            ("tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.1 be…", Some(Reason::CertRefused)),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z",
                Some(Reason::CertExpired),
            ),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", Some(Reason::CertAuthority)),
            (
                "tls: \"10.0.0.1\" does not match any of DNSNames [\"old\"] (lookup old on 10.0.0.53:53: server misbehaving)",
                Some(Reason::CertRefused),
            ),
            ("grpc: trying to send message larger than max (2169698338 vs. 2147483647)", Some(Reason::AnswerTooLarge)),
            ("grpc: trying to send message larger than max (3145800 vs. 2097152)", Some(Reason::RequestTooLarge)),
            ("tls: first record does not look like a TLS handshake", Some(Reason::Plaintext)),
            ("local error: tls: bad record MAC", Some(Reason::Altered)),
            ("remote error: tls: bad record MAC", None),
            ("proto: illegal wireType 7", Some(Reason::Altered)),
        ] {
            assert_eq!(reason_of(error), reason, "{error}");
        }
    }
}
