//! The roads of a map.

use crate::failure::Failure;
use anyhow::Context;
use dispatch_data::finding::{Code, Finding};
use dispatch_routing::{Profile, RoadNetwork};
use std::path::Path;

/// The roads of a map for cars.
pub(crate) fn network(map: &Path) -> Result<RoadNetwork, Failure> {
    let profile = Profile::car().context("the built-in road profile does not read")?;
    RoadNetwork::import(map, &profile, &|_| {}).map_err(|error| {
        let finding = Finding::new("", Code::BadFormat, "a map (.osm.pbf)", error.to_string());
        Failure::input(map.display().to_string(), vec![finding])
    })
}
