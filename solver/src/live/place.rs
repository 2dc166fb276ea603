//! The best place of a guest on each shift of a board: bounds first, then exact bills, best shifts
//! first, until no bound can beat what was found.

use super::board::{Board, Gap, Room};
use super::delay::{self, STEPS};
use crate::instance::{FIXED_POINT, GUEST, Guest, Instance, NodeId, ShiftInfo, keeps_ticket_out};
use crate::route::Route;
use crate::rules;
use crate::schedule;
use crate::supply::{self, Leftover, Supply};
use crate::walk::{self, RouteNode};
use dispatch_data::ids::{JobIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::plan::PlannedRoute;
use dispatch_data::problem::Sla;
use dispatch_data::rule::Rule;
use dispatch_data::units::{Cost, Duration};

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

/// Positions for the guest and a collection that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: usize,
    collection: Option<(usize, SiteIx)>,
}

/// What a bound sees of a shift.
struct Sight<'b> {
    info: &'b ShiftInfo,
    room: &'b Room,
    gaps: &'b [Gap],
    delays: &'b [i32],
}

/// A way out of a gap's own and back: more road, more time at places, and the time until the guest's
/// arrival and start.
#[derive(Clone, Copy)]
struct Detour {
    seconds: i64,
    meters: i64,
    at_place: i64,
    arrival: Duration,
    start: Duration,
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
        let open: Vec<ShiftIx> = shifts.filter(|shift| self.keeps_out(*shift).is_none()).collect();
        self.best_of(&open, most)
    }

    /// The same among shifts that nothing keeps from the guest.
    pub(super) fn best_of(&mut self, open: &[ShiftIx], most: usize) -> Vec<Found> {
        let bounded = |shift: &ShiftIx| Some((self.bound(*shift)?, *shift));
        let mut order: Vec<(i64, ShiftIx)> = open.iter().filter_map(bounded).collect();
        order.sort_unstable();
        let mut found: Vec<(Found, TechIx)> = Vec::new();
        for (bound, shift) in order {
            let worst =
                if found.len() < most { i64::MAX } else { found.last().map_or(i64::MIN, |(own, _)| own.added.0) };
            if most == 0 || bound > worst.saturating_mul(1 << FIXED_POINT) {
                break;
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

    /// What the guest adds to the bill of a shift at least, in 2⁻¹⁶ cents; `None` where no place is left
    /// there.
    fn bound(&self, shift: ShiftIx) -> Option<i64> {
        let sight = self.sight(shift);
        let alone = (0..sight.gaps.len()).filter_map(|at| self.alone(&sight, at)).min();
        let bound = if self.instance.node(node()).supplied {
            let together = (0..self.instance.problem.sites.len()).filter_map(|site| self.together(&sight, site)).min();
            [alone, together].into_iter().flatten().min()
        } else {
            alone
        };
        bound.map(|bound| bound + self.base(&sight))
    }

    fn sight(&self, shift: ShiftIx) -> Sight<'b> {
        let board = self.board;
        let room = &board.rooms[shift.index()];
        let (first, past) = (room.gaps.0 as usize, room.gaps.1 as usize);
        let delays = &board.delays[first * STEPS..past * STEPS];
        Sight { info: board.shift(shift), room, gaps: &board.gaps[first..past], delays }
    }

    /// What every place on a shift adds: what is paid for who goes, less what is reckoned anew.
    fn base(&self, sight: &Sight<'_>) -> i64 {
        let standing = rules::standing_price(&self.instance, sight.info, node()).0 << FIXED_POINT;
        standing + sight.room.opening - sight.room.anew
    }

    /// The guest alone in a gap.
    fn alone(&self, sight: &Sight<'_>, at: usize) -> Option<i64> {
        let gap = &sight.gaps[at];
        let here = self.instance.node(node());
        let there = self.instance.leg(sight.info, gap.before, here.place);
        let onward = gap.next.map_or_else(Default::default, |next| self.instance.leg(sight.info, here.place, next));
        if !there.is_reachable() || !onward.is_reachable() {
            return None;
        }
        let setup = if gap.after_visit && gap.before == here.place { 0 } else { here.setup.0 };
        let next = if gap.next == Some(here.place) { 0 } else { gap.setup_alone };
        let detour = Detour {
            seconds: i64::from(there.seconds) + i64::from(onward.seconds) - gap.seconds,
            meters: i64::from(there.meters) + i64::from(onward.meters) - gap.meters,
            at_place: setup + next - gap.setup_now,
            arrival: Duration(i64::from(there.seconds)),
            start: Duration(i64::from(there.seconds) + setup),
        };
        self.weigh(sight, at, detour)
    }

    /// Road, time and promises of a detour by the guest: what it adds to the bill at least, but for
    /// [`Self::base`].
    fn weigh(&self, sight: &Sight<'_>, at: usize, detour: Detour) -> Option<i64> {
        let Detour { seconds, meters, at_place, arrival, start } = detour;
        let (node, gap) = (self.instance.node(node()), &sight.gaps[at]);
        let (early, late) = gap.free;
        let begin = (early + start).max(node.open);
        if begin > node.close {
            return None;
        }
        let work = self.instance.work(sight.info, self::node(), node);
        let busy = seconds + at_place + work.0;
        let wait = (node.open - (late + start)).at_least_zero();
        let soft = if sight.room.timed { delay::cost(sight.delays, at, busy + wait.0)? } else { 0 };
        let own = if node.promised {
            let Sla { respond, arrive, resolve } = self.guest.job().sla;
            let events = [(respond, early), (arrive, early + arrival), (resolve, begin + work)];
            let mut sum = 0;
            for (deadline, event) in events {
                sum += delay::late(deadline, event)?;
            }
            sum / 3600
        } else {
            0
        };
        let paid = if sight.room.timed && sight.room.paid_to_end { 0 } else { busy };
        Some(sight.info.price.weigh(seconds, meters, paid) + ((soft + own) << FIXED_POINT))
    }

    /// The guest and, before it or right at it, a collection at a site.
    fn together(&self, sight: &Sight<'_>, site: usize) -> Option<i64> {
        let (mut before, mut best) = (None::<i64>, None::<i64>);
        for at in 0..sight.gaps.len() {
            let apart = before.zip(self.alone(sight, at)).map(|(site, guest)| site + guest);
            best = [best, apart, self.both(sight, at, site)].into_iter().flatten().min();
            before = [before, self.fetch(sight, at, site)].into_iter().flatten().min();
        }
        best
    }

    /// Road and time of a collection in a gap: no set-up of its own, and it saves none.
    fn fetch(&self, sight: &Sight<'_>, at: usize, site: usize) -> Option<i64> {
        let (gap, site) = (&sight.gaps[at], &self.instance.problem.sites[site]);
        let there = self.instance.leg(sight.info, gap.before, site.place);
        let onward = gap.next.map_or_else(Default::default, |next| self.instance.leg(sight.info, site.place, next));
        if !there.is_reachable() || !onward.is_reachable() {
            return None;
        }
        let seconds = i64::from(there.seconds) + i64::from(onward.seconds) - gap.seconds;
        let meters = i64::from(there.meters) + i64::from(onward.meters) - gap.meters;
        let busy = seconds + gap.setup_alone - gap.setup_now + site.collection.0;
        let paid = if sight.room.timed && sight.room.paid_to_end { 0 } else { busy };
        Some(sight.info.price.weigh(seconds, meters, paid))
    }

    /// Collection and guest one right after the other in one gap.
    fn both(&self, sight: &Sight<'_>, at: usize, site: usize) -> Option<i64> {
        let (gap, site) = (&sight.gaps[at], &self.instance.problem.sites[site]);
        let here = self.instance.node(node());
        let legs = [
            self.instance.leg(sight.info, gap.before, site.place),
            self.instance.leg(sight.info, site.place, here.place),
            gap.next.map_or_else(Default::default, |next| self.instance.leg(sight.info, here.place, next)),
        ];
        if legs.iter().any(|leg| !leg.is_reachable()) {
            return None;
        }
        let next = if gap.next == Some(here.place) { 0 } else { gap.setup_alone };
        let arrival = legs[0].duration() + site.collection + legs[1].duration();
        self.weigh(
            sight,
            at,
            Detour {
                seconds: legs.iter().map(|leg| i64::from(leg.seconds)).sum::<i64>() - gap.seconds,
                meters: legs.iter().map(|leg| i64::from(leg.meters)).sum::<i64>() - gap.meters,
                at_place: site.collection.0 + here.setup.0 + next - gap.setup_now,
                arrival,
                start: arrival + here.setup,
            },
        )
    }

    /// What leads to a guest without a collection: the van has all it needs.
    fn is_stocked(&self, sight: &Sight<'_>, route: &Route) -> bool {
        let (job, own) = (self.guest.job(), self.instance.problem.technician(sight.info.technician));
        let spare = |part| {
            let elsewhere = self.board.van_elsewhere(&self.instance, sight.info, part);
            supply::spare(sight.info, &route.supply, part, elsewhere)
        };
        job.tools.iter().all(|tool| sight.info.holds(own, *tool))
            && job.parts.iter().all(|need| spare(need.part) >= need.quantity)
    }

    /// The best place on one shift that adds less than `limit`, exactly; of equal ones the first.
    pub(super) fn best_on(&mut self, shift: ShiftIx, limit: Cost) -> Option<Found> {
        let route = &self.board.routes[shift.index()];
        // What may cost most is tried last, and most of it never.
        let mut places = self.places(shift);
        places.sort_unstable();
        let mut best: Option<Found> = None;
        for (bound, place) in places {
            let worst = best.map_or(limit.0.saturating_sub(1), |best| best.added.0);
            if bound > worst.saturating_mul(1 << FIXED_POINT) {
                break;
            }
            let Some(added) = self.added(shift, route, place) else { continue };
            debug_assert!(bound <= added.0 << FIXED_POINT, "{bound} above {added:?} at {place:?} of {shift:?}");
            let Place { at, collection } = place;
            let found = Found { added, shift, at, collection };
            if added < limit && best.is_none_or(|best| found < best) {
                best = Some(found);
            }
        }
        best
    }

    /// Whether a shift has any place for the guest, exactly.
    pub(super) fn takes(&mut self, shift: ShiftIx) -> bool {
        let route = &self.board.routes[shift.index()];
        self.places(shift).into_iter().any(|(_, place)| self.added(shift, route, place).is_some())
    }

    /// Places on a shift that no bound rules out, and what each adds at least, in 2⁻¹⁶ cents.
    fn places(&self, shift: ShiftIx) -> Vec<(i64, Place)> {
        let sight = self.sight(shift);
        let route = &self.board.routes[shift.index()];
        if route.overfull(&self.instance, sight.info, node()) {
            return Vec::new();
        }
        let base = self.base(&sight);
        let supplied = self.instance.node(node()).supplied;
        let mut places: Vec<(i64, Place)> = (0..sight.gaps.len())
            .filter_map(|at| Some((self.alone(&sight, at)? + base, Place { at, collection: None })))
            .collect();
        if supplied && !self.is_stocked(&sight, route) {
            for site in (0..self.instance.problem.sites.len()).map(SiteIx::from) {
                for first in 0..sight.gaps.len() {
                    let fetch = self.fetch(&sight, first, site.index());
                    for at in first..sight.gaps.len() {
                        let bound = if first == at {
                            self.both(&sight, at, site.index())
                        } else {
                            fetch.zip(self.alone(&sight, at)).map(|(fetch, own)| fetch + own)
                        };
                        let place = Place { at, collection: Some((first, site)) };
                        places.extend(bound.map(|bound| (bound + base, place)));
                    }
                }
            }
        }
        places
    }

    /// The growth of the bill with the guest at a place, exactly; `None` where it does not fit.
    fn added(&mut self, shift: ShiftIx, route: &Route, Place { at, collection }: Place) -> Option<Cost> {
        if !self.in_order(route, at) {
            return None;
        }
        let info = self.board.shift(shift);
        if self.instance.node(node()).supplied {
            self.try_stops(info, route, at, collection)
        } else {
            route.bill_if(&self.instance, at..at, &[RouteNode::new(node())]).map(|bill| bill.total() - route.cost)
        }
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
        let board = self.board;
        let info = board.shift(found.shift);
        let old = &board.routes[found.shift.index()];
        self.put(old, found.at, found.collection);
        if !self.settle(info, old) {
            return None;
        }
        let mut route = Route::empty(found.shift);
        route.stops.clone_from(&self.stops);
        route.supply.clone_from(&self.supply);
        schedule::schedule(&self.instance, &route)
    }
}
