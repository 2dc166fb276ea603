//! The summaries of a route made anew from its stops: legs, times by lane, segments, and the bill. What stands before
//! and after all that has changed is kept, where it is known what the last summaries stand for.

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
use std::ops::Range;

/// More waiting than any day has.
const UNKNOWN: Duration = Duration(1 << 31);

impl Route {
    /// Makes all summaries anew from the stops. False when the day breaks a rule of time; the route
    /// must then be changed again before it is used.
    pub(crate) fn refresh(&mut self, instance: &Instance<'_>) -> bool {
        self.forget();
        self.resume(instance)
    }

    /// The same where the summaries that there are were made by the same instance: what is before and after all
    /// changed stops is kept.
    pub(crate) fn resume(&mut self, instance: &Instance<'_>) -> bool {
        let shift = instance.shift(self.shift);
        self.days.clear();
        let fits = if self.stops.is_empty() {
            self.forget();
            self.rest(instance, shift);
            true
        } else {
            self.lay(instance, shift)
        };
        if fits {
            debug_assert!(
                walk::day(instance, shift, &self.stops) == Some(self.bill),
                "summary {:?} against walk {:?}",
                self.bill,
                walk::day(instance, shift, &self.stops)
            );
            self.known.clone_from(&self.stops);
        } else {
            self.forget();
        }
        fits
    }

    /// Nothing to do all day.
    fn rest(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) {
        self.begin(shift);
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
    }

    /// Sums and lists as they are before anything is known of the stops.
    fn begin(&mut self, shift: &ShiftInfo) {
        self.visits = 0;
        self.load.clear();
        self.load.resize(shift.capacity.len(), 0);
        self.travel = Duration::ZERO;
        self.distance = Meters::ZERO;
        self.busy = Duration::ZERO;
        if let Some(settled) = &shift.settled {
            self.visits = settled.visits;
            self.load.iter_mut().zip(&settled.load).for_each(|(sum, so_far)| *sum = *so_far);
            self.travel = settled.travel;
            self.distance = settled.distance;
        }
        self.spots.clear();
        self.spots.push(Spot::dawn(shift));
        self.gaps.clear();
    }

    /// Makes the summaries of a day with stops, from where they differ from what is known.
    fn lay(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
        let changed = self.changed();
        let Some(ends) = self.lay_changed(instance, shift, changed.clone()) else { return false };
        self.first_collection = if instance.problem.sites.is_empty() {
            None
        } else {
            self.stops.iter().position(|stop| !instance.is_job(stop.id)).map(|at| at as u32)
        };
        let full = self.visits > shift.max_jobs || self.load.iter().zip(&shift.capacity).any(|(sum, most)| sum > most);
        if full || self.travel > shift.max_travel || self.distance > shift.max_distance {
            return false;
        }
        let plain = || shift.breaks.is_empty() && self.spots.iter().all(|spot| spot.plain);
        let timed = match shift.grade {
            Grade::Span => true,
            Grade::Flat | Grade::Walk if plain() => self.time_plainly(shift),
            Grade::Flat | Grade::Walk => self.time_lanes(instance, shift),
        };
        timed
            && match shift.grade {
                Grade::Flat => self.flat_bill(instance, shift),
                Grade::Span => self.time_segments(instance, shift, changed, ends),
                Grade::Walk => self.walked_bill(instance, shift),
            }
    }

    /// How many stops it begins with are those that it was settled with; none where that is not known.
    pub(crate) fn same_as_settled(&self) -> usize {
        self.known.iter().zip(&self.stops).take_while(|(old, new)| old == new).count()
    }

