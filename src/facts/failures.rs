//! What clients were told, and by whom: errors of etcdctl and curl, of health checks, of client libraries in API servers and applications.

use super::{Facts, Health, MemberAt, MemberLog};
use crate::{
    bundle::Quote,
    messages::{Reason, reason_of},
    parse::logbook::{Mark, Sighting},
    text::Untrusted,
};

/// A request that failed, by the client's word.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    /// Why, as far as its words tell.
    pub reason: Option<Reason>,
    /// Its words.
    pub words: &'a Untrusted,
    /// Whom it asked.
    pub asked: Option<MemberAt>,
    /// How often the same was said.
    pub count: u64,
    /// The line.
    pub quote: &'a Quote,
    /// The log that has the line, where it is a log.
    pub log: Option<(&'a MemberLog, &'a Mark)>,
}

/// Messages of client libraries in logs, with the error in their capture.
const CLIENT_MESSAGES: &[&str] = &["client-retry-failed", "grpc-reconnect", "client-tls-failed"];

/// An error that stands alone in its line is its own reason.
fn bare<'a>(log: &'a MemberLog, sighting: &'a Sighting) -> Option<Failure<'a>> {
    let mark = &sighting.last;
    let words = mark.quote.excerpt();
    let reason = reason_of(words.raw()).filter(|_| sighting.message.id == "client-tls-failed")?;
    Some(Failure { reason: Some(reason), words, asked: None, count: sighting.count, quote: &mark.quote, log: Some((log, mark)) })
}

impl Facts {
    /// What etcdctl, curl and health checks were told, and client libraries beside them.
    pub fn answered_failures(&self) -> Vec<Failure<'_>> {
        fn of<'a>(words: &'a Untrusted, asked: Option<MemberAt>, quote: &'a Quote) -> Failure<'a> {
            Failure { reason: reason_of(words.raw()), words, asked, count: 1, quote, log: None }
        }
        let mut out: Vec<Failure<'_>> = self.errors.iter().map(|error| of(&error.text, None, &error.quote)).collect();
        let bad = self.health.iter().filter(|answer| answer.health != Health::Healthy);
        out.extend(bad.filter_map(|answer| Some(of(answer.error.as_ref()?, Some(answer.member), &answer.quote))));
        out.extend(self.warnings.iter().map(|warning| of(&warning.error, warning.asked, &warning.quote)));
        out
    }

    /// The same, and what logs of clients say.
    pub fn failures(&self) -> Vec<Failure<'_>> {
        let mut out = self.answered_failures();
        for log in &self.logs {
            for sighting in log.log.sightings().filter(|s| CLIENT_MESSAGES.contains(&s.message.id)) {
                if sighting.reasons.is_empty() {
                    out.extend(bare(log, sighting));
                }
                let Some(words) = &sighting.error else { continue };
                out.extend(sighting.reasons.iter().map(|(reason, seen)| Failure {
                    reason: Some(*reason),
                    words,
                    asked: None,
                    count: seen.count,
                    quote: &seen.last.quote,
                    log: Some((log, &seen.last)),
                }));
            }
        }
        out
    }
}
