//! What one `/metrics` text said, whole or torn, and the few metrics this program asks it for under all the names they have had.
//!
//! The parser is our own: those at hand either fail a whole text for one torn line or drop such lines without a word.

mod asked;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use asked::Asked;

use super::exposition::{self, Before, Labels, Parsed, Plain, Scope};
use super::histogram::{Histogram, Parts, Summary};
use crate::bundle::{Citation, Line, Quote};
use crate::text::Untrusted;

pub use super::exposition::{is_progress_meter, json_behind_meter};
pub use super::metric::{Kind, Metric, MetricName, Unit};

/// Most samples kept of one text, of the metrics that are read: some 150 in a busy etcd 3.5.
const MOST_SAMPLES: usize = 20_000;

/// gRPC's count of answers has a row for each method and code from the start, some 750. One that is 0 says no more than one that is not there, but for
/// the first, which shows that the process answered.
const ANSWERS: &str = "grpc_server_handled_total";

/// Most broken lines that are cited; all are counted.
const MOST_CITED: usize = 8;

/// How a line was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A sample or a `# HELP`/`# TYPE` comment, as it stands.
    Taken,
    /// The same, after what a progress meter tore in front of or behind it was cut.
    Mended,
    /// Surely a metric line, but unusable: no value, cut off, torn apart.
    Broken,
    /// Anything else.
    NotMetric,
}

/// One sample with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    name: Arc<str>,
    labels: Labels,
    value: f64,
    quote: Quote,
}

impl Sample {
    /// The metric's name, with `_bucket`, `_sum` and `_count` of histograms. An identifier.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Labels by rising name, values without their escapes.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &Untrusted)> {
        self.labels.iter().map(|(name, value)| (&**name, value))
    }

    /// The value of one label.
    pub fn label(&self, name: &str) -> Option<&Untrusted> {
        self.labels().find(|(label, _)| *label == name).map(|(_, value)| value)
    }

    /// The value as it stands, in the unit of the name.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its line.
    pub fn quote(&self) -> &Quote {
        &self.quote
    }

    /// Whether it is of the same series as another, but for what makes it a part of a histogram or summary.
    fn is_of_series(&self, other: &Self) -> bool {
        self.series().eq(other.series())
    }

    fn series(&self) -> impl Iterator<Item = (&str, &Untrusted)> {
        self.labels().filter(|(label, _)| !is_part(label))
    }

    fn has(&self, filter: &[(&str, &str)]) -> bool {
        filter.iter().all(|(label, value)| self.label(label).is_some_and(|have| have == value))
    }

    fn part_label(&self) -> Option<&Untrusted> {
        self.labels().find(|(label, _)| is_part(label)).map(|(_, value)| value)
    }
}

fn is_part(label: &str) -> bool {
    matches!(label, "le" | "quantile")
}

impl Default for Exposition {
    fn default() -> Self {
        Self::fragment()
    }
}

/// What one text said, fed line by line.
#[derive(Clone, Debug)]
pub struct Exposition {
    scope: Scope,
    families: BTreeMap<Arc<str>, Vec<Sample>>,
    samples: usize,
    dropped: u64,
    taken: u64,
    mended: u64,
    broken: Vec<Citation>,
    broken_count: u64,
    flowing: bool,
    /// Whether a sample of [`ANSWERS`] was kept.
    has_answers: bool,
    /// The name that was looked up last, and whether it is asked for.
    last: (String, bool),
    /// What is read beside it need not be read again in the next.
    before: Before,
    asked: Asked,
}

impl Exposition {
    /// A text that is an exposition as a whole: what `curl …/metrics` wrote into a file. Any identifier can be a metric.
    pub fn whole() -> Self {
        Self::new(Scope::Whole)
    }

    /// A text in which an exposition can stand, like a pasted terminal: only names with etcd's prefixes are metrics.
    pub fn fragment() -> Self {
        Self::new(Scope::Fragment)
    }

