//! `collect`: the evidence of this node in one file, then the diagnosis of that file.

#![expect(clippy::disallowed_methods, reason = "the environment is read here, and the file with the password")]

use std::{collections::BTreeMap, env, fs, io, path::PathBuf, time::Duration};

use super::{
    Exit,
    analyze::FailOn,
    closing,
    elsewhere::{self, Elsewhere},
    output::Output,
    place::{self, NoPlace, shown},
    sharing,
};
use crate::{
    bundle::{Input, Row, RowState},
    collect::{Does, Event, Found, Job, Login, Options, Plan, RepackError, Site, Step, Stop, When, Window, collect, now, repack},
    redact::Redactor,
    render::units::bytes,
    text::escape,
    words::{CollectWords, Values, Words, fill},
};

/// What to gather, and how to reach etcd. Flags of etcdctl and of journalctl have their names there.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Client URLs of etcd, separated by commas [default: those of the etcd that runs here]
    #[arg(long, value_name = "URLS", help_heading = "Reaching etcd")]
    endpoints: Option<String>,
    /// Verify etcd's certificate with this authority
    #[arg(long, value_name = "FILE", help_heading = "Reaching etcd")]
    cacert: Option<String>,
    /// Client certificate
    #[arg(long, value_name = "FILE", help_heading = "Reaching etcd")]
    cert: Option<String>,
    /// Key of the client certificate
    #[arg(long, value_name = "FILE", help_heading = "Reaching etcd")]
    key: Option<String>,
    /// Do not verify etcd's certificate
    #[arg(long, help_heading = "Reaching etcd")]
    insecure_skip_tls_verify: bool,
    /// User name for etcd; the password comes from --password-file or ETCDCTL_PASSWORD
    #[arg(long, value_name = "USER", help_heading = "Reaching etcd")]
    user: Option<String>,
    /// File whose first line is the password
    #[arg(long, value_name = "FILE", help_heading = "Reaching etcd")]
    password_file: Option<PathBuf>,
    /// Most time for a connection
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration, help_heading = "Reaching etcd")]
    dial_timeout: Duration,
    /// Most time for a request
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration, help_heading = "Reaching etcd")]
    command_timeout: Duration,

    /// Unit of systemd in which etcd runs; can be given again [default: that of the etcd that runs here, else etcd]
    #[arg(short, long, value_name = "UNIT", help_heading = "Logs")]
    unit: Vec<String>,
    /// Logs from this time on, as journalctl takes it [default: the last 24 hours]
    #[arg(long, value_name = "TIME", conflicts_with = "around", allow_hyphen_values = true, help_heading = "Logs")]
    since: Option<String>,
    /// Logs up to this time
    #[arg(long, value_name = "TIME", conflicts_with = "around", allow_hyphen_values = true, help_heading = "Logs")]
    until: Option<String>,
    /// Logs of an hour before and after this time, like "2018-08-28 09:36:01"
    #[arg(long, value_name = "TIME", help_heading = "Logs")]
    around: Option<String>,
    /// Read the journal files in this folder, not the host's
    #[arg(short = 'D', long, value_name = "DIR", help_heading = "Logs")]
    directory: Option<String>,

    /// etcd's data directory [default: that of the etcd that runs here]
    #[arg(long, value_name = "DIR", help_heading = "The host")]
    data_dir: Option<String>,
    /// Compare the members' data by their hashes even where a database has more than 256 MiB in use: each member reads all of its own
    #[arg(long, help_heading = "Reaching etcd")]
    deep: bool,
    /// Time between the two samples of metrics and counters
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration, help_heading = "The host")]
    interval: Duration,

    #[command(flatten)]
    sharing: sharing::Shares,

    /// The bundle: a folder for it, a file that ends with .tar.gz or .zip, or - for standard output [default: this folder, or one for temporary
    /// files where this one has no room]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// All must be over within this time
    #[arg(long, value_name = "TIME", default_value = "3m", value_parser = duration)]
    deadline: Duration,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Print what would be run and read, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// End with 1 if the diagnosis has an active finding at or above this
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

