//! What a bundle is: its entries, where they were read, and the limits under which they are read.

mod source;

pub use source::{Citation, Line, Quote, Source};
