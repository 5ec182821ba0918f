//! What `collect` and `unmask` say of what leaves a site.

/// What is said of what leaves a site.
#[derive(Debug)]
pub struct SharingWords {
    /// Before the list of what would be shared.
    pub preview: &'static str,
    /// What was taken out of a file.
    pub taken: &'static str,
    /// A file that is withheld.
    pub withheld: &'static str,
    /// The question below the list.
    pub ask: &'static str,
    /// An answer that is none.
    pub not_understood: &'static str,
    /// A number that may not be dropped: the manifest's.
    pub not_dropped: &'static str,
    /// The operator left at the list.
    pub left: &'static str,
    /// What was withheld, at the end.
    pub kept_back: &'static str,
    /// Where the map is.
    pub map: &'static str,
    /// What the map is for.
    pub unmask: &'static str,
}

/// English.
pub(super) const EN: SharingWords = SharingWords {
    preview: "This would be shared:",
    taken: "taken out or replaced: {kinds}",
    withheld: "withheld: {why}",
    ask: "Numbers of files to leave out (like 3 7), Enter to pack the rest, q to pack nothing: ",
    not_understood: "that is neither numbers of the list, nor Enter, nor q",
    not_dropped: "the manifest goes with every bundle: it says what is in it",
    left: "nothing was packed, and what was gathered is removed",
    kept_back: "Withheld, {n}:",
    map: "Names and addresses in the bundle are pseudonyms. Map: {path}. Keep it: it is not in the bundle, and whoever has it can read all names.",
    unmask: "What support writes back has the real names again with: etcd-triage unmask REPORT --map {path}",
};
