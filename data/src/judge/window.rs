//! Work starts within a window and ends within a completion window.

use super::case::Case;
use super::violation::Violation;
use crate::lang::Text;
use crate::problem::Window;
use crate::rule::Rule;
use crate::{say, word};

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        for visit in day.visits(case.problem) {
            let (start, end) = (visit.stop.start, visit.stop.end);
            if !visit.job.windows.iter().any(|window| window.holds(start)) {
                let expected = say!("start within {}", words(case, &visit.job.windows));
                found.push(visit.breach(day, Rule::Window, expected, case.moment(start)));
            }
            let wanted = &visit.job.end_windows;
            if !wanted.is_empty() && !wanted.iter().any(|window| window.holds(end)) {
                let expected = say!("end within {}", words(case, wanted));
                found.push(visit.breach(day, Rule::Window, expected, case.moment(end)));
            }
        }
    }
}

/// All windows in words.
pub(super) fn words(case: &Case<'_>, windows: &[Window]) -> Text {
    if windows.is_empty() {
        return say!("no window");
    }
    let each = windows.iter().map(|window| say!("{} to {}", case.moment(window.open), case.moment(window.close)));
    Text::joined(each, word!(" or "))
}
