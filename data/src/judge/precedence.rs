//! Order between jobs, whoever does them and on whichever day: from the end of one to the start of
//! the other lies at least the one lag and at most the other.

use super::case::{Case, Seen, span};
use super::exact::Exact;
use super::violation::Violation;
use crate::lang::Text;
use crate::problem::Precedence;
use crate::rule::Rule;
use crate::say;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    let seen = |job: crate::ids::JobIx| -> &[Seen] { case.visits_of.get(job.index()).map_or(&[], Vec::as_slice) };
    for Precedence { before, after, min_lag, max_lag } in &case.problem.precedences {
        let Some(start) = seen(*after).iter().min_by_key(|visit| case.stop(**visit).start) else { continue };
        let mut breach = |expected: Text, got: Text| {
            let shift = case.plan.routes[start.route].shift;
            found.push(Violation::of_plan(Rule::Precedence, expected, got).on(shift).at(start.stop).about(*after));
        };
        let id = case.job_id(*before);
        let Some(end) = seen(*before).iter().map(|visit| case.stop(*visit).end).max() else {
            breach(say!("{} before it", id), say!("{} is not planned", id));
            continue;
        };
        let lag = case.stop(*start).start.exact() - end.exact();
        if lag < min_lag.exact() {
            breach(say!("start at least {} after the end of {}", min_lag, id), span(lag));
        }
        if let Some(most) = max_lag.filter(|most| lag > most.exact()) {
            breach(say!("start at most {} after the end of {}", most, id), span(lag));
        }
    }
}