    fn new(scope: Scope) -> Self {
        Self {
            scope,
            families: BTreeMap::new(),
            samples: 0,
            dropped: 0,
            taken: 0,
            mended: 0,
            broken: Vec::new(),
            broken_count: 0,
            flowing: false,
            has_answers: false,
            last: (String::new(), false),
            before: Before::default(),
            asked: Asked::default(),
        }
    }

    /// Reads the next line.
    pub fn line(&mut self, line: Line<'_>) -> Reading {
        let parsed = exposition::read(line.text(), self.scope, self.flowing);
        self.take(parsed, line)
    }

    /// Takes a line that can be nothing but a sample or a comment, as etcd writes them; any other is left, and none. Read in full it says the same.
    pub fn plain_line(&mut self, line: Line<'_>) -> Option<()> {
        let (plain, is_same) = exposition::plain(line.text(), &mut self.before)?;
        if let Plain::Sample(sample) = plain
            && (if is_same { self.last.1 } else { self.is_asked_for(sample.name) })
        {
            self.keep_asked(sample.name, || sample.labels(), sample.value()?, line);
        }
        self.tally(Reading::Taken, line);
        Some(())
    }

    fn take(&mut self, parsed: Parsed<'_>, line: Line<'_>) -> Reading {
        let reading = match parsed {
            Parsed::Comment { mended } => read_as(mended),
            Parsed::Sample { name, labels, value, mended } => {
                self.keep(name, || labels, value, line);
                read_as(mended)
            }
            Parsed::Broken => Reading::Broken,
            Parsed::NotMetric => Reading::NotMetric,
        };
        self.tally(reading, line);
        reading
    }

    fn keep(&mut self, name: &str, labels: impl FnOnce() -> Labels, value: f64, line: Line<'_>) {
        self.before.forget();
        // What no rule asks for is read, and not kept: an etcd writes some 1 300 samples, of which a tenth is ever looked at.
        if self.is_asked_for(name) {
            self.keep_asked(name, labels, value, line);
        }
    }

    fn keep_asked(&mut self, name: &str, labels: impl FnOnce() -> Labels, value: f64, line: Line<'_>) {
        let is_answers = name == ANSWERS;
        if is_answers && value == 0.0 && self.has_answers {
            return;
        }
        if self.samples == MOST_SAMPLES {
            self.dropped += 1;
            return;
        }
        self.samples += 1;
        self.asked.forget();
        self.has_answers |= is_answers;
        let sample = |name| Sample { name, labels: labels(), value, quote: line.quote() };
        match self.families.get_mut(name) {
            Some(family) => {
                let name = family.first().map_or_else(|| name.into(), |first| Arc::clone(&first.name));
                family.push(sample(name));
            }
            None => {
                let name: Arc<str> = name.into();
                self.families.insert(Arc::clone(&name), vec![sample(name)]);
            }
        }
    }

    /// Whether a sample belongs to one of the metrics that are read. Samples of one name stand in a row.
    fn is_asked_for(&mut self, name: &str) -> bool {
        if *self.last.0 != *name {
            name.clone_into(&mut self.last.0);
            self.last.1 = is_asked_for(name);
        }
        self.last.1
    }

    fn tally(&mut self, reading: Reading, line: Line<'_>) {
        match reading {
            Reading::Taken => self.taken += 1,
            Reading::Mended => self.mended += 1,
            Reading::Broken => {
                self.broken_count += 1;
                if self.broken.len() < MOST_CITED {
                    self.broken.push(line.cite());
                }
            }
            Reading::NotMetric => {}
        }
        self.flowing = reading != Reading::NotMetric;
    }

    /// Lines read as they stand.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Lines read after a progress meter's pieces were cut.
    pub fn mended(&self) -> u64 {
        self.mended
    }

    /// The first few metric lines that were unusable.
    pub fn broken(&self) -> &[Citation] {
        &self.broken
    }

    /// How many metric lines were unusable.
    pub fn broken_count(&self) -> u64 {
        self.broken_count
    }

