//! Each break of a used shift is taken once, in order, in its window, whole, within the day, and
//! never during set-up or work.
//!
//! A day is a row of stretches: waiting before a departure, a leg, waiting and set-up at a place,
//! work. A break belongs to the stretch in which it starts and must be over when that ends.

use super::case::{Case, Day, span};
use super::clock::setup;
use super::exact::Exact;
use super::violation::Violation;
use super::window::words;
use crate::lang::{Text, Word};
use crate::rule::Rule;
use crate::units::Time;
use crate::{say, word};

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        taken_as_ruled(case, day, found);
        within_one_stretch(case, day, found);
    }
}

fn taken_as_ruled(case: &Case<'_>, day: &Day<'_>, found: &mut Vec<Violation>) {
    let (rules, taken) = (&day.shift.breaks, &day.route.breaks);
    if rules.len() != taken.len() {
        found.push(breach(day, say!("{} breaks", rules.len()), say!("{} breaks", taken.len())));
    }
    let mut free_from = day.shift.start;
    for (at, taken) in taken.iter().enumerate() {
        if taken.rule != at {
            found.push(breach(
                day,
                say!("break {} of the shift", at + 1),
                say!("break {}", taken.rule.saturating_add(1)),
            ));
        }
        if let Some(rule) = rules.get(taken.rule) {
            if !rule.window.holds(taken.start) {
                let expected = say!("start of the break within {}", words(case, &[rule.window]));
                found.push(breach(day, expected, case.moment(taken.start)));
            }
            let length = taken.end.exact() - taken.start.exact();
            if length != rule.duration.exact() {
                found.push(breach(day, say!("a break of {}", rule.duration), span(length)));
            }
        }
        if taken.start < free_from {
            let expected = say!("start of the break at or after {}", case.moment(free_from));
            found.push(breach(day, expected, case.moment(taken.start)));
        }
        free_from = taken.end.max(free_from);
    }
    if let Some(last) = taken.last()
        && last.end > day.route.end
    {
        let expected = say!("breaks over by the end of the day at {}", case.moment(day.route.end));
        found.push(breach(day, expected, case.moment(last.end)));
    }
}

fn within_one_stretch(case: &Case<'_>, day: &Day<'_>, found: &mut Vec<Violation>) {
    let mut before = day.shift.start;
    for (at, stop) in day.route.stops.iter().enumerate() {
        over_by(case, day, (before, stop.departure), word!("departure"), found);
        over_by(case, day, (stop.departure, stop.arrival), word!("arrival"), found);
        over_by(case, day, (stop.arrival, stop.start), word!("start of work"), found);
        room_for_setup(case, day, at, found);
        for taken in day.breaks_within(stop.start, stop.end) {
            let expected = say!("no break during work until {}", case.moment(stop.end));
            found.push(breach(day, expected, say!("one at {}", case.moment(taken.start))).at(at));
        }
        before = stop.end;
    }
    over_by(case, day, (before, day.route.return_departure), word!("departure"), found);
}

/// Breaks that start in a stretch are over when it ends.
fn over_by(case: &Case<'_>, day: &Day<'_>, (from, to): (Time, Time), event: Word, found: &mut Vec<Violation>) {
    for taken in day.breaks_within(from, to).iter().filter(|taken| taken.end > to) {
        let expected = say!("the break over by the {} at {}", event, case.moment(to));
        found.push(breach(day, expected, case.moment(taken.end)));
    }
}

/// Between arrival and start there is one stretch without break that holds the whole set-up.
/// Where there is not even room for both one after the other, the clock says so, not this rule.
fn room_for_setup(case: &Case<'_>, day: &Day<'_>, at: usize, found: &mut Vec<Violation>) {
    let stop = &day.route.stops[at];
    let breaks = day.breaks_within(stop.arrival, stop.start);
    let due = setup(case, day, at);
    if due == 0 || breaks.is_empty() {
        return;
    }
    let (mut longest, mut sum, mut free_from) = (0, 0, stop.arrival.exact());
    for until in breaks.iter().map(|taken| (taken.start, taken.end)).chain([(stop.start, stop.start)]) {
        let free = (until.0.exact() - free_from).max(0);
        longest = free.max(longest);
        sum += free;
        free_from = until.1.exact().max(free_from);
    }
    if longest < due && due <= sum {
        let expected = say!("{} of set-up without a break in it", span(due));
        found.push(breach(day, expected, say!("{} in one piece", span(longest))).at(at));
    }
}

fn breach(day: &Day<'_>, expected: impl Into<Text>, got: impl Into<Text>) -> Violation {
    day.breach(Rule::Break, expected, got)
}
