//! The board of the plan that comes next, where only a few days are different: those are settled anew,
//! all others stand as they did.
//!
//! What a day hangs on is compared, not believed: its shift as lowered, its visits as lowered, the lots it
//! takes from. Where something lies deeper (other flags of the whole instance, other stores) there is no
//! short way, and [`Board::new`] is the answer.

use super::board::Board;
use crate::instance::{Instance, Lowered};
use crate::route::Route;
use crate::solution::Solution;
use dispatch_data::ids::ShiftIx;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::{ProfileLegs, Travel};

/// What a change may have made different, in a problem whose shifts, technicians, sites and prices are
/// those of before and whose jobs have kept their numbers.
#[derive(Clone, Copy)]
pub(super) struct Touched<'c> {
    /// Shifts with another day than before in the plan, or a visit on it that is asked for differently.
    pub(super) shifts: &'c [ShiftIx],
    /// Legs of the one place that came in, if one did.
    pub(super) told: &'c [ProfileLegs],
}

impl Board {
    /// The board of the plan that comes next; equal to [`Board::new`] in everything but the time it takes.
    pub(super) fn after(
        &self,
        travel_before: &Travel,
        (problem, travel): (&Problem, &Travel),
        plan: &Plan,
        touched: Touched<'_>,
    ) -> Self {
        let renewed = self.renewed(travel_before, (problem, travel), plan, touched);
        let board = renewed.unwrap_or_else(|| Self::new(problem, travel, plan));
        #[cfg(debug_assertions)]
        board.assert_equals(&Self::new(problem, travel, plan));
        board
    }

    fn renewed(
        &self,
        travel_before: &Travel,
        (problem, travel): (&Problem, &Travel),
        plan: &Plan,
        touched: Touched<'_>,
    ) -> Option<Self> {
        let before = self.lowered();
        let instance = Instance::of_plan_after(before, travel_before, (problem, travel), plan, touched.told)?;
        if !same_world(before, &instance.lowered) {
            return None;
        }
        let mut anew = self.different(&instance, touched.shifts);
        let solution = self.settled(&instance, plan, &anew);
        let takes = |route: &Route| route.supply.fetches.iter().any(|fetch| fetch.lot.is_some());
        let (was, is) = (&self.routes, &solution.routes);
        let stores = (0..anew.len()).any(|shift| anew[shift] && (takes(&was[shift]) || takes(&is[shift])));
        let solution = if stores {
            // What one takes from a store another cannot: all who take are settled anew, in their order.
            for (anew, route) in anew.iter_mut().zip(&self.routes) {
                *anew |= takes(route);
            }
            self.settled(&instance, plan, &anew)
        } else {
            solution
        };
        Some(Self::of(&instance, solution, |shift| (!anew[shift.index()]).then_some(self)))
    }

    /// Shifts whose day may be another one.
    fn different(&self, instance: &Instance<'_>, told: &[ShiftIx]) -> Vec<bool> {
        let before = self.lowered();
        let mut anew: Vec<bool> = before.shifts.iter().zip(&*instance.shifts).map(|(was, is)| was != is).collect();
        for shift in told {
            anew[shift.index()] = true;
        }
        for route in &self.routes {
            let same = |stop: &crate::walk::RouteNode| {
                let node = stop.id.0 as usize;
                node >= before.jobs || before.nodes[node] == instance.nodes[node]
            };
            anew[route.shift.index()] |= !route.stops.iter().all(same);
        }
        // One van serves all shifts of its technician.
        for shift in (0..anew.len()).filter(|shift| anew[*shift]).collect::<Vec<_>>() {
            for other in instance.problem.technician(instance.shifts[shift].technician).shift_indices() {
                anew[other.index()] = true;
            }
        }
        anew
    }

    /// The plan's solution, with the routes of before where they stand.
    fn settled<'i>(&self, instance: &'i Instance<'i>, plan: &Plan, anew: &[bool]) -> Solution<'i> {
        let before = self.lowered();
        let more = (instance.jobs - before.jobs) as u32;
        let held = self.routes.iter().filter(|route| !anew[route.shift.index()]).map(|route| {
            let mut route = route.clone();
            // Collections are numbered after the jobs.
            for stop in route.stops.iter_mut().filter(|stop| stop.id.0 as usize >= before.jobs) {
                stop.id.0 += more;
            }
            route
        });
        Solution::from_plan_and(instance, plan, held.collect())
    }

