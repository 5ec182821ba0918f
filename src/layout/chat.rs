//! The headers that chats put between messages: who wrote, and when.

/// Most characters of a header.
const LONGEST: usize = 80;

const PARTS_OF_DAY: &[&str] = &["上午", "下午", "晚上", "凌晨", "中午", "早上"];
const DAYS: &[&str] = &[
    "昨天",
    "今天",
    "前天",
    "星期",
    "周",
    "yesterday",
    "today",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a chat's header; gives what was written behind it on the same line.
pub(super) fn header(text: &str) -> Option<&str> {
    let text = text.trim();
    if let Some((time, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let (name, said) = rest.split_once([':', '：'])?;
        let is_header = time.len() <= LONGEST && before_the_time(time)?.is_empty() && is_name(name);
        // Some tools put a clock in brackets before their own name: what they print is no message.
        let is_person = !name.trim().starts_with(|c: char| c.is_ascii_lowercase());
        return (is_header && (said.trim().is_empty() || is_person)).then(|| said.trim());
    }
    if text.len() > LONGEST || !may_be_header(text) {
        return None;
    }
    let text = text.strip_suffix(':').unwrap_or(text);
    let name = before_the_time(text.trim_end_matches([')', ']']))?;
    is_name(name.trim_end_matches(['(', '[', ',', ' '])).then_some("")
}

/// Whether a line that begins with no bracket ends as a header does: with a time, in brackets or with a colon behind it.
pub(super) fn may_be_header(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || "Mm:)]".contains(c))
}

/// What stands before a time with an optional date, both at the end.
fn before_the_time(text: &str) -> Option<&str> {
    let (mut rest, mut word) = last_word(text)?;
    if ["am", "pm"].contains(&word.to_ascii_lowercase().as_str()) {
        (rest, word) = last_word(rest)?;
    }
    if !is_clock(word) {
        return None;
    }
    while let Some((before, _)) = last_word(rest).filter(|(before, word)| is_day(before, word)) {
        rest = before;
    }
    Some(rest.trim())
}

fn last_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches([' ', ',', '，']);
    let at = text.rfind([' ', ',', '(', '[']).map_or(0, |at| at + 1);
    text.split_at_checked(at).filter(|(_, word)| !word.is_empty())
}

/// `14:03`, `14:03:05`, `下午2:03`, `2:03PM`.
fn is_clock(word: &str) -> bool {
    let word = PARTS_OF_DAY.iter().find_map(|part| word.strip_prefix(part)).unwrap_or(word);
    let word = word.strip_suffix("AM").or_else(|| word.strip_suffix("PM")).unwrap_or(word);
    let parts: Vec<&str> = word.split(':').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| (1..=2).contains(&part.len()) && is_number(part))
}

/// Part of a date; a bare number is one only beside a month's name.
fn is_day(before: &str, word: &str) -> bool {
    let lower = word.trim_end_matches('.').to_lowercase();
    let is_month = |word: &str| MONTHS.iter().any(|month| word.to_lowercase().starts_with(month) && word.len() <= 9);
    let is_date = |sign: char| (2..=3).contains(&word.split(sign).count()) && word.split(sign).all(is_number);
    let beside_month = || before.split([' ', ',']).rev().filter(|word| !word.is_empty()).take(2).any(is_month);
    lower == "at"
        || DAYS.iter().any(|day| lower == *day || (!day.is_ascii() && lower.starts_with(day) && lower.chars().count() <= 3))
        || PARTS_OF_DAY.contains(&word)
        || ['/', '-', '.'].into_iter().any(is_date)
        || (word.ends_with('日') && word.contains('月'))
        || is_month(word)
        || (is_number(word) && word.len() <= 4 && beside_month())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// A person's name: a few words of letters, the first of them not in lower case.
fn is_name(name: &str) -> bool {
    let name = name.trim();
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_alphabetic() || "(（@".contains(c))
            && !word.contains(|c: char| "{}[]\"=|/:<>#$;%*\\".contains(c))
    };
    let is_dated = MONTHS.iter().chain(DAYS).any(|day| name.split([' ', ',']).any(|word| word.eq_ignore_ascii_case(day)));
    !name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.is_empty()
        && name.chars().count() <= 40
        && name.split_whitespace().count() <= 4
        && name.split_whitespace().all(is_word)
        && !is_dated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_chats_are_known_with_what_stands_behind_them() {
        for (text, said) in [
            ("张三 14:03", ""),
            ("李四 2026/11/22 14:03:05", ""),
            ("王五(运维) 2026-11-22 14:03", ""),
            ("张三 昨天 下午2:03", ""),
            ("张三 11月22日 下午 2:03", ""),
            ("[14:03] Bob:", ""),
            ("[22/11/2026, 14:03:05] Bob Smith: look at this", "look at this"),
            ("Alice, Nov 22, 2:03 PM", ""),
            ("Alice  2:03 PM", ""),
            ("Bob Smith, [22.11.26 14:03]", ""),
            ("Bob Yesterday at 2:03 PM", ""),
            ("Alice (14:03):", ""),
        ] {
            assert_eq!(header(text), Some(said), "{text}");
        }
    }

    #[test]
    fn what_programs_print_is_no_header() {
        for text in [
            "Aug 28 09:36:01 db-1 etcd: open wal error: wal: file not found",
            "Sun Nov 22 22:46:30 UTC 2026",
            "Nov 22 14:03",
            "2026-11-22 14:03:05",
            "[14:03:05] etcd1: starting",
            "[    1.203] usb 1-1: new device",
            " 14:03:05 up 3 days,  1:02",
            "Modify: 2026-11-22 14:03:05",
            "notAfter=Nov 22 14:03",
            "drwx------ 2 root root 4096 Nov 22 14:03",
            "--:--:--:--:--:-- 3441k",
            "root 1 0 0 14:03 ? 00:00:01",
            "",
        ] {
            assert_eq!(header(text), None, "{text}");
        }
    }
}
