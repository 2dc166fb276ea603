//! Re-planning after events of a live day: the facts are written into the problem and the plan in
//! force, then the search goes on from there under a budget.

use super::{Diff, Live, LiveError, facts};
use crate::{Params, Stop, solve};
use dispatch_data::judge::{Violation, judge};
use dispatch_data::live::Change;

/// What came of events.
#[derive(Clone, Debug)]
pub struct Replanned {
    /// What became different.
    pub diff: Diff,
    /// Rules that the new plan breaks because of what has happened already: a frozen visit that is
    /// late, a day that can no longer end in time. Empty as a rule.
    pub violations: Vec<Violation>,
}

/// Why events cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventError {
    /// The first that cannot, by its position; `None` where it is all of them together.
    pub event: Option<usize>,
    /// Why.
    pub error: LiveError,
}

impl Live {
    /// Writes down an event and re-plans from the plan in force until `stop`; what changed of its
    /// promises was paid for by their prices ([`dispatch_data::problem::Objective`]). The same
    /// events, seed and iteration budgets give the same plans.
    ///
    /// # Errors
    /// When the event names nothing known or contradicts what has happened; nothing is changed then.
    pub fn apply(&mut self, change: &Change, params: &Params, stop: &Stop<'_>) -> Result<Replanned, LiveError> {
        let changed = self.changed(std::slice::from_ref(change), params, stop);
        let (next, replanned) = changed.map_err(|failure| failure.error)?;
        *self = next;
        Ok(replanned)
    }
    /// The same for events one after the other, re-planned once after the last, and told as the plan
    /// that comes next: this one stays in force until it is replaced.
    ///
    /// # Errors
    /// When one of the events names nothing known or contradicts what has happened.
    pub fn changed(
        &self,
        changes: &[Change],
        params: &Params,
        stop: &Stop<'_>,
    ) -> Result<(Self, Replanned), EventError> {
        let mut draft = self.problem.clone().into_draft();
        let mut travel = self.travel.clone();
        for (event, change) in changes.iter().enumerate() {
            let written = facts::write(&mut draft, &mut travel, change);
            written.map_err(|error| EventError { event: Some(event), error })?;
        }
        let together = |error| EventError { event: None, error };
        for job in &mut draft.jobs {
            if let Some(who) = self.refused.get(&job.id) {
                let missing: Vec<_> =
                    who.iter().filter(|who| !job.excluded_technicians.contains(who)).copied().collect();
                job.excluded_technicians.extend(missing);
            }
        }
        let problem = draft.check().map_err(|findings| together(LiveError::Invalid(findings)))?;
        let found = crate::refusals(&problem);
        if !found.is_empty() {
            return Err(together(LiveError::Invalid(found)));
        }
        let plan = solve(&problem, &travel, params, stop).plan;
        let violations = judge(&problem, &travel, &plan).violations;
        let (next, diff) = self.next(problem, travel, plan, None).map_err(together)?;
        Ok((next, Replanned { diff, violations }))
    }
}
