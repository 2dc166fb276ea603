//! The best place for an absent job: which shift, which position, with which collection.
//!
//! Looks at shifts near the job only where there are many, so that the price of a look does not
//! grow with the problem. Proposes; [`Solution::insert`] disposes.

mod cache;
mod stock;

use crate::instance::{FIXED_POINT, Grade, Instance};
use crate::route::{Detour, Growth, Route};
use crate::rules;
use crate::solution::{Insertion, Solution, node_of};
use crate::supply::{self, Leftover, Supply};
use crate::walk::RouteNode;
use cache::{Cache, Memory};
use dispatch_data::ids::{JobIx, ShiftIx, SiteIx};
use dispatch_data::units::Cost;

/// With at most this many shifts in use every one of them is looked at.
pub(crate) const FEW_SHIFTS: usize = 48;
/// With at most this many jobs every shift in use is looked at.
const FEW_JOBS: usize = 150;
/// Neighbours whose routes are looked at where there are more jobs.
const BESIDE: usize = 32;
/// Routes with more stops than this are looked at beside those neighbours, and at their ends, only.
const LONG: usize = 64;
/// Neighbours whose shifts are looked at where there are more.
const NEAR: usize = 40;

/// Scratch memory of a search for places, kept between calls.
#[derive(Default)]
pub(crate) struct Finder {
    shifts: Vec<ShiftIx>,
    seen: Vec<u32>,
    stamp: u32,
    classes: Vec<u32>,
    stops: Vec<RouteNode>,
    supply: Supply,
    lots: Vec<u32>,
    beside: Vec<usize>,
    places: Vec<Place>,
    needs: stock::Needs,
    /// What a job alone adds in each gap, where it fits.
    alone: Vec<Option<Growth>>,
    detours: Vec<Detour>,
    cache: Option<Cache>,
}

/// Where a job might go on a route, with its collection, and the least that this can weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    floor: i64,
    at: usize,
    collection: Option<(usize, SiteIx)>,
}

/// Whether a job finds its parts and tools on a route.
enum Supplied {
    /// Wherever it stands.
    Anywhere,
    /// From this position on.
    From(usize),
    /// Only trying can tell.
    Try,
    /// Not without another collection.
    Lacking,
}

impl Finder {
    /// One that remembers: for one instance only, and for solutions that name their routes' versions.
    pub(crate) fn remembering(instance: &Instance<'_>) -> Self {
        Self { cache: Some(Cache::new(instance.jobs, instance.shifts.len())), ..Self::default() }
    }

    /// The lightest insertion of an absent job below `limit` (2⁻¹⁶ cents). `blink` may pass over
    /// what a route offers.
    pub(crate) fn best(
        &mut self,
        solution: &Solution<'_>,
        job: JobIx,
        mut limit: i64,
        mut blink: impl FnMut() -> bool,
    ) -> Option<Insertion> {
        self.collect_shifts(solution, job);
        let shifts = std::mem::take(&mut self.shifts);
        let mut best = None;
        for shift in &shifts {
            if let Some(found) = self.best_of(solution, *shift, job, limit)
                && !blink()
            {
                limit = found.weight;
                best = Some(found);
            }
        }
        self.shifts = shifts;
        best
    }

    /// The lightest insertion on one shift, from memory where it can be.
    #[inline]
    pub(crate) fn best_of(
        &mut self,
        solution: &Solution<'_>,
        shift: ShiftIx,
        job: JobIx,
        limit: i64,
    ) -> Option<Insertion> {
        let Some(cache) = &self.cache else { return self.look(solution, shift, job, limit) };
        let mut version = solution.version_of(shift);
        if hangs_on_others(solution, shift, job) {
            version = stock::fingerprint(solution, shift, job, version, &mut self.needs);
        }
        match cache.get(job, shift, version, limit) {
            Memory::Unknown => {}
            Memory::Nothing => return None,
            Memory::Found(found) => return Some(found),
        }
        let found = self.look(solution, shift, job, limit);
        if let Some(cache) = &mut self.cache {
            cache.put(job, shift, version, limit, found);
        }
        found
    }

