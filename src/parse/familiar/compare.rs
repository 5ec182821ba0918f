//! A few bytes that are compared often. libc's way is made for many: it is called, and where it has AVX-512 it takes the bytes by a mask, which some
//! processors do slowly where nothing lies, as behind the pointer of what is empty. That took a quarter of all time.

pub(super) use memchr::arch::all::is_equal;
use memchr::arch::all::is_prefix;

/// What stands behind a beginning.
#[inline]
pub(super) fn behind<'t>(text: &'t [u8], begin: &[u8]) -> Option<&'t [u8]> {
    if is_prefix(text, begin) { text.get(begin.len()..) } else { None }
}
