//! What each detector must see, and lines of ordinary evidence that it must let pass.

use super::recognise;

#[test]
fn placeholder() {
    assert_eq!(recognise(b"nothing"), None);
}
