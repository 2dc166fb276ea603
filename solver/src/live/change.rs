//! Events of a live day, and re-planning after one: the fact is written into the problem and the plan
//! in force, then the search goes on from there under a budget.

use super::{Diff, Live, LiveError, NewPlace, Ticket, facts};
use crate::{Params, Stop, solve};
use dispatch_data::ids::PlaceIx;
use dispatch_data::judge::{Violation, judge};
use dispatch_data::units::Time;

/// Something that happened. Jobs, technicians, sites and parts go by the caller's ids.
#[derive(Clone, Debug)]
pub enum Change {
    /// A ticket came in.
    JobAdded(Ticket),
    /// A job is not wanted any more.
    JobCancelled {
        /// Which.
        job: String,
    },
    /// Work has begun.
    JobStarted {
        /// Which.
        job: String,
        /// When.
        at: Time,
    },
    /// Work is done.
    JobFinished {
        /// Which.
        job: String,
        /// When.
        at: Time,
    },
    /// Work takes longer than planned.
    JobOverran {
        /// Which.
        job: String,
        /// When it will be done.
        until: Time,
    },
    /// Someone cannot go on before a moment.
    TechnicianLate {
        /// Who.
        technician: String,
        /// Until when.
        until: Time,
    },
    /// Someone is out: what is not done by then goes to others.
    TechnicianSick {
        /// Who.
        technician: String,
        /// From when on.
        from: Time,
        /// Shifts that start then or later are worked again.
        until: Option<Time>,
    },
    /// Someone is somewhere.
    TechnicianMoved {
        /// Who.
        technician: String,
        /// Since when.
        at: Time,
        /// Where, where the problem knows the place.
        place: Option<PlaceIx>,
        /// Where, where it does not.
        new_place: Option<NewPlace>,
    },
    /// Parts come, or have come, to a site.
    PartArrived {
        /// Which site.
        site: String,
        /// Which part.
        part: String,
        /// How many units.
        quantity: u32,
        /// When.
        at: Time,
    },
    /// Parts that a site should have are not there.
    PartMissing {
        /// Which site.
        site: String,
        /// Which part.
        part: String,
        /// How many units.
        quantity: u32,
    },
    /// What is planned to be under way by a moment is.
    Freeze {
        /// The moment.
        at: Time,
    },
}

/// What came of an event.
#[derive(Clone, Debug)]
pub struct Replanned {
    /// What became different.
    pub diff: Diff,
    /// Rules that the new plan breaks because of what has happened already: a frozen visit that is
    /// late, a day that can no longer end in time. Empty as a rule.
    pub violations: Vec<Violation>,
}

impl Live {
    /// Writes down an event and re-plans from the plan in force until `stop`; what changed of its
    /// promises was paid for by their prices ([`dispatch_data::problem::Objective`]). The same
    /// events, seed and iteration budgets give the same plans.
    ///
    /// # Errors
    /// When the event names nothing known or contradicts what has happened; nothing is changed then.
    pub fn apply(&mut self, change: &Change, params: &Params, stop: &Stop<'_>) -> Result<Replanned, LiveError> {
        let mut draft = self.problem.clone().into_draft();
        let mut travel = self.travel.clone();
        facts::write(&mut draft, &mut travel, change)?;
        for job in &mut draft.jobs {
            if let Some(who) = self.refused.get(&job.id) {
                let missing: Vec<_> =
                    who.iter().filter(|who| !job.excluded_technicians.contains(who)).copied().collect();
                job.excluded_technicians.extend(missing);
            }
        }
        let problem = draft.check().map_err(LiveError::Invalid)?;
        let found = crate::refusals(&problem);
        if !found.is_empty() {
            return Err(LiveError::Invalid(found));
        }
        let plan = solve(&problem, &travel, params, stop).plan;
        let violations = judge(&problem, &travel, &plan).violations;
        let diff = self.install(problem, travel, plan)?;
        Ok(Replanned { diff, violations })
    }
}
