//! The pipeline: inputs → texts → records → facts → rules → diagnosis. A pure function of the evidence.

mod belonging;
mod cluster;
mod entries;
mod happened;
mod measured;
mod names;
mod parts;
mod planned;
mod reading;
mod reports;
mod rows;
mod runs;
mod siblings;

pub use entries::EntryRow;
pub use parts::ArchiveRow;
use parts::{OfCluster, Parts};
use reading::{Text, read_text};
use reports::Reports;
use runs::Runs;

use crate::{
    bundle::{Digest, Input, Limits, OpenError, Unread},
    diagnosis::{
        Code, Coverage, Diagnosis, Finding, Gap, InputFacts, Outcome, RuleCounts, SCHEMA, Tool, Verdict, id, meaning, rank,
    },
    facts::{Facts, Gathering},
    layout::{Form, Layout, named_in, node_by_pod, node_of},
    rules::{Kin, RULES, healthy},
    text::Untrusted,
    words::Words,
};

/// What was read, before it is judged.
#[derive(Debug)]
pub struct Evidence {
    /// What is known.
    pub facts: Facts,
    /// Names the content.
    pub digest: Digest,
    /// Whose bundle it is.
    pub layout: Layout,
    /// The form, where it is one of another project.
    pub form: Option<&'static Form>,
    /// The version of the form's writer, where it tells one.
    pub writer: Option<Untrusted>,
    /// Number of inputs, each archive within one among them.
    pub inputs: usize,
    /// Whether ids prove that all inputs are of one cluster.
    pub is_one_cluster: bool,
    /// The archives within inputs.
    pub archives: Vec<ArchiveRow>,
    /// Paths and lengths of what was read.
    pub entries: Vec<EntryRow>,
    /// What was not read.
    pub unread: Vec<Unread>,
}

/// Reads all inputs. The order in which they are given changes nothing.
///
/// # Errors
/// When an input cannot be opened at all.
pub fn read(inputs: &[Input], limits: &Limits) -> Result<Evidence, OpenError> {
    let parts = read_parts(inputs, limits)?;
    let is_one_cluster = parts.hold_together(inputs)?;
    Ok(evidence_of(parts, is_one_cluster))
}

/// What was read of one cluster, where the inputs are of several.
#[derive(Debug)]
pub struct Share {
    /// The cluster's ids, in hex; none where nothing shows of which cluster it is.
    pub ids: Vec<String>,
    /// What was read.
    pub evidence: Evidence,
}

/// Reads all inputs to see what they hold, cluster by cluster: a ticket may have bundles of several.
///
/// # Errors
/// When an input cannot be opened at all.
pub fn look(inputs: &[Input], limits: &Limits) -> Result<Vec<Share>, OpenError> {
    let shares = match read_parts(inputs, limits)?.by_cluster() {
        Ok(clusters) => clusters,
        Err((parts, is_one_cluster)) => {
            return Ok(vec![Share { ids: Vec::new(), evidence: evidence_of(parts, is_one_cluster) }]);
        }
    };
    let share = |OfCluster { ids, parts }| {
        let evidence = evidence_of(parts, !ids.is_empty());
        Share { ids: ids.into_iter().map(|id| format!("{id:x}")).collect(), evidence }
    };
    Ok(shares.into_iter().map(share).collect())
}

fn read_parts(inputs: &[Input], limits: &Limits) -> Result<Parts, OpenError> {
    let all = inputs.iter().map(|input| input.read_at_once(limits, &read_text)).collect::<Result<_, _>>()?;
    Parts::of(all)
}

