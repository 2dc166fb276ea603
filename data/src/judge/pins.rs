//! What the dispatcher fixed about a job, where the job is planned at all: technician, shift,
//! start, and order on the shift. A crew's pins bind its first member.

use super::case::{Case, Day, Visit};
use super::violation::Violation;
use super::window::words;
use crate::ids::JobIx;
use crate::lang::value;
use crate::problem::Pin;
use crate::rule::Rule;
use crate::say;
use std::collections::HashMap;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        let mut first_at: Option<HashMap<JobIx, usize>> = None;
        for visit in day.visits(case.problem).filter(Visit::leads) {
            let Some(Pin { technician, shift, window, after }) = &visit.job.pin else { continue };
            if let Some(pinned) = technician.filter(|pinned| *pinned != day.technician_ix) {
                let (expected, got) = (value(case.technician_id(pinned)), value(case.technician_id(day.technician_ix)));
                found.push(visit.breach(day, Rule::Pin, expected, got));
            }
            if let Some(pinned) = shift.filter(|pinned| *pinned != day.route.shift) {
                let id = case.problem.shifts.get(pinned.index()).map_or("?", |shift| shift.id.as_str());
                found.push(visit.breach(day, Rule::Pin, say!("shift {}", id), say!("shift {}", day.shift.id)));
            }
            if let Some(pinned) = window.filter(|pinned| !pinned.holds(visit.stop.start)) {
                let expected = say!("start within {}", words(case, &[pinned]));
                found.push(visit.breach(day, Rule::Pin, expected, case.moment(visit.stop.start)));
            }
            if let Some(before) = after {
                let positions = first_at.get_or_insert_with(|| positions(case, day));
                if positions.get(before).is_some_and(|before| *before > visit.at) {
                    let expected = say!("after {}", case.job_id(*before));
                    found.push(visit.breach(day, Rule::Pin, expected, say!("before it")));
                }
            }
        }
    }
}

fn positions(case: &Case<'_>, day: &Day<'_>) -> HashMap<JobIx, usize> {
    day.visits(case.problem).map(|visit| (visit.job_ix, visit.at)).collect()
}
