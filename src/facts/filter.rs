//! What a command line lets through of what was asked: behind a filter, what does not show may still be there.

/// Programs behind a pipe that let only some lines through. `sort`, `cat`, `tee`, `column` and `jq .` hide nothing.
const FILTERS: &[&str] =
    &["grep", "egrep", "fgrep", "zgrep", "rg", "awk", "gawk", "sed", "head", "tail", "cut", "wc", "findstr", "Select-String"];

/// Whether a part of the answer, or of its errors, may have been kept from the screen.
pub(super) fn hides(command: &str) -> bool {
    let first_of = |part: &str| part.split_whitespace().find(|word| *word != "sudo").map(str::to_owned);
    let is_filtered = command
        .split('|')
        .skip(1)
        .filter_map(first_of)
        .any(|program| program.rsplit('/').next().is_some_and(|name| FILTERS.contains(&name)));
    // `2>&1` shows more, not less. A `>` in a word is somebody's query.
    let is_elsewhere = command.split_whitespace().any(|word| {
        let target = word.trim_start_matches(['1', '2', '&']);
        target.starts_with('>') && target != ">&1" && target != ">&2"
    });
    is_filtered || is_elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_redirections_hide_and_formatters_do_not() {
        for command in [
            "etcdctl alarm list | grep 10.0.0.1",
            "etcdctl member list | sudo head -2",
            "etcdctl cluster-health 2>&1 | /bin/grep unhealthy",
            "etcdctl alarm list 2>/dev/null",
            "etcdctl alarm list > alarms.txt",
        ] {
            assert!(hides(command), "{command}");
        }
        for command in ["etcdctl alarm list", "etcdctl member list -w json | jq .", "etcdctl alarm list 2>&1 | tee -a x | sort"] {
            assert!(!hides(command), "{command}");
        }
    }
}
