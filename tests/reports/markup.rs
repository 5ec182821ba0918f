//! Reads the reports as strictly as it can be: HTML in which every tag is well-formed and closed, Markdown whose fences end where they should.

/// An element, where it begins.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// Its attributes, values as written.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Node {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// Elements that have no end.
const VOID: [&str; 4] = ["meta", "link", "br", "wbr"];

/// All elements of a page in their order.
///
/// # Errors
/// What is not well-formed: a sign of mark-up among the words, an attribute without quotation marks, an element that is not closed.
pub(crate) fn parsed(page: &str) -> Result<Vec<Node>, String> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    let (mut nodes, mut open): (Vec<Node>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        is_text(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("a tag without an end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop();
            if last.as_deref() != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
            continue;
        }
        let is_closed = tag.ends_with('/');
        let node = element(tag.strip_suffix('/').unwrap_or(tag))?;
        if node.name == "style" {
            rest = rest.split_once("</style>").ok_or("a style without an end")?.1;
        } else if !is_closed && !VOID.contains(&node.name.as_str()) {
            open.push(node.name.clone());
        }
        nodes.push(node);
    }
    is_text(rest)?;
    if open.is_empty() { Ok(nodes) } else { Err(format!("not closed: {open:?}")) }
}

fn is_text(text: &str) -> Result<(), String> {
    let shown = |text: &str| text.chars().take(80).collect::<String>();
    if text.contains(['>', '"', '\'']) {
        return Err(format!("a sign of mark-up among words: {}", shown(text)));
    }
    for piece in text.split('&').skip(1) {
        if !["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| piece.starts_with(entity)) {
            return Err(format!("an & that is no entity: {}", shown(piece)));
        }
    }
    Ok(())
}

fn element(tag: &str) -> Result<Node, String> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b':');
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    if !is_name(name) {
        return Err(format!("<{tag}> has no name"));
    }
    let mut attributes = Vec::new();
    rest = rest.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("<{tag}> has an attribute without a value"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("<{tag}> has a value without an end"))?;
        if !is_name(name) || !(after.is_empty() || after.starts_with(' ')) || value.contains('<') {
            return Err(format!("<{tag}> has an odd attribute"));
        }
        attributes.push((name.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    Ok(Node { name: name.to_owned(), attributes })
}

/// What a reader reads, a line for each block; the style and the head are nothing to read.
pub(crate) fn read(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let (mut out, mut rest) = (String::new(), body);
    while let Some((text, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        out.push_str(text);
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        out.push_str(match name {
            "td" | "th" | "dt" | "summary" => "  ",
            "code" | "span" | "wbr" | "strong" | "b" | "em" | "a" => "",
            _ => "\n",
        });
        rest = after;
    }
    out.push_str(rest);
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let out = plain.iter().fold(out, |out, (entity, c)| out.replace(entity, c));
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The lines of a Markdown text that stand in no fenced block.
///
/// # Errors
/// A block that does not end, or that ends with another fence than it began with.
pub(crate) fn without_fences(text: &str) -> Result<Vec<&str>, String> {
    let (mut out, mut open): (Vec<&str>, Option<&str>) = (Vec::new(), None);
    for line in text.lines() {
        let ticks = line.trim_start();
        let fence = &ticks[..ticks.bytes().take_while(|b| *b == b'`').count()];
        match open {
            Some(began) if fence.len() >= began.len() => {
                if ticks != began {
                    return Err(format!("words behind the end of a block: {ticks}"));
                }
                open = None;
            }
            Some(_) => {}
            None if fence.len() >= 3 => open = Some(fence),
            None => out.push(line),
        }
    }
    if open.is_some() { Err("a block does not end".to_owned()) } else { Ok(out) }
}

/// A line without its marks, its escaped characters and its spans of code: what is left of mark-up has an effect.
pub(crate) fn without_escapes_and_code(line: &str) -> String {
    let line = line.trim_start_matches("## ").trim_start_matches("### ").trim_start_matches("- ");
    let (mut out, mut chars, mut is_code) = (String::new(), line.chars(), false);
    while let Some(c) = chars.next() {
        match c {
            '\\' if !is_code => drop(chars.next()),
            '`' => is_code = !is_code,
            c if !is_code => out.push(c),
            _ => {}
        }
    }
    out
}
