//! The walk: a day replayed stop by stop, with every rule watching. Exact for everything, and the
//! oracle of the faster ways.
//!
//! A shift with breaks has one lane per number of breaks taken; a lane keeps the earliest end of
//! the last stop, and among equal ones the least lateness. Makes no choice but that; times come from
//! the clock.

use crate::clock::{self, Hop};
use crate::instance::{Instance, NodeId, NodeKind, ShiftInfo};
use crate::rules::{DayEnd, Ledger, Paid, Visit};
use crate::rush;
use dispatch_data::bill::Bill;
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Cost, Duration, Time};
use smallvec::{SmallVec, smallvec};

/// A stop of a route in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteNode {
    pub(crate) id: NodeId,
    /// A collection waits for the lots it takes from.
    pub(crate) not_before: Time,
}

impl RouteNode {
    pub(crate) fn new(id: NodeId) -> Self {
        Self { id, not_before: Time::ALWAYS }
    }
}

/// A day so far, with a certain number of breaks taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    /// End of the last stop; the start of the shift before the first.
    pub(crate) time: Time,
    pub(crate) ledger: Ledger,
    /// Breaks taken on the last hop.
    pub(crate) breaks_on_hop: u8,
}

/// Lanes by number of breaks taken; `None` where that cannot be.
pub(crate) type Lanes = SmallVec<[Option<Lane>; 2]>;

/// Where the technician stands before a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct From {
    pub(crate) place: PlaceIx,
    /// The previous stop was a visit, so its place needs no second set-up.
    pub(crate) visit: bool,
}

/// Before the first stop of a shift.
pub(crate) fn dawn(shift: &ShiftInfo) -> (From, Lanes) {
    // With rush hours nothing can be said of a later departure while walking: `rush` chooses it.
    if shift.rush && !shift.has_departed() { late_dawn(shift, Duration::ZERO) } else { at_dawn(shift) }
}

/// Before the first stop of a shift whose technician leaves `later` than it starts or goes on.
pub(crate) fn late_dawn(shift: &ShiftInfo, later: Duration) -> (From, Lanes) {
    let (from, mut lanes) = at_dawn(shift);
    for lane in lanes.iter_mut().flatten() {
        lane.time += later;
        lane.ledger.paid = Paid::departing(later);
    }
    (from, lanes)
}

fn at_dawn(shift: &ShiftInfo) -> (From, Lanes) {
    if let Some(settled) = &shift.settled {
        return (settled.from, settled.lanes(shift.breaks.len()));
    }
    let mut lanes: Lanes = smallvec![None; shift.breaks.len() + 1];
    lanes[0] = Some(Lane { time: shift.start, ledger: Ledger::default(), breaks_on_hop: 0 });
    (From { place: shift.start_place, visit: false }, lanes)
}

/// The way from where the technician stands to a node; with rush hours, the quickest of the day.
#[inline]
pub(crate) fn way(instance: &Instance<'_>, shift: &ShiftInfo, from: From, id: NodeId) -> (Leg, Hop) {
    hop_along(instance, from, id, instance.leg(shift, from.place, instance.node(id).place))
}

/// The way to a node of who leaves at a moment.
#[inline]
pub(crate) fn way_at(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    from: From,
    id: NodeId,
    departure: Time,
) -> (Leg, Hop) {
    hop_along(instance, from, id, instance.leg_at(shift, from.place, instance.node(id).place, departure))
}

#[inline]
fn hop_along(instance: &Instance<'_>, from: From, id: NodeId, leg: Leg) -> (Leg, Hop) {
    let node = instance.node(id);
    let setup = if from.visit && from.place == node.place { Duration::ZERO } else { node.setup };
    (leg, Hop { travel: leg.duration(), setup })
}

/// The way home; nothing where the shift ends at its last stop. With rush hours, the quickest of the day.
#[inline]
pub(crate) fn way_home(instance: &Instance<'_>, shift: &ShiftInfo, from: PlaceIx) -> Leg {
    shift.end_place.map_or(Leg::default(), |end| instance.leg(shift, from, end))
}

/// The way home of who leaves at a moment.
#[inline]
pub(crate) fn way_home_at(instance: &Instance<'_>, shift: &ShiftInfo, from: PlaceIx, departure: Time) -> Leg {
    shift.end_place.map_or(Leg::default(), |end| instance.leg_at(shift, from, end, departure))
}

/// One more stop. False when no lane survives.
pub(crate) fn step(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    from: &mut From,
    lanes: &mut Lanes,
    stop: RouteNode,
) -> bool {
    let node = instance.node(stop.id);
    let (leg, way) = way(instance, shift, *from, stop.id);
    if !leg.is_reachable() {
        return false;
    }
    let work = instance.work(shift, stop.id, node);
    let mut alive = false;
    for taken in (0..lanes.len()).rev() {
        let mut best: Option<Lane> = None;
        for on_hop in 0..=taken {
            let Some(lane) = lanes[taken - on_hop] else { continue };
            let (leg, way) = if shift.rush { way_at(instance, shift, *from, stop.id, lane.time) } else { (leg, way) };
            let breaks = &shift.breaks[taken - on_hop..taken];
            let Some(hopped) = clock::hop_with_breaks(lane.time, way, breaks, |_| ()) else { continue };
            let ready = hopped.ready.max(stop.not_before);
            let Some(start) = clock::first_start(instance, shift, stop.id, node, ready) else { continue };
            let end = start + work;
            if best.is_some_and(|best| best.time < end) {
                continue;
            }
            let mut ledger = lane.ledger;
            let visit = Visit { instance, shift, id: stop.id, node, leg, departure: lane.time, hopped, start, end };
            if !ledger.visit(&visit) {
                continue;
            }
            if best.is_none_or(|best| (end, ledger.lateness()) < (best.time, best.ledger.lateness())) {
                best = Some(Lane { time: end, ledger, breaks_on_hop: on_hop as u8 });
            }
        }
        lanes[taken] = best;
        alive |= best.is_some();
    }
    *from = From { place: node.place, visit: instance.is_job(stop.id) };
    alive
}

