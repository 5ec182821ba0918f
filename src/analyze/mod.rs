//! The pipeline: inputs → texts → records → facts → rules → diagnosis. A pure function of the evidence.

mod belonging;
mod cluster;
mod entries;
mod happened;
mod measured;
mod names;
mod planned;
mod reading;
mod reports;
mod rows;
mod runs;
mod siblings;

use belonging::Belonging;
pub use entries::EntryRow;
use reading::{Text, read_text};
use reports::Reports;
use runs::Runs;

use crate::{
    bundle::{Contents, Digest, Input, Limits, OpenError, Unread},
    diagnosis::{
        Code, Coverage, Diagnosis, Finding, Gap, InputFacts, Outcome, RuleCounts, SCHEMA, Tool, Verdict, id, meaning, rank,
    },
    facts::{Facts, Gathering},
    layout::{Form, Layout, form_of, named_in, node_by_pod, node_of},
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
    /// Number of inputs.
    pub inputs: usize,
    /// Whether ids prove that all inputs are of one cluster.
    pub is_one_cluster: bool,
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
    let mut all: Vec<Contents<Text>> =
        inputs.iter().map(|input| input.read_at_once(limits, &read_text)).collect::<Result<_, _>>()?;
    for contents in &mut all {
        planned::reconcile(contents)?;
    }
    let is_one_cluster = hold_together(inputs, &all)?;
    all.sort_by(|a, b| a.digest.cmp(&b.digest));
    let digest = Digest::of_inputs(all.iter().map(|contents| &contents.digest));
    let texts = || all.iter().flat_map(|contents| &contents.entries).map(|entry| &entry.content);
    let is_bundle = texts().any(|text| text.extract.planned.is_some());
    let form = form_of(all.iter().flat_map(|contents| &contents.entries).map(|entry| entry.source.path()));
    let is_report = texts().any(|text| text.extract.is_etcd_diagnosis);
    let form = form.or_else(|| Form::of(Layout::EtcdDiagnosis).filter(|_| is_report));
    let is_lone = all.iter().all(|contents| contents.lone);
    let layout = Layout::of(is_bundle, form.map(|form| form.layout), is_lone, texts().map(|text| text.prompts).sum());
    let form = form.filter(|form| form.layout == layout);
    if let [_, _, ..] = all.as_slice() {
        all.iter_mut().zip(1..).for_each(|(contents, n)| contents.number(n));
    }
    let inputs = all.len();
    let entries = || all.iter().flat_map(|contents| &contents.entries);
    let mut names = names::names(entries().map(|entry| &entry.content.extract));
    let siblings = siblings::names(entries().map(|entry| (entry.source.path(), &entry.content.extract)));
    // Where a listing knows the node, its name is better than the pod's.
    let is_known = |name: &String| name.strip_prefix("etcd-").is_some_and(|node| names.contains(node));
    let siblings: Vec<String> = siblings.into_iter().filter(|name| !is_known(name)).collect();
    names.extend(siblings);
    let reports = Reports::of(entries().map(|entry| (entry.source.path(), &entry.content)));
    let runs = Runs::of(entries().map(|entry| (entry.source.path(), &entry.content.extract)));
    let writer = form.and_then(|form| reports::version(form, entries().map(|entry| (entry.source.path(), &entry.content))));
    let (mut entries, mut texts, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for contents in all {
        unread.extend(contents.unread);
        for entry in contents.entries {
            let path = entry.source.path().to_owned();
            let of_pod = || node_by_pod(&path);
            let of_report = || reports.host_of(&path);
            let of_run = || runs.member_of(&path);
            let by_name = || named_in(&path, names.iter().map(String::as_str));
            let node = node_of(&path).or_else(of_pod).or_else(of_report).or_else(by_name).or_else(of_run).map(str::to_owned);
            entries.push(EntryRow::of(&entry, node.as_deref()));
            let extract = entry.content.extract;
            texts.push((path, node, extract));
        }
    }
    Ok(Evidence { facts: Gathering::gather(texts), digest, layout, form, writer, inputs, is_one_cluster, entries, unread })
}

/// Whether ids prove that all inputs are of one cluster; an error if they are surely of two.
fn hold_together(inputs: &[Input], all: &[Contents<Text>]) -> Result<bool, OpenError> {
    let of = |contents: &Contents<Text>| Belonging::of(contents.entries.iter().map(|entry| &entry.content.extract));
    let told: Vec<(&Input, Belonging)> = inputs.iter().zip(all.iter().map(of)).collect();
    for (at, (first, of_first)) in told.iter().enumerate() {
        for (second, of_second) in told.iter().skip(at + 1) {
            if let Some((first_id, second_id)) = of_first.differs(of_second) {
                return Err(OpenError::Clusters {
                    first: first.name(),
                    first_id: format!("{first_id:x}"),
                    second: second.name(),
                    second_id: format!("{second_id:x}"),
                });
            }
        }
    }
    let Some(((_, one), others)) = told.split_first() else { return Ok(true) };
    Ok(others.iter().all(|(_, other)| one.is_same(other)))
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
