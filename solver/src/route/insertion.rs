//! One more stop in a route: the lightest of some positions, in O(1) each where the grade of the
//! shift allows. Which routes to ask is [`crate::insertion`]'s matter.

use super::gap::{Gap, Spot};
use super::{Growth, Route};
use crate::clock::{self, Hop};
use crate::instance::{Around, FIXED_POINT, Grade, Instance, NodeId, NodeKind, ShiftInfo};
use crate::rules;
use crate::segment::Segment;
use crate::walk::{self, RouteNode};
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Duration, Time};
use smallvec::SmallVec;

/// What a newcomer adds to the road.
#[derive(Clone, Copy, Debug)]
struct Added {
    seconds: i64,
    meters: i64,
}

/// The way to a newcomer and on from it, and what its road weighs.
#[derive(Clone, Copy, Debug)]
struct Way {
    there: Hop,
    onward: Hop,
    weight: i64,
}

impl Route {
    /// Whether one more job breaks a limit that needs no clock.
    pub(crate) fn overfull(&self, instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> bool {
        let NodeKind::Job(job) = instance.kind(id) else { return false };
        if self.visits >= shift.max_jobs {
            return true;
        }
        if shift.capacity.is_empty() {
            return false;
        }
        let load = &instance.job(job).load;
        shift.capacity.iter().enumerate().any(|(dimension, most)| {
            let has = self.load.get(dimension).copied().unwrap_or(0);
            load.get(dimension).is_some_and(|more| has + more > *most)
        })
    }

    /// The lightest of some positions for a node: weights are 2⁻¹⁶ cents that the bill would grow by,
    /// rounding aside. Only weights below `limit` are looked for.
    pub(crate) fn best_insertion(
        &self,
        instance: &Instance<'_>,
        id: NodeId,
        positions: impl Iterator<Item = usize>,
        limit: i64,
    ) -> Option<(usize, i64)> {
        let shift = instance.shift(self.shift);
        if self.overfull(instance, shift, id) {
            return None;
        }
        if self.stops.is_empty() {
            let bill = walk::day(instance, shift, &[RouteNode::new(id)])?;
            let weight = (bill.total() - self.cost).0 << FIXED_POINT;
            return (weight < limit).then_some((0, weight));
        }
        if instance.node(id).ordered {
            let positions = positions.filter(|at| self.keeps_order(instance, *at, id));
            return self.lightest(instance, shift, id, positions, limit);
        }
        self.lightest(instance, shift, id, positions, limit)
    }

    /// The lightest of some positions of a route with stops, each of which keeps the pinned order.
    #[inline]
    fn lightest(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        id: NodeId,
        positions: impl Iterator<Item = usize>,
        limit: i64,
    ) -> Option<(usize, i64)> {
        let node = instance.node(id);
        let road = |_: &Gap, added: Added| shift.price.weigh(added.seconds, added.meters, 0);
        match shift.grade {
            Grade::Span => {
                let stop = Spot::of(instance, shift, id).segment();
                // All that is new but set-up, and but what the old waiting can take in.
                let busy = (stop.duration - self.waited).0;
                let floor = |gap: &Gap, added: Added| {
                    let paid = added.seconds + busy + i64::from(gap.leg.seconds) - gap.hop.0;
                    shift.price.weigh(added.seconds, added.meters, paid)
                };
                self.scan(instance, shift, id, positions, limit, floor, |_, gap, way| {
                    self.weigh_span(shift, gap, stop, way)
                })
            }
            Grade::Flat if shift.breaks.is_empty() && node.plain => {
                let work = instance.work(shift, id, node);
                self.scan(instance, shift, id, positions, limit, road, |at, _, way| {
                    let start = (self.early[at] + way.there.total()).max(node.open);
                    (start <= node.close && start + work + way.onward.total() <= self.late[at]).then_some(way.weight)
                })
            }
            Grade::Flat => self.scan(instance, shift, id, positions, limit, road, |at, _, way| {
                self.fits(instance, shift, at, id, way.there, way.onward).then_some(way.weight)
            }),
            Grade::Walk => self.lightest_walked(instance, shift, id, positions, limit),
        }
    }

    /// The lightest of some positions by walking: the most promising first, until no other can be lighter.
    fn lightest_walked(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        id: NodeId,
        positions: impl Iterator<Item = usize>,
        limit: i64,
    ) -> Option<(usize, i64)> {
        let standing = rules::standing_price(instance, shift, id).0 << FIXED_POINT;
        let mut limit = limit.saturating_sub(standing);
        let mut places: SmallVec<[(i64, usize); 16]> = SmallVec::new();
        for at in positions {
            let Some(growth) = self.growth(instance, at, &[id]).filter(|growth| self.has_road_for(shift, *growth))
            else {
                continue;
            };
            let floor = self.floor(instance, growth);
            if floor < limit {
                places.push((floor, at));
            }
        }
        places.sort_unstable();
        let mut best = None;
        for (floor, at) in places {
            if floor >= limit {
                break;
            }
            if !self.takes(instance, at, id) {
                continue;
            }
            let Some(bill) = self.bill_if(instance, at..at, &[RouteNode::new(id)]) else { continue };
            let weight = ((bill.total() - self.cost).0 << FIXED_POINT) - standing;
            if weight < limit {
                limit = weight;
                best = Some((at, weight + standing));
            }
        }
        best
    }

    /// Whether travel and distance of the shift have room for so much more.
    pub(crate) fn has_road_for(&self, shift: &ShiftInfo, growth: Growth) -> bool {
        growth.seconds <= (shift.max_travel - self.travel).0 && growth.meters <= (shift.max_distance - self.distance).0
    }

    /// Whether a node alone fits in time before the stop at `at`, as far as that is known without walking.
    pub(crate) fn takes(&self, instance: &Instance<'_>, at: usize, id: NodeId) -> bool {
        let shift = instance.shift(self.shift);
        if self.stops.is_empty() || shift.grade == Grade::Span {
            return true;
        }
        let from = self.before(instance, shift, at);
        let there = walk::way(instance, shift, from, id).1;
        let here = walk::From { place: instance.node(id).place, visit: instance.is_job(id) };
        let onward = match self.stops.get(at) {
            Some(next) => walk::way(instance, shift, here, next.id).1,
            None => Hop { travel: walk::way_home(instance, shift, here.place).duration(), setup: Duration::ZERO },
        };
        self.fits(instance, shift, at, id, there, onward)
    }

    /// Goes over positions: `floor` is never above what a position weighs, and what it leaves below the
    /// limit is weighed for good.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "one loop for all grades; a struct would only rename the list")]
    fn scan(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        id: NodeId,
        positions: impl Iterator<Item = usize>,
        limit: i64,
        floor: impl Fn(&Gap, Added) -> i64,
        weigh: impl Fn(usize, &Gap, Way) -> Option<i64>,
    ) -> Option<(usize, i64)> {
        let spot = Spot::of(instance, shift, id);
        // One loop for each, so that the choice is not made anew in every gap.
        match instance.around(shift, spot.place) {
            Around::Rows { from, to } => {
                let (there, onward) = (|place: PlaceIx| to[place.index()], |place: PlaceIx| from[place.index()]);
                self.scan_legs(instance, shift, id, &spot, positions, limit, there, onward, floor, weigh)
            }
            Around::Table { legs, place: here } => {
                let (there, onward) = (|place| legs.leg(place, here), |place| legs.leg(here, place));
                self.scan_legs(instance, shift, id, &spot, positions, limit, there, onward, floor, weigh)
            }
        }
    }

    #[inline]
    #[allow(clippy::too_many_arguments, reason = "the body of the loop above")]
    fn scan_legs(
        &self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        id: NodeId,
        spot: &Spot,
        positions: impl Iterator<Item = usize>,
        limit: i64,
        there: impl Fn(PlaceIx) -> Leg,
        onward: impl Fn(PlaceIx) -> Leg,
        floor: impl Fn(&Gap, Added) -> i64,
        weigh: impl Fn(usize, &Gap, Way) -> Option<i64>,
    ) -> Option<(usize, i64)> {
        let standing = rules::standing_price(instance, shift, id).0 << FIXED_POINT;
        // Room below the limit for what hangs on the position.
        let mut limit = limit.saturating_sub(standing);
        let most_seconds = (shift.max_travel - self.travel).0;
        let most_meters = (shift.max_distance - self.distance).0;
        let mut best = None;
        for at in positions {
            let gap = &self.gaps[at];
            let there = there(gap.before);
            let onward = gap.next.map_or(Leg::default(), &onward);
            let added = Added {
                seconds: i64::from(there.seconds) + i64::from(onward.seconds) - i64::from(gap.leg.seconds),
                meters: i64::from(there.meters) + i64::from(onward.meters) - i64::from(gap.leg.meters),
            };
            if floor(gap, added) >= limit || added.seconds > most_seconds || added.meters > most_meters {
                continue;
            }
            if !there.is_reachable() || !onward.is_reachable() {
                continue;
            }
            let way = Way {
                there: Hop { travel: there.duration(), setup: gap.setup_there(spot) },
                onward: Hop { travel: onward.duration(), setup: gap.setup_onward(spot) },
                weight: shift.price.weigh(added.seconds, added.meters, 0),
            };
            if let Some(weight) = weigh(at, gap, way).filter(|weight| *weight < limit) {
                limit = weight;
                best = Some((at, weight + standing));
            }
        }
        best
    }

    /// By how much the bill would grow with a stretch in a gap, by segments; what does not hang on the gap aside.
    #[inline]
    fn weigh_span(&self, shift: &ShiftInfo, gap: &Gap, stop: Segment, way: Way) -> Option<i64> {
        let whole = gap.head.then(way.there.total(), stop)?.then(way.onward.total(), gap.tail)?;
        (whole.duration <= shift.max_duration)
            .then(|| way.weight + shift.price.work * (whole.duration - self.duration).0)
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
        let after = instance.job(job).pin.as_ref().and_then(|pin| pin.after);
        let leader_later =
            after.is_some_and(|leader| self.stops[at..].iter().any(|stop| stop.id == Instance::job_node(leader)));
        let follower_earlier = instance.followers.get(&job).is_some_and(|followers| {
            self.stops[..at].iter().any(|stop| followers.iter().any(|job| Instance::job_node(*job) == stop.id))
        });
        !leader_later && !follower_earlier
    }
}
