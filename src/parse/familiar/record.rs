//! zap's records that have the message and the keys of one that was read before: only the values are new.

use std::borrow::Cow;

use super::{
    super::{
        log::{Level, level_of_word},
        logbook::{COUNTED, sounds_bad, tells_nothing_else},
    },
    date::Dates,
    digits::leading_digits,
    quotes::quote_or_escape,
};
use crate::messages::{
    Hit, Measured, Measures, Message, Says, ToldByMsg, Wording, Wordings,
    compare::{behind, is_equal},
    peer_among, wordings_of_zap,
};

/// Records that are remembered; more kinds take each other's places.
const PLACES: usize = 1024;

/// Most keys of a record that is remembered.
const MOST_KEYS: usize = 64;

/// Keys by which other readers would know a line as theirs, or that are read in another way.
const KEYS_OF_OTHERS: &[&str] = &[
    "__REALTIME_TIMESTAMP",
    "_raw",
    "_source",
    "args",
    "etcdserver",
    "health",
    "jsonPayload",
    "leaderInfo",
    "level",
    "line",
    "log",
    "message",
    "msg",
    "state",
    "textPayload",
    "ts",
];

/// Loggers whose lines are answers to etcdctl, and the message of those that name none.
const CLIENTS: &[&str] = &["\"logger\":\"etcd-client\"", "\"logger\":\"client\"", "\"msg\":\"retrying of unary invoker failed\""];

/// What is remembered of records.
#[derive(Debug, Default)]
pub(super) struct Records {
    places: Vec<Option<Box<Kind>>>,
    /// By the first bytes behind the date, where the last record stands that had them: they name the caller, and most callers say one thing.
    guesses: Vec<usize>,
    /// Where the values of the line at hand stand.
    values: Vec<Value>,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
struct Value {
    from: usize,
    to: usize,
    /// Whether it stands there as it is meant: no sign in it is escaped.
    is_plain: bool,
}

/// Records that differ in their date and in their values alone.
#[derive(Debug)]
struct Kind {
    level_word: Box<[u8]>,
    /// From behind the date to the end of the message: logger, caller, message. Of a trace the number is left out.
    head: Box<[u8]>,
    /// Where the number of a trace stands in it.
    number: Option<usize>,
    /// `,"key":` of each field.
    keys: Vec<Box<[u8]>>,
    /// None where such records are read in full.
    meaning: Option<Meaning>,
}

#[derive(Debug)]
struct Meaning {
    level: Option<Level>,
    is_bad: bool,
    /// The field with the member's own id.
    own_id: Option<usize>,
    /// The field with an error.
    error: Option<usize>,
    wordings: Wordings,
    /// The message, where no field decides it, and the fields that it carries.
    only: Option<Only>,
}

#[derive(Debug)]
struct Only {
    message: &'static Message,
    wording: &'static Wording,
    captures: Vec<(&'static str, usize)>,
    /// What is carried by the message itself, and so by all such records.
    told: Vec<ToldByMsg>,
    /// The field that names a peer.
    peer: Option<usize>,
    /// Which captures are measures.
    measured: Measured,
}

/// A record at hand.
pub(super) struct Record<'r> {
    kind: &'r Kind,
    meaning: &'r Meaning,
    values: &'r [Value],
    pub level: Option<Level>,
    pub is_bad: bool,
}

/// What the catalogue knows of a record.
pub(super) enum Known<'r, 'a> {
    /// Nothing.
    Nothing,
    /// This, which stands in it as it is meant.
    Plain(Told<'r, 'a>),
    /// This.
    Hit(Hit<'a>),
}

/// The message of a record, and its values.
pub(super) struct Told<'r, 'a> {
    only: &'r Only,
    values: &'r [Value],
    opened: &'a str,
}

impl Says for Told<'_, '_> {
    fn message(&self) -> &'static Message {
        self.only.message
    }

    fn captures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields =
            self.only.captures.iter().filter_map(|(capture, at)| Some((*capture, bare(self.values.get(*at)?.of(self.opened)?))));
        fields.chain(self.only.told.iter().map(|(name, text)| (*name, text.as_str())))
    }

