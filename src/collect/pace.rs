//! Standing back where etcd answers more slowly than at first: the next request waits, and what costs a member most is left out.

use std::time::Duration;

/// An answer that takes longer than this is slow, if the first ones did not take as long.
pub(super) const SLOW_MS: u64 = 1_000;

/// And so many times as long as the quickest answer of its kind.
pub(super) const TIMES: u64 = 5;

/// Longest wait before a request.
const LONGEST: Duration = Duration::from_secs(5);

/// What was seen of etcd's answers.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The quickest answer so far of each kind that asks etcd.
    quickest: std::collections::BTreeMap<String, u64>,
    /// The last answer, where it was slow: how long it took and what was quick before.
    slow: Option<(u64, u64)>,
    /// Time that was waited in all.
    pub(super) waited: Duration,
}

impl Pace {
    /// Takes note of an answer.
    pub(super) fn saw(&mut self, kind: &str, ms: u64) {
        if !asks_etcd(kind) {
            return;
        }
        let quickest = self.quickest.entry(kind.to_owned()).or_insert(ms);
        let is_slow = ms >= SLOW_MS && ms / TIMES >= *quickest;
        self.slow = is_slow.then_some((ms, *quickest));
        *quickest = (*quickest).min(ms);
    }

    /// How long to wait before a row of this kind.
    pub(super) fn wait(&mut self, kind: &str) -> Duration {
        let (ms, _) = self.slow.filter(|_| asks_etcd(kind)).unwrap_or_default();
        Duration::from_millis(ms).min(LONGEST)
    }

    /// Why a member should not be made to read all of its data now, if so.
    pub(super) fn against_reading_all(&self) -> Option<String> {
        self.slow.map(|(ms, quickest)| format!("etcd answers slowly: {ms} ms, and {quickest} ms before"))
    }
}

fn asks_etcd(kind: &str) -> bool {
    matches!(kind, "etcdctl" | "metrics" | "http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_an_answer_that_is_slow_against_the_first_the_next_request_waits_as_long() {
        let mut pace = Pace::default();
        pace.saw("http", 20);
        pace.saw("http", 900);
        assert_eq!(pace.wait("http"), Duration::ZERO);
        pace.saw("http", 3_000);
        assert_eq!(pace.wait("etcdctl"), Duration::from_secs(3));
        assert_eq!(pace.wait("host"), Duration::ZERO, "the host itself is no member");
        assert!(pace.against_reading_all().unwrap().contains("3000 ms, and 20 ms before"));
        pace.saw("http", 30);
        assert_eq!((pace.wait("http"), pace.against_reading_all()), (Duration::ZERO, None));
    }

    #[test]
    fn what_was_slow_from_the_beginning_is_no_worse_for_being_asked() {
        let mut pace = Pace::default();
        pace.saw("etcdctl", 5_000);
        pace.saw("etcdctl", 5_100);
        assert_eq!(pace.wait("etcdctl"), Duration::ZERO);
    }
}
