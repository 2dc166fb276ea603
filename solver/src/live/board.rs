//! A plan in force made ready for questions: routes with their summaries, and every gap between two
//! stops side by side in memory with what a bound needs of it.

use super::delay::{self, Delays, PaidToEnd, STEPS};
use crate::instance::{FIXED_POINT, Instance, Lowered, ShiftInfo};
use crate::route::Route;
use crate::rules;
use crate::schedule;
use crate::solution::Solution;
use crate::walk;
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ShiftIx};
use dispatch_data::plan::{Activity, Plan, PlannedRoute};
use dispatch_data::problem::{PaidFrom, Problem};
use dispatch_data::travel::Travel;
use dispatch_data::units::{Cost, Duration, Time};
use rayon::prelude::*;

/// Cents by which rounding can make a bill's growth differ from its parts: one per term, before and
/// after, and one for prices per second.
const ROUNDING: i64 = 24;

/// Where a stop can be put in: between two others, or at an end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// When the way can begin at the earliest: with the breaks that take least before, and most.
    pub(super) free: (Time, Time),
}

/// What a bound needs of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// Its gaps, first and one past the last; one more than it has stops.
    pub(super) gaps: (u32, u32),
    /// What of the bill is reckoned anew with a newcomer, and so is taken off before, in 2⁻¹⁶ cents:
    /// lateness, overtime, moved starts, waiting that work takes the place of; and rounding.
    pub(super) anew: i64,
    /// What using the shift costs on top, where it is not used yet.
    pub(super) opening: i64,
    /// The costs of delays are known; else nothing but road and work is.
    pub(super) timed: bool,
    /// Paid time hangs on the end of the day alone, and is among the costs of delays.
    pub(super) paid_to_end: bool,
}

/// A plan made ready.
#[derive(Clone)]
pub(super) struct Board {
    lowered: Lowered,
    pub(super) routes: Vec<Route>,
    /// The days as stated, by shift.
    pub(super) days: Vec<Option<PlannedRoute>>,
    pub(super) lots: Vec<u32>,
    pub(super) absent: Vec<JobIx>,
    pub(super) gaps: Vec<Gap>,
    pub(super) rooms: Vec<Room>,
    /// What delays cost, a row per gap.
    pub(super) delays: Vec<i32>,
}

impl Board {
    /// The board of a plan. Visits that it cannot hold, because they break a rule, are absent from it.
    pub(super) fn new(problem: &Problem, travel: &Travel, plan: &Plan) -> Self {
        let instance = Instance::of_plan(problem, travel, plan);
        let solution = Solution::from_plan(&instance, plan);
        Self::of(&instance, solution, |_| None)
    }

