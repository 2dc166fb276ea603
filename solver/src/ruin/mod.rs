//! Ruin: which visits to take out of a plan before it is mended.
//!
//! Slack induction by string removals (Christiaens & Vanden Berghe 2020): around a seed job, strings
//! of neighbouring visits leave several routes at once, so that there is room in time and place.
//! Now and then a ruin has an aim of its own. Chooses only; [`crate::solution`] removes.

mod targeted;

use crate::instance::{Instance, NodeKind};
use crate::route::Route;
use crate::solution::Solution;
use dispatch_data::ids::{JobIx, ShiftIx};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Mean number of visits removed, and where steps should rather be many than thorough.
const MEAN_REMOVED: f64 = 10.0;
const FEW_REMOVED: f64 = 6.0;
/// Longest string; and where technicians differ so much that a visit may stand on few of the days around it: what leaves
/// a day that cannot take the others makes no room, so shorter ones leave more days.
const LONGEST: f64 = 10.0;
const LONGEST_AMONG_UNLIKE: f64 = 5.0;
/// Share of all pairs of shift and job that may be, below which technicians differ so much.
const UNLIKE: f64 = 0.75;
/// Chance that a string keeps a stretch in its middle.
const SPLIT: f64 = 0.5;
/// Chance that the kept stretch grows by one more.
const SPLIT_GROWS: f64 = 0.01;

/// Routes in use from which their mean length is told.
const SAMPLE: usize = 64;

/// Chances of ruins other than strings.
const RELATED: f64 = 0.02;
const REGION: f64 = 0.02;
const TECHNICIAN: f64 = 0.02;
const LATE: f64 = 0.04;
const SCARCE_PART: f64 = 0.02;

/// Scratch memory of ruins.
pub(crate) struct Ruin {
    pub(crate) seed: Option<JobIx>,
    pub(crate) removed: Vec<JobIx>,
    ruined: Vec<ShiftIx>,
    lightly: bool,
    longest: f64,
}

impl Ruin {
    /// For the days of one instance.
    pub(crate) fn new(instance: &Instance<'_>) -> Self {
        let pairs = instance.shifts.len() as f64 * instance.jobs as f64;
        let unlike = (instance.eligible.count() as f64) < UNLIKE * pairs;
        let longest = if unlike { LONGEST_AMONG_UNLIKE } else { LONGEST };
        Self { seed: None, removed: Vec::new(), ruined: Vec::new(), lightly: false, longest }
    }

    /// From here on it removes few visits at a time, or as many as are usual.
    pub(crate) fn lightly(&mut self, lightly: bool) {
        self.lightly = lightly;
    }

    /// Chooses the visits to remove, into `self.removed`: most often strings, now and then with an aim.
    pub(crate) fn choose(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) {
        let instance = solution.instance;
        let mut draw = if instance.jobs == 0 { 1.0 } else { rng.random_range(0.0..1.0) };
        let mut hit = |chance: f64, sense: bool| {
            draw -= chance;
            sense && (-chance..0.0).contains(&draw)
        };
        let done = if hit(RELATED, true) {
            self.related(solution, rng)
        } else if hit(REGION, true) {
            self.region(solution, rng)
        } else if hit(TECHNICIAN, true) {
            self.technician(solution, rng)
        } else if hit(LATE, instance.promises) {
            self.late(solution, rng)
        } else if hit(SCARCE_PART, !instance.boundless) {
            self.scarce_part(solution, rng)
        } else {
            false
        };
        if !done {
            self.strings(solution, rng);
        }
    }

    /// Chooses strings of visits near one another.
    pub(crate) fn strings(&mut self, solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) {
        let instance = solution.instance;
        self.removed.clear();
        self.ruined.clear();
        self.seed = None;
        if instance.jobs == 0 {
            return;
        }
        let some = || solution.routes.iter().filter(|route| !route.is_empty()).take(SAMPLE);
        let visits: u32 = some().map(Route::visits).sum();
        if visits == 0 {
            return;
        }
        let mean_length = (f64::from(visits) / some().count() as f64).max(1.0);
        let longest = self.longest.min(mean_length);
        let mean_removed = if self.lightly { FEW_REMOVED } else { MEAN_REMOVED };
        let most_strings = (4.0 * mean_removed / (1.0 + longest) - 1.0).max(1.0);
        let strings = rng.random_range(1.0..most_strings + 1.0).floor() as usize;
        let Some(seed) = own_seed(solution, rng) else { return };
        self.seed = Some(seed);
        self.string_around(solution, seed, longest, rng);
        for near in &instance.neighbours[seed.index()] {
            if self.ruined.len() >= strings {
                break;
            }
            self.string_around(solution, *near, longest, rng);
        }
    }

    /// Hands the day of one technician to another and back, as far as both can: the visits that fall out are
    /// in `self.removed`. False where no two days differ.
    pub(crate) fn exchange(&mut self, solution: &mut Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> bool {
        let instance = solution.instance;
        self.removed.clear();
        self.seed = None;
        if instance.jobs == 0 {
            return false;
        }
        let Some(seed) = own_seed(solution, rng) else { return false };
        let Some(one) = solution.shift_of(seed) else { return false };
        let near = &instance.near_shifts[seed.index()];
        let other = if near.is_empty() {
            ShiftIx(rng.random_range(0..instance.shifts.len() as u32))
        } else {
            near[rng.random_range(0..near.len())]
        };
        let class = |shift: ShiftIx| instance.shift(shift).class;
        if class(one) == class(other) || !solution.is_open(other) {
            return false;
        }
        self.seed = Some(seed);
        solution.exchange_days(one, other, &mut self.removed)
    }

    fn string_around(&mut self, solution: &Solution<'_>, job: JobIx, longest: f64, rng: &mut Xoshiro256PlusPlus) {
        let Some(shift) = solution.shift_of(job) else { return };
        if !solution.is_open(shift) || self.ruined.contains(&shift) {
            return;
        }
        let route = solution.route(shift);
        let center = solution.position(job);
        self.ruined.push(shift);
        let stops = route.stops.len();
        let most = longest.min(stops as f64);
        let length = (rng.random_range(1.0..most + 1.0).floor() as usize).clamp(1, stops);
        let mut kept = 0;
        if length > 1 && length < stops && rng.random_bool(SPLIT) {
            kept = 1;
            while length + kept < stops && rng.random_bool(SPLIT_GROWS) {
                kept += 1;
            }
        }
        let span = length + kept;
        let first_low = (center + 1).saturating_sub(span);
        let first_high = center.min(stops - span);
        let first = rng.random_range(first_low..=first_high);
        let gap = if kept > 0 { first + rng.random_range(1..length) } else { stops };
        for at in first..first + span {
            if at >= gap && at < gap + kept {
                continue;
            }
            if let NodeKind::Job(job) = solution.instance.kind(route.stops[at].id) {
                self.removed.push(job);
            }
        }
    }
}

/// Draws of a seed before a step is given up: where hands share a plan, few are another's every time.
const DRAWS: usize = 64;

/// A job at random among those that may be moved.
fn own_seed(solution: &Solution<'_>, rng: &mut Xoshiro256PlusPlus) -> Option<JobIx> {
    (0..DRAWS).map(|_| JobIx(rng.random_range(0..solution.instance.jobs as u32))).find(|job| {
        match solution.shift_of(*job) {
            Some(shift) => solution.is_open(shift),
            None => solution.may_place(*job),
        }
    })
}
