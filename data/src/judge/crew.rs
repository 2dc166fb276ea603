//! All members of a crew go, or none; each is another technician; they start together, or as far
//! after the first member as the job says.

use super::case::{Case, Seen};
use super::exact::Exact;
use super::violation::Violation;
use crate::ids::JobIx;
use crate::lang::{Text, value};
use crate::problem::Job;
use crate::rule::Rule;
use crate::say;
use std::collections::HashSet;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for (at, (job, visits)) in case.problem.jobs.iter().zip(&case.visits_of).enumerate() {
        if visits.is_empty() || (job.crew.is_empty() && visits.iter().all(|visit| visit.member == 0)) {
            continue;
        }
        let job_ix = JobIx::from(at);
        let members = job.crew.len().max(1);
        let mut went: Vec<Option<Seen>> = vec![None; members];
        for visit in visits {
            match went.get_mut(usize::from(visit.member)) {
                Some(slot) => *slot = Some(*visit),
                None => {
                    let (expected, got) = (say!("{} members", members), say!("member {}", u32::from(visit.member) + 1));
                    found.push(breach(case, *visit, job_ix, expected, got));
                }
            }
        }
        let gone = went.iter().flatten().count();
        if gone < members && gone > 0 {
            let expected = say!("all {} members or none", members);
            found.push(Violation::of_plan(Rule::Crew, expected, value(gone)).about(job_ix));
        }
        together(case, job_ix, job, &went, found);
    }
}

fn together(case: &Case<'_>, job_ix: JobIx, job: &Job, went: &[Option<Seen>], found: &mut Vec<Violation>) {
    let mut technicians = HashSet::new();
    for visit in went.iter().flatten() {
        if let Some(technician) = case.technician(*visit)
            && !technicians.insert(technician)
        {
            let got = say!("{} twice", case.technician_id(technician));
            found.push(breach(case, *visit, job_ix, say!("another technician for each member"), got));
        }
    }
    let Some(first) = went.first().copied().flatten() else { return };
    let origin = case.stop(first).start.exact();
    for (member, visit) in job.crew.iter().zip(went).skip(1) {
        let Some(visit) = visit else { continue };
        let start = case.stop(*visit).start;
        let (least, most) = (origin + member.start_lag.0.exact(), origin + member.start_lag.1.exact());
        if start.exact() < least || start.exact() > most {
            let expected = say!("start from {} to {}", case.reckoned(least), case.reckoned(most));
            found.push(breach(case, *visit, job_ix, expected, case.moment(start)));
        }
    }
}

fn breach(case: &Case<'_>, visit: Seen, job: JobIx, expected: Text, got: Text) -> Violation {
    let shift = case.plan.routes[visit.route].shift;
    Violation::of_plan(Rule::Crew, expected, got).on(shift).at(visit.stop).about(job)
}
