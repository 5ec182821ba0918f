//! One file for each output format. A presenter prints what the diagnosis says and looks nothing up.

mod cluster;
pub mod html;
mod instant;
pub mod json;
pub mod markdown;
mod names;
pub mod table;
pub mod text;
pub mod units;
pub mod wrap;
