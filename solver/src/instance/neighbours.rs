//! Neighbour lists: for each job the jobs it would be cheap to have next to.
//!
//! Nearness is travel the shorter way round, among jobs that some shift may take both; windows do not
//! count. Lists are short, so that an insertion costs the same at a hundred jobs and at a hundred
//! thousand.

use crate::instance::{BitMatrix, Instance, ShiftInfo};
use dispatch_data::ids::{JobIx, PlaceIx, ShiftIx};
use rayon::prelude::*;
use std::collections::HashMap;

/// Length of a list.
pub(crate) const MOST: usize = 128;

/// The nearest jobs of each job, nearest first.
pub(crate) fn nearest(instance: &Instance<'_>) -> Vec<Vec<JobIx>> {
    let Some(shift) = instance.shifts.first() else { return vec![Vec::new(); instance.jobs] };
    let (takers, at_hand) = (takers(instance), at_hand(instance, shift));
    (0..instance.jobs)
        .into_par_iter()
        .map(|job| {
            let here = &instance.nodes[job];
            let mut others: Vec<(u32, u32)> = at_hand(job)
                .into_iter()
                .filter(|other| *other != job && takers.overlap(job, *other))
                .filter_map(|other| {
                    let there = &instance.nodes[other];
                    let to = instance.leg(shift, here.place, there.place);
                    let from = instance.leg(shift, there.place, here.place);
                    let reachable = to.is_reachable() && from.is_reachable();
                    reachable.then(|| (to.seconds.min(from.seconds), other as u32))
                })
                .collect();
            let keep = MOST.min(others.len());
            if keep < others.len() {
                others.select_nth_unstable(keep);
                others.truncate(keep);
            }
            others.sort_unstable();
            others.into_iter().map(|(_, other)| JobIx(other)).collect()
        })
        .collect()
}

/// The eligible shifts of each job, where shifts are few.
pub(crate) fn eligible_shifts(instance: &Instance<'_>) -> Vec<Vec<ShiftIx>> {
    let few = instance.shifts.len() <= crate::insertion::FEW_SHIFTS;
    let of = |job: usize| {
        let shifts = instance.shifts.iter().map(|shift| shift.ix);
        shifts.filter(|shift| few && instance.eligible.get(shift.index(), job)).collect()
    };
    (0..instance.jobs).map(of).collect()
}

/// By job (row) and class of shifts (column): some shift of the class may take the job.
fn takers(instance: &Instance<'_>) -> BitMatrix {
    let classes = instance.shifts.iter().map(|shift| shift.class + 1).max().unwrap_or(0);
    let mut takers = BitMatrix::new(instance.jobs, classes);
    for shift in instance.shifts.iter() {
        for job in (0..instance.jobs).filter(|job| instance.eligible.get(shift.ix.index(), *job)) {
            takers.set(job, shift.class);
        }
    }
    takers
}

/// Which jobs to weigh as neighbours of a job: all, or, where travel is worked out on demand, those at
/// the places nearest by travel time.
fn at_hand<'a>(instance: &'a Instance<'_>, shift: &ShiftInfo) -> Box<dyn Fn(usize) -> Vec<usize> + Sync + 'a> {
    let Some(source) = instance.source(shift) else { return Box::new(|_| (0..instance.jobs).collect()) };
    let mut jobs_at: HashMap<PlaceIx, Vec<usize>> = HashMap::new();
    for (job, node) in instance.nodes[..instance.jobs].iter().enumerate() {
        jobs_at.entry(node.place).or_default().push(job);
    }
    Box::new(move |job| {
        let here = instance.nodes[job].place;
        let near = source.nearest(here, WEIGHED * MOST).into_iter().map(|(place, _)| place);
        std::iter::once(here).chain(near).filter_map(|place| jobs_at.get(&place)).flatten().copied().collect()
    })
}

/// Places weighed for each neighbour listed, where not all are: no shift may take both jobs of some near ones.
const WEIGHED: usize = 3;

/// Eligible shifts listed per job.
const MOST_SHIFTS: usize = 24;

/// The eligible shifts that start nearest to each job, nearest first; one of each class, but for
/// jobs that name technicians, to which equal shifts are not equal.
pub(crate) fn near_shifts(instance: &Instance<'_>) -> Vec<Vec<ShiftIx>> {
    if instance.shifts.len() <= crate::insertion::FEW_SHIFTS {
        return vec![Vec::new(); instance.jobs];
    }
    (0..instance.jobs)
        .into_par_iter()
        .map(|job| {
            let node = &instance.nodes[job];
            let mut list: Vec<(u32, u32)> = instance
                .shifts
                .iter()
                .filter(|shift| node.choosy || instance.rank_in_class[shift.ix.index()] == 0)
                .filter(|shift| instance.eligible.get(shift.ix.index(), job))
                .map(|shift| (instance.leg(shift, shift.start_place, node.place).seconds, shift.ix.0))
                .collect();
            let keep = MOST_SHIFTS.min(list.len());
            if keep < list.len() {
                list.select_nth_unstable(keep);
                list.truncate(keep);
            }
            list.sort_unstable();
            list.into_iter().map(|(_, shift)| ShiftIx(shift)).collect()
        })
        .collect()
}
