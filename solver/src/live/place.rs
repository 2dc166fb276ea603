//! The best place of a guest on each shift of a board: bounds first, then exact bills, best shifts
//! first, until no bound can beat what was found.

use super::board::{Board, Gap, gaps};
use crate::instance::{FIXED_POINT, GUEST, Guest, Instance, NodeId, ShiftInfo, keeps_ticket_out};
use crate::route::Route;
use crate::rules;
use crate::schedule;
use crate::supply::{self, Leftover, Supply};
use crate::walk::{self, RouteNode};
use dispatch_data::ids::{JobIx, PlaceIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::plan::PlannedRoute;
use dispatch_data::rule::Rule;
use dispatch_data::units::Cost;

/// A place for the guest and what it adds to the bill of its shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) added: Cost,
    pub(super) shift: ShiftIx,
    /// Position among the stops as they are, and of a collection at or before it.
    pub(super) at: usize,
    pub(super) collection: Option<(usize, SiteIx)>,
}

/// A search for the places of one guest.
pub(super) struct Seeker<'b> {
    pub(super) board: &'b Board,
    pub(super) instance: Instance<'b>,
    pub(super) guest: &'b Guest,
    /// The guest's own number where it is a job of the problem already.
    known_as: Option<JobIx>,
    stops: Vec<RouteNode>,
    supply: Supply,
    lots: Vec<u32>,
}

fn node() -> NodeId {
    Instance::job_node(GUEST)
}

impl<'b> Seeker<'b> {
    pub(super) fn new(board: &'b Board, instance: Instance<'b>, guest: &'b Guest, known_as: Option<JobIx>) -> Self {
        let instance = instance.with_guest(guest);
        Self { board, instance, guest, known_as, stops: Vec::new(), supply: Supply::default(), lots: Vec::new() }
    }

    /// The rule that keeps a shift from the guest whatever the day looks like.
    pub(super) fn keeps_out(&self, shift: ShiftIx) -> Option<Rule> {
        let instance = &self.instance;
        let closed = instance.shift(shift).settled.as_ref().is_some_and(|settled| settled.closed);
        let barred = self.known_as.is_some_and(|job| instance.barred.contains(&(shift, job)));
        if closed || barred {
            return Some(Rule::Freeze);
        }
        let waived = [Rule::Clock];
        keeps_ticket_out(instance.problem, instance.travel, shift, self.guest.job(), self.known_as, &waived)
    }

    /// The places of the best `most` technicians among `shifts`, best first.
    pub(super) fn best(&mut self, shifts: impl Iterator<Item = ShiftIx>, most: usize) -> Vec<Found> {
        let mut order: Vec<(i64, ShiftIx)> = shifts.filter_map(|shift| Some((self.bound(shift)?, shift))).collect();
        order.sort_unstable();
        let mut found: Vec<(Found, TechIx)> = Vec::new();
        for (bound, shift) in order {
            let worst =
                if found.len() < most { i64::MAX } else { found.last().map_or(i64::MIN, |(own, _)| own.added.0) };
            if most == 0 || bound > worst.saturating_mul(1 << FIXED_POINT) {
                break;
            }
            if self.keeps_out(shift).is_some() {
                continue;
            }
            let limit = if worst == i64::MAX { worst } else { worst + 1 };
            let Some(here) = self.best_on(shift, Cost(limit)) else { continue };
            let technician = self.instance.shift(shift).technician;
            if let Some(own) = found.iter_mut().find(|(_, known)| *known == technician) {
                own.0 = own.0.min(here);
            } else {
                found.push((here, technician));
            }
            found.sort_unstable();
            found.truncate(most);
        }
        found.into_iter().map(|(found, _)| found).collect()
    }

    /// What the guest adds to the bill of a shift at least, in 2⁻¹⁶ cents; `None` where no way leads
    /// there. Holds whatever the rest of the day does: paid time grows by all that is new but the old
    /// waiting, and what else could shrink is counted as gone.
    fn bound(&self, shift: ShiftIx) -> Option<i64> {
        let info = self.instance.shift(shift);
        let room = &self.board.rooms[shift.index()];
        let gaps = gaps(self.board, shift);
        let base = self.base(info) + room.opening - room.reclaim;
        let here = self.instance.node(node()).place;
        let detours = gaps.iter().map(|gap| self.weigh(info, gap, here));
        if !self.instance.node(node()).supplied {
            return detours.flatten().min().map(|detour| detour + base);
        }
        // With or without a collection, whose own road may save nothing but may cost nothing either.
        let alone = detours.flatten().min();
        let together =
            (0..self.instance.problem.sites.len()).filter_map(|site| self.pair_bound(info, gaps, site)).min();
        [alone, together].into_iter().flatten().min().map(|detour| detour + base)
    }

