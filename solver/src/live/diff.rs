//! What became different between two versions of a plan, by the caller's ids.

use dispatch_data::ids::{ShiftIx, TechIx};
use dispatch_data::plan::{Activity, Plan};
use dispatch_data::problem::Problem;
use dispatch_data::units::{Cost, Duration, Time};
use std::collections::BTreeMap;

/// Where a visit is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Who goes.
    pub technician: TechIx,
    /// On which shift.
    pub shift: ShiftIx,
    /// When the work starts.
    pub start: Time,
}

/// A visit that one of the versions has and the other has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The job's id.
    pub job: String,
    /// Where it is, or was.
    pub placed: Placed,
}

/// A visit that both have, with another technician, shift or start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The job's id.
    pub job: String,
    /// Where it was …
    pub from: Placed,
    /// … and is.
    pub to: Placed,
}

impl Moved {
    /// By how much the start moved, either way.
    pub fn by(&self) -> Duration {
        Duration((self.to.start - self.from.start).0.abs())
    }
}

/// What became different. Lists are sorted by job id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The new version.
    pub version: u64,
    /// Visits that are new in the plan.
    pub added: Vec<Planned>,
    /// Visits that are no longer in it.
    pub removed: Vec<Planned>,
    /// Visits that go to someone else or start at another time.
    pub moved: Vec<Moved>,
    /// Jobs that the new plan leaves out.
    pub unassigned: Vec<String>,
    /// The whole price before and after, each by its own version's promises.
    pub cost: (Cost, Cost),
}

/// What became different on the shifts that `looked_at` names; on all others nothing did.
pub(super) fn between(
    old: (&Problem, &Plan),
    new: (&Problem, &Plan),
    version: u64,
    looked_at: impl Fn(ShiftIx) -> bool,
) -> Diff {
    let (before, after) = (visits(old.0, old.1, &looked_at), visits(new.0, new.1, &looked_at));
    let mut diff = Diff { version, cost: (old.1.bill.total(), new.1.bill.total()), ..Diff::default() };
    for (job, placed) in &after {
        match before.get(job) {
            None => diff.added.push(Planned { job: (*job).to_string(), placed: *placed }),
            Some(from) if from != placed => {
                diff.moved.push(Moved { job: (*job).to_string(), from: *from, to: *placed });
            }
            Some(_) => {}
        }
    }
    for (job, placed) in before.iter().filter(|(job, _)| !after.contains_key(*job)) {
        diff.removed.push(Planned { job: (*job).to_string(), placed: *placed });
    }
    diff.unassigned = new.1.unassigned.iter().map(|left| new.0.job(left.job).id.clone()).collect();
    diff.unassigned.sort_unstable();
    diff
}

fn visits<'p>(problem: &'p Problem, plan: &Plan, looked_at: &impl Fn(ShiftIx) -> bool) -> BTreeMap<&'p str, Placed> {
    let mut visits = BTreeMap::new();
    for route in plan.routes.iter().filter(|route| looked_at(route.shift)) {
        let technician = problem.shift(route.shift).technician;
        for stop in &route.stops {
            if let Activity::Visit { job, member: _, parts: _ } = &stop.activity {
                let placed = Placed { technician, shift: route.shift, start: stop.start };
                visits.insert(problem.job(*job).id.as_str(), placed);
            }
        }
    }
    visits
}