    /// The lightest insertion on one shift; on a long route only beside near neighbours and at the ends.
    fn look(&mut self, solution: &Solution<'_>, shift: ShiftIx, job: JobIx, limit: i64) -> Option<Insertion> {
        let instance = solution.instance;
        let (route, node) = (solution.route(shift), instance.node(node_of(job)));
        let stops = route.stops.len();
        if stops <= LONG || node.supplied {
            return self.best_on(solution, shift, job, limit);
        }
        self.beside.clear();
        self.beside.extend([0, stops]);
        for other in &instance.neighbours[job.index()] {
            if solution.shift_of(*other) == Some(shift) {
                let at = solution.position(*other);
                self.beside.extend([at, at + 1]);
            }
        }
        self.beside.sort_unstable();
        self.beside.dedup();
        let found = route.best_insertion(instance, node_of(job), self.beside.iter().copied(), limit);
        found.map(|(at, weight)| Insertion { shift, at, collection: None, weight })
    }

    /// Empty shifts worth looking at, one of each class where the job sees no difference.
    fn empty_shifts(&mut self, solution: &Solution<'_>, job: JobIx) {
        let instance = solution.instance;
        let few = instance.shifts.len() <= FEW_SHIFTS;
        let choosy = instance.node(node_of(job)).choosy;
        let mut push = |shift: ShiftIx| {
            let empty = if choosy {
                Some(shift).filter(|shift| solution.route(*shift).is_empty() && solution.is_open(*shift))
            } else if few && instance.rank_in_class[shift.index()] != 0 {
                None
            } else {
                solution.empty_of_class(instance.shift(shift).class)
            };
            if let Some(empty) = empty.filter(|empty| instance.eligible.get(empty.index(), job.index())) {
                self.shifts.push(empty);
            }
        };
        if few {
            (0..instance.shifts.len()).for_each(|shift| push(ShiftIx::from(shift)));
        } else {
            instance.near_shifts[job.index()].iter().for_each(|shift| push(*shift));
        }
    }

    /// Shifts worth looking at: eligible ones in use, and one of each class of empty ones.
    fn collect_shifts(&mut self, solution: &Solution<'_>, job: JobIx) {
        let instance = solution.instance;
        self.shifts.clear();
        self.stamp += 1;
        self.seen.resize(instance.shifts.len(), 0);
        self.classes.resize(instance.shifts.len(), 0);
        let stamp = self.stamp;
        let node = instance.node(node_of(job));
        if instance.jobs > FEW_JOBS && !node.supplied && !node.ordered {
            // Only neighbours on shifts that may take the job count: others say nothing of its places.
            let mut left = BESIDE;
            for other in &instance.neighbours[job.index()] {
                if let Some(shift) = solution.shift_of(*other)
                    && solution.is_open(shift)
                    && instance.eligible.get(shift.index(), job.index())
                {
                    self.consider(solution, job, shift, stamp);
                    left -= 1;
                    if left == 0 {
                        break;
                    }
                }
            }
            self.empty_shifts(solution, job);
        } else if instance.shifts.len() <= FEW_SHIFTS {
            if self.cache.is_some() {
                for shift in &instance.eligible_shifts[job.index()] {
                    if !solution.is_open(*shift) {
                        continue;
                    }
                    if solution.version_of(*shift) == 0 {
                        let class = &mut self.classes[instance.shift(*shift).class];
                        if *class == stamp {
                            continue;
                        }
                        *class = stamp;
                    }
                    self.shifts.push(*shift);
                }
            } else {
                // An instance that was eased for its reasons has more eligible shifts than it lists.
                for shift in instance.shifts.iter() {
                    self.consider(solution, job, shift.ix, stamp);
                }
            }
        } else {
            for other in instance.neighbours[job.index()].iter().take(NEAR) {
                if let Some(shift) = solution.shift_of(*other) {
                    self.consider(solution, job, shift, stamp);
                }
            }
            let used = self.shifts.len();
            self.empty_shifts(solution, job);
            for near in &instance.near_shifts[job.index()] {
                if solution.version_of(*near) != 0 && solution.is_open(*near) && self.seen[near.index()] != stamp {
                    self.shifts.insert(used, *near);
                }
            }
        }
    }