    fn measures(&self) -> Measures<'_> {
        self.only.measured.of(|capture| {
            let (_, value) = self.only.captures.get(capture)?;
            self.values.get(*value)?.of(self.opened).map(bare)
        })
    }

    fn peer(&self) -> Option<&str> {
        self.values.get(self.only.peer?)?.of(self.opened).map(bare)
    }

    fn hit(&self) -> Cow<'_, Hit<'_>> {
        let captures = self.captures().map(|(capture, text)| (capture, Cow::Borrowed(text))).collect();
        Cow::Owned(Hit::of(self.only.message, self.only.wording, captures))
    }
}

impl Records {
    /// Reads a record from behind `{"level":"`: where its date stands in it, and what kind it is. None where it is to be read in full.
    pub(super) fn record<'r>(&'r mut self, opened: &str, dates: &mut Dates) -> Option<((usize, usize), Record<'r>)> {
        let opened = opened.as_bytes();
        let level = memchr::memchr(b'"', opened.get(..LONGEST_LEVEL).unwrap_or(opened))?;
        let behind = opened.get(level..)?.strip_prefix(b"\",\"ts\":\"")?;
        let date_from = opened.len() - behind.len();
        let date = dates.meet(behind)?;
        let behind = behind.get(date..)?.strip_prefix(b"\",")?;
        let head_from = opened.len() - behind.len();
        let level_word = opened.get(..level)?;
        if self.places.is_empty() {
            self.places.resize_with(PLACES, || None);
            self.guesses.resize(GUESSES, 0);
        }
        let guess = self.guesses.get_mut(guess_of(behind)?)?;
        let guessed = self.places.get(*guess)?.as_ref();
        let is_guessed = guessed.is_some_and(|kind| kind.is_one(level_word, opened, head_from, &mut self.values));
        if !is_guessed {
            let head = Head::of(behind)?;
            *guess = head.place(level_word);
            let slot = self.places.get_mut(*guess)?;
            if !slot.as_ref().is_some_and(|kind| kind.is_one(level_word, opened, head_from, &mut self.values)) {
                let fields_from = head_from + head.length;
                *slot = Kind::of(level_word, &head, opened, fields_from).map(Box::new);
                if !slot.as_ref()?.values(opened, fields_from, &mut self.values) {
                    return None;
                }
            }
        }
        let kind = self.places.get(*guess)?.as_ref()?;
        let meaning = kind.meaning.as_ref()?;
        let record = Record { kind, meaning, values: &self.values, level: meaning.level, is_bad: meaning.is_bad };
        Some(((date_from, date), record))
    }
}

/// Places for guesses: several times as many as there are callers in a log.
const GUESSES: usize = 256;

