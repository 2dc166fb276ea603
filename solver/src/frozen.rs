//! What of each shift is settled already: the stops that the current plan starts before the freeze
//! time, the breaks taken by then, and where and when the technician can go on.
//!
//! The search never sees a frozen stop: a shift simply begins after its frozen part, with the sums of
//! that part on its ledger. So nothing of it can be moved, and the hot loop pays nothing for it. What
//! is frozen is judged elsewhere; here the current plan is believed.

use crate::clock::{self, Hopped};
use crate::instance::{Grade, Instance, ShiftInfo, keeps_out_but};
use crate::rules::{DayEnd, Ledger, Paid, Visit};
use crate::walk::{self, From, Lane, Lanes};
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, ToolIx};
use dispatch_data::plan::{Activity, PlannedRoute, Stop, TakenBreak};
use dispatch_data::problem::Problem;
use dispatch_data::rule::Rule;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Cost, Duration, Meters, Time};
use smallvec::smallvec;
use std::sync::Arc;

/// The settled part of a shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    /// Stops as the current plan states them; may be none.
    pub(crate) stops: Vec<Stop>,
    /// Breaks taken before the day goes on.
    pub(crate) breaks: Vec<TakenBreak>,
    /// Where the technician goes on from.
    pub(crate) from: From,
    /// The day so far.
    pub(crate) lane: Lane,
    /// Visits so far, their load by capacity dimension, and the road.
    pub(crate) visits: u32,
    pub(crate) load: Vec<i64>,
    pub(crate) travel: Duration,
    pub(crate) distance: Meters,
    /// What frozen collections brought for later visits: stop, part, units.
    pub(crate) surplus: Vec<(u32, PartIx, u32)>,
    /// Tools that frozen collections brought.
    pub(crate) tools: Vec<ToolIx>,
    /// The day with nothing more in it; `None` where there is no frozen stop, so no day at all.
    pub(crate) idle: Option<PlannedRoute>,
    /// Nothing can be added: on the way home, or a break can no longer be taken.
    pub(crate) closed: bool,
}

impl Settled {
    /// What the day costs with nothing more in it.
    pub(crate) fn idle_bill(&self) -> Bill {
        self.idle.as_ref().map_or_else(Bill::default, |idle| idle.bill)
    }
    /// When the day began, where it has.
    pub(crate) fn departure(&self) -> Option<Time> {
        departure(&self.stops, &self.breaks)
    }
    /// The lanes at the point where the day goes on.
    pub(crate) fn lanes(&self, breaks: usize) -> Lanes {
        let mut lanes: Lanes = smallvec![None; breaks + 1];
        if let Some(lane) = lanes.get_mut(self.breaks.len()) {
            *lane = Some(self.lane);
        }
        lanes
    }
}

/// Whether the search leaves this stop of the current plan as it is.
pub(crate) fn count(problem: &Problem, route: &PlannedRoute) -> usize {
    problem.freeze.map_or(0, |freeze| route.stops.iter().take_while(|stop| stop.departure < freeze).count())
}

/// Shifts whose settled part is their own: equal shifts are then not equal any more.
pub(crate) fn touched(problem: &Problem) -> Vec<bool> {
    let mut touched = vec![false; problem.shifts.len()];
    if problem.freeze.is_some() {
        for route in problem.current.iter().flat_map(|plan| &plan.routes) {
            touched[route.shift.index()] = true;
        }
    }
    touched
}

/// Settles all shifts of an instance by its freeze time and live positions: frozen jobs are nobody's
/// to plan, shifts go on from where they are, lots and vans hold what is left. `whole`: every pair is
/// settled, not only those of a plan.
pub(crate) fn settle(instance: &mut Instance<'_>, whole: bool) {
    let problem = instance.problem;
    let positioned = problem.technicians.iter().any(|technician| technician.position.is_some());
    if problem.freeze.is_none() && !positioned {
        return;
    }
    let mut was: Vec<Option<&PlannedRoute>> = vec![None; problem.shifts.len()];
    if problem.freeze.is_some() {
        for route in problem.current.iter().flat_map(|plan| &plan.routes) {
            was[route.shift.index()].get_or_insert(route);
        }
    }
    for (shift, was) in was.iter().enumerate() {
        let Some(settled) = of_shift(instance, ShiftIx::from(shift), *was) else { continue };
        let info = &mut Arc::make_mut(&mut instance.shifts)[shift];
        info.start = settled.lane.time;
        info.start_place = settled.from.place;
        info.grade = Grade::Walk;
        if settled.closed {
            info.max_jobs = 0;
        }
        info.settled = Some(Box::new(settled));
    }
    for (shift, was) in was.iter().enumerate() {
        let Some(was) = was else { continue };
        let idle = idle(instance, ShiftIx::from(shift), was);
        if let Some(settled) = &mut Arc::make_mut(&mut instance.shifts)[shift].settled {
            settled.idle = idle;
        }
    }
    take_supply(instance);
    for shift in 0..instance.shifts.len() {
        bar(instance, ShiftIx::from(shift), whole);
    }
}

