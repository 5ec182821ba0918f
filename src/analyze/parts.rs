//! The parts of what was given: each input, and each archive within one, which is read as if it were an input of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Text,
    belonging::{Belonging, clusters},
    planned, reports,
};
use crate::{
    bundle::{Contents, Digest, Entry, Input, OpenError, Unread, Within},
    layout::{Form, Layout, form_of, node_of_archive},
    text::{Untrusted, escape},
};

/// A part.
pub(super) struct Part {
    /// What it holds.
    pub(super) contents: Contents<Text>,
    /// Its input's place among those that were given.
    given: usize,
    /// Where it lies in its input, if it is an archive within it.
    pub(super) archive: Option<String>,
    /// The node after which it is called, where its form does so.
    node: Option<String>,
}

/// What is told of an archive within an input.
#[derive(Clone, Debug)]
pub struct ArchiveRow {
    /// Where it lies.
    pub path: Untrusted,
    /// Whose bundle it is.
    pub layout: Layout,
    /// The version of the form's writer, where it tells one.
    pub writer: Option<Untrusted>,
    /// How many entries were read of it.
    pub entries: usize,
}

/// Most inputs and archives of one cluster that an error names.
const TOLD_NAMES: usize = 8;

/// All parts, in the order of what they hold.
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    /// How many inputs were given.
    inputs: usize,
    /// What was not read of inputs that hold archives alone, and archives that count nothing; with the input's place.
    unread: Vec<(usize, Vec<Unread>)>,
    /// The numbers of the inputs, where these are parts of one cluster among several.
    numbered: Option<Vec<Option<usize>>>,
}

/// What is of one cluster, where there are several.
pub(super) struct OfCluster {
    /// Its ids; none where nothing shows of which cluster it is.
    pub(super) ids: BTreeSet<u64>,
    pub(super) parts: Parts,
}

impl Parts {
    /// Of all inputs, each held against the manifests in it.
    ///
    /// # Errors
    /// When a manifest is of a newer major format.
    pub(super) fn of(inputs: Vec<Contents<Text>>) -> Result<Self, OpenError> {
        let mut parts = Self { all: Vec::new(), inputs: inputs.len(), unread: Vec::new(), numbered: None };
        for (given, mut contents) in inputs.into_iter().enumerate() {
            let within = std::mem::take(&mut contents.within);
            let ways: BTreeSet<String> = within.iter().map(|within| within.path.clone()).collect();
            let has_archives = |path: &str| {
                let below = format!("{path}/");
                ways.range(below.clone()..).next().is_some_and(|way| way.starts_with(&below))
            };
            // What is packed around archives is no evidence.
            if contents.entries.is_empty() && !ways.is_empty() {
                parts.unread.push((given, contents.unread));
            } else {
                parts.all.push(Part { contents, given, archive: None, node: None });
            }
            for Within { path, mut contents } in within {
                if contents.entries.is_empty() && has_archives(&path) {
                    contents.place_within(&path);
                    parts.unread.push((given, contents.unread));
                } else {
                    parts.all.push(Part { contents, given, archive: Some(path), node: None });
                }
            }
        }
        for part in &mut parts.all {
            planned::reconcile(&mut part.contents).map_err(|error| part.named(error))?;
        }
        parts.name_nodes();
        let order = |part: &Part| (part.contents.digest.clone(), part.given, part.node.clone(), part.archive.clone());
        parts.all.sort_by_cached_key(order);
        parts.leave_out_copies();
        Ok(parts)
    }

    /// Notes after which nodes archives are called, by the form of the bundle in which each lies.
    fn name_nodes(&mut self) {
        let has_archives = self.all.iter().any(|part| part.archive.is_some());
        let layouts: BTreeMap<(usize, Option<&str>), Layout> =
            self.all.iter().filter(|_| has_archives).map(|part| ((part.given, part.archive.as_deref()), part.form().0)).collect();
        let nodes: Vec<Option<String>> = self.all.iter().map(|part| node_of(part, &layouts).map(str::to_owned)).collect();
        for (part, node) in self.all.iter_mut().zip(nodes) {
            part.node = node;
        }
    }

