//! What `ping` printed: how long packets took to a host and back, and how many were lost.

use crate::{
    bundle::{Line, Quote},
    text::Untrusted,
};

/// Most targets of one text that are kept.
const MOST_TARGETS: usize = 64;

/// Packets to one host.
#[derive(Clone, Debug, PartialEq)]
pub struct Ping {
    /// The address that was asked.
    pub target: Untrusted,
    /// Answers that were printed.
    pub answers: u64,
    /// The fastest, in milliseconds.
    pub fastest_ms: f64,
    /// The slowest, in milliseconds.
    pub slowest_ms: f64,
    /// Packets sent and received, where the summary is there.
    pub packets: Option<(u64, u64)>,
    /// The line of the fastest answer.
    pub quote: Quote,
    /// The summary.
    pub summary: Option<Quote>,
}

/// Reads the lines of an output.
#[derive(Clone, Debug, Default)]
pub struct Pings {
    /// By target, in their order.
    pub targets: Vec<Ping>,
    current: Option<Untrusted>,
}

impl Pings {
    /// Takes the next line. True if it is one of ping's.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        if let Some(rest) = text.strip_prefix("PING ") {
            // `PING host (10.0.0.1) 56(84) bytes of data.`; busybox: `PING host (10.0.0.1): 56 data bytes`.
            let address = rest.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(address, _)| address);
            self.current = address.map(Untrusted::from);
            return address.is_some();
        }
        self.take_answer(text, line) || self.take_summary(text, line)
    }

    /// `64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.591 ms`.
    fn take_answer(&mut self, text: &str, line: Line<'_>) -> bool {
        if !text.contains(" bytes from ") {
            return false;
        }
        let Some((_, rest)) = text.split_once(" bytes from ") else { return false };
        let Some((from, rest)) = rest.split_once(": ").filter(|(_, rest)| rest.contains("seq=")) else { return false };
        let ms = rest.split_once("time=").and_then(|(_, time)| time.split_once(' ')).and_then(|(ms, _)| ms.parse::<f64>().ok());
        let Some(ms) = ms.filter(|ms| ms.is_finite() && *ms >= 0.0) else { return true };
        // `from host (10.0.0.1)` where names are looked up.
        let from = from.split_once('(').map_or(from, |(_, inner)| inner.trim_end_matches(')'));
        if let Some(ping) = self.targets.iter_mut().find(|ping| ping.target == *from) {
            ping.answers += 1;
            ping.slowest_ms = ping.slowest_ms.max(ms);
            if ms < ping.fastest_ms {
                (ping.fastest_ms, ping.quote) = (ms, line.quote());
            }
        } else if self.targets.len() < MOST_TARGETS {
            let (target, quote) = (from.into(), line.quote());
            self.targets.push(Ping { target, answers: 1, fastest_ms: ms, slowest_ms: ms, packets: None, quote, summary: None });
        }
        true
    }

    /// `3 packets transmitted, 3 received, 0% packet loss, time 631ms`, and the lines around it.
    fn take_summary(&mut self, text: &str, line: Line<'_>) -> bool {
        let ends = text.starts_with("--- ") && text.ends_with(" ping statistics ---");
        if ends || text.starts_with("rtt min/avg/max") || text.starts_with("round-trip min/avg/max") {
            return true;
        }
        let Some((sent, rest)) = text.split_once(" packets transmitted, ") else { return false };
        let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok();
        let current = self.current.take();
        let ping = self.targets.iter_mut().find(|ping| current.as_ref() == Some(&ping.target));
        if let (Some(ping), Some(sent), Some(received)) = (ping, digits(sent), digits(rest)) {
            ping.packets = Some((sent, received));
            ping.summary = Some(line.quote());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn read(text: &str) -> Pings {
        let source = Source::new("ping.txt");
        let mut pings = Pings::default();
        for (number, line) in (1..).zip(text.lines()) {
            pings.line(source.line(number, line));
        }
        pings
    }

    #[test]
    fn answers_are_gathered_by_target_with_their_extremes_and_losses() {
        let pings = read(
            "PING db-2 (10.0.0.2) 56(84) bytes of data.\n64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=223 ms\n\
             64 bytes from db-2 (10.0.0.2): icmp_seq=3 ttl=64 time=207 ms\n\n--- db-2 ping statistics ---\n\
             3 packets transmitted, 2 received, 33% packet loss, time 600ms\nrtt min/avg/max/mdev = 207.4/215.8/223.3/15.1 ms\n\
             PING 10.0.0.3 (10.0.0.3): 56 data bytes\n64 bytes from 10.0.0.3: seq=0 ttl=64 time=0.591 ms\n",
        );
        let seen: Vec<_> = pings.targets.iter().map(|p| (p.target.raw(), p.answers, p.fastest_ms, p.slowest_ms)).collect();
        assert_eq!(seen, [("10.0.0.2", 2, 207.0, 223.0), ("10.0.0.3", 1, 0.591, 0.591)]);
        assert_eq!(pings.targets[0].packets, Some((3, 2)));
    }

    #[test]
    fn prose_and_torn_lines_are_none() {
        assert!(read("he got 64 bytes from me: thanks\nPING\n64 bytes from 10.0.0.2: icmp_seq=1 time= ms\n").targets.is_empty());
    }
}
