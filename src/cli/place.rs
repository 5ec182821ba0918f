//! Where a bundle goes: the folder or file that was named, else the first folder with room, else standard output.

#![expect(clippy::disallowed_methods, reason = "folders for the bundle are looked at here, and TMPDIR is read")]

use std::{
    env,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use crate::{
    bundle::Form,
    collect::{Room, Target, bundle_name},
    text::escape,
};

/// Where the bundle goes, and how much there is room for.
pub(super) struct Place {
    /// The archive's place; where it goes to standard output, the place in which it is made.
    pub target: Target,
    /// How much may be written there.
    pub room: Room,
    /// Whether it goes to standard output.
    pub to_stdout: bool,
    /// What to say about the choice.
    pub note: Option<String>,
}

/// Why there is none.
pub(super) enum NoPlace {
    /// It was named wrongly.
    Wrong(String),
    /// There is no room.
    Full(String),
}

/// What helps where no disk has room.
const ELSEWHERE: &str =
    "name another place with -o, or let the bundle go elsewhere as it is: etcd-triage collect -o - >/mnt/usb/bundle.tar.gz";

/// Chooses the place.
pub(super) fn choose(output: Option<&Path>, host: &str) -> Result<Place, NoPlace> {
    let name = bundle_name(host);
    match output {
        Some(path) if path == Path::new("-") => {
            if io::stdout().is_terminal() {
                return Err(NoPlace::Wrong(
                    "the bundle is no text for a terminal: send standard output to a file or a program".to_owned(),
                ));
            }
            let folders = temporary().chain([PathBuf::from("/dev/shm")]);
            first_with_room(folders, &name).map(|place| Place { to_stdout: true, note: None, ..place })
        }
        Some(path) if path.is_dir() => in_folder(Target::free(path, &name, Form::TarGz)),
        Some(path) => in_folder(named(path).map_err(NoPlace::Wrong)?),
        None => {
            let here = [PathBuf::from(".")].into_iter().chain(temporary());
            let place = first_with_room(here, &name)?;
            let is_here = place.target.folder == Path::new(".");
            let note = (!is_here).then(|| {
                format!("this folder has no room or cannot be written to: the bundle goes to {}", shown(&place.target.folder))
            });
            Ok(Place { note, ..place })
        }
    }
}

fn in_folder(target: Target) -> Result<Place, NoPlace> {
    match Room::in_folder(&target.folder) {
        Some(room) => Ok(Place { target, room, to_stdout: false, note: None }),
        None => Err(NoPlace::Full(format!(
            "cannot write {}: its disk is nearly full, and some of it must stay free; {ELSEWHERE}",
            shown(&target.path())
        ))),
    }
}

fn first_with_room(folders: impl Iterator<Item = PathBuf>, name: &str) -> Result<Place, NoPlace> {
    let mut usable = folders.filter(|folder| folder.is_dir() && rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok());
    let place = usable.find_map(|folder| {
        let room = Room::in_folder(&folder)?;
        Some(Place { target: Target::free(&folder, name, Form::TarGz), room, to_stdout: false, note: None })
    });
    place.ok_or_else(|| {
        NoPlace::Full(format!("neither this folder nor those for temporary files can be written to and have room; {ELSEWHERE}"))
    })
}

/// Folders for temporary files: on disks first.
fn temporary() -> impl Iterator<Item = PathBuf> {
    let own = env::var_os("TMPDIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    own.into_iter().chain(["/var/tmp", "/tmp"].map(PathBuf::from))
}

/// A file that ends like an archive, in a folder that there is.
fn named(output: &Path) -> Result<Target, String> {
    let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let form =
        [Form::TarGz, Form::Zip].into_iter().find(|form| name.ends_with(form.ending()) && name.len() > form.ending().len());
    let Some(form) = form else {
        return Err(format!("{} is no folder, and does not end with .tar.gz or .zip", shown(output)));
    };
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(format!("there is no folder {}", shown(folder)));
    }
    if output.exists() {
        return Err(format!("{} exists already: name another file", shown(output)));
    }
    let name = name.strip_suffix(form.ending()).unwrap_or(&name).to_owned();
    Ok(Target { folder: folder.to_owned(), name, form })
}

pub(super) fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy()).to_string()
}
