//! `dispatch matrix`: seconds and metres between the places of a problem.

use crate::failure::Failure;
use crate::roads::World;
use crate::{input, output, write};
use clap::Args;
use dispatch_data::ids::{PlaceIx, ProfileIx};
use dispatch_data::place::Place;
use dispatch_data::problem::Problem;
use dispatch_data::travel::{Leg, Travel};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Reckon all travel between the places of a problem.
///
/// Gives every place, and per travel profile two tables by row (from) and column (to): `seconds` and
/// `meters`; `null` where there is no way. Rush hours are not in it: they depend on the departure.
#[derive(Args)]
pub(crate) struct Matrix {
    /// The problem, in the wire format.
    problem: PathBuf,
    /// The map (.osm.pbf), where it is not the one that the problem names.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Where the tables go [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Matrix {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let Self { problem: source, map, out } = self;
        let problem = input::problem(&source)?;
        if let Some(path) = &out {
            write::possible(path, &[&source])?;
        }
        let world = World::of(&problem, &source, map.as_deref())?;
        let tables = tables(&problem, &world.travel);
        match out {
            Some(path) => write::text(&path, &format!("{tables}\n"))?,
            None => output::say(tables.to_string()),
        }
        Ok(())
    }
}

fn tables(problem: &Problem, travel: &Travel) -> Value {
    let places: Vec<Value> = problem
        .places
        .iter()
        .map(|Place { id, position, matrix_index }| {
            let (lat, lon) = (position.map(|p| p.lat), position.map(|p| p.lon));
            json!({"id": id, "lat": lat, "lon": lon, "index": matrix_index})
        })
        .collect();
    let profiles: Map<String, Value> = problem
        .profiles
        .iter()
        .enumerate()
        .map(|(at, profile)| {
            let table = |unit: fn(Leg) -> u32| -> Vec<Vec<Option<u32>>> {
                let row = |from: usize| {
                    let legs = travel.matrix(ProfileIx::from(at)).row(PlaceIx::from(from));
                    legs.iter().map(|leg| leg.is_reachable().then(|| unit(*leg))).collect()
                };
                (0..problem.places.len()).map(row).collect()
            };
            let tables = json!({"seconds": table(|leg| leg.seconds), "meters": table(|leg| leg.meters)});
            (profile.id.clone(), tables)
        })
        .collect();
    // As plans write it.
    let fingerprint = format!("{:016x}", travel.fingerprint());
    json!({"places": places, "profiles": profiles, "travel_fingerprint": fingerprint})
}
