//! etcd-triage reads what a misbehaving etcd cluster left behind and names the cause, with the lines that show it.
//!
//! The rooms of this house and the order between them are drawn in `docs/architecture.md`; `tests/architecture.rs`
//! holds the code to that drawing.

pub mod analyze;
pub mod bundle;
pub mod cli;
pub mod collect;
pub mod compare;
pub mod diagnosis;
pub mod facts;
pub mod layout;
pub mod messages;
pub mod parse;
pub mod redact;
pub mod render;
pub mod rules;
pub mod sandbox;
pub mod text;
pub mod words;
