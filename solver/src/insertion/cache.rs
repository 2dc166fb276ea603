//! What was found out about a job and a route, kept as long as the route stays as it is.
//!
//! A table of fixed size, each entry overwritten by the next that falls on it: forgetting costs time,
//! never truth. A route's version names its very content, so an undone change finds its old entries
//! again. Holds for one instance only; what hangs on more than job and route must not be put here.

use crate::solution::Insertion;
use dispatch_data::ids::{JobIx, ShiftIx, SiteIx};

const NONE: u32 = u32::MAX;
/// Bounds of the table's size.
const LEAST_BITS: u32 = 10;
const MOST_BITS: u32 = 17;

#[derive(Clone, Copy)]
struct Entry {
    job: u32,
    shift: u32,
    version: u64,
    /// Weight of the lightest insertion; where there is none, the limit below which none was found.
    weight: i64,
    at: u32,
    first: u32,
    site: u32,
}

const FORGOTTEN: Entry = Entry { job: NONE, shift: NONE, version: 0, weight: 0, at: NONE, first: NONE, site: NONE };

/// What is known of a job and a route.
pub(crate) enum Memory {
    Unknown,
    /// There is no insertion below the limit.
    Nothing,
    /// The lightest.
    Found(Insertion),
}

/// The lightest insertions by job and route.
pub(crate) struct Cache {
    entries: Vec<Entry>,
    shifts: usize,
}

impl Cache {
    /// Room for every pair, or for as many as is quick to reach.
    pub(crate) fn new(jobs: usize, shifts: usize) -> Self {
        let pairs = jobs.saturating_mul(shifts).max(1);
        let bits = pairs.next_power_of_two().ilog2().clamp(LEAST_BITS, MOST_BITS);
        Self { entries: vec![FORGOTTEN; 1 << bits], shifts }
    }

    #[inline]
    fn slot(&self, job: JobIx, shift: ShiftIx) -> usize {
        job.index().wrapping_mul(self.shifts).wrapping_add(shift.index()) & (self.entries.len() - 1)
    }

    /// What is known of the lightest insertion below `limit`.
    #[inline]
    pub(crate) fn get(&self, job: JobIx, shift: ShiftIx, version: u64, limit: i64) -> Memory {
        let entry = &self.entries[self.slot(job, shift)];
        if entry.version != version || entry.job != job.0 || entry.shift != shift.0 {
            return Memory::Unknown;
        }
        if entry.weight >= limit {
            // Dearer than asked for; or none below a limit that was no tighter than this one.
            return Memory::Nothing;
        }
        if entry.at == NONE {
            return Memory::Unknown;
        }
        let collection = (entry.first != NONE).then_some((entry.first as usize, SiteIx(entry.site)));
        Memory::Found(Insertion { shift, at: entry.at as usize, collection, weight: entry.weight })
    }

    /// Remembers the lightest insertion below `limit`.
    #[inline]
    pub(crate) fn put(&mut self, job: JobIx, shift: ShiftIx, version: u64, limit: i64, found: Option<Insertion>) {
        let slot = self.slot(job, shift);
        let (first, site) = match found.and_then(|found| found.collection) {
            Some((first, site)) => (first as u32, site.0),
            None => (NONE, NONE),
        };
        self.entries[slot] = Entry {
            job: job.0,
            shift: shift.0,
            version,
            weight: found.map_or(limit, |found| found.weight),
            at: found.map_or(NONE, |found| found.at as u32),
            first,
            site,
        };
    }
}
