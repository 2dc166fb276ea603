//! The solution of one search: all routes, the jobs left out, the lots left; and the way back.
//!
//! Owns what lies between routes (shared lots, a technician's van over several shifts). Every change
//! goes through here and is written down, so that a rejected step is undone at the price of the
//! routes it touched.

mod collections;
mod copies;
mod days;
mod sharing;

use crate::instance::{Instance, NodeId, NodeKind};
use crate::route::Route;
use crate::supply::{self, Leftover};
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, SiteIx};
use dispatch_data::units::Cost;
use smallvec::SmallVec;
use std::cell::Cell;

/// Where a job would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Insertion {
    pub(crate) shift: ShiftIx,
    /// Position among the stops as they are now.
    pub(crate) at: usize,
    /// A collection to insert too, at or before the job: its position as the stops are now.
    pub(crate) collection: Option<(usize, SiteIx)>,
    /// Growth of the bill in 2⁻¹⁶ cents, rounding aside.
    pub(crate) weight: i64,
}

const NONE: u32 = u32::MAX;

/// A plan under change.
#[derive(Clone)]
pub(crate) struct Solution<'a> {
    pub(crate) instance: &'a Instance<'a>,
    pub(crate) routes: Vec<Route>,
    shift_of: Vec<u32>,
    /// Position of each served job among the stops of its route.
    position: Vec<u32>,
    /// Per class of shifts: no open member of a lower rank is empty.
    first_empty: Vec<Cell<u32>>,
    absent: Vec<JobIx>,
    absent_at: Vec<u32>,
    lots: Vec<u32>,
    /// Routes, and each absent job at what the search reckons.
    cost: Cost,
    /// What absent jobs cost above that.
    owed: Cost,
    /// What the search reckons each job to cost when it is left out.
    reckoned: Vec<Cost>,
    scratch: Vec<RouteNode>,
    /// Scratch memory: a route without its collection.
    bare: Route,
    // Undo: copies of the routes touched since the last mark.
    saved: Vec<Route>,
    saved_count: usize,
    touched: Vec<u64>,
    mark: u64,
    /// Version of the route settled last.
    versions: u64,
    /// Version of each route, side by side: 0 is empty.
    version_of: Vec<u64>,
    /// Shifts that others work on for a while, and absent jobs that are theirs to place; none when empty.
    closed: Vec<bool>,
    barred: Vec<bool>,
    // Routes that differ from the last snapshot.
    dirty: Vec<ShiftIx>,
    is_dirty: Vec<bool>,
}

impl<'a> Solution<'a> {
    /// Nobody goes anywhere.
    pub(crate) fn empty(instance: &'a Instance<'a>) -> Self {
        Self::empty_but(instance, &[])
    }

    /// The same, where some shifts are about to get a settled route.
    fn empty_but(instance: &'a Instance<'a>, is_held: &[bool]) -> Self {
        let shifts = instance.shifts.len();
        let open: Vec<JobIx> = (0..instance.jobs).filter(|job| !instance.is_frozen[*job]).map(JobIx::from).collect();
        let mut absent_at = vec![NONE; instance.jobs];
        for (at, job) in open.iter().enumerate() {
            absent_at[job.index()] = at as u32;
        }
        let mut routes: Vec<Route> = (0..shifts).map(|shift| Route::empty(ShiftIx::from(shift))).collect();
        let held = |route: &Route| is_held.get(route.shift.index()).is_some_and(|held| *held);
        for route in routes.iter_mut().filter(|route| !held(route) && instance.shift(route.shift).settled.is_some()) {
            route.refresh(instance);
        }
        let left: Cost = open.iter().map(|job| instance.node(node_of(*job)).drop).sum();
        Self {
            instance,
            cost: left + routes.iter().map(|route| route.cost).sum(),
            routes,
            shift_of: vec![NONE; instance.jobs],
            position: vec![0; instance.jobs],
            first_empty: vec![Cell::new(0); shifts],
            absent: open,
            absent_at,
            lots: instance.lots_at_start.to_vec(),
            owed: Cost::ZERO,
            reckoned: instance.nodes[..instance.jobs].iter().map(|node| node.drop).collect(),
            scratch: Vec::new(),
            bare: Route::empty(ShiftIx(0)),
            saved: Vec::new(),
            saved_count: 0,
            touched: vec![0; shifts],
            mark: 1,
            versions: 0,
            version_of: vec![0; shifts],
            closed: vec![false; shifts],
            barred: vec![false; instance.jobs],
            dirty: Vec::new(),
            is_dirty: vec![false; shifts],
        }
    }

