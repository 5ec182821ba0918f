//! Whatever is cut off or altered, the answer is a diagnosis: no panic, no hang, no line that was not read.

use std::sync::LazyLock;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    render,
    rules::RULES,
    words::EN,
};
use proptest::prelude::*;

/// All evidence of the pages' cases, and the first customer's paste: every parser's food.
static FOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let cases = RULES.iter().flat_map(|entry| &entry.page().cases).flat_map(|case| &case.files);
    let paste = include_bytes!("../fixtures/cloudos-wal-not-found/input.txt").to_vec();
    cases.map(|(_, text)| text.clone().into_bytes()).chain([paste]).collect()
});

fn survives(files: Vec<(String, Vec<u8>)>) {
    let texts: Vec<String> = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read");
    let mut text = Vec::new();
    render::text::write(&diagnosis, &EN, 80, &mut text).expect("memory takes all");
    let mut json = Vec::new();
    render::json::write(&diagnosis, &mut json).expect("memory takes all");
    render::html::write(&diagnosis, &EN, &mut Vec::new()).expect("memory takes all");
    render::markdown::write(&diagnosis, &EN, &mut Vec::new()).expect("memory takes all");
    for evidence in diagnosis.findings.iter().flat_map(|f| &f.evidence) {
        let place = evidence.quote.citation();
        let lines = texts.iter().filter_map(|text| text.lines().nth(usize::try_from(place.line() - 1).unwrap_or(usize::MAX)));
        let excerpt = evidence.quote.excerpt().raw().trim_end_matches('…').to_owned();
        assert!(
            lines.into_iter().any(|line| line.contains(&excerpt)),
            "{}:{} does not say {excerpt:?}",
            place.path(),
            place.line()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_anywhere(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let food = which.get(&FOOD);
        survives(vec![("nodes/a/file.txt".into(), food[..at.index(food.len().max(1)).min(food.len())].to_vec())]);
    }

    #[test]
    fn any_bytes_altered(which in any::<prop::sample::Index>(), at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut food = which.get(&FOOD).clone();
        for (at, byte) in at {
            let at = at.index(food.len());
            food[at] = byte;
        }
        survives(vec![("nodes/a/file.txt".into(), food)]);
    }

    #[test]
    fn lines_of_two_texts_mixed(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), take in any::<u64>()) {
        let (a, b) = (a.get(&FOOD), b.get(&FOOD));
        let lines = a.split(|c| *c == b'\n').zip(b.split(|c| *c == b'\n')).enumerate();
        let mixed: Vec<&[u8]> = lines.map(|(n, (a, b))| if take >> (n % 64) & 1 == 0 { a } else { b }).collect();
        survives(vec![("mixed.txt".into(), mixed.join(&b'\n'))]);
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,400}") {
        survives(vec![("any.txt".into(), text.into_bytes())]);
    }
}
