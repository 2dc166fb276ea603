//! The roads of a city: import, loading, new metrics, snapping, tables, trips.
//!
//! On Porto where its extract is at hand (`DISPATCH_OSM`, or `../shared/osm` beside the workspace), else on the
//! bundled Liechtenstein; the name of the map stands in each benchmark's name. Processor time and other maps:
//! `cargo run --release -p dispatch-routing --example measure MAP`.
#![allow(clippy::print_stdout, reason = "the memory it took belongs to its results")]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use dispatch_data::ids::PlaceIx;
use dispatch_data::place::Position;
use dispatch_data::travel::LegSource as _;
use dispatch_data::units::Permille;
use dispatch_routing::{
    CacheLimits, Profile, RoadClass, RoadNetwork, SnapLimit, Snapped, Stage, Traffic, TravelOnDemand,
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

struct City {
    name: &'static str,
    map: PathBuf,
    car: Profile,
    network: RoadNetwork,
    points: Vec<Position>,
}

impl City {
    fn open() -> Self {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let folder = std::env::var_os("DISPATCH_OSM").map_or_else(|| root.join("../shared/osm"), PathBuf::from);
        let porto = folder.join("porto.osm.pbf");
        let (name, map) = if porto.is_file() {
            ("Porto", porto)
        } else {
            ("Liechtenstein", root.join("data/samples/liechtenstein.osm.pbf"))
        };
        let car = Profile::car().unwrap_or_else(|error| panic!("{error}"));
        let network = RoadNetwork::import(&map, &car, &|_| {}).unwrap_or_else(|error| panic!("{error}"));
        let points = network.lines(network.bounds()).map(|line| line.points[line.points.len() / 2]).collect();
        Self { name, map, car, network, points }
    }
    /// Points of roads, spread by a fixed stride.
    fn positions(&self, count: usize) -> Vec<Position> {
        (0..count).map(|k| self.points[k * 7919 % self.points.len()]).collect()
    }
    fn places(&self, count: usize) -> Vec<Snapped> {
        let snapped = self.network.snap(&self.positions(count), SnapLimit::default());
        snapped.unwrap_or_else(|error| panic!("{error}"))
    }
}

fn threads(count: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(count).build().unwrap_or_else(|error| panic!("{error}"))
}

/// What a stage of the import takes, from the one that begins it to the one that follows it.
fn stage(city: &City, from: Stage, to: Stage) -> Duration {
    let told = Mutex::new((Instant::now(), Duration::ZERO));
    let listen = |stage: Stage| {
        if let Ok(mut told) = told.lock() {
            if stage == from {
                told.0 = Instant::now();
            }
            if stage == to {
                told.1 = told.0.elapsed();
            }
        }
    };
    let made = RoadNetwork::import(&city.map, &city.car, &listen);
    assert!(made.is_ok(), "the map was read before");
    told.into_inner().map_or(Duration::ZERO, |(_, took)| took)
}

/// Everything that is made once for each map, of which the import is the sum.
fn stages(group: &mut BenchmarkGroup<'_, WallTime>, city: &City) {
    let parts = [
        ("reading and graph", Stage::Reading, Stage::Turns),
        ("turns, components, index", Stage::Turns, Stage::Order),
        ("order", Stage::Order, Stage::Shape),
        ("shape of the hierarchy", Stage::Shape, Stage::Metric),
        ("first metric", Stage::Metric, Stage::Ready),
    ];
    let pool = threads(2);
    for (name, from, to) in parts {
        group.bench_function(BenchmarkId::new(format!("import: {name}"), "2 threads"), |timer| {
            timer.iter_custom(|times| (0..times).map(|_| pool.install(|| stage(city, from, to))).sum());
        });
    }
}

/// Megabytes of memory the process has had at most; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

fn roads(bench: &mut Criterion) {
    let city = City::open();
    println!("{} MB of memory at most after the import of {}", peak(), city.name);
    let City { name, map, car, network, points: _ } = &city;
    let mut group = bench.benchmark_group(format!("roads of {name}"));
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.sampling_mode(SamplingMode::Flat);
    stages(&mut group, &city);
    let rush = Traffic::default().with(RoadClass::Primary, Permille(600));
    let prepared = std::env::temp_dir().join(format!("bench-{}.roads", std::process::id()));
    network.save(&prepared).unwrap_or_else(|error| panic!("{error}"));
    for count in [1, 2] {
        let pool = threads(count);
        let id = |what: &str| BenchmarkId::new(what, format!("{count} threads"));
        group.bench_function(id("import, order and metric"), |timer| {
            timer.iter(|| pool.install(|| RoadNetwork::import(map, car, &|_| {}).is_ok()));
        });
        group.bench_function(id("loading the prepared file"), |timer| {
            timer.iter_with_large_drop(|| pool.install(|| RoadNetwork::load(&prepared, car)));
        });
        group.bench_function(id("a new metric"), |timer| {
            timer.iter_with_large_drop(|| pool.install(|| network.with_traffic(&rush)));
        });
        for size in [100, 1000, 5000] {
            let places = city.places(size);
            group.bench_function(id(&format!("table of {size} × {size}")), |timer| {
                timer.iter_with_large_drop(|| pool.install(|| network.matrix(&places)));
            });
        }
    }
    let _ = std::fs::remove_file(&prepared);
    let positions = city.positions(1000);
    group.sampling_mode(SamplingMode::Auto);
    group.bench_function("snapping of 1000 places, 1 thread", |timer| {
        let pool = threads(1);
        timer.iter(|| pool.install(|| network.snap(&positions, SnapLimit::default()).is_ok()));
    });
    let places = city.places(8000);
    let live = network.live(&places);
    let mut query = live.query();
    group.bench_function("a new place to and from 8000", |timer| timer.iter(|| query.legs(&places[17])));
    let travel = TravelOnDemand::new(
        Arc::new(city.network.with_traffic(&Traffic::default())),
        places.clone(),
        CacheLimits::default(),
    );
    let mut from = (0..places.len()).cycle();
    group.bench_function("the nearest 40 of 8000", |timer| {
        timer.iter(|| travel.nearest(PlaceIx::from(from.next().unwrap_or_default()), 40));
    });
    let keep_none = CacheLimits { places: 1, legs: 1 };
    let travel =
        TravelOnDemand::new(Arc::new(city.network.with_traffic(&Traffic::default())), places.clone(), keep_none);
    group.bench_function("a single leg", |timer| {
        timer.iter(|| travel.leg(PlaceIx::from(from.next().unwrap_or_default()), PlaceIx(17)));
    });
    group.bench_function("a trip with its line", |timer| timer.iter(|| network.path(&places[0], &places[1])));
    group.finish();
    println!("{} MB of memory at most in all", peak());
}

criterion_group!(benches, roads);
criterion_main!(benches);
