//! The master against trying every subset of its columns, and against itself.

use super::column::{Column, by_scope, columns};
use super::model::Model;
use super::program::{Limit, Program, Row, Side};
use super::scope::{Scope, scopes};
use super::{choose, recombine};
use crate::instance::Instance;
use crate::island::Island;
use crate::pool::{Keys, Pool};
use crate::solution::Solution;
use crate::stop::Stop;
use crate::tests::random_day::{Size, random_day, rng};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::Cost;
use rand::seq::SliceRandom;
use std::sync::Arc;

/// Enough to finish anything of these sizes, for either engine.
const AMPLE: Limit = Limit { seconds: Some(60.0), nodes: Some(10_000) };

/// An island that has searched for a while.
pub(super) fn searched<'a>(instance: &'a Instance<'a>, seed: u64, iterations: u64) -> Island<'a> {
    let pool = Pool::new(Arc::new(Keys::new(instance)), 1_000);
    let nobody = vec![Vec::new(); instance.shifts.len()];
    let mut island = Island::new(instance, &nobody, seed, 0, 1, pool);
    island.run(&Stop::iterations(iterations), 1.0, u64::MAX);
    island
}

/// Whether these columns can all be driven: judged from shifts, vans and lots one by one.
fn drivable(instance: &Instance<'_>, chosen: &[&Column]) -> bool {
    placeable(instance, chosen, &mut Vec::new()) && vans_suffice(instance, chosen) && lots_suffice(instance, chosen)
}

fn placeable(instance: &Instance<'_>, rest: &[&Column], taken: &mut Vec<ShiftIx>) -> bool {
    let Some((column, rest)) = rest.split_first() else { return true };
    (0..instance.shifts.len()).map(ShiftIx::from).any(|shift| {
        let suits = instance.shift(shift).class == column.class && column.only.is_none_or(|only| only == shift);
        if !suits || taken.contains(&shift) {
            return false;
        }
        taken.push(shift);
        let fits = placeable(instance, rest, taken);
        taken.pop();
        fits
    })
}

fn vans_suffice(instance: &Instance<'_>, chosen: &[&Column]) -> bool {
    (0..instance.problem.technicians.len()).all(|technician| {
        (0..instance.problem.parts.len()).all(|part| {
            let own = |column: &&&Column| {
                let shift = instance.class_members[column.class][0];
                instance.shift(shift).technician.index() == technician && instance.shift(shift).shares_van
            };
            let used: u32 = chosen
                .iter()
                .filter(own)
                .flat_map(|column| &column.van)
                .filter(|(own, _)| own.index() == part)
                .map(|(_, units)| *units)
                .sum();
            let shift = chosen.iter().find(own).map(|column| instance.class_members[column.class][0]);
            shift.is_none_or(|shift| {
                let stock = instance.shift(shift).stock.iter().find(|(own, _)| own.index() == part);
                used <= stock.map_or(0, |(_, units)| *units)
            })
        })
    })
}

/// First come, first served, from the earliest lots.
fn lots_suffice(instance: &Instance<'_>, chosen: &[&Column]) -> bool {
    let mut left: Vec<u32> = instance.problem.lots.iter().map(|lot| lot.quantity).collect();
    let mut takings: Vec<_> = chosen.iter().flat_map(|column| &column.takings).collect();
    takings.sort_by_key(|taking| taking.at);
    takings.iter().all(|taking| {
        let mut missing = taking.quantity;
        for lot in instance.lots_of(taking.site, taking.part) {
            if instance.problem.lot(*lot).at <= taking.at {
                let units = left[lot.index()].min(missing);
                left[lot.index()] -= units;
                missing -= units;
            }
        }
        missing == 0
    })
}

