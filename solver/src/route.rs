//! One route in order, with what it takes to price a change without making it.
//!
//! [`Route::bill_if`] is the exact question of the search; [`Route::weigh_insertion`] answers the
//! commonest case of it from prefix and suffix summaries, in O(1) where the grade of the shift
//! allows. Knows nothing of other routes; supply is settled by [`crate::supply`].

mod pair;

use crate::clock::{self, Hop};
use crate::instance::{FIXED_POINT, Grade, Instance, NodeId, NodeKind, ShiftInfo};
use crate::rules;
use crate::segment::Segment;
use crate::supply::Supply;
use crate::walk::{self, From, Lanes, RouteNode};
use dispatch_data::bill::Bill;
use dispatch_data::ids::{PlaceIx, ShiftIx};
use dispatch_data::travel::Leg;
use dispatch_data::units::{Cost, Duration, Meters, Time};
use smallvec::SmallVec;
use std::ops::Range;

/// The route of one shift; empty when the shift is not used.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) shift: ShiftIx,
    pub(crate) stops: Vec<RouteNode>,
    pub(crate) supply: Supply,
    pub(crate) bill: Bill,
    pub(crate) cost: Cost,
    visits: u32,
    load: SmallVec<[i64; 2]>,
    travel: Duration,
    distance: Meters,
    duration: Duration,
    /// Waiting of the shortest day; for [`Grade::Span`].
    waited: Duration,
    /// Leg into each stop, and home.
    legs: Vec<Leg>,
    /// What an insertion needs of the start and of each stop, side by side in memory.
    spots: Vec<Spot>,
    /// Earliest end before each stop, by lane: `early[at * lanes + taken]`.
    early: Vec<Time>,
    /// Latest moment to be ready at each stop, and home.
    late: Vec<Time>,
    /// Stretches up to before each stop, and from each stop on; for [`Grade::Span`].
    head: Vec<Segment>,
    tail: Vec<Segment>,
    /// Days up to before each stop; for [`Grade::Walk`].
    days: Vec<Lanes>,
}

/// A stop as its neighbours see it.
#[derive(Clone, Copy, Debug)]
struct Spot {
    place: PlaceIx,
    visit: bool,
    setup: Duration,
}

impl Spot {
    fn of(instance: &Instance<'_>, id: NodeId) -> Self {
        let node = instance.node(id);
        Self { place: node.place, visit: instance.is_job(id), setup: node.setup }
    }
    /// The set-up of this stop after another one.
    #[inline]
    fn setup_after(self, before: Self) -> Duration {
        if before.visit && before.place == self.place { Duration::ZERO } else { self.setup }
    }
}

