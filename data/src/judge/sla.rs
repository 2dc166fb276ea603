//! A promise with a hard limit: departure towards the job, arrival, or end of work lies by it.

use super::case::{Case, Visit};
use super::violation::Violation;
use crate::problem::{Deadline, Sla, SlaEvent};
use crate::rule::Rule;
use crate::say;
use crate::units::Time;

/// The promises of a visit with the moments that meet or miss them.
pub(super) fn promises(visit: &Visit<'_>) -> impl Iterator<Item = (SlaEvent, Deadline, Time)> {
    let Sla { respond, arrive, resolve } = visit.job.sla;
    let events = [
        (SlaEvent::Respond, respond, visit.stop.departure),
        (SlaEvent::Arrive, arrive, visit.stop.arrival),
        (SlaEvent::Resolve, resolve, visit.stop.end),
    ];
    events.into_iter().filter_map(|(event, deadline, moment)| Some((event, deadline?, moment)))
}

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        for visit in day.visits(case.problem) {
            for (event, deadline, moment) in promises(&visit) {
                if let Some(limit) = deadline.limit.filter(|limit| moment > *limit) {
                    let by = case.moment(limit);
                    let expected = match event {
                        SlaEvent::Respond => say!("departure towards it by {}", by),
                        SlaEvent::Arrive => say!("arrival by {}", by),
                        SlaEvent::Resolve => say!("end of work by {}", by),
                    };
                    found.push(visit.breach(day, Rule::SlaLimit, expected, case.moment(moment)));
                }
            }
        }
    }
}
