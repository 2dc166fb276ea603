//! The kernels under the plan: all travel of a town, the judge, the search per iteration.
//!
//! Inputs are made here from seeds, so the figures need no file but the bundled map. The search is
//! measured by iterations, never by seconds: it does the same work on every run.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dispatch_data::judge::judge;
use dispatch_data::place::Position;
use dispatch_data::problem::Problem;
use dispatch_data::travel::{Travel, TravelMatrix};
use dispatch_routing::{Profile, RoadNetwork, SnapLimit, Snapped};
use dispatch_solver::measured::Recombination;
use dispatch_solver::{Instance, Params, Stop, solve};
use serde_json::{Value, json};
use std::hint::black_box;
use std::path::Path;

const ITERATIONS: u64 = 200;

const CLASSES: [&str; 4] = ["P1", "P2", "P3", "P4"];

/// Numbers that look random and are the same everywhere (a linear congruence, constants by Knuth).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
    /// A position in the valley of the bundled map.
    fn position(&mut self) -> Position {
        Position { lat: 47.10 + self.below(120_000) as f64 / 1e6, lon: 9.50 + self.below(25_000) as f64 / 1e6 }
    }
}

/// A day of so many jobs with skills, promises and breaks, one technician for every eight.
fn day(jobs: usize) -> Problem {
    let mut numbers = Numbers(jobs as u64);
    let at = |minute: u64| format!("2026-06-15T{:02}:{:02}:00Z", minute / 60, minute % 60);
    let place = |numbers: &mut Numbers| {
        let Position { lat, lon } = numbers.position();
        json!({"lat": lat, "lon": lon})
    };
    let skills = ["boiler", "chiller", "lift"];
    let technicians: Vec<Value> = (0..jobs.div_ceil(8))
        .map(|k| {
            json!({
                "id": format!("tech {k}"),
                "home": place(&mut numbers),
                "skills": {(skills[k % 3]): 2, (skills[(k + 1) % 3]): 1},
                "prices": {"work": 3000, "distance": 60, "overtime": 1500},
                "shifts": [{
                    "start": at(8 * 60), "end": at(16 * 60), "latest_end": at(17 * 60),
                    "breaks": [{"window": {"open": at(11 * 60), "close": at(13 * 60)}, "duration": "PT30M"}],
                }],
            })
        })
        .collect();
    let jobs: Vec<Value> = (0..jobs)
        .map(|k| {
            let due = 9 * 60 + 30 * numbers.below(12);
            json!({
                "id": format!("T-{k}"),
                "place": place(&mut numbers),
                "work": format!("PT{}M", 15 + 5 * numbers.below(10)),
                "skills": {"all_of": {(skills[numbers.below(3) as usize]): 1 + numbers.below(2)}},
                "priority": CLASSES[numbers.below(4) as usize],
                "sla": {"arrive": {"due": at(due), "late_price": 3000}},
            })
        })
        .collect();
    let problem = json!({
        "schema_version": 1,
        "horizon": {"start": at(0), "end": at(24 * 60 - 1), "zone": "UTC"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 12}},
        "technicians": technicians,
        "jobs": jobs,
    });
    dispatch_data::format::read_problem(problem.to_string()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn travel(problem: &Problem) -> Travel {
    let positions: Vec<_> = problem.places.iter().map(|place| place.position).collect();
    Travel::new(vec![TravelMatrix::great_circle(&positions, 1.3, 12.0)])
}

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
