//! What rules share that read screens of other tools: whose a screen is, and certificates outside their time.

use super::draft::Draft;
use crate::{
    diagnosis::{Confidence, Evidence, Impact, Severity},
    facts::{Facts, MemberAt, Shown, address_of, host_of},
    parse::screens::Certificate,
    text::Untrusted,
};

/// The member on whose host a screen was taken, or which it is about.
pub(super) fn member_of(facts: &Facts, shown: &Shown) -> Option<MemberAt> {
    shown.host.as_ref().and_then(|host| facts.member_on(host))
}

/// A screen's line as evidence.
pub(super) fn line_of(facts: &Facts, shown: &Shown) -> Evidence {
    let member = member_of(facts, shown).map(|at| facts.key(at)).or_else(|| shown.host.clone());
    Evidence::of(shown.quote.clone()).member(member)
}

/// The draft that is about the same member as a screen; where neither says whose it is, the only one.
pub(super) fn draft_of<'d>(facts: &Facts, shown: &Shown, drafts: &'d mut [Draft]) -> Option<&'d mut Draft> {
    let member = member_of(facts, shown);
    let is_its = |draft: &&mut Draft| match member {
        Some(at) => draft.members.contains(&at),
        None => draft.members.is_empty() && draft.others.iter().all(|other| Some(other) == shown.host.as_ref()),
    };
    drafts.iter_mut().find(is_its)
}

/// Names whose finding this is.
pub(super) fn place(facts: &Facts, shown: &Shown, draft: &mut Draft) {
    draft.members = member_of(facts, shown).into_iter().collect();
    if draft.members.is_empty() {
        draft.others = shown.host.clone().into_iter().collect();
    }
}

/// On which side of its time a certificate is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Its time is over.
    After,
    /// Its time has not come.
    Before,
}

/// Enters certificates that are outside their time: into the finding that lines already made of the same member, or as one of their own,
/// with the page's variant `shown`. What time it is says the evidence, never a clock.
pub(super) fn enter_certificates(facts: &Facts, side: Side, severity: Severity, drafts: &mut Vec<Draft>) {
    let is_well = facts.all_healthy().is_some();
    for (shown, certificate) in facts.certificates().filter(|(_, certificate)| is_outside(facts, certificate, side)) {
        let member = bearer(facts, shown, certificate);
        let found = drafts.iter_mut().find(|draft| match member {
            Some(at) => draft.members.contains(&at),
            None => shown.host.is_none() || draft.members.is_empty(),
        });
        if let Some(draft) = found {
            // What the program says that looks at it, and its own dates: two kinds.
            draft.show(line_of(facts, shown));
            draft.confidence = Confidence::High;
            draft.reword_active("active");
            continue;
        }
        let is_etcds = is_of_etcd(shown, certificate) || member.is_some();
        if is_well && !is_etcds {
            continue;
        }
        let mut draft = Draft::new("shown", if is_well { Severity::Warning } else { severity }, line_of(facts, shown));
        draft.members = member.into_iter().collect();
        if member.is_none() {
            draft.others = shown.host.clone().filter(|_| !is_of_another(shown)).into_iter().collect();
        }
        // Open connections outlive a certificate.
        draft.impact = if is_well { Impact::None } else { Impact::Unknown };
        draft.confidence = if is_etcds { Confidence::Medium } else { Confidence::Low };
        let date = if side == Side::After { &certificate.not_after } else { &certificate.not_before };
        if let Some((_, as_read)) = date {
            draft.value("date", as_read.escaped());
        }
        if let Some(subject) = &certificate.subject {
            draft.value("subject", subject.escaped());
        }
        drafts.push(draft);
    }
}

fn is_outside(facts: &Facts, certificate: &Certificate, side: Side) -> bool {
    let now = facts.latest_instant();
    let instant = |date: &Option<(crate::parse::log::When, Untrusted)>| date.as_ref().and_then(|(when, _)| when.instant());
    match side {
        Side::After => certificate.is_over || instant(&certificate.not_after).zip(now).is_some_and(|(end, now)| end < now),
        Side::Before => instant(&certificate.not_before).zip(now).is_some_and(|(begin, now)| now < begin),
    }
}

/// Whether words around it say that it is one of etcd's.
fn is_of_etcd(shown: &Shown, certificate: &Certificate) -> bool {
    let words = shown.command.iter().chain(&certificate.subject).chain(&certificate.issuer).chain(&certificate.names);
    words.map(Untrusted::raw).any(|words| words.to_ascii_lowercase().contains("etcd"))
}

/// `openssl s_client -connect` looks at another host's certificate.
fn is_of_another(shown: &Shown) -> bool {
    shown.command.as_ref().is_some_and(|command| command.raw().contains("-connect"))
}

/// Whose certificate it is: of the only member that its names fit, else of the host on which it was looked at.
fn bearer(facts: &Facts, shown: &Shown, certificate: &Certificate) -> Option<MemberAt> {
    let is_named = |words: &str| certificate.names.iter().any(|name| name.raw().eq_ignore_ascii_case(words));
    let fits = |at: &MemberAt| {
        facts.member(*at).is_some_and(|member| {
            let urls = member.peers.iter().chain(&member.endpoints).map(|url| host_of(address_of(url.raw())));
            urls.chain(member.name.iter().chain(&member.host).map(Untrusted::raw)).any(is_named)
        })
    };
    let mut fitting = (0..facts.members.len()).filter(fits);
    // One certificate for all members names them all.
    match (fitting.next(), fitting.next()) {
        (Some(at), None) => Some(at),
        _ => member_of(facts, shown).filter(|_| !is_of_another(shown)),
    }
}
