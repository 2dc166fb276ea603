//! What a stretch of a day in the place of another would change: exact where segments or the road alone
//! say so, else the least it can be. Settles no supply and changes nothing.

use super::Route;
use super::gap::Spot;
use crate::clock::{self, Hop};
use crate::instance::{FIXED_POINT, Grade, Instance, NodeId, NodeKind, ShiftInfo};
use crate::rules;
use crate::walk::{self, From, RouteNode};
use dispatch_data::travel::Leg;
use dispatch_data::units::{Duration, Time};
use smallvec::SmallVec;
use std::ops::Range;

/// Seconds and metres of road, and seconds of all that is not waiting.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    seconds: i64,
    meters: i64,
    busy: i64,
}

impl Route {
    /// The leg to the stop at `at`, or home behind the last one.
    pub(crate) fn leg_into(&self, at: usize) -> Leg {
        self.gaps.get(at).map_or(Leg::default(), |gap| gap.leg)
    }

    /// The least by which the bill changes, in 2⁻¹⁶ cents, when the nodes of `put` stand in the place of the
    /// stops in `cut`; `None` where that breaks a rule of time, road or load for certain. Exact but for
    /// rounding on shifts of grade span and flat; with rush hours an estimate. Who may do what, pinned orders
    /// and supply are the caller's to check.
    pub(crate) fn least_change(
        &self,
        instance: &Instance<'_>,
        cut: Range<usize>,
        put: impl Iterator<Item = NodeId> + Clone,
    ) -> Option<i64> {
        let shift = instance.shift(self.shift);
        if !self.has_room_for(instance, shift, cut.clone(), put.clone()) {
            return None;
        }
        if put.clone().next().is_none() && cut.len() == self.stops.len() {
            return Some((shift.idle_bill().total() - self.cost).0 << FIXED_POINT);
        }
        if self.stops.is_empty() {
            let stops: SmallVec<[RouteNode; 16]> = put.map(RouteNode::new).collect();
            return walk::day(instance, shift, &stops).map(|bill| (bill.total() - self.cost).0 << FIXED_POINT);
        }
        let change = self.growth_of(instance, shift, cut.clone(), put.clone())?;
        if change.seconds > (shift.max_travel - self.travel).0 || change.meters > (shift.max_distance - self.distance).0
        {
            return None;
        }
        let mut weight = shift.price.weigh(change.seconds, change.meters, 0);
        match shift.grade {
            Grade::Span => {
                let whole = self.duration_with(instance, shift, cut.clone(), put.clone())?;
                if whole > shift.max_duration {
                    return None;
                }
                weight += shift.price.work * (whole - self.duration).0;
            }
            Grade::Flat => {
                if !self.has_time_for(instance, shift, cut.clone(), put.clone()) {
                    return None;
                }
            }
            Grade::Walk => {
                if !self.has_time_for(instance, shift, cut.clone(), put.clone()) {
                    return None;
                }
                let bill = &self.bill;
                let soft = bill.respond_late + bill.arrive_late + bill.resolve_late + bill.overtime + bill.moved;
                weight += shift.price.work * (change.busy - self.waited.0) - (soft.0 << FIXED_POINT);
            }
        }
        if rules::any_standing(instance) {
            let price = |id: NodeId| rules::standing_price(instance, shift, id).0 << FIXED_POINT;
            weight += put.map(price).sum::<i64>();
            weight -= self.stops[cut].iter().map(|stop| price(stop.id)).sum::<i64>();
        }
        Some(weight)
    }

    /// Whether the limits hold that need no clock and no way.
    fn has_room_for(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        cut: Range<usize>,
        put: impl Iterator<Item = NodeId> + Clone,
    ) -> bool {
        if shift.max_jobs as usize >= self.stops.len() + put.clone().count() && shift.capacity.is_empty() {
            return true;
        }
        let jobs = |id: &NodeId| instance.is_job(*id);
        let gone = self.stops[cut.clone()].iter().map(|stop| stop.id).filter(jobs);
        let visits = self.visits as usize + put.clone().filter(jobs).count() - gone.clone().count();
        if visits > shift.max_jobs as usize {
            return false;
        }
        let load = |id: NodeId, dimension: usize| match instance.kind(id) {
            NodeKind::Job(job) => instance.job(job).load.get(dimension).copied().unwrap_or(0),
            NodeKind::Collection(_) => 0,
        };
        shift.capacity.iter().enumerate().all(|(dimension, most)| {
            let has = self.load.get(dimension).copied().unwrap_or(0);
            let more: i64 = put.clone().map(|id| load(id, dimension)).sum();
            let less: i64 = gone.clone().map(|id| load(id, dimension)).sum();
            has + more - less <= *most
        })
    }