    fn consider(&mut self, solution: &Solution<'_>, job: JobIx, shift: ShiftIx, stamp: u32) {
        let instance = solution.instance;
        if self.seen[shift.index()] == stamp
            || !solution.is_open(shift)
            || !instance.eligible.get(shift.index(), job.index())
        {
            return;
        }
        self.seen[shift.index()] = stamp;
        if solution.route(shift).is_empty() {
            let class = instance.shift(shift).class;
            if self.classes[class] == stamp {
                return;
            }
            self.classes[class] = stamp;
        }
        self.shifts.push(shift);
    }

    /// The lightest insertion of a job on one shift.
    pub(crate) fn best_on(
        &mut self,
        solution: &Solution<'_>,
        shift: ShiftIx,
        job: JobIx,
        limit: i64,
    ) -> Option<Insertion> {
        let instance = solution.instance;
        let route = solution.route(shift);
        let node = node_of(job);
        let plain = |from: usize, limit: i64| {
            let found = route.best_insertion(instance, node, from..route.stops.len() + 1, limit);
            found.map(|(at, weight)| Insertion { shift, at, collection: None, weight })
        };
        match supplied(solution, route, job) {
            Supplied::Anywhere => plain(0, limit),
            Supplied::From(from) => plain(from, limit),
            Supplied::Try => {
                let tried = self.try_each(solution, route, job, limit);
                let limit = tried.map_or(limit, |found| found.weight);
                self.best_pair(solution, route, job, limit).or(tried)
            }
            Supplied::Lacking => self.best_pair(solution, route, job, limit),
        }
    }

    /// Every position, with supply settled anew for each.
    fn try_each(&mut self, solution: &Solution<'_>, route: &Route, job: JobIx, limit: i64) -> Option<Insertion> {
        let instance = solution.instance;
        let shift = instance.shift(route.shift);
        if route.overfull(instance, shift, node_of(job)) {
            return None;
        }
        let standing = rules::standing_price(instance, shift, node_of(job)).0 << FIXED_POINT;
        self.places.clear();
        for at in 0..=route.stops.len() {
            let growth = route.growth(instance, at, &[node_of(job)]);
            if growth.is_some() && route.takes(instance, at, node_of(job)) {
                let floor = growth.map(|growth| standing + route.floor(instance, growth));
                self.places.extend(floor.filter(|floor| *floor < limit).map(|floor| Place {
                    floor,
                    at,
                    collection: None,
                }));
            }
        }
        self.lightest_place(solution, route, job, limit)
    }

    /// Every site that can help, every pair of positions for the collection and the job.
    fn best_pair(&mut self, solution: &Solution<'_>, route: &Route, job: JobIx, mut limit: i64) -> Option<Insertion> {
        let instance = solution.instance;
        let shift = instance.shift(route.shift);
        let node = node_of(job);
        if route.overfull(instance, shift, node) {
            return None;
        }
        let standing = rules::standing_price(instance, shift, node).0 << FIXED_POINT;
        let pinned = instance.node(node).ordered;
        let collects = route.stops.iter().any(|stop| !instance.is_job(stop.id));
        let mut best = None;
        self.places.clear();
        self.alone.clear();
        for site in 0..instance.problem.sites.len() {
            let site_ix = SiteIx::from(site);
            if !helps(solution, route.shift, site_ix, job) {
                continue;
            }
            let site_node = instance.site_node(site_ix);
            let unlimited = instance.problem.sites[site].unlimited;
            if shift.grade == Grade::Span && unlimited && !collects && !route.is_empty() && !pinned {
                let found = route.best_pair_by_segments(instance, site_node, node, limit, &mut self.detours);
                if let Some((first, second, weight)) = found {
                    limit = weight;
                    best =
                        Some(Insertion { shift: route.shift, at: second, collection: Some((first, site_ix)), weight });
                }
                continue;
            }
            if self.alone.is_empty() {
                let alone = |at| route.growth(instance, at, &[node]).filter(|_| route.takes(instance, at, node));
                self.alone.extend((0..=route.stops.len()).map(alone));
            }
            let mut note = |growth: Growth, first: usize, second: usize| {
                let floor = standing + route.floor(instance, growth);
                if floor < limit {
                    self.places.push(Place { floor, at: second, collection: Some((first, site_ix)) });
                }
            };
            for first in 0..=route.stops.len() {
                if let Some(together) = route.growth(instance, first, &[site_node, node]) {
                    note(together, first, first);
                }
                let Some(way) = route.growth(instance, first, &[site_node]) else { continue };
                if !route.takes(instance, first, site_node) {
                    continue;
                }
                for (second, growth) in self.alone.iter().enumerate().skip(first + 1) {
                    if let Some(growth) = growth {
                        note(way.plus(*growth), first, second);
                    }
                }
            }
        }
        self.lightest_place(solution, route, job, limit).or(best)
    }

