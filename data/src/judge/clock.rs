//! Stated times follow from one another and from the travel the plan was made with.
//!
//! Nothing is scheduled here: each stated moment is held against the one before it, each leg
//! against the travel at hand. When breaks may be taken is another rule; how they push the
//! moments after them is this one.

use super::case::{Case, Day, length, span};
use super::exact::Exact;
use super::skills::pace;
use super::violation::Violation;
use super::{case, exact};
use crate::ids::PlaceIx;
use crate::lang::{Text, value};
use crate::plan::Activity;
use crate::rule::Rule;
use crate::say;
use crate::units::{Duration, Meters, Time};

/// The fingerprint of a plan that does not say what travel it was made with.
const NOT_STATED: u64 = 0;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    let (made_with, at_hand) = (case.plan.travel_fingerprint, case.travel.fingerprint());
    if made_with != NOT_STATED && made_with != at_hand {
        let (expected, got) =
            (say!("travel {}", format_args!("{at_hand:016x}")), say!("travel {}", format_args!("{made_with:016x}")));
        found.push(Violation::of_plan(Rule::Clock, expected, got));
    }
    for route in &case.plan.routes {
        if route.shift.index() >= case.problem.shifts.len() {
            found.push(Violation::of_plan(
                Rule::Clock,
                say!("a shift of the problem"),
                say!("shift #{}", route.shift.0),
            ));
        }
    }
    for pair in case.days.windows(2).filter(|pair| pair[0].route.shift == pair[1].route.shift) {
        found.push(pair[1].breach(Rule::Clock, say!("one route"), say!("another route")));
    }
    super::live::check(case, found);
    for day in &case.days {
        if day.route.stops.is_empty() {
            found.push(day.breach(Rule::Clock, say!("a route with stops"), say!("none")));
        }
        for at in 0..day.route.stops.len() {
            check_stop(case, day, at, found);
        }
        check_return(case, day, found);
    }
}

fn check_stop(case: &Case<'_>, day: &Day<'_>, at: usize, found: &mut Vec<Violation>) {
    let stop = &day.route.stops[at];
    let mut breach = |expected: Text, got: Text| {
        let breach = day.breach(Rule::Clock, expected, got).at(at);
        found.push(match case::visit(case.problem, at, stop) {
            Some(visit) => breach.about(visit.job_ix),
            None => breach,
        });
    };
    if let Some(place) = place_of(case, day, at).filter(|place| *place != stop.place) {
        breach(say!("a stop at {}", case.place_id(place)), case.place_id(stop.place));
    }
    if let Some(before) = at.checked_sub(1).map(|before| day.route.stops[before].end)
        && stop.departure < before
    {
        breach(say!("departure at or after {}", case.moment(before)), case.moment(stop.departure));
    }
    if at >= day.past.stops {
        let leg = (day.place_before(at), stop.place, stop.departure);
        check_leg(case, day, leg, (stop.travel, stop.distance), &mut breach);
    }

    let on_the_way = length(day.breaks_within(stop.departure, stop.arrival));
    let arrival = stop.departure.exact() + stop.travel.exact() + on_the_way;
    if stop.arrival.exact() != arrival {
        breach(say!("arrival at {}", case.reckoned(arrival)), case.moment(stop.arrival));
    }
    let at_the_place = length(day.breaks_within(stop.arrival, stop.start));
    let ready = stop.arrival.exact() + setup(case, day, at) + at_the_place;
    if stop.start.exact() < ready {
        breach(say!("start at or after {}", case.reckoned(ready)), case.moment(stop.start));
    }
    if let Some(work) = work(case, day, at)
        && stop.end.exact() != stop.start.exact() + work
    {
        let end = stop.start.exact() + work;
        breach(say!("end at {} after {}", case.reckoned(end), span(work)), case.moment(stop.end));
    }
}

