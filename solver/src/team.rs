//! Islands as hands on one plan: each changes a region of it for a while, then they tell each other and
//! the regions are dealt anew.
//!
//! Steps of a ruin and recreate search touch few routes near one another, so hands that keep to regions
//! hardly miss what they cannot see, and one annealing gets the iterations of all of them. That pays
//! where iterations are few for the jobs there are; where they are many, islands part ways, each searches
//! on a plan of its own, and the best one wins. So it is from the beginning where stores have an end, since
//! what is left there concerns every route at once, or where routes are too few to part. Knows nothing
//! of how an island searches.

use crate::annealing::{LAST, TELLING};
use crate::instance::Instance;
use crate::island::{Island, generator};
use crate::local_search;
use crate::master::{Guide, PRICES, WHOLE_PLAN};
use crate::meetings::{MEETINGS, Meetings, has_short_days};
use crate::solution::Solution;
use crate::stop::Stop;
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, PlaceIx, ShiftIx};
use dispatch_data::units::Cost;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use std::ops::Range;

/// Iterations of a hand between two deals, and for each job where that is more.
const TURN: u64 = 512;
const TURN_PER_JOB: f64 = 0.25;
/// Routes in use for each hand, below which the plan is not parted.
const FEWEST_ROUTES: usize = 4;
/// Iterations of all hands for each job, from which a plan of one's own pays more.
const ENOUGH: f64 = 1_500.0;

/// Share of a clock's budget at which the local search of the first plan ends at the latest, and how often it
/// is dealt to hands.
const LOCALLY: f64 = 0.3;
const DEALS: usize = 2;

/// Share of the budget from which on the best plan is taken as far as local search goes: an annealing ends lukewarm,
/// and of many jobs some stand where nobody would leave them.
const FINISH: f64 = 0.99;

/// Shares of the budget between which islands dive, and the visits of the day that a visit stands in, on average,
/// up to which they do: plans of longer days gain more from long annealings.
const DIVES: Range<f64> = 0.25..0.85;
const SHORT: f64 = 10.0;
/// Shifts with which they do at most: each keeps a table of all hops between the jobs it may take, and the labels of all
/// are made between two looks at the clock.
const MOST_LABELLED: usize = 100;

/// All islands of one search.
pub(crate) struct Team<'a> {
    instance: &'a Instance<'a>,
    islands: Vec<Island<'a>>,
    rng: Xoshiro256PlusPlus,
    shares: bool,
    best: Vec<Vec<RouteNode>>,
    best_cost: Cost,
    fewest: usize,
}

/// Whose shifts and absent jobs are whose.
struct Deal {
    shifts: Vec<usize>,
    jobs: Vec<usize>,
}

impl<'a> Team<'a> {
    /// Islands that all start from the same plan.
    pub(crate) fn new(instance: &'a Instance<'a>, islands: Vec<Island<'a>>, seed: u64) -> Self {
        let (best_cost, best, fewest, used) = match islands.first() {
            Some(island) => {
                let used = island.solution().routes.iter().filter(|route| !route.is_empty()).count();
                (island.best().0, island.best().1.to_vec(), island.solution().absent().len(), used)
            }
            None => (Cost::ZERO, Vec::new(), 0, 0),
        };
        let hands = islands.len();
        let shares = hands > 1 && instance.boundless && used >= hands * FEWEST_ROUTES;
        Self { instance, rng: generator(seed, hands), shares, best, best_cost, fewest, islands }
    }

    /// Searches until that share of the budget is used.
    fn run(&mut self, stop: &Stop<'_>, until: f64) {
        let turn = TURN.max((self.instance.jobs as f64 * TURN_PER_JOB) as u64);
        while self.shares && self.islands.iter().any(|island| island.used(stop) < until) {
            if self.has_enough(stop) {
                self.shares = false;
                self.islands.iter_mut().for_each(Island::part_ways);
            } else {
                self.take_turns(&|island| island.run(stop, until, turn));
            }
        }
        if !self.shares {
            self.islands.par_iter_mut().for_each(|island| island.run(stop, until, u64::MAX));
            self.take_best();
        } else {
            self.islands.iter_mut().for_each(Island::open_all);
        }
    }

    /// Whether there are so many iterations for each job that hands are better off alone.
    fn has_enough(&self, stop: &Stop<'_>) -> bool {
        let all = match (stop.total(), stop.clock()) {
            (Some(total), _) => total as f64,
            (None, Some(used)) if used >= TELLING => {
                self.islands.iter().map(Island::iterations).sum::<u64>() as f64 / used
            }
            (None, _) => 0.0,
        };
        all / self.instance.jobs as f64 > ENOUGH
    }