/// Makes eligible on a shift only what can still be added to it.
fn bar(instance: &mut Instance<'_>, shift: ShiftIx, whole: bool) {
    let problem = instance.problem;
    let row = shift.index();
    let Some(settled) = &instance.shifts[row].settled else { return };
    let frozen: Vec<JobIx> = settled.stops.iter().filter_map(job_of).collect();
    let (closed, place) = (settled.closed, settled.from.place);
    let mut eligible = std::mem::take(&mut instance.eligible);
    let bits = Arc::make_mut(&mut eligible);
    let mut barred = std::mem::take(&mut instance.barred);
    let pairs = Arc::make_mut(&mut barred);
    if whole && place != problem.shift(shift).start_place {
        // The way there and back is asked from where the day goes on.
        for job in (0..instance.jobs).map(JobIx::from) {
            let info = &instance.shifts[row];
            let there = instance.leg(info, place, problem.job(job).place);
            let back = walk::way_home(instance, info, problem.job(job).place);
            let reachable = there.is_reachable() && back.is_reachable() && !instance.is_frozen[job.index()];
            if reachable && keeps_out_but(problem, instance.travel, shift, job, &[Rule::Clock]).is_none() {
                bits.set(row, job.index());
            } else {
                bits.clear(row, job.index());
            }
        }
    }
    for job in frozen {
        Arc::make_mut(&mut instance.is_frozen)[job.index()] = true;
        for row in 0..instance.shifts.len() {
            bits.clear(row, job.index());
        }
        // Whoever must come before a frozen visit comes too late on its shift.
        if let Some(leader) = problem.job(job).pin.as_ref().and_then(|pin| pin.after) {
            bits.clear(row, leader.index());
            pairs.insert((shift, leader));
        }
    }
    if closed {
        for job in 0..instance.jobs {
            bits.clear(row, job);
            pairs.insert((shift, JobIx::from(job)));
        }
    }
    instance.eligible = eligible;
    instance.barred = barred;
}

fn job_of(stop: &Stop) -> Option<JobIx> {
    match &stop.activity {
        Activity::Visit { job, member: _, parts: _ } => Some(*job),
        Activity::Collection { site: _, takes: _, tools: _ } => None,
    }
}

