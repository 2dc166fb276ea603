//! What comes up on a live day, as nouns: tickets, and events told by whoever sees them happen.
//!
//! What becomes of the plan is for the solver; how they are written is for [`crate::format`].

use crate::ids::{JobIx, PlaceIx};
use crate::place::Place;
use crate::problem::{Job, Problem};
use crate::travel::ProfileLegs;
use crate::units::{Cost, Rate, Time};

/// A place that the problem does not know yet, with its legs to and from all it knows, one per
/// profile, at the profile's own speed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPlace {
    /// Where.
    pub place: Place,
    /// Its travel rows.
    pub legs: Vec<ProfileLegs>,
}

/// What is asked about.
#[derive(Clone, Debug, PartialEq)]
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
    /// Its number, where the problem knows it.
    pub fn known_as(&self) -> Option<JobIx> {
        match self {
            Self::Open(job) => Some(*job),
            Self::New { job: _, at: _ } => None,
        }
    }
    /// The place it would have in the plan; a new one comes after all that the problem knows.
    pub fn place(&self, problem: &Problem) -> PlaceIx {
        match self {
            Self::Open(job) => problem.job(*job).place,
            Self::New { job, at: None } => job.place,
            Self::New { job: _, at: Some(_) } => PlaceIx::from(problem.places.len()),
        }
    }
    /// The new place that comes with it.
    pub fn new_place(&self) -> Option<&NewPlace> {
        match self {
            Self::New { job: _, at } => at.as_ref(),
            Self::Open(_) => None,
        }
    }
    /// The legs of its place by profile, where that is new.
    pub fn legs(&self) -> &[ProfileLegs] {
        self.new_place().map_or(&[], |place| &place.legs)
    }
}

/// Something that happened. Jobs, technicians, sites and parts go by the caller's ids.
#[derive(Clone, Debug, PartialEq)]
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
    /// What a change of the plan's promises costs from now on.
    PromisesPriced {
        /// Cents for a visit that goes to another technician; `None`: as before.
        technician: Option<Cost>,
        /// Cents per hour by which a start moves, either way; `None`: as before.
        start: Option<Rate>,
    },
}

impl Change {
    /// The new place that comes with it.
    pub fn new_place(&self) -> Option<&NewPlace> {
        match self {
            Self::JobAdded(ticket) => ticket.new_place(),
            Self::TechnicianMoved { technician: _, at: _, place: _, new_place } => new_place.as_ref(),
            _ => None,
        }
    }
    /// The same, to fill in its travel rows.
    pub fn new_place_mut(&mut self) -> Option<&mut NewPlace> {
        match self {
            Self::JobAdded(Ticket::New { job: _, at }) => at.as_mut(),
            Self::TechnicianMoved { technician: _, at: _, place: _, new_place } => new_place.as_mut(),
            _ => None,
        }
    }
}
