//! One plan under several hands: each changes some shifts only, and then they tell each other.

use super::{NONE, Solution};
use crate::instance::NodeKind;
use dispatch_data::ids::{JobIx, ShiftIx};

impl Solution<'_> {
    /// Whether a shift may be changed.
    #[inline]
    pub(crate) fn is_open(&self, shift: ShiftIx) -> bool {
        !self.closed[shift.index()]
    }
    /// Whether an absent job may be placed.
    #[inline]
    pub(crate) fn may_place(&self, job: JobIx) -> bool {
        !self.barred[job.index()]
    }

    /// From here on only the shifts of one hand are open, and the absent jobs of other hands barred.
    pub(crate) fn keep_to(&mut self, hand: usize, hand_of_shift: &[usize], hand_of_job: &[usize]) {
        self.closed.iter_mut().zip(hand_of_shift).for_each(|(closed, own)| *closed = *own != hand);
        // Who is in a plan can become absent only by its own hand.
        self.barred.fill(false);
        for job in &self.absent {
            self.barred[job.index()] = hand_of_job[job.index()] != hand;
        }
        self.first_empty.iter().for_each(|first| first.set(0));
    }

    /// From here on everything is open.
    pub(crate) fn open_all(&mut self) {
        self.closed.fill(false);
        self.barred.fill(false);
        self.first_empty.iter().for_each(|first| first.set(0));
    }

    /// Takes over some routes from another solution of the same instance, in which these jobs stand on
    /// these shifts or are absent. Stores must have no end: lots are not looked at.
    pub(crate) fn take_routes(&mut self, other: &Self, shifts: &[ShiftIx]) {
        let mut moved: Vec<JobIx> = Vec::new();
        let job_at = |solution: &Self, shift: ShiftIx, at: usize| match solution
            .instance
            .kind(solution.route(shift).stops[at].id)
        {
            NodeKind::Job(job) => Some(job),
            NodeKind::Collection(_) => None,
        };
        for shift in shifts {
            for at in 0..self.route(*shift).stops.len() {
                if let Some(job) = job_at(self, *shift, at) {
                    self.shift_of[job.index()] = NONE;
                    moved.push(job);
                }
            }
        }
        for shift in shifts {
            if !self.is_dirty[shift.index()] {
                self.is_dirty[shift.index()] = true;
                self.dirty.push(*shift);
            }
            self.cost -= self.routes[shift.index()].cost;
            self.routes[shift.index()].clone_from(other.route(*shift));
            self.cost += self.routes[shift.index()].cost;
            self.versions += 1;
            let version = if self.route(*shift).is_empty() { 0 } else { self.versions };
            self.routes[shift.index()].version = version;
            self.version_of[shift.index()] = version;
            for at in 0..self.route(*shift).stops.len() {
                if let Some(job) = job_at(self, *shift, at) {
                    self.shift_of[job.index()] = shift.0;
                    self.position[job.index()] = at as u32;
                    moved.push(job);
                }
            }
            if self.route(*shift).is_empty() {
                self.note_empty(*shift);
            }
        }
        for job in moved {
            self.sync_absent(job);
        }
        self.begin();
    }

    /// Shifts whose routes have another version than then.
    pub(crate) fn changed_since(&self, versions: &[u64]) -> Vec<ShiftIx> {
        let pairs = self.version_of.iter().zip(versions).enumerate();
        pairs.filter(|(_, (now, then))| now != then).map(|(shift, _)| ShiftIx::from(shift)).collect()
    }
    /// Version of every route.
    pub(crate) fn versions(&self) -> &[u64] {
        &self.version_of
    }
}
