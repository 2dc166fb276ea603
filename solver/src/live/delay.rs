//! What a delay in a gap of a day costs the rest of that day at least: reckoned once for a row of
//! delays, so that weighing a place for a ticket is a look-up.
//!
//! The rest of the day is walked at its earliest, once per way of taking breaks, and whatever the clock
//! leaves open is taken at its cheapest; so the figure never exceeds what the exact bill will say. Bills
//! nothing itself.

use crate::clock::{self, Hop};
use crate::instance::{Instance, NodeKind, ShiftInfo, overtime_to_last_visit};
use crate::route::Route;
use crate::walk;
use dispatch_data::problem::Deadline;
use dispatch_data::units::{Duration, Rate, Time};

/// Seconds between two delays of the row.
const STEP: i64 = 450;
/// Delays in the row; longer ones cost at least what the longest does.
pub(super) const STEPS: usize = 32;
/// No day goes on after this delay.
const IMPOSSIBLE: i32 = i32::MAX;
/// Days with more breaks are not reckoned.
pub(super) const MOST_BREAKS: usize = 3;

/// Earliest moments by the number of breaks taken; none where that cannot be.
type Moments = [Option<Time>; MOST_BREAKS + 1];

/// Costs of delays in every gap of a day.
pub(super) struct Delays {
    /// When the technician can leave for each gap: at the earliest, and with the breaks that take longest.
    pub(super) free: Vec<(Time, Time)>,
    /// So many figures per gap, in cents.
    pub(super) costs: Vec<i32>,
}

/// What the rest of the day costs after a delay in a gap, out of the costs of all gaps; `None`: no day
/// goes on then.
#[inline]
pub(super) fn cost(costs: &[i32], gap: usize, delay: i64) -> Option<i64> {
    // Where a detour saves time, nothing is known but that no price is below nothing.
    let Ok(delay) = usize::try_from(delay) else { return Some(0) };
    let step = (delay / STEP as usize).min(STEPS - 1);
    let cost = costs[gap * STEPS + step];
    (cost != IMPOSSIBLE).then_some(i64::from(cost))
}

/// How a day is paid by the time of its end: a rate from a moment on.
pub(super) struct PaidToEnd {
    pub(super) rate: Rate,
    pub(super) from: Time,
}

struct Day<'a> {
    instance: &'a Instance<'a>,
    shift: &'a ShiftInfo,
    route: &'a Route,
    paid: Option<PaidToEnd>,
    /// Nothing is on the road yet: there is no way home to be delayed.
    unused: bool,
    /// Before each gap.
    free: Vec<Moments>,
}

/// Reckons a day; `None` where its legs hang on the hour, or where it has too many breaks.
pub(super) fn of(instance: &Instance<'_>, route: &Route, paid: Option<PaidToEnd>, unused: bool) -> Option<Delays> {
    let shift = instance.shift(route.shift);
    if shift.rush || shift.breaks.len() > MOST_BREAKS {
        return None;
    }
    let mut day = Day { instance, shift, route, paid, unused, free: Vec::with_capacity(route.stops.len() + 1) };
    let mut before = vec![0];
    let mut now: Moments = Moments::default();
    now[shift.settled.as_ref().map_or(0, |settled| settled.breaks.len())] = Some(shift.start);
    day.free.push(now);
    for at in 0..route.stops.len() {
        let mut sum = before[at];
        now = day.stop(at, now, None, &mut sum)?;
        day.free.push(now);
        before.push(sum);
    }
    let mut costs = Vec::with_capacity(day.free.len() * STEPS);
    let mut free = Vec::with_capacity(day.free.len());
    for (at, before) in before.iter().enumerate() {
        let start = day.rested(at);
        let all = || start.iter().flatten().copied();
        free.push((all().min()?, all().max()?));
        let mut cost = Some(0);
        for step in 0..STEPS {
            cost = cost.and_then(|_| day.rest(at, start, Duration(STEP * step as i64), *before));
            costs.push(cost.map_or(IMPOSSIBLE, |sum| (sum / 3600).min(i64::from(IMPOSSIBLE - 1)) as i32));
        }
    }
    Some(Delays { free, costs })
}

