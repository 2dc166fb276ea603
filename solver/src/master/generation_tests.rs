//! Days proposed by labelling against trying every order, the warm program against a cold one, and dives.

use super::column::{self, Column};
use super::cuts::{self, Cuts};
use super::guide::Guide;
use super::labels::{Labels, Worth};
use super::model::Model;
use super::pricer::Pricer;
use super::program::{Limit, Program};
use super::simplex::Fate;
use super::tests::{sample, searched};
use crate::instance::{Grade, Instance};
use crate::solution::Solution;
use crate::tests::random_day::{Size, random_day, rng};
use crate::walk::RouteNode;
use crate::{Params, Stop, solve};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::problem::{PaidFrom, Problem, Sla};
use dispatch_data::travel::Travel;
use dispatch_data::units::{Cost, Rate};
use rand::RngExt;

/// A day without anything that labels do not see.
fn plain_day(seed: u64) -> (Problem, Travel) {
    let (problem, travel) = random_day(seed, Size { jobs: 6, technicians: 2 });
    let mut draft = problem.into_draft();
    for job in &mut draft.jobs {
        job.sla = Sla::default();
        job.preferred_technicians.clear();
        job.end_windows.clear();
        job.windows.truncate(1);
        job.parts.clear();
        job.tools.clear();
        job.pin = None;
    }
    for shift in &mut draft.shifts {
        shift.breaks.clear();
        shift.capacity.clear();
        (shift.max_travel, shift.max_distance) = (None, None);
    }
    draft.technicians.iter_mut().for_each(|technician| technician.prices.overtime = Rate(0));
    draft.objective.outside_preferred_region = Cost(0);
    draft.objective.paid_from = PaidFrom::LatestDeparture;
    (draft.check().unwrap_or_else(|findings| panic!("seed {seed}: {findings:?}")), travel)
}

/// Jobs at their prices, and no cut.
fn plain(prices: &[f64]) -> Worth {
    Worth::new(prices.to_vec(), Vec::new(), &Cuts::new(prices.len()))
}

/// What a day is worth: the prices of its jobs less the fines of the cuts of which it holds two jobs.
fn worth_of(day: &[RouteNode], prices: &[f64], cuts: &[([JobIx; 3], f64)]) -> f64 {
    let holds = |job: &&JobIx| day.iter().any(|stop| stop.id == Instance::job_node(**job));
    let fined = cuts.iter().filter(|(jobs, _)| jobs.iter().filter(holds).count() > 1).map(|(_, fine)| fine);
    day.iter().map(|stop| prices[stop.id.0 as usize]).sum::<f64>() - fined.sum::<f64>()
}

/// The cheapest day beyond what it is worth, by trying every order of every subset.
fn cheapest(
    pricer: &mut Pricer<'_>,
    shift: ShiftIx,
    jobs: &[JobIx],
    (prices, cuts): (&[f64], &[([JobIx; 3], f64)]),
    day: &mut Vec<RouteNode>,
    best: &mut f64,
) {
    for job in jobs {
        let node = RouteNode::new(Instance::job_node(*job));
        if day.iter().any(|stop| stop.id == node.id) {
            continue;
        }
        day.push(node);
        if let Some(cost) = pricer.price(shift, day.iter().copied(), None) {
            *best = best.min(cost.0 as f64 - worth_of(day, prices, cuts));
        }
        cheapest(pricer, shift, jobs, (prices, cuts), day, best);
        day.pop();
    }
}

#[test]
fn labels_find_the_day_that_trying_every_order_finds() {
    find_the_best_day(0);
}

#[test]
fn so_they_do_where_cuts_fine_two_jobs_in_one_day() {
    find_the_best_day(4);
}

