//! Stack traces of Go: lines that follow a crash and say nothing that the crash does not.

/// Whether the line is a part of a goroutine dump. Each is known by its own shape, so that it is also known in a log that runs backwards.
pub fn is_stack(text: &str) -> bool {
    let line = text.trim();
    if line.starts_with("goroutine ") {
        return line.ends_with("]:");
    }
    ["created by ", "[signal SIG", "[originating from goroutine ", "...additional frames elided..."]
        .iter()
        .any(|start| line.starts_with(start))
        || is_place(line)
        || is_call(line)
        || is_register(line)
}

/// `/go/src/raft/log.go:237 +0x1ff`.
fn is_place(line: &str) -> bool {
    if !line.contains(".go:") {
        return false;
    }
    let (place, offset) = line.split_once(" +0x").unwrap_or((line, "0"));
    let number = place.rsplit_once(".go:").map(|(_, number)| number).unwrap_or_default();
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && !place.contains(' ')
        && offset.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `go.etcd.io/etcd/raft.(*raftLog).commitTo(0xc0001a2070, 0x16d)`.
fn is_call(line: &str) -> bool {
    let Some((name, arguments)) = line.strip_suffix(')').and_then(|line| line.rsplit_once('(')) else { return false };
    let is_argument = |word: &str| word.is_empty() || word == "..." || word.starts_with("0x") || word.starts_with("{0x");
    name.contains('.') && !name.contains(' ') && arguments.split(", ").all(is_argument)
}

/// `rax    0x0`, as Go prints after a signal.
fn is_register(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let value = words.next().unwrap_or_default();
    (2..=6).contains(&name.len())
        && name.starts_with(['r', 'c', 'f', 'g', 'e'])
        && words.next().is_none()
        && value.strip_prefix("0x").is_some_and(|hex| !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_stack;

    #[test]
    fn a_goroutine_dump_is_known_line_by_line() {
        for line in [
            "goroutine 135 [running]:",
            "goroutine 1 [chan receive, 5 minutes]:",
            "github.com/coreos/etcd/raft.(*raftLog).commitTo(0xc4201a2070, 0x16d)",
            "main.main()",
            "runtime.gopanic({0x11bfa40, 0xc0003a4f60})",
            "go.uber.org/zap.(*SugaredLogger).Panicf(...)",
            "\t/go/src/raft/log.go:237 +0x1ff",
            "created by go.etcd.io/etcd/raft.StartNode",
            "[signal SIGBUS: bus error code=0x2 addr=0x7f pc=0xcd9a31]",
            "rax    0x0",
            "rflags 0x10246",
        ] {
            assert!(is_stack(line), "{line}");
        }
    }

    #[test]
    fn other_lines_are_no_stack() {
        for line in [
            "",
            "panic: tocommit(216) is out of range [lastIndex(114)]. Was the raft log corrupted, truncated, or lost?",
            "the call failed (see log.go:12)",
            "member 8211f1d0f64f3269 is healthy: got healthy result from http://10.0.0.1:2379",
            "etcdserver: request timed out (took 7s)",
            "raft.go:12: text",
            "revision 0xzz",
        ] {
            assert!(!is_stack(line), "{line}");
        }
    }
}
