//! What a plan costs, reckoned from the problem and the stated times alone.
//!
//! Every term is one product sum of the route's total, divided once and rounded down. Claimed
//! bills are not looked at here.

use super::case::{Case, Day, visit};
use super::exact::{Exact, cents, late, product, share};
use super::limits::on_the_road;
use super::sla::promises;
use crate::bill::{Bill, Term};
use crate::ids::{JobIx, TechIx};
use crate::problem::{OvertimeUntil, PaidFrom, Sla, SlaEvent};
use crate::units::{Cost, Rate, Time};
use std::collections::HashMap;

/// Bills of all routes in the plan's order (nothing for a route on an unknown shift), then of the
/// whole plan.
pub(super) fn bills(case: &Case<'_>) -> (Vec<Bill>, Bill) {
    let mut routes = vec![Bill::default(); case.plan.routes.len()];
    let current = Current::of(case);
    for day in &case.days {
        routes[day.index] = of_day(case, day, &current);
    }
    let out = case.visits_of.iter().enumerate().filter(|(_, visits)| visits.is_empty());
    let unassigned = out.map(|(job, _)| drop_price(case, JobIx::from(job))).sum();
    let sum = |term: Term| routes.iter().map(|bill| bill.term(term).exact()).sum();
    let plan = Bill {
        travel: cents(sum(Term::Travel)),
        distance: cents(sum(Term::Distance)),
        work: cents(sum(Term::Work)),
        shift: cents(sum(Term::Shift)),
        overtime: cents(sum(Term::Overtime)),
        respond_late: cents(sum(Term::RespondLate)),
        arrive_late: cents(sum(Term::ArriveLate)),
        resolve_late: cents(sum(Term::ResolveLate)),
        preference: cents(sum(Term::Preference)),
        moved: cents(sum(Term::Moved)),
        unassigned: cents(unassigned),
    };
    (routes, plan)
}

/// What leaving a job out costs: its own price and its promises up to the end of the horizon.
pub(super) fn drop_price(case: &Case<'_>, job: JobIx) -> i128 {
    let job = &case.problem.jobs[job.index()];
    let end = Time(case.problem.horizon.length.0);
    let Sla { respond, arrive, resolve } = job.sla;
    let promises = [respond, arrive, resolve].into_iter().flatten();
    let late: i128 = promises.map(|promise| product(promise.late_price.exact(), late(end, promise.due))).sum();
    job.unassigned_price.exact() + share(late, 3600)
}

fn of_day(case: &Case<'_>, day: &Day<'_>, current: &Current) -> Bill {
    let prices = &day.technician.prices;
    let objective = &case.problem.objective;
    let per_hour = |rate: Rate, seconds: i128| cents(share(product(rate.exact(), seconds), 3600));

    let (travel, distance) = on_the_road(day);
    let last_visit = day.visits(case.problem).last().map(|visit| visit.stop.end);
    let overtime = match objective.overtime_until {
        OvertimeUntil::Return => late(day.route.end, day.shift.regular_end),
        OvertimeUntil::LastVisit => last_visit.map_or(0, |end| late(end, day.shift.regular_end)),
    };
    let [respond, arrive, resolve] = lateness(case, day);
    let (preference, moved) = choices(case, day, current);
    Bill {
        travel: per_hour(prices.travel, travel),
        distance: cents(share(product(prices.distance.exact(), distance), 1000)),
        work: per_hour(prices.work, paid_time(case, day)),
        shift: if last_visit.is_some() { cents(prices.shift.exact()) } else { Cost::ZERO },
        overtime: per_hour(prices.overtime, overtime),
        respond_late: cents(share(respond, 3600)),
        arrive_late: cents(share(arrive, 3600)),
        resolve_late: cents(share(resolve, 3600)),
        preference: cents(preference),
        moved: cents(moved),
        unassigned: Cost::ZERO,
    }
}

/// From departure, or the start of the shift, to the end of the day, without unpaid breaks.
fn paid_time(case: &Case<'_>, day: &Day<'_>) -> i128 {
    let from = match case.problem.objective.paid_from {
        PaidFrom::LatestDeparture => day.departure(),
        PaidFrom::ShiftStart => day.shift.start,
    };
    let is_unpaid = |rule: usize| day.shift.breaks.get(rule).is_some_and(|rule| !rule.paid);
    let unpaid = day.route.breaks.iter().filter(|taken| is_unpaid(taken.rule));
    let unpaid: i128 = unpaid.map(|taken| taken.end.exact() - taken.start.exact()).sum();
    day.route.end.exact() - from.exact() - unpaid
}

/// Sum of price × seconds late of each kind of promise.
fn lateness(case: &Case<'_>, day: &Day<'_>) -> [i128; 3] {
    let mut sums = [0; 3];
    for visit in day.visits(case.problem) {
        for (event, promise, moment) in promises(&visit) {
            let sum = match event {
                SlaEvent::Respond => &mut sums[0],
                SlaEvent::Arrive => &mut sums[1],
                SlaEvent::Resolve => &mut sums[2],
            };
            *sum += product(promise.late_price.exact(), late(moment, promise.due));
        }
    }
    sums
}

/// Prices of visits that are not as liked, and of visits that are not as in the current plan.
fn choices(case: &Case<'_>, day: &Day<'_>, current: &Current) -> (i128, i128) {
    let objective = &case.problem.objective;
    let liked = &day.technician.preferred_regions;
    let (mut preference, mut moved, mut start_moved) = (0, 0, 0);
    for visit in day.visits(case.problem) {
        if !liked.is_empty() && visit.job.region.is_some_and(|region| !liked.contains(&region)) {
            preference += objective.outside_preferred_region.exact();
        }
        let wanted = &visit.job.preferred_technicians;
        if !wanted.is_empty() && !wanted.contains(&day.technician_ix) {
            preference += objective.not_preferred_technician.exact();
        }
        if let Some((technician, start)) = current.0.get(&(visit.job_ix, visit.member)) {
            if technician.is_some_and(|technician| technician != day.technician_ix) {
                moved += objective.moved_technician.exact();
            }
            start_moved += (visit.stop.start.exact() - start.exact()).abs();
        }
    }
    (preference, moved + share(product(objective.moved_start.exact(), start_moved), 3600))
}

/// Who does what when in the plan in force.
struct Current(HashMap<(JobIx, u8), (Option<TechIx>, Time)>);

impl Current {
    fn of(case: &Case<'_>) -> Self {
        let routes = case.problem.current.iter().flat_map(|plan| &plan.routes);
        let visits = routes.flat_map(|route| {
            let technician = case.problem.shifts.get(route.shift.index()).map(|shift| shift.technician);
            let visits = route.stops.iter().filter_map(|stop| visit(case.problem, 0, stop));
            visits.map(move |visit| ((visit.job_ix, visit.member), (technician, visit.stop.start)))
        });
        Self(visits.collect())
    }
}
