//! Ruins that aim at something: all around a place, a technician's whole day, promises kept late, a part
//! that is running out. Strings take some of many days; these clear out one thing, so that it can be
//! settled anew.

use super::{MEAN_REMOVED, Ruin, own_seed};
use crate::instance::NodeKind;
use crate::solution::Solution;
use dispatch_data::ids::{JobIx, ShiftIx};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Visits removed at most.
const MOST: usize = 3 * MEAN_REMOVED as usize;
/// How much a likelier choice is preferred: the rank is drawn as a share to this power (Ropke & Pisinger 2006).
const GREED: f64 = 3.0;
/// Routes looked at for one that keeps promises late.
const DRAWS: usize = 8;

impl Ruin {
    /// Removes what is related to a job drawn at random: near it in place and time (Shaw 1998), whatever days
    /// it stands in.
    pub(super) fn related(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let Some(seed) = own_seed(solution, rng) else { return false };
        let near = &solution.instance.neighbours[seed.index()];
        let count = rng.random_range(1..=2 * MEAN_REMOVED as usize);
        self.begin(seed);
        self.take(solution, seed);
        // Among so many neighbours that one in two is taken.
        let pool = &near[..near.len().min(2 * count)];
        for _ in 0..2 * count {
            if self.removed.len() >= count || pool.is_empty() {
                break;
            }
            let rank = rng.random_range(0.0..1.0_f64).powf(GREED) * pool.len() as f64;
            self.take(solution, pool[(rank as usize).min(pool.len() - 1)]);
        }
        !self.removed.is_empty()
    }

    /// Removes all that is nearest to a place: a region is dealt anew.
    pub(super) fn region(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let Some(seed) = own_seed(solution, rng) else { return false };
        let count = rng.random_range(1..=2 * MEAN_REMOVED as usize);
        self.begin(seed);
        self.take(solution, seed);
        for near in solution.instance.neighbours[seed.index()].iter().take(count) {
            self.take(solution, *near);
        }
        !self.removed.is_empty()
    }

    /// Removes the day of one technician.
    pub(super) fn technician(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let Some(seed) = own_seed(solution, rng) else { return false };
        let Some(shift) = solution.shift_of(seed) else { return false };
        if solution.route(shift).stops.len() > MOST {
            return false;
        }
        self.begin(seed);
        for job in solution.jobs_on(shift) {
            self.take(solution, job);
        }
        !self.removed.is_empty()
    }

    /// Removes the visits up to one whose promise is kept late, and some near it that might make room: of a
    /// few days drawn at random, in the one that pays most for lateness.
    pub(super) fn late(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let lateness = |shift: ShiftIx| {
            let bill = &solution.route(shift).bill;
            bill.respond_late + bill.arrive_late + bill.resolve_late
        };
        let drawn = (0..DRAWS).filter_map(|_| {
            let seed = own_seed(solution, rng)?;
            let shift = solution.shift_of(seed)?;
            (lateness(shift).0 > 0).then_some((lateness(shift), shift))
        });
        let Some((_, shift)) = drawn.max() else { return false };
        let instance = solution.instance;
        let stops = &solution.route(shift).stops;
        let promised = |at: &usize| instance.node(stops[*at].id).promised;
        let promised: Vec<usize> = (0..stops.len()).filter(promised).collect();
        if promised.is_empty() {
            return false;
        }
        let at = promised[rng.random_range(0..promised.len())];
        let NodeKind::Job(seed) = instance.kind(stops[at].id) else { return false };
        let length = rng.random_range(1..=MEAN_REMOVED as usize);
        self.begin(seed);
        for stop in &stops[(at + 1).saturating_sub(length)..=at] {
            if let NodeKind::Job(job) = instance.kind(stop.id) {
                self.take(solution, job);
            }
        }
        for near in instance.neighbours[seed.index()].iter().take(rng.random_range(0..MEAN_REMOVED as usize)) {
            self.take(solution, *near);
        }
        true
    }

