//! Measures an extract: `cargo run --release -p dispatch-routing --example measure FILE [PLACES]`.
//!
//! Prints seconds by the wall clock for the import by stage, the snapping of random places on the map
//! and their matrix on one thread, and the process's peak memory.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use dispatch_data::place::Position;
use dispatch_routing::{Profile, RoadNetwork, SnapLimit};
use std::cell::Cell;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: measure FILE [PLACES]")?;
    let count: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let start = Instant::now();
    let last = Cell::new(start);
    let network = RoadNetwork::import(file.as_ref(), &Profile::car()?, &|stage| {
        println!("  {:8.3} s before {stage:?}", last.replace(Instant::now()).elapsed().as_secs_f64());
    })?;
    println!("{:8.3} s import: {:?}", start.elapsed().as_secs_f64(), network.size());
    let bounds = network.bounds();
    // Places at points of roads, spread by a fixed stride.
    let points: Vec<Position> = network.lines(bounds).map(|line| line.points[line.points.len() / 2]).collect();
    let places: Vec<Position> = (0..count).map(|k| points[k * 7919 % points.len()]).collect();
    let start = Instant::now();
    let snapped = network.snap(&places, SnapLimit::default())?;
    println!("{:8.3} s snapping of {count} places", start.elapsed().as_secs_f64());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let start = Instant::now();
    let matrix = pool.install(|| network.matrix(&snapped));
    println!("{:8.3} s matrix of {count} × {count}, one thread", start.elapsed().as_secs_f64());
    let sum: u64 = (0..count).flat_map(|from| matrix.row(from.into())).map(|leg| u64::from(leg.seconds)).sum();
    println!("         mean leg {} s", sum / (count * count).max(1) as u64);
    for line in std::fs::read_to_string("/proc/self/status").unwrap_or_default().lines() {
        if line.starts_with("VmHWM") {
            println!("         {line}");
        }
    }
    Ok(())
}
