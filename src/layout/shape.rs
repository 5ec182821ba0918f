//! Shapes of paths, as the tables of layouts are written: `namespaces/{space}/pods/{pod}/etcd/…`.
//!
//! A shape fits where it begins at the start of a path or behind a `/`. `{name}` stands for a part of one folder's or file's name, and
//! `*` for one that nobody asks for; `…` at the end for all that lies below.

/// What the holes of a shape stood for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit<'p> {
    /// Where in the path the shape begins.
    pub(super) at: usize,
    /// `{node}`: a host.
    pub(super) node: Option<&'p str>,
    /// `{space}`: a namespace of Kubernetes.
    pub(super) space: Option<&'p str>,
    /// `{pod}`: a pod.
    pub(super) pod: Option<&'p str>,
}

/// Where a path has this shape, and what its holes stood for; the first place of several.
pub(super) fn fit<'p>(shape: &str, path: &'p str) -> Option<Fit<'p>> {
    let end = shape.rsplit(['}', '*', '…']).next().unwrap_or_default();
    if !path.ends_with(end) {
        return None;
    }
    let starts = path.match_indices('/').map(|(at, _)| at + 1);
    // Most places of most paths do not even begin like the shape.
    let begin = shape.split(['{', '*', '…']).next().unwrap_or_default();
    std::iter::once(0).chain(starts).find_map(|at| {
        let mut fit = Fit { at, ..Fit::default() };
        let mut parts = path.get(at..).filter(|rest| rest.starts_with(begin))?.split('/');
        for wanted in shape.split('/') {
            let part = parts.next()?;
            if wanted == "…" {
                return Some(fit);
            }
            if !part_fits(wanted, part, &mut fit) {
                return None;
            }
        }
        parts.next().is_none().then_some(fit)
    })
}

/// One folder's or file's name.
fn part_fits<'p>(wanted: &str, part: &'p str, fit: &mut Fit<'p>) -> bool {
    let hole = wanted.find(['{', '*']);
    let (fixed, wanted) = wanted.split_at(hole.unwrap_or(wanted.len()));
    let Some(part) = part.strip_prefix(fixed) else { return false };
    let Some((name, behind)) = hole_of(wanted) else { return part.is_empty() };
    // The shortest part that lets the rest fit: in `{space}_{pod}_*` neither a namespace nor a pod has a `_`.
    let ends = part.char_indices().skip(1).map(|(at, _)| at).chain([part.len()]);
    for end in ends {
        let (taken, rest) = part.split_at(end);
        if !taken.is_empty() && part_fits(behind, rest, fit) {
            match name {
                "node" => fit.node = Some(taken),
                "space" => fit.space = Some(taken),
                "pod" => fit.pod = Some(taken),
                _ => {}
            }
            return true;
        }
    }
    false
}

/// The name of the hole with which a shape begins, and what stands behind it.
fn hole_of(wanted: &str) -> Option<(&str, &str)> {
    match wanted.strip_prefix('*') {
        Some(behind) => Some(("", behind)),
        None => wanted.strip_prefix('{')?.split_once('}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_take_a_part_of_one_name_and_dots_all_that_lies_below() {
        let pod = |shape, path| fit(shape, path).map(|fit| (fit.space, fit.pod));
        let of = "top/namespaces/db/pods/etcd-1/etcd/etcd/logs/current.log";
        assert_eq!(pod("namespaces/{space}/pods/{pod}/etcd/…", of), Some((Some("db"), Some("etcd-1"))));
        assert_eq!(
            pod("pods/{space}_{pod}_*/etcd/…", "var/log/pods/db_etcd-1_0f-6b/etcd/0.log"),
            Some((Some("db"), Some("etcd-1")))
        );
        assert_eq!(pod("{space}/{pod}/logs.txt", "a/b/c/logs.txt"), Some((Some("b"), Some("c"))));
        for (shape, path) in [
            ("{space}/{pod}/logs.txt", "c/logs.txt"),
            ("{space}/{pod}/logs.txt", "b/c/logs.txt/x"),
            ("sos_commands/…", "my-sos_commands/x"),
            ("sos_commands/…", "sos_commands"),
            ("a-{node}.log", "a-.log"),
        ] {
            assert_eq!(fit(shape, path), None, "{shape} {path}");
        }
        assert_eq!(fit("sos_commands/…", "2/x/sos_commands/y").map(|fit| fit.at), Some(4));
        assert_eq!(fit("a-{node}-previous", "a-b-c-previous").and_then(|fit| fit.node), Some("b-c"));
    }
}
