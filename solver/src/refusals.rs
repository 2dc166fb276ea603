//! What this version of the search cannot honour, by name. A caller asks before it solves; nothing
//! is ever ignored.

use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::Word;
use dispatch_data::problem::{Job, Problem};
use dispatch_data::{say, word};

/// Everything in a problem that the search would have to ignore. Empty: it can be solved.
///
/// Jobs with such features are left unassigned by [`crate::solve`] should it be called all the same.
pub fn refusals(problem: &Problem) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        problem.jobs.iter().enumerate().flat_map(|(at, job)| of_job(job, &format!("/jobs/{at}"))).collect();
    let mut refuse = |pointer: String, what: Word| found.push(refusal(pointer, what));
    for at in 0..problem.precedences.len() {
        refuse(format!("/precedences/{at}"), word!("order between jobs across technicians"));
    }
    for at in 0..problem.recurring.len() {
        refuse(format!("/recurring/{at}"), word!("recurring visits"));
    }
    for (at, technician) in problem.technicians.iter().enumerate() {
        let shifts: Vec<_> = technician.shift_indices().collect();
        for (k, pair) in shifts.windows(2).enumerate() {
            let (first, second) = (problem.shift(pair[0]), problem.shift(pair[1]));
            if first.latest_end + technician.rest > second.start {
                refuse(
                    format!("/technicians/{at}/shifts/{}/start", k + 1),
                    word!("rest or shifts of one technician that depend on how the shift before ends"),
                );
            }
        }
    }
    found
}

/// The same of one job at a place of the input.
pub(crate) fn of_job(job: &Job, at: &str) -> Option<Finding> {
    (!job.crew.is_empty()).then(|| refusal(format!("{at}/crew"), word!("crew of several technicians")))
}

fn refusal(pointer: String, what: Word) -> Finding {
    Finding::new(pointer, Code::NotSupportedYet, say!("nothing here"), what)
        .hint(say!("leave it out; a later version will honour it"))
}
