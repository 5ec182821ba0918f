//! The plan as a POSIX shell script, for sites that allow no foreign binary and for other nodes: four templates, filled from the plan's own constants.
//!
//! The script finds etcd by itself and then has the same rows. That it does is held by the tests of this file, on hosts that are made up,
//! and by `tests/collect/script.rs`, which runs both.

use std::time::Duration;

use super::{
    Login, Options, Room, Stop, pace,
    plan::{self, logs, reach},
    room, row,
    site::{self, places},
};
use crate::{bundle::FORMAT, messages::Landmarks};

/// What it is and what it cuts out, how a row is run and recorded, how etcd is found, and the rows.
const TEMPLATES: &[&str] = &[
    include_str!("script/head.sh"),
    include_str!("script/rows.sh"),
    include_str!("script/find.sh"),
    include_str!("script/plan.sh"),
];

/// Columns of a line of words.
const WIDTH: usize = 125;

/// Writes the script: what is given in the options stands in it, the rest it finds by itself. Everything must be over within `deadline`, and no more
/// is kept than there is room for.
pub fn script(options: &Options, deadline: Duration, room: Room) -> String {
    let mut text = TEMPLATES.concat();
    for (name, value) in values(options, deadline, room) {
        text = text.replace(&format!("@{name}@"), &value);
    }
    text
}

fn values(options: &Options, deadline: Duration, room: Room) -> Vec<(&'static str, String)> {
    let mut values = given(options, deadline);
    values.extend(caps(room));
    values.extend(times(options));
    values.extend(places_to_look_at());
    values.extend([
        ("VERSION", env!("CARGO_PKG_VERSION").to_owned()),
        ("FORMAT", FORMAT.to_owned()),
        ("ABOUT_ETCD", patterns(logs::ABOUT_ETCD)),
        ("OF_SYSTEM", patterns(logs::OF_SYSTEM)),
        ("DENIED", format!("-F {}", patterns(row::DENIED))),
        ("NO_JOURNAL", format!("-F {}", patterns(row::NO_JOURNAL))),
        ("NOT_HERE", format!("-F {}", patterns(row::NOT_HERE))),
        ("LONGEST_WHY", row::LONGEST_WHY.to_string()),
        ("SLOW_MS", pace::SLOW_MS.to_string()),
        ("SLOW_TIMES", pace::TIMES.to_string()),
        ("LANDMARKS", side_by_side(&Landmarks::words())),
    ]);
    values
}

/// What the caller gave.
fn given(options: &Options, deadline: Duration) -> Vec<(&'static str, String)> {
    let found = |found: &Option<super::Found>| quoted(found.as_ref().map_or("", |found| &found.value));
    let text = |text: &Option<String>| quoted(text.as_deref().unwrap_or_default());
    let is = |is: bool| quoted(if is { "yes" } else { "" });
    let [since, until, moment] = options.window.parts();
    vec![
        ("ENDPOINTS", found(&options.endpoints)),
        ("CACERT", found(&options.cacert)),
        ("CERT", found(&options.cert)),
        ("KEY", found(&options.key)),
        ("INSECURE", is(options.insecure_skip_tls_verify)),
        ("DATA_DIR", text(&options.data_dir)),
        ("UNITS", quoted(&options.units.join(" "))),
        ("JOURNAL", text(&options.journal)),
        ("SINCE", quoted(since)),
        ("UNTIL", quoted(until)),
        ("MOMENT", quoted(moment)),
        ("DEEP", is(options.deep)),
        ("INTERVAL", (options.interval.as_millis() / 10).to_string()),
        ("WORK", whole(Stop::work_of(deadline))),
    ]
}

fn caps(room: Room) -> Vec<(&'static str, String)> {
    let (all, journal) = room.parts();
    let bytes = [
        ("ROOM", all),
        ("LOG_ROOM", journal),
        ("FREE", room::FREE),
        ("LEAST", room::LEAST),
        ("SMALL_DATABASE", row::SMALL_DATABASE),
        ("COMPLAINTS", row::COMPLAINTS),
        ("ANSWER", plan::ANSWER),
        ("METRICS", plan::METRICS),
        ("LOG", plan::LOG),
        ("HALF_LOG", plan::LOG / 2),
        ("HISTORY", plan::HISTORY),
        ("HOST", plan::HOST),
        ("LISTING", plan::LISTING),
    ];
    bytes.map(|(name, bytes)| (name, bytes.to_string())).to_vec()
}