    /// The whole price: routes, and jobs left out.
    pub(crate) fn cost(&self) -> Cost {
        self.cost + self.owed
    }
    /// The price the search reckons with, see [`Self::reckon`].
    pub(crate) fn lenient_cost(&self) -> Cost {
        self.cost
    }
    /// What the search reckons a job left out to cost.
    #[inline]
    pub(crate) fn price_of_leaving(&self, job: JobIx) -> Cost {
        self.reckoned[job.index()]
    }
    /// From here on the search reckons a job left out to cost this much, and never more than its price.
    pub(crate) fn reckon(&mut self, price: impl Fn(JobIx) -> Cost) {
        let whole = self.cost + self.owed;
        let drop = |job: usize| self.instance.nodes[job].drop;
        for (job, reckoned) in self.reckoned.iter_mut().enumerate() {
            *reckoned = price(JobIx::from(job)).min(drop(job));
        }
        self.owed = self.absent.iter().map(|job| drop(job.index()) - self.reckoned[job.index()]).sum();
        self.cost = whole - self.owed;
    }
    pub(crate) fn absent(&self) -> &[JobIx] {
        &self.absent
    }
    #[inline]
    pub(crate) fn shift_of(&self, job: JobIx) -> Option<ShiftIx> {
        let shift = self.shift_of[job.index()];
        (shift != NONE).then_some(ShiftIx(shift))
    }
    #[inline]
    pub(crate) fn route(&self, shift: ShiftIx) -> &Route {
        &self.routes[shift.index()]
    }
    /// Jobs on a shift, in the order of the day.
    pub(crate) fn jobs_on(&self, shift: ShiftIx) -> impl Iterator<Item = JobIx> + '_ {
        let kinds = self.route(shift).stops.iter().map(|stop| self.instance.kind(stop.id));
        kinds.filter_map(|kind| match kind {
            NodeKind::Job(job) => Some(job),
            NodeKind::Collection(_) => None,
        })
    }
    /// Version of the route of a shift; 0 where it is empty.
    #[inline]
    pub(crate) fn version_of(&self, shift: ShiftIx) -> u64 {
        self.version_of[shift.index()]
    }
    /// Version of the route that was settled last: later ones have higher versions.
    pub(crate) fn latest_version(&self) -> u64 {
        self.versions
    }
    pub(crate) fn lots_left(&self) -> &[u32] {
        &self.lots
    }

    /// Units of the van that the other shifts of this shift's technician use.
    pub(crate) fn van_elsewhere(&self, shift: ShiftIx, part: PartIx) -> u32 {
        let info = self.instance.shift(shift);
        if !info.shares_van {
            return 0;
        }
        self.instance
            .problem
            .technician(info.technician)
            .shift_indices()
            .filter(|other| *other != shift)
            .map(|other| self.route(other).supply.van_use(part))
            .sum()
    }

    /// From here on changes can be undone together.
    pub(crate) fn begin(&mut self) {
        self.mark += 1;
        self.saved_count = 0;
    }

    /// Takes back every change since [`Self::begin`].
    pub(crate) fn undo(&mut self) {
        for k in 0..self.saved_count {
            let shift = self.saved[k].shift;
            let now = &self.routes[shift.index()];
            self.cost -= now.cost;
            for fetch in &now.supply.fetches {
                if let Some(lot) = fetch.lot {
                    self.lots[lot.index()] += fetch.quantity;
                }
            }
            for stop in &now.stops {
                if (stop.id.0 as usize) < self.instance.jobs {
                    self.shift_of[stop.id.0 as usize] = NONE;
                }
            }
        }
        // Two passes, since a job may have moved from one touched route to another.
        for k in 0..self.saved_count {
            let shift = self.saved[k].shift;
            std::mem::swap(&mut self.routes[shift.index()], &mut self.saved[k]);
            let then = &self.routes[shift.index()];
            self.version_of[shift.index()] = then.version;
            self.cost += then.cost;
            for fetch in &then.supply.fetches {
                if let Some(lot) = fetch.lot {
                    self.lots[lot.index()] -= fetch.quantity;
                }
            }
            for (at, stop) in then.stops.iter().enumerate() {
                if (stop.id.0 as usize) < self.instance.jobs {
                    self.shift_of[stop.id.0 as usize] = shift.0;
                    self.position[stop.id.0 as usize] = at as u32;
                }
            }
            if then.is_empty() {
                self.note_empty(shift);
            }
        }
        for k in 0..self.saved_count {
            let shift = self.saved[k].shift;
            for from_saved in [true, false] {
                let count = if from_saved { self.saved[k].stops.len() } else { self.route(shift).stops.len() };
                for at in 0..count {
                    let id = if from_saved { self.saved[k].stops[at].id } else { self.route(shift).stops[at].id };
                    if let NodeKind::Job(job) = self.instance.kind(id) {
                        self.sync_absent(job);
                    }
                }
            }
        }
        self.saved_count = 0;
        self.mark += 1;
    }

    /// Makes the list of absent jobs agree with where the job is, and the price with the list.
    fn sync_absent(&mut self, job: JobIx) {
        let listed = self.absent_at[job.index()] != NONE;
        let absent = self.shift_of[job.index()] == NONE;
        let drop = self.instance.node(Instance::job_node(job)).drop;
        let asked = self.reckoned[job.index()];
        if absent && !listed {
            self.absent_at[job.index()] = self.absent.len() as u32;
            self.absent.push(job);
            self.cost += asked;
            self.owed += drop - asked;
        } else if !absent && listed {
            let at = self.absent_at[job.index()] as usize;
            self.absent.swap_remove(at);
            if let Some(moved) = self.absent.get(at) {
                self.absent_at[moved.index()] = at as u32;
            }
            self.absent_at[job.index()] = NONE;
            self.cost -= asked;
            self.owed -= drop - asked;
        }
    }

    fn save(&mut self, shift: ShiftIx) {
        if !self.is_dirty[shift.index()] {
            self.is_dirty[shift.index()] = true;
            self.dirty.push(shift);
        }
        if self.touched[shift.index()] == self.mark {
            return;
        }
        self.touched[shift.index()] = self.mark;
        if self.saved_count == self.saved.len() {
            self.saved.push(Route::empty(shift));
        }
        let (saved, route) = (&mut self.saved[self.saved_count], &mut self.routes[shift.index()]);
        std::mem::swap(saved, route);
        route.restart(saved);
        self.saved_count += 1;
    }

    /// Routes touched since [`Self::begin`].
    pub(crate) fn touched(&self) -> impl Iterator<Item = ShiftIx> + '_ {
        self.saved[..self.saved_count].iter().map(|route| route.shift)
    }

    /// Settles supply and summaries of a route whose stops have changed. False when it breaks a rule;
    /// the bookkeeping is right in both cases.
    fn settle(&mut self, shift: ShiftIx) -> bool {
        self.cost -= self.routes[shift.index()].cost;
        let supplied = self.settle_supply(shift);
        let route = &mut self.routes[shift.index()];
        let fits = supplied && route.resume(self.instance);
        if !fits {
            // An unfinished bill must not count; whoever sees false changes the route again.
            route.cost = Cost::ZERO;
        }
        self.cost += route.cost;
        // Empty routes are all alike.
        self.versions += 1;
        route.version = if route.is_empty() { 0 } else { self.versions };
        self.version_of[shift.index()] = route.version;
        for (at, stop) in route.stops.iter().enumerate() {
            if let Some(position) = self.position.get_mut(stop.id.0 as usize) {
                *position = at as u32;
            }
        }
        if route.is_empty() {
            self.note_empty(shift);
        }
        fits
    }

    fn note_empty(&self, shift: ShiftIx) {
        let first = &self.first_empty[self.instance.shift(shift).class];
        first.set(first.get().min(self.instance.rank_in_class[shift.index()]));
    }

    /// An unused open shift of a class.
    pub(crate) fn empty_of_class(&self, class: usize) -> Option<ShiftIx> {
        let members = &self.instance.class_members[class];
        let first = &self.first_empty[class];
        while let Some(shift) = members.get(first.get() as usize) {
            if self.version_of(*shift) == 0 && self.is_open(*shift) {
                return Some(*shift);
            }
            first.set(first.get() + 1);
        }
        None
    }

    /// Position of a served job among the stops of its route.
    #[inline]
    pub(crate) fn position(&self, job: JobIx) -> usize {
        self.position[job.index()] as usize
    }

    fn settle_supply(&mut self, shift: ShiftIx) -> bool {
        let instance = self.instance;
        if !instance.any_supply {
            return true;
        }
        let info = instance.shift(shift);
        let elsewhere: SmallVec<[(PartIx, u32); 4]> = if info.shares_van {
            let parts = (0..instance.problem.parts.len()).map(PartIx::from);
            parts.map(|part| (part, self.van_elsewhere(shift, part))).filter(|(_, units)| *units > 0).collect()
        } else {
            SmallVec::new()
        };
        let (route, lots) = (&mut self.routes[shift.index()], &mut self.lots);
        for fetch in &route.supply.fetches {
            if let Some(lot) = fetch.lot {
                lots[lot.index()] += fetch.quantity;
            }
        }
        let settled = {
            let van_elsewhere =
                |part| elsewhere.iter().find(|(other, _)| *other == part).map_or(0, |(_, units)| *units);
            let left = Leftover { lots, van_elsewhere: &van_elsewhere };
            let from = route.same_as_settled();
            let mut settled = supply::resume(instance, info, &mut route.stops, from, &left, &mut route.supply);
            // A collection that brings nothing any more is not worth its way.
            while settled {
                let idle =
                    (0..route.stops.len()).find(|at| !instance.is_job(route.stops[*at].id) && !route.supply.needs(*at));
                let Some(idle) = idle else { break };
                route.stops.remove(idle);
                settled = supply::resume(instance, info, &mut route.stops, idle, &left, &mut route.supply);
            }
            #[cfg(debug_assertions)]
            if settled {
                let (mut stops, mut anew) = (route.stops.clone(), supply::Supply::default());
                assert!(supply::settle(instance, info, &mut stops, &left, &mut anew));
                assert_eq!((&stops, &anew), (&route.stops, &route.supply), "supply settled in part against the whole");
            }
            settled
        };
        if !settled {
            route.supply.clear();
            route.forget();
        }
        for fetch in &route.supply.fetches {
            if let Some(lot) = fetch.lot {
                lots[lot.index()] -= fetch.quantity;
            }
        }
        settled
    }

    /// Puts a job into a route. False, and nothing changed, when the whole does not fit after all.
    pub(crate) fn insert(&mut self, job: JobIx, insertion: Insertion) -> bool {
        let Insertion { shift, at, collection, weight: _ } = insertion;
        self.save(shift);
        let stops = &mut self.routes[shift.index()].stops;
        self.scratch.clone_from(stops);
        stops.insert(at, RouteNode::new(Instance::job_node(job)));
        if let Some((at, site)) = collection {
            let node = self.instance.site_node(site);
            stops.insert(at, RouteNode::new(node));
        }
        self.shift_of[job.index()] = shift.0;
        if self.settle(shift) {
            self.sync_absent(job);
            true
        } else {
            self.shift_of[job.index()] = NONE;
            self.routes[shift.index()].stops.clone_from(&self.scratch);
            self.settle_or_clear(shift);
            false
        }
    }

    /// Takes jobs out of their routes.
    pub(crate) fn remove(&mut self, jobs: &[JobIx]) {
        let mut shifts: SmallVec<[ShiftIx; 16]> = SmallVec::new();
        for job in jobs {
            let Some(shift) = self.shift_of(*job) else { continue };
            self.save(shift);
            if !shifts.contains(&shift) {
                shifts.push(shift);
            }
            let node = Instance::job_node(*job);
            self.routes[shift.index()].stops.retain(|stop| stop.id != node);
            self.shift_of[job.index()] = NONE;
            self.sync_absent(*job);
        }
        for shift in shifts {
            self.settle_or_clear(shift);
        }
    }

    /// Sets the stops of a shift and settles it: its cost, or `None` where a rule is broken. Jobs are
    /// not claimed for the shift yet.
    pub(crate) fn try_stops(&mut self, shift: ShiftIx, stops: &[RouteNode]) -> Option<Cost> {
        self.save(shift);
        let own = &mut self.routes[shift.index()].stops;
        own.clear();
        own.extend_from_slice(stops);
        self.settle(shift).then(|| self.route(shift).cost)
    }

    /// Sets the stops of some shifts that hold the same jobs between them as before, and settles them. False
    /// where a rule is broken: then all since [`Self::begin`] must be undone.
    pub(crate) fn try_days(&mut self, days: &[(ShiftIx, &[RouteNode])]) -> bool {
        // All first: undoing one day gives its jobs up, and only a day that was saved takes them back.
        days.iter().for_each(|(shift, _)| self.save(*shift));
        for (shift, stops) in days {
            if self.try_stops(*shift, stops).is_none() {
                return false;
            }
            self.claim(*shift, stops);
        }
        true
    }

    /// Notes that the jobs among these stops are on a shift now.
    pub(crate) fn claim(&mut self, shift: ShiftIx, stops: &[RouteNode]) {
        for stop in stops {
            if let NodeKind::Job(job) = self.instance.kind(stop.id) {
                self.shift_of[job.index()] = shift.0;
                self.sync_absent(job);
            }
        }
    }

    /// Settles a route that should fit; empties it where it does not after all (leaving a stop out can
    /// make a day longer where travel breaks the triangle inequality).
    fn settle_or_clear(&mut self, shift: ShiftIx) {
        if self.settle(shift) {
            return;
        }
        let stops = std::mem::take(&mut self.routes[shift.index()].stops);
        for stop in stops {
            if let NodeKind::Job(job) = self.instance.kind(stop.id) {
                self.shift_of[job.index()] = NONE;
                self.sync_absent(job);
            }
        }
        self.settle(shift);
    }
}

fn route_stops(route: &Route) -> Vec<RouteNode> {
    route.stops.clone()
}

/// The node of an absent job, ready to be placed.
pub(crate) fn node_of(job: JobIx) -> NodeId {
    Instance::job_node(job)
}
