//! Several texts, parted by a byte that no text has, to a diagnosis in each format.

#![no_main]

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    render,
    words::EN,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let texts = bytes.split(|b| *b == 0xff).take(5).enumerate();
    let files = texts.map(|(n, text)| (format!("nodes/{n}/etcd.log"), text.to_vec())).collect();
    let Ok(diagnosis) = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN) else { return };
    let mut json = Vec::new();
    render::json::write(&diagnosis, &mut json).unwrap();
    render::text::write_all(&diagnosis, &EN, 80, &mut Vec::new()).unwrap();
    render::html::write(&diagnosis, &EN, &mut Vec::new()).unwrap();
    render::markdown::write(&diagnosis, &EN, &mut Vec::new()).unwrap();
    let json = String::from_utf8(json).expect("JSON is UTF-8");
    assert!(!json.chars().any(|c| c.is_control() && c != '\n'), "control characters reach an output");
});
