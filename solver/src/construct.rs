//! The first plan: what a given plan keeps, then regret insertion by priority.
//!
//! Regret-2 (Potvin & Rousseau 1993): the job that would lose most by not getting its best shift
//! goes first. Dearer jobs (by what leaving them costs) go before cheaper ones. Where there are too
//! many jobs for regrets, they go by price and tightness, each to its lightest place.

use crate::insertion::{Finder, limit};
use crate::instance::Instance;
use crate::solution::{Insertion, Solution, node_of};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::plan::Plan;

/// Most jobs × shifts for which regrets are kept.
const MOST_REGRETS: usize = 60_000;

/// A first solution. When `spent` says that the time is up, it is what was built until then.
pub(crate) fn construct<'a>(
    instance: &'a Instance<'a>,
    start: Option<&Plan>,
    spent: &dyn Fn() -> bool,
) -> Solution<'a> {
    let mut solution = match start {
        Some(current) => Solution::from_plan(instance, current),
        None => Solution::empty(instance),
    };
    let mut finder = Finder::remembering(instance);
    if instance.jobs * instance.shifts.len() <= MOST_REGRETS {
        regret(&mut solution, &mut finder, spent);
    } else {
        greedy(&mut solution, &mut finder, spent);
    }
    solution.begin();
    solution
}

fn greedy(solution: &mut Solution<'_>, finder: &mut Finder, spent: &dyn Fn() -> bool) {
    let instance = solution.instance;
    let mut order: Vec<JobIx> = solution.absent().to_vec();
    order.sort_by_key(|job| {
        let node = instance.node(node_of(*job));
        (-node.drop.0, (node.close - node.open).0, job.0)
    });
    for (count, job) in order.into_iter().enumerate() {
        if count % 16 == 15 && spent() {
            return;
        }
        if let Some(insertion) = finder.best(solution, job, limit(instance, job), || false) {
            solution.insert(job, insertion);
        }
    }
}

/// Best and second-best shift of each open job, by price tier.
fn regret(solution: &mut Solution<'_>, finder: &mut Finder, spent: &dyn Fn() -> bool) {
    let instance = solution.instance;
    let mut prices: Vec<i64> = solution.absent().iter().map(|job| instance.node(node_of(*job)).drop.0).collect();
    prices.sort_unstable_by_key(|price| -price);
    prices.dedup();
    // At most a handful of tiers: classes are few, and single prices would make it plain greedy.
    let tiers: Vec<i64> = if prices.len() <= 8 { prices } else { vec![i64::MIN] };
    for tier in tiers {
        let mut open: Vec<JobIx> = solution.absent().to_vec();
        open.retain(|job| tier == i64::MIN || instance.node(node_of(*job)).drop.0 == tier);
        open.sort_unstable();
        regret_tier(solution, finder, &open, spent);
    }
}

fn regret_tier(solution: &mut Solution<'_>, finder: &mut Finder, open: &[JobIx], spent: &dyn Fn() -> bool) {
    let instance = solution.instance;
    let shifts = instance.shifts.len();
    let mut open: Vec<JobIx> = open.to_vec();
    // found[k][shift]: the lightest insertion of the k-th open job there.
    let look = |solution: &Solution<'_>, finder: &mut Finder, job: JobIx, shift: ShiftIx| {
        instance
            .eligible
            .get(shift.index(), job.index())
            .then(|| finder.best_of(solution, shift, job, limit(instance, job)))
            .flatten()
    };
    let mut found: Vec<Vec<Option<Insertion>>> = open
        .iter()
        .map(|job| (0..shifts).map(|shift| look(solution, finder, *job, ShiftIx::from(shift))).collect())
        .collect();
    while !open.is_empty() && !spent() {
        let mut chosen: Option<(i64, i64, usize, Insertion)> = None;
        for (k, places) in found.iter().enumerate() {
            let (mut best, mut second) = (None::<Insertion>, None::<i64>);
            let mut empty_classes = Vec::new();
            for place in places.iter().flatten() {
                // Equal empty shifts are one choice, not several.
                if solution.route(place.shift).is_empty() {
                    let class = instance.shift(place.shift).class;
                    if empty_classes.contains(&class) {
                        continue;
                    }
                    empty_classes.push(class);
                }
                match best {
                    Some(lightest) if lightest.weight <= place.weight => {
                        second = Some(second.map_or(place.weight, |weight| weight.min(place.weight)));
                    }
                    _ => {
                        second = best.map(|lightest| lightest.weight);
                        best = Some(*place);
                    }
                }
            }
            let Some(best) = best else { continue };
            let regret = second.unwrap_or_else(|| limit(instance, open[k])).saturating_sub(best.weight);
            if chosen.is_none_or(|(most, weight, ..)| (regret, -best.weight) > (most, -weight)) {
                chosen = Some((regret, best.weight, k, best));
            }
        }
        let Some((_, _, k, insertion)) = chosen else { break };
        let job = open[k];
        if solution.insert(job, insertion) {
            open.swap_remove(k);
            found.swap_remove(k);
            let changed = insertion.shift;
            let lots_changed = instance.node(node_of(job)).supplied;
            for (job, places) in open.iter().zip(&mut found) {
                if lots_changed && instance.node(node_of(*job)).supplied {
                    // Most of these are known still.
                    for (shift, place) in places.iter_mut().enumerate() {
                        *place = look(solution, finder, *job, ShiftIx::from(shift));
                    }
                } else {
                    places[changed.index()] = look(solution, finder, *job, changed);
                }
            }
        } else {
            found[k][insertion.shift.index()] = None;
        }
    }
}
