//! The map as a file: JSON with the real name of everything that was replaced, so that only who has it can turn a report back.

use std::{collections::BTreeMap, net::IpAddr};

use serde::{Deserialize, Serialize};

use super::{Masks, words};

/// What the file says of itself.
const FORMAT: &str = "etcd-triage/map/1";

#[derive(Serialize, Deserialize)]
struct Map {
    format: String,
    #[serde(default)]
    addresses: BTreeMap<String, String>,
    #[serde(default)]
    hosts: BTreeMap<String, String>,
    #[serde(default)]
    domains: BTreeMap<String, String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// Why a file is no map that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// It is something else.
    #[error("is no map of pseudonyms: {0}")]
    Other(String),
    /// Two names have one pseudonym, or a pseudonym is none.
    #[error("is no map of pseudonyms: \"{0}\" is none, or stands for two")]
    Ambiguous(String),
}

impl Masks {
    /// The map as text: real name, then pseudonym.
    ///
    /// # Errors
    /// None that is known; the map holds nothing that JSON cannot say.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let map = Map {
            format: FORMAT.to_owned(),
            addresses: self.addresses.pairs().map(|(real, with)| (real.to_string(), with.to_string())).collect(),
            hosts: self.hosts.clone(),
            domains: self.domains.clone(),
            names: self.names.clone(),
        };
        Ok(serde_json::to_string_pretty(&map)? + "\n")
    }

    /// Reads a map that was written before.
    ///
    /// # Errors
    /// When it is something else, or damaged.
    pub fn read(text: &str) -> Result<Self, MapError> {
        let map: Map = serde_json::from_str(text).map_err(|error| MapError::Other(error.to_string()))?;
        if map.format != FORMAT {
            return Err(MapError::Other(format!("its format is {}", map.format)));
        }
        let mut masks = Self { hosts: map.hosts, domains: map.domains, names: map.names, ..Self::default() };
        let mut seen = std::collections::BTreeSet::new();
        for with in masks.hosts.values().chain(masks.domains.values()).chain(masks.names.values()) {
            if !words::is_pseudonym(with) || !seen.insert(with) {
                return Err(MapError::Ambiguous(with.clone()));
            }
        }
        for (real, with) in map.addresses {
            let (Ok(real), Ok(address)) = (real.parse::<IpAddr>(), with.parse::<IpAddr>()) else {
                return Err(MapError::Ambiguous(with));
            };
            if !masks.addresses.restore(real, address) {
                return Err(MapError::Ambiguous(with));
            }
        }
        masks.settle();
        Ok(masks)
    }
}