/// `15s`, `500ms`, `2m`, or seconds without a unit.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
    let scale = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("give it like 15s, 500ms or 2m".to_owned()),
    };
    let seconds = number.parse::<f64>().map_err(|_| "give it like 15s, 500ms or 2m".to_owned())? * scale;
    Duration::try_from_secs_f64(seconds).map_err(|_| "it is too long".to_owned())
}

pub(super) fn run(arguments: &Arguments, words: &Words, output: &Output) -> Exit {
    // Before anything else: the first signal may come soon.
    let stop = Stop::within(arguments.deadline);
    if arguments.elsewhere.print_script {
        return print_script(arguments, output);
    }
    let prepared = prepare(arguments, words, output);
    let (site, options, job, to_stdout) = match prepared {
        Ok(prepared) => prepared,
        Err(NoPlace::Wrong(words)) => {
            output.complain(&words);
            return Exit::Usage;
        }
        Err(NoPlace::Full(words)) => {
            output.complain(&words);
            return Exit::Output;
        }
    };
    let is_left_out = arguments.elsewhere.is_of_others() && !Plan::is_at_home(&site, &options);
    let plan = if is_left_out { Plan::of_others() } else { Plan::new(&site, &options) };
    let plan = elsewhere::with_pods(plan, &arguments.elsewhere, (&site, &options, &job), arguments.dry_run, &stop);
    if arguments.dry_run {
        let written = output.data(|out| out.write_all(dry_run(&plan, &job, &words.collect).as_bytes()));
        return written.err().unwrap_or(Exit::Ok);
    }
    if let Err(error) = stop.heed_signals() {
        output.complain(&format!("signals cannot be heeded ({error}): Ctrl-C will leave an unfinished bundle behind"));
    }
    // Whatever is written from here on is for its owner alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let mut watch = |event: Event<'_>| match event {
        Event::Preview(shown, choice) => *choice = sharing::ask(shown, &stop, &words.sharing, output),
        event => tell(&event, &words.collect, output),
    };
    let collected = match &arguments.elsewhere.from {
        Some(bundle) => repack(&Input::Path(bundle.clone()), &job, &stop, &mut watch),
        None => collect(&plan, &job, &stop, &mut watch).map_err(RepackError::from),
    };
    match collected {
        Ok(collected) => closing::close(&collected, arguments.fail_on, to_stdout, words, output),
        Err(RepackError::Unfit(why)) => {
            output.complain(&why);
            Exit::Usage
        }
        Err(RepackError::Unwritten(error)) if error.why.kind() == io::ErrorKind::Interrupted => {
            output.complain(words.sharing.left);
            Exit::Output
        }
        Err(RepackError::Unwritten(error)) => {
            output.complain(&format!("{error}; {}", words.collect.elsewhere));
            Exit::Output
        }
    }
}

/// For other hosts: what the flags say, and nothing of this host and its environment. The last day is the one before the script is run.
fn options_for_others(arguments: &Arguments) -> Result<Options, String> {
    let is_window_given = [&arguments.since, &arguments.until, &arguments.around].iter().any(|given| given.is_some());
    let window = if is_window_given { window(arguments)? } else { Window::default() };
    Ok(options(arguments, window, false, &|_| None))
}

fn print_script(arguments: &Arguments, output: &Output) -> Exit {
    match options_for_others(arguments) {
        Ok(options) => elsewhere::print_script(&options, arguments.deadline, output),
        Err(words) => {
            output.complain(&words);
            Exit::Usage
        }
    }
}

fn window(arguments: &Arguments) -> Result<Window, String> {
    match &arguments.around {
        Some(moment) => Window::around(moment),
        None => Ok(Window::between(arguments.since.clone(), arguments.until.clone(), now())),
    }
}

