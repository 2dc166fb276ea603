//! Shifts made ready: prices in fixed point, breaks, limits, and which way of pricing a splice is
//! exact for them.

use crate::frozen::{self, Settled};
use crate::instance::NodeInfo;
use crate::walk::From;
use dispatch_data::bill::Bill;
use dispatch_data::ids::{PartIx, PlaceIx, ShiftIx, TechIx, ToolIx};
use dispatch_data::problem::{Break, OvertimeUntil, PaidFrom, Prices, Problem, Technician};
use dispatch_data::units::{Duration, Meters, Permille, Time};
use std::collections::HashMap;

/// The cheapest way to price a splice of a shift exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// Travel and constants only; time is a matter of yes or no. O(1).
    Flat,
    /// Travel and the shortest duration, by segments. O(1).
    Span,
    /// Everything: by walking.
    Walk,
}

/// What the search needs of a shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShiftInfo {
    pub(crate) ix: ShiftIx,
    pub(crate) technician: TechIx,
    pub(crate) travel_class: usize,
    /// When the day begins, or goes on after what is settled of it.
    pub(crate) start: Time,
    /// From when on time is paid where it is paid from the start of the shift.
    pub(crate) on_duty: Time,
    pub(crate) regular_end: Time,
    pub(crate) latest_end: Time,
    pub(crate) start_place: PlaceIx,
    pub(crate) end_place: Option<PlaceIx>,
    pub(crate) breaks: Vec<Break>,
    pub(crate) prices: Prices,
    pub(crate) even_pace: bool,
    pub(crate) grade: Grade,
    /// The way takes longer at some hours than at others.
    pub(crate) rush: bool,
    pub(crate) max_jobs: u32,
    pub(crate) max_travel: Duration,
    pub(crate) max_distance: Meters,
    pub(crate) max_duration: Duration,
    pub(crate) capacity: Vec<i64>,
    /// Shifts of the same class are the same to any job while they are empty.
    pub(crate) class: usize,
    /// The technician has more than one shift, so the van is shared between routes.
    pub(crate) shares_van: bool,
    /// Van stock at the start of the horizon.
    pub(crate) stock: Vec<(PartIx, u32)>,
    pub(crate) price: FixedPrices,
    /// What the freeze time and the live position settle, where they do.
    pub(crate) settled: Option<Box<Settled>>,
}

impl ShiftInfo {
    /// What the shift costs with nothing to do but what is settled already.
    pub(crate) fn idle_bill(&self) -> Bill {
        self.settled.as_ref().map_or_else(Bill::default, |settled| settled.idle_bill())
    }
    /// Where the technician stands when the day begins or goes on.
    #[inline]
    pub(crate) fn dawn(&self) -> From {
        let visit = self.settled.as_ref().is_some_and(|settled| settled.from.visit);
        From { place: self.start_place, visit }
    }
    /// Whether the departure of the day is settled already.
    pub(crate) fn has_departed(&self) -> bool {
        self.settled.as_ref().is_some_and(|settled| !settled.stops.is_empty() || !settled.breaks.is_empty())
    }
    /// Whether a tool is at hand without a collection.
    pub(crate) fn holds(&self, own: &Technician, tool: ToolIx) -> bool {
        own.tools.contains(&tool) || self.settled.as_ref().is_some_and(|settled| settled.tools.contains(&tool))
    }
}

/// Prices per second and metre in 2⁻¹⁶ cents: for weighing positions, never for bills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FixedPrices {
    pub(crate) travel: i64,
    pub(crate) distance: i64,
    pub(crate) work: i64,
}

pub(crate) const FIXED_POINT: u32 = 16;

impl FixedPrices {
    /// What more travel, metres and paid time weigh, in 2⁻¹⁶ cents.
    #[inline]
    pub(crate) fn weigh(self, seconds: i64, meters: i64, paid: i64) -> i64 {
        self.travel * seconds + self.distance * meters + self.work * paid
    }
}

