//! Jobs (tickets, work orders): what is to be done, where, when, by whom, with which parts.

use crate::ids::{JobIx, PartIx, PlaceIx, RegionIx, ShiftIx, SkillIx, TechIx, ToolIx};
use crate::problem::Window;
use crate::units::{Cost, Duration, Rate, Time};

/// What kind of work a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// A new machine is set up.
    Install,
    /// A periodic or ordered check.
    Inspection,
    /// Something is broken.
    #[default]
    Repair,
    /// A second visit for an earlier job.
    ReturnVisit,
}

/// Priority class, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Stopped production, danger, contract penalty.
    P1,
    /// Serious.
    P2,
    /// Normal.
    P3,
    /// Can wait.
    P4,
}

impl Priority {
    /// All classes, most urgent first.
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];
}

/// A skill at a minimum level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillLevel {
    /// Which skill.
    pub skill: SkillIx,
    /// At least this level; 1 is the lowest.
    pub level: u8,
}

/// Skills that a job asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillNeed {
    /// All of these.
    pub all_of: Vec<SkillLevel>,
    /// At least one of these; empty: nothing asked.
    pub any_of: Vec<SkillLevel>,
}

/// Units of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartQuantity {
    /// Which part.
    pub part: PartIx,
    /// How many, at least 1.
    pub quantity: u32,
}

/// A tool that must be at hand; it is not used up.
pub type ToolNeed = ToolIx;

/// One promise of a service level agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The promised moment.
    pub due: Time,
    /// Cents per hour late.
    pub late_price: Rate,
    /// Past this moment the plan is not allowed; `None`: only priced.
    pub limit: Option<Time>,
}

/// Which event of a visit a promise is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlaEvent {
    /// Departure towards the job.
    Respond,
    /// Arrival at the place.
    Arrive,
    /// End of the work.
    Resolve,
}

/// The promises of a job, each on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sla {
    /// Met by departure towards the job.
    pub respond: Option<Deadline>,
    /// Met by arrival at the place.
    pub arrive: Option<Deadline>,
    /// Met by the end of the work.
    pub resolve: Option<Deadline>,
}

/// One member of a crew. All members of a job go, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrewMember {
    /// Skills this member needs.
    pub skills: SkillNeed,
    /// How long this member works.
    pub work: Duration,
    /// How long after the first member this one starts: least and most.
    pub start_lag: (Duration, Duration),
}

/// What the dispatcher has fixed about a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// Goes to this technician.
    pub technician: Option<TechIx>,
    /// Goes on this shift.
    pub shift: Option<ShiftIx>,
    /// Work starts within this window (one moment where `open == close`).
    pub window: Option<Window>,
    /// When both are on the same shift, this job comes after that one.
    pub after: Option<JobIx>,
}

/// A ticket or work order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// The caller's id, unique among jobs.
    pub id: String,
    /// Kind of work.
    pub kind: JobKind,
    /// Where.
    pub place: PlaceIx,
    /// How long the work takes at pace 1000.
    pub work: Duration,
    /// Set-up before the work (parking, signing in), paid once for consecutive visits at one place.
    /// It comes after arrival and before the start of work.
    pub setup: Duration,
    /// Skills needed.
    pub skills: SkillNeed,
    /// The region it lies in, given or found by polygon.
    pub region: Option<RegionIx>,
    /// Work starts within one of these; sorted, disjoint, never empty in a valid problem.
    pub windows: Vec<Window>,
    /// Work ends within one of these; sorted, disjoint; empty: any time.
    pub end_windows: Vec<Window>,
    /// Promises.
    pub sla: Sla,
    /// Priority class, where the job has one.
    pub priority: Option<Priority>,
    /// Price for staying unassigned, already resolved from class and weight or given.
    pub unassigned_price: Cost,
    /// Parts consumed, each part once.
    pub parts: Vec<PartQuantity>,
    /// Tools that must be at hand.
    pub tools: Vec<ToolNeed>,
    /// Only these technicians; `None`: anyone.
    pub required_technicians: Option<Vec<TechIx>>,
    /// Liked technicians; any other pays [`crate::problem::Objective::not_preferred_technician`].
    pub preferred_technicians: Vec<TechIx>,
    /// Never these technicians.
    pub excluded_technicians: Vec<TechIx>,
    /// Members of the crew; empty: one technician alone.
    pub crew: Vec<CrewMember>,
    /// What is fixed.
    pub pin: Option<Pin>,
    /// Abstract load per capacity dimension of the shift; shorter than the shift's list: zero.
    pub load: Vec<i64>,
    /// The customer, for reports and continuity.
    pub customer: Option<String>,
    /// The machine, for reports and recurring visits.
    pub asset: Option<String>,
}

/// An order between two jobs, whoever does them and on whichever day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedence {
    /// This job ends …
    pub before: JobIx,
    /// … before this one starts,
    pub after: JobIx,
    /// by at least this much
    pub min_lag: Duration,
    /// and at most this much.
    pub max_lag: Option<Duration>,
}

/// A job that returns: the engine makes the visits that fall into the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurring {
    /// The visit to repeat; its id is the stem of the ids of the visits.
    pub template: Job,
    /// From one visit to the next.
    pub interval: Duration,
    /// How far a visit may lie off its interval, either way.
    pub tolerance: Duration,
    /// When it was last done.
    pub last_done: Option<Time>,
}
