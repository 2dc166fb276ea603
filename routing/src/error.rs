//! What can go wrong between a map file and a travel matrix.

use dispatch_data::place::Position;
use std::io;
use std::path::PathBuf;

/// Why a map could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be read on.
    #[error("cannot read the map at byte {offset}: {source}")]
    Read {
        /// Where the block starts whose reading failed, in bytes.
        offset: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The file does not begin like an `.osm.pbf` file.
    #[error("{} is not an .osm.pbf file: it does not begin with an OSMHeader block", path.display())]
    NotAnExtract {
        /// The file.
        path: PathBuf,
    },
    /// A block of the file is damaged.
    #[error("block {block} of the map (at byte {offset}) is damaged: {reason}")]
    Damaged {
        /// Which block, counted from 0.
        block: usize,
        /// Where it starts, in bytes.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The file needs a feature that this reader lacks.
    #[error("the map needs the feature {feature:?}, which is not supported")]
    Unsupported {
        /// The feature's name in the file.
        feature: String,
    },
    /// No road of the map may be used with the profile.
    #[error("the map has no road for the profile {profile:?}")]
    NoRoads {
        /// The profile's name.
        profile: String,
    },
    /// More roads than 31-bit ids can count.
    #[error("the map has too many {what}: {count}")]
    TooLarge {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        count: usize,
    },
}

/// Why a prepared network could not be loaded or saved.
#[derive(Debug, thiserror::Error)]
pub enum PreparedError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is not a prepared road network", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was made by another version of this program.
    #[error("{} has version {found} of the format; this program reads version {expected}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The file's version.
        found: u32,
        /// The version this program reads and writes.
        expected: u32,
    },
    /// The file was made for another profile, or for this one before its rules changed.
    #[error("{} was prepared with other rules of travel", path.display())]
    OtherProfile {
        /// The file.
        path: PathBuf,
    },
    /// The file was made from another map, or from this one before it changed.
    #[error("{} was not prepared from {} as it is now", path.display(), map.display())]
    OtherMap {
        /// The file.
        path: PathBuf,
        /// The map.
        map: PathBuf,
    },
    /// The file is damaged.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Why a network could be neither loaded nor made.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The map could not be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The prepared network could not be written.
    #[error(transparent)]
    Prepared(#[from] PreparedError),
}

/// One place that is too far from any road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stray {
    /// Which of the places given, counted from 0.
    pub index: usize,
    /// Where it is.
    pub position: Position,
    /// Metres to the nearest usable road; infinite for a position that is no number or not on earth.
    pub meters: f64,
}

/// Some places are too far from any road; all of them are listed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{} of the places lie farther than {limit} m from any usable road{}", strays.len(), first(strays))]
pub struct SnapError {
    /// The limit that was passed, in metres.
    pub limit: f64,
    /// The places that failed, in the order given; never empty.
    pub strays: Vec<Stray>,
}

fn first(strays: &[Stray]) -> String {
    strays.first().map_or_else(String::new, |Stray { index, position, meters }| {
        format!("; first: place {index} at {:.6}, {:.6}, {meters:.0} m away", position.lat, position.lon)
    })
}

/// Why a profile file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the profile: {reason}")]
pub struct ProfileError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}
