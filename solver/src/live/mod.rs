//! A live plan held in memory: who should take a ticket, and what becomes of the day when something
//! happens.
//!
//! [`Live::recommend`] finds the technicians who take a ticket for least, as exactly as if every place of
//! every shift were priced, and [`Live::rank`] goes through all of them; [`Live::accept`] and [`Live::refuse`]
//! write down the answer of a technician; [`Live::apply`] writes down an event and re-plans under a
//! budget. Every change makes a new version. No clock, no socket, no store here: whoever holds a
//! `Live` says when what happened, and keeps it.
//!
//! ```
//! use dispatch_data::testing::World;
//! use dispatch_solver::live::{Live, Ticket};
//! use dispatch_solver::{Params, Stop, solve};
//!
//! let mut world = World::new();
//! world.technician("Ann");
//! world.technician("Bob");
//! world.job("boiler", 30);
//! world.job("lift", 40);
//! let (problem, travel) = world.build();
//! let plan = solve(&problem, &travel, &Params::default(), &Stop::iterations(100)).plan;
//! let ticket = Ticket::new(dispatch_data::problem::Job { id: "T-9".into(), ..problem.jobs[0].clone() });
//! let mut live = Live::new(problem, travel, plan)?;
//! let best = live.recommend(&ticket, 3)?;
//! let diff = live.accept(ticket, best.offers[0].technician, best.version)?;
//! assert_eq!(diff.added[0].job, "T-9");
//! # Ok::<(), dispatch_solver::live::LiveError>(())
//! ```

mod board;
mod change;
mod delay;
mod diff;
mod facts;
mod place;
mod recommend;
mod renew;
mod ticket;

pub use change::{EventError, Replanned};
pub use diff::{Diff, Moved, Placed, Planned};
pub use dispatch_data::live::{Change, NewPlace, Ticket};
pub use recommend::{Offer, Pick, Ranking, Recommendation, Rejection, Shifted, Slack, Slot};

use crate::refusals;
use board::Board;
use dispatch_data::bill::Bill;
use dispatch_data::finding::Finding;
use dispatch_data::ids::{JobIx, ShiftIx, TechIx};
use dispatch_data::lang::{Text, value};
use dispatch_data::place::GlobePoint;
use dispatch_data::plan::{Plan, PlannedRoute, Unassigned};
use dispatch_data::problem::{Pin, Problem};
use dispatch_data::say;
use dispatch_data::travel::{PlaceLegs, Travel};
use renew::Touched;
use std::collections::BTreeMap;
use std::fmt;

/// A plan in force with its problem and travel, ready for questions and events.
#[derive(Clone)]
pub struct Live {
    problem: Problem,
    travel: Travel,
    plan: Plan,
    board: Board,
    version: u64,
    /// Who refused which job, by its id: also tickets that are not in the problem yet.
    refused: BTreeMap<String, Vec<TechIx>>,
}

/// Why a live plan cannot do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveError {
    /// Nothing of that name.
    Unknown(Text),
    /// The problem would not be valid, or asks for what the search cannot do.
    Invalid(Vec<Finding>),
    /// A new place came without a row to and from each of so many places for each profile.
    TravelRows {
        /// Places that each row must name.
        places: usize,
        /// Profiles that each need their rows.
        profiles: usize,
    },
    /// The plan has gone on since: this is its version now.
    Stale {
        /// The version in force.
        version: u64,
    },
    /// The plan breaks a rule: these visits cannot be held.
    NotHeld(Vec<String>),
    /// The technician has no place for the ticket.
    NoPlace,
    /// The visit has been started, or the way there has.
    Started(Text),
}

