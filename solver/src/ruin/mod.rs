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
/// Jobs up to which few visits are removed also where technicians are alike. A long string is most of what few visits make,
/// so hardly two days are opened at once; with more jobs that costs more than the quicker steps bring.
const SMALL: usize = 150;
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
    /// Iterations to spare are spent on many small steps.
    fine: bool,
    longest: f64,
}

impl Ruin {
    /// For the days of one instance.
    pub(crate) fn new(instance: &Instance<'_>) -> Self {
        let pairs = instance.shifts.len() as f64 * instance.jobs as f64;
        let unlike = (instance.eligible.count() as f64) < UNLIKE * pairs;
        let longest = if unlike { LONGEST_AMONG_UNLIKE } else { LONGEST };
        let fine = unlike || instance.jobs <= SMALL;
        Self { seed: None, removed: Vec::new(), ruined: Vec::new(), lightly: false, fine, longest }
    }

    /// From here on it removes few visits at a time, or as many as are usual: few where jobs are left out, and
    /// where iterations are ample and days are such that small steps find more.
    pub(crate) fn suit(&mut self, ample: bool, leaves_out: bool) {
        self.lightly = leaves_out || (ample && self.fine);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::construct::construct;
    use crate::tests::random_day::{Size, random_day, rng};
    use dispatch_data::ids::TechIx;
    use dispatch_data::problem::{SkillNeed, Sla, Window};
    use dispatch_data::units::{Duration, Time};
    use std::collections::BTreeMap;

    /// Visits removed by strings on average, and from one day at most.
    fn removed(solution: &Solution<'_>, ample: bool, leaves_out: bool) -> (f64, usize) {
        let (mut ruin, mut rng) = (Ruin::new(solution.instance), rng(1));
        ruin.suit(ample, leaves_out);
        let (mut sum, mut most) = (0, 0);
        for _ in 0..500 {
            ruin.strings(solution, &mut rng);
            let mut of_day: BTreeMap<ShiftIx, usize> = BTreeMap::new();
            for job in &ruin.removed {
                *of_day.entry(solution.shift_of(*job).expect("who is removed stood somewhere")).or_default() += 1;
            }
            sum += ruin.removed.len();
            most = most.max(of_day.into_values().max().unwrap_or(0));
        }
        (sum as f64 / 500.0, most)
    }

    /// A day of so many short jobs that anyone can do, or only every other technician, each on long shifts.
    fn with_day(jobs: usize, unlike: bool, look: impl Fn(&Solution<'_>)) {
        let (problem, travel) = random_day(1, Size { jobs, technicians: 6 });
        let mut draft = problem.into_draft();
        let whole = Window { open: Time(0), close: draft.horizon.end() };
        for (at, job) in draft.jobs.iter_mut().enumerate() {
            (job.work, job.setup, job.windows) = (Duration(60), Duration::ZERO, vec![whole]);
            (job.skills, job.region, job.pin, job.required_technicians) = (SkillNeed::default(), None, None, None);
            (job.sla, job.end_windows, job.parts, job.tools) = (Sla::default(), Vec::new(), Vec::new(), Vec::new());
            job.excluded_technicians =
                (0..6).filter(|other| unlike && (at as u32 + other).is_multiple_of(2)).map(TechIx).collect();
        }
        for shift in &mut draft.shifts {
            (shift.regular_end, shift.latest_end) =
                (shift.start + Duration::hours(12), shift.start + Duration::hours(12));
            shift.max_jobs = Some(20);
            (shift.max_travel, shift.max_distance, shift.max_duration) = (None, None, None);
            shift.breaks.clear();
            shift.capacity.clear();
        }
        let problem = draft.check().expect("a plain day");
        let instance = Instance::new(&problem, &travel);
        let solution = construct(&instance, None, &|| false);
        let used: Vec<u32> = solution.routes.iter().map(Route::visits).filter(|visits| *visits > 0).collect();
        assert!(used.len() >= 3 && used.iter().sum::<u32>() >= 10 * used.len() as u32, "{used:?}");
        look(&solution);
    }

    #[test]
    fn strings_are_shorter_among_unlike_technicians() {
        with_day(160, true, |solution| {
            let most = removed(solution, true, false).1;
            assert!(most > 2 && most <= LONGEST_AMONG_UNLIKE as usize, "{most}");
        });
        with_day(160, false, |solution| {
            let most = removed(solution, true, false).1;
            assert!(most > LONGEST_AMONG_UNLIKE as usize && most <= LONGEST as usize, "{most}");
        });
    }

    #[test]
    fn ample_iterations_go_to_small_steps_but_on_large_days_of_technicians_alike() {
        for (jobs, unlike, small) in [(160, true, true), (160, false, false), (60, false, true)] {
            with_day(jobs, unlike, |solution| {
                let mean = |ample, leaves_out| removed(solution, ample, leaves_out).0;
                let usual = mean(false, false);
                assert_eq!(mean(true, false) < 0.8 * usual, small, "{jobs} jobs: {usual} usually");
                assert!(mean(false, true) < 0.8 * usual, "{jobs} jobs: {usual} where all are served");
            });
        }
    }
}