/// The settled part of one shift, its idle day left open; `None` where the shift is as it always was.
fn of_shift(instance: &Instance<'_>, ix: ShiftIx, was: Option<&PlannedRoute>) -> Option<Settled> {
    let problem = instance.problem;
    let (info, shift) = (instance.shift(ix), problem.shift(ix));
    let technician = problem.technician(shift.technician);
    let live = technician.position.filter(|_| technician.live_shift(&problem.shifts) == Some(ix));
    let stops: Vec<Stop> = was.map_or_else(Vec::new, |was| was.stops[..count(problem, was)].to_vec());
    let last = stops.last().map(|stop| stop.end);
    let mut free = last.unwrap_or(shift.start);
    let mut earliest = free.max(problem.freeze.unwrap_or(Time::ALWAYS));
    let mut from = match stops.last() {
        Some(stop) => From { place: stop.place, visit: job_of(stop).is_some() },
        None => From { place: shift.start_place, visit: false },
    };
    let mut closed = was.is_some_and(|was| {
        let leaves = was.return_departure < problem.freeze.unwrap_or(Time::ALWAYS);
        !stops.is_empty() && stops.len() == was.stops.len() && shift.end_place.is_some() && leaves
    });
    if let Some(live) = live.filter(|live| !closed && last.is_none_or(|last| live.at >= last)) {
        earliest = earliest.max(live.at);
        from = From { place: live.place, visit: from.visit && from.place == live.place };
    }
    let settled_until = problem.freeze.unwrap_or(Time::ALWAYS).max(last.unwrap_or(Time::ALWAYS));
    let mut breaks: Vec<TakenBreak> = was.map_or_else(Vec::new, |was| {
        let all = was.breaks.iter().copied();
        if closed { all.collect() } else { all.take_while(|taken| taken.start < settled_until).collect() }
    });
    breaks.truncate(shift.breaks.len());
    if let Some(taken) = breaks.last() {
        free = free.max(taken.end);
        earliest = earliest.max(taken.end);
    }
    // Breaks whose time is over by now were taken while the technician stood by, if that was possible.
    for (rule, rest) in shift.breaks.iter().enumerate().skip(breaks.len()) {
        if closed || rest.window.close >= earliest {
            break;
        }
        let start = free.max(rest.window.open);
        if start > rest.window.close {
            closed = true;
            break;
        }
        free = start + rest.duration;
        earliest = earliest.max(free);
        breaks.push(TakenBreak { rule, start, end: free });
    }
    if stops.is_empty() && breaks.is_empty() && live.is_none() && earliest == shift.start {
        return None;
    }
    let departure = departure(&stops, &breaks);
    let mut lane = Lane { time: earliest, ledger: Ledger::default(), breaks_on_hop: 0 };
    if let Some(departure) = departure {
        lane.ledger.paid = Paid::departing(departure - earliest);
    }
    let (mut visits, mut load) = (0, vec![0; info.capacity.len()]);
    for stop in &stops {
        write_down(instance, info, stop, &mut lane.ledger);
        if let Some(job) = job_of(stop) {
            visits += 1;
            for (sum, more) in load.iter_mut().zip(&problem.job(job).load) {
                *sum += more;
            }
        }
    }
    Some(Settled {
        travel: stops.iter().map(|stop| stop.travel).sum(),
        distance: stops.iter().map(|stop| stop.distance).sum(),
        stops,
        breaks,
        from,
        lane,
        visits,
        load,
        surplus: Vec::new(),
        tools: Vec::new(),
        idle: None,
        closed,
    })
}

fn departure(stops: &[Stop], breaks: &[TakenBreak]) -> Option<Time> {
    stops.first().map(|stop| stop.departure).into_iter().chain(breaks.first().map(|own| own.start)).min()
}

/// Puts a frozen stop on the ledger at its stated times.
fn write_down(instance: &Instance<'_>, shift: &ShiftInfo, stop: &Stop, ledger: &mut Ledger) {
    let id = match &stop.activity {
        Activity::Visit { job, member: _, parts: _ } => Instance::job_node(*job),
        Activity::Collection { site, takes: _, tools: _ } => instance.site_node(*site),
    };
    let hopped = Hopped { arrival: stop.arrival, ..clock::hop(stop.start, clock::Hop::default()) };
    // A broken limit lies in the past: the judge reports it, the search cannot help it.
    let _ = ledger.visit(&Visit {
        instance,
        shift,
        id,
        node: instance.node(id),
        leg: stated(stop.travel, stop.distance),
        departure: stop.departure,
        hopped,
        start: stop.start,
        end: stop.end,
    });
}

fn stated(travel: Duration, distance: Meters) -> Leg {
    let narrow = |value: i64| u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX - 1 });
    Leg { seconds: narrow(travel.0), meters: narrow(distance.0) }
}