/// The way home, or nothing but the end of the day where the shift ends wherever the last stop is.
fn check_return(case: &Case<'_>, day: &Day<'_>, found: &mut Vec<Violation>) {
    let route = day.route;
    let mut breach = |expected: Text, got: Text| found.push(day.breach(Rule::Clock, expected, got));
    if let Some(last) = route.stops.last().filter(|last| route.return_departure < last.end) {
        breach(say!("last departure at or after {}", case.moment(last.end)), case.moment(route.return_departure));
    }
    let from = day.place_before(route.stops.len());
    let stated = (route.return_travel, route.return_distance);
    match day.shift.end_place {
        Some(_) if day.past.home && route.stops.len() == day.past.stops => {} // kept as it was, or a breach of freeze
        Some(home) => check_leg(case, day, (from, home, route.return_departure), stated, &mut breach),
        None if stated == (Duration::ZERO, Meters::ZERO) => {}
        None => breach(say!("no way back"), say!("{} and {} m", stated.0, stated.1.0)),
    }
    let end = end_of_day(day);
    if route.end.exact() != end {
        breach(say!("end of the day at {}", case.reckoned(end)), case.moment(route.end));
    }
}

/// The last leg with the breaks in it, then those taken at its end.
fn end_of_day(day: &Day<'_>) -> i128 {
    let mut now = day.route.return_departure.exact();
    let mut to_drive = day.route.return_travel.exact();
    for taken in day.breaks_within(day.route.return_departure, Time(i64::MAX)) {
        let until_break = taken.start.exact() - now;
        if until_break >= to_drive {
            now += to_drive; // arrived before the break
            to_drive = 0;
        } else {
            to_drive -= until_break.max(0);
        }
        now = now.max(taken.end.exact());
    }
    now + to_drive
}

fn check_leg(
    case: &Case<'_>,
    day: &Day<'_>,
    (from, to, departure): (PlaceIx, PlaceIx, Time),
    (travel, distance): (Duration, Meters),
    breach: &mut impl FnMut(Text, Text),
) {
    let way = || say!("from {} to {}", case.place_id(from), case.place_id(to));
    match case.leg(day.technician, from, to, departure) {
        Some(leg) if leg.is_reachable() => {
            if travel.exact() != leg.duration().exact() {
                breach(say!("{} of travel {}", leg.duration(), way()), value(travel));
            }
            if distance.exact() != leg.distance().exact() {
                breach(say!("{} m {}", leg.meters, way()), say!("{} m", distance.0));
            }
        }
        Some(_) | None => breach(say!("a way {} at {}", way(), case.moment(departure)), say!("none")),
    }
}

/// Where the job or site of a stop lies.
fn place_of(case: &Case<'_>, day: &Day<'_>, at: usize) -> Option<PlaceIx> {
    match &day.route.stops.get(at)?.activity {
        Activity::Visit { job, member: _, parts: _ } => case.problem.jobs.get(job.index()).map(|job| job.place),
        Activity::Collection { site, takes: _, tools: _ } => case.site(*site).map(|site| site.place),
    }
}

/// Set-up due at a stop: none for a collection, none for a visit right after one at the same place.
pub(super) fn setup(case: &Case<'_>, day: &Day<'_>, at: usize) -> i128 {
    let Some(visit) = case::visit(case.problem, at, &day.route.stops[at]) else { return 0 };
    let before = at.checked_sub(1).and_then(|before| case::visit(case.problem, before, &day.route.stops[before]));
    let paid = before.is_some_and(|before| before.job.place == visit.job.place);
    if paid { 0 } else { visit.job.setup.exact() }
}

/// How long the work or collection at a stop takes; `None` where job or site is unknown.
fn work(case: &Case<'_>, day: &Day<'_>, at: usize) -> Option<i128> {
    let stop = &day.route.stops[at];
    match &stop.activity {
        Activity::Visit { job: _, member: _, parts: _ } => {
            let visit = case::visit(case.problem, at, stop)?;
            Some(exact::paced(visit.work(), pace(day.technician, &visit)))
        }
        Activity::Collection { site, takes: _, tools: _ } => Some(case.site(*site)?.collection.exact()),
    }
}