    /// Of archives within one input that hold the same the first counts: somebody packed them twice. What was not read of the other is told
    /// all the same.
    fn leave_out_copies(&mut self) {
        let mut kept: Vec<Part> = Vec::with_capacity(self.all.len());
        for part in std::mem::take(&mut self.all) {
            let is_same = |before: &&Part| {
                before.given == part.given && before.contents.digest == part.contents.digest && before.node == part.node
            };
            let first = kept.last().filter(is_same).and_then(|before| before.archive.as_deref());
            if let (Some(first), Some(archive), false) = (first, &part.archive, part.contents.entries.is_empty()) {
                let why = format!("it holds the same as {}, and was read once", escape(first));
                let archive = archive.clone();
                let mut contents = part.contents;
                contents.place_within(&archive);
                contents.unread.push(Unread { path: archive.into(), why });
                self.unread.push((part.given, contents.unread));
            } else {
                kept.push(part);
            }
        }
        self.all = kept;
    }

    /// Names the content of all.
    pub(super) fn digest(&self) -> Digest {
        Digest::of_inputs(self.all.iter().map(|part| &part.contents.digest))
    }

    /// The parts of each cluster, where they are surely of several; else all of them, and whether ids prove that they are of one.
    pub(super) fn by_cluster(self) -> Result<Vec<OfCluster>, (Self, bool)> {
        let (mut told, clusters) = {
            let (told, all) = self.belongings();
            let Some(clusters) = clusters(&all) else {
                let is_one = all.split_first().is_none_or(|(one, others)| others.iter().all(|other| one.is_same(other)));
                return Err((self, is_one));
            };
            // The places of parts, by what was told of them.
            (told, clusters)
        };
        let numbered = self.numbers();
        let mut parts: Vec<Option<Part>> = self.all.into_iter().map(Some).collect();
        let mut unread = self.unread;
        let mut out = Vec::new();
        let mut group = |ids: BTreeSet<u64>, places: Vec<usize>, parts: &mut Vec<Option<Part>>| {
            let mut places = places;
            places.sort_unstable();
            let all: Vec<Part> = places.iter().filter_map(|at| parts.get_mut(*at)?.take()).collect();
            if !all.is_empty() {
                let unread = std::mem::take(&mut unread);
                let numbered = Some(numbered.clone());
                out.push(OfCluster { ids, parts: Self { all, inputs: self.inputs, unread, numbered } });
            }
        };
        for (ids, members) in clusters {
            let places = members.iter().filter_map(|member| told.get(*member).copied()).collect();
            group(ids, places, &mut parts);
        }
        // What stands between two clusters is of neither.
        group(BTreeSet::new(), std::mem::take(&mut told), &mut parts);
        Ok(out)
    }

    /// What tells of each part to which cluster it belongs, and the part's place: inputs as they were given, and the archives in each by their paths.
    fn belongings(&self) -> (Vec<usize>, Vec<Belonging>) {
        let of = |part: &Part| Belonging::of(part.contents.entries.iter().map(|entry| &*entry.content.extract));
        let mut told: Vec<(usize, &Part)> = self.all.iter().enumerate().collect();
        told.sort_by(|(_, a), (_, b)| (a.given, &a.archive).cmp(&(b.given, &b.archive)));
        told.into_iter().map(|(at, part)| (at, of(part))).unzip()
    }

