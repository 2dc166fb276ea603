//! A promised bill is the bill paid, and the quick answer is the slow one.

use super::random_day::{Size, random_day, rng};
use crate::construct::construct;
use crate::insertion::Finder;
use crate::instance::{FIXED_POINT, Instance};
use crate::recreate::Recreate;
use crate::ruin::Ruin;
use crate::walk::{self, RouteNode};
use crate::{Params, Stop, solve};
use rand::RngExt;

#[test]
fn a_promised_bill_is_the_bill_paid() {
    let mut asked = 0;
    for seed in 0..150 {
        let (problem, travel) = random_day(seed, Size { jobs: 12, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let solution = construct(&instance, None, &|| false);
        let mut rng = rng(seed);
        for route in solution.routes.iter().filter(|route| !route.is_empty()) {
            for _ in 0..20 {
                let from = rng.random_range(0..=route.stops.len());
                let until = rng.random_range(from..=route.stops.len());
                let put: Vec<RouteNode> = (0..rng.random_range(0..3))
                    .map(|_| RouteNode::new(crate::instance::NodeId(rng.random_range(0..problem.jobs.len() as u32))))
                    .collect();
                let promised = route.bill_if(&instance, from..until, &put);
                let mut stops = route.stops.clone();
                stops.splice(from..until, put);
                let paid = walk::day(&instance, instance.shift(route.shift), &stops);
                assert_eq!(promised, paid, "seed {seed}");
                asked += u32::from(paid.is_some());
            }
        }
    }
    assert!(asked > 500, "too few splices fit to mean anything: {asked}");
}

/// Every position the quick way against a full walk. Exact for the walk; within rounding elsewhere.
#[test]
fn the_quick_insertion_agrees_with_the_walk_at_every_position() {
    let mut compared = 0;
    for seed in 0..300 {
        let (problem, travel) = random_day(seed, Size { jobs: 12, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let some: Vec<_> = (0..4).map(dispatch_data::ids::JobIx).collect();
        solution.remove(&some);
        for job in solution.absent().to_vec() {
            let id = Instance::job_node(job);
            for route in &solution.routes {
                if route.is_empty()
                    || !instance.eligible.get(route.shift.index(), job.index())
                    || instance.node(id).ordered
                {
                    continue;
                }
                for at in 0..=route.stops.len() {
                    let quick = route.best_insertion(&instance, id, at..at + 1, i64::MAX);
                    let mut stops = route.stops.clone();
                    stops.insert(at, RouteNode::new(id));
                    let mut trial = crate::route::Route::empty(route.shift);
                    trial.stops = stops;
                    let paid = trial.refresh(&instance).then(|| trial.cost - route.cost);
                    assert_eq!(quick.is_some(), paid.is_some(), "seed {seed}, job {job:?}, {:?} at {at}", route.shift);
                    if let (Some((_, weight)), Some(paid)) = (quick, paid) {
                        let off = (weight >> FIXED_POINT) - paid.0;
                        assert!(off.abs() <= 4, "seed {seed}: {} against {paid:?}", weight >> FIXED_POINT);
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn undo_restores_price_places_and_lots() {
    for seed in 0..120 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let mut rng = rng(seed);
        let mut ruin = Ruin::new(&instance);
        let mut recreate = Recreate::new(&instance, &mut rng);
        for _ in 0..30 {
            let before: Vec<_> = solution.routes.iter().map(|route| (route.stops.clone(), route.cost)).collect();
            let (cost, lots) = (solution.cost(), solution.lots_left().to_vec());
            let mut absent = solution.absent().to_vec();
            solution.begin();
            ruin.choose(&solution, &mut rng);
            solution.remove(&ruin.removed);
            recreate.mend(&mut solution, &ruin.removed, ruin.seed, f64::INFINITY, &mut rng);
            assert_eq!(solution.cost(), solution.recounted(), "seed {seed}");
            if rng.random_bool(0.5) {
                solution.undo();
                let after: Vec<_> = solution.routes.iter().map(|route| (route.stops.clone(), route.cost)).collect();
                let mut absent_after = solution.absent().to_vec();
                absent.sort_unstable();
                absent_after.sort_unstable();
                assert_eq!(before, after, "seed {seed}");
                assert_eq!((cost, lots, absent), (solution.cost(), solution.lots_left().to_vec(), absent_after));
            }
        }
    }
}

/// A finder that remembers must say what one that looks anew each time says, also after undone steps.
#[test]
fn what_is_remembered_of_a_route_is_what_a_fresh_look_finds() {
    let mut compared = 0;
    for seed in 0..120 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 4 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let mut rng = rng(seed);
        let (mut ruin, mut recreate) = (Ruin::new(&instance), Recreate::new(&instance, &mut rng));
        let (mut old, mut fresh) = (Finder::remembering(&instance), Finder::default());
        for _ in 0..30 {
            solution.begin();
            ruin.choose(&solution, &mut rng);
            solution.remove(&ruin.removed);
            for job in solution.absent().to_vec() {
                let limit = rng.random_range(1..1_000_000_i64) << FIXED_POINT;
                let known = old.best(&solution, job, limit, || false).map(|found| found.weight);
                let found = fresh.best(&solution, job, limit, || false).map(|found| found.weight);
                assert_eq!(known, found, "seed {seed}, {job:?}");
                compared += u32::from(found.is_some());
            }
            recreate.mend(&mut solution, &ruin.removed, ruin.seed, f64::INFINITY, &mut rng);
            if rng.random_bool(0.6) {
                solution.undo();
            }
        }
    }
    assert!(compared > 5000, "{compared}");
}

#[test]
fn leniency_changes_what_the_search_reckons_with_and_never_the_price() {
    for seed in 0..40 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 2 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let some: Vec<_> = (0..6).map(dispatch_data::ids::JobIx).collect();
        solution.begin();
        solution.remove(&some);
        let price = solution.cost();
        let dearest = some.iter().map(|job| instance.nodes[job.index()].drop).max().unwrap();
        for cap in [0, dearest.0 / 2, dearest.0, i64::MAX] {
            solution.reckon(|_| dispatch_data::units::Cost(cap));
            assert_eq!((solution.cost(), solution.recounted()), (price, price), "seed {seed}");
            assert!(solution.lenient_cost() <= price);
        }
        solution.reckon(|job| dispatch_data::units::Cost(i64::from(job.0) * 7));
        solution.undo();
        assert_eq!(solution.cost(), solution.recounted(), "seed {seed}");
    }
}

#[test]
fn one_seed_is_one_plan_on_one_two_and_four_threads() {
    for seed in [3, 4] {
        let (problem, travel) = random_day(seed, Size { jobs: 30, technicians: 6 });
        let plan = |threads| {
            let params = Params { seed, islands: 4, threads, ..Params::default() };
            solve(&problem, &travel, &params, &Stop::iterations(400)).plan
        };
        let one = plan(1);
        assert_eq!(one, plan(2), "seed {seed}");
        assert_eq!(one, plan(4), "seed {seed}");
    }
}

#[test]
fn an_insertion_that_does_not_fit_after_all_changes_nothing() {
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 2 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let mut finder = Finder::default();
        for job in solution.absent().to_vec() {
            for shift in 0..instance.shifts.len() {
                let shift = dispatch_data::ids::ShiftIx::from(shift);
                let forced = crate::solution::Insertion { shift, at: 0, collection: None, weight: 0 };
                let honest = finder.best_on(&solution, shift, job, i64::MAX);
                let (stops, cost) = (solution.route(shift).stops.clone(), solution.cost());
                if honest.is_none() && !solution.insert(job, forced) {
                    assert_eq!((stops, cost), (solution.route(shift).stops.clone(), solution.cost()), "seed {seed}");
                }
            }
        }
    }
}
