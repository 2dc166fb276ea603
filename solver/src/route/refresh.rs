//! The summaries of a route made anew from its stops: legs, times by lane, segments, and the bill.

use super::Route;
use super::gap::{Gap, Spot};
use crate::clock::{self, Hop};
use crate::instance::{Grade, Instance, NodeKind, ShiftInfo};
use crate::rules;
use crate::segment::Segment;
use crate::walk;
use dispatch_data::bill::Bill;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Duration, Meters, Time};

/// More waiting than any day has.
const UNKNOWN: Duration = Duration(1 << 31);

impl Route {
    /// Makes all summaries anew from the stops. False when the day breaks a rule of time; the route
    /// must then be changed again before it is used.
    pub(crate) fn refresh(&mut self, instance: &Instance<'_>) -> bool {
        let shift = instance.shift(self.shift);
        self.visits = 0;
        self.load.clear();
        self.load.resize(shift.capacity.len(), 0);
        self.spots.clear();
        self.gaps.clear();
        self.days.clear();
        self.spots.push(Spot::dawn(shift));
        self.travel = Duration::ZERO;
        self.distance = Meters::ZERO;
        if let Some(settled) = &shift.settled {
            self.visits = settled.visits;
            self.load.iter_mut().zip(&settled.load).for_each(|(sum, so_far)| *sum = *so_far);
            self.travel = settled.travel;
            self.distance = settled.distance;
        }
        if self.stops.is_empty() {
            self.first_collection = None;
            if shift.settled.as_ref().is_some_and(|settled| settled.idle.is_some()) {
                // There is a way home already, which an insertion would replace.
                let dawn = Spot::dawn(shift);
                let leg = walk::way_home(instance, shift, dawn.place);
                self.gaps.push(Gap {
                    before: dawn.place,
                    next: shift.end_place,
                    before_visit: dawn.visit,
                    next_visit: false,
                    next_setup: Duration::ZERO,
                    leg,
                    hop: leg.duration(),
                    head: dawn.segment(),
                    tail: dawn.segment(),
                });
            }
            self.bill = shift.idle_bill();
            self.cost = self.bill.total();
            self.duration = Duration::ZERO;
            // What of it is waiting is not known.
            self.waited = UNKNOWN;
            return true;
        }
        let legs = instance.legs(shift);
        let loaded = !shift.capacity.is_empty();
        let border = Spot::dawn(shift).segment();
        // Stretches are summed up on the way, where they are asked for.
        let spans = shift.grade == Grade::Span;
        let mut head = border;
        let mut busy = Duration::ZERO;
        self.first_collection = None;
        let mut before = Spot::dawn(shift);
        let mut plain = true;
        for at in 0..=self.stops.len() {
            let next = self.stops.get(at).map(|stop| {
                let mut spot = Spot::of(instance, shift, stop.id);
                spot.open = spot.open.max(stop.not_before);
                plain &= instance.node(stop.id).plain;
                spot
            });
            let place = next.map_or(shift.end_place, |spot| Some(spot.place));
            let leg = place.map_or(Leg::default(), |place| legs.leg(before.place, place));
            if !leg.is_reachable() {
                return false;
            }
            self.travel += leg.duration();
            self.distance += leg.distance();
            self.gaps.push(Gap {
                before: before.place,
                next: place,
                before_visit: before.visit,
                next_visit: next.is_some_and(|spot| spot.visit),
                next_setup: next.map_or(Duration::ZERO, |spot| spot.setup),
                leg,
                hop: leg.duration() + next.map_or(Duration::ZERO, |spot| spot.setup_after(before)),
                head,
                tail: border,
            });
            let hop = self.gaps[at].hop;
            busy += hop;
            let Some(spot) = next else { break };
            busy += spot.work;
            if spans {
                let own = spot.segment();
                let Some(longer) = head.then(hop, own).filter(|_| own.earliest <= own.latest) else { return false };
                head = longer;
            }
            if let NodeKind::Job(job) = instance.kind(self.stops[at].id) {
                self.visits += 1;
                if loaded {
                    let load = &instance.job(job).load;
                    for (sum, more) in self.load.iter_mut().zip(load) {
                        *sum += more;
                    }
                }
            } else if self.first_collection.is_none() {
                self.first_collection = Some(at as u32);
            }
            self.spots.push(spot);
            before = spot;
        }
        let full = self.visits > shift.max_jobs || self.load.iter().zip(&shift.capacity).any(|(sum, most)| sum > most);
        if full || self.travel > shift.max_travel || self.distance > shift.max_distance {
            return false;
        }
        let timed = match shift.grade {
            Grade::Span => true,
            Grade::Flat | Grade::Walk if plain && shift.breaks.is_empty() => self.time_plainly(shift),
            Grade::Flat | Grade::Walk => self.time_lanes(instance, shift),
        };
        let closed = timed
            && match shift.grade {
                Grade::Flat => self.flat_bill(instance, shift),
                Grade::Span => self.time_segments(instance, shift, head, busy),
                Grade::Walk => self.walked_bill(instance, shift, busy),
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
        let Gap { leg, hop, .. } = self.gaps[at];
        Hop { travel: leg.duration(), setup: hop - leg.duration() }
    }

    /// The same as [`Self::time_lanes`] where there is one lane and every stop has one span of allowed starts.
    fn time_plainly(&mut self, shift: &ShiftInfo) -> bool {
        let stops = self.stops.len();
        self.early.clear();
        self.early.push(shift.start);
        let mut time = shift.start;
        for (spot, gap) in self.spots[1..].iter().zip(&self.gaps) {
            let ready = time + gap.hop;
            if ready.max(spot.open) > spot.close {
                return false;
            }
            time = ready.max(spot.open) + spot.work;
            self.early.push(time);
        }
        if time + self.gaps[stops].hop > shift.latest_end {
            return false;
        }
        self.late.clear();
        self.late.resize(stops + 1, shift.latest_end);
        let mut bound = shift.latest_end;
        for at in (0..stops).rev() {
            let spot = self.spots[at + 1];
            bound = (bound - self.gaps[at + 1].hop - spot.work).min(spot.close);
            self.late[at] = bound;
        }
        true
    }

    /// Earliest and latest times of every lane. False when the day cannot be closed.
    fn time_lanes(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        let lanes = shift.breaks.len() + 1;
        let stops = self.stops.len();
        let mut early = std::mem::take(&mut self.early);
        early.clear();
        early.resize((stops + 1) * lanes, Time::NEVER);
        let taken_before = shift.settled.as_ref().map_or(0, |settled| settled.breaks.len());
        early[taken_before] = shift.start;
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
        (taken_before..lanes).any(|taken| {
            clock::hop_with_breaks(shift.start, way, &shift.breaks[taken_before..taken], |_| ())
                .is_some_and(|hopped| hopped.ready <= self.late[taken])
        })
    }

    fn flat_bill(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        self.waited = Duration::ZERO;
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
        if rules::any_standing(instance) {
            for stop in &self.stops {
                rules::add_standing(instance, shift, stop.id, &mut bill);
            }
        }
        bill
    }

    /// The bill by walking; `busy` is all that is neither waiting nor break.
    fn walked_bill(&mut self, instance: &Instance<'_>, shift: &ShiftInfo, busy: Duration) -> bool {
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
        let taken = shift.settled.as_ref().map_or(0, |settled| settled.breaks.len());
        let resting: Duration = shift.breaks[taken..].iter().map(|rest| rest.duration).sum();
        self.waited = dusk.end - (shift.start + dusk.later) - resting - busy;
        self.bill = dusk.bill;
        self.cost = self.bill.total();
        true
    }

    /// The stretches from each gap on, and the whole; `head` reaches to after the last stop, and `busy` is
    /// all that is not waiting.
    fn time_segments(&mut self, instance: &Instance<'_>, shift: &ShiftInfo, head: Segment, busy: Duration) -> bool {
        let border = Spot::dawn(shift).segment();
        let Some(last) = self.gaps.last() else { return false };
        let Some(whole) = head.then(last.hop, border) else { return false };
        let mut tail = border;
        for at in (1..=self.stops.len()).rev() {
            let gap = &mut self.gaps[at];
            gap.tail = tail;
            let Some(longer) = self.spots[at].segment().then(gap.hop, tail) else { return false };
            tail = longer;
        }
        self.gaps[0].tail = tail;
        self.duration = whole.duration;
        self.waited = whole.duration - busy;
        self.bill = self.plain_bill(instance, shift);
        self.bill.work = shift.prices.work.times(whole.duration);
        self.cost = self.bill.total();
        whole.duration <= shift.max_duration
    }
}