    /// What every place on a shift adds: work, and what is paid for who goes.
    fn base(&self, info: &ShiftInfo) -> i64 {
        let work = self.instance.work(info, node(), self.instance.node(node()));
        (rules::standing_price(&self.instance, info, node()).0 << FIXED_POINT) + info.price.work * work.0
    }

    /// Road and set-up that the guest, or a stop at a site's place, adds in a gap.
    fn weigh(&self, info: &ShiftInfo, gap: &Gap, here: PlaceIx) -> Option<i64> {
        let there = self.instance.leg(info, gap.before, here);
        let onward = gap.next.map_or_else(Default::default, |next| self.instance.leg(info, here, next));
        if !there.is_reachable() || !onward.is_reachable() {
            return None;
        }
        let seconds = i64::from(there.seconds) + i64::from(onward.seconds) - gap.seconds;
        let meters = i64::from(there.meters) + i64::from(onward.meters) - gap.meters;
        let own = if gap.after_visit && gap.before == here { 0 } else { self.instance.node(node()).setup.0 };
        let next = if gap.next == Some(here) { 0 } else { gap.setup_alone };
        Some(info.price.weigh(seconds, meters, seconds + own + next - gap.setup_now))
    }

    /// Like [`Self::weigh`] for a collection: no set-up of its own, and it saves none.
    fn weigh_site(&self, info: &ShiftInfo, gap: &Gap, site: PlaceIx) -> Option<i64> {
        let there = self.instance.leg(info, gap.before, site);
        let onward = gap.next.map_or_else(Default::default, |next| self.instance.leg(info, site, next));
        if !there.is_reachable() || !onward.is_reachable() {
            return None;
        }
        let seconds = i64::from(there.seconds) + i64::from(onward.seconds) - gap.seconds;
        let meters = i64::from(there.meters) + i64::from(onward.meters) - gap.meters;
        Some(info.price.weigh(seconds, meters, seconds + gap.setup_alone - gap.setup_now))
    }

    /// Collection and guest one right after the other in one gap.
    fn weigh_both(&self, info: &ShiftInfo, gap: &Gap, site: PlaceIx) -> Option<i64> {
        let here = self.instance.node(node());
        let legs = [
            self.instance.leg(info, gap.before, site),
            self.instance.leg(info, site, here.place),
            gap.next.map_or_else(Default::default, |next| self.instance.leg(info, here.place, next)),
        ];
        if legs.iter().any(|leg| !leg.is_reachable()) {
            return None;
        }
        let seconds = legs.iter().map(|leg| i64::from(leg.seconds)).sum::<i64>() - gap.seconds;
        let meters = legs.iter().map(|leg| i64::from(leg.meters)).sum::<i64>() - gap.meters;
        let next = if gap.next == Some(here.place) { 0 } else { gap.setup_alone };
        Some(info.price.weigh(seconds, meters, seconds + here.setup.0 + next - gap.setup_now))
    }

    fn pair_bound(&self, info: &ShiftInfo, gaps: &[Gap], site: usize) -> Option<i64> {
        let place = &self.instance.problem.sites[site];
        let here = self.instance.node(node()).place;
        let (mut before, mut best) = (None::<i64>, None::<i64>);
        for gap in gaps {
            let apart = before.zip(self.weigh(info, gap, here)).map(|(site, guest)| site + guest);
            best = [best, apart, self.weigh_both(info, gap, place.place)].into_iter().flatten().min();
            before = [before, self.weigh_site(info, gap, place.place)].into_iter().flatten().min();
        }
        best.map(|best| best + info.price.work * place.collection.0)
    }