    /// The way from somewhere to the stop at `at`, or home behind the last one.
    fn way_on(&self, instance: &Instance<'_>, shift: &ShiftInfo, from: From, at: usize) -> (Leg, Duration) {
        match self.stops.get(at) {
            Some(next) => {
                let (leg, hop) = walk::way(instance, shift, from, next.id);
                (leg, hop.total())
            }
            None => {
                let leg = walk::way_home(instance, shift, from.place);
                (leg, leg.duration())
            }
        }
    }

    /// What the change adds to road and work; `None` where there is no way.
    fn growth_of(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        cut: Range<usize>,
        put: impl Iterator<Item = NodeId>,
    ) -> Option<Sum> {
        let mut sum = Sum::default();
        for gap in &self.gaps[cut.start..=cut.end] {
            sum.seconds -= i64::from(gap.leg.seconds);
            sum.meters -= i64::from(gap.leg.meters);
            sum.busy -= gap.hop.0;
        }
        // The start stands before the first stop.
        for spot in &self.spots[cut.start + 1..=cut.end] {
            sum.busy -= spot.work.0;
        }
        let mut add = |leg: Leg, hop: Duration| {
            sum.seconds += i64::from(leg.seconds);
            sum.meters += i64::from(leg.meters);
            sum.busy += hop.0;
            leg.is_reachable()
        };
        let mut from = self.before(instance, shift, cut.start);
        for id in put {
            let (leg, hop) = walk::way(instance, shift, from, id);
            if !add(leg, hop.total() + instance.work(shift, id, instance.node(id))) {
                return None;
            }
            from = standing_at(instance, id);
        }
        let (leg, hop) = self.way_on(instance, shift, from, cut.end);
        add(leg, hop).then_some(sum)
    }

    /// Shortest duration of the changed day by segments.
    fn duration_with(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        cut: Range<usize>,
        put: impl Iterator<Item = NodeId>,
    ) -> Option<Duration> {
        let (mut head, tail) = (self.gaps[cut.start].head, self.gaps[cut.end].tail);
        let mut from = self.before(instance, shift, cut.start);
        for id in put {
            let (_, hop) = walk::way(instance, shift, from, id);
            head = head.then(hop.total(), Spot::of(instance, shift, id).segment())?;
            from = standing_at(instance, id);
        }
        head.then(self.way_on(instance, shift, from, cut.end).1, tail).map(|whole| whole.duration)
    }

    /// Whether earliest and latest times of all lanes leave room for the change; true where rush hours or what
    /// is settled make that no simple question.
    fn has_time_for(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        cut: Range<usize>,
        put: impl Iterator<Item = NodeId>,
    ) -> bool {
        if shift.rush || shift.settled.is_some() {
            return true;
        }
        let lanes = shift.breaks.len() + 1;
        // Earliest end of what is before, by breaks taken.
        let mut ends: SmallVec<[Time; 4]> = self.early[cut.start * lanes..(cut.start + 1) * lanes].into();
        let mut from = self.before(instance, shift, cut.start);
        for id in put {
            let node = instance.node(id);
            let way = walk::way(instance, shift, from, id).1;
            let work = instance.work(shift, id, node);
            // From the most breaks down, so that what a lane comes from is still the end before.
            for taken in (0..lanes).rev() {
                let end = (0..=taken).filter_map(|before| {
                    let ready = after_hop(shift, ends[before], way, before..taken)?;
                    Some(clock::first_start(instance, shift, id, node, ready)? + work)
                });
                ends[taken] = end.min().unwrap_or(Time::NEVER);
            }
            if ends.iter().all(|end| *end >= Time::NEVER) {
                return false;
            }
            from = standing_at(instance, id);
        }
        let on = match self.stops.get(cut.end) {
            Some(next) => walk::way(instance, shift, from, next.id).1,
            None => Hop { travel: walk::way_home(instance, shift, from.place).duration(), setup: Duration::ZERO },
        };
        let late = &self.late[cut.end * lanes..(cut.end + 1) * lanes];
        late.iter().enumerate().any(|(taken, latest)| {
            (0..=taken)
                .any(|before| after_hop(shift, ends[before], on, before..taken).is_some_and(|ready| ready <= *latest))
        })
    }
}

/// When somebody is ready after a way on which some breaks are taken.
fn after_hop(shift: &ShiftInfo, end: Time, way: Hop, breaks: Range<usize>) -> Option<Time> {
    if end >= Time::NEVER {
        return None;
    }
    clock::hop_with_breaks(end, way, &shift.breaks[breaks], |_| ()).map(|hopped| hopped.ready)
}

fn standing_at(instance: &Instance<'_>, id: NodeId) -> From {
    From { place: instance.node(id).place, visit: instance.is_job(id) }
}
