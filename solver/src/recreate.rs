//! Recreate: absent jobs go back one by one, each to its lightest place, with blinks.
//!
//! The order is drawn anew each time (Christiaens & Vanden Berghe 2020): at random, by work, by
//! distance, by tightness of windows, or by price. A job whose lightest place weighs more than its price stays out.

use crate::insertion::{Finder, weight_of};
use crate::instance::Instance;
use crate::solution::{Solution, node_of};
use dispatch_data::ids::JobIx;
use dispatch_data::units::Cost;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Chance that what a route offers is passed over.
const BLINK: f64 = 0.01;
/// Chance that a round lets jobs in at a loss: two jobs at a far place may pay only together.
const GENEROUS: f64 = 0.02;
/// Absent jobs tried besides those just removed.
const MORE_ABSENT: usize = 12;

/// Random passing over, drawn as the distance to the next blink.
pub(crate) struct Blinks {
    left: u32,
}

impl Blinks {
    pub(crate) fn new(rng: &mut Xoshiro256PlusPlus) -> Self {
        Self { left: Self::draw(rng) }
    }
    fn draw(rng: &mut Xoshiro256PlusPlus) -> u32 {
        let uniform: f64 = rng.random_range(f64::MIN_POSITIVE..1.0);
        (uniform.ln() / (1.0 - BLINK).ln()) as u32
    }
    #[inline]
    pub(crate) fn blink(&mut self, rng: &mut Xoshiro256PlusPlus) -> bool {
        if self.left == 0 {
            self.left = Self::draw(rng);
            true
        } else {
            self.left -= 1;
            false
        }
    }
}

/// Scratch memory of recreations.
pub(crate) struct Recreate {
    pub(crate) finder: Finder,
    order: Vec<(i64, JobIx)>,
    blinks: Blinks,
}

impl Recreate {
    pub(crate) fn new(instance: &Instance<'_>, rng: &mut Xoshiro256PlusPlus) -> Self {
        Self { finder: Finder::remembering(instance), order: Vec::new(), blinks: Blinks::new(rng) }
    }

    /// Puts back what was removed, and tries some of those that were out before. False, and the plan half mended, once it
    /// is plain that the plan will not cost less than `bar` cents, unless a visit more made it cheaper.
    pub(crate) fn mend(
        &mut self,
        solution: &mut Solution<'_>,
        removed: &[JobIx],
        seed: Option<JobIx>,
        bar: f64,
        rng: &mut Xoshiro256PlusPlus,
    ) -> bool {
        self.order.clear();
        self.order.extend(removed.iter().map(|job| (0, *job)));
        self.add_absent(solution, removed.len(), seed, rng);
        self.sort(solution.instance, rng);
        let order = std::mem::take(&mut self.order);
        let generous = rng.random_bool(GENEROUS);
        // What the plan will cost if all that are still to come cost nothing.
        let to_come: Cost = order.iter().map(|(_, job)| solution.price_of_leaving(*job)).sum();
        let mut least = solution.lenient_cost() - to_come;
        let mut in_reach = true;
        for (_, job) in &order {
            let price = solution.price_of_leaving(*job);
            let room = bar - least.0 as f64;
            if room <= 0.0 {
                in_reach = false;
                break;
            }
            let limit = if generous {
                i64::MAX
            } else if room < price.0 as f64 {
                // One cent more for what is lost in rounding.
                weight_of(Cost(room.ceil() as i64 + 1))
            } else {
                weight_of(price)
            };
            let before = solution.lenient_cost();
            let blinks = &mut self.blinks;
            let found = self.finder.best(solution, *job, limit, || blinks.blink(rng));
            if let Some(insertion) = found {
                solution.insert(*job, insertion);
            }
            least += solution.lenient_cost() - before + price;
        }
        self.order = order;
        in_reach
    }

