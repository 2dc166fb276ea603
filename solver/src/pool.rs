//! The pool: routes that stood in good plans, kept for recombination.
//!
//! One entry per class of shifts and set of jobs, the cheapest order seen. Bounded: when it is full,
//! the routes of the cheapest plans stay, and of the others the youngest. An island owns its
//! pool and offers without a lock; what it holds depends on nothing but the order of the offers.

use crate::instance::{Instance, NodeKind};
use crate::route::Route;
use crate::solution::Solution;
use crate::walk::RouteNode;
use dispatch_data::ids::{PartIx, ShiftIx};
use dispatch_data::units::Cost;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// A hasher for keys that are random numbers already.
#[derive(Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Positions by random key. Looked up only: its order must never matter.
pub(crate) type ByKey = HashMap<u64, u32, BuildHasherDefault<AsIs>>;

/// A random number per job, and one per shift: their exclusive or names a set.
pub(crate) struct Keys {
    jobs: Vec<u64>,
    shifts: Vec<u64>,
}

impl Keys {
    /// The same numbers for every search on an instance of this size.
    pub(crate) fn new(instance: &Instance<'_>) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0x00d1_5ba7_c400);
        let mut draw = |count: usize| (0..count).map(|_| rng.next_u64()).collect();
        Self { jobs: draw(instance.jobs), shifts: draw(instance.shifts.len()) }
    }
    /// The name of a set of jobs. Two different sets have one name with a chance of 2⁻⁶⁴; a route would
    /// be lost then, and nothing else.
    pub(crate) fn set(&self, instance: &Instance<'_>, stops: &[RouteNode]) -> u64 {
        stops.iter().fold(0, |key, stop| match instance.kind(stop.id) {
            NodeKind::Job(job) => key ^ self.jobs[job.index()],
            NodeKind::Collection(_) => key,
        })
    }
}

/// A route that stood in some plan.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Name of its set of jobs.
    pub(crate) set: u64,
    pub(crate) shift: ShiftIx,
    pub(crate) cost: Cost,
    /// The cheapest plan it stood in.
    pub(crate) seen: Cost,
    /// When it came in, in offers.
    born: u64,
    /// With the lots' instants that its collections waited for.
    pub(crate) stops: Box<[RouteNode]>,
    /// Units it took from the van, where the van serves other shifts too.
    pub(crate) van: SmallVec<[(PartIx, u32); 2]>,
}

/// Routes by class of shifts and set of jobs.
pub(crate) struct Pool {
    keys: Arc<Keys>,
    entries: Vec<Entry>,
    at: ByKey,
    bound: usize,
    offers: u64,
}

impl Pool {
    /// An empty pool of at most `2 × bound` routes; `bound` stay when it is thinned out.
    pub(crate) fn new(keys: Arc<Keys>, bound: usize) -> Self {
        Self { keys, entries: Vec::new(), at: ByKey::default(), bound, offers: 0 }
    }

    /// All routes, in the order in which they came.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Takes in the routes changed by the last step of a solution.
    pub(crate) fn offer(&mut self, solution: &Solution<'_>) {
        let seen = solution.cost();
        for shift in solution.touched() {
            self.offer_route(solution.instance, solution.route(shift), seen);
        }
    }

    /// Takes in all routes of a solution.
    pub(crate) fn offer_all(&mut self, solution: &Solution<'_>) {
        for route in &solution.routes {
            self.offer_route(solution.instance, route, solution.cost());
        }
    }

    fn offer_route(&mut self, instance: &Instance<'_>, route: &Route, seen: Cost) {
        if route.is_empty() {
            return;
        }
        self.offers += 1;
        let set = self.keys.set(instance, &route.stops);
        let info = instance.shift(route.shift);
        // Equal shifts share an entry, unless a job tells them apart.
        let own = route.stops.iter().any(|stop| instance.tells_shifts_apart(stop.id));
        let holder = if own { route.shift } else { instance.class_members[info.class][0] };
        let key = set ^ self.keys.shifts[holder.index()];
        if let Some(at) = self.at.get(&key) {
            let entry = &mut self.entries[*at as usize];
            entry.seen = entry.seen.min(seen);
            if route.cost < entry.cost {
                entry.take(route, info.shares_van);
            }
            return;
        }
        let mut entry = Entry {
            set,
            shift: route.shift,
            cost: route.cost,
            seen,
            born: self.offers,
            stops: Box::default(),
            van: SmallVec::new(),
        };
        entry.take(route, info.shares_van);
        self.at.insert(key, self.entries.len() as u32);
        self.entries.push(entry);
        if self.entries.len() > 2 * self.bound.max(1) {
            self.thin_out(instance);
        }
    }

    /// Keeps the routes of the cheapest plans, the younger among equals, and as many of the youngest.
    fn thin_out(&mut self, instance: &Instance<'_>) {
        let best = self.bound / 2;
        self.entries.sort_unstable_by_key(|entry| (entry.seen, u64::MAX - entry.born));
        self.entries[best..].sort_unstable_by_key(|entry| u64::MAX - entry.born);
        self.entries.truncate(self.bound);
        self.entries.sort_unstable_by_key(|entry| entry.born);
        self.at.clear();
        for (at, entry) in self.entries.iter().enumerate() {
            let own = entry.stops.iter().any(|stop| instance.tells_shifts_apart(stop.id));
            let class = instance.shift(entry.shift).class;
            let holder = if own { entry.shift } else { instance.class_members[class][0] };
            self.at.insert(entry.set ^ self.keys.shifts[holder.index()], at as u32);
        }
    }
}

impl Entry {
    fn take(&mut self, route: &Route, shares_van: bool) {
        self.shift = route.shift;
        self.cost = route.cost;
        self.stops = route.stops.as_slice().into();
        self.van.clear();
        if shares_van {
            self.van.extend(route.supply.van.iter().copied());
        }
    }
}
