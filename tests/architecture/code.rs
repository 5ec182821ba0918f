//! Which room names which: the `crate::` paths of Rust code, read without a compiler.

/// One name from one room to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    /// The room.
    pub(crate) from: String,
    /// What it names, below `crate`.
    pub(crate) path: Vec<String>,
    /// Where: `path:line`.
    pub(crate) place: String,
    /// Whether only tests name it.
    pub(crate) in_tests: bool,
}

/// The top-level module that a file belongs to; none for `src/lib.rs` and `src/main.rs`.
pub(crate) fn room_of(path: &str) -> Option<String> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&room) && !inside.starts_with("bin/")).then(|| room.to_owned())
}

/// All arrows of a file.
pub(crate) fn arrows(path: &str, text: &str) -> Vec<Arrow> {
    let Some(from) = room_of(path) else { return Vec::new() };
    let tokens = tokens(text);
    let inner = inline_modules(&tokens);
    let is_test_file = path.ends_with("/tests.rs") || path.contains("/tests/");
    // In the file of the room itself `super` is the crate.
    let is_root = path == format!("src/{from}.rs") || path == format!("src/{from}/mod.rs");
    let mut out = Vec::new();
    for at in 0..tokens.len() {
        let within = || inner.iter().filter(|m| m.from <= at && at < m.to);
        let in_crate = is(&tokens, at, "crate") || (is_root && is(&tokens, at, "super") && within().next().is_none());
        if !in_crate || !is_joined(&tokens, at) {
            continue;
        }
        let in_tests = is_test_file || within().any(|m| m.is_test);
        for (line, path_below) in tree(&tokens, at + 3) {
            if path_below.first() != Some(&from) {
                out.push(Arrow { from: from.clone(), path: path_below, place: format!("{path}:{line}"), in_tests });
            }
        }
    }
    out
}

/// What a file names below `root`, with the line: `line, a::b`.
pub(crate) fn paths_below(root: &str, text: &str) -> Vec<(usize, String)> {
    let tokens = tokens(text);
    let starts = (0..tokens.len()).filter(|at| is(&tokens, *at, root) && is_joined(&tokens, *at));
    starts.flat_map(|at| tree(&tokens, at + 3)).map(|(line, path)| (line, path.join("::"))).collect()
}

/// A name or a sign, with its line.
struct Token<'a> {
    text: &'a str,
    line: usize,
}

fn is(tokens: &[Token<'_>], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

/// Whether `::` follows.
fn is_joined(tokens: &[Token<'_>], at: usize) -> bool {
    is(tokens, at + 1, ":") && is(tokens, at + 2, ":")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// All paths of a `use` tree, or the one path of an expression.
fn tree(tokens: &[Token<'_>], at: usize) -> Vec<(usize, Vec<String>)> {
    let mut out = Vec::new();
    branch(tokens, at, &[], &mut out);
    out
}

/// Reads one branch; gives the place behind it.
fn branch(tokens: &[Token<'_>], mut at: usize, before: &[String], out: &mut Vec<(usize, Vec<String>)>) -> usize {
    let mut path = before.to_vec();
    loop {
        let Some(token) = tokens.get(at) else { return at };
        if token.text == "{" {
            at += 1;
            while at < tokens.len() && !is(tokens, at, "}") {
                let next = branch(tokens, at, &path, out);
                at = if is(tokens, next, ",") || next == at { next + 1 } else { next };
            }
            return at + 1;
        }
        if !is_name(token.text) && token.text != "*" {
            return at;
        }
        path.push(token.text.to_owned());
        if is_joined(tokens, at) && tokens.get(at + 3).is_some_and(|t| is_name(t.text) || ["{", "*"].contains(&t.text)) {
            at += 3;
            continue;
        }
        out.push((token.line, path));
        at += 1;
        return if is(tokens, at, "as") { at + 2 } else { at };
    }
}

/// A module within a file: `mod name { … }`.
struct Inline {
    from: usize,
    to: usize,
    is_test: bool,
}

fn inline_modules(tokens: &[Token<'_>]) -> Vec<Inline> {
    let starts = (0..tokens.len()).filter(|at| is(tokens, *at, "mod") && is(tokens, at + 2, "{"));
    let is_test = |at: usize| {
        let start = at.saturating_sub(7);
        let before: String = tokens.get(start..at).unwrap_or_default().iter().map(|token| token.text).collect();
        before == "#[cfg(test)]"
    };
    starts.map(|at| Inline { from: at, to: closing(tokens, at + 2), is_test: is_test(at) }).collect()
}

/// The place of the brace that closes the one at `at`.
fn closing(tokens: &[Token<'_>], at: usize) -> usize {
    let mut open = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at) {
        match token.text {
            "{" => open += 1,
            "}" if open <= 1 => return place,
            "}" => open -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Names and signs of Rust code; without comments, strings, characters and numbers.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut out, mut rest, mut line) = (Vec::new(), code, 1);
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| string(rest)).or_else(|| character(rest));
        let length = skipped.unwrap_or_else(|| match c {
            c if c.is_alphanumeric() || c == '_' => run(rest),
            c => c.len_utf8(),
        });
        let (text, behind) = rest.split_at(length.min(rest.len()));
        if skipped.is_none() && !c.is_whitespace() && !c.is_numeric() {
            out.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = behind;
    }
    out
}

/// Length of a name or a number.
fn run(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// Length of the comment that begins here. Block comments nest.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut open, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            (open, at) = (open + 1, at + 2);
        } else if rest.starts_with("*/") {
            (open, at) = (open - 1, at + 2);
            if open == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(text.len())
}

/// Length of the string that begins here, with its prefix: `"…"`, `b"…"`, `r#"…"#`.
fn string(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !"brc".contains(c)).filter(|n| *n <= 2)?;
    let behind = text.get(prefix..)?;
    let is_raw = text.get(..prefix)?.contains('r');
    let hashes = if is_raw { behind.find(|c| c != '#')? } else { 0 };
    let inside = behind.get(hashes..)?.strip_prefix('"')?;
    let start = prefix + hashes + 1;
    if is_raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(inside.find(&end).map_or(text.len(), |at| start + at + end.len()));
    }
    Some(end_of_quoted(inside, '"').map_or(text.len(), |at| start + at))
}

/// Length of the character that begins here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let mut chars = inside.chars();
    let (first, second) = (chars.next()?, chars.next()?);
    (first == '\\' || second == '\'').then(|| end_of_quoted(inside, '\'').map_or(text.len(), |at| at + 1))
}

/// The place behind the closing quote, backslashes observed.
fn end_of_quoted(inside: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}
