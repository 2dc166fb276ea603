//! Nobody leaves before the shift starts, and the day is over by its latest end.

use super::case::Case;
use super::violation::Violation;
use crate::rule::Rule;
use crate::say;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        let left = day.route.stops.first().map_or(day.route.return_departure, |stop| stop.departure);
        if left < day.shift.start {
            let expected = say!("departure at or after {}", case.moment(day.shift.start));
            found.push(day.breach(Rule::Hours, expected, case.moment(left)));
        }
        if day.route.end > day.shift.latest_end {
            let expected = say!("end of the day by {}", case.moment(day.shift.latest_end));
            found.push(day.breach(Rule::Hours, expected, case.moment(day.route.end)));
        }
    }
}