/// The day of a shift with its frozen stops and nothing more. It is stated even where it breaks a rule
/// that nobody can mend any more.
fn idle(instance: &Instance<'_>, ix: ShiftIx, was: &PlannedRoute) -> Option<PlannedRoute> {
    let shift = instance.shift(ix);
    let settled = shift.settled.as_deref()?;
    let last = settled.stops.last()?;
    let leaves = was.return_departure < instance.problem.freeze.unwrap_or(Time::ALWAYS);
    let gone_home = settled.closed && settled.stops.len() == was.stops.len() && shift.end_place.is_some() && leaves;
    let mut day = PlannedRoute {
        shift: ix,
        stops: settled.stops.clone(),
        breaks: settled.breaks.clone(),
        return_departure: was.return_departure,
        end: was.end,
        return_travel: was.return_travel,
        return_distance: was.return_distance,
        bill: Bill::default(),
    };
    if !gone_home {
        let due = &shift.breaks[settled.breaks.len()..];
        // Who has nowhere to go and nothing left to do was done when the last stop was.
        let done = settled.breaks.last().map_or(last.end, |taken| taken.end.max(last.end));
        let leave = if shift.end_place.is_none() && due.is_empty() { done } else { settled.lane.time };
        let leg = walk::way_home_at(instance, shift, settled.from.place, leave);
        let way = clock::Hop { travel: leg.duration(), setup: Duration::ZERO };
        let mut taken = settled.breaks.clone();
        let hopped = clock::hop_with_breaks(leave, way, due, |start| {
            let rule = taken.len();
            taken.push(TakenBreak { rule, start, end: start + shift.breaks[rule].duration });
        });
        let hopped = match hopped {
            Some(hopped) => {
                day.breaks = taken;
                hopped
            }
            None => clock::hop(leave, way),
        };
        day.return_departure = if shift.end_place.is_some() { leave } else { hopped.ready };
        day.end = hopped.ready;
        day.return_travel = leg.duration();
        day.return_distance = leg.distance();
    }
    day.bill = bill(instance, shift, settled, &day);
    Some(day)
}

/// The bill of an idle day. Not the ledger's own, because a day that can no longer take its breaks
/// pays for those it took.
fn bill(instance: &Instance<'_>, shift: &ShiftInfo, settled: &Settled, day: &PlannedRoute) -> Bill {
    let leg = stated(day.return_travel, day.return_distance);
    let end = day.end;
    let hopped = clock::hop(end, clock::Hop::default());
    let mut boundless = shift.clone();
    boundless.max_travel = Duration(i64::MAX / 4);
    boundless.max_distance = Meters(i64::MAX / 4);
    boundless.max_duration = Duration(i64::MAX / 4);
    boundless.breaks = day.breaks.iter().map(|taken| shift.breaks[taken.rule.min(shift.breaks.len() - 1)]).collect();
    let close = DayEnd { instance, shift: &boundless, leg, hopped, end };
    let mut bill = settled.lane.ledger.close(&close).map_or_else(Bill::default, |(bill, _)| bill);
    if settled.visits == 0 {
        bill.shift = Cost::ZERO;
    }
    bill
}

/// Takes what frozen visits and collections used out of vans and lots.
fn take_supply(instance: &mut Instance<'_>) {
    let problem = instance.problem;
    let lowered = &mut instance.lowered;
    let shifts = Arc::make_mut(&mut lowered.shifts);
    for shift in 0..shifts.len() {
        let Some(settled) = &mut shifts[shift].settled else { continue };
        let mut from_van: Vec<(PartIx, u32)> = Vec::new();
        for (at, stop) in settled.stops.iter().enumerate() {
            match &stop.activity {
                Activity::Collection { site: _, takes, tools } => {
                    settled.tools.extend(tools);
                    for take in takes {
                        settled.surplus.push((at as u32, take.part, take.quantity));
                        if let Some(lot) = take.lot {
                            let left = &mut Arc::make_mut(&mut lowered.lots_at_start)[lot.index()];
                            *left = left.saturating_sub(take.quantity);
                        }
                    }
                }
                Activity::Visit { job: _, member: _, parts } => {
                    for source in parts {
                        let Some(stop) = source.collected_at_stop else {
                            from_van.push((source.part, source.quantity));
                            continue;
                        };
                        let mut missing = source.quantity;
                        for (own, part, units) in &mut settled.surplus {
                            if *own as usize == stop && *part == source.part {
                                let used = missing.min(*units);
                                *units -= used;
                                missing -= used;
                            }
                        }
                    }
                }
            }
        }
        settled.surplus.retain(|(_, _, units)| *units > 0);
        for other in problem.technician(problem.shifts[shift].technician).shift_indices() {
            for (part, units) in &from_van {
                let stock = &mut shifts[other.index()].stock;
                if let Some((_, left)) = stock.iter_mut().find(|(own, _)| own == part) {
                    *left = left.saturating_sub(*units);
                }
            }
        }
    }
}