    /// The best place on one shift that adds less than `limit`, exactly.
    pub(super) fn best_on(&mut self, shift: ShiftIx, limit: Cost) -> Option<Found> {
        let info = self.instance.shift(shift).clone();
        let info = &info;
        let board = self.board;
        let route = &board.routes[shift.index()];
        if route.overfull(&self.instance, info, node()) {
            return None;
        }
        let room = &board.rooms[shift.index()];
        let gaps = gaps(board, shift);
        let here = self.instance.node(node()).place;
        let base = self.base(info) + room.opening - room.reclaim;
        let supplied = self.instance.node(node()).supplied;
        let mut best: Option<Found> = None;
        let mut below = limit;
        let beaten = |bound: Option<i64>, below: Cost| {
            bound.is_none_or(|bound| bound + base >= below.0.saturating_mul(1 << FIXED_POINT))
        };
        for (at, gap) in gaps.iter().enumerate() {
            if beaten(self.weigh(info, gap, here), below) || !self.in_order(route, at) {
                continue;
            }
            let bill = if supplied {
                self.try_stops(info, route, at, None)
            } else {
                route.bill_if(&self.instance, at..at, &[RouteNode::new(node())]).map(|bill| bill.total() - route.cost)
            };
            if let Some(added) = bill.filter(|added| *added < below) {
                below = added;
                best = Some(Found { added, shift, at, collection: None });
            }
        }
        if !supplied {
            return best;
        }
        for site in (0..self.instance.problem.sites.len()).map(SiteIx::from) {
            let place = self.instance.problem.site(site);
            let stay = info.price.work * place.collection.0;
            for (first, gap) in gaps.iter().enumerate() {
                let way = self.weigh_site(info, gap, place.place);
                for (at, gap) in gaps.iter().enumerate().skip(first) {
                    let bound = if first == at {
                        self.weigh_both(info, gap, place.place)
                    } else {
                        way.zip(self.weigh(info, gap, here)).map(|(way, own)| way + own)
                    };
                    if beaten(bound.map(|bound| bound + stay), below) || !self.in_order(route, at) {
                        continue;
                    }
                    let added = self.try_stops(info, route, at, Some((first, site)));
                    if let Some(added) = added.filter(|added| *added < below) {
                        below = added;
                        best = Some(Found { added, shift, at, collection: Some((first, site)) });
                    }
                }
            }
        }
        best
    }

    /// Whether pinned orders hold with the guest before the stop at `at`.
    fn in_order(&self, route: &Route, at: usize) -> bool {
        let position = |job: JobIx| route.stops.iter().position(|stop| stop.id == Instance::job_node(job));
        let leader = self.guest.job().pin.as_ref().and_then(|pin| pin.after).and_then(position);
        let followers = self.known_as.and_then(|job| self.instance.followers.get(&job));
        leader.is_none_or(|leader| leader < at)
            && followers.into_iter().flatten().filter_map(|job| position(*job)).all(|follower| follower >= at)
    }

    /// The growth of the bill with the guest and, where asked, a collection that it needs.
    fn try_stops(
        &mut self,
        info: &ShiftInfo,
        route: &Route,
        at: usize,
        collection: Option<(usize, SiteIx)>,
    ) -> Option<Cost> {
        self.put(route, at, collection);
        if !self.settle(info, route) || collection.is_some_and(|(first, _)| !self.supply.needs(first)) {
            return None;
        }
        Some(walk::day(&self.instance, info, &self.stops)?.total() - route.cost)
    }

    fn put(&mut self, route: &Route, at: usize, collection: Option<(usize, SiteIx)>) {
        self.stops.clear();
        self.stops.extend_from_slice(&route.stops);
        self.stops.insert(at, RouteNode::new(node()));
        if let Some((first, site)) = collection {
            self.stops.insert(first, RouteNode::new(self.instance.site_node(site)));
        }
    }

    fn settle(&mut self, info: &ShiftInfo, route: &Route) -> bool {
        self.lots.clear();
        self.lots.extend_from_slice(&self.board.lots);
        for fetch in &route.supply.fetches {
            if let Some(lot) = fetch.lot {
                self.lots[lot.index()] += fetch.quantity;
            }
        }
        let van_elsewhere = |part| self.board.van_elsewhere(&self.instance, info, part);
        let left = Leftover { lots: &self.lots, van_elsewhere: &van_elsewhere };
        supply::settle(&self.instance, info, &mut self.stops, &left, &mut self.supply)
    }

    /// The day with the guest in it, as it would be stated.
    pub(super) fn day(&mut self, found: &Found) -> Option<PlannedRoute> {
        let info = self.instance.shift(found.shift).clone();
        let board = self.board;
        let old = &board.routes[found.shift.index()];
        self.put(old, found.at, found.collection);
        if !self.settle(&info, old) {
            return None;
        }
        let mut route = Route::empty(found.shift);
        route.stops.clone_from(&self.stops);
        route.supply.clone_from(&self.supply);
        schedule::schedule(&self.instance, &route)
    }
}
