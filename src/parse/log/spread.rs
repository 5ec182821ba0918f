//! What gRPC of some releases prints over several lines: the address that it could not connect to, as indented JSON in the middle of a
//! sentence, and only then the reason. Met in logs of API servers of 2023; those of Kubernetes 1.23 have the address on the same line.

/// How the first line ends.
const OPENS: &str = "failed to connect to {";
/// What closes the address, and the reason follows.
const CLOSES: &str = "}. Err: ";
/// The field with the address.
const ADDRESS: &str = "\"Addr\": \"";
/// Most lines of an address: it has six fields, one of which may hold some of its own.
const MOST_LINES: usize = 16;

/// A sentence whose end has not been seen.
#[derive(Debug, Default)]
pub struct Spread {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    begin: String,
    address: String,
    lines: usize,
}

/// What a line is to a sentence that is spread over lines.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing.
    None,
    /// One of its lines, not the last.
    Piece,
    /// Its last line: the whole sentence on one line, behind the header of the first.
    Whole(String),
}

impl Spread {
    /// Whether nothing is open.
    pub fn is_idle(&self) -> bool {
        self.open.is_none()
    }

    /// Takes a line, with its own header or without one.
    pub fn line(&mut self, text: &str) -> Part {
        if text.ends_with(OPENS) {
            self.open = Some(Open { begin: text.to_owned(), address: String::new(), lines: 0 });
            return Part::Piece;
        }
        let Some(open) = &mut self.open else { return Part::None };
        open.lines += 1;
        if let Some((_, reason)) = text.split_once(CLOSES) {
            let whole = format!("{}{}{CLOSES}{reason}", open.begin, open.address);
            self.open = None;
            return Part::Whole(whole);
        }
        if let Some((address, _)) = text.split_once(ADDRESS).and_then(|(_, behind)| behind.split_once('"')) {
            open.address = address.to_owned();
        }
        if open.lines >= MOST_LINES || !is_field(text) {
            self.open = None;
            return Part::None;
        }
        Part::Piece
    }
}

/// `  "Type": 0,`, behind whatever header.
fn is_field(text: &str) -> bool {
    let text = text.trim_end();
    text.contains("\": ")
        && (text.ends_with(',') || text.ends_with(['{', '}', '"', 'l']) || text.ends_with(|c: char| c.is_ascii_digit()))
        || matches!(text.trim(), "}" | "},")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "W1202 06:35:01.425823       1 logging.go:59] [core] grpc: addrConn.createTransport ";

    #[test]
    fn an_address_over_several_lines_becomes_one_sentence() {
        let mut spread = Spread::default();
        let first = format!("{HEADER}{OPENS}");
        for line in [
            &*first,
            "  \"Addr\": \"127.0.0.1:2379\",",
            "  \"Attributes\": {",
            "    \"<%!p(k)>\": \"x\"",
            "  },",
            "  \"Metadata\": null",
        ] {
            assert_eq!(spread.line(line), Part::Piece, "{line}");
        }
        let whole = format!("{HEADER}failed to connect to {{127.0.0.1:2379}}. Err: connection error: desc = \"x\"");
        assert_eq!(spread.line("}. Err: connection error: desc = \"x\""), Part::Whole(whole));
        assert_eq!(spread.line("}. Err: connection error: desc = \"x\""), Part::None);
    }

    #[test]
    fn another_line_in_between_ends_it_and_is_read_for_itself() {
        let mut spread = Spread::default();
        spread.line(&format!("{HEADER}{OPENS}"));
        assert_eq!(spread.line("I1202 06:35:02.000000       1 serving.go:1] all is well"), Part::None);
        assert_eq!(spread.line("  \"Addr\": \"127.0.0.1:2379\","), Part::None);
    }
}
