//! The plan of the whole between rounds: who has which job, and the routes as they were stated last.

use crate::decompose::{Part, Piece};
use crate::frozen;
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, ShiftIx, TechIx};
use dispatch_data::plan::{Activity, Plan, PlannedRoute, Stop, Unassigned};
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// With nobody; to be placed.
    Open,
    /// With nobody, and no search honours what it asks for.
    Never,
    /// With this technician.
    With(TechIx),
}

/// A very large plan under work. Begun from a plan, or from none.
#[derive(Clone, Debug)]
pub struct Whole<'p> {
    pub(super) problem: &'p Problem,
    pub(super) travel: &'p Travel,
    /// By shift.
    pub(super) routes: Vec<Option<PlannedRoute>>,
    /// By job.
    pub(super) at: Vec<At>,
    /// By job: its visit is frozen.
    pub(super) frozen: Vec<bool>,
    /// By job, in the plan in force: the shift and the stop's position there.
    pub(super) in_force: Vec<Option<(ShiftIx, u32)>>,
    /// By shift: its route in the plan in force.
    pub(super) was: Vec<Option<&'p PlannedRoute>>,
    /// By job: why nobody has it, as far as it was asked.
    left: Vec<Option<Unassigned>>,
}

pub(super) fn job_of(stop: &Stop) -> Option<JobIx> {
    match &stop.activity {
        Activity::Visit { job, member: _, parts: _ } => Some(*job),
        Activity::Collection { site: _, takes: _, tools: _ } => None,
    }
}

impl<'p> Whole<'p> {
    /// The plan to start from. What of `start` names nothing of the problem, or names it twice, is left out.
    pub fn new(problem: &'p Problem, travel: &'p Travel, start: Option<&Plan>) -> Self {
        let jobs = problem.jobs.len();
        let mut whole = Self {
            problem,
            travel,
            routes: vec![None; problem.shifts.len()],
            at: vec![At::Open; jobs],
            frozen: vec![false; jobs],
            in_force: vec![None; jobs],
            was: vec![None; problem.shifts.len()],
            left: vec![None; jobs],
        };
        for (job, at) in problem.jobs.iter().zip(&mut whole.at) {
            if !job.crew.is_empty() {
                *at = At::Never;
            }
        }
        for order in &problem.precedences {
            whole.at[order.before.index()] = At::Never;
            whole.at[order.after.index()] = At::Never;
        }
        for route in problem.current.iter().flat_map(|plan| &plan.routes) {
            if whole.was[route.shift.index()].is_some() {
                continue;
            }
            whole.was[route.shift.index()] = Some(route);
            let technician = problem.shift(route.shift).technician;
            let settled = frozen::count(problem, route);
            for (at, stop) in route.stops.iter().enumerate() {
                let Some(job) = job_of(stop) else { continue };
                whole.in_force[job.index()] = Some((route.shift, at as u32));
                if at < settled {
                    whole.frozen[job.index()] = true;
                    whole.at[job.index()] = At::With(technician);
                }
            }
        }
        for route in start.iter().flat_map(|plan| &plan.routes) {
            let Some(shift) = problem.shifts.get(route.shift.index()) else { continue };
            if whole.routes[route.shift.index()].is_some() {
                continue;
            }
            for job in route.stops.iter().filter_map(job_of) {
                if let Some(at) = whole.at.get_mut(job.index())
                    && *at == At::Open
                {
                    *at = At::With(shift.technician);
                }
            }
            whole.routes[route.shift.index()] = Some(route.clone());
        }
        whole
    }

    /// Jobs that nobody has and that can be placed.
    pub fn open(&self) -> impl Iterator<Item = JobIx> + '_ {
        let open = self.at.iter().enumerate().filter(|(_, at)| **at == At::Open);
        open.map(|(job, _)| JobIx::from(job))
    }

    /// Jobs on the routes of a technician as far as they are this technician's, frozen ones included; one
    /// may come twice.
    pub(super) fn jobs_with(&self, technician: TechIx) -> impl Iterator<Item = JobIx> + '_ {
        let shifts = self.problem.technician(technician).shift_indices();
        let routes = shifts.flat_map(|shift| {
            let planned = self.routes[shift.index()].as_ref().map(|route| &route.stops[..]);
            let was = self.was[shift.index()].map(|was| &was.stops[..frozen::count(self.problem, was)]);
            was.into_iter().chain(planned).flatten()
        });
        let own = At::With(technician);
        routes.filter_map(job_of).filter(move |job| self.at.get(job.index()) == Some(&own))
    }

    /// Jobs that are a part's to place, ascending.
    pub(super) fn jobs_of(&self, part: &Part) -> Vec<JobIx> {
        let mut jobs: Vec<JobIx> = part.technicians.iter().flat_map(|technician| self.jobs_with(*technician)).collect();
        jobs.extend(part.open.iter().filter(|job| self.at[job.index()] == At::Open));
        jobs.sort_unstable();
        jobs.dedup();
        jobs
    }

    /// Takes in what was made of a part.
    pub fn take(&mut self, piece: Piece) {
        let Piece { technicians, jobs, routes, unassigned } = piece;
        for technician in technicians {
            for shift in self.problem.technician(technician).shift_indices() {
                self.routes[shift.index()] = None;
            }
        }
        for job in jobs.into_iter().filter(|job| !self.frozen[job.index()]) {
            self.at[job.index()] = At::Open;
            self.left[job.index()] = None;
        }
        for route in routes {
            let technician = self.problem.shift(route.shift).technician;
            for job in route.stops.iter().filter_map(job_of) {
                self.at[job.index()] = At::With(technician);
            }
            let shift = route.shift.index();
            self.routes[shift] = Some(route);
        }
        for left in unassigned {
            let job = left.job.index();
            self.left[job] = Some(left);
        }
    }

    /// What the plan costs by now.
    pub(super) fn bill(&self) -> Bill {
        let mut bill: Bill = self.routes.iter().flatten().map(|route| route.bill).sum();
        let absent = self.at.iter().enumerate().filter(|(_, at)| !matches!(at, At::With(_)));
        bill.unassigned = absent.map(|(job, _)| self.problem.drop_price(JobIx::from(job))).sum();
        bill
    }

    /// The whole plan.
    pub fn into_plan(self) -> Plan {
        let bill = self.bill();
        let Self { problem, travel, routes, at, frozen: _, in_force: _, was: _, left } = self;
        let absent = at.iter().zip(left).enumerate().filter(|(_, (at, _))| !matches!(at, At::With(_)));
        let unassigned = absent.map(|(job, (_, known))| {
            known.unwrap_or_else(|| Unassigned {
                job: JobIx::from(job),
                price: problem.drop_price(JobIx::from(job)),
                reasons: Vec::new(),
                relaxation: None,
            })
        });
        Plan {
            unassigned: unassigned.collect(),
            routes: routes.into_iter().flatten().collect(),
            bill,
            travel_fingerprint: travel.fingerprint(),
            ..Plan::default()
        }
    }
}
