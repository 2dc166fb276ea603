//! An island: one search with its own solution and randomness, annealing from hot to cold.
//!
//! Ruin, mend, accept or undo. The temperature follows the share of the budget used: [`Annealing`] tells
//! how, in multiples of what a visit's road costs on average. Owns no clock: [`Stop`] tells the share.

use crate::annealing::{self, Annealing, Begin, TELLING};
use crate::instance::{FIXED_POINT, Instance};
use crate::leniency::Leniency;
use crate::local_search;
use crate::master::Guide;
use crate::pool::Pool;
use crate::recreate::Recreate;
use crate::ruin::Ruin;
use crate::solution::Solution;
use crate::stop::{Progress, Stop};
use crate::walk::RouteNode;
use dispatch_data::ids::ShiftIx;
use dispatch_data::units::Cost;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Iterations between two looks at the stop condition.
const CHUNK: u64 = 64;
/// Chunks between two reports.
const REPORT: u64 = 32;
/// Chance that two technicians exchange their days instead of a ruin by strings.
const EXCHANGE: f64 = 0.05;
/// Iterations per job from which on days are exchanged and ruins have aims: where there are fewer, strings gain
/// more in each.
const SPARE: f64 = 200.0;

/// Iterations per job from which on they are ample: many small steps may then find more than fewer large ones
/// ([`Ruin::suit`]).
const AMPLE: f64 = 1_500.0;

/// Iterations per job of the short search after a dive.
const QUENCH: u64 = 150;

/// The generator of an island: streams of one seed never overlap.
pub(crate) fn generator(seed: u64, island: usize) -> Xoshiro256PlusPlus {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    for _ in 0..island {
        rng.jump();
    }
    rng
}

/// One search with its own solution and randomness.
pub(crate) struct Island<'a> {
    index: usize,
    islands: usize,
    rng: Xoshiro256PlusPlus,
    solution: Solution<'a>,
    best: Vec<Vec<RouteNode>>,
    best_cost: Cost,
    ruin: Ruin,
    recreate: Recreate,
    leniency: Leniency,
    /// Jobs that the best plan leaves out.
    fewest: usize,
    /// Jobs that the best plan of all leaves out.
    aim: usize,
    /// Whether other islands work on the same plan.
    shared: bool,
    /// What the temperature is measured in, in cents.
    scale: f64,
    annealing: Annealing,
    /// What the search began with.
    start: Vec<Vec<RouteNode>>,
    done: u64,
    chunks: u64,
    pool: Pool,
}

impl<'a> Island<'a> {
    /// An island that starts from the stops of `start`, one of so many, with a pool for its routes.
    pub(crate) fn new(
        instance: &'a Instance<'a>,
        start: &[Vec<RouteNode>],
        seed: u64,
        index: usize,
        islands: usize,
        mut pool: Pool,
    ) -> Self {
        let mut rng = generator(seed, index);
        let mut solution = Solution::from_snapshot(instance, start);
        let mut best = Vec::new();
        solution.snapshot_into(&mut best);
        pool.offer_all(&solution);
        let recreate = Recreate::new(instance, &mut rng);
        let scale = mean_road_price(instance, &solution);
        Self {
            index,
            islands,
            rng,
            best,
            best_cost: solution.cost(),
            ruin: Ruin::new(instance),
            recreate,
            leniency: Leniency::new(instance, scale),
            fewest: solution.absent().len(),
            aim: solution.absent().len(),
            shared: false,
            scale,
            annealing: Annealing::new(),
            start: start.to_vec(),
            solution,
            done: 0,
            chunks: 0,
            pool,
        }
    }

    /// The same island, to begin no hotter than suits a plan in force.
    #[must_use]
    pub(crate) fn warm(self) -> Self {
        Self { annealing: Annealing::warm(), ..self }
    }

    /// Price and stops of the best plan so far.
    pub(crate) fn best(&self) -> (Cost, &[Vec<RouteNode>]) {
        (self.best_cost, &self.best)
    }

    /// Jobs that its best plan leaves out.
    pub(crate) fn fewest(&self) -> usize {
        self.fewest
    }