    /// The board of a solution; a shift of which an `earlier` board says the same has its day from there.
    pub(super) fn of<'b>(
        instance: &Instance<'_>,
        solution: Solution<'_>,
        earlier: impl Fn(ShiftIx) -> Option<&'b Self> + Sync,
    ) -> Self {
        let made: Vec<Option<Shown>> = solution
            .routes
            .par_iter()
            .map(|route| earlier(route.shift).is_none().then(|| shown(instance, route)))
            .collect();
        let mut days = Vec::with_capacity(made.len());
        let (mut gaps, mut rooms, mut delays) = (Vec::new(), Vec::with_capacity(made.len()), Vec::new());
        for (shift, made) in (0..made.len()).map(ShiftIx::from).zip(made) {
            let first = gaps.len();
            let room = match (made, earlier(shift)) {
                (Some(Shown { day, gaps: own, room, delays: costs }), _) => {
                    gaps.extend(own);
                    match costs {
                        Some(Delays { free: _, costs }) => delays.extend(costs),
                        None => delays.resize(gaps.len() * STEPS, 0),
                    }
                    days.push(day);
                    room
                }
                (None, Some(board)) => {
                    let room = board.rooms[shift.index()];
                    let (from, past) = (room.gaps.0 as usize, room.gaps.1 as usize);
                    gaps.extend_from_slice(&board.gaps[from..past]);
                    delays.extend_from_slice(&board.delays[from * STEPS..past * STEPS]);
                    days.push(board.days[shift.index()].clone());
                    room
                }
                (None, None) => continue,
            };
            rooms.push(Room { gaps: (first as u32, gaps.len() as u32), ..room });
        }
        let mut absent = solution.absent().to_vec();
        absent.sort_unstable();
        let lots = solution.lots_left().to_vec();
        Self { routes: solution.routes, days, lots, absent, gaps, rooms, delays, lowered: instance.lowered.clone() }
    }

    /// What was lowered for it.
    pub(super) fn lowered(&self) -> &Lowered {
        &self.lowered
    }

    /// The instance that the board was made with.
    pub(super) fn instance<'p>(&self, problem: &'p Problem, travel: &'p Travel) -> Instance<'p> {
        Instance::again(problem, travel, self.lowered.clone())
    }

    /// A shift as lowered.
    pub(super) fn shift(&self, shift: ShiftIx) -> &ShiftInfo {
        &self.lowered.shifts[shift.index()]
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

/// One shift made ready.
struct Shown {
    day: Option<PlannedRoute>,
    gaps: Vec<Gap>,
    room: Room,
    delays: Option<Delays>,
}

fn shown(instance: &Instance<'_>, route: &Route) -> Shown {
    let planned = schedule::day(instance, route);
    let day = planned.as_ref();
    let (problem, shift) = (instance.problem, instance.shift(route.shift));
    let unused = route.is_empty() && shift.settled.as_ref().is_none_or(|settled| settled.idle.is_none());
    let paid_to_end = problem.objective.paid_from == PaidFrom::ShiftStart || shift.has_departed();
    let from = match (problem.objective.paid_from, &shift.settled) {
        (PaidFrom::LatestDeparture, Some(settled)) => settled.departure().unwrap_or(shift.on_duty),
        (PaidFrom::LatestDeparture, None) | (PaidFrom::ShiftStart, _) => shift.on_duty,
    };
    let unpaid: Duration = shift.breaks.iter().filter(|rest| !rest.paid).map(|rest| rest.duration).sum();
    let paid = paid_to_end.then(|| PaidToEnd { rate: shift.prices.work, from: from + unpaid });
    let delays = delay::of(instance, route, paid, unused);
    let gaps = gaps_of(instance, route, delays.as_ref(), unused);
    let Bill { overtime, respond_late, arrive_late, resolve_late, moved, work, .. } = route.bill;
    let soft = overtime + respond_late + arrive_late + resolve_late + moved;
    let waited = shift.price.work * day.map_or(0, |day| waited(problem, shift, day));
    let anew = if delays.is_some() {
        let fixed = (soft - settled_promises(instance, route)).0 << FIXED_POINT;
        fixed + if paid_to_end { work.0 << FIXED_POINT } else { waited }
    } else {
        (soft.0 << FIXED_POINT) + waited + day.map_or(0, |day| hurried(shift, day, &gaps))
    };
    let room = Room {
        gaps: (0, 0),
        anew: anew + (ROUNDING << FIXED_POINT),
        opening: if day.is_none() { shift.prices.shift.0 << FIXED_POINT } else { 0 },
        timed: delays.is_some(),
        paid_to_end,
    };
    Shown { day: planned, gaps, room, delays }
}

/// What promises cost that no newcomer can change: of frozen stops, and of visits with another technician
/// than the plan in force says.
fn settled_promises(instance: &Instance<'_>, route: &Route) -> Cost {
    let shift = instance.shift(route.shift);
    let technicians: Cost = route.stops.iter().map(|stop| rules::technician_price(instance, shift, stop.id)).sum();
    let frozen = shift.settled.as_ref().map_or(0, |settled| settled.lane.ledger.lateness());
    technicians + Cost(frozen.div_euclid(3600))
}

/// By how much the road of a day weighs more than at its quickest hours.
fn hurried(shift: &ShiftInfo, day: &PlannedRoute, gaps: &[Gap]) -> i64 {
    let open = day.stops.len() + 1 - gaps.len().min(day.stops.len() + 1);
    let ahead = &day.stops[open..];
    let seconds: Duration = ahead.iter().map(|stop| stop.travel).sum::<Duration>() + day.return_travel;
    let meters: i64 = ahead.iter().map(|stop| stop.distance.0).sum::<i64>() + day.return_distance.0;
    let quickest: (i64, i64) = gaps.iter().fold((0, 0), |sum, gap| (sum.0 + gap.seconds, sum.1 + gap.meters));
    let (seconds, meters) = ((seconds.0 - quickest.0).max(0), (meters - quickest.1).max(0));
    shift.price.weigh(seconds, meters, seconds)
}

fn gaps_of(instance: &Instance<'_>, route: &Route, delays: Option<&Delays>, unused: bool) -> Vec<Gap> {
    let shift = instance.shift(route.shift);
    let mut gaps = Vec::with_capacity(route.stops.len() + 1);
    let mut from = shift.dawn();
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
        // Where nothing is known, the way may begin at any time.
        let free = delays.map_or((Time::ALWAYS, Time::NEVER), |delays| delays.free[at]);
        gaps.push(Gap {
            before: from.place,
            after_visit: from.visit,
            next,
            setup_now,
            setup_alone,
            seconds,
            meters,
            free,
        });
        if let Some(stop) = route.stops.get(at) {
            from = walk::From { place: instance.node(stop.id).place, visit: instance.is_job(stop.id) };
        }
    }
    gaps
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