impl Route {
    pub(crate) fn empty(shift: ShiftIx) -> Self {
        Self {
            shift,
            stops: Vec::new(),
            supply: Supply::default(),
            bill: Bill::default(),
            cost: Cost::ZERO,
            visits: 0,
            load: SmallVec::new(),
            travel: Duration::ZERO,
            distance: Meters::ZERO,
            duration: Duration::ZERO,
            waited: Duration::ZERO,
            legs: Vec::new(),
            spots: Vec::new(),
            early: Vec::new(),
            late: Vec::new(),
            head: Vec::new(),
            tail: Vec::new(),
            days: Vec::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stops.is_empty()
    }

    /// Time and length of all its legs.
    pub(crate) fn road(&self) -> (Duration, Meters) {
        (self.travel, self.distance)
    }

    /// Where the technician stands before the stop at `at`.
    #[inline]
    pub(crate) fn before(&self, instance: &Instance<'_>, shift: &ShiftInfo, at: usize) -> From {
        match at.checked_sub(1) {
            None => From { place: shift.start_place, visit: false },
            Some(last) => {
                let id = self.stops[last].id;
                From { place: instance.node(id).place, visit: instance.is_job(id) }
            }
        }
    }

    /// The bill if the stops in `cut` were replaced by `put`; `None` when the day would break a rule
    /// of time. Walks from the cached day before the cut where there is one.
    pub(crate) fn bill_if(&self, instance: &Instance<'_>, cut: Range<usize>, put: &[RouteNode]) -> Option<Bill> {
        let shift = instance.shift(self.shift);
        if put.is_empty() && cut.len() == self.stops.len() {
            return Some(Bill::default());
        }
        let kept = self.days.get(cut.start);
        let (mut from, mut lanes) = match kept {
            Some(lanes) if !self.stops.is_empty() => (self.before(instance, shift, cut.start), lanes.clone()),
            _ => {
                let (mut from, mut lanes) = walk::dawn(shift);
                for stop in &self.stops[..cut.start] {
                    if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
                        return None;
                    }
                }
                (from, lanes)
            }
        };
        for stop in put.iter().chain(&self.stops[cut.end..]) {
            if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
                return None;
            }
        }
        let dusk = walk::dusk(instance, shift, from, &lanes)?;
        let stops = self.stops[..cut.start].iter().chain(put).chain(&self.stops[cut.end..]).copied();
        walk::settle_dusk(instance, shift, dusk, stops).map(|(dusk, _)| dusk.bill)
    }

    /// What the road would cost more, in 2⁻¹⁶ cents, if the nodes of `put` came one after another
    /// before the stop at `at`; `None` where there is no way.
    pub(crate) fn detour(&self, instance: &Instance<'_>, at: usize, put: &[NodeId]) -> Option<i64> {
        let shift = instance.shift(self.shift);
        let mut place = self.before(instance, shift, at).place;
        let old = self.legs.get(at).copied().unwrap_or_default();
        let (mut seconds, mut meters) = (-i64::from(old.seconds), -i64::from(old.meters));
        let next = self.stops.get(at).map(|stop| stop.id);
        for id in put.iter().copied().chain(next) {
            let leg = instance.leg(shift, place, instance.node(id).place);
            if !leg.is_reachable() {
                return None;
            }
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
            place = instance.node(id).place;
        }
        if next.is_none() {
            let leg = walk::way_home(instance, shift, place);
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
        }
        Some(shift.price.weigh(seconds, meters, 0))
    }

    /// Whether one more job breaks a limit that needs no clock.
    pub(crate) fn overfull(&self, instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> bool {
        let NodeKind::Job(job) = instance.kind(id) else { return false };
        if self.visits >= shift.max_jobs {
            return true;
        }
        if shift.capacity.is_empty() {
            return false;
        }
        let load = &instance.problem.job(job).load;
        shift.capacity.iter().enumerate().any(|(dimension, most)| {
            let has = self.load.get(dimension).copied().unwrap_or(0);
            load.get(dimension).is_some_and(|more| has + more > *most)
        })
    }

    /// Positions for a node, by weight: 2⁻¹⁶ cents that the bill would grow by, rounding aside.
    /// Only weights below `limit` are looked for; `skip` may pass a position over.
    pub(crate) fn best_insertion(
        &self,
        instance: &Instance<'_>,
        id: NodeId,
        positions: Range<usize>,
        mut limit: i64,
        mut skip: impl FnMut() -> bool,
    ) -> Option<(usize, i64)> {
        let shift = instance.shift(self.shift);
        if self.overfull(instance, shift, id) {
            return None;
        }
        let standing = rules::standing_price(instance, shift, id).0 << FIXED_POINT;
        if self.stops.is_empty() {
            let bill = walk::day(instance, shift, &[RouteNode::new(id)])?;
            let weight = bill.total().0 << FIXED_POINT;
            return (weight < limit && !skip()).then_some((0, weight));
        }
        let ordered = instance.node(id).ordered;
        let spot = Spot::of(instance, id);
        let mut best = None;
        for at in positions {
            if ordered && !self.keeps_order(instance, at, id) {
                continue;
            }
            if skip() {
                continue;
            }
            if let Some(weight) = self.weigh_insertion(instance, shift, at, id, spot, standing, limit) {
                limit = weight;
                best = Some((at, weight));
            }
        }
        best
    }

    /// By how much the bill would grow if `id` came before the stop at `at`, in 2⁻¹⁶ cents and
    /// rounding aside; `None` when it cannot or when that is not below `limit`.
    #[allow(
        clippy::too_many_arguments,
        reason = "the inner loop of the search: a struct would only be taken apart again"
    )]
    #[inline]
    fn weigh_insertion(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        at: usize,
        id: NodeId,
        spot: Spot,
        standing: i64,
        limit: i64,
    ) -> Option<i64> {
        let (before, here) = (self.spots[at], spot);
        let there = instance.leg(shift, before.place, here.place);
        let next = self.spots.get(at + 1);
        let onward = match next {
            Some(next) => instance.leg(shift, here.place, next.place),
            None => walk::way_home(instance, shift, here.place),
        };
        let old = self.legs[at];
        let seconds = i64::from(there.seconds) + i64::from(onward.seconds) - i64::from(old.seconds);
        let meters = i64::from(there.meters) + i64::from(onward.meters) - i64::from(old.meters);
        let weight = shift.price.weigh(seconds, meters, 0) + standing;
        if weight >= limit || !there.is_reachable() || !onward.is_reachable() {
            return None;
        }
        if self.travel + Duration(seconds) > shift.max_travel || self.distance + Meters(meters) > shift.max_distance {
            return None;
        }
        let node = instance.node(id);
        let way_there = Hop { travel: there.duration(), setup: here.setup_after(before) };
        let setup_on = next.map_or(Duration::ZERO, |next| next.setup_after(here));
        let way_on = Hop { travel: onward.duration(), setup: setup_on };
        match shift.grade {
            Grade::Flat => self.fits(instance, shift, at, id, way_there, way_on).then_some(weight),
            Grade::Span => {
                let work = instance.work(shift, id, node);
                // All that is new but what the old waiting can take in.
                let old_setup = next.map_or(Duration::ZERO, |next| next.setup_after(before));
                let more = Duration(seconds) + work + way_there.setup + setup_on - old_setup - self.waited;
                if weight + shift.price.work * more.0 >= limit {
                    return None;
                }
                let stop = Segment::stop(work, node.open, node.close);
                let whole = self.head[at].then(way_there.total(), stop)?.then(way_on.total(), self.tail[at])?;
                let weight = weight + shift.price.work * (whole.duration - self.duration).0;
                (whole.duration <= shift.max_duration && weight < limit).then_some(weight)
            }
            Grade::Walk => {
                if !self.fits(instance, shift, at, id, way_there, way_on) {
                    return None;
                }
                let bill = self.bill_if(instance, at..at, &[RouteNode::new(id)])?;
                let weight = (bill.total() - self.cost).0 << FIXED_POINT;
                (weight < limit).then_some(weight)
            }
        }
    }

    /// Whether a node fits in time before the stop at `at`, by earliest and latest times of all lanes.
    fn fits(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        at: usize,
        id: NodeId,
        way_there: Hop,
        way_on: Hop,
    ) -> bool {
        let lanes = shift.breaks.len() + 1;
        let node = instance.node(id);
        let work = instance.work(shift, id, node);
        let early = &self.early[at * lanes..(at + 1) * lanes];
        let late = &self.late[at * lanes..(at + 1) * lanes];
        for (taken, time) in early.iter().enumerate() {
            if *time >= Time::NEVER {
                continue;
            }
            for first in taken..lanes {
                let Some(hopped) = clock::hop_with_breaks(*time, way_there, &shift.breaks[taken..first], |_| ()) else {
                    continue;
                };
                let Some(start) = clock::first_start(instance, shift, id, node, hopped.ready) else { continue };
                for (second, latest) in late.iter().enumerate().skip(first) {
                    let onward = clock::hop_with_breaks(start + work, way_on, &shift.breaks[first..second], |_| ());
                    if onward.is_some_and(|onward| onward.ready <= *latest) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Whether pinned orders hold with `id` before the stop at `at`.
    fn keeps_order(&self, instance: &Instance<'_>, at: usize, id: NodeId) -> bool {
        let NodeKind::Job(job) = instance.kind(id) else { return true };
        let after = instance.problem.job(job).pin.as_ref().and_then(|pin| pin.after);
        let leader_later =
            after.is_some_and(|leader| self.stops[at..].iter().any(|stop| stop.id == Instance::job_node(leader)));
        let follower_earlier = instance.followers.get(&job).is_some_and(|followers| {
            self.stops[..at].iter().any(|stop| followers.iter().any(|job| Instance::job_node(*job) == stop.id))
        });
        !leader_later && !follower_earlier
    }

    /// Makes all summaries anew from the stops. False when the day breaks a rule of time; the route
    /// must then be changed again before it is used.
    pub(crate) fn refresh(&mut self, instance: &Instance<'_>) -> bool {
        let shift = instance.shift(self.shift);
        self.visits = 0;
        self.load.clear();
        self.load.resize(shift.capacity.len(), 0);
        self.legs.clear();
        self.spots.clear();
        self.spots.push(Spot { place: shift.start_place, visit: false, setup: Duration::ZERO });
        self.travel = Duration::ZERO;
        self.distance = Meters::ZERO;
        if self.stops.is_empty() {
            self.bill = Bill::default();
            self.cost = Cost::ZERO;
            self.duration = Duration::ZERO;
            self.days.clear();
            return true;
        }
        for at in 0..=self.stops.len() {
            let from = self.spots[at];
            let leg = match self.stops.get(at) {
                Some(stop) => {
                    self.spots.push(Spot::of(instance, stop.id));
                    if let NodeKind::Job(job) = instance.kind(stop.id) {
                        self.visits += 1;
                        let load = &instance.problem.job(job).load;
                        for (sum, more) in self.load.iter_mut().zip(load) {
                            *sum += more;
                        }
                    }
                    instance.leg(shift, from.place, self.spots[at + 1].place)
                }
                None => walk::way_home(instance, shift, from.place),
            };
            if !leg.is_reachable() {
                return false;
            }
            self.travel += leg.duration();
            self.distance += leg.distance();
            self.legs.push(leg);
        }
        let full = self.visits > shift.max_jobs || self.load.iter().zip(&shift.capacity).any(|(sum, most)| sum > most);
        if full || self.travel > shift.max_travel || self.distance > shift.max_distance {
            return false;
        }
        let closed = match shift.grade {
            Grade::Flat => self.time_lanes(instance, shift) && self.flat_bill(instance, shift),
            Grade::Span => self.time_segments(instance, shift),
            Grade::Walk => self.time_lanes(instance, shift) && self.walked_bill(instance, shift),
        };
        debug_assert!(
            !closed || walk::day(instance, shift, &self.stops) == Some(self.bill),
            "summary {:?} against walk {:?}",
            self.bill,
            walk::day(instance, shift, &self.stops)
        );
        closed
    }

    fn way_into(&self, at: usize) -> Hop {
        let setup = self.spots.get(at + 1).map_or(Duration::ZERO, |spot| spot.setup_after(self.spots[at]));
        Hop { travel: self.legs[at].duration(), setup }
    }

    /// Earliest and latest times of every lane. False when the day cannot be closed.
    fn time_lanes(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        let lanes = shift.breaks.len() + 1;
        let stops = self.stops.len();
        let mut early = std::mem::take(&mut self.early);
        early.clear();
        early.resize((stops + 1) * lanes, Time::NEVER);
        early[0] = shift.start;
        for at in 0..stops {
            let way = self.way_into(at);
            let stop = self.stops[at];
            let node = instance.node(stop.id);
            let work = instance.work(shift, stop.id, node);
            for taken in 0..lanes {
                let mut best = Time::NEVER;
                for on_hop in 0..=taken {
                    let time = early[at * lanes + taken - on_hop];
                    if time >= Time::NEVER {
                        continue;
                    }
                    let breaks = &shift.breaks[taken - on_hop..taken];
                    let Some(hopped) = clock::hop_with_breaks(time, way, breaks, |_| ()) else { continue };
                    let ready = hopped.ready.max(stop.not_before);
                    if let Some(start) = clock::first_start(instance, shift, stop.id, node, ready) {
                        best = best.min(start + work);
                    }
                }
                early[(at + 1) * lanes + taken] = best;
            }
        }
        self.early = early;
        let mut late = std::mem::take(&mut self.late);
        late.clear();
        late.resize((stops + 1) * lanes, Time::ALWAYS);
        late[stops * lanes + lanes - 1] = shift.latest_end;
        for at in (0..stops).rev() {
            let way = self.way_into(at + 1);
            let stop = self.stops[at];
            let node = instance.node(stop.id);
            let work = instance.work(shift, stop.id, node);
            for taken in 0..lanes {
                let mut best = Time::ALWAYS;
                for on_hop in 0..lanes - taken {
                    let bound = late[(at + 1) * lanes + taken + on_hop];
                    if bound <= Time::ALWAYS {
                        continue;
                    }
                    let breaks = &shift.breaks[taken..taken + on_hop];
                    if let Some(departure) = clock::latest_departure(bound, way, breaks)
                        && let Some(start) = clock::last_start(instance, shift, stop.id, node, departure - work)
                        && start >= stop.not_before
                    {
                        best = best.max(start);
                    }
                }
                late[at * lanes + taken] = best;
            }
        }
        self.late = late;
        let way = self.way_into(0);
        (0..lanes).any(|on_hop| {
            clock::hop_with_breaks(shift.start, way, &shift.breaks[..on_hop], |_| ())
                .is_some_and(|hopped| hopped.ready <= self.late[on_hop])
        })
    }

    fn flat_bill(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        self.bill = self.plain_bill(instance, shift);
        self.cost = self.bill.total();
        true
    }

    /// The terms that need no clock.
    fn plain_bill(&self, instance: &Instance<'_>, shift: &ShiftInfo) -> Bill {
        let mut bill = Bill {
            travel: shift.prices.travel.times(self.travel),
            distance: shift.prices.distance.times(self.distance),
            shift: shift.prices.shift,
            ..Bill::default()
        };
        for stop in &self.stops {
            rules::add_standing(instance, shift, stop.id, &mut bill);
        }
        bill
    }

    fn walked_bill(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        self.days.clear();
        let (mut from, mut lanes) = walk::dawn(shift);
        self.days.push(lanes.clone());
        for stop in &self.stops {
            if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
                return false;
            }
            self.days.push(lanes.clone());
        }
        let Some(dusk) = walk::dusk(instance, shift, from, &lanes) else { return false };
        let Some((dusk, _)) = walk::settle_dusk(instance, shift, dusk, self.stops.iter().copied()) else {
            return false;
        };
        self.bill = dusk.bill;
        self.cost = self.bill.total();
        true
    }

    fn segment_of(&self, instance: &Instance<'_>, shift: &ShiftInfo, at: usize) -> Segment {
        let stop = self.stops[at];
        let node = instance.node(stop.id);
        Segment::stop(instance.work(shift, stop.id, node), node.open.max(stop.not_before), node.close)
    }

    fn time_segments(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        let stops = self.stops.len();
        let border = Segment::stop(Duration::ZERO, shift.start, shift.latest_end);
        self.head.clear();
        self.head.push(border);
        for at in 0..stops {
            let way = self.way_into(at);
            let next = self.segment_of(instance, shift, at);
            if next.earliest > next.latest {
                return false;
            }
            match self.head[at].then(way.total(), next) {
                Some(head) => self.head.push(head),
                None => return false,
            }
        }
        let mut tail = std::mem::take(&mut self.tail);
        tail.clear();
        tail.resize(stops + 1, border);
        for at in (0..stops).rev() {
            let way = self.way_into(at + 1);
            match self.segment_of(instance, shift, at).then(way.total(), tail[at + 1]) {
                Some(segment) => tail[at] = segment,
                None => {
                    self.tail = tail;
                    return false;
                }
            }
        }
        self.tail = tail;
        let Some(whole) = self.head[0].then(self.way_into(0).total(), self.tail[0]) else {
            return false;
        };
        self.duration = whole.duration;
        let busy = |at: usize| {
            let id = self.stops[at].id;
            instance.work(shift, id, instance.node(id)) + self.way_into(at).setup
        };
        self.waited = whole.duration - self.travel - (0..stops).map(busy).sum();
        self.bill = self.plain_bill(instance, shift);
        self.bill.work = shift.prices.work.times(whole.duration);
        self.cost = self.bill.total();
        whole.duration <= shift.max_duration
    }
}
