//! Why a job is left out: per technician the first rule that keeps it off every shift, how near the
//! nearest came, and what the cheapest change is under which it would fit.
//!
//! Works on the finished plan and proves everything by the same insertion that the search uses.

mod ease;
mod nearness;

use crate::insertion::Finder;
use crate::instance::{FIXED_POINT, Instance, keeps_out};
use crate::solution::{Solution, node_of};
use dispatch_data::ids::{JobIx, ShiftIx, TechIx};
use dispatch_data::lang::Text;
use dispatch_data::plan::{Plan, Reason, Unassigned};
use dispatch_data::problem::Problem;
use dispatch_data::rule::Rule;
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_data::units::Cost;
use ease::Eased;
use rayon::prelude::*;

/// What keeps one technician from a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Who.
    pub technician: TechIx,
    /// The rule broken on the technician's best shift; `None`: none, but it costs more than leaving
    /// the job.
    pub rule: Option<Rule>,
    /// By how much: `level 1 of chiller, 2 needed`.
    pub miss: Text,
    /// Orders obstacles of one rule, smallest miss first; comparable within a rule only.
    pub size: i64,
}

/// What keeps each technician from a job that a plan leaves out: the whole list, on demand.
pub fn obstacles(problem: &Problem, travel: &Travel, plan: &Plan, job: JobIx) -> Vec<Obstacle> {
    let instance = Instance::new(problem, travel);
    obstacles_in(&Solution::from_plan(&instance, plan), &mut Finder::default(), job)
}

/// The same in a plan that stands already.
pub(crate) fn obstacles_in(solution: &Solution<'_>, finder: &mut Finder, job: JobIx) -> Vec<Obstacle> {
    let instances = ease::instances(solution.instance, job);
    let mut eased: Vec<Eased<'_>> = ease::solutions(solution, &instances);
    of_all(solution, &mut eased, finder, job)
}

/// Jobs left out, by index; the dearest `explained` of them with reasons and relaxation.
pub(crate) fn unassigned(solution: &mut Solution<'_>, explained: usize) -> Vec<Unassigned> {
    let instance = solution.instance;
    let mut jobs: Vec<JobIx> = solution.absent().to_vec();
    jobs.sort_by_key(|job| (-instance.node(node_of(*job)).drop.0, *job));
    let mut stops = Vec::new();
    solution.snapshot_into(&mut stops);
    let own = || Solution::from_snapshot(instance, &stops);
    let mut left: Vec<Unassigned> = jobs
        .par_iter()
        .enumerate()
        .map_init(own, |solution, (rank, job)| {
            let price = instance.problem.drop_price(*job);
            if rank >= explained {
                return Unassigned { job: *job, price, reasons: Vec::new(), relaxation: None };
            }
            let instances = ease::instances(instance, *job);
            let mut eased = ease::solutions(solution, &instances);
            let mut finder = Finder::default();
            let obstacles = of_all(solution, &mut eased, &mut finder, *job);
            let relaxation = ease::cheapest(solution, &mut eased, &mut finder, *job);
            Unassigned { job: *job, price, reasons: grouped(&obstacles), relaxation }
        })
        .collect();
    left.sort_by_key(|left| left.job);
    left
}

fn of_all(solution: &Solution<'_>, eased: &mut [Eased<'_>], finder: &mut Finder, job: JobIx) -> Vec<Obstacle> {
    let problem = solution.instance.problem;
    (0..problem.technicians.len())
        .filter_map(|technician| {
            // Of several shifts the one that comes nearest: no rule at all, else the rule asked last.
            problem
                .technician(TechIx::from(technician))
                .shift_indices()
                .map(|shift| on_shift(solution, eased, finder, job, shift))
                .min_by_key(|obstacle| (obstacle.rule.map(std::cmp::Reverse), obstacle.size))
        })
        .collect()
}

fn on_shift(
    solution: &Solution<'_>,
    eased: &mut [Eased<'_>],
    finder: &mut Finder,
    job: JobIx,
    shift: ShiftIx,
) -> Obstacle {
    let instance = solution.instance;
    let problem = instance.problem;
    let technician = problem.shift(shift).technician;
    if let Some(rule) = keeps_out(problem, instance.travel, shift, job) {
        let (size, miss) = nearness::alone(problem, shift, job, rule);
        return Obstacle { technician, rule: Some(rule), miss, size };
    }
    if instance.barred.contains(&(shift, job)) {
        let miss = say!("the day is over, or a visit that must come later is frozen");
        return Obstacle { technician, rule: Some(Rule::Freeze), miss, size: 0 };
    }
    if let Some(found) = finder.best_on(solution, shift, job, i64::MAX) {
        let price = instance.node(node_of(job)).drop;
        let added = Cost(found.weight >> FIXED_POINT);
        let miss = say!("would add {} where leaving it costs {}", added, price);
        return Obstacle { technician, rule: None, miss, size: (added - price).0 };
    }
    for eased in eased.iter_mut().filter(|eased| eased.ease.is_of_the_day()) {
        if let Some(proof) = eased.prove_on(finder, shift, job) {
            return Obstacle { technician, rule: eased.ease.rule(), miss: proof.miss, size: proof.size };
        }
    }
    let miss = say!("the day is full: no single rule eased makes room");
    Obstacle { technician, rule: Some(Rule::Hours), miss, size: i64::MAX }
}

/// Obstacles grouped by rule, most technicians first.
fn grouped(obstacles: &[Obstacle]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for rule in std::iter::once(None).chain(Rule::ALL.iter().copied().map(Some)) {
        let of_rule = || obstacles.iter().filter(move |obstacle| obstacle.rule == rule);
        if let Some(nearest) = of_rule().min_by_key(|obstacle| obstacle.size) {
            reasons.push(Reason {
                rule,
                technicians: of_rule().count() as u32,
                nearest: Some(nearest.technician),
                miss: nearest.miss.clone(),
            });
        }
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.technicians));
    reasons
}
