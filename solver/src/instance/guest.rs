//! A guest: a job that is looked at beside the problem without being one of its jobs, so that a
//! ticket can be priced in a live plan without lowering anything anew.
//!
//! Its number lies far past all nodes, and the number of its place past all places, so that the
//! look-ups of the search find it only after their own bounds, at no cost to those that are found.

use super::{Instance, NodeInfo, eligibility, lower_job, start_windows};
use dispatch_data::ids::{JobIx, PlaceIx, ProfileIx};
use dispatch_data::problem::{Job, Problem, Window};
use dispatch_data::travel::{Leg, PlaceLegs, ProfileLegs, Travel, Way};
use dispatch_data::units::{Permille, Time};
use std::sync::Arc;

/// The number of the guest.
pub(crate) const GUEST: JobIx = JobIx(u32::MAX - 1);
/// The number of its place, where no other noun of the problem is there.
pub(crate) const GUEST_PLACE: PlaceIx = PlaceIx(u32::MAX - 1);

/// A job beside the problem, made ready.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    job: Job,
    node: NodeInfo,
    windows: Vec<Window>,
    /// Legs of its place by travel class, the quickest of the day; empty at a known place.
    quickest: Vec<Arc<PlaceLegs>>,
    /// The same by profile as told, for legs at a moment.
    told: Vec<ProfileLegs>,
}

impl Guest {
    /// A ticket at a known place, or at [`GUEST_PLACE`] with its legs by profile.
    pub(crate) fn new(problem: &Problem, travel: &Travel, job: Job, told: Vec<ProfileLegs>) -> Self {
        let mut known: Vec<(ProfileIx, Permille)> = Vec::new();
        let mut quickest = Vec::new();
        for technician in problem.technicians.iter().filter(|_| !told.is_empty()) {
            let (profile, speed) = (technician.profile, technician.speed);
            if !known.contains(&(profile, speed)) {
                known.push((profile, speed));
                quickest.push(travel.told_quickest(profile, speed, &told[profile.index()]));
            }
        }
        let windows = start_windows(&job);
        let dated = eligibility::dated_skills(problem);
        let node = lower_job(problem, &job, &dated, &windows, u32::MAX - 1024, false, false);
        Self { job, node, windows, quickest, told }
    }
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }
}

impl<'p> Instance<'p> {
    /// The same with a guest.
    pub(crate) fn with_guest(mut self, guest: &'p Guest) -> Self {
        self.guest = Some(guest);
        self
    }

    #[cold]
    #[allow(clippy::expect_used, reason = "a node out of range without a guest is a bug, as an index out of bounds is")]
    fn guest(&self) -> &'p Guest {
        self.guest.expect("a node of the instance")
    }
    #[cold]
    pub(super) fn guest_node(&self) -> &NodeInfo {
        &self.guest().node
    }
    #[cold]
    pub(super) fn guest_job(&self) -> &'p Job {
        &self.guest().job
    }
    #[cold]
    pub(super) fn guest_windows(&self) -> &[Window] {
        &self.guest().windows
    }
    #[cold]
    pub(super) fn guest_leg(&self, travel_class: usize, from: PlaceIx, to: PlaceIx) -> Leg {
        if from == to {
            return Leg::default();
        }
        let (way, known) = between(from, to);
        self.guest().quickest.get(travel_class).map_or(Leg::UNREACHABLE, |legs| legs.leg(way, known))
    }
    #[cold]
    pub(super) fn guest_leg_at(
        &self,
        (profile, speed): (ProfileIx, Permille),
        from: PlaceIx,
        to: PlaceIx,
        departure: Time,
    ) -> Leg {
        if from == to {
            return Leg::default();
        }
        let told = self.guest().told.get(profile.index());
        told.map_or(Leg::UNREACHABLE, |legs| self.travel.told_leg(profile, speed, legs, between(from, to), departure))
    }
}

/// Which way a leg of the guest's place goes, and the known place it has to do with.
fn between(from: PlaceIx, to: PlaceIx) -> (Way, PlaceIx) {
    if to == GUEST_PLACE { (Way::To, from) } else { (Way::From, to) }
}