    /// Takes a first plan that leaves jobs out as far as local search goes: by hands where they share it, else
    /// once for all. One that serves everybody is better left to ruin and recreate, which undoes much of it at
    /// first.
    fn search_locally(&mut self, stop: &Stop<'_>) {
        if self.fewest == 0 {
            return;
        }
        let spent = || stop.is_spent() || stop.clock().is_some_and(|used| used >= LOCALLY);
        if self.shares {
            for _ in 0..DEALS {
                self.take_turns(&|island| island.search_locally(&spent));
            }
            self.islands.iter_mut().for_each(Island::open_all);
        } else if let Some((first, others)) = self.islands.split_first_mut() {
            first.search_locally(&spent);
            let (cost, stops) = first.best();
            others.iter_mut().for_each(|island| island.adopt(stops, cost));
            (self.best, self.best_cost) = (stops.to_vec(), cost);
            self.fewest = first.fewest();
        }
        self.islands.iter_mut().for_each(Island::start_here);
    }

    /// Deals the plan, lets every hand work for a turn, and puts together what they did.
    fn take_turns(&mut self, work: &(dyn Fn(&mut Island<'a>) + Sync)) {
        let hands = self.islands.len();
        let deal = deal(self.instance, self.islands[0].solution(), hands, &mut self.rng);
        let start = self.islands[0].solution().cost();
        let absent = self.islands[0].solution().absent().len();
        let fewest = self.fewest;
        let before: Vec<Vec<u64>> = self.islands.iter().map(|island| island.solution().versions().to_vec()).collect();
        self.islands.par_iter_mut().enumerate().for_each(|(hand, island)| {
            island.keep_to(hand, &deal.shifts, &deal.jobs, fewest);
            work(island);
        });
        // Every hand's best moment of this turn, side by side: they do not touch each other.
        let best: Cost = start + self.islands.iter().map(|island| island.best().0 - start).sum::<Cost>();
        if best < self.best_cost {
            self.best_cost = best;
            for (shift, hand) in deal.shifts.iter().enumerate() {
                self.best[shift].clone_from(&self.islands[*hand].best().1[shift]);
            }
            let left = |island: &Island<'_>| island.fewest() as i64 - absent as i64;
            self.fewest = (absent as i64 + self.islands.iter().map(left).sum::<i64>()).max(0) as usize;
        }
        for hand in 0..hands {
            let changed = self.islands[hand].solution().changed_since(&before[hand]);
            for other in (0..hands).filter(|other| *other != hand) {
                let (low, high) = self.islands.split_at_mut(hand.max(other));
                let (from, to) = if hand < other { (&low[hand], &mut high[0]) } else { (&high[0], &mut low[other]) };
                to.take_routes(from.solution(), &changed);
            }
        }
        debug_assert!(
            self.islands.iter().all(|island| island.solution().cost() == self.islands[0].solution().cost()),
            "hands that have told each other everything hold one plan"
        );
    }

    /// Searches to the end of the budget, from nothing or from a plan in force.
    pub(crate) fn search(&mut self, stop: &Stop<'_>, from_nothing: bool) {
        let mut meetings = Meetings::new();
        if from_nothing {
            self.search_locally(stop);
        }
        if from_nothing && self.dive(stop) {
            self.meet(&mut meetings, stop);
        } else {
            for until in MEETINGS {
                self.run(stop, until);
                self.meet(&mut meetings, stop);
            }
        }
        self.run(stop, FINISH);
        self.finish(&|| stop.is_spent());
        self.run(stop, 1.0);
    }

    /// Anneals for a while, makes a guide of what was found, and lets all islands dive from it. False where it does
    /// not come to that: the annealings are to go on then.
    fn dive(&mut self, stop: &Stop<'_>) -> bool {
        if !PRICES || self.instance.jobs > WHOLE_PLAN || self.instance.shifts.len() > MOST_LABELLED {
            return false;
        }
        if stop.total().is_none() {
            self.run(stop, TELLING);
        }
        if !self.has_enough(stop) {
            return false;
        }
        let last_from = |islands: &mut [Island<'a>], share| islands.iter_mut().for_each(|one| one.last_from(share));
        last_from(&mut self.islands, DIVES.start);
        self.run(stop, DIVES.start);
        let solution = Solution::from_snapshot(self.instance, &self.best);
        if self.shares || !has_short_days(&solution, SHORT) {
            last_from(&mut self.islands, LAST);
            return false;
        }
        let pools: Vec<_> = self.islands.iter().map(Island::pool).collect();
        let late = || stop.is_spent() || stop.clock().is_some_and(|used| used >= DIVES.end);
        if let Some(guide) = Guide::new(&solution, &pools, &late) {
            self.islands.par_iter_mut().for_each(|island| island.dive(&guide, stop, DIVES.end));
            self.take_best();
        }
        true
    }

    /// The best plan of all is the best of the islands'; the first of equals, so that the answer does not hang on who
    /// finished first.
    fn take_best(&mut self) {
        for island in &self.islands {
            if island.best().0 < self.best_cost {
                self.best_cost = island.best().0;
                self.best = island.best().1.to_vec();
            }
        }
    }

    /// Recombines the routes of all islands.
    fn meet(&mut self, meetings: &mut Meetings, stop: &Stop<'_>) {
        if let Some((stops, cost)) = meetings.hold(self.instance, &self.islands, &self.best, stop) {
            self.adopt(stops, cost);
        }
        for island in self.islands.iter_mut().filter(|island| island.is_last_of_many(stop)) {
            island.adopt(&self.best, self.best_cost);
        }
    }

    /// Takes the best plan of all as far as local search goes, or until `spent`; everybody goes on from there.
    pub(crate) fn finish(&mut self, spent: &dyn Fn() -> bool) {
        if spent() {
            return;
        }
        let mut solution = Solution::from_snapshot(self.instance, &self.best);
        local_search::polish(&mut solution, 0, spent);
        let mut stops = Vec::new();
        solution.snapshot_into(&mut stops);
        self.adopt(stops, solution.cost());
    }

    /// All go on from a plan that is cheaper than the best so far.
    fn adopt(&mut self, stops: Vec<Vec<RouteNode>>, cost: Cost) {
        if cost >= self.best_cost {
            return;
        }
        self.islands.iter_mut().for_each(|island| island.adopt(&stops, cost));
        (self.best, self.best_cost) = (stops, cost);
        // Cheaper than any of their own, so all have adopted it.
        self.fewest = self.islands.first().map_or(0, Island::fewest);
    }

    /// Everybody.
    #[cfg(test)]
    pub(crate) fn islands(&self) -> &[Island<'a>] {
        &self.islands
    }

    /// The best plan, and the iterations of all islands.
    pub(crate) fn found(self) -> (Vec<Vec<RouteNode>>, u64) {
        let iterations = self.islands.iter().map(Island::iterations).sum();
        (self.best, iterations)
    }
}

/// Deals shifts and absent jobs to hands by nearness: the plan is halved around a job drawn at random,
/// and its halves again, so that visits are about even and borders fall elsewhere every time.
fn deal(instance: &Instance<'_>, solution: &Solution<'_>, hands: usize, rng: &mut Xoshiro256PlusPlus) -> Deal {
    let problem = instance.problem;
    let mut shifts = vec![0; instance.shifts.len()];
    let mut parties = Vec::new();
    let mut idle = (0..hands).cycle();
    // All shifts of a technician go to one hand, for the van they share.
    for technician in &problem.technicians {
        let own: Vec<ShiftIx> = technician.shift_indices().collect();
        let used = || own.iter().filter(|shift| solution.version_of(**shift) != 0);
        let visits = used().map(|shift| solution.route(*shift).stops.len()).sum();
        let Some(first) = used().next() else {
            let hand = idle.next().unwrap_or_default();
            own.iter().for_each(|shift| shifts[shift.index()] = hand);
            continue;
        };
        let stops = &solution.route(*first).stops;
        parties.push(Party { place: instance.node(stops[stops.len() / 2].id).place, visits, shifts: own });
    }
    part(instance, &mut parties, 0..hands, rng, &mut shifts);
    let hand_of = |job: JobIx| {
        let near = instance.neighbours[job.index()].iter().find_map(|near| solution.shift_of(*near));
        near.map_or(job.index() % hands, |shift| shifts[shift.index()])
    };
    let mut jobs = vec![0; instance.jobs];
    for job in solution.absent() {
        jobs[job.index()] = hand_of(*job);
    }
    Deal { shifts, jobs }
}

/// A technician with visits.
struct Party {
    /// Somewhere on the way.
    place: PlaceIx,
    visits: usize,
    shifts: Vec<ShiftIx>,
}

/// Parts technicians among hands.
fn part(
    instance: &Instance<'_>,
    parties: &mut [Party],
    hands: Range<usize>,
    rng: &mut Xoshiro256PlusPlus,
    hand_of: &mut [usize],
) {
    if hands.len() <= 1 || parties.is_empty() {
        for party in parties {
            party.shifts.iter().for_each(|shift| hand_of[shift.index()] = hands.start);
        }
        return;
    }
    let middle = hands.start + hands.len() / 2;
    let around = parties[rng.random_range(0..parties.len())].place;
    let shift = &instance.shifts[0];
    parties.sort_by_cached_key(|party| instance.leg(shift, around, party.place).seconds);
    let all: usize = parties.iter().map(|party| party.visits).sum();
    let share = all * (middle - hands.start) / hands.len();
    let mut sum = 0;
    let count = parties
        .iter()
        .take_while(|party| {
            sum += party.visits;
            sum <= share
        })
        .count();
    let (near, far) = parties.split_at_mut(count);
    part(instance, near, hands.start..middle, rng, hand_of);
    part(instance, far, middle..hands.end, rng, hand_of);
}