impl Day<'_> {
    /// Moments to leave for a gap, also with breaks taken right before or on the way to a newcomer.
    fn rested(&self, at: usize) -> Moments {
        let mut rested = Moments::default();
        for (taken, moment) in rested.iter_mut().enumerate().take(self.shift.breaks.len() + 1) {
            let ways = (0..=taken).filter_map(|before| {
                let breaks = &self.shift.breaks[before..taken];
                let length: Duration = breaks.iter().map(|rest| rest.duration).sum();
                self.free[at][before].map(|free| free + length)
            });
            *moment = ways.min();
        }
        rested
    }

    /// Cents per hour × seconds of the whole day when the stops from `at` on are delayed.
    fn rest(&self, at: usize, start: Moments, delay: Duration, mut sum: i64) -> Option<i64> {
        let mut now = start.map(|moment| moment.map(|moment| moment + delay));
        let mut newcomer = Some(self.free[at].iter().flatten().min().copied()?);
        for stop in at..self.route.stops.len() {
            now = self.stop(stop, now, newcomer.take(), &mut sum)?;
        }
        let last = now.iter().flatten().min().copied()?;
        let from = self.route.before(self.instance, self.shift, self.route.stops.len());
        let leg =
            if self.unused { Duration::ZERO } else { walk::way_home(self.instance, self.shift, from.place).duration() };
        let way = Hop { travel: leg, setup: Duration::ZERO };
        let end = self.hop(now, way, newcomer.is_some())[self.shift.breaks.len()]?;
        if end > self.shift.latest_end {
            return None;
        }
        let until = if overtime_to_last_visit(self.instance.problem) {
            // Where a newcomer, or no visit, comes last, nothing is known here of the last visit's end.
            let visit = self.route.stops.last().is_some_and(|stop| self.instance.is_job(stop.id));
            if newcomer.is_none() && visit { last } else { Time::ALWAYS }
        } else {
            end
        };
        sum += self.shift.prices.overtime.0 * until.past(self.shift.regular_end).0;
        if let Some(paid) = &self.paid {
            sum += paid.rate.0 * end.past(paid.from).0;
        }
        Some(sum)
    }

    /// One stop more: the moments after it, and what its promises cost at the earliest. `newcomer`: one
    /// stands before it, and this is when the way to that one can begin.
    fn stop(&self, at: usize, now: Moments, newcomer: Option<Time>, sum: &mut i64) -> Option<Moments> {
        let (instance, shift) = (self.instance, self.shift);
        let id = self.route.stops[at].id;
        let node = instance.node(id);
        let from = self.route.before(instance, shift, at);
        let (leg, way) = walk::way(instance, shift, from, id);
        let work = instance.work(shift, id, node);
        let mut next = self.hop(now, way, newcomer.is_some());
        let (mut start, mut end) = (None, None);
        for (taken, moment) in next.iter_mut().enumerate() {
            let Some(ready) = moment.take() else { continue };
            let Some(begin) = clock::first_start(instance, shift, id, node, ready) else { continue };
            if shift.breaks.get(taken).is_some_and(|rest| begin + work > rest.window.close) {
                continue; // the next break can be taken no more
            }
            *moment = Some(begin + work);
            start = earliest(start, begin);
            end = earliest(end, begin + work);
        }
        let (start, end) = (start?, end?);
        if let NodeKind::Job(job) = instance.kind(id) {
            let leave = now.iter().flatten().min().copied()?;
            // Behind a newcomer the set-up may be longer than it was: that much of the delay comes later.
            let arrival =
                leave + leg.duration() - if newcomer.is_some() { node.setup - way.setup } else { Duration::ZERO };
            let sla = &instance.job(job).sla;
            *sum += late(sla.respond, newcomer.unwrap_or(leave))?;
            *sum += late(sla.arrive, arrival)?;
            *sum += late(sla.resolve, end)?;
            if let Some((_, promised)) = instance.promised(job) {
                *sum += instance.problem.objective.moved_start.0 * start.past(promised).0;
            }
        }
        Some(next)
    }

    /// After a hop. Where a `newcomer` makes two of it, nobody knows on which of them a break is, so
    /// only its length counts.
    fn hop(&self, now: Moments, way: Hop, newcomer: bool) -> Moments {
        let mut next = Moments::default();
        for (taken, moment) in next.iter_mut().enumerate().take(self.shift.breaks.len() + 1) {
            let ways = (0..=taken).filter_map(|before| {
                let breaks = &self.shift.breaks[before..taken];
                if newcomer {
                    let length: Duration = breaks.iter().map(|rest| rest.duration).sum();
                    return now[before].map(|leave| leave + way.total() + length);
                }
                Some(clock::hop_with_breaks(now[before]?, way, breaks, |_| ())?.ready)
            });
            *moment = ways.min();
        }
        next
    }
}

fn earliest(known: Option<Time>, other: Time) -> Option<Time> {
    Some(known.map_or(other, |known| known.min(other)))
}

/// Cents per hour × seconds of an event; `None` past its limit.
pub(super) fn late(deadline: Option<Deadline>, event: Time) -> Option<i64> {
    let Some(Deadline { due, late_price, limit }) = deadline else { return Some(0) };
    limit.is_none_or(|limit| event <= limit).then(|| late_price.0 * event.past(due).0)
}
