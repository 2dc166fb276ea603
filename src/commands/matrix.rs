//! `dispatch matrix`: seconds and metres between the places of a problem.

use crate::failure::Failure;
use crate::roads::{Given, World};
use crate::{input, output, write};
use clap::Args;
use dispatch_data::ids::{PlaceIx, ProfileIx};
use dispatch_data::place::Place;
use dispatch_data::problem::Problem;
use dispatch_data::travel::{Hours, Leg, Travel, TravelMatrix};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Reckon all travel between the places of a problem.
///
/// Gives every place, and per travel profile two tables by row (from) and column (to): `seconds` and
/// `meters`; `null` where there is no way. Where the roads have traffic, `rush` has the tables of the
/// hours named in it. Hourly speeds are not in it: they depend on the departure.
#[derive(Args)]
pub(crate) struct Matrix {
    /// The problem, in the wire format.
    problem: PathBuf,
    #[command(flatten)]
    roads: Given,
    /// Where the tables go [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Matrix {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let Self { problem: source, roads, out } = self;
        let problem = input::problem(&source)?;
        if let Some(path) = &out {
            write::possible(path, &[&source])?;
        }
        let world = World::of(&problem, &source, &roads)?;
        let tables = tables(&problem, &world.travel);
        match out {
            Some(path) => write::text(&path, &format!("{tables}\n"))?,
            None => output::say(tables.to_string()),
        }
        Ok(())
    }
}

/// Seconds and metres of a matrix, row by row.
fn table(matrix: &TravelMatrix) -> Map<String, Value> {
    let rows = |unit: fn(Leg) -> u32| -> Value {
        let row = |from: usize| -> Vec<Option<u32>> {
            matrix.row(PlaceIx::from(from)).map(|leg| leg.is_reachable().then(|| unit(leg))).collect()
        };
        (0..matrix.size()).map(row).collect::<Vec<_>>().into()
    };
    Map::from_iter([("seconds".to_owned(), rows(|leg| leg.seconds)), ("meters".to_owned(), rows(|leg| leg.meters))])
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
            let mut tables = table(travel.matrix(ProfileIx::from(at)));
            if let Some(Hours::Matrices(rush)) = travel.hours(ProfileIx::from(at)) {
                let kinds = rush.matrices.iter().enumerate().map(|(kind, matrix)| {
                    let hours: Vec<usize> = (0..24).filter(|hour| rush.of_hour[*hour] == Some(kind)).collect();
                    let mut entry = Map::from_iter([("hours".to_owned(), json!(hours))]);
                    entry.extend(table(matrix));
                    Value::Object(entry)
                });
                tables.insert("rush".to_owned(), kinds.collect());
            }
            (profile.id.clone(), Value::Object(tables))
        })
        .collect();
    // As plans write it.
    let fingerprint = format!("{:016x}", travel.fingerprint());
    json!({"places": places, "profiles": profiles, "travel_fingerprint": fingerprint})
}