/// From flags, and where they are silent from variables, to what the plan needs.
fn options(arguments: &Arguments, window: Window, has_login: bool, variable: &dyn Fn(&str) -> Option<String>) -> Options {
    let setting = |flag: &Option<String>, name: &str| {
        let given = flag.clone().map(|value| Found { value, from: "flag".to_owned() });
        given.or_else(|| Some(Found { value: variable(name)?, from: name.to_owned() }))
    };
    Options {
        endpoints: setting(&arguments.endpoints, "ETCDCTL_ENDPOINTS"),
        cacert: setting(&arguments.cacert, "ETCDCTL_CACERT"),
        cert: setting(&arguments.cert, "ETCDCTL_CERT"),
        key: setting(&arguments.key, "ETCDCTL_KEY"),
        insecure_skip_tls_verify: arguments.insecure_skip_tls_verify,
        has_login,
        dial_timeout: arguments.dial_timeout,
        command_timeout: arguments.command_timeout,
        data_dir: arguments.data_dir.clone(),
        units: arguments.unit.clone(),
        journal: arguments.directory.clone(),
        window,
        interval: arguments.interval,
        deep: arguments.deep,
    }
}

/// A variable of the environment that is not empty.
fn from_env(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// From flags and environment to what the collection needs, and whether the bundle goes to standard output.
fn prepare(arguments: &Arguments, words: &Words, output: &Output) -> Result<(Site, Options, Job, bool), NoPlace> {
    let site = Site::look(env::var_os("PATH").as_deref());
    let window = window(arguments).map_err(NoPlace::Wrong)?;
    let login = login(arguments, words, output).map_err(NoPlace::Wrong)?;
    let options = options(arguments, window, login.is_some(), &from_env);
    let place = place::choose(arguments.output.as_deref(), &site.host)?;
    place.note.iter().for_each(|note| output.complain(note));
    // What a program of the site needs to run and to print what can be read: its language is English, its colours are off, and no
    // proxy stands between it and etcd, because nothing else is passed on.
    let folders = env::join_paths(&site.folders).unwrap_or_default().to_string_lossy().into_owned();
    let mut env = BTreeMap::from([("LC_ALL".to_owned(), "C".to_owned()), ("PATH".to_owned(), folders)]);
    // journalctl reads and prints times in the operator's zone.
    let of_operator = ["HOME", "TZ"].iter().chain(arguments.elsewhere.variables());
    env.extend(of_operator.filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))));
    let sharing = arguments.sharing.read(place.to_stdout).map_err(NoPlace::Wrong)?;
    let ionice = site.program("ionice");
    let (host, interval) = (site.host.clone(), arguments.interval);
    let others = options_for_others(arguments).map_err(NoPlace::Wrong)?;
    let room = place.room.shared(arguments.elsewhere.ssh.len() + 1);
    let nodes = arguments.elsewhere.nodes(&site, &others, arguments.deadline, room, login.as_ref(), &from_env);
    let job = Job { host, target: place.target, login, room, ionice, interval, nodes, env, sharing };
    Ok((site, options, job, place.to_stdout))
}

/// User and password as etcdctl takes them, and from a file.
fn login(arguments: &Arguments, words: &Words, output: &Output) -> Result<Option<Login>, String> {
    let Some(user) = arguments.user.clone().or_else(|| from_env("ETCDCTL_USER")) else { return Ok(None) };
    let (user, inline) = match user.split_once(':') {
        Some((user, password)) => (user.to_owned(), Some(password.to_owned())),
        None => (user, None),
    };
    if inline.is_some() && arguments.user.is_some() {
        output.complain(words.collect.visible_password);
    }
    let password = match &arguments.password_file {
        Some(file) => {
            let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", shown(file)))?;
            Some(text.lines().next().unwrap_or_default().to_owned())
        }
        None => inline.or_else(|| from_env("ETCDCTL_PASSWORD")),
    };
    match password {
        Some(password) => Ok(Some(Login { user, password })),
        None => Err(format!("there is no password for user {}: give --password-file, or set ETCDCTL_PASSWORD", escape(&user))),
    }
}

