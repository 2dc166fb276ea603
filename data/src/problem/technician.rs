//! Technicians and their shifts: who can go, when, from where, at which price.

use crate::ids::{PartIx, PlaceIx, ProfileIx, RegionIx, ShiftIx, SkillIx, TechIx, ToolIx};
use crate::problem::{JobKind, Window};
use crate::units::{Cost, DistanceRate, Duration, Meters, Permille, Rate, Time};

/// A skill that a technician has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedSkill {
    /// Which skill.
    pub skill: SkillIx,
    /// How good: a job asks for a minimum. 1 is the lowest.
    pub level: u8,
    /// The certificate holds for work that starts at or after this moment and …
    pub valid_from: Option<Time>,
    /// … ends at or before this one.
    pub valid_until: Option<Time>,
    /// Work time of jobs that need this skill, in thousandths of the job's own. The slowest of the
    /// required skills counts.
    pub pace: Permille,
}

/// What a technician's time and way cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Cents per hour of paid time, from departure to the end of the day, breaks included when paid.
    pub work: Rate,
    /// Cents per hour of travel, on top of paid time.
    pub travel: Rate,
    /// Cents per kilometre.
    pub distance: DistanceRate,
    /// Cents per shift with at least one visit.
    pub shift: Cost,
    /// Cents per hour past the regular end, on top of paid time.
    pub overtime: Rate,
}

/// Share of jobs of a kind that this technician closes at the first visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstTimeFix {
    /// Kind of job.
    pub kind: JobKind,
    /// Share in thousandths, at most 1000.
    pub share: Permille,
}

/// Where a technician is now, for live re-planning.
///
/// It belongs to the technician's first shift that is not over then ([`Technician::live_shift`]). Of
/// that shift the first leg that is not frozen starts here, no earlier than then: the first leg of
/// the day, or the one after the stops that the current plan starts before the freeze time. A
/// technician who is still on the way to or busy at a frozen stop goes on from there instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrentPosition {
    /// The place.
    pub place: PlaceIx,
    /// Since when.
    pub at: Time,
}

/// Someone who does jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Technician {
    /// The caller's id, unique among technicians.
    pub id: String,
    /// A name to show; the id where empty.
    pub name: String,
    /// Skills, at most one entry per skill.
    pub skills: Vec<OwnedSkill>,
    /// The only regions in which this technician may work; empty: anywhere.
    pub regions: Vec<RegionIx>,
    /// Regions liked; work elsewhere pays [`crate::problem::Objective::outside_preferred_region`].
    pub preferred_regions: Vec<RegionIx>,
    /// Parts in the van at the start of the horizon: part and units, each part once.
    pub stock: Vec<(PartIx, u32)>,
    /// Tools owned.
    pub tools: Vec<ToolIx>,
    /// Prices.
    pub prices: Prices,
    /// How the technician travels.
    pub profile: ProfileIx,
    /// Speed in thousandths of the profile's.
    pub speed: Permille,
    /// Rating, 0 to 1000; `None` when not rated.
    pub rating: Option<Permille>,
    /// First-time-fix rates by kind of job.
    pub first_time_fix: Vec<FirstTimeFix>,
    /// Live position.
    pub position: Option<CurrentPosition>,
    /// Least rest between the end of one shift and the start of the next.
    pub rest: Duration,
    /// This technician's entries in [`crate::problem::Draft::shifts`], first and one past the last.
    pub shifts: (ShiftIx, ShiftIx),
}

impl Technician {
    /// Level of a skill over a stretch of work; `None` when not owned or not valid all along.
    pub fn level(&self, skill: SkillIx, start: Time, end: Time) -> Option<u8> {
        self.skills
            .iter()
            .find(|own| own.skill == skill)
            .filter(|own| {
                own.valid_from.is_none_or(|from| from <= start) && own.valid_until.is_none_or(|until| end <= until)
            })
            .map(|own| own.level)
    }
    /// The shift that the live position is about, out of all shifts of the problem: the first of this
    /// technician's that is not over at that moment.
    pub fn live_shift(&self, shifts: &[Shift]) -> Option<ShiftIx> {
        let live = self.position?;
        self.shift_indices().find(|ix| shifts.get(ix.index()).is_some_and(|shift| live.at <= shift.latest_end))
    }
    /// Indices of this technician's shifts.
    pub fn shift_indices(&self) -> impl Iterator<Item = ShiftIx> {
        (self.shifts.0.0..self.shifts.1.0).map(ShiftIx)
    }
}

/// A break of a shift: taken once, somewhere between departure and the end of the day, never
/// during work; in the middle of a leg is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The break starts within this window.
    pub window: Window,
    /// How long it takes.
    pub duration: Duration,
    /// Whether it counts as paid time.
    pub paid: bool,
}

/// One working period of one technician: the literature's vehicle.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The caller's id, unique among all shifts.
    pub id: String,
    /// Whose shift.
    pub technician: TechIx,
    /// No departure before this moment.
    pub start: Time,
    /// Past this moment time is overtime.
    pub regular_end: Time,
    /// The day must be over by this moment.
    pub latest_end: Time,
    /// Where the day starts.
    pub start_place: PlaceIx,
    /// Where it ends; `None`: wherever the last stop is.
    pub end_place: Option<PlaceIx>,
    /// Breaks, by opening time of their windows; taken in this order.
    pub breaks: Vec<Break>,
    /// Most visits.
    pub max_jobs: Option<u32>,
    /// Most travel time.
    pub max_travel: Option<Duration>,
    /// Most distance.
    pub max_distance: Option<Meters>,
    /// Most time from departure to the end of the day.
    pub max_duration: Option<Duration>,
    /// Most of each capacity: the sum over the visits of the shift of [`crate::problem::Job::load`],
    /// dimension by dimension; empty: no limit.
    pub capacity: Vec<i64>,
}