    /// How many samples came after the most that are kept.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many samples are kept.
    pub fn len(&self) -> usize {
        self.samples
    }

    /// Whether no sample was read.
    pub fn is_empty(&self) -> bool {
        self.samples == 0
    }

    /// Whether a sample is etcd's own: `go_…` and `process_…` are written by many programs.
    pub fn is_of_etcd(&self) -> bool {
        self.families.keys().any(|name| name.starts_with("etcd_"))
    }

    /// All samples of one name, in their order in the text.
    pub fn family(&self, name: &str) -> &[Sample] {
        self.families.get(name).map_or(&[], Vec::as_slice)
    }

    /// All samples of a gauge or counter, under the newest name that is present. Values are as they stand, see [`Sample::value`].
    pub fn labelled(&self, metric: Metric) -> &[Sample] {
        let names = metric.names().iter().filter(|name| matches!(name.kind, Kind::Gauge | Kind::Counter));
        names.map(|name| self.family(name.name)).find(|samples| !samples.is_empty()).unwrap_or_default()
    }

    /// The value of a label of an info metric: the last in the text whose sample is not 0.
    pub fn label(&self, metric: Metric, label: &str) -> Option<(&Untrusted, &Quote)> {
        let set = |sample: &&Sample| sample.value != 0.0 && sample.label(label).is_some();
        let sample = self.labelled(metric).iter().rfind(set)?;
        Some((sample.label(label)?, &sample.quote))
    }

    /// The value of a gauge or counter, under the newest name that is present. The last in the text, if it was pasted more than once.
    /// None if there are several series of it, as in a federation of several members.
    pub fn gauge(&self, metric: Metric) -> Option<(f64, &Quote)> {
        let samples = self.labelled(metric);
        let last = samples.last()?;
        samples.iter().all(|sample| sample.is_of_series(last)).then_some((last.value, &last.quote))
    }

    /// The first sample in the text, as a sign that this process answered.
    pub fn first_quote(&self) -> Option<Quote> {
        self.families.values().flatten().map(|sample| &sample.quote).min().cloned()
    }

    /// The line of one bucket, by its upper bound. The last in the text, if it was pasted more than once.
    pub fn bucket_quote(&self, metric: Metric, le: f64) -> Option<Quote> {
        let is_bound = |sample: &&Sample| sample.part_label().and_then(|text| exposition::figure(text.raw())) == Some(le);
        let names = metric.names().iter().filter(|name| name.kind == Kind::Histogram);
        names
            .filter_map(|name| self.family(&format!("{}_bucket", name.name)).iter().rfind(is_bound))
            .next()
            .map(|sample| sample.quote.clone())
    }

    /// The line of one bucket of a series that a label picks.
    pub fn labelled_bucket(&self, metric: Metric, le: f64, (label, value): (&str, &str)) -> Option<Quote> {
        let is_bound = |sample: &&Sample| {
            sample.label("le").is_some_and(|bound| bound.raw().parse::<f64>().is_ok_and(|bound| (bound - le).abs() < 1e-9))
                && sample.label(label).is_some_and(|found| found.raw() == value)
        };
        let mut names = metric.names().iter();
        names.find_map(|name| self.family(&format!("{}_bucket", name.name)).iter().rfind(is_bound)).map(|s| s.quote().clone())
    }

    /// A histogram, under the newest name that has one. The last in the text, if it was pasted more than once.
    /// None if the labels asked for leave more than one series.
    pub fn histogram(&self, metric: Metric, labels: &[(&str, &str)]) -> Option<Histogram> {
        let make = || {
            let names = metric.names().iter().filter(|name| name.kind == Kind::Histogram);
            let runs = names.map(|name| self.runs(name, "_bucket", labels)).find(|runs| !runs.is_empty())?;
            runs.iter().rev().find_map(|run| histogram_of(run))
        };
        self.asked.or_make(metric, labels, make)
    }

