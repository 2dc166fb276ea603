//! What the current plan starts before the freeze time stays as it is, the leg under way included;
//! and nothing new is put into that past.

use super::case::{Case, Day};
use super::violation::Violation;
use crate::ids::ShiftIx;
use crate::lang::Text;
use crate::plan::{PlannedRoute, Stop};
use crate::rule::Rule;
use crate::say;
use crate::units::Time;
use std::collections::HashMap;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    let (Some(freeze), Some(current)) = (case.problem.freeze, &case.problem.current) else { return };
    let planned: HashMap<ShiftIx, &Day<'_>> = case.days.iter().map(|day| (day.route.shift, day)).collect();
    let mut frozen: HashMap<ShiftIx, usize> = HashMap::new();
    for was in &current.routes {
        let stops = was.stops.iter().take_while(|stop| stop.departure < freeze).count();
        frozen.insert(was.shift, stops);
        match planned.get(&was.shift) {
            Some(day) => check_route(case, day, was, stops, freeze, found),
            None if stops > 0 => {
                let expected = say!("the first {} stops of the current plan", stops);
                found.push(Violation::of_plan(Rule::Freeze, expected, say!("no route")).on(was.shift));
            }
            None => {}
        }
    }
    for day in &case.days {
        let kept = frozen.get(&day.route.shift).copied().unwrap_or(0);
        if let Some(new) = day.route.stops.get(kept).filter(|new| new.departure < freeze) {
            let expected = say!("new departures at or after {}", case.moment(freeze));
            found.push(day.breach(Rule::Freeze, expected, case.moment(new.departure)).at(kept));
        }
    }
}

fn check_route(
    case: &Case<'_>,
    day: &Day<'_>,
    was: &PlannedRoute,
    frozen: usize,
    freeze: Time,
    found: &mut Vec<Violation>,
) {
    for (at, kept) in was.stops.iter().take(frozen).enumerate() {
        let now = day.route.stops.get(at);
        if !now.is_some_and(|now| is_kept(now, kept)) {
            let expected = say!("{}, as in the current plan", words(case, kept));
            let got = now.map_or_else(|| say!("no stop"), |now| words(case, now));
            found.push(day.breach(Rule::Freeze, expected, got).at(at));
        }
    }
    let breaks = was.breaks.iter().take_while(|taken| taken.start < freeze).count();
    if day.route.breaks.get(..breaks) != was.breaks.get(..breaks) {
        let expected = say!("the first {} breaks as in the current plan", breaks);
        found.push(day.breach(Rule::Freeze, expected, say!("others")));
    }
    let on_the_way_home = frozen == was.stops.len() && day.shift.end_place.is_some() && was.return_departure < freeze;
    if on_the_way_home && frozen > 0 {
        if day.route.stops.len() > frozen {
            let got = say!("{} stops", day.route.stops.len());
            found.push(day.breach(Rule::Freeze, say!("home after {} stops", frozen), got));
        } else if day.route.return_departure != was.return_departure {
            let expected = say!("departure home at {}", case.moment(was.return_departure));
            found.push(day.breach(Rule::Freeze, expected, case.moment(day.route.return_departure)));
        } else if (day.route.return_travel, day.route.return_distance) != (was.return_travel, was.return_distance) {
            let expected = say!("{} and {} m home, as in the current plan", was.return_travel, was.return_distance.0);
            let got = say!("{} and {} m", day.route.return_travel, day.route.return_distance.0);
            found.push(day.breach(Rule::Freeze, expected, got));
        }
    }
}

/// The same thing at the same place at the same times, by the same way.
fn is_kept(now: &Stop, kept: &Stop) -> bool {
    let times = |stop: &Stop| (stop.place, stop.departure, stop.arrival, stop.start, stop.end);
    let way = |stop: &Stop| (stop.travel, stop.distance);
    now.activity == kept.activity && times(now) == times(kept) && way(now) == way(kept)
}

fn words(case: &Case<'_>, stop: &Stop) -> Text {
    let what = match &stop.activity {
        crate::plan::Activity::Visit { job, member: _, parts: _ } => say!("job {}", case.job_id(*job)),
        crate::plan::Activity::Collection { site, takes: _, tools: _ } => {
            let known = case.problem.sites.get(site.index());
            say!("collection at {}", known.map_or("?", |site| site.id.as_str()))
        }
    };
    let (departure, start, end) = (case.moment(stop.departure), case.moment(stop.start), case.moment(stop.end));
    say!("{} (departure {}, start {}, end {})", what, departure, start, end)
}
