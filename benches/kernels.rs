//! The kernels under the plan: all travel of a town, the judge, and of the search a splice priced, a place
//! found for a job, an iteration, a recombination, and a whole short search.
//!
//! Inputs are made here from seeds, so the figures need no file but the bundled map. The search is
//! measured by iterations, never by seconds: it does the same work on every run. A walked day has promises, breaks
//! and overtime, so that every bill is a walk through it; a plain one has none, and most answers need no walk.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use day::{Numbers, day, plain, travel};
use dispatch_data::judge::judge;
use dispatch_data::place::Position;
use dispatch_data::problem::Problem;
use dispatch_routing::{Profile, RoadNetwork, SnapLimit, Snapped};
use dispatch_solver::measured::{Questions, Recombination, Searching};
use dispatch_solver::{Instance, Params, Stop, solve};
use std::hint::black_box;
use std::path::Path;

const ITERATIONS: u64 = 200;
/// Iterations before a plan is asked or gone on with.
const PREPARING: u64 = 5_000;

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

/// Each kind of day in each size, with its name.
fn days() -> impl Iterator<Item = (String, Problem)> {
    [80, 400].into_iter().flat_map(|jobs| {
        [(format!("a walked day of {jobs} jobs"), day(jobs)), (format!("a plain day of {jobs} jobs"), plain(jobs))]
    })
}

fn asking(bench: &mut Criterion) {
    for (name, problem) in days() {
        let travel = travel(&problem);
        let instance = Instance::new(&problem, &travel);
        let ready = Questions::prepared(&instance, PREPARING);
        let mut group = bench.benchmark_group("splices");
        group.throughput(Throughput::Elements(ready.splices() as u64));
        group.bench_function(format!("three stops turned round on {name}"), |timer| {
            timer.iter(|| ready.price_splices());
        });
        group.finish();
        let mut group = bench.benchmark_group("insertions");
        group.throughput(Throughput::Elements(ready.insertions() as u64));
        group.bench_function(format!("the lightest place on {name}"), |timer| {
            timer.iter(|| ready.find_places());
        });
        group.finish();
    }
}

fn going_on(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("iterations");
    group.sample_size(20).throughput(Throughput::Elements(ITERATIONS));
    for (name, problem) in days() {
        let travel = travel(&problem);
        let instance = Instance::new(&problem, &travel);
        let mut ready = Searching::prepared(&instance, PREPARING);
        group.bench_function(format!("{ITERATIONS} more on {name}"), |timer| {
            timer.iter(|| ready.run(ITERATIONS));
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
        group.bench_function(format!("first plan and {ITERATIONS} iterations on {jobs} jobs, one thread"), |timer| {
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

criterion_group!(kernels, matrix, judging, asking, going_on, searching, recombining);
criterion_main!(kernels);
