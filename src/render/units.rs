//! Durations, sizes and shares as a reader says them.

use crate::diagnosis::Quantile;

/// `100 µs`, `8 ms`, `1.024 s`. Bounds of etcd's buckets are printed whole.
pub(super) fn seconds(seconds: f64) -> String {
    let (factor, unit) = unit(seconds);
    format!("{} {unit}", rounded(seconds * factor))
}

/// A quantile's bucket: `≤ 1 ms`, `8–16 ms`, `0.512–1.024 s`, `> 8.192 s`.
pub(super) fn bucket(quantile: Quantile) -> String {
    match quantile.le {
        None => format!("> {}", seconds(quantile.gt)),
        Some(le) if quantile.gt <= 0.0 => format!("≤ {}", seconds(le)),
        Some(le) => format!("{}–{}", rounded(quantile.gt * unit(le).0), seconds(le)),
    }
}

fn unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        ..0.001 => (1e6, "µs"),
        ..1.0 => (1e3, "ms"),
        _ => (1.0, "s"),
    }
}

/// Four decimals of a bound like 0.0128 s; the rounding takes off what binary fractions add.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// `20.5 kB`, `2.1 GB`: thousands, as the sentences of the rules have it.
pub fn bytes(bytes: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", bytes as f64 / *size as f64),
        None => format!("{bytes} B"),
    }
}

/// `45 s`, `12 min`, `3 h`, `6 d`: how long a gap is.
pub(super) fn span(us: u64) -> String {
    match us {
        0..1_000_000 => format!("{} ms", us / 1000),
        1_000_000..120_000_000 => format!("{} s", us / 1_000_000),
        120_000_000..7_200_000_000 => format!("{} min", us / 60_000_000),
        7_200_000_000..172_800_000_000 => format!("{} h", us / 3_600_000_000),
        _ => format!("{} d", grouped(us / 86_400_000_000)),
    }
}

/// `99.95 %`, `< 0.01 %`; never rounded up to all of it.
pub(super) fn share(n: u64, of: u64) -> String {
    if n == 0 || of == 0 {
        return "0 %".to_owned();
    }
    let percent = n as f64 / of as f64 * 100.0;
    match percent {
        ..0.01 => "< 0.01 %".to_owned(),
        ..99.995 if percent >= 99.0 => format!("{:.2} %", (percent * 100.0).floor() / 100.0),
        99.995.. if n < of => "> 99.99 %".to_owned(),
        100.0.. => "100 %".to_owned(),
        _ => format!("{percent:.2} %"),
    }
}

/// `292 001`: groups of three, with a narrow space that does not break.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_sizes_and_shares_read_in_their_own_unit() {
        assert_eq!([0.0001, 0.008, 1.024].map(seconds), ["100 µs", "8 ms", "1.024 s"]);
        let quantile = |gt, le| bucket(Quantile { gt, le });
        assert_eq!(
            [quantile(0.0, Some(0.001)), quantile(0.008, Some(0.016)), quantile(0.512, Some(1.024)), quantile(8.192, None)],
            ["≤ 1 ms", "8–16 ms", "0.512–1.024 s", "> 8.192 s"]
        );
        assert_eq!([bytes(900), bytes(20_480), bytes(2_147_483_648)], ["900 B", "20.5 kB", "2.1 GB"]);
        assert_eq!([span(45_000_000), span(600_000_000), span(518_400_000_000)], ["45 s", "10 min", "6 d"]);
        let shares = [share(292_001, 292_136), share(1, 292_136), share(292_135, 292_136), share(5, 5), share(1, 3)];
        assert_eq!(shares, ["99.95 %", "< 0.01 %", "> 99.99 %", "100 %", "33.33 %"]);
    }
}
