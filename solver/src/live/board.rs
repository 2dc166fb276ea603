//! A plan in force made ready for questions: routes with their summaries, and every gap between two
//! stops side by side in memory with what a bound needs of it.

use crate::instance::{FIXED_POINT, Instance, Lowered, ShiftInfo};
use crate::route::Route;
use crate::schedule;
use crate::solution::Solution;
use crate::walk;
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ShiftIx};
use dispatch_data::plan::{Activity, Plan, PlannedRoute};
use dispatch_data::problem::{PaidFrom, Problem};
use dispatch_data::travel::Travel;
use dispatch_data::units::Duration;

/// Cents by which rounding can make a bill's growth differ from its parts: one per term, before and
/// after, and one for prices per second.
const ROUNDING: i64 = 24;

/// Where a stop can be put in: between two others, or at an end of the day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) before: PlaceIx,
    pub(super) after_visit: bool,
    /// The next stop or the end place; `None` where the day ends at its last stop.
    pub(super) next: Option<PlaceIx>,
    /// Set-up of the next stop as it is, and after a stop elsewhere.
    pub(super) setup_now: i64,
    pub(super) setup_alone: i64,
    pub(super) seconds: i64,
    pub(super) meters: i64,
}

/// What a bound needs of a shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Its gaps, first and one past the last; one more than it has stops.
    pub(super) gaps: (u32, u32),
    /// What the bill could give back at most when a stop is put in, in 2⁻¹⁶ cents: waiting that work
    /// takes the place of, lateness that another timing saves, rounding.
    pub(super) reclaim: i64,
    /// What using the shift costs on top, where it is not used yet.
    pub(super) opening: i64,
}

/// A plan made ready.
pub(super) struct Board {
    lowered: Lowered,
    pub(super) routes: Vec<Route>,
    /// The days as stated, by shift.
    pub(super) days: Vec<Option<PlannedRoute>>,
    pub(super) lots: Vec<u32>,
    pub(super) absent: Vec<JobIx>,
    pub(super) gaps: Vec<Gap>,
    pub(super) rooms: Vec<Room>,
}

impl Board {
    /// The board of a plan. Visits that it cannot hold, because they break a rule, are absent from it.
    pub(super) fn new(problem: &Problem, travel: &Travel, plan: &Plan) -> Self {
        let instance = Instance::of_plan(problem, travel, plan);
        let solution = Solution::from_plan(&instance, plan);
        let mut days = vec![None; problem.shifts.len()];
        for day in schedule::routes(&solution) {
            let shift = day.shift.index();
            days[shift] = Some(day);
        }
        let mut absent = solution.absent().to_vec();
        absent.sort_unstable();
        let (mut gaps, mut rooms) = (Vec::new(), Vec::with_capacity(problem.shifts.len()));
        for route in &solution.routes {
            let first = gaps.len() as u32;
            gaps_of(&instance, route, &mut gaps);
            let day: Option<&PlannedRoute> = days[route.shift.index()].as_ref();
            let shift = instance.shift(route.shift);
            let waited = day.map_or(0, |day| waited(problem, shift, day));
            let Bill { overtime, respond_late, arrive_late, resolve_late, moved, .. } = route.bill;
            let soft = overtime + respond_late + arrive_late + resolve_late + moved;
            rooms.push(Room {
                gaps: (first, gaps.len() as u32),
                reclaim: shift.price.work * waited + ((soft.0 + ROUNDING) << FIXED_POINT),
                opening: if day.is_none() { shift.prices.shift.0 << FIXED_POINT } else { 0 },
            });
        }
        let lots = solution.lots_left().to_vec();
        let routes = solution.routes.clone();
        Self { routes, days, lots, absent, gaps, rooms, lowered: instance.lowered.clone() }
    }

    /// The instance that the board was made with.
    pub(super) fn instance<'p>(&self, problem: &'p Problem, travel: &'p Travel) -> Instance<'p> {
        Instance::again(problem, travel, self.lowered.clone())
    }

    /// The stated plan's routes, by shift.
    pub(super) fn planned(&self) -> Vec<PlannedRoute> {
        self.days.iter().flatten().cloned().collect()
    }

    /// Units of the van that the other shifts of a shift's technician use.
    pub(super) fn van_elsewhere(&self, instance: &Instance<'_>, shift: &ShiftInfo, part: PartIx) -> u32 {
        if !shift.shares_van {
            return 0;
        }
        let all = instance.problem.technician(shift.technician).shift_indices();
        all.filter(|other| *other != shift.ix).map(|other| self.routes[other.index()].supply.van_use(part)).sum()
    }

    /// Visits of a plan that the board does not hold.
    pub(super) fn dropped(&self, plan: &Plan) -> Vec<JobIx> {
        let planned = plan.routes.iter().flat_map(PlannedRoute::jobs);
        planned.filter(|job| self.absent.binary_search(job).is_ok()).collect()
    }
}

fn gaps_of(instance: &Instance<'_>, route: &Route, gaps: &mut Vec<Gap>) {
    let shift = instance.shift(route.shift);
    let mut from = shift.dawn();
    let unused = route.is_empty() && shift.settled.as_ref().is_none_or(|settled| settled.idle.is_none());
    for at in 0..=route.stops.len() {
        let (next, leg, setup_alone) = match route.stops.get(at) {
            Some(stop) => {
                let node = instance.node(stop.id);
                (Some(node.place), instance.leg(shift, from.place, node.place), node.setup.0)
            }
            None => (shift.end_place, walk::way_home(instance, shift, from.place), 0),
        };
        let setup_now = if from.visit && next == Some(from.place) { 0 } else { setup_alone };
        let (seconds, meters) = if unused { (0, 0) } else { (i64::from(leg.seconds), i64::from(leg.meters)) };
        gaps.push(Gap { before: from.place, after_visit: from.visit, next, setup_now, setup_alone, seconds, meters });
        if let Some(stop) = route.stops.get(at) {
            from = walk::From { place: instance.node(stop.id).place, visit: instance.is_job(stop.id) };
        }
    }
}

/// Paid seconds of a day that are neither road, set-up, work nor break.
fn waited(problem: &Problem, shift: &ShiftInfo, day: &PlannedRoute) -> i64 {
    let from = match problem.objective.paid_from {
        PaidFrom::LatestDeparture => day.departure(),
        PaidFrom::ShiftStart => shift.on_duty,
    };
    let mut busy: Duration = day.travel() + day.breaks.iter().map(|taken| taken.end - taken.start).sum();
    let mut last_visit = None;
    for stop in &day.stops {
        busy += stop.end - stop.start;
        let visit = match &stop.activity {
            Activity::Visit { job, member: _, parts: _ } => Some(*job),
            Activity::Collection { site: _, takes: _, tools: _ } => None,
        };
        if let Some(job) = visit
            && last_visit != Some(stop.place)
        {
            busy += problem.job(job).setup;
        }
        last_visit = visit.map(|_| stop.place);
    }
    (day.end - from - busy).0.max(0)
}

/// The gaps of a shift's day.
pub(super) fn gaps(board: &Board, shift: ShiftIx) -> &[Gap] {
    let (first, past) = board.rooms[shift.index()].gaps;
    &board.gaps[first as usize..past as usize]
}
