//! Days handed from one technician to another: nobody is lost, the order stays, and it can be undone.

use super::random_day::{Size, random_day, rng};
use crate::construct::construct;
use crate::instance::Instance;
use crate::solution::Solution;
use dispatch_data::ids::{JobIx, ShiftIx};
use rand::RngExt;

fn visits(solution: &Solution<'_>, shift: ShiftIx) -> Vec<JobIx> {
    solution.jobs_on(shift).collect()
}

/// Whether `some` stand in `all` in the same order.
fn is_within(some: &[JobIx], all: &[JobIx]) -> bool {
    let mut rest = all.iter();
    some.iter().all(|job| rest.any(|other| other == job))
}

#[test]
fn exchanged_days_keep_their_order_lose_nobody_and_can_be_taken_back() {
    let (mut handed_over, mut fell_out) = (0, 0);
    for seed in 0..120 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 4 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let mut rng = rng(seed);
        for _ in 0..20 {
            let all = instance.shifts.len() as u32;
            let [one, other] = [ShiftIx(rng.random_range(0..all)), ShiftIx(rng.random_range(0..all))];
            if one == other {
                continue;
            }
            let before = [one, other].map(|shift| visits(&solution, shift));
            let (cost, lots) = (solution.cost(), solution.lots_left().to_vec());
            solution.begin();
            let mut out = Vec::new();
            if !solution.exchange_days(one, other, &mut out) {
                assert!(before.iter().flatten().any(|job| instance.nodes[job.index()].ordered), "seed {seed}");
                continue;
            }
            assert_eq!(solution.cost(), solution.recounted(), "seed {seed}");
            let after = [other, one].map(|shift| visits(&solution, shift));
            for (day, day_before) in after.iter().zip(&before) {
                assert!(is_within(day, day_before), "seed {seed}: {day:?} of {day_before:?}");
                let lost = day_before.iter().filter(|job| !day.contains(job));
                assert!(lost.clone().all(|job| out.contains(job) && solution.shift_of(*job).is_none()), "seed {seed}");
            }
            assert_eq!(after.concat().len() + out.len(), before.concat().len(), "seed {seed}");
            handed_over += after.concat().len();
            fell_out += out.len();
            if rng.random_bool(0.5) {
                solution.undo();
                assert_eq!((cost, lots), (solution.cost(), solution.lots_left().to_vec()), "seed {seed}");
                assert_eq!(before, [one, other].map(|shift| visits(&solution, shift)), "seed {seed}");
            }
        }
    }
    assert!(handed_over > 500 && fell_out > 100, "{handed_over} {fell_out}");
}