fn times(options: &Options) -> Vec<(&'static str, String)> {
    let (dial, command) = (options.dial_timeout, options.command_timeout);
    let as_etcdctl2 = |time: Duration| format!("{}s", time.as_secs().max(1));
    vec![
        ("HOST_TIME", whole(plan::HOST_TIME)),
        ("LOG_TIME", whole(plan::LOG_TIME)),
        ("FETCH_TIME", whole(plan::fetch_time(options))),
        ("CTL_TIME", whole(plan::ask_time(options))),
        ("CTL2_TIME", whole(plan::ask2_time(options))),
        ("DIAL_S", reach::seconds(dial)),
        ("COMMAND_S", reach::seconds(command)),
        ("DIAL_WHOLE", dial.as_secs().max(1).to_string()),
        ("COMMAND_WHOLE", command.as_secs().max(1).to_string()),
        ("DIAL_MS", format!("{}ms", dial.as_millis())),
        ("COMMAND_MS", format!("{}ms", command.as_millis())),
        ("DIAL_2", as_etcdctl2(dial)),
        ("COMMAND_2", as_etcdctl2(command)),
    ]
}

fn places_to_look_at() -> Vec<(&'static str, String)> {
    let lines = |rows: Vec<String>| rows.join("\n\t");
    vec![
        ("MORE_FOLDERS", quoted(&site::MORE_FOLDERS.join(":"))),
        ("UNIT_FOLDERS", places::UNIT_FOLDERS.join(" ")),
        ("VARIABLES", places::VARIABLES.join(" ")),
        ("YAML", places::YAML.join(" ")),
        ("MANIFESTS", places::MANIFESTS.join(" ")),
        ("PATRONI", places::PATRONI.join(" ")),
        ("CLIENT_FILES", lines(places::CLIENT_FILES.iter().map(|files| files.join(" ")).collect())),
        ("SUPERVISORS", lines(site::SUPERVISORS.iter().map(|(folder, unit)| format!("{folder} {unit}")).collect())),
        ("DATA_DIRS", site::DATA_DIRS.join(" ")),
        ("CLIENTS", logs::CLIENTS.join(" ")),
        ("RKE2_CRICTL", reach::RKE2_CRICTL.to_owned()),
        ("PODS", site::logs::PODS.to_owned()),
        ("SYSTEM", site::logs::SYSTEM.join(" ")),
        ("OWN", site::logs::OWN.join(" ")),
        ("MOST_FILES", site::logs::MOST.to_string()),
    ]
}

/// The script with a login for etcdctl in front: for a shell that reads it from standard input, and for no file.
pub fn with_login(script: &str, login: &Login) -> String {
    format!("ETCDCTL_USER={}\nETCDCTL_PASSWORD={}\n{script}", quoted(&login.user), quoted(&login.password))
}

/// Words as a shell takes them, whatever is in them.
fn quoted(words: &str) -> String {
    format!("'{}'", words.replace('\'', r"'\''"))
}

/// Patterns for grep, which are plain words.
fn patterns(words: &[&str]) -> String {
    words.iter().map(|word| format!("-e {}", quoted(word))).collect::<Vec<_>>().join(" ")
}

/// Words side by side, each with a tilde behind it, which is in none: hundreds of lines of them would hide the rest of the script.
fn side_by_side(words: &[&str]) -> String {
    let mut lines = vec![String::new()];
    for word in words {
        let is_full = lines.last().is_none_or(|line| line.len() + word.len() > WIDTH);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
            line.push('~');
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Whole seconds, no less than the time: the script's watchdog counts by them.
fn whole(time: Duration) -> String {
    let rest = u64::from(time.subsec_nanos() > 0);
    (time.as_secs() + rest).to_string()
}

#[cfg(test)]
mod tests;