/// Against every order tried, with so many cuts.
fn find_the_best_day(cuts: usize) {
    let (mut tried, mut found) = (0, 0);
    for seed in 0..100 {
        let (problem, travel) = plain_day(seed);
        let instance = Instance::new(&problem, &travel);
        let mut rng = rng(seed);
        let prices: Vec<f64> = (0..instance.jobs).map(|_| rng.random_range(0.0..20_000.0)).collect();
        for shift in (0..instance.shifts.len()).map(ShiftIx::from) {
            if instance.shift(shift).grade == Grade::Walk {
                continue;
            }
            let jobs: Vec<JobIx> = (0..instance.jobs)
                .map(JobIx::from)
                .filter(|job| {
                    let node = instance.node(Instance::job_node(*job));
                    node.plain && !node.supplied && !node.ordered && instance.eligible.get(shift.index(), job.index())
                })
                .collect();
            let mut pricer = Pricer::new(&instance);
            let cut = |_| {
                let mut triple = [0; 3].map(|_| JobIx(rng.random_range(0..instance.jobs as u32)));
                triple.sort_unstable();
                (triple, rng.random_range(0.0..10_000.0))
            };
            let mut fined: Vec<([JobIx; 3], f64)> = (0..cuts).map(cut).collect();
            fined.retain(|([a, b, c], _)| a < b && b < c);
            let mut known = Cuts::new(instance.jobs);
            fined.iter().for_each(|(jobs, _)| known.add(*jobs));
            let worth = Worth::new(prices.clone(), fined.iter().map(|(_, fine)| *fine).collect(), &known);
            let mut best = f64::INFINITY;
            cheapest(&mut pricer, shift, &jobs, (&prices, &fined), &mut Vec::new(), &mut best);
            let days = Labels::new(&instance, shift, &jobs).days(&worth, 3, Labels::BROAD);
            let of = |day: &Vec<RouteNode>, pricer: &mut Pricer<'_>| {
                let cost = pricer
                    .price(shift, day.iter().copied(), None)
                    .unwrap_or_else(|| panic!("a plain day keeps the rules"));
                cost.0 as f64 - worth_of(day, &prices, &fined)
            };
            let costs: Vec<f64> = days.iter().map(|day| of(day, &mut pricer)).collect();
            assert!(costs.is_sorted_by(|a, b| *a <= b + 1.0), "seed {seed}: the best first, {costs:?}");
            assert_eq!(costs.is_empty(), best == f64::INFINITY, "seed {seed}");
            if let Some(first) = costs.first() {
                assert!(*first >= best - 1e-6, "seed {seed}: {first} below {best}");
                tried += 1;
                found += usize::from(*first <= best + 1.0);
            }
        }
    }
    assert!(tried > 50 && found * 20 >= tried * 19, "{found} of {tried}");
}

#[test]
fn a_collection_is_proposed_where_the_van_lacks_something() {
    let mut collected = 0;
    for seed in 0..200 {
        let (problem, travel) = random_day(seed, Size { jobs: 8, technicians: 3 });
        let instance = Instance::new(&problem, &travel);
        let jobs: Vec<JobIx> = (0..instance.jobs).map(JobIx::from).collect();
        let prices = vec![1e9; instance.jobs];
        let mut pricer = Pricer::new(&instance);
        for shift in (0..instance.shifts.len()).map(ShiftIx::from) {
            let labels = Labels::new(&instance, shift, &jobs);
            for day in labels.days(&plain(&prices), 4, Labels::BROAD) {
                let Some(column) = column::proposed(&instance, &mut pricer, shift, &day) else { continue };
                assert!(column.jobs(&instance).all(|job| instance.eligible.get(shift.index(), job.index())));
                collected += usize::from(column.stops.iter().any(|stop| !instance.is_job(stop.id)));
            }
        }
    }
    assert!(collected > 20, "only {collected} days with a collection");
}

/// The relaxed optimum of what is left, from nothing.
fn cold(instance: &Instance<'_>, model: &Model, columns: &[&Column]) -> f64 {
    let program: Program = model.program(instance, columns.iter().copied());
    // Leaving everything out is always allowed, so there is an optimum.
    program.relaxed(Limit::default()).map_or(f64::NAN, |relaxed| relaxed.cost)
}

#[test]
fn a_program_kept_warm_has_the_optimum_of_one_made_anew() {
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 9, technicians: 4 });
        let instance = Instance::new(&problem, &travel);
        let (solution, scope, all, _) = sample(&instance, seed, 30);
        let mut model = Model::new(&solution, &scope, &all);
        let mut simplex = model.warm();
        let half = all.len() / 2;
        all[..half].iter().for_each(|column| model.add(&mut simplex, &instance, column));
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs());
        let first = simplex.optimum().unwrap().cost;
        assert!(near(first, cold(&instance, &model, &all[..half].iter().collect::<Vec<_>>())), "seed {seed}");
        all[half..].iter().for_each(|column| model.add(&mut simplex, &instance, column));
        let second = simplex.optimum().unwrap().cost;
        assert!(near(second, cold(&instance, &model, &all.iter().collect::<Vec<_>>())), "seed {seed}");
        assert!(second <= first + 1e-6);
        // One is taken for good, with all that follows from it.
        let taken = rng(seed).random_range(0..all.len());
        model.take(&instance, &all[taken]);
        simplex.settle(model.drops() + taken, Fate::Taken);
        let open: Vec<&Column> = all.iter().filter(|column| model.has_room(&instance, column)).collect();
        for (k, column) in all.iter().enumerate() {
            if k != taken && !model.has_room(&instance, column) {
                simplex.settle(model.drops() + k, Fate::Closed);
            }
        }
        let rest = cold(&instance, &model, &open) + all[taken].cost.0 as f64 / model.unit();
        let third = simplex.optimum().unwrap();
        assert!(near(third.cost, rest), "seed {seed}: {} warm, {rest} cold", third.cost);
        assert!(third.cost >= second - 1e-6 && (third.values[model.drops() + taken] - 1.0).abs() < 1e-9);
    }
}

