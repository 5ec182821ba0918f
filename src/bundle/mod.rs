//! What a bundle is: its entries, where they were read, and the limits under which they are read.

mod ahead;
mod ambiguous;
mod apart;
mod bytes;
mod digest;
mod directory;
mod encoding;
mod entry;
mod forward;
mod kind;
mod limits;
mod lines;
mod manifest;
mod metered;
mod open;
mod packed;
mod path;
mod peek;
mod seal;
mod source;
mod tally;
mod tarball;
mod walk;
mod zipcut;
mod zipfile;
mod zipstream;

pub use digest::{Digest, Sum};
pub use limits::Limits;
pub use lines::{Block, Lines};
pub use manifest::{Beside, Cost, EndedBy, FORMAT, MANIFEST, Manifest, ManifestError, Row, RowState, STDERR, Writer};
pub use metered::Meter;
pub use open::{Input, OpenError};
pub use seal::{Form, Sealed, seal};
pub use source::{Citation, Held, Line, Quote, Source};
pub use walk::{Contents, Entry, Unread, Within};