fn evidence_of(parts: Parts, is_one_cluster: bool) -> Evidence {
    let digest = parts.digest();
    let (layout, form) = parts.form();
    let archives = parts.archives();
    let inputs = parts.all.len();
    let placed = parts.entries();
    let entries = || placed.iter().map(|(path, entry)| (path.as_str(), &entry.content));
    let extracts = || entries().map(|(path, text)| (path, &*text.extract));
    let mut names = names::names(extracts().map(|(_, extract)| extract));
    let siblings = siblings::names(extracts());
    // Where a listing knows the node, its name is better than the pod's.
    let is_known = |name: &String| name.strip_prefix("etcd-").is_some_and(|node| names.contains(node));
    let siblings: Vec<String> = siblings.into_iter().filter(|name| !is_known(name)).collect();
    names.extend(siblings);
    let reports = Reports::of(entries());
    let runs = Runs::of(extracts());
    let writer = form.and_then(|form| reports::version(form, entries()));
    // There may be very many paths, and they are made once more.
    drop(placed);
    let (mut entries, mut texts) = (Vec::new(), Vec::new());
    let (read, unread) = parts.cited();
    for (path, entry) in read {
        let of_pod = || node_by_pod(&path);
        let of_report = || reports.host_of(&path);
        let of_run = || runs.member_of(&path);
        let by_name = || named_in(&path, names.iter().map(String::as_str));
        let node = node_of(&path).or_else(of_pod).or_else(of_report).or_else(by_name).or_else(of_run).map(str::to_owned);
        entries.push(EntryRow::of(&entry, node.as_deref()));
        texts.push((path, node, entry.content.extract));
    }
    Evidence { facts: Gathering::gather(texts), digest, layout, form, writer, inputs, is_one_cluster, archives, entries, unread }
}

/// Judges what was read.
pub fn judge(evidence: &Evidence, words: &Words) -> Diagnosis {
    let facts = &evidence.facts;
    let (findings, mut undecided, counts) = apply_rules(facts);
    let wellbeing = healthy::assess(facts, &undecided, words);
    let ranked = rank(findings, &wellbeing, &Kin);
    // What speaks for health is told where it decides, not beside a fault.
    let is_open = ranked.primary.is_none() && !wellbeing.is_troubled;
    let grounds = if is_open || ranked.primary.is_some_and(is_healthy) { wellbeing.grounds.clone() } else { Vec::new() };
    // Where a rule leaves its question open, or a cause was found, the open question of health says nothing more.
    let is_about_health = undecided.is_empty() && ranked.primary.is_none_or(is_healthy);
    undecided.extend(wellbeing.gap.clone().filter(|_| is_about_health));
    undecided.retain(|gap| !ranked.findings.iter().any(|f| f.code == gap.code));
    undecided.sort();
    undecided.dedup();
    let headline = rows::headline(&ranked, facts, wellbeing.is_troubled, words);
    let verdict = Verdict {
        primary: ranked.primary,
        also: ranked.also,
        impact: ranked.impact,
        confidence: ranked.confidence,
        headline,
        because: ranked.because,
        grounds,
    };
    let mut findings = ranked.findings;
    for shown in findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        shown.note = shown.note.take().map(|note| (words.elsewhere)(&note));
    }
    Diagnosis {
        schema: SCHEMA,
        id: id(&meaning(&verdict, &findings, &undecided)),
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        input: InputFacts {
            layout: evidence.layout.as_str(),
            digest: evidence.digest.as_str().to_owned(),
            collected_at: facts.collected.as_ref().and_then(|(when, _)| when.instant()).map(|at| at.to_string()),
        },
        members: rows::members(facts),
        cluster: cluster::row(facts),
        measurements: measured::measurements(facts),
        round_trips: measured::round_trips(facts),
        timeline: happened::timeline(facts, &findings, words),
        coverage: Coverage { rules: counts, ..rows::coverage(evidence, words) },
        verdict,
        findings,
        undecided,
    }
}

fn is_healthy(code: Code) -> bool {
    matches!(code, Code::HEALTHY | Code::TRANSIENT)
}

fn apply_rules(facts: &Facts) -> (Vec<Finding>, Vec<Gap>, RuleCounts) {
    let (mut findings, mut gaps, mut counts) = (Vec::new(), Vec::new(), RuleCounts::default());
    for entry in RULES {
        match entry.apply(facts) {
            Outcome::Pass => counts.pass += 1,
            Outcome::NotApplicable => counts.not_applicable += 1,
            Outcome::Unknown(gap) => {
                counts.unknown += 1;
                gaps.extend(gap);
            }
            Outcome::Fail(found) => {
                counts.fail += 1;
                findings.extend(found);
            }
        }
    }
    (findings, gaps, counts)
}

/// The diagnosis of inputs that belong to one cluster.
///
/// # Errors
/// When an input cannot be opened at all.
pub fn analyze(inputs: &[Input], limits: &Limits, words: &Words) -> Result<Diagnosis, OpenError> {
    Ok(judge(&read(inputs, limits)?, words))
}