    /// Which stops are not as they are known.
    fn changed(&self) -> Range<usize> {
        let (known, stops) = (&self.known, &self.stops);
        let kept = self.same_as_settled();
        let most = known.len().min(stops.len()) - kept;
        let same = known.iter().rev().zip(stops.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
        kept..stops.len() - same
    }

    /// Brings sums, spots and gaps in line with the stops, of which these have changed. Gives the stretches before the
    /// first new gap and after the last one; `None` where there is no way.
    fn lay_changed(
        &mut self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        changed: Range<usize>,
    ) -> Option<(Segment, Segment)> {
        let border = Spot::dawn(shift).segment();
        let mut ends = (border, border);
        let loaded = !shift.capacity.is_empty();
        let load = |id| match instance.kind(id) {
            NodeKind::Job(job) => &instance.job(job).load[..],
            NodeKind::Collection(_) => &[],
        };
        let from = changed.start;
        let fresh = self.known.is_empty();
        // Spots that give way, and gaps: one more, but for none where nothing is known.
        let mut old = 0;
        if fresh {
            self.begin(shift);
        } else {
            old = changed.len() + self.known.len() - self.stops.len();
            ends = (self.gaps[from].head, self.gaps[from + old].tail);
            for gap in &self.gaps[from..=from + old] {
                self.travel -= gap.leg.duration();
                self.distance -= gap.leg.distance();
                self.busy -= gap.hop;
            }
            for (stop, spot) in self.known[from..from + old].iter().zip(&self.spots[from + 1..]) {
                self.busy -= spot.work;
                self.visits -= u32::from(instance.is_job(stop.id));
                if loaded {
                    self.load.iter_mut().zip(load(stop.id)).for_each(|(sum, less)| *sum -= less);
                }
            }
        }
        reshape(&mut self.spots, from + 1, old, changed.len(), Spot::dawn(shift));
        let filler = Gap {
            before: shift.start_place,
            next: None,
            before_visit: false,
            next_visit: false,
            next_setup: Duration::ZERO,
            leg: Leg::default(),
            hop: Duration::ZERO,
            head: border,
            tail: border,
        };
        reshape(&mut self.gaps, from, if fresh { 0 } else { old + 1 }, changed.len() + 1, filler);
        let legs = instance.legs(shift);
        let mut before = self.spots[from];
        for at in from..=changed.end {
            if at < changed.end {
                let stop = self.stops[at];
                let mut spot = Spot::of(instance, shift, stop.id);
                spot.open = spot.open.max(stop.not_before);
                self.spots[at + 1] = spot;
                self.busy += spot.work;
                self.visits += u32::from(instance.is_job(stop.id));
                if loaded {
                    self.load.iter_mut().zip(load(stop.id)).for_each(|(sum, more)| *sum += more);
                }
            }
            let next = self.spots.get(at + 1).copied();
            let place = next.map_or(shift.end_place, |spot| Some(spot.place));
            let leg = place.map_or(Leg::default(), |place| legs.leg(before.place, place));
            if !leg.is_reachable() {
                return None;
            }
            let hop = leg.duration() + next.map_or(Duration::ZERO, |spot| spot.setup_after(before));
            self.travel += leg.duration();
            self.distance += leg.distance();
            self.busy += hop;
            self.gaps[at] = Gap {
                before: before.place,
                next: place,
                before_visit: before.visit,
                next_visit: next.is_some_and(|spot| spot.visit),
                next_setup: next.map_or(Duration::ZERO, |spot| spot.setup),
                leg,
                hop,
                ..filler
            };
            if let Some(next) = next {
                before = next;
            }
        }
        Some(ends)
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

    /// The bill by walking.
    fn walked_bill(&mut self, instance: &Instance<'_>, shift: &ShiftInfo) -> bool {
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
        self.waited = dusk.end - (shift.start + dusk.later) - resting - self.busy;
        self.bill = dusk.bill;
        self.cost = self.bill.total();
        true
    }

    /// The stretches up to each gap and from it on, and the whole, where these stops have changed; `ends` are those
    /// before the first changed gap and after the last one.
    fn time_segments(
        &mut self,
        instance: &Instance<'_>,
        shift: &ShiftInfo,
        changed: Range<usize>,
        (mut head, mut tail): (Segment, Segment),
    ) -> bool {
        let border = Spot::dawn(shift).segment();
        let stops = self.stops.len();
        for at in changed.start..stops {
            let gap = &mut self.gaps[at];
            gap.head = head;
            let own = self.spots[at + 1].segment();
            let Some(longer) = head.then(gap.hop, own).filter(|_| own.earliest <= own.latest) else { return false };
            head = longer;
        }
        let last = &mut self.gaps[stops];
        last.head = head;
        let Some(whole) = head.then(last.hop, border) else { return false };
        for at in (1..=changed.end).rev() {
            let gap = &mut self.gaps[at];
            gap.tail = tail;
            let Some(longer) = self.spots[at].segment().then(gap.hop, tail) else { return false };
            tail = longer;
        }
        self.gaps[0].tail = tail;
        self.duration = whole.duration;
        self.waited = whole.duration - self.busy;
        self.bill = self.plain_bill(instance, shift);
        self.bill.work = shift.prices.work.times(whole.duration);
        self.cost = self.bill.total();
        whole.duration <= shift.max_duration
    }
}

/// Makes room for `new` items where `old` ones from `at` on give way; what they are is the caller's to fill in.
fn reshape<T: Copy>(list: &mut Vec<T>, at: usize, old: usize, new: usize, filler: T) {
    let (len, rest) = (list.len(), at + old);
    if new > old {
        list.resize(len + new - old, filler);
        list.copy_within(rest..len, at + new);
    } else {
        list.copy_within(rest..len, at + new);
        list.truncate(len + new - old);
    }
}