    /// Panics where two boards of one plan are not the same.
    #[cfg(any(debug_assertions, test))]
    pub(super) fn assert_equals(&self, other: &Self) {
        let plain = |board: &Self| -> Vec<String> {
            let unversioned = |route: &Route| {
                let mut route = route.clone();
                route.version = 0;
                format!("{route:?}")
            };
            board.routes.iter().map(unversioned).collect()
        };
        for (own, others) in plain(self).iter().zip(&plain(other)) {
            assert_eq!(own, others, "routes");
        }
        assert_eq!(self.days, other.days, "days");
        assert_eq!((&self.lots, &self.absent), (&other.lots, &other.absent), "lots and absent jobs");
        assert_eq!((&self.gaps, &self.rooms), (&other.gaps, &other.rooms), "gaps");
        assert_eq!(self.delays, other.delays, "costs of delays");
        let (own, others) = (self.lowered(), other.lowered());
        assert_eq!(own.nodes, others.nodes, "nodes");
        assert_eq!(own.shifts, others.shifts, "shifts");
        assert_eq!(own.barred, others.barred, "barred pairs");
    }
}

/// Whether what is true of all jobs and stores together is still true of them, and jobs only came in.
fn same_world(was: &Lowered, is: &Lowered) -> bool {
    let flags = |lowered: &Lowered| {
        let Lowered { any_supply, stock_is_shared, boundless, starts_are_priced, promises, .. } = lowered;
        [*any_supply, *stock_is_shared, *boundless, *starts_are_priced, *promises]
    };
    was.jobs <= is.jobs
        && was.shifts.len() == is.shifts.len()
        && was.nodes.len() - was.jobs == is.nodes.len() - is.jobs
        && flags(was) == flags(is)
        && was.lots_at_start == is.lots_at_start
        && was.is_frozen[..] == is.is_frozen[..was.jobs]
}

#[cfg(test)]
mod tests {
    use super::super::{Live, Ticket};
    use super::Touched;
    use crate::tests::random_day::{Size, frozen_day, random_day};
    use crate::{Params, Stop, solve};
    use dispatch_data::ids::{JobIx, TechIx};

    /// A live day without its last job, and that job.
    fn live(seed: u64) -> Option<(Live, Ticket)> {
        let size = Size { jobs: 14, technicians: 5 };
        let (problem, travel) = if seed.is_multiple_of(2) { frozen_day(seed, size) } else { random_day(seed, size) };
        let mut draft = problem.into_draft();
        let ticket = Ticket::new(draft.jobs.pop()?);
        let problem = draft.check().ok()?;
        let params = Params { seed, islands: 1, ..Params::default() };
        let plan = solve(&problem, &travel, &params, &Stop::iterations(15)).plan;
        Live::new(problem, travel, plan).ok().map(|live| (live, ticket))
    }

    /// Whether the short way was open from one version to the next; if so it leads to the board made anew.
    fn renewed(before: &Live, after: &Live, touched: Touched<'_>) -> bool {
        let world = (&after.problem, &after.travel);
        let short = before.board.renewed(&before.travel, world, &after.plan, touched);
        let anew = super::Board::new(&after.problem, &after.travel, &after.plan);
        after.board.assert_equals(&anew);
        short.is_some_and(|board| {
            board.assert_equals(&anew);
            true
        })
    }

    #[test]
    fn after_an_answer_the_board_is_the_one_that_would_be_made_anew() {
        let (mut accepted, mut refused, mut asked) = (0, 0, 0);
        for seed in 0..40 {
            let Some((mut live, ticket)) = live(seed) else { continue };
            let best = live.recommend(&ticket, 1).unwrap();
            if let Some(offer) = best.offers.first() {
                let (next, _) = live.accepted(&ticket, offer.technician, live.version()).unwrap();
                let touched = Touched { shifts: &[offer.shift], told: ticket.legs() };
                accepted += usize::from(renewed(&live, &next, touched));
                asked += 1;
                live = next;
            }
            for job in (0..live.problem.jobs.len()).map(JobIx::from) {
                let planned = live.plan.routes.iter().find(|route| route.jobs().any(|own| own == job));
                let shifts: Vec<_> = planned.iter().map(|route| route.shift).collect();
                let who = planned.map_or(TechIx(0), |route| live.problem.shift(route.shift).technician);
                let Ok((next, _)) = live.declined(&live.problem.job(job).id, who) else { continue };
                refused += usize::from(renewed(&live, &next, Touched { shifts: &shifts, told: &[] }));
                asked += 1;
                live = next;
            }
        }
        assert!(accepted > 10 && refused > 100, "{accepted} and {refused} of {asked} by the short way");
    }
}
