//! Measures an extract: `cargo run --release -p dispatch-routing --example measure FILE [PLACES]`.
//!
//! Prints seconds of processor time (all threads together) for the import by stage, the snapping of random places on the map
//! and their matrix on one thread and on two, and the process's peak memory.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod account;

use account::processor;
use dispatch_data::place::Position;
use dispatch_data::units::Permille;
use dispatch_routing::{Profile, RoadClass, RoadNetwork, SnapLimit, Traffic};
use std::cell::Cell;
use std::time::Instant;

/// The line of the system's account that says how much memory the process has had at most.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}

/// The last of twenty answers; prints the mean of processor time, and the least and the middle time by the
/// wall clock.
fn repeated<T>(what: &str, mut ask: impl FnMut() -> T) -> T {
    const TIMES: u32 = 20;
    let start = processor();
    let (mut walls, mut answer) = (Vec::new(), None);
    for _ in 0..TIMES {
        drop(answer.take());
        let start = Instant::now();
        answer = Some(ask());
        walls.push(start.elapsed().as_secs_f64());
    }
    let mean = (processor() - start) / f64::from(TIMES);
    walls.sort_by(f64::total_cmp);
    let (best, middle) = (walls[0], walls[walls.len() / 2]);
    println!("{mean:8.3} s {what} ({best:.4} s by the wall clock at best, {middle:.4} s in the middle)");
    answer.unwrap_or_else(|| unreachable!("asked {TIMES} times"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: measure FILE [PLACES]")?;
    let count: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let (start, wall) = (processor(), Instant::now());
    let last = Cell::new(start);
    let network = RoadNetwork::import(file.as_ref(), &Profile::car()?, &|stage| {
        println!("  {:8.3} s until {stage:?}", processor() - last.replace(processor()));
    })?;
    let wall = wall.elapsed().as_secs_f64();
    println!("{:8.3} s import ({wall:.3} s by the wall clock): {:?}", processor() - start, network.size());
    println!("         {} after the import", peak());
    let prepared = std::env::temp_dir().join(format!("measure-{}.roads", std::process::id()));
    network.save(&prepared)?;
    println!("         {} after saving it", peak());
    let size = std::fs::metadata(&prepared)?.len();
    let car = Profile::car()?;
    let network = repeated(&format!("loading of {size} bytes prepared"), || RoadNetwork::load(&prepared, &car))?;
    std::fs::remove_file(&prepared)?;
    let rush = Traffic::default().with(RoadClass::Primary, Permille(600));
    drop(repeated("a new metric", || network.with_traffic(&rush)));
    let bounds = network.bounds();
    // Places at points of roads, spread by a fixed stride.
    let points: Vec<Position> = network.lines(bounds).map(|line| line.points[line.points.len() / 2]).collect();
    let places: Vec<Position> = (0..count).map(|k| points[k * 7919 % points.len()]).collect();
    let start = processor();
    let snapped = network.snap(&places, SnapLimit::default())?;
    println!("{:8.3} s snapping of {count} places", processor() - start);
    let table = |threads: usize| -> Result<_, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(repeated(&format!("matrix of {count} × {count}, threads: {threads}"), || {
            pool.install(|| network.matrix(&snapped))
        }))
    };
    table(2)?;
    let matrix = table(1)?;
    let sum: u64 = (0..count).flat_map(|from| matrix.row(from.into())).map(|leg| u64::from(leg.seconds)).sum();
    println!("         mean leg {} s", sum / (count * count).max(1) as u64);
    let start = processor();
    for pair in snapped.windows(2).take(200) {
        drop(network.path(&pair[0], &pair[1]));
    }
    println!("{:8.3} ms a path with its line", (processor() - start) * 1000.0 / 200.0);
    let start = processor();
    let live = network.live(&snapped);
    println!("{:8.3} s buckets of {count} living places", processor() - start);
    let mut query = live.query();
    let start = processor();
    for place in snapped.iter().cycle().take(500) {
        query.legs(place);
    }
    println!("{:8.3} ms a new place against them, both directions", (processor() - start) * 1000.0 / 500.0);
    println!("         {} in all", peak());
    Ok(())
}