#[test]
fn broken_cuts_are_those_that_counting_finds() {
    let mut broken = 0;
    for seed in 0..200 {
        let mut rng = rng(seed);
        let jobs = 9;
        let days: Vec<(f64, Vec<JobIx>)> = (0..12)
            .map(|_| {
                let day = (0..jobs).filter(|_| rng.random_bool(0.3)).map(JobIx::from).collect();
                (rng.random_range(0.05..0.6), day)
            })
            .collect();
        let taken = |triple: &[JobIx; 3]| -> f64 {
            let meets = |day: &&(f64, Vec<JobIx>)| day.1.iter().filter(|job| triple.contains(job)).count() > 1;
            days.iter().filter(meets).map(|(value, _)| value).sum()
        };
        let found = cuts::broken(jobs, &days, usize::MAX);
        assert!(found.iter().all(|triple| taken(triple) > 1.0), "seed {seed}");
        let worst = found.first().map_or(1.0, taken);
        for a in 0..jobs {
            for b in a + 1..jobs {
                for c in b + 1..jobs {
                    let own = taken(&[a, b, c].map(JobIx::from));
                    assert!(own <= worst.max(1.05) + 1e-9, "seed {seed}: {own} beside {worst}");
                }
            }
        }
        broken += found.len();
    }
    assert!(broken > 200, "{broken}");
}

#[test]
fn a_cut_raises_the_relaxed_optimum_and_forbids_no_plan() {
    let mut raised = 0;
    for seed in 0..100 {
        let (problem, travel) = random_day(seed, Size { jobs: 16, technicians: 5 });
        let instance = Instance::new(&problem, &travel);
        let (solution, scope, all, used) = sample(&instance, seed, 200);
        let mut model = Model::new(&solution, &scope, &all);
        let mut simplex = model.warm();
        all.iter().for_each(|column| model.add(&mut simplex, &instance, column));
        let before = simplex.optimum().unwrap();
        let days: Vec<(f64, Vec<JobIx>)> = all
            .iter()
            .zip(&before.values[model.drops()..])
            .filter(|(_, value)| **value > 1e-6)
            .map(|(column, value)| (*value, column.jobs(&instance).collect()))
            .collect();
        let broken = cuts::broken(instance.jobs, &days, 20);
        // Some that are not broken stand beside them.
        let others = (0..5).map(|at| [at, at + 2, at + 5].map(JobIx::from));
        for jobs in broken.into_iter().chain(others) {
            model.cut(&mut simplex, &instance, jobs, all.iter());
        }
        let after = simplex.optimum().unwrap();
        let own: Vec<&Column> = all.iter().collect();
        let whole = cold(&instance, &model, &own);
        assert!((after.cost - whole).abs() <= 1e-6 * (1.0 + whole.abs()), "seed {seed}: warm beside cold");
        assert!(after.cost >= before.cost - 1e-6, "seed {seed}");
        raised += usize::from(after.cost > before.cost + 1e-6);
        // The plan as it stands serves nobody twice, so no cut is broken by it.
        let mut free = model.clone();
        for column in &all[..used] {
            assert!(free.has_room(&instance, column), "seed {seed}");
            free.take(&instance, column);
        }
    }
    assert!(raised > 0, "{raised}");
}

#[test]
fn a_dive_lays_down_a_plan_that_counts_right() {
    let mut served = 0;
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 5 });
        let instance = Instance::new(&problem, &travel);
        let islands = [searched(&instance, seed, 80), searched(&instance, seed + 1, 80)];
        let pools: Vec<_> = islands.iter().map(crate::island::Island::pool).collect();
        let mut solution = Solution::from_snapshot(&instance, islands[0].best().1);
        let guide = Guide::new(&solution, &pools, &|| false).expect("a small day is one program");
        let mut diver = guide.diver();
        assert!(diver.dive(&mut solution, None, &|| false), "seed {seed}");
        #[cfg(debug_assertions)]
        assert_eq!(solution.cost(), solution.recounted(), "seed {seed}");
        let first = solution.cost();
        served += usize::from(solution.absent().len() < instance.jobs);
        assert!(diver.dive(&mut solution, Some(&mut rng(seed)), &|| false), "seed {seed}");
        assert!(diver.dive(&mut solution, None, &|| false) && solution.cost() == first, "seed {seed}: a dive repeats");
        assert!(!diver.dive(&mut solution, None, &|| true), "seed {seed}: it was stopped");
        assert_eq!(solution.cost(), first, "seed {seed}: and changed nothing");
    }
    assert!(served > 50, "{served}");
}

#[test]
fn searches_that_dive_give_the_same_plan_on_any_number_of_threads() {
    let (problem, travel) = random_day(5, Size { jobs: 8, technicians: 3 });
    let plan = |threads| {
        let params = Params { seed: 3, islands: 2, threads, ..Params::default() };
        solve(&problem, &travel, &params, &Stop::iterations(14_000)).plan
    };
    let one = plan(1);
    assert_eq!(one, plan(2));
    assert_eq!(one, plan(4));
}
