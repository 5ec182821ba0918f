//! Which files can be opened: those that were given, for reading (Landlock, Linux 5.13).

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    RulesetStatus, Scope,
};

/// The newest set of rights that is asked for: 6 came with Linux 6.12 and added signals and abstract sockets. An older kernel enforces what it
/// knows of it.
const NEWEST: ABI = ABI::V6;

/// Forbids all files but these.
pub(super) fn restrict(readable: &[PathBuf]) -> Result<(), String> {
    match enforce(readable) {
        Ok(RulesetStatus::NotEnforced) => Err("this kernel has no Landlock, or it is switched off".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn enforce(readable: &[PathBuf]) -> Result<RulesetStatus, RulesetError> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    for path in readable {
        // What cannot be opened is told by who reads it.
        let Ok(opened) = PathFd::new(path) else { continue };
        let rights: BitFlags<AccessFs> =
            if path.is_dir() { AccessFs::ReadFile | AccessFs::ReadDir } else { AccessFs::ReadFile.into() };
        ruleset = ruleset.add_rule(PathBeneath::new(opened, rights))?;
    }
    Ok(ruleset.restrict_self()?.ruleset)
}
