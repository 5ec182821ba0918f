//! What a bundle is: its entries, where they were read, and the limits under which they are read.

mod digest;
mod limits;
mod lines;
mod open;
mod path;
mod source;
mod walk;

pub use digest::Digest;
pub use limits::Limits;
pub use lines::Lines;
pub use open::{Input, OpenError};
pub use source::{Citation, Line, Quote, Source};
pub use walk::{Contents, Entry, Unread};
