//! Most visits, travel, distance, duration and load of a shift; least rest between shifts.

use super::case::{Case, Day, span};
use super::exact::Exact;
use super::violation::Violation;
use crate::lang::{Text, value};
use crate::rule::Rule;
use crate::say;

/// Seconds on the road and metres of a day, all legs.
pub(super) fn on_the_road(day: &Day<'_>) -> (i128, i128) {
    let travel = day.route.stops.iter().map(|stop| stop.travel.exact()).sum::<i128>();
    let distance = day.route.stops.iter().map(|stop| stop.distance.exact()).sum::<i128>();
    (travel + day.route.return_travel.exact(), distance + day.route.return_distance.exact())
}

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        check_day(case, day, found);
    }
    for days in case.by_technician() {
        for pair in days.windows(2).filter(|pair| pair[0].route.shift != pair[1].route.shift) {
            let least = pair[1].technician.rest;
            let rest = pair[1].departure().exact() - pair[0].route.end.exact();
            if rest < least.exact() {
                let expected = say!("{} of rest after {}", least, case.moment(pair[0].route.end));
                found.push(pair[1].breach(Rule::Limits, expected, span(rest)));
            }
        }
    }
}

fn check_day(case: &Case<'_>, day: &Day<'_>, found: &mut Vec<Violation>) {
    let mut breach = |expected: Text, got: Text| found.push(day.breach(Rule::Limits, expected, got));
    let shift = day.shift;
    let visits = day.visits(case.problem).count();
    if let Some(most) = shift.max_jobs.filter(|most| visits > *most as usize) {
        breach(say!("at most {} visits", most), value(visits));
    }
    let (travel, distance) = on_the_road(day);
    if let Some(most) = shift.max_travel.filter(|most| travel > most.exact()) {
        breach(say!("at most {} of travel", most), span(travel));
    }
    if let Some(most) = shift.max_distance.filter(|most| distance > most.exact()) {
        breach(say!("at most {} m", most.0), say!("{} m", distance));
    }
    let duration = day.route.end.exact() - day.departure().exact();
    if let Some(most) = shift.max_duration.filter(|most| duration > most.exact()) {
        breach(say!("at most {} from departure to the end of the day", most), span(duration));
    }
    for (dimension, most) in shift.capacity.iter().enumerate() {
        let loads = day.visits(case.problem).filter_map(|visit| visit.job.load.get(dimension));
        let load: i128 = loads.map(|load| i128::from(*load)).sum();
        if load > i128::from(*most) {
            breach(say!("load {} of at most {}", dimension + 1, most), value(load));
        }
    }
}