    /// Whether ids prove that all parts are of one cluster; an error if they are surely of two.
    pub(super) fn hold_together(&self, inputs: &[Input]) -> Result<bool, OpenError> {
        let (told, all) = self.belongings();
        let parts: Vec<&Part> = told.iter().filter_map(|at| self.all.get(*at)).collect();
        if let Some(clusters) = clusters(&all) {
            let of = |members: &[usize]| {
                let names: Vec<String> = members.iter().filter_map(|at| Some(parts.get(*at)?.name(inputs))).collect();
                let more = names.len().saturating_sub(TOLD_NAMES);
                let shown = names.get(..TOLD_NAMES).unwrap_or(&names).join(", ");
                if more > 0 { format!("{shown}, and {more} more") } else { shown }
            };
            let told = clusters.iter().map(|(ids, members)| {
                let ids: Vec<String> = ids.iter().map(|id| format!("{id:x}")).collect();
                let whose =
                    if ids.is_empty() { "of none that shows".to_owned() } else { format!("cluster {}", ids.join(" or ")) };
                format!("  {whose}: {}\n", of(members))
            });
            let hint = match parts.iter().any(|part| part.archive.is_some()) {
                true => {
                    "give those of one cluster in one call, or all of them with --each; \
                     what lies in an archive has to be taken out of it first"
                }
                false => "give those of one cluster in one call, or all of them with --each",
            };
            return Err(OpenError::Clusters { clusters: told.collect(), hint });
        }
        let Some((one, others)) = all.split_first() else { return Ok(true) };
        Ok(others.iter().all(|other| one.is_same(other)))
    }

    /// Whose bundle they are together, and the form, where it is one of another project.
    pub(super) fn form(&self) -> (Layout, Option<&'static Form>) {
        let entries = self.all.iter().flat_map(|part| &part.contents.entries);
        let is_lone = self.all.iter().all(|part| part.contents.lone);
        form_of_all(entries.map(|entry| (entry.source.path(), &entry.content)), is_lone)
    }

    /// All entries, each with the path by which it is told whose it is: with a number in front, where there are several parts. What an archive
    /// is called tells nothing, within an input as for an input, but where a form calls it after a node.
    pub(super) fn entries(&self) -> Vec<(String, &Entry<Text>)> {
        self.places()
            .into_iter()
            .zip(&self.all)
            .flat_map(|(places, part)| places.into_iter().zip(&part.contents.entries))
            .collect()
    }

    /// Those paths, of one part after the other.
    fn places(&self) -> Vec<Vec<String>> {
        let below = |at: usize, part: &Part| match &part.node {
            _ if self.all.len() < 2 => String::new(),
            Some(node) => format!("{}/nodes/{node}/", at + 1),
            None => format!("{}/", at + 1),
        };
        let place = |(at, part): (usize, &Part)| {
            let below = below(at, part);
            part.contents.entries.iter().map(|entry| format!("{below}{}", entry.source.path())).collect()
        };
        self.all.iter().enumerate().map(place).collect()
    }

    /// Gives all entries and notes the paths by which they are cited: the number of the input, where there are several, and the way to the
    /// archive. Then gives what was read, as [`Parts::entries`] does, and what was not: input after input, the archives in each by their paths.
    pub(super) fn cited(self) -> (Vec<(String, Entry<Text>)>, Vec<Unread>) {
        let numbers = self.numbers();
        let number = |given: usize| numbers.get(given).copied().flatten();
        let folder = |given: usize| number(given).map(|n| format!("{n}/")).unwrap_or_default();
        let places = self.places();
        let mut parts: Vec<(Part, Vec<String>)> = self.all.into_iter().zip(places).collect();
        parts.sort_by(|(a, _), (b, _)| (number(a.given), &a.archive).cmp(&(number(b.given), &b.archive)));
        let (mut entries, mut unread) = (Vec::new(), Vec::new());
        for (given, notes) in self.unread {
            let below = |note: Unread| Unread { path: format!("{}{}", folder(given), note.path.raw()).into(), ..note };
            unread.extend(notes.into_iter().map(|note| (number(given), below(note))));
        }
        for (Part { mut contents, given, archive, .. }, places) in parts {
            let folder = folder(given) + archive.as_deref().unwrap_or_default();
            match archive {
                Some(_) => contents.place_within(&folder),
                None => contents.place_below(&folder),
            }
            unread.extend(contents.unread.into_iter().map(|note| (number(given), note)));
            entries.extend(places.into_iter().zip(contents.entries));
        }
        unread.sort_by_key(|(number, _)| *number);
        (entries, unread.into_iter().map(|(_, note)| note).collect())
    }