/// Cents of a cover: its routes, and the jobs it leaves out.
fn price(instance: &Instance<'_>, chosen: &[&Column]) -> Cost {
    let mut covered = vec![false; instance.jobs];
    chosen.iter().flat_map(|column| column.jobs(instance)).for_each(|job| covered[job.index()] = true);
    let dropped = (0..instance.jobs).filter(|job| !covered[*job]).map(|job| instance.nodes[job].drop);
    chosen.iter().map(|column| column.cost).sum::<Cost>() + dropped.sum::<Cost>()
}

/// The scope of a small day and some of its columns, those of the incumbent first.
pub(super) fn sample<'a>(
    instance: &'a Instance<'a>,
    seed: u64,
    most: usize,
) -> (Solution<'a>, Scope, Vec<Column>, usize) {
    let islands = [searched(instance, seed, 60), searched(instance, seed + 1, 60)];
    let solution = Solution::from_snapshot(instance, islands[0].best().1);
    let scope = scopes(&solution, 0).remove(0);
    let pools: Vec<_> = islands.iter().map(|island| island.pool().entries()).collect();
    let entries = by_scope(instance, std::slice::from_ref(&scope), &pools).remove(0);
    let used = solution.routes.iter().filter(|route| !route.is_empty()).count();
    let mut all = columns(&solution, &scope, entries);
    all[used..].shuffle(&mut rng(seed));
    all.truncate(most.max(used));
    (solution, scope, all, used)
}

#[test]
fn the_whole_program_finds_the_best_subset_of_its_columns() {
    let (mut stocked, mut shared, mut bound) = (0, 0, 0);
    for seed in 0..80 {
        let (problem, travel) = random_day(seed, Size { jobs: 6, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let (solution, scope, all, _) = sample(&instance, seed, 13);
        stocked += usize::from(all.iter().any(|column| !column.takings.is_empty()));
        shared += usize::from(all.iter().any(|column| !column.van.is_empty()));
        bound += usize::from(all.iter().any(|column| column.only.is_some()));
        let best = (0..1_u32 << all.len())
            .map(|subset| -> Vec<&Column> {
                (0..all.len()).filter(|at| subset >> at & 1 == 1).map(|at| &all[at]).collect()
            })
            .filter(|chosen| drivable(&instance, chosen))
            .map(|chosen| price(&instance, &chosen))
            .min()
            .unwrap();
        let program = Model::new(&solution, &scope, &all).program(&instance, all.iter());
        let mut start = vec![0.0; all.len()];
        start.extend(vec![1.0; instance.jobs]);
        let values = program.whole(&start, AMPLE).unwrap();
        let chosen: Vec<&Column> = all.iter().zip(&values).filter(|(_, value)| **value > 0.5).map(|(c, _)| c).collect();
        assert!(drivable(&instance, &chosen), "seed {seed}: the program overdraws something");
        assert_eq!(price(&instance, &chosen), best, "seed {seed}: {} columns", all.len());
    }
    assert!(stocked > 5 && shared > 5 && bound > 5, "stock {stocked}, vans {shared}, bound {bound}");
}

#[test]
fn equal_shifts_share_a_row_and_each_is_used_once() {
    let (problem, travel) = random_day(3, Size { jobs: 6, technicians: 1 });
    let mut draft = problem.into_draft();
    // Three technicians alike, and nothing that tells them apart.
    draft.technicians.truncate(1);
    draft.shifts.truncate(1);
    draft.technicians[0].shifts.1 = ShiftIx(1);
    for k in 1..3_u32 {
        let (mut twin, mut shift) = (draft.technicians[0].clone(), draft.shifts[0].clone());
        twin.id = format!("twin {k}");
        twin.shifts = (ShiftIx(k), ShiftIx(k + 1));
        shift.id = format!("shift of twin {k}");
        shift.technician = dispatch_data::ids::TechIx(k);
        draft.technicians.push(twin);
        draft.shifts.push(shift);
    }
    for job in &mut draft.jobs {
        job.pin = None;
        job.required_technicians = None;
        job.excluded_technicians.clear();
        job.preferred_technicians.clear();
    }
    let problem = draft.check().unwrap();
    let instance = Instance::new(&problem, &travel);
    let (solution, scope, all, _) = sample(&instance, 3, 40);
    assert!(all.iter().all(|column| column.only.is_none() && column.class == all[0].class));
    let program = Model::new(&solution, &scope, &all).program(&instance, all.iter());
    let shared: Vec<&Row> = program.rows.iter().filter(|row| row.side == Side::AtMost(3.0)).collect();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].terms.len(), all.len());
}

