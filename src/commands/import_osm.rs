//! `dispatch import-osm`: what a map holds for this engine.

use crate::clock::Clock;
use crate::failure::Failure;
use crate::{output, roads, write};
use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;
use dispatch_data::place::Position;
use dispatch_routing::{Bounds, Profile, RoadLine, RoadNetwork, Size};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Read a map and say what roads it has; draw them, if asked.
#[derive(Args)]
pub(crate) struct ImportOsm {
    /// The map (.osm.pbf).
    map: PathBuf,
    /// Way of travelling.
    #[arg(long, default_value = "car", value_parser = PossibleValuesParser::new(Profile::BUNDLED))]
    profile: String,
    /// Write all roads as GeoJSON.
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
}

impl ImportOsm {
    pub(crate) fn run(self, clock: Clock) -> Result<(), Failure> {
        let Self { map, profile, geojson } = self;
        let profile = Profile::bundled(&profile).context("no such road profile")?;
        let profile = profile.context("a built-in road profile does not read")?;
        let before = clock.seconds();
        let network = roads::network(&map, &profile)?;
        let seconds = clock.seconds() - before;
        let Size { nodes, edges, arcs, turns, joins: _, rungs: _ } = network.size();
        let Bounds { south, west, north, east } = network.bounds();
        output::say(format!(
            "{}: {nodes} junctions, {edges} stretches of road, {arcs} directions, {turns} turns, read in {seconds:.1} s",
            map.display()
        ));
        output::say(format!("latitude {south:.4} to {north:.4}, longitude {west:.4} to {east:.4}"));
        if let Some(path) = geojson {
            write::text(&path, &(lines(&network).to_string() + "\n"))?;
            output::say(format!("written: {}", path.display()));
        }
        Ok(())
    }
}

/// All roads as a FeatureCollection (RFC 7946), longitude first.
fn lines(network: &RoadNetwork) -> Value {
    let feature = |RoadLine { class, points }: RoadLine| {
        let line: Vec<Value> = points.iter().map(|Position { lat, lon }| json!([lon, lat])).collect();
        json!({
            "type": "Feature",
            "properties": {"class": class.name()},
            "geometry": {"type": "LineString", "coordinates": line},
        })
    };
    let features: Vec<Value> = network.lines(network.bounds()).map(feature).collect();
    json!({"type": "FeatureCollection", "features": features})
}
