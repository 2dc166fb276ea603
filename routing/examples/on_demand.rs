//! Measures travel on demand: `cargo run --release -p dispatch-routing --example on_demand FILE [PLACES]`.
//!
//! FILE is an extract or the prepared file of one (for the car). Prints seconds of processor time for the
//! snapping of places spread over all roads, the making of the source, the nearest forty by travel time, and
//! legs between random places, and the process's memory at each step.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod account;

use account::processor;
use dispatch_data::ids::PlaceIx;
use dispatch_data::place::Position;
use dispatch_data::travel::LegSource;
use dispatch_routing::{CacheLimits, Profile, RoadNetwork, SnapLimit, TravelOnDemand};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use std::sync::Arc;

/// Megabytes of memory in use, now and at most.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    };
    format!("{} MB now, {} MB at most", field("VmRSS:") / 1024, field("VmHWM:") / 1024)
}

fn timed<T>(what: &str, times: usize, ask: impl FnOnce() -> T) -> T {
    let start = processor();
    let answer = ask();
    let spent = processor() - start;
    println!("{spent:8.3} s {what}: {:.1} µs each; {}", spent * 1e6 / times.max(1) as f64, memory());
    answer
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: on_demand FILE [PLACES]")?;
    let count: usize = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let car = Profile::car()?;
    let network = timed("roads", 1, || -> Result<_, Box<dyn std::error::Error>> {
        Ok(if file.ends_with(".pbf") {
            RoadNetwork::import(file.as_ref(), &car, &|_| {})?
        } else {
            RoadNetwork::load(file.as_ref(), &car)?
        })
    })?;
    let points: Vec<Position> =
        network.lines(network.bounds()).map(|line| line.points[line.points.len() / 2]).collect();
    let places: Vec<Position> = (0..count).map(|k| points[k * 7919 % points.len()]).collect();
    drop(points);
    // The middle of a ferry lies far from any road.
    let places = timed("snapping", count, || network.snap(&places, SnapLimit(10_000.0)))?;
    let limits = CacheLimits::default();
    let travel = timed("making", count, || TravelOnDemand::new(Arc::new(network), places, limits));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut place = || PlaceIx::from(random.random_range(0..count));
    let mut last = 0;
    timed("nearest forty of 2,000 places", 2000, || {
        for _ in 0..2000 {
            last = last.max(travel.nearest(place(), 40).last().map_or(0, |(_, leg)| leg.seconds));
        }
    });
    println!("         the farthest of them all takes {last} s");
    timed("nearest forty of every place, all threads", count, || {
        (0..count).into_par_iter().map(|from| travel.nearest(PlaceIx::from(from), 40).len()).sum::<usize>()
    });
    let legs = timed("200,000 random legs", 200_000, || {
        (0..200_000).filter(|_| travel.leg(place(), place()).is_reachable()).count()
    });
    println!("         {legs} of them have a way");
    timed("a million random legs more", 1_000_000, || {
        for _ in 0..1_000_000 {
            travel.leg(place(), place());
        }
    });
    Ok(())
}