#[test]
fn recombination_never_makes_a_plan_dearer_and_counts_right() {
    let mut gains = 0;
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 5 });
        let instance = Instance::new(&problem, &travel);
        let islands = [searched(&instance, seed, 80), searched(&instance, seed + 1, 80)];
        let pools: Vec<&Pool> = islands.iter().map(Island::pool).collect();
        let mut solution = Solution::from_snapshot(&instance, islands[0].best().1);
        let before = solution.cost();
        let gain = recombine(&mut solution, &pools, AMPLE, 0);
        assert!(gain >= Cost::ZERO, "seed {seed}");
        assert_eq!(solution.cost() + gain, before, "seed {seed}");
        #[cfg(debug_assertions)]
        assert_eq!(solution.cost(), solution.recounted(), "seed {seed}");
        gains += usize::from(gain > Cost::ZERO);
    }
    assert!(gains > 5, "only {gains} of 60 plans became cheaper");
}

#[test]
fn a_plan_of_many_jobs_is_recombined_by_parts_that_hold_every_route_once() {
    let (problem, travel) = random_day(7, Size { jobs: 320, technicians: 60 });
    let instance = Instance::new(&problem, &travel);
    let solution = crate::construct::construct(&instance, None, &|| false);
    let used = solution.routes.iter().filter(|route| !route.is_empty()).count();
    for turn in 0..3 {
        let parts = scopes(&solution, turn);
        assert!(parts.len() > 1, "one part");
        let mut seen = vec![0; instance.shifts.len()];
        let mut jobs = vec![0; instance.jobs];
        for part in &parts {
            let own = part.shifts.iter().filter(|shift| !solution.route(**shift).is_empty());
            own.for_each(|shift| seen[shift.index()] += 1);
            part.jobs.iter().for_each(|job| jobs[job.index()] += 1);
            // Full, and then at most one more route.
            let longest = solution.routes.iter().map(|route| route.stops.len()).max().unwrap_or(0);
            assert!(part.jobs.len() <= super::scope::WHOLE + longest, "{} jobs in a part", part.jobs.len());
        }
        assert_eq!(seen.iter().filter(|count| **count == 1).count(), used, "turn {turn}");
        assert!(seen.iter().chain(&jobs).all(|count| *count <= 1), "turn {turn}");
    }
    // Every route loses its first job; the pool still has them whole.
    let island = searched(&instance, 7, 60);
    let mut solution = Solution::from_snapshot(&instance, island.best().1);
    let whole = solution.cost();
    let first =
        |stops: &[crate::walk::RouteNode]| stops.iter().find(|stop| instance.is_job(stop.id)).map(|stop| stop.id.0);
    let lost: Vec<JobIx> = solution.routes.iter().filter_map(|route| first(&route.stops)).map(JobIx).collect();
    solution.remove(&lost);
    let before = solution.cost();
    let gain = recombine(&mut solution, &[island.pool()], AMPLE, 0);
    assert!(before > whole && gain > Cost::ZERO, "{before} instead of {whole}, gained {gain}");
    #[cfg(debug_assertions)]
    assert_eq!(solution.cost(), solution.recounted());
}

