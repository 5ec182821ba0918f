//! Bytes to records that know where they were read: one file for each kind of evidence.

pub mod cmdline;
pub mod commands;
pub mod df;
pub mod duration;
pub mod etcdctl;
mod exposition;
pub mod histogram;
pub mod http;
pub mod journal;
pub mod kernel;
pub mod kinds;
pub mod listing;
pub mod log;
pub mod logbook;
pub mod manifest;
mod metric;
pub mod metrics;
pub mod pace;
pub mod ping;
pub mod prose;
pub mod raft;
pub mod screens;
pub mod services;
pub mod settings;
pub mod stack;
pub mod text;
pub mod unwrap;
