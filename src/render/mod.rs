//! One file for each output format. A presenter prints what the diagnosis says and looks nothing up.

mod cluster;
pub mod html;
pub mod json;
pub mod markdown;
mod names;
pub mod text;
pub mod wrap;