#[test]
fn what_costs_too_much_by_shadow_prices_is_not_missed() {
    for seed in 0..30 {
        let (problem, travel) = random_day(seed, Size { jobs: 12, technicians: 4 });
        let instance = Instance::new(&problem, &travel);
        let (solution, scope, all, used) = sample(&instance, seed, 400);
        let model = Model::new(&solution, &scope, &all);
        let program = model.program(&instance, all.iter());
        let mut start: Vec<f64> = (0..all.len()).map(|at| f64::from(u8::from(at < used))).collect();
        start.extend(scope.jobs.iter().map(|job| f64::from(u8::from(solution.shift_of(*job).is_none()))));
        let values = program.whole(&start, AMPLE).unwrap();
        let everything: Vec<&Column> =
            all.iter().zip(&values).filter(|(_, value)| **value > 0.5).map(|(column, _)| column).collect();
        let filtered = match choose(&instance, &scope, &all, used, &model, AMPLE) {
            Some(chosen) => price(&instance, &chosen.iter().map(|at| &all[*at]).collect::<Vec<_>>()),
            None => price(&instance, &all[..used].iter().collect::<Vec<_>>()),
        };
        assert_eq!(filtered, price(&instance, &everything), "seed {seed}");
        if let Some(relaxed) = program.relaxed(AMPLE) {
            assert!(relaxed.cost <= program.cost(&values) + 1e-6, "seed {seed}: the relaxed program is dearer");
            let floor = relaxed.cost - 1e-4 * relaxed.cost.abs();
            let sides = program.rows.iter().zip(&relaxed.prices).map(|(row, price)| match row.side {
                Side::AtLeast(side) | Side::AtMost(side) => side * price,
            });
            // Weak duality, with the columns' own upper bounds priced in.
            let beyond: f64 = all.iter().map(|c| model.reduced_cost(&instance, c, &relaxed.prices).min(0.0)).sum();
            let drops: f64 =
                (0..scope.jobs.len()).map(|job| (program.costs[all.len() + job] - relaxed.prices[job]).min(0.0)).sum();
            assert!(sides.sum::<f64>() + beyond / model.unit() + drops >= floor, "seed {seed}");
        }
    }
}

#[test]
fn a_program_without_room_has_no_answer() {
    let row = |side| Row { terms: vec![(0, 1.0)], side };
    let program =
        Program { costs: vec![1.0], most: vec![1.0], rows: vec![row(Side::AtLeast(2.0)), row(Side::AtMost(1.0))] };
    assert_eq!(program.whole(&[1.0], AMPLE), None);
    assert!(program.relaxed(AMPLE).is_none());
}

#[test]
fn stock_that_others_keep_is_not_offered() {
    for seed in 0..400 {
        let (problem, travel) = random_day(seed, Size { jobs: 8, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let island = searched(&instance, seed, 60);
        let solution = Solution::from_snapshot(&instance, island.best().1);
        let Some(keeper) = solution.routes.iter().find(|route| route.supply.fetches.iter().any(|f| f.lot.is_some()))
        else {
            continue;
        };
        let mut scope = scopes(&solution, 0).remove(0);
        scope.shifts.retain(|shift| *shift != keeper.shift);
        let column = Column::of_route(&instance, keeper, solution.cost());
        if column.takings.len() != 1 {
            continue;
        }
        let model = Model::new(&solution, &scope, std::slice::from_ref(&column));
        let taking = column.takings[0];
        let held: u32 = instance.lots_of(taking.site, taking.part).iter().map(|lot| problem.lot(*lot).quantity).sum();
        let kept: u32 = solution
            .routes
            .iter()
            .filter(|route| scope.shifts.binary_search(&route.shift).is_err())
            .flat_map(|route| &route.supply.fetches)
            .filter(|fetch| fetch.lot.is_some_and(|lot| instance.lots_of(taking.site, taking.part).contains(&lot)))
            .map(|fetch| fetch.quantity)
            .sum();
        let program = model.program(&instance, std::iter::once(&column));
        let last = program.rows.iter().rev().find(|row| row.terms.iter().any(|(at, _)| *at == 0)).unwrap();
        assert!(kept > 0);
        assert!(matches!(last.side, Side::AtMost(most) if most <= f64::from(held - kept)), "seed {seed}: {last:?}");
        return;
    }
    panic!("no day with a collection in 400");
}