    fn add_absent(
        &mut self,
        solution: &Solution<'_>,
        removed: usize,
        seed: Option<JobIx>,
        rng: &mut Xoshiro256PlusPlus,
    ) {
        let absent = solution.absent();
        if absent.len() - removed <= MORE_ABSENT {
            let known = self.order.len();
            for job in absent {
                if solution.may_place(*job) && !self.order[..known].iter().any(|(_, own)| own == job) {
                    self.order.push((0, *job));
                }
            }
            return;
        }
        let mut room = MORE_ABSENT;
        if let Some(seed) = seed {
            for near in std::iter::once(&seed).chain(&solution.instance.neighbours[seed.index()]) {
                if room <= MORE_ABSENT / 3 {
                    break;
                }
                let open = solution.shift_of(*near).is_none() && solution.may_place(*near);
                if open && !self.order.iter().any(|(_, own)| own == near) {
                    self.order.push((0, *near));
                    room -= 1;
                }
            }
        }
        for _ in 0..room {
            let job = absent[rng.random_range(0..absent.len())];
            if solution.may_place(job) && !self.order.iter().any(|(_, own)| *own == job) {
                self.order.push((0, job));
            }
        }
    }

    fn sort(&mut self, instance: &Instance<'_>, rng: &mut Xoshiro256PlusPlus) {
        self.order.shuffle(rng);
        let node = |job: JobIx| instance.node(node_of(job));
        let depot = |job: JobIx| {
            instance
                .shifts
                .first()
                .map_or(0, |shift| i64::from(instance.leg(shift, shift.start_place, node(job).place).seconds))
        };
        let key: &dyn Fn(JobIx) -> i64 = match rng.random_range(0..21) {
            0..4 => return,
            4..8 => &|job| -node(job).work.0,
            8..10 => &|job| -depot(job),
            10..11 => &depot,
            11..13 => &|job| (node(job).close - node(job).open).0,
            13..15 => &|job| node(job).open.0,
            15..17 => &|job| -node(job).close.0,
            _ => &|job| -node(job).drop.0,
        };
        for entry in &mut self.order {
            entry.0 = key(entry.1);
        }
        self.order.sort_by_key(|(key, _)| *key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::construct::construct;
    use crate::ruin::Ruin;
    use crate::tests::random_day::{Size, random_day, rng};

    #[test]
    fn only_what_is_out_of_reach_is_given_up() {
        let (mut tried, mut reached, mut given_up, mut dearer) = (0, 0, 0, 0);
        for seed in 0..60 {
            let (problem, travel) = random_day(seed, Size { jobs: 24, technicians: 4 });
            let instance = Instance::new(&problem, &travel);
            let mut solution = construct(&instance, None, &|| false);
            let mut rng = rng(seed);
            let (mut ruin, mut recreate) = (Ruin::new(&instance), Recreate::new(&instance, &mut rng));
            for _ in 0..30 {
                ruin.choose(&solution, &mut rng);
                let mut mended = |bar: f64| {
                    let mut rng = rng.clone();
                    solution.begin();
                    solution.remove(&ruin.removed);
                    let in_reach = recreate.mend(&mut solution, &ruin.removed, ruin.seed, bar, &mut rng);
                    let cost = solution.lenient_cost();
                    solution.undo();
                    (in_reach, cost)
                };
                let (always, cost) = mended(f64::INFINITY);
                assert!(always, "seed {seed}");
                let (in_reach, again) = mended(cost.0 as f64 + 1.0);
                reached += u32::from(in_reach && again == cost);
                let (in_reach, again) = mended(cost.0 as f64 * 0.99);
                given_up += u32::from(!in_reach);
                dearer += u32::from(in_reach && again >= cost);
                tried += 1;
            }
        }
        // Places are passed over at random, so that now and then the plan is another one.
        assert!(reached > tried * 5 / 6, "{reached} of {tried}");
        assert!(given_up > tried / 4 && given_up + dearer > tried * 9 / 10, "{given_up} and {dearer} of {tried}");
    }
}