    /// A summary (etcd 2.1 and 2.2), converted into the base unit. Otherwise as [`Exposition::histogram`].
    pub fn summary(&self, metric: Metric, labels: &[(&str, &str)]) -> Option<Summary> {
        let mut names = metric.names().iter().filter(|name| name.kind == Kind::Summary);
        names.find_map(|name| summary_of(self.runs(name, "", labels).last()?, name.unit))
    }

    /// The values of a label over all series of a metric, sorted: the peers of the round trip times.
    pub fn label_values(&self, metric: Metric, label: &str) -> Vec<&Untrusted> {
        let suffixed = |name: &MetricName| ["", "_bucket", "_count"].map(|suffix| self.family(&format!("{}{suffix}", name.name)));
        let samples = metric.names().iter().flat_map(suffixed).flatten();
        let mut values: Vec<&Untrusted> = samples.filter_map(|sample| sample.label(label)).collect();
        values.sort();
        values.dedup();
        values
    }

    /// The lines of one series, parted where a line comes again: there the same command was pasted a second time.
    fn runs(&self, name: &MetricName, main: &str, filter: &[(&str, &str)]) -> Vec<Vec<&Sample>> {
        let families = [main, "_sum", "_count"].map(|suffix| self.family(&format!("{}{suffix}", name.name)));
        let mut samples: Vec<&Sample> = families.into_iter().flatten().filter(|sample| sample.has(filter)).collect();
        samples.sort_by(|a, b| a.quote.citation().cmp(b.quote.citation()));
        let Some(first) = samples.first() else { return Vec::new() };
        if !samples.iter().all(|sample| sample.is_of_series(first)) {
            return Vec::new();
        }
        part_runs(samples)
    }
}

/// Whether a sample belongs to one of the metrics that are read, under any of their names.
fn is_asked_for(name: &str) -> bool {
    static NAMES: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| Metric::ALL.iter().flat_map(|metric| metric.names()).map(|known| known.name).collect());
    let family = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| name.strip_suffix(suffix));
    NAMES.contains(name) || family.is_some_and(|family| NAMES.contains(family))
}

fn read_as(mended: bool) -> Reading {
    if mended { Reading::Mended } else { Reading::Taken }
}

fn part_runs(samples: Vec<&Sample>) -> Vec<Vec<&Sample>> {
    let mut runs = Vec::new();
    let mut seen = BTreeSet::new();
    for sample in samples {
        let part = (sample.name(), sample.part_label());
        if runs.is_empty() || !seen.insert(part) {
            seen = BTreeSet::from([part]);
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(sample);
        }
    }
    runs
}

fn citation_of(run: &[&Sample]) -> Option<Citation> {
    Some(run.first()?.quote.citation().clone().through(run.last()?.quote.citation()))
}

fn histogram_of(run: &[&Sample]) -> Option<Histogram> {
    let mut parts = Parts::default();
    for sample in run {
        match sample.part_label() {
            Some(le) => parts.buckets.extend(exposition::figure(le.raw()).map(|le| (le, sample.value as u64))),
            None if sample.name.ends_with("_sum") => parts.sum = Some(sample.value),
            None if sample.name.ends_with("_count") => parts.count = Some(sample.value as u64),
            None => {}
        }
    }
    Histogram::build(parts, citation_of(run)?)
}

fn summary_of(run: &[&Sample], unit: Unit) -> Option<Summary> {
    let mut summary = Summary { quantiles: Vec::new(), count: None, sum: None, citation: citation_of(run)? };
    for sample in run {
        match sample.part_label() {
            Some(of) => summary.quantiles.extend(exposition::figure(of.raw()).map(|of| (of, unit.to_base(sample.value)))),
            None if sample.name.ends_with("_sum") => summary.sum = Some(unit.to_base(sample.value)),
            None if sample.name.ends_with("_count") => summary.count = Some(sample.value as u64),
            None => {}
        }
    }
    summary.quantiles.sort_by(|a, b| a.0.total_cmp(&b.0));
    Some(summary)
}

#[cfg(test)]
mod tests;