    /// Removes visits that take units of one lot, nearest to one of them first: who gets the part is
    /// settled anew.
    pub(super) fn scarce_part(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let drawn = (0..DRAWS).find_map(|_| {
            let seed = own_seed(solution, rng)?;
            let part = solution.instance.job(seed).parts.first()?.part;
            Some((seed, part))
        });
        let Some((seed, part)) = drawn else { return false };
        let instance = solution.instance;
        let asks = |job: JobIx| instance.job(job).parts.iter().any(|need| need.part == part);
        let count = rng.random_range(1..=MEAN_REMOVED as usize);
        self.begin(seed);
        self.take(solution, seed);
        for near in instance.neighbours[seed.index()].iter().filter(|near| asks(**near)).take(count) {
            self.take(solution, *near);
        }
        self.removed.len() > 1
    }

    fn begin(&mut self, seed: JobIx) {
        self.removed.clear();
        self.seed = Some(seed);
    }

    /// Removes a visit, if it is one of an open day and not removed yet.
    fn take(&mut self, solution: &Solution<'_>, job: JobIx) {
        let open = solution.shift_of(job).is_some_and(|shift| solution.is_open(shift));
        if open && !self.removed.contains(&job) {
            self.removed.push(job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::construct::construct;
    use crate::instance::Instance;
    use crate::tests::random_day::{Size, random_day, rng};

    type Choice = fn(&mut Ruin, &Solution<'_>, &mut Xoshiro256PlusPlus) -> bool;

    /// Calls a ruin on many days: how often it found something, each time with the visits it chose.
    fn chosen(choice: Choice, mut look: impl FnMut(&Solution<'_>, &Ruin)) -> usize {
        let mut found = 0;
        for seed in 0..60 {
            let (problem, travel) = random_day(seed, Size { jobs: 24, technicians: 4 });
            let instance = Instance::new(&problem, &travel);
            let mut solution = construct(&instance, None, &|| false);
            // Half of the shifts belong to somebody else.
            let hands: Vec<usize> = (0..instance.shifts.len()).map(|shift| shift % 2).collect();
            solution.keep_to(0, &hands, &vec![0; instance.jobs]);
            let (mut ruin, mut rng) = (Ruin::new(&instance), rng(seed));
            for _ in 0..20 {
                if choice(&mut ruin, &solution, &mut rng) {
                    found += 1;
                    let open = |job: &JobIx| solution.shift_of(*job).is_some_and(|shift| solution.is_open(shift));
                    assert!(!ruin.removed.is_empty() && ruin.removed.iter().all(open), "seed {seed}");
                    let mut once = ruin.removed.clone();
                    once.sort_unstable();
                    once.dedup();
                    assert_eq!(once.len(), ruin.removed.len(), "seed {seed}");
                    look(&solution, &ruin);
                }
            }
        }
        found
    }

    #[test]
    fn related_visits_and_those_of_a_region_leave_several_days() {
        for choice in [Ruin::related as Choice, Ruin::region] {
            let mut several = 0;
            let found = chosen(choice, |solution, ruin| {
                let mut shifts: Vec<_> = ruin.removed.iter().map(|job| solution.shift_of(*job)).collect();
                shifts.sort_unstable();
                shifts.dedup();
                several += usize::from(shifts.len() > 1);
            });
            assert!(found > 500 && several > 200, "{found} {several}");
        }
    }

    #[test]
    fn a_technician_loses_the_whole_day_and_nobody_else_anything() {
        let found = chosen(Ruin::technician, |solution, ruin| {
            let shift = solution.shift_of(ruin.removed[0]).unwrap();
            assert!(ruin.removed.iter().all(|job| solution.shift_of(*job) == Some(shift)));
            assert_eq!(ruin.removed.len(), solution.route(shift).visits() as usize);
        });
        assert!(found > 500, "{found}");
    }

    #[test]
    fn late_promises_are_looked_for_in_days_that_pay_for_lateness() {
        let found = chosen(Ruin::late, |solution, ruin| {
            let late = |job: &JobIx| {
                let bill = solution.route(solution.shift_of(*job).unwrap()).bill;
                (bill.respond_late + bill.arrive_late + bill.resolve_late).0 > 0
            };
            assert!(ruin.removed.iter().any(late));
        });
        assert!(found > 50, "{found}");
    }

    #[test]
    fn visits_removed_for_a_part_all_need_it() {
        let found = chosen(Ruin::scarce_part, |solution, ruin| {
            let needs = |job: JobIx| &solution.instance.job(job).parts;
            let part = needs(ruin.seed.unwrap())[0].part;
            assert!(ruin.removed.iter().all(|job| needs(*job).iter().any(|need| need.part == part)));
        });
        assert!(found > 50, "{found}");
    }
}
