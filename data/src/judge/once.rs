//! Each job is visited once or listed as unassigned: never both, never neither, never twice.

use super::case::Case;
use super::violation::Violation;
use crate::ids::JobIx;
use crate::lang::Text;
use crate::plan::Activity;
use crate::rule::Rule;
use crate::say;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    unknown_jobs(case, found);
    let mut listed = vec![0_u32; case.problem.jobs.len()];
    for out in &case.plan.unassigned {
        if let Some(times) = listed.get_mut(out.job.index()) {
            *times += 1;
        } else {
            found.push(breach(say!("an unassigned job of the problem"), say!("job #{}", out.job.0)));
        }
    }
    for (job, (visits, listed)) in case.visits_of.iter().zip(&listed).enumerate() {
        let job = JobIx::from(job);
        if visits.len() > 1 {
            let mut seen = [false; 256];
            for visit in visits {
                if std::mem::replace(&mut seen[usize::from(visit.member)], true) {
                    let shift = case.plan.routes[visit.route].shift;
                    found.push(breach(say!("one visit"), say!("another visit")).on(shift).at(visit.stop).about(job));
                }
            }
        }
        let states = [!visits.is_empty(), *listed > 0];
        match states {
            [true, true] => found.push(breach(say!("visited or unassigned"), say!("both")).about(job)),
            [false, false] => found.push(breach(say!("visited or unassigned"), say!("neither")).about(job)),
            [true, false] | [false, true] => {}
        }
        if *listed > 1 {
            found.push(breach(say!("unassigned at most once"), say!("{} times", listed)).about(job));
        }
    }
}

fn unknown_jobs(case: &Case<'_>, found: &mut Vec<Violation>) {
    for route in &case.plan.routes {
        for (at, stop) in route.stops.iter().enumerate() {
            match &stop.activity {
                Activity::Visit { job, member: _, parts: _ } if job.index() >= case.problem.jobs.len() => {
                    found.push(breach(say!("a job of the problem"), say!("job #{}", job.0)).on(route.shift).at(at));
                }
                Activity::Visit { job: _, member: _, parts: _ } => {}
                Activity::Collection { site: _, takes: _, tools: _ } => {}
            }
        }
    }
}

fn breach(expected: impl Into<Text>, got: impl Into<Text>) -> Violation {
    Violation::of_plan(Rule::Once, expected, got)
}
