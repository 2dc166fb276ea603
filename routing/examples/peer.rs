//! Our side of the comparison with other road engines: see `benches/roads/peers.py`, which calls it.
//!
//! `cargo run --release -p dispatch-routing --example peer -- MAP COUNT REPEATS OUT` picks COUNT places on the
//! roads of MAP by a fixed stride, works out all legs between them on one thread, and writes to OUT a line
//! for each place: latitude, longitude, and seconds and metres from it to the place 389 further on.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use dispatch_data::ids::PlaceIx;
use dispatch_data::place::Position;
use dispatch_routing::{Profile, RoadNetwork, SnapLimit};
use std::fmt::Write as _;

/// Seconds of processor time the main thread has used, to the nanosecond; 0 where the system does not tell.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [map, count, repeats, out] = arguments.as_slice() else {
        return Err("usage: peer MAP COUNT REPEATS OUT".into());
    };
    let (count, repeats): (usize, usize) = (count.parse()?, repeats.parse()?);
    let network = RoadNetwork::import(map.as_ref(), &Profile::car()?, &|_| {})?;
    let points: Vec<Position> =
        network.lines(network.bounds()).map(|line| line.points[line.points.len() / 2]).collect();
    let places: Vec<Position> = (0..count).map(|k| points[k * 7919 % points.len()]).collect();
    let places = network.snap(&places, SnapLimit::default())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build()?;
    let mut best = f64::INFINITY;
    for _ in 0..repeats.max(1) {
        let start = processor();
        drop(pool.install(|| network.matrix(&places)));
        best = best.min(processor() - start);
    }
    println!("{best:.4}");
    let matrix = network.matrix(&places);
    let mut lines = String::new();
    for (at, place) in places.iter().enumerate() {
        let leg = matrix.leg(PlaceIx::from(at), PlaceIx::from((at + 389) % count));
        let Position { lat, lon } = place.position;
        writeln!(lines, "{lat:.7} {lon:.7} {} {}", leg.seconds, leg.meters)?;
    }
    std::fs::write(out, lines)?;
    Ok(())
}
