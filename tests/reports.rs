//! The HTML and Markdown reports: what a reader finds in them, and that hostile words in any field of a diagnosis do no harm.

#[path = "reports/hostile.rs"]
mod hostile;
#[path = "reports/markup.rs"]
mod markup;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::Diagnosis,
    render,
    rules::RULES,
    words::EN,
};

use markup::{Node, parsed, read, without_fences};

fn fixture(name: &str) -> Diagnosis {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    analyze::analyze(&[Input::Path(at)], &Limits::default(), &EN).expect("the fixture is there")
}

fn html(diagnosis: &Diagnosis) -> String {
    let mut out = Vec::new();
    render::html::write(diagnosis, &EN, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("a report is UTF-8")
}

fn markdown(diagnosis: &Diagnosis) -> String {
    let mut out = Vec::new();
    render::markdown::write(diagnosis, &EN, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// What the page says to a reader, a line for each element, without what changes with a release.
fn as_read(diagnosis: &Diagnosis) -> String {
    read(&html(diagnosis)).replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn the_page_begins_with_the_verdict_and_the_first_thing_to_check() {
    let page = as_read(&fixture("cloudos-wal-not-found"));
    let (verdict, rest) = page.split_once("Contents").or(page.split_once("What speaks for health")).expect("there are sections");
    for sentence in [
        "The cluster is all right: all 3 members answered healthy.",
        "none: the cluster's clients are not hurt.",
        "cloudos18803 once did not find its write-ahead log when it started (Aug 28 09:36:01)",
        "Find out why etcd was started at that minute",
    ] {
        assert!(verdict.contains(sentence), "{sentence:?} does not stand in the verdict:\n{verdict}");
    }
    assert!(rest.contains("Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found"));
}

#[test]
fn the_ticket_says_the_same_in_few_lines() {
    let ticket = markdown(&fixture("cloudos-wal-not-found"));
    assert!(ticket.starts_with("## The cluster is all right: all 3 members answered healthy."), "{ticket}");
    assert!(ticket.lines().count() <= 60, "a ticket is short:\n{ticket}");
    assert!(ticket.contains(
        "```text\ninput:5  Aug 28 09:36:01\nAug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found\n```"
    ));
}

#[test]
fn reports_read_as_they_were_read_before() {
    for name in ["cloudos-wal-not-found", "lab-slow-disk-3.5.16", "lab-snap-corrupt-3.5.1"] {
        let diagnosis = fixture(name);
        insta::assert_snapshot!(format!("{name}.html"), as_read(&diagnosis));
        insta::assert_snapshot!(format!("{name}.md"), markdown(&diagnosis));
    }
}

#[test]
fn the_diagnosis_has_whole_histograms_round_trips_sizes_and_one_axis() {
    let diagnosis = fixture("lab-load-3.5.30");
    for measurement in &diagnosis.measurements {
        let counts: Vec<u64> = measurement.buckets.iter().map(|bucket| bucket.n).collect();
        assert!(counts.len() > 10 && counts.is_sorted() && counts.last() <= Some(&measurement.count), "{measurement:?}");
    }
    assert_eq!(diagnosis.round_trips.len(), 6, "each of three members measures two");
    assert!(diagnosis.members.iter().all(|row| row.db_in_use_bytes <= row.db_bytes && row.db_quota_bytes == Some(2_147_483_648)));
    let places: Vec<u64> = diagnosis.timeline.iter().filter_map(|event| event.elapsed_us).collect();
    assert!(places.len() == diagnosis.timeline.len() && places.is_sorted() && places.first() == Some(&0), "{places:?}");
}

#[test]
fn each_picture_has_its_numbers_as_text() {
    let page = as_read(&fixture("lab-slow-disk-3.5.16"));
    for words in [
        "Timeline, a lane for each of etcd-a, etcd-b, etcd-c",
        "Syncs of the write-ahead log of etcd-a",
        "p99 256–512 ms",
        "beyond 10 ms",
        "Round trips between members",
        "Database of etcd-a: 565.2 kB on disk, 565.2 kB in use; quota 2.1 GB",
    ] {
        assert!(page.contains(words), "{words:?} is not on the page:\n{page}");
    }
}

#[test]
fn a_page_is_whole_and_asks_for_nothing() {
    for name in ["cloudos-wal-not-found", "lab-quorum-lost-3.5.1", "lab-quota-3.5.16"] {
        let page = html(&fixture(name));
        let nodes = parsed(&page).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(nodes.iter().all(|node| node.name != "script" && node.name != "img" && node.name != "iframe"), "{name}");
        no_way_out(&nodes);
        let mut level = 0;
        for node in &nodes {
            let Some(heading) = node.name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) else { continue };
            assert!(heading <= level + 1, "{name}: a heading of level {heading} below one of level {level}");
            level = heading;
        }
        let ids: Vec<&str> = nodes.iter().filter_map(|node| node.attribute("id")).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{name}: an id stands twice: {ids:?}");
        for node in &nodes {
            let named = node.attribute("aria-labelledby").unwrap_or("").split_whitespace();
            let linked = node.attribute("href").and_then(|href| href.strip_prefix('#')).into_iter();
            named.chain(linked).for_each(|id| assert!(ids.contains(&id), "{name}: nothing has the id {id}"));
        }
    }
}

#[test]
fn every_case_of_every_rule_gives_a_whole_page_with_coordinates_that_are_numbers() {
    for (file, case) in RULES.iter().flat_map(|entry| entry.page().cases.iter().map(move |case| (entry.file, case))) {
        let entries = case.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
        let diagnosis = analyze::analyze(&[Input::Memory(entries)], &Limits::default(), &EN).expect("memory can be read");
        let of = format!("src/rules/{file}.md, {}", case.title);
        let nodes = parsed(&html(&diagnosis)).unwrap_or_else(|wrong| panic!("{of}: {wrong}"));
        for (name, value) in nodes.iter().flat_map(|node| &node.attributes) {
            let is_coordinate = ["x", "y", "x1", "x2", "y1", "y2", "width", "height", "r"].contains(&name.as_str());
            let number = value.trim_end_matches('%').parse::<f64>();
            assert!(!is_coordinate || number.is_ok_and(|n| n.is_finite() && n.abs() < 5000.0), "{of}: {name} is {value}");
        }
        without_fences(&markdown(&diagnosis)).unwrap_or_else(|wrong| panic!("{of}: {wrong}"));
    }
}

/// Links lead into the page, and nothing but the empty picture of the icon is loaded.
fn no_way_out(nodes: &[Node]) {
    for node in nodes {
        for (name, value) in &node.attributes {
            let is_address = ["href", "src", "srcset", "action", "data", "style", "xlink:href"].contains(&name.as_str());
            assert!(!name.starts_with("on"), "{node:?}");
            assert!(!is_address || value.starts_with('#') || value == "data:,", "{node:?}");
        }
    }
}

#[test]
fn hostile_words_in_every_field_are_harmless_on_a_page() {
    let diagnosis = hostile::everywhere(fixture("lab-snap-corrupt-3.5.1"));
    let page = html(&diagnosis);
    assert!(page.len() < 4_000_000, "a page of {} bytes", page.len());
    assert!(!page.chars().any(|c| c != '\n' && etcd_triage::text::is_hostile(c)), "a hostile character is on the page");
    let nodes = parsed(&page).unwrap_or_else(|wrong| panic!("hostile words broke the markup: {wrong}"));
    assert!(nodes.iter().all(|node| !["script", "img", "b-evil"].contains(&node.name.as_str())));
    no_way_out(&nodes);
    let plain = parsed(&html(&fixture("lab-snap-corrupt-3.5.1"))).expect("the page without hostile words is whole");
    let kinds = |nodes: &[Node]| nodes.iter().map(|node| node.name.clone()).collect::<std::collections::BTreeSet<_>>();
    assert!(kinds(&nodes).is_subset(&kinds(&plain)), "hostile words made an element that no report has");
    assert!(
        page.contains("&lt;script&gt;") && page.contains("\\u{1b}[31m") && page.contains("\\u{202e}"),
        "and they can be seen"
    );
}

#[test]
fn hostile_words_in_every_field_are_harmless_in_a_ticket() {
    let diagnosis = hostile::everywhere(fixture("lab-snap-corrupt-3.5.1"));
    let ticket = markdown(&diagnosis);
    assert!(ticket.len() < 200_000, "a ticket of {} bytes", ticket.len());
    assert!(!ticket.chars().any(|c| c != '\n' && etcd_triage::text::is_hostile(c)), "a hostile character is in the ticket");
    let outside = without_fences(&ticket).unwrap_or_else(|wrong| panic!("hostile words broke a fence: {wrong}"));
    let blocks = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("```")).count();
    // The one more is the command of the open question that hostile::everywhere adds.
    let expected = blocks(&markdown(&fixture("lab-snap-corrupt-3.5.1"))) + 2;
    assert_eq!(blocks(&ticket), expected, "there are other blocks than without hostile words");
    for line in &outside {
        let bare = markup::without_escapes_and_code(line);
        assert!(!bare.contains(['<', '>', '|', '[', ']', '`', '_', '~', '&', '$', '!']), "mark-up of a hostile word: {line}");
        assert!(!bare.replace("**", "").contains('*'), "mark-up of a hostile word: {line}");
        assert!(!bare.contains("http:") && !bare.contains("https:"), "a hostile address would be a link: {line}");
        assert!(!bare.trim_start_matches('#').contains('#'), "mark-up of a hostile word: {line}");
    }
    assert!(ticket.contains("\\<script\\>") && ticket.contains("\\\\u{1b}"), "and they can be seen");
}
