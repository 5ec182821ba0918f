//! What stands between the date and the record of a line: host, process and the number of the process, which is another one for each run of a program.

use super::digits::leading_digits;
use crate::messages::compare::behind;

/// Most digits of a process's number.
const MOST_DIGITS: usize = 10;

/// Words, and numbers in brackets between them: ` db-1 sshd[`, a number, `]: `.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct After {
    first: Box<[u8]>,
    more: Vec<(Number, Box<[u8]>)>,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    /// The process: `[812]`.
    Process,
    /// Seconds since the boot, as the kernel writes them: `[   12.345678]`.
    Boot,
}

impl After {
    /// Of the text of a line that was read in full.
    pub(super) fn of(text: &str) -> Self {
        let mut words: Box<[u8]> = [].into();
        let mut more: Vec<(Number, Box<[u8]>)> = Vec::new();
        let mut begin = 0;
        let mut at = 0;
        let mut close = |to: usize, more: &mut Vec<(Number, Box<[u8]>)>, begin: usize| {
            let part: Box<[u8]> = text.as_bytes().get(begin..to).unwrap_or_default().into();
            match more.last_mut() {
                Some((_, words)) => *words = part,
                None => words = part,
            }
        };
        while let Some(open) = text.get(at..).and_then(|rest| rest.find('[')) {
            let inside = at + open + 1;
            at = inside;
            let Some((number, length)) = text.as_bytes().get(inside..).and_then(number) else { continue };
            close(inside, &mut more, begin);
            more.push((number, [].into()));
            (begin, at) = (inside + length, inside + length);
        }
        close(text.len(), &mut more, begin);
        Self { first: words, more }
    }

    /// What stands behind it, where a text begins so.
    pub(super) fn behind<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let mut rest = behind(text, &self.first)?;
        for (kind, words) in &self.more {
            let (number, length) = number(rest)?;
            rest = behind(rest.get(length..)?, words).filter(|_| number == *kind)?;
        }
        Some(rest)
    }
}

/// The number at the beginning, up to its closing bracket, and how long it is.
fn number(text: &[u8]) -> Option<(Number, usize)> {
    let digits = leading_digits(text);
    if digits > 0 && text.get(digits) == Some(&b']') {
        return (digits <= MOST_DIGITS).then_some((Number::Process, digits));
    }
    let blanks = text.iter().take_while(|b| **b == b' ').count();
    let seconds = leading_digits(text.get(blanks..)?);
    let point = blanks + seconds;
    let fraction = text.get(point..)?.strip_prefix(b".").map(leading_digits)?;
    (seconds > 0 && fraction == 6 && text.get(point + 7) == Some(&b']')).then_some((Number::Boot, point + 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_and_another_second_are_met_and_another_name_is_not() {
        for (one, other, is_met) in [
            (" db-1 sshd[812]: ", " db-1 sshd[7]: ", true),
            (" db-1 sshd[812]: ", " db-1 sshd[4294967295]: ", true),
            (" db-1 sshd[812]: ", " db-2 sshd[812]: ", false),
            (" db-1 sshd[812]: ", " db-1 crond[812]: ", false),
            (" db-1 sshd[812]: ", " db-1 sshd[]: ", false),
            (" db-1 sshd[812]: ", " db-1 sshd[8 2]: ", false),
            (" db-1 sshd[812]: ", " db-1 sshd[   12.345678]: ", false),
            (" db-1 sshd[812]: ", " db-1 sshd[12345678901234567890]: ", false),
            (" db-1 kernel: [   12.345678] ", " db-1 kernel: [99912.345678] ", true),
            (" db-1 kernel: [   12.345678] ", " db-1 kernel: [99912.34567] ", false),
            (" db-1 systemd: ", " db-1 systemd: ", true),
            (" a[x]b[7]c[8]", " a[x]b[9]c[10]", true),
            ("", "", true),
        ] {
            let line = format!("{other}words");
            assert_eq!(After::of(one).behind(line.as_bytes()), is_met.then_some(&b"words"[..]), "{one:?} {other:?}");
            assert_eq!(After::of(one) == After::of(other), is_met, "{one:?} {other:?}");
        }
    }
}