/// The end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dusk {
    pub(crate) bill: Bill,
    pub(crate) end: Time,
    /// How much later than the start of the shift the technician leaves.
    pub(crate) later: Duration,
    /// Breaks taken on the way home.
    pub(crate) breaks_on_hop: u8,
    /// Visits wait for the starts that the current plan promised.
    pub(crate) held: bool,
}

/// The way home with the breaks still due; `None` when the day cannot be closed.
pub(crate) fn dusk(instance: &Instance<'_>, shift: &ShiftInfo, from: From, lanes: &Lanes) -> Option<Dusk> {
    let leg = way_home(instance, shift, from.place);
    if !leg.is_reachable() {
        return None;
    }
    let all = shift.breaks.len();
    let mut best: Option<Dusk> = None;
    for on_hop in 0..=all {
        let Some(lane) = lanes[all - on_hop] else { continue };
        let leg = if shift.rush { way_home_at(instance, shift, from.place, lane.time) } else { leg };
        let way = Hop { travel: leg.duration(), setup: Duration::ZERO };
        let breaks = &shift.breaks[all - on_hop..];
        let Some(hopped) = clock::hop_with_breaks(lane.time, way, breaks, |_| ()) else { continue };
        let end = hopped.ready;
        if end > shift.latest_end || best.is_some_and(|best| best.end < end) {
            continue;
        }
        let Some((bill, later)) = lane.ledger.close(&DayEnd { instance, shift, leg, hopped, end }) else { continue };
        if best.is_none_or(|best| (end, bill.total()) < (best.end, best.bill.total())) {
            best = Some(Dusk { bill, end, later, breaks_on_hop: on_hop as u8, held: false });
        }
    }
    best
}

/// A stop that waits for the start the current plan promised.
pub(crate) fn held(instance: &Instance<'_>, stop: RouteNode) -> RouteNode {
    let promised = match instance.kind(stop.id) {
        NodeKind::Job(job) => instance.promised(job).map(|(_, start)| start),
        NodeKind::Collection(_) => None,
    };
    RouteNode { not_before: promised.map_or(stop.not_before, |start| start.max(stop.not_before)), ..stop }
}

/// The end of a day as it is billed. Where starts have a price of their own (promises of the current
/// plan), the earliest day is not always the cheapest: a later departure brings some starts nearer to
/// what was promised, which only a second walk from that departure can tell, and so does waiting for
/// the promised starts, which is tried too. Gives the lanes of the walk that won, if not the first one.
pub(crate) fn settle_dusk(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    dusk: Dusk,
    stops: impl Iterator<Item = RouteNode> + Clone,
) -> Option<(Dusk, Vec<Lanes>)> {
    if shift.rush {
        return rush::settle(instance, shift, dusk, &stops.collect::<SmallVec<[RouteNode; 16]>>());
    }
    if !instance.starts_are_priced {
        return Some((dusk, Vec::new()));
    }
    let earliest = if dusk.later > Duration::ZERO {
        replay(instance, shift, late_dawn(shift, dusk.later), stops.clone())
    } else {
        Some((dusk, Vec::new()))
    };
    if earliest.as_ref().is_some_and(|(dusk, _)| dusk.bill.moved == Cost::ZERO) {
        return earliest;
    }
    let stops = stops.map(|stop| held(instance, stop));
    let waiting = replay(instance, shift, dawn(shift), stops.clone()).and_then(|(dusk, days)| {
        if dusk.later > Duration::ZERO {
            replay(instance, shift, late_dawn(shift, dusk.later), stops)
        } else {
            Some((dusk, days))
        }
    });
    match (earliest, waiting) {
        (Some(earliest), Some(waiting)) if waiting.0.bill.total() >= earliest.0.bill.total() => Some(earliest),
        (earliest, None) => earliest,
        (_, Some((dusk, days))) => Some((Dusk { held: true, ..dusk }, days)),
    }
}

/// A day walked again from a departure, with all its lanes.
fn replay(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    (mut from, mut lanes): (From, Lanes),
    stops: impl Iterator<Item = RouteNode>,
) -> Option<(Dusk, Vec<Lanes>)> {
    let mut days = Vec::new();
    for stop in stops {
        if !step(instance, shift, &mut from, &mut lanes, stop) {
            return None;
        }
        days.push(lanes.clone());
    }
    dusk(instance, shift, from, &lanes).map(|dusk| (dusk, days))
}

/// A whole day; `None` when it breaks a rule. An empty day costs nothing but what is settled of it.
pub(crate) fn day(instance: &Instance<'_>, shift: &ShiftInfo, stops: &[RouteNode]) -> Option<Bill> {
    if stops.is_empty() {
        return Some(shift.idle_bill());
    }
    let (mut from, mut lanes) = dawn(shift);
    for stop in stops {
        if !step(instance, shift, &mut from, &mut lanes, *stop) {
            return None;
        }
    }
    let dusk = dusk(instance, shift, from, &lanes)?;
    settle_dusk(instance, shift, dusk, stops.iter().copied()).map(|(dusk, _)| dusk.bill)
}