/// Where the guess stands for a record, by the end of its caller: `"caller":"etcdserver/util.go:170"`.
fn guess_of(behind: &[u8]) -> Option<usize> {
    const CALLER: usize = 16;
    let place = behind.get(CALLER..)?.first_chunk::<16>()?;
    let number = u128::from_le_bytes(*place);
    let (low, high) = (number & u128::from(u64::MAX), number >> 64);
    // It only spreads them.
    let mixed = (low ^ high.rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
    Some(usize::try_from(mixed % GUESSES as u128).unwrap_or_default())
}

/// `critical`, and the quotation mark behind it.
const LONGEST_LEVEL: usize = 10;

/// Logger, caller and message of a record. Of etcd's traces each has a number of its own in its message, which stands between the two parts.
struct Head<'a> {
    parts: [&'a [u8]; 2],
    length: usize,
}

/// How the message of a trace begins, with a number behind it (3.4 on).
const TRACE: &[u8] = b"trace[";

impl<'a> Head<'a> {
    /// From behind the date. None where other keys stand there, or a sign is escaped.
    fn of(text: &'a [u8]) -> Option<Self> {
        let mut at = 0;
        loop {
            let rest = text.get(at..)?;
            let key = [&b"\"msg\":\""[..], b"\"caller\":\"", b"\"logger\":\""].into_iter().find(|key| rest.starts_with(key))?;
            let value = rest.get(key.len()..)?;
            let end = quote_or_escape(value).filter(|end| value.get(*end) == Some(&b'"'))?;
            if key.starts_with(b"\"msg") {
                let length = at + key.len() + end + 1;
                let trace = value.strip_prefix(TRACE).map_or(0, leading_digits);
                let number = at + key.len() + TRACE.len();
                let cut = if trace > 0 { (number, number + trace) } else { (length, length) };
                return Some(Self { parts: [text.get(..cut.0)?, text.get(cut.1..length)?], length });
            }
            at += key.len() + end + 1;
            text.get(at..)?.strip_prefix(b",")?;
            at += 1;
        }
    }

    /// A place in the table for records with it.
    fn place(&self, level: &[u8]) -> usize {
        // FNV's way, eight bytes at a time: the table is small, and a wrong guess costs only time.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ level.first().copied().map_or(0, u64::from);
        for part in self.parts {
            let (whole, rest) = part.as_chunks::<8>();
            for chunk in whole {
                hash = (hash ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
            }
            for byte in rest {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        usize::try_from((hash ^ (hash >> 32)) % PLACES as u64).unwrap_or_default()
    }
}

impl Kind {
    fn of(level_word: &[u8], head: &Head<'_>, opened: &[u8], from: usize) -> Option<Self> {
        let mut keys: Vec<Box<[u8]>> = Vec::new();
        let mut at = from;
        loop {
            let rest = opened.get(at..)?;
            if rest == b"}" {
                break;
            }
            let name = rest.strip_prefix(b",\"")?;
            let end = memchr::memchr2(b'"', b'\\', name).filter(|end| name.get(*end..*end + 2) == Some(b"\":"))?;
            let key = rest.get(..end + 4)?;
            at += key.len() + value_end(rest.get(key.len()..)?)?.0;
            keys.push(key.into());
            if keys.len() > MOST_KEYS {
                return None;
            }
        }
        let is_trace = head.parts.iter().map(|part| part.len()).sum::<usize>() < head.length;
        let number = head.parts.first().map(|part| part.len()).filter(|_| is_trace);
        let head = head.parts.concat();
        let meaning = Meaning::of(level_word, &head, &keys);
        Some(Self { level_word: level_word.into(), head: head.into(), number, keys, meaning })
    }

    /// Whether a record is one of these; then, where its values stand.
    fn is_one(&self, level_word: &[u8], opened: &[u8], head_from: usize, values: &mut Vec<Value>) -> bool {
        let length = opened.get(head_from..).and_then(|text| self.head_in(text));
        is_equal(&self.level_word, level_word) && length.is_some_and(|length| self.values(opened, head_from + length, values))
    }

    /// How long the head of such a record is in a text that begins with it.
    fn head_in(&self, text: &[u8]) -> Option<usize> {
        let Some(number) = self.number else { return behind(text, &self.head).map(|_| self.head.len()) };
        let (first, second) = self.head.split_at_checked(number)?;
        let rest = behind(text, first)?;
        let digits = leading_digits(rest);
        let is_one = digits > 0 && behind(rest.get(digits..)?, second).is_some();
        is_one.then_some(self.head.len() + digits)
    }

    /// Where the values stand; false where the keys are others.
    fn values(&self, opened: &[u8], from: usize, values: &mut Vec<Value>) -> bool {
        values.clear();
        let Some(mut rest) = opened.get(from..) else { return false };
        for key in &self.keys {
            let Some(value) = behind(rest, key) else { return false };
            let Some((length, is_plain)) = value_end(value) else { return false };
            let at = opened.len() - value.len();
            values.push(Value { from: at, to: at + length, is_plain });
            rest = value.get(length..).unwrap_or_default();
        }
        rest == b"}"
    }
}

impl Meaning {
    fn of(level_word: &[u8], head: &[u8], keys: &[Box<[u8]>]) -> Option<Self> {
        let words = |bytes| std::str::from_utf8(bytes).ok();
        let level = level_of_word(words(level_word)?);
        let head = words(head)?;
        let msg = head.rsplit_once("\"msg\":\"")?.1.strip_suffix('"')?;
        let is_of = |name: &str| keys.iter().position(|key| name_of(key) == name.as_bytes());
        let is_others = KEYS_OF_OTHERS.iter().any(|name| is_of(name).is_some());
        let is_client = CLIENTS.iter().any(|client| head.contains(client));
        // Without a level it is no record of zap's.
        if is_others || is_client || level.is_none() || msg.is_empty() {
            return None;
        }
        let wordings = wordings_of_zap(msg);
        let only = wordings.only().filter(|(.., told)| told.iter().all(|(name, _)| !COUNTED.contains(name)));
        let only = only.map(|(message, wording, told)| {
            // What nobody asks for need not be taken out of its quotation marks.
            let counts = |capture: &str| !tells_nothing_else(message) || COUNTED.contains(&capture);
            let fields = wording.fields.iter().filter(|(capture, _)| counts(capture));
            let captures: Vec<_> = fields.filter_map(|(capture, field)| Some((*capture, is_of(field)?))).collect();
            let names: Vec<&str> = captures.iter().map(|(capture, _)| *capture).collect();
            let peer = peer_among(&names).and_then(|at| captures.get(at)).map(|(_, field)| *field);
            let measured = Measured::among(&names);
            Only { message, wording, captures, told: told.to_vec(), peer, measured }
        });
        Some(Self { level, is_bad: sounds_bad(msg), own_id: is_of("local-member-id"), error: is_of("error"), wordings, only })
    }
}

fn name_of(key: &[u8]) -> &[u8] {
    key.strip_prefix(b",\"").and_then(|key| key.strip_suffix(b"\":")).unwrap_or(key)
}

impl Value {
    fn of<'a>(&self, opened: &'a str) -> Option<&'a str> {
        opened.get(self.from..self.to)
    }

    /// A string without its quotes and escapes, anything else as it stands.
    fn text<'a>(&self, opened: &'a str) -> Option<Cow<'a, str>> {
        let value = self.of(opened)?;
        if !self.is_plain
            && let Ok(text) = serde_json::from_str::<String>(value)
        {
            return Some(Cow::Owned(text));
        }
        Some(Cow::Borrowed(bare(value)))
    }
}

