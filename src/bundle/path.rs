//! Paths inside a bundle: relative, with `/`, and stripped of the one folder in which everything lies.

use super::limits::Limits;
use crate::text::escape;

/// Most characters of a path in a sentence about another one.
const SHOWN: usize = 200;

/// A path within a sentence: escaped, and cut where it is very long.
pub(super) fn shown(path: &str) -> String {
    // No longer in characters than in bytes.
    if path.len() <= SHOWN {
        return escape(path).to_string();
    }
    match path.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", escape(path.get(..cut).unwrap_or_default())),
        None => escape(path).to_string(),
    }
}

/// An entry's path as archives and folders give it, made relative and plain, or why it is refused.
pub(super) fn normalise(raw: &[u8], limits: &Limits) -> Result<String, &'static str> {
    if raw.len() > limits.path_bytes {
        return Err("its path is too long");
    }
    if raw.starts_with(b"/") {
        return Err("its path is absolute");
    }
    let mut path = String::with_capacity(raw.len());
    for part in String::from_utf8_lossy(raw).split('/') {
        match part {
            "" | "." => {}
            ".." => return Err("its path leads out of the bundle"),
            part if path.is_empty() => path.push_str(part),
            part => {
                path.push('/');
                path.push_str(part);
            }
        }
    }
    if path.is_empty() { Err("its path is empty") } else { Ok(path) }
}

/// The folder in which everything lies, if there is one and it is not `nodes`, which is a bundle's own.
pub(super) fn common_top<'a>(mut paths: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (top, _) = paths.next()?.split_once('/')?;
    let shared = paths.all(|path| path.split_once('/').is_some_and(|(first, _)| first == top));
    (shared && top != "nodes").then_some(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_bundle_are_refused() {
        let limits = Limits::default();
        assert_eq!(normalise(b"./a//b/./c.txt", &limits).as_deref(), Ok("a/b/c.txt"));
        for bad in [&b"/etc/passwd"[..], b"a/../../b", b"", b"./", b"../x"] {
            assert!(normalise(bad, &limits).is_err(), "{bad:?}");
        }
        assert!(normalise(&[b'a'; 5000], &limits).is_err());
    }

    #[test]
    fn one_folder_around_everything_is_the_top_unless_it_is_nodes() {
        assert_eq!(common_top(["x/a", "x/b/c"].into_iter()), Some("x"));
        assert_eq!(common_top(["nodes/a/1", "nodes/b/2"].into_iter()), None);
        assert_eq!(common_top(["x/a", "b"].into_iter()), None);
        assert_eq!(common_top(["x/a", "xy/b"].into_iter()), None);
    }
}
