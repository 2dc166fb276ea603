//! A ticket made ready to be asked about: checked, and standing where a guest stands.

use super::LiveError;
use crate::instance::GUEST_PLACE;
use crate::refusals;
use dispatch_data::live::{NewPlace, Ticket};
use dispatch_data::problem::{Job, Problem};
use dispatch_data::say;
use dispatch_data::travel::Travel;

/// Its job, at the place of a guest where that is new.
pub(super) fn checked(ticket: &Ticket, problem: &Problem, travel: &Travel) -> Result<Job, LiveError> {
    match ticket {
        Ticket::Open(job) => {
            let known = problem.jobs.get(job.index());
            known.cloned().ok_or_else(|| LiveError::Unknown(say!("job number {}", job.0)))
        }
        Ticket::New { job, at } => {
            let wrong = problem.check_job(job, at.is_some()).into_iter().chain(refusals::of_job(job, ""));
            if let Some(finding) = { wrong }.next() {
                return Err(LiveError::Invalid(vec![finding]));
            }
            let mut job = job.as_ref().clone();
            if let Some(NewPlace { place: _, legs }) = at {
                if !travel.takes(legs) {
                    return Err(LiveError::TravelRows { places: travel.places(), profiles: travel.profiles() });
                }
                job.place = GUEST_PLACE;
            }
            Ok(job)
        }
    }
}
