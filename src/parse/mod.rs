//! Bytes to records that know where they were read: one file for each kind of evidence.