/// A value without its quotes.
fn bare(value: &str) -> &str {
    value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value)
}

impl<'r> Record<'r> {
    /// The member's own id.
    pub(super) fn own_id<'a>(&self, opened: &'a str) -> Option<Cow<'a, str>> {
        self.values.get(self.meaning.own_id?)?.text(opened)
    }

    /// What the catalogue knows of it. None where it takes the full reading to know.
    pub(super) fn said<'a>(&self, opened: &'a str) -> Option<Known<'r, 'a>> {
        if let Some(only) = &self.meaning.only {
            let values = || only.captures.iter().filter_map(|(capture, at)| Some((*capture, self.values.get(*at)?)));
            if values().all(|(_, value)| value.is_plain) {
                return Some(Known::Plain(Told { only, values: self.values, opened }));
            }
            let told = only.told.iter().map(|(name, text)| (*name, Cow::Owned(text.clone())));
            let captures = values().filter_map(|(capture, value)| Some((capture, value.text(opened)?))).chain(told).collect();
            return Some(Known::Hit(Hit::of(only.message, only.wording, captures)));
        }
        let field = |name: &str| {
            let at = self.kind.keys.iter().position(|key| name_of(key) == name.as_bytes())?;
            self.values.get(at)?.text(opened)
        };
        match self.meaning.wordings.hit(&field) {
            Some(hit) => Some(Known::Hit(hit)),
            // Its error may have etcd's words.
            None => self.meaning.error.is_none().then_some(Known::Nothing),
        }
    }
}

/// Where the value at the start ends, and whether no sign in it is escaped. None for objects, which are read in full, and for what is torn.
#[inline]
fn value_end(text: &[u8]) -> Option<(usize, bool)> {
    match text.first()? {
        b'"' => string_end(text),
        b'[' => {
            let mut at = 1;
            loop {
                match text.get(at)? {
                    b'"' => at += string_end(text.get(at..)?)?.0,
                    b']' => return Some((at + 1, true)),
                    b'[' | b'{' => return None,
                    _ => at += 1,
                }
            }
        }
        // A number, or a word like `true`; blanks are etcd's never.
        b'-' | b'0'..=b'9' | b'a'..=b'z' => Some((text.iter().position(|b| matches!(b, b',' | b'}'))?, true)),
        _ => None,
    }
}

/// Where the string at the start ends, behind its closing quotation mark, and whether no sign in it is escaped.
#[inline]
fn string_end(text: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut is_plain) = (1, true);
    loop {
        at += quote_or_escape(text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some((at + 1, is_plain));
        }
        (at, is_plain) = (at + 2, false);
    }
}