    /// A row for each archive within an input.
    pub(super) fn archives(&self) -> Vec<ArchiveRow> {
        let numbers = self.numbers();
        let row = |part: &Part| {
            let archive = part.archive.as_ref()?;
            let number = numbers.get(part.given).copied().flatten();
            let (layout, form) = part.form();
            let entries = part.contents.entries.iter().map(|entry| (entry.source.path(), &entry.content));
            let writer = form.and_then(|form| reports::version(form, entries));
            let path = number.map(|n| format!("{n}/")).unwrap_or_default() + archive;
            Some((number, ArchiveRow { path: path.into(), layout, writer, entries: part.contents.entries.len() }))
        };
        let mut rows: Vec<_> = self.all.iter().filter_map(row).collect();
        rows.sort_by(|(a, one), (b, other)| (a, &one.path).cmp(&(b, &other.path)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The number of each input, where there are several: in the order of what they hold.
    fn numbers(&self) -> Vec<Option<usize>> {
        if let Some(numbers) = &self.numbered {
            return numbers.clone();
        }
        let holds = |given: usize| {
            let parts = self.all.iter().filter(move |part| part.given == given);
            let digest = Digest::of_inputs(parts.clone().map(|part| &part.contents.digest));
            (digest, parts.map(|part| part.archive.as_deref()).collect::<Vec<_>>(), given)
        };
        let mut order: Vec<_> = (0..self.inputs).map(holds).collect();
        order.sort();
        let mut numbers = vec![None; self.inputs];
        if self.inputs > 1 {
            for ((_, _, given), n) in order.iter().zip(1..) {
                if let Some(number) = numbers.get_mut(*given) {
                    *number = Some(n);
                }
            }
        }
        numbers
    }
}

/// The node after which an archive is called, by the form of the bundle in which it lies: the input, or another archive on the way.
fn node_of<'p>(part: &'p Part, layouts: &BTreeMap<(usize, Option<&str>), Layout>) -> Option<&'p str> {
    let archive = part.archive.as_deref()?;
    let around = archive.match_indices('/').filter_map(|(at, _)| Some((Some(archive.get(..at)?), archive.get(at + 1..)?)));
    std::iter::once((None, archive))
        .chain(around)
        .find_map(|(around, way)| node_of_archive(*layouts.get(&(part.given, around))?, way))
}

/// Whose bundle these texts are, with their paths, and the form, where it is one of another project.
fn form_of_all<'a>(texts: impl Iterator<Item = (&'a str, &'a Text)> + Clone, is_lone: bool) -> (Layout, Option<&'static Form>) {
    let is_bundle = texts.clone().any(|(_, text)| text.extract.planned.is_some());
    let is_report = texts.clone().any(|(_, text)| text.extract.is_etcd_diagnosis);
    // Our own bundle is no other project's, whatever paths it has.
    let form = if is_bundle { None } else { form_of(texts.clone().map(|(path, _)| path)) };
    let form = form.or_else(|| Form::of(Layout::EtcdDiagnosis).filter(|_| is_report));
    let layout = Layout::of(is_bundle, form.map(|form| form.layout), is_lone, texts.map(|(_, text)| text.prompts).sum());
    (layout, form.filter(|form| form.layout == layout))
}

impl Part {
    /// Whose bundle it is, and the form, where it is one of another project.
    fn form(&self) -> (Layout, Option<&'static Form>) {
        form_of_all(self.contents.entries.iter().map(|entry| (entry.source.path(), &entry.content)), false)
    }

    /// As it was given, for messages.
    fn name(&self, inputs: &[Input]) -> String {
        let input = inputs.get(self.given).map(Input::name).unwrap_or_default();
        match &self.archive {
            Some(archive) => format!("{input}/{}", escape(archive)),
            None => input,
        }
    }

    /// An error about a path in it.
    fn named(&self, error: OpenError) -> OpenError {
        match (error, &self.archive) {
            (OpenError::Format { path, why }, Some(archive)) => {
                OpenError::Format { path: format!("{}/{path}", escape(archive)), why }
            }
            (error, _) => error,
        }
    }
}
