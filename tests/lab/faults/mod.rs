//! Faults. Each function says in a sentence what it did, for the provenance.

pub(crate) mod client;
pub(crate) mod clock;
pub(crate) mod damage;
pub(crate) mod disk;
pub(crate) mod group;
pub(crate) mod kernel;
pub(crate) mod member;
pub(crate) mod network;
pub(crate) mod process;
pub(crate) mod quota;
pub(crate) mod start;
pub(crate) mod wal;

/// What ends a fault when it is dropped.
pub(crate) type Lasting = Box<dyn std::any::Any>;
