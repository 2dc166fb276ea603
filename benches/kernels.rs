//! The kernels under the plan: all travel of a town, the judge, the search per iteration.
//!
//! Inputs are made here from seeds, so the figures need no file but the bundled map. The search is
//! measured by iterations, never by seconds: it does the same work on every run.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use day::{Numbers, day, travel};
use dispatch_data::judge::judge;
use dispatch_data::place::Position;
use dispatch_routing::{Profile, RoadNetwork, SnapLimit, Snapped};
use dispatch_solver::measured::Recombination;
use dispatch_solver::{Instance, Params, Stop, solve};
use std::hint::black_box;
use std::path::Path;

const ITERATIONS: u64 = 200;

fn roads() -> (RoadNetwork, Vec<Snapped>) {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/liechtenstein.osm.pbf");
    let profile = Profile::car().unwrap_or_else(|error| panic!("{error}"));
    let network = RoadNetwork::import(&map, &profile, &|_| {}).unwrap_or_else(|error| panic!("{error}"));
    let mut numbers = Numbers(1);
    let positions: Vec<Position> = (0..100).map(|_| numbers.position()).collect();
    let snapped = network.snap(&positions, SnapLimit(5_000.0)).unwrap_or_else(|error| panic!("{error}"));
    (network, snapped)
}

fn matrix(bench: &mut Criterion) {
    let (network, places) = roads();
    let mut group = bench.benchmark_group("roads");
    group.sample_size(20).throughput(Throughput::Elements((places.len() * places.len()) as u64));
    group.bench_function("matrix of 100 × 100 on Liechtenstein", |timer| timer.iter(|| network.matrix(&places)));
    group.finish();
}

fn judging(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("judge");
    for jobs in [80, 400] {
        let problem = day(jobs);
        let travel = travel(&problem);
        let plan = solve(&problem, &travel, &Params::default(), &Stop::iterations(100)).plan;
        group.throughput(Throughput::Elements(jobs as u64));
        group.bench_function(format!("a day of {jobs} jobs"), |timer| {
            timer.iter(|| judge(&problem, &travel, black_box(&plan)));
        });
    }
    group.finish();
}

fn searching(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("search");
    group.sample_size(10).throughput(Throughput::Elements(ITERATIONS));
    let params = Params { islands: 1, threads: 1, explained: 0, ..Params::default() };
    for jobs in [80, 400] {
        let problem = day(jobs);
        let travel = travel(&problem);
        group.bench_function(format!("{ITERATIONS} iterations on {jobs} jobs, one thread"), |timer| {
            timer.iter(|| solve(&problem, &travel, &params, &Stop::iterations(ITERATIONS)));
        });
    }
    group.finish();
}

fn recombining(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("recombination");
    group.sample_size(10);
    for jobs in [80, 400] {
        let problem = day(jobs);
        let travel = travel(&problem);
        let instance = Instance::new(&problem, &travel);
        let ready = Recombination::prepared(&instance, 20_000);
        group.throughput(Throughput::Elements(ready.routes() as u64));
        group.bench_function(format!("the routes of two searches on {jobs} jobs"), |timer| {
            timer.iter(|| ready.run(&instance));
        });
    }
    group.finish();
}

criterion_group!(kernels, matrix, judging, searching, recombining);
criterion_main!(kernels);
