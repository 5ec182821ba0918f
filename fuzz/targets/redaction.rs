//! Lines that leave a site: taken out of them, masked, and put back.

#![no_main]

use etcd_triage::redact::{Hide, Masks, Redactor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut redactor = Redactor::new(b"salt");
    redactor.begin();
    let kept: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(|line| redactor.line(line).into_owned()).collect();
    let mut masks = Masks::new([Hide::Addresses, Hide::Hosts, Hide::Names]);
    kept.iter().for_each(|line| masks.learn(line));
    masks.settle();
    for line in &kept {
        let masked = masks.mask(line, &mut Default::default()).into_owned();
        let _ = masks.unmask(&masked);
    }
});