impl LiveError {
    /// What went wrong, to be read by people.
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown(what) => say!("there is no {}", what),
            Self::Invalid(findings) => match findings.as_slice() {
                [] => say!("{} findings", 0),
                [one] => say!("{}: expected {}, got {}", value(&one.pointer), one.expected, one.got),
                [first, ..] => {
                    let first = say!("{}: expected {}, got {}", value(&first.pointer), first.expected, first.got);
                    say!("{} findings, the first of them: {}", findings.len(), first)
                }
            },
            Self::TravelRows { places, profiles } => {
                say!("a new place needs legs to and from {} places for each of {} profiles", places, profiles)
            }
            Self::Stale { version } => say!("the plan is at version {} by now", version),
            Self::NotHeld(jobs) => say!("the plan breaks a rule at {}", jobs.join(", ")),
            Self::NoPlace => say!("the technician has no place for it"),
            Self::Started(what) => say!("{} has been started, or the way there has", what),
        }
    }
}

impl fmt::Display for LiveError {
    /// In English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().english())
    }
}

impl std::error::Error for LiveError {}

impl Live {
    /// Takes a plan in force. Its promises are what starts are measured against from now on. Visits
    /// are timed as the search times them, which may be earlier than stated where starts have no price.
    ///
    /// # Errors
    /// When the problem asks for what the search cannot do, or the plan breaks a rule.
    pub fn new(problem: Problem, travel: Travel, plan: Plan) -> Result<Self, LiveError> {
        let findings = refusals(&problem);
        if !findings.is_empty() {
            return Err(LiveError::Invalid(findings));
        }
        let problem = in_force(problem, &plan)?;
        let board = Board::new(&problem, &travel, &plan);
        let lost = board.dropped(&plan);
        if !lost.is_empty() {
            return Err(LiveError::NotHeld(lost.iter().map(|job| problem.job(*job).id.clone()).collect()));
        }
        let plan = stated(&problem, &travel, &board, plan);
        Ok(Self { problem, travel, plan, board, version: 1, refused: BTreeMap::new() })
    }

    /// The problem as it is by now; its current plan is the one in force.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
    /// The travel, with the places that came in.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }
    /// The plan in force.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
    /// Its version: 1 at first, one more with every change.
    pub fn version(&self) -> u64 {
        self.version
    }
    /// Goes on counting versions from one that was stored.
    #[must_use]
    pub fn at_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Commits a ticket to a technician at the cheapest place, and pins it to that technician. The
    /// version must be the one the recommendation was made for.
    ///
    /// # Errors
    /// [`LiveError::Stale`] with the version in force, [`LiveError::NoPlace`] where the technician
    /// cannot take it, or what is wrong with the ticket.
    pub fn accept(&mut self, ticket: Ticket, technician: TechIx, version: u64) -> Result<Diff, LiveError> {
        let (next, diff) = self.accepted(&ticket, technician, version)?;
        *self = next;
        Ok(diff)
    }
    /// The same, told as the plan that comes next: this one stays in force until it is replaced.
    ///
    /// # Errors
    /// Those of [`Self::accept`].
    pub fn accepted(&self, ticket: &Ticket, technician: TechIx, version: u64) -> Result<(Self, Diff), LiveError> {
        if version != self.version {
            return Err(LiveError::Stale { version: self.version });
        }
        let who = self.problem.technicians.get(technician.index());
        let shifts = who.ok_or_else(|| LiveError::Unknown(say!("technician number {}", technician.0)))?;
        let guest = self.guest(ticket, None)?;
        let mut seeker = self.seeker(&guest, ticket.known_as());
        let found = seeker.best(shifts.shift_indices(), 1).into_iter().next().ok_or(LiveError::NoPlace)?;
        let offer = self.offer(&mut seeker, &found, ticket).ok_or(LiveError::NoPlace)?;
        let (problem, travel, job) = self.with_ticket(ticket, Some(technician))?;
        let mut plan = self.plan.clone();
        plan.unassigned.retain(|left| left.job != job);
        plan.routes.retain(|route| route.shift != offer.shift);
        plan.routes.push(offer.day);
        plan.routes.sort_by_key(|route| route.shift);
        self.next(problem, travel, plan, Some(Touched { shifts: &[offer.shift], told: ticket.legs() }))
    }

