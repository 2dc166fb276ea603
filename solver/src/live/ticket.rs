//! A ticket: a job that the plan knows and leaves open, or one that has just come in, maybe at a place
//! nobody has been to, with its travel rows.

use super::LiveError;
use crate::instance::GUEST_PLACE;
use dispatch_data::ids::{JobIx, PlaceIx};
use dispatch_data::place::Place;
use dispatch_data::problem::{Job, Problem};
use dispatch_data::say;
use dispatch_data::travel::{ProfileLegs, Travel};

/// A place that the problem does not know yet, with its legs to and from all it knows, one per
/// profile, at the profile's own speed.
#[derive(Clone, Debug)]
pub struct NewPlace {
    /// Where.
    pub place: Place,
    /// Its travel rows.
    pub legs: Vec<ProfileLegs>,
}

/// What is asked about.
#[derive(Clone, Debug)]
pub enum Ticket {
    /// A job of the problem that the plan leaves out.
    Open(JobIx),
    /// A job that the problem does not have. Its place is one of the problem's, unless a new place
    /// comes with it; then the place of the job is not looked at.
    New {
        /// The job.
        job: Box<Job>,
        /// Its place, where that is new.
        at: Option<NewPlace>,
    },
}

impl Ticket {
    /// A new job at a place that the problem knows.
    pub fn new(job: Job) -> Self {
        Self::New { job: Box::new(job), at: None }
    }
    /// A new job at a new place.
    pub fn at(job: Job, place: NewPlace) -> Self {
        Self::New { job: Box::new(job), at: Some(place) }
    }
    pub(super) fn known_as(&self) -> Option<JobIx> {
        match self {
            Self::Open(job) => Some(*job),
            Self::New { job: _, at: _ } => None,
        }
    }
    /// The place it would have in the plan.
    pub(super) fn place(&self, problem: &Problem) -> PlaceIx {
        match self {
            Self::Open(job) => problem.job(*job).place,
            Self::New { job, at: None } => job.place,
            Self::New { job: _, at: Some(_) } => PlaceIx::from(problem.places.len()),
        }
    }
    /// Its job, standing where a guest stands.
    pub(super) fn checked(&self, problem: &Problem, travel: &Travel) -> Result<Job, LiveError> {
        match self {
            Self::Open(job) => {
                let known = problem.jobs.get(job.index());
                known.cloned().ok_or_else(|| LiveError::Unknown(say!("job number {}", job.0)))
            }
            Self::New { job, at } => {
                if let Some(finding) = problem.check_job(job, at.is_some()).into_iter().next() {
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
    /// The legs of its place by profile, where that is new.
    pub(super) fn legs(&self) -> Vec<ProfileLegs> {
        match self {
            Self::New { job: _, at: Some(NewPlace { place: _, legs }) } => legs.clone(),
            Self::New { job: _, at: None } | Self::Open(_) => Vec::new(),
        }
    }
}