/// Says how the collection goes on.
fn tell(event: &Event<'_>, words: &CollectWords, output: &Output) {
    match event {
        Event::Leftovers(folders) => {
            for folder in *folders {
                output.complain(&fill(words.leftover, &Values::from([("path", shown(folder))])));
            }
        }
        Event::Waiting(left) => {
            output.progress(&fill(words.waiting, &Values::from([("n", left.as_secs_f64().ceil().to_string())])))
        }
        Event::Begins(..) | Event::Preview(..) => {}
        Event::Ended(at, of, row) => output.progress(&progress(*at, *of, row)),
        Event::Sealing => output.progress(words.sealing),
    }
}

fn progress(at: usize, of: usize, row: &Row) -> String {
    let state = row.state.map_or("", RowState::as_str);
    let bytes = row.bytes.map_or_else(|| "-".to_owned(), bytes);
    let seconds = row.ms.map_or_else(|| "-".to_owned(), |ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100));
    format!("{at:3}/{of} {:42} {state:9} {bytes:>9} {seconds:>7}", escape(name_of(row)).to_string())
}

/// The row's path below its node's folder; of what was asked of another node as a whole, with the node.
pub(super) fn name_of(row: &Row) -> &str {
    if row.kind == "ssh" {
        return row.path.strip_prefix("nodes/").unwrap_or(&row.path);
    }
    row.path.splitn(3, '/').nth(2).unwrap_or(&row.path)
}

/// What would be run and read.
fn dry_run(plan: &Plan, job: &Job, words: &CollectWords) -> String {
    let mut text = format!("{}\n", words.found);
    plan.found.iter().for_each(|found| text.push_str(&format!("  {}\n", escape(found))));
    let values = Values::from([("n", plan.steps.len().to_string()), ("path", shown(&job.target.path()))]);
    text.push_str(&format!("\n{}\n", fill(words.plan, &values)));
    for step in &plan.steps {
        text.push_str(&format!("\n  {}\n    {}\n", escape(&step.path), escape(&what(step, words))));
        let mut notes = Vec::new();
        notes.extend(match step.when {
            When::Always => None,
            When::AfterInterval => Some(fill(words.when[0], &Values::from([("n", job.interval.as_secs_f64().to_string())]))),
            When::Api2 => Some(words.when[1].to_owned()),
            When::Api3 => Some(words.when[2].to_owned()),
            When::SmallDatabase => Some(words.when[3].to_owned()),
            When::AnyDatabase => Some(words.when[4].to_owned()),
            When::NoJournal => Some(words.when[5].to_owned()),
        });
        match &step.does {
            Does::Run { file: None, .. } => notes.push(words.absent.to_owned()),
            Does::Run { login: true, .. } => notes.push(words.login.to_owned()),
            _ => {}
        }
        let limits = Values::from([("time", step.time.as_secs_f64().to_string()), ("size", bytes(step.keep.cap()))]);
        notes.push(fill(words.limits, &limits));
        text.push_str(&format!("    ({})\n", notes.join("; ")));
    }
    text.push_str(&elsewhere::dry_run(&job.nodes));
    text.push_str(&format!("\n{}\n", words.dry));
    // A screen may be filmed, and its text pasted: a URL with a password is shown as it is kept.
    let mut redactor = Redactor::new(&[]);
    text.lines().map(|line| String::from_utf8_lossy(&redactor.line(line.as_bytes())).into_owned() + "\n").collect()
}

/// The command line, or the files.
fn what(step: &Step, words: &CollectWords) -> String {
    match &step.does {
        Does::Run { argv, env, .. } => Row { argv: argv.clone(), env: env.clone(), ..Row::default() }.typed(),
        Does::Read(files) | Does::Logs(files) => fill(words.reads, &Values::from([("files", files.join(" "))])),
        Does::Nothing { why, .. } => fill(words.nothing, &Values::from([("why", (*why).to_owned())])),
    }
}