    /// Writes down that a technician refused a job: it is never offered to the same person again, and
    /// taken from that person where it was planned and not yet started.
    ///
    /// # Errors
    /// When there is no such technician, the visit has been started, or the job requires this
    /// technician alone.
    pub fn refuse(&mut self, job: &str, technician: TechIx) -> Result<Diff, LiveError> {
        let (next, diff) = self.declined(job, technician)?;
        *self = next;
        Ok(diff)
    }
    /// The same, told as the plan that comes next: this one stays in force until it is replaced.
    ///
    /// # Errors
    /// Those of [`Self::refuse`].
    pub fn declined(&self, job: &str, technician: TechIx) -> Result<(Self, Diff), LiveError> {
        if self.problem.technicians.len() <= technician.index() {
            return Err(LiveError::Unknown(say!("technician number {}", technician.0)));
        }
        let known = self.problem.jobs.iter().position(|own| own.id == job).map(JobIx::from);
        let mut draft = self.problem.clone().into_draft();
        let mut plan = self.plan.clone();
        let mut touched = Vec::new();
        if let Some(job) = known {
            if self.is_frozen(job) {
                return Err(LiveError::Started(value(&draft.jobs[job.index()].id)));
            }
            let own = &mut draft.jobs[job.index()];
            if !own.excluded_technicians.contains(&technician) {
                own.excluded_technicians.push(technician);
            }
            if let Some(pin) = own.pin.as_mut().filter(|pin| pin.technician == Some(technician)) {
                pin.technician = None;
            }
            let planned = plan.routes.iter().filter(|route| route.jobs().any(|own| own == job));
            touched.extend(planned.map(|route| route.shift));
            facts::take_out(&mut plan, job, |shift| self.problem.shift(shift).technician == technician);
        }
        let problem = draft.check().map_err(LiveError::Invalid)?;
        let touched = Touched { shifts: &touched, told: &[] };
        let (mut next, diff) = self.next(problem, self.travel.clone(), plan, Some(touched))?;
        let refusals = next.refused.entry(job.to_string()).or_default();
        if !refusals.contains(&technician) {
            refusals.push(technician);
        }
        Ok((next, diff))
    }

    /// Who refused which job, by its id: also tickets that the problem does not have yet.
    pub fn refused(&self) -> &BTreeMap<String, Vec<TechIx>> {
        &self.refused
    }
    /// Goes on with refusals that were stored.
    #[must_use]
    pub fn with_refused(mut self, refused: BTreeMap<String, Vec<TechIx>>) -> Self {
        self.refused = refused;
        self
    }

    fn is_frozen(&self, job: JobIx) -> bool {
        let freeze = self.problem.freeze;
        let mut stops = self.plan.routes.iter().flat_map(|route| &route.stops);
        freeze.is_some_and(|freeze| stops.any(|stop| facts::visits(stop, job) && stop.departure < freeze))
    }

    /// The problem and travel with a ticket among the jobs, pinned to a technician where one is named, and
    /// its number there.
    pub(super) fn with_ticket(
        &self,
        ticket: &Ticket,
        technician: Option<TechIx>,
    ) -> Result<(Problem, Travel, JobIx), LiveError> {
        let mut draft = self.problem.clone().into_draft();
        let mut travel = self.travel.clone();
        let job = facts::add_job(&mut draft, &mut travel, ticket)?;
        if let Some(who) = self.refused.get(&draft.jobs[job.index()].id) {
            let own = &mut draft.jobs[job.index()].excluded_technicians;
            own.extend(who.iter().filter(|who| !own.contains(who)).copied().collect::<Vec<_>>());
        }
        if technician.is_some() {
            draft.jobs[job.index()].pin.get_or_insert_with(Pin::default).technician = technician;
        }
        Ok((draft.check().map_err(LiveError::Invalid)?, travel, job))
    }