/// Lowers all shifts. By technician: `classes` are travel classes, `rush` says whether the way takes
/// longer at some hours than at others. By shift: `likeness`, equal for equal ones.
pub(crate) fn lower(
    problem: &Problem,
    nodes: &[NodeInfo],
    classes: &[usize],
    rush: &[bool],
    likeness: &[usize],
) -> Vec<ShiftInfo> {
    let promised = nodes.iter().any(|node| node.promised);
    let single = nodes.iter().all(|node| node.plain);
    let hard_limits = problem.jobs.iter().any(|job| {
        [job.sla.respond, job.sla.arrive, job.sla.resolve].iter().flatten().any(|deadline| deadline.limit.is_some())
    });
    problem
        .shifts
        .iter()
        .enumerate()
        .map(|(at, shift)| {
            let technician = problem.technician(shift.technician);
            let prices = technician.prices;
            let timed = prices.work.0 != 0 || shift.max_duration.is_some();
            let overtime = prices.overtime.0 != 0 && shift.regular_end < shift.latest_end;
            let rush = rush[shift.technician.index()];
            let grade = if promised || hard_limits || overtime || rush {
                Grade::Walk
            } else if !timed {
                Grade::Flat
            } else if shift.breaks.is_empty() && single && problem.objective.paid_from == PaidFrom::LatestDeparture {
                Grade::Span
            } else {
                Grade::Walk
            };
            let per_second = |cents_per_hour: i64| ((cents_per_hour << FIXED_POINT) + 1800) / 3600;
            ShiftInfo {
                ix: ShiftIx::from(at),
                technician: shift.technician,
                travel_class: classes[shift.technician.index()],
                start: shift.start,
                on_duty: shift.start,
                regular_end: shift.regular_end,
                latest_end: shift.latest_end,
                start_place: shift.start_place,
                end_place: shift.end_place,
                breaks: shift.breaks.clone(),
                prices,
                even_pace: technician.skills.iter().all(|own| own.pace == Permille::ONE),
                grade,
                rush,
                max_jobs: shift.max_jobs.unwrap_or(u32::MAX),
                max_travel: shift.max_travel.unwrap_or(Duration(i64::MAX / 4)),
                max_distance: shift.max_distance.unwrap_or(Meters(i64::MAX / 4)),
                max_duration: shift.max_duration.unwrap_or(Duration(i64::MAX / 4)),
                capacity: shift.capacity.clone(),
                class: likeness[at],
                shares_van: technician.shifts.1.0 - technician.shifts.0.0 > 1,
                stock: technician.stock.clone(),
                price: FixedPrices {
                    travel: per_second(prices.travel.0),
                    distance: ((prices.distance.0 << FIXED_POINT) + 500) / 1000,
                    work: per_second(prices.work.0),
                },
                settled: None,
            }
        })
        .collect()
}

/// Whether overtime is counted to the last visit.
pub(crate) fn overtime_to_last_visit(problem: &Problem) -> bool {
    match problem.objective.overtime_until {
        OvertimeUntil::Return => false,
        OvertimeUntil::LastVisit => true,
    }
}

/// A number per shift, equal for shifts that differ only in ids; numbers are below the shift count.
pub(crate) fn classes(problem: &Problem) -> Vec<usize> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let touched = frozen::touched(problem);
    problem
        .shifts
        .iter()
        .zip(touched)
        .map(|(shift, touched)| {
            let mut person = problem.technician(shift.technician).clone();
            person.id.clear();
            person.name.clear();
            person.shifts = Default::default();
            let several = problem.technician(shift.technician).shift_indices().count() > 1;
            let mut day = shift.clone();
            if !touched {
                day.id.clear();
            }
            // Shifts of one technician share a van and a rest, so each is a class of its own person.
            let person_ix = if several || touched { Some(shift.technician) } else { None };
            day.technician = TechIx(0);
            let count = known.len();
            *known.entry(format!("{person_ix:?}{person:?}{day:?}")).or_insert(count)
        })
        .collect()
}