    /// The lightest of the places noted for a job, each weighed by settling supply and walking: the most
    /// promising first, until no other can be lighter.
    fn lightest_place(
        &mut self,
        solution: &Solution<'_>,
        route: &Route,
        job: JobIx,
        mut limit: i64,
    ) -> Option<Insertion> {
        let instance = solution.instance;
        let mut places = std::mem::take(&mut self.places);
        places.sort_unstable();
        if !places.is_empty() {
            self.spread_lots(solution, route);
        }
        let mut best = None;
        for Place { floor, at, collection } in &places {
            if *floor >= limit {
                break;
            }
            self.stops.clear();
            self.stops.extend_from_slice(&route.stops);
            self.stops.insert(*at, RouteNode::new(node_of(job)));
            if let Some((first, site)) = collection {
                self.stops.insert(*first, RouteNode::new(instance.site_node(*site)));
            }
            let kept = collection.map_or(*at, |(first, _)| first);
            if order_holds(instance, &self.stops, job)
                && let Some(weight) = self.weigh_stops(solution, route, kept)
                && weight < limit
            {
                limit = weight;
                best = Some(Insertion { shift: route.shift, at: *at, collection: *collection, weight });
            }
        }
        self.places = places;
        best
    }

    /// Lots as they would be if this route took nothing.
    fn spread_lots(&mut self, solution: &Solution<'_>, route: &Route) {
        self.lots.clear();
        self.lots.extend_from_slice(solution.lots_left());
        for fetch in &route.supply.fetches {
            if let Some(lot) = fetch.lot {
                self.lots[lot.index()] += fetch.quantity;
            }
        }
    }

    /// What the bill of a route would grow by with the stops in `self.stops`, exactly; up to `kept` they are
    /// those of the route. Load and number of visits are the caller's to check, as are [`Self::spread_lots`].
    fn weigh_stops(&mut self, solution: &Solution<'_>, route: &Route, kept: usize) -> Option<i64> {
        let instance = solution.instance;
        let shift = instance.shift(route.shift);
        let van_elsewhere = |part| solution.van_elsewhere(route.shift, part);
        let left = Leftover { lots: &self.lots, van_elsewhere: &van_elsewhere };
        if !supply::settle(instance, shift, &mut self.stops, &left, &mut self.supply) {
            return None;
        }
        // Earlier collections may wait for other lots now.
        let same = self.stops.iter().zip(&route.stops).take(kept).take_while(|(new, old)| new == old).count();
        let bill = route.bill_of(instance, same, self.stops.iter().copied())?;
        Some((bill.total() - route.cost).0 << FIXED_POINT)
    }
}

/// A price as a weight, in 2⁻¹⁶ cents, with room above it for sums.
pub(crate) fn weight_of(price: Cost) -> i64 {
    price.0.min(i64::MAX >> (FIXED_POINT + 1)) << FIXED_POINT
}