    /// The plan in force as it comes next, and what became different. What it promises is what it states, so
    /// that whoever reads it again from what is stored has the very same plan. `touched`: nothing else of it is
    /// different.
    fn next(
        &self,
        mut problem: Problem,
        travel: Travel,
        mut plan: Plan,
        touched: Option<Touched<'_>>,
    ) -> Result<(Self, Diff), LiveError> {
        let mut rounds = 0;
        let (board, plan) = loop {
            problem = in_force(problem, &plan)?;
            let board = match touched {
                Some(touched) => self.board.after(&self.travel, (&problem, &travel), &plan, touched),
                None => Board::new(&problem, &travel, &plan),
            };
            let timed = stated(&problem, &travel, &board, plan.clone());
            rounds += 1;
            // Timing anew by new promises comes to rest at once as a rule.
            if rounds == ROUNDS || same_times(&plan, &timed) {
                break (board, timed);
            }
            plan = timed;
        };
        let version = self.version + 1;
        // Where jobs have kept their numbers, equal days are the same days.
        let differs = |shift: ShiftIx| self.board.days[shift.index()] != board.days[shift.index()];
        let looked_at = |shift| touched.is_none() || differs(shift);
        let diff = diff::between((&self.problem, &self.plan), (&problem, &plan), version, looked_at);
        Ok((Self { problem, travel, plan, board, version, refused: self.refused.clone() }, diff))
    }
}

/// How often a plan is timed by its own promises at most.
const ROUNDS: usize = 4;

/// Whether two plans state the same days, prices aside.
fn same_times(one: &Plan, other: &Plan) -> bool {
    let same = |(one, other): (&PlannedRoute, &PlannedRoute)| {
        let PlannedRoute { shift, stops, breaks, return_departure, end, return_travel, return_distance, bill: _ } = one;
        *shift == other.shift
            && *stops == other.stops
            && *breaks == other.breaks
            && (*return_departure, *end) == (other.return_departure, other.end)
            && (*return_travel, *return_distance) == (other.return_travel, other.return_distance)
    };
    one.routes.len() == other.routes.len() && one.routes.iter().zip(&other.routes).all(same)
}

/// The problem with a plan in force, of which only who and when count.
fn in_force(problem: Problem, plan: &Plan) -> Result<Problem, LiveError> {
    let current = Plan { routes: plan.routes.clone(), unassigned: Vec::new(), ..plan.clone() };
    problem.with_current(current).map_err(LiveError::Invalid)
}

/// The plan as the board holds it, with the reasons that were known.
fn stated(problem: &Problem, travel: &Travel, board: &Board, given: Plan) -> Plan {
    let routes: Vec<PlannedRoute> = board.planned();
    let known: BTreeMap<JobIx, Unassigned> = given.unassigned.into_iter().map(|left| (left.job, left)).collect();
    let out = |job: &JobIx| {
        let price = problem.drop_price(*job);
        match known.get(job) {
            Some(left) => Unassigned { price, ..left.clone() },
            None => Unassigned { job: *job, price, reasons: Vec::new(), relaxation: None },
        }
    };
    let unassigned: Vec<Unassigned> = board.absent.iter().map(out).collect();
    let mut bill: Bill = routes.iter().map(|route| route.bill).sum();
    bill.unassigned = unassigned.iter().map(|left| left.price).sum();
    let (seed, iterations) = (given.seed, given.iterations);
    Plan { routes, unassigned, bill, travel_fingerprint: travel.fingerprint(), bound: None, seed, iterations }
}

/// Travel rows of a place by straight lines: for problems whose travel is a great circle.
pub fn great_circle_rows(problem: &Problem, place: &dispatch_data::place::Place) -> Option<PlaceLegs> {
    use dispatch_data::problem::TravelSource;
    let (detour, speed) = match &problem.travel {
        TravelSource::GreatCircle { detour, meters_per_second } => (*detour, *meters_per_second),
        TravelSource::Roads { map: _, traffic: _ } | TravelSource::Matrices(_) => return None,
    };
    let known = problem.places.iter().map(|known| known.position.map(GlobePoint::from));
    Some(PlaceLegs::great_circle(known, place.position, detour, speed))
}
