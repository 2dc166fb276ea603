//! Recreate: absent jobs go back one by one, each to its lightest place, with blinks.
//!
//! The order is drawn anew each time (Christiaens & Vanden Berghe 2020): at random, by work, by
//! distance, by tightness of windows, or by price. A job whose lightest place weighs more than its price stays out.

use crate::insertion::{Finder, weight_of};
use crate::instance::Instance;
use crate::solution::{Solution, node_of};
use dispatch_data::ids::JobIx;
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

    /// Puts back what was removed, and tries some of those that were out before.
    pub(crate) fn mend(
        &mut self,
        solution: &mut Solution<'_>,
        removed: &[JobIx],
        seed: Option<JobIx>,
        rng: &mut Xoshiro256PlusPlus,
    ) {
        self.order.clear();
        self.order.extend(removed.iter().map(|job| (0, *job)));
        self.add_absent(solution, removed.len(), seed, rng);
        self.sort(solution.instance, rng);
        let order = std::mem::take(&mut self.order);
        let generous = rng.random_bool(GENEROUS);
        for (_, job) in &order {
            let price = weight_of(solution.price_of_leaving(*job));
            let limit = if generous { i64::MAX } else { price };
            let blinks = &mut self.blinks;
            let found = self.finder.best(solution, *job, limit, || blinks.blink(rng));
            if let Some(insertion) = found {
                solution.insert(*job, insertion);
            }
        }
        self.order = order;
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
