//! Work starts within a window and ends within a completion window.

use super::case::Case;
use super::violation::Violation;
use crate::problem::Window;
use crate::rule::Rule;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        for visit in day.visits(case.problem) {
            let (start, end) = (visit.stop.start, visit.stop.end);
            if !visit.job.windows.iter().any(|window| window.holds(start)) {
                let expected = format!("start within {}", words(case, &visit.job.windows));
                found.push(visit.breach(day, Rule::Window, expected, case.moment(start)));
            }
            let wanted = &visit.job.end_windows;
            if !wanted.is_empty() && !wanted.iter().any(|window| window.holds(end)) {
                let expected = format!("end within {}", words(case, wanted));
                found.push(visit.breach(day, Rule::Window, expected, case.moment(end)));
            }
        }
    }
}

/// All windows in words.
pub(super) fn words(case: &Case<'_>, windows: &[Window]) -> String {
    let each: Vec<_> =
        windows.iter().map(|window| format!("{} to {}", case.moment(window.open), case.moment(window.close))).collect();
    if each.is_empty() { "no window".to_string() } else { each.join(" or ") }
}
