//! From a solution to a plan: every time, every break, every part's source stated.
//!
//! Replays each day once more from its chosen departure, with the breaks on the hops that the walk
//! found for them. Decides nothing.

use crate::clock::{self, Hop};
use crate::instance::{Instance, NodeKind, ShiftInfo};
use crate::route::Route;
use crate::solution::Solution;
use crate::walk::{self, Dusk, From};
use dispatch_data::ids::ToolIx;
use dispatch_data::plan::{Activity, PartSource, PlannedRoute, Stop, Take, TakenBreak};
use dispatch_data::units::{Duration, Time};

/// The routes of a solution, by shift.
pub(crate) fn routes(solution: &Solution<'_>) -> Vec<PlannedRoute> {
    solution.routes.iter().filter_map(|route| day(solution.instance, route)).collect()
}

/// One settled route as it is stated; `None` where the shift is not used.
pub(crate) fn day(instance: &Instance<'_>, route: &Route) -> Option<PlannedRoute> {
    if route.is_empty() {
        return instance.shift(route.shift).settled.as_ref().and_then(|settled| settled.idle.clone());
    }
    let planned = schedule(instance, route);
    debug_assert!(planned.is_some(), "a settled route can be replayed");
    planned
}

/// Breaks taken on each hop (the last one home), and the end of the day.
fn breaks_by_hop(instance: &Instance<'_>, shift: &ShiftInfo, route: &Route) -> Option<(Vec<usize>, Dusk)> {
    let (mut from, mut lanes) = walk::dawn(shift);
    let mut days = Vec::with_capacity(route.stops.len());
    for stop in &route.stops {
        if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
            return None;
        }
        days.push(lanes.clone());
    }
    let dusk = walk::dusk(instance, shift, from, &lanes)?;
    let (dusk, replayed) = walk::settle_dusk(instance, shift, dusk, route.stops.iter().copied())?;
    if !replayed.is_empty() {
        days = replayed;
    }
    let mut hops = vec![0; route.stops.len() + 1];
    hops[route.stops.len()] = usize::from(dusk.breaks_on_hop);
    let mut taken = shift.breaks.len() - usize::from(dusk.breaks_on_hop);
    for (at, day) in days.iter().enumerate().rev() {
        let on_hop = usize::from(day[taken]?.breaks_on_hop);
        hops[at] = on_hop;
        taken -= on_hop;
    }
    Some((hops, dusk))
}

/// One route with all its times.
pub(crate) fn schedule(instance: &Instance<'_>, route: &Route) -> Option<PlannedRoute> {
    let shift = instance.shift(route.shift);
    let (hops, Dusk { bill, end: _, later, breaks_on_hop: _, held }) = breaks_by_hop(instance, shift, route)?;
    let (mut stops, mut breaks) = match &shift.settled {
        Some(settled) => (settled.stops.clone(), settled.breaks.clone()),
        None => (Vec::with_capacity(route.stops.len()), Vec::new()),
    };
    let mut from = shift.dawn();
    // A departure that lies in the past was made before the day went on.
    let mut now = shift.start + later.at_least_zero();
    for (at, node) in route.stops.iter().enumerate() {
        let info = instance.node(node.id);
        let not_before = if held { walk::held(instance, *node).not_before } else { node.not_before };
        let (leg, way) = walk::way_at(instance, shift, from, node.id, now);
        let hopped = hop(shift, now, way, hops[at], &mut breaks)?;
        let start = clock::first_start(instance, shift, node.id, info, hopped.ready.max(not_before))?;
        let end = start + instance.work(shift, node.id, info);
        stops.push(Stop {
            activity: activity(instance, route, at),
            place: info.place,
            departure: now,
            arrival: hopped.arrival,
            start,
            end,
            travel: leg.duration(),
            distance: leg.distance(),
        });
        now = end;
        from = From { place: info.place, visit: instance.is_job(node.id) };
    }
    let leg = walk::way_home_at(instance, shift, from.place, now);
    let way = Hop { travel: leg.duration(), setup: Duration::ZERO };
    let hopped = hop(shift, now, way, hops[route.stops.len()], &mut breaks)?;
    let home = shift.end_place.is_some();
    Some(PlannedRoute {
        shift: route.shift,
        stops,
        breaks,
        return_departure: if home { now } else { hopped.ready },
        end: hopped.ready,
        return_travel: leg.duration(),
        return_distance: leg.distance(),
        bill,
    })
}

fn hop(shift: &ShiftInfo, now: Time, way: Hop, count: usize, breaks: &mut Vec<TakenBreak>) -> Option<clock::Hopped> {
    let first = breaks.len();
    let due = &shift.breaks[first..first + count];
    clock::hop_with_breaks(now, way, due, |start| {
        let rule = breaks.len();
        breaks.push(TakenBreak { rule, start, end: start + shift.breaks[rule].duration });
    })
}

fn activity(instance: &Instance<'_>, route: &Route, at: usize) -> Activity {
    let supply = &route.supply;
    // Frozen stops come before those of the search.
    let first = instance.shift(route.shift).settled.as_ref().map_or(0, |settled| settled.stops.len());
    match instance.kind(route.stops[at].id) {
        NodeKind::Job(job) => {
            let mut parts: Vec<PartSource> = Vec::new();
            for need in &instance.job(job).parts {
                let fetched =
                    supply.fetches.iter().filter(|fetch| fetch.visit as usize == at && fetch.part == need.part);
                let mut from_van = need.quantity;
                for fetch in fetched {
                    from_van -= fetch.quantity;
                    let source = Some(first + fetch.collection as usize);
                    let same = |own: &&mut PartSource| own.part == need.part && own.collected_at_stop == source;
                    match parts.iter_mut().find(same) {
                        Some(own) => own.quantity += fetch.quantity,
                        None => parts.push(PartSource {
                            part: need.part,
                            quantity: fetch.quantity,
                            collected_at_stop: source,
                        }),
                    }
                }
                for kept in supply.kept.iter().filter(|kept| kept.visit as usize == at && kept.part == need.part) {
                    from_van -= kept.quantity;
                    parts.push(PartSource {
                        part: need.part,
                        quantity: kept.quantity,
                        collected_at_stop: Some(kept.frozen as usize),
                    });
                }
                if from_van > 0 {
                    parts.push(PartSource { part: need.part, quantity: from_van, collected_at_stop: None });
                }
            }
            Activity::Visit { job, member: 0, parts }
        }
        NodeKind::Collection(site) => {
            let mut takes: Vec<Take> = Vec::new();
            for fetch in supply.fetches.iter().filter(|fetch| fetch.collection as usize == at) {
                match takes.iter_mut().find(|take| take.part == fetch.part && take.lot == fetch.lot) {
                    Some(take) => take.quantity += fetch.quantity,
                    None => takes.push(Take { part: fetch.part, quantity: fetch.quantity, lot: fetch.lot }),
                }
            }
            let here = supply.tools.iter().filter(|tooled| tooled.collection as usize == at);
            let tools: Vec<ToolIx> = here.map(|tooled| tooled.tool).collect();
            Activity::Collection { site, takes, tools }
        }
    }
}
