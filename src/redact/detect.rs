//! A second pair of eyes: recognises secrets by other means than those that took them out. What it finds must not leave.

mod der;
mod settings;
mod tokens;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Looks at a place of a line, behind its trigger or from its beginning on.
type Check = fn(&[u8], usize, usize) -> bool;

/// A word that a line is searched for in either case, the detector's name as the operator is told it, and what decides.
struct Detector {
    trigger: &'static str,
    name: &'static str,
    check: Check,
}

/// A table of detectors: `TRIGGER NAME CHECK`.
macro_rules! detectors {
    ($($trigger:literal $name:literal $check:expr),+ $(,)?) => {
        &[$(Detector { trigger: $trigger, name: $name, check: $check }),+]
    };
}

/// Forms of tokens come from the documentation of those who give them out; lengths are at the lower end.
const DETECTORS: &[Detector] = detectors![
    "-----begin " "private key" der::is_private_label,
    "ls0tls1crudjti" "private key in base64" der::is_private_pem_in_base64,
    "mii" "private key or key store in base64" der::is_key,
    "mig" "private key or key store in base64" der::is_key,
    "mhcc" "private key or key store in base64" der::is_key,
    "b3blbnnzac1rzxktdj" "OpenSSH private key" |line, at, _| tokens::spelled(line, at, b"b3BlbnNzaC1rZXktdj"),
    "putty-user-key-file" "PuTTY private key" |_, _, _| true,
    "age-secret-key-1" "age private key" |line, _, end| tokens::run(line, end) >= 40,
    "luks" "LUKS header" |line, at, _| tokens::spelled(line, at, b"LUKS\xba\xbe"),
    "eyj" "JSON web token" tokens::is_json_web_token,
    "akia" "AWS access key" |line, at, end| tokens::spelled(line, at, b"AKIA") && tokens::is_capitals(line, at, end, 16),
    "asia" "AWS access key" |line, at, end| tokens::spelled(line, at, b"ASIA") && tokens::is_capitals(line, at, end, 16),
    "ghp_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 30),
    "gho_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 30),
    "ghu_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 30),
    "ghs_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 30),
    "ghr_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 30),
    "github_pat_" "GitHub token" |line, at, end| tokens::is_token(line, at, end, 22),
    "glpat-" "GitLab token" |line, at, end| tokens::is_token(line, at, end, 20),
    "glrt-" "GitLab token" |line, at, end| tokens::is_token(line, at, end, 20),
    "gldt-" "GitLab token" |line, at, end| tokens::is_token(line, at, end, 20),
    "xoxb-" "Slack token" |line, at, end| tokens::is_token(line, at, end, 16),
    "xoxp-" "Slack token" |line, at, end| tokens::is_token(line, at, end, 16),
    "xoxa-" "Slack token" |line, at, end| tokens::is_token(line, at, end, 16),
    "xoxs-" "Slack token" |line, at, end| tokens::is_token(line, at, end, 16),
    "xapp-" "Slack token" |line, at, end| tokens::is_token(line, at, end, 16),
    "hooks.slack.com/services/" "Slack webhook" |line, _, end| tokens::run(line, end) >= 16,
    "aiza" "Google API key" |line, at, end| tokens::spelled(line, at, b"AIza") && tokens::is_token(line, at, end, 35),
    "ya29." "Google access token" |line, at, end| tokens::is_token(line, at, end, 20),
    "gocspx-" "Google client secret" |line, at, end| tokens::is_token(line, at, end, 20),
    "npm_" "npm token" |line, at, end| tokens::is_token(line, at, end, 36),
    "pypi-agei" "PyPI token" |line, at, end| tokens::is_token(line, at, end, 20),
    "dckr_pat_" "Docker token" |line, at, end| tokens::is_token(line, at, end, 20),
    "hvs." "Vault token" |line, at, end| tokens::is_token(line, at, end, 20),
    "hvb." "Vault token" |line, at, end| tokens::is_token(line, at, end, 20),
    "dop_v1_" "DigitalOcean token" |line, at, end| tokens::is_token(line, at, end, 40),
    "sk_live_" "Stripe key" |line, at, end| tokens::is_token(line, at, end, 20),
    "k10" "k3s token" tokens::is_k3s,
    "token" "bootstrap token" tokens::is_bootstrap,
    "bootstrap" "bootstrap token" tokens::is_bootstrap,
    "discovery.etcd.io/" "discovery token" |line, _, end| tokens::run(line, end) >= 32,
    "$2a$" "password hash" tokens::is_hash,
    "$2b$" "password hash" tokens::is_hash,
    "$2y$" "password hash" tokens::is_hash,
    "$1$" "password hash" tokens::is_hash,
    "$5$" "password hash" tokens::is_hash,
    "$6$" "password hash" tokens::is_hash,
    "$y$" "password hash" tokens::is_hash,
    "$apr1$" "password hash" tokens::is_hash,
    "$argon2" "password hash" tokens::is_hash,
    "{ssha" "password hash" |line, _, end| tokens::run(line, end) + tokens::run(line, end + 1) >= 24,
    "://" "password in a URL" settings::has_user_info,
    "authorization" "authorization header" settings::is_authorization,
    "bearer " "bearer token" |line, _, end| settings::is_random(line, end, 20),
    "cookie" "cookie" settings::is_cookie,
    "\"auth" "registry login" settings::is_registry_login,
    "client-key-data" "kubeconfig key" |line, _, end| settings::is_setting(line, end, 20),
    "private_key_id" "service account key" |line, _, end| settings::is_setting(line, end, 20),
    "accountkey=" "Azure account key" |line, _, end| tokens::run(line, end) >= 40,
    "sharedaccesskey=" "Azure shared access key" |line, _, end| tokens::run(line, end) >= 20,
    "sig=" "Azure shared access signature" |line, at, end| settings::is_signature(line, at, end),
    "--user" "user and password" settings::is_login,
    "etcdctl_user" "user and password" settings::is_login,
    "password" "password" |line, _, end| settings::is_password(line, end),
    "passwd" "password" |line, _, end| settings::is_password(line, end),
    "passphrase" "password" |line, _, end| settings::is_password(line, end),
    "pwd" "password" |line, _, end| settings::is_password(line, end),
    "secret" "secret by its name" settings::is_secret,
    "token" "token by its name" settings::is_secret,
    "apikey" "key by its name" settings::is_secret,
    "api_key" "key by its name" settings::is_secret,
    "api-key" "key by its name" settings::is_secret,
    "access_key" "key by its name" settings::is_secret,
    "accesskey" "key by its name" settings::is_secret,
    "private_key" "key by its name" settings::is_secret,
    "encryption_key" "key by its name" settings::is_secret,
    "credential" "credential by its name" settings::is_secret,
];

/// `None` only if it could not be built, which it can: the words are constants and few.
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(DETECTORS.iter().map(|detector| detector.trigger)).ok()
});

/// The name of the detector that recognises a secret in a line.
pub fn recognise(line: &[u8]) -> Option<&'static str> {
    SEARCH.as_ref()?.find_overlapping_iter(line).find_map(|found| {
        let detector = DETECTORS.get(found.pattern().as_usize())?;
        (detector.check)(line, found.start(), found.end()).then_some(detector.name)
    })
}