    /// The plan it is at.
    pub(crate) fn solution(&self) -> &Solution<'a> {
        &self.solution
    }

    /// Share of the budget that it has used.
    pub(crate) fn used(&self, stop: &Stop<'_>) -> f64 {
        stop.used(self.islands, self.index, self.done)
    }

    /// Iterations so far.
    pub(crate) fn iterations(&self) -> u64 {
        self.done
    }

    /// From here on it changes the shifts of one hand only, and its best is the best of this turn. The best
    /// plan of all leaves out `fewest` jobs.
    pub(crate) fn keep_to(&mut self, hand: usize, hand_of_shift: &[usize], hand_of_job: &[usize], fewest: usize) {
        self.shared = true;
        self.aim = fewest;
        self.solution.keep_to(hand, hand_of_shift, hand_of_job);
        self.begin_best();
    }

    /// From here on it searches alone, from the plan it is at.
    pub(crate) fn part_ways(&mut self) {
        self.shared = false;
        self.solution.open_all();
        self.begin_best();
    }

    /// Its best is what it is at.
    fn begin_best(&mut self) {
        self.solution.snapshot_into(&mut self.best);
        self.best_cost = self.solution.cost();
        self.fewest = self.solution.absent().len();
    }

    /// From here on it changes every shift.
    pub(crate) fn open_all(&mut self) {
        self.solution.open_all();
    }

    /// Takes over what another island made of some shifts.
    pub(crate) fn take_routes(&mut self, other: &Solution<'a>, shifts: &[ShiftIx]) {
        self.solution.take_routes(other, shifts);
    }

    /// Takes its plan as far as local search goes; the next annealings begin there, too.
    pub(crate) fn search_locally(&mut self, spent: &dyn Fn() -> bool) {
        local_search::improve(&mut self.solution, spent);
        self.solution.begin();
        self.pool.offer_all(&self.solution);
        self.begin_best();
    }

    /// What the search goes back to when it begins anew is the plan it is at.
    pub(crate) fn start_here(&mut self) {
        self.start = self.solution.routes.iter().map(|route| route.stops.clone()).collect();
    }

    /// Routes that stood in good plans.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Goes on from another plan if that is cheaper than its own best.
    pub(crate) fn adopt(&mut self, stops: &[Vec<RouteNode>], cost: Cost) {
        if cost >= self.best_cost {
            return;
        }
        self.solution.take_over(stops);
        self.note_best();
    }

    /// Searches on until that share of the budget is used or so many more iterations are done.
    pub(crate) fn run(&mut self, stop: &Stop<'_>, until: f64, most: u64) {
        let instance = self.solution.instance;
        let end = self.done.saturating_add(most);
        loop {
            let used = self.used(stop);
            if used >= until || self.done >= end || instance.jobs == 0 || instance.shifts.is_empty() {
                break;
            }
            let chunk = stop.left(self.islands, self.index, self.done).map_or(CHUNK, |left| left.min(CHUNK));
            let chunk = chunk.min(end - self.done);
            let expected = self.expected_per_job(stop, used);
            if !self.shared {
                if stop.total().is_some() || used >= TELLING {
                    self.annealing.settle(expected);
                }
                match self.annealing.next(used) {
                    Some(Begin::Anew) => self.solution.take_over(&self.start),
                    Some(Begin::FromBest) => self.solution.take_over(&self.best),
                    None => {}
                }
            }
            let temperature = self.scale * self.annealing.heat(used, expected);
            self.ruin.suit(expected >= AMPLE, !self.solution.absent().is_empty());
            for _ in 0..chunk {
                self.step(temperature, expected);
            }
            #[cfg(debug_assertions)]
            assert_eq!(self.solution.cost(), self.solution.recounted(), "running price against recounted");
            self.done += chunk;
            self.chunks += 1;
            if self.chunks.is_multiple_of(REPORT) {
                self.report(stop);
            }
        }
    }

    /// Goes from plans that a guide leads to, one after the other, each taken as far as a short cold search goes,
    /// until that share of the budget is used.
    pub(crate) fn dive(&mut self, guide: &Guide<'a>, stop: &Stop<'_>, until: f64) {
        let mut diver = guide.diver();
        let mut first = self.index == 0;
        while self.used(stop) < until {
            let spent = || stop.used(self.islands, self.index, self.done) >= until;
            let rng = if first { None } else { Some(&mut self.rng) };
            if !diver.dive(&mut self.solution, rng, &spent) {
                break;
            }
            first = false;
            self.quench(stop, until);
            self.report(stop);
        }
        self.solution.take_over(&self.best);
    }

    /// Tells how far it is, if it is the first.
    fn report(&self, stop: &Stop<'_>) {
        if self.index == 0 {
            let iterations = self.done * self.islands as u64;
            stop.tell(Progress { iterations, cost: self.best_cost, unassigned: self.fewest });
        }
    }

    /// A short search from the plan it is at, that begins lukewarm and ends cold.
    fn quench(&mut self, stop: &Stop<'_>, until: f64) {
        let iterations = QUENCH * self.solution.instance.jobs as u64;
        self.note_best();
        self.ruin.suit(true, false);
        let mut done = 0;
        while done < iterations && self.used(stop) < until {
            let chunk = stop.left(self.islands, self.index, self.done).map_or(CHUNK, |left| left.min(CHUNK));
            let temperature = self.scale * annealing::quench(done as f64 / iterations as f64);
            (0..chunk).for_each(|_| self.step(temperature, f64::INFINITY));
            self.done += chunk;
            done += chunk;
        }
    }

    /// The plan it is at is its best if it is cheaper.
    fn note_best(&mut self) {
        self.pool.offer_all(&self.solution);
        if self.solution.cost() < self.best_cost {
            self.best_cost = self.solution.cost();
            self.fewest = self.solution.absent().len();
            self.solution.snapshot_into(&mut self.best);
        }
    }

    /// All annealings but the last will be over at this share of the budget.
    pub(crate) fn last_from(&mut self, last: f64) {
        self.annealing.last_from(last);
    }

    /// Iterations per job that its plan will have had in the end.
    fn expected_per_job(&self, stop: &Stop<'_>, used: f64) -> f64 {
        let on_one_plan = if self.shared { self.islands as f64 } else { 1.0 };
        let own = match stop.total() {
            Some(total) => total as f64 / self.islands as f64,
            None if used > 0.0 => self.done as f64 / used,
            None => 0.0,
        };
        own * on_one_plan / self.solution.instance.jobs as f64
    }

    /// Whether it has annealed several times and is to go on from the best plan now.
    pub(crate) fn is_last_of_many(&self, stop: &Stop<'_>) -> bool {
        self.annealing.is_last_of_many(self.used(stop))
    }

    /// Ruins, mends, and accepts or undoes. `per_job`: iterations that its plan will have had for each job.
    fn step(&mut self, temperature: f64, per_job: f64) {
        let (spare, ample) = (per_job >= SPARE, per_job >= AMPLE);
        let Self { rng, solution, best, best_cost, ruin, recreate, leniency, fewest, aim, shared, pool, scale, .. } =
            self;
        let before = solution.lenient_cost();
        solution.begin();
        if !(spare && rng.random_bool(EXCHANGE) && ruin.exchange(solution, rng)) {
            if spare {
                ruin.choose(solution, rng);
            } else {
                ruin.strings(solution, rng);
            }
            solution.remove(&ruin.removed);
        }
        let chance: f64 = rng.random_range(f64::MIN_POSITIVE..1.0);
        let bar = before.0 as f64 - temperature * chance.ln();
        let in_reach = recreate.mend(solution, &ruin.removed, ruin.seed, bar, rng);
        if in_reach {
            reseat(solution);
        }
        if !in_reach || solution.lenient_cost().0 as f64 >= bar {
            solution.undo();
        } else {
            pool.offer(solution);
            if solution.cost() < *best_cost {
                *best_cost = solution.cost();
                *fewest = solution.absent().len();
                solution.snapshot_into(best);
            }
        }
        leniency.after_step(solution, if *shared { *aim } else { *fewest }, ample, temperature / *scale);
    }
}

/// Collections of changed routes go to where they cost least now.
fn reseat(solution: &mut Solution<'_>) {
    if solution.instance.problem.sites.is_empty() {
        return;
    }
    let touched: Vec<_> = solution.touched().collect();
    for shift in touched {
        solution.reseat_collections(shift);
    }
}

/// What the road costs per visit, in cents: the scale of the annealing.
fn mean_road_price(instance: &Instance<'_>, solution: &Solution<'_>) -> f64 {
    let (mut sum, mut visits) = (0.0, 0);
    for route in solution.routes.iter().filter(|route| !route.is_empty()) {
        let price = instance.shift(route.shift).price;
        let (seconds, meters) = route.road();
        sum += price.weigh(seconds.0, meters.0, seconds.0) as f64 / f64::from(1 << FIXED_POINT);
        visits += route.stops.len() + 1;
    }
    if visits == 0 { 1.0 } else { (sum / visits as f64).max(0.001) }
}