/// What a place for a job may weigh at most: what leaving it out costs.
pub(crate) fn limit(instance: &Instance<'_>, job: JobIx) -> i64 {
    weight_of(instance.node(node_of(job)).drop)
}

/// Whether what a route can offer a job hangs on what other routes take from stores and vans.
#[inline]
fn hangs_on_others(solution: &Solution<'_>, shift: ShiftIx, job: JobIx) -> bool {
    let instance = solution.instance;
    instance.stock_is_shared
        && instance.node(node_of(job)).supplied
        && (instance.shift(shift).shares_van
            || (!instance.boundless && !matches!(supplied(solution, solution.route(shift), job), Supplied::Anywhere)))
}

fn supplied(solution: &Solution<'_>, route: &Route, job: JobIx) -> Supplied {
    let instance = solution.instance;
    let node = instance.node(node_of(job));
    if !node.supplied {
        return Supplied::Anywhere;
    }
    let shift = instance.shift(route.shift);
    let need = instance.problem.job(job);
    let own = instance.problem.technician(shift.technician);
    let tools = instance.tooled.get(route.shift.index(), job.index())
        || (shift.settled.is_some() && need.tools.iter().all(|tool| shift.holds(own, *tool)));
    let spare = |part| supply::spare(shift, &route.supply, part, solution.van_elsewhere(route.shift, part));
    if tools && instance.parts_of(job).iter().all(|need| spare(need.part) >= need.quantity) {
        return Supplied::Anywhere;
    }
    // What the route has from its first collection on is all there is, unless that has an end.
    let Some(at) = route.first_collection.filter(|_| !route.is_empty()) else { return Supplied::Lacking };
    let at = at as usize;
    let crate::instance::NodeKind::Collection(site) = instance.kind(route.stops[at].id) else {
        return Supplied::Try;
    };
    if !instance.problem.site(site).unlimited {
        return Supplied::Try;
    }
    if tools && fits_before(instance, route, at, job) { Supplied::Anywhere } else { Supplied::From(at + 1) }
}

/// Whether the van alone covers all visits before the stop at `until` and one more job. Later ones
/// can fall back on the collection there.
fn fits_before(instance: &Instance<'_>, route: &Route, until: usize, job: JobIx) -> bool {
    let shift = instance.shift(route.shift);
    if shift.shares_van {
        return false;
    }
    instance.problem.job(job).parts.iter().all(|need| {
        let before: u32 = route.stops[..until]
            .iter()
            .filter(|stop| instance.is_job(stop.id))
            .flat_map(|stop| &instance.problem.job(JobIx(stop.id.0)).parts)
            .filter(|other| other.part == need.part)
            .map(|other| other.quantity)
            .sum();
        before + need.quantity <= supply::stocked(shift, need.part)
    })
}

/// Whether a job stands right among those it is pinned in order with.
fn order_holds(instance: &Instance<'_>, stops: &[RouteNode], job: JobIx) -> bool {
    if !instance.node(node_of(job)).ordered {
        return true;
    }
    let position = |job: JobIx| stops.iter().position(|stop| stop.id == node_of(job));
    let Some(own) = position(job) else { return true };
    let leader = instance.problem.job(job).pin.as_ref().and_then(|pin| pin.after).and_then(position);
    let followers = instance.followers.get(&job).into_iter().flatten();
    leader.is_none_or(|at| at < own) && followers.filter_map(|job| position(*job)).all(|at| at > own)
}

/// Whether a collection at a site could bring something that the job lacks on this shift.
fn helps(solution: &Solution<'_>, shift: ShiftIx, site: SiteIx, job: JobIx) -> bool {
    let instance = solution.instance;
    let place = instance.problem.site(site);
    if place.unlimited {
        return true;
    }
    let own = instance.problem.technician(instance.shift(shift).technician);
    let need = instance.problem.job(job);
    let tool = need.tools.iter().any(|tool| !own.tools.contains(tool) && place.tools.contains(tool));
    tool || need
        .parts
        .iter()
        .any(|need| instance.lots_of(site, need.part).iter().any(|lot| solution.lots_left()[lot.index()] > 0))
}
