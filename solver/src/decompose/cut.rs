//! A part of a problem as a problem of its own, and its plan back in the words of the whole.
//!
//! Exact: a route costs in the part what it costs in the whole. Whoever is named and lies outside
//! (preferred, required, in the plan in force) is one stranger of the part, who takes nothing.

use crate::decompose::Part;
use crate::decompose::whole::{Whole, job_of};
use crate::instance::keeps_out;
use dispatch_data::finding::Finding;
use dispatch_data::ids::{JobIx, LotIx, PlaceIx, ProfileIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::plan::{Activity, Plan, PlannedRoute, Stop, Take, Unassigned};
use dispatch_data::problem::{Draft, Job, Lot, Pin, Problem, Region, Shift, Sla, Technician, TravelSource};
use dispatch_data::travel::{Hours, Travel};
use dispatch_data::units::{Cost, Time};
use std::collections::HashMap;
use std::hash::Hash;

/// Numbers of the whole, by numbers of the part, and the way back.
#[derive(Clone, Debug)]
struct Names<I> {
    whole: Vec<I>,
    part: HashMap<I, u32>,
}

impl<I: Copy + Eq + Hash> Names<I> {
    fn new(whole: Vec<I>) -> Self {
        let part = whole.iter().enumerate().map(|(at, name)| (*name, at as u32)).collect();
        Self { whole, part }
    }
    fn number(&self, name: I) -> Option<u32> {
        self.part.get(&name).copied()
    }
    fn name(&self, number: usize) -> Option<I> {
        self.whole.get(number).copied()
    }
}

/// A part of a problem, ready to be solved by anyone: plain data.
#[derive(Clone, Debug)]
pub struct Cut {
    problem: Problem,
    travel: Travel,
    start: Plan,
    technicians: Names<TechIx>,
    shifts: Names<ShiftIx>,
    jobs: Names<JobIx>,
    sites: Names<SiteIx>,
    lots: Names<LotIx>,
    places: Names<PlaceIx>,
    /// Jobs from this number on stand for what the plan in force says of the part's shifts, and are nobody's.
    shadows: usize,
}

/// The plan of a part in the words of the whole.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Technicians whose routes these are; all others stay as they are.
    pub technicians: Vec<TechIx>,
    /// The jobs that were to be placed or had been.
    pub jobs: Vec<JobIx>,
    /// Their routes.
    pub routes: Vec<PlannedRoute>,
    /// Jobs that are left out. Reasons speak of the technicians of the part.
    pub unassigned: Vec<Unassigned>,
}

impl Cut {
    /// Cuts a part out of a plan under work, with so many units of each lot ([`crate::decompose::parts`] deals them).
    ///
    /// # Errors
    /// What is wrong with the part as a problem of its own: nothing, as long as the whole is one.
    pub fn new(whole: &Whole<'_>, part: &Part) -> Result<Self, Vec<Finding>> {
        Maker::new(whole, part).make()
    }
    /// The part as a problem. Its travel stands in it as tables.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
    /// Its travel.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }
    /// The plan it has now.
    pub fn start(&self) -> &Plan {
        &self.start
    }

    /// A plan of this part in the words of the whole.
    pub fn back(&self, plan: Plan) -> Piece {
        let stranger = (self.technicians.whole.len()..self.problem.technicians.len()).map(TechIx::from).next();
        let routes = plan.routes.into_iter().filter_map(|route| self.route_back(route)).collect();
        let left = plan.unassigned.into_iter().filter(|left| left.job.index() < self.shadows);
        let unassigned = left.filter_map(|mut left| {
            if let Some(stranger) = stranger {
                self.forget(stranger, &mut left);
            }
            left.job = self.jobs.name(left.job.index())?;
            for reason in &mut left.reasons {
                reason.nearest = reason.nearest.and_then(|who| self.technicians.name(who.index()));
            }
            left.relaxation = left.relaxation.and_then(|mut change| {
                change.shift = self.shifts.name(change.shift.index())?;
                Some(change)
            });
            Some(left)
        });
        Piece {
            unassigned: unassigned.collect(),
            routes,
            technicians: self.technicians.whole.clone(),
            jobs: self.jobs.whole[..self.shadows].to_vec(),
        }
    }

    /// Takes the stranger out of the count of those who cannot take a job.
    fn forget(&self, stranger: TechIx, left: &mut Unassigned) {
        for shift in self.problem.technician(stranger).shift_indices() {
            let rule = keeps_out(&self.problem, &self.travel, shift, left.job);
            if let Some(reason) = left.reasons.iter_mut().find(|reason| reason.rule == rule) {
                reason.technicians = reason.technicians.saturating_sub(1);
            }
        }
        left.reasons.retain(|reason| reason.technicians > 0);
    }

    fn route_back(&self, mut route: PlannedRoute) -> Option<PlannedRoute> {
        route.shift = self.shifts.name(route.shift.index())?;
        for stop in &mut route.stops {
            stop.place = self.places.name(stop.place.index())?;
            match &mut stop.activity {
                Activity::Visit { job, member: _, parts: _ } => *job = self.jobs.name(job.index())?,
                Activity::Collection { site, takes, tools: _ } => {
                    *site = self.sites.name(site.index())?;
                    for take in takes {
                        take.lot = take.lot.and_then(|lot| self.lots.name(lot.index()));
                    }
                }
            }
        }
        Some(route)
    }
}

/// A cut in the making.
struct Maker<'w, 'p> {
    whole: &'w Whole<'p>,
    technicians: Names<TechIx>,
    shifts: Names<ShiftIx>,
    jobs: Names<JobIx>,
    shadows: usize,
    sites: Names<SiteIx>,
    lots: Names<LotIx>,
    quotas: Vec<u32>,
    places: Names<PlaceIx>,
    /// Visits of the plan in force at technicians outside, where moving them has a price.
    strange: Vec<Stop>,
    /// Whether anything of the part names someone outside.
    meets_strangers: bool,
}

impl<'w, 'p> Maker<'w, 'p> {
    fn new(whole: &'w Whole<'p>, part: &Part) -> Self {
        let problem = whole.problem;
        let technicians = Names::new(part.technicians.clone());
        let own = || part.technicians.iter().flat_map(|technician| problem.technician(*technician).shift_indices());
        let shifts = Names::new(own().collect());
        let mut jobs = whole.jobs_of(part);
        let shadows = jobs.len();
        if problem.freeze.is_some() {
            // What is settled of a shift hangs on its route in force, which must stay whole for that.
            let known = Names::new(jobs.clone());
            let was = own().filter_map(|shift| whole.was[shift.index()]).flat_map(|was| &was.stops);
            jobs.extend(was.filter_map(job_of).filter(|job| known.number(*job).is_none()));
        }
        let jobs = Names::new(jobs);
        let objective = &problem.objective;
        let priced = objective.moved_technician.0 != 0 || objective.moved_start.0 != 0;
        let strange = jobs.whole[..shadows].iter().filter_map(|job| {
            let (shift, at) = whole.in_force[job.index()].filter(|_| priced)?;
            let outside = shifts.number(shift).is_none();
            whole.was[shift.index()].filter(|_| outside)?.stops.get(at as usize).cloned()
        });
        let mut strange: Vec<Stop> = strange.collect();
        for stop in &mut strange {
            if let Activity::Visit { job: _, member: _, parts } = &mut stop.activity {
                parts.clear();
            }
        }
        strange.sort_by_key(|stop| stop.departure);
        let sites = Names::new(part.sites.clone());
        let lot = |(at, lot): (usize, &Lot)| sites.number(lot.site).map(|_| LotIx::from(at));
        let lots = Names::new(problem.lots.iter().enumerate().filter_map(lot).collect());
        let quota = |lot: &LotIx| part.quotas.iter().find(|(own, _)| own == lot).map_or(0, |(_, units)| *units);
        let quotas = lots.whole.iter().map(quota).collect();
        let mut places: Vec<PlaceIx> = jobs.whole.iter().map(|job| problem.job(*job).place).collect();
        for shift in own().map(|shift| problem.shift(shift)) {
            places.extend([Some(shift.start_place), shift.end_place].into_iter().flatten());
        }
        let positions = part.technicians.iter().filter_map(|who| problem.technician(*who).position);
        places.extend(positions.map(|position| position.place));
        places.extend(sites.whole.iter().map(|site| problem.site(*site).place));
        places.extend(
            own().filter_map(|shift| whole.was[shift.index()]).flat_map(|was| &was.stops).map(|stop| stop.place),
        );
        places.extend(
            own()
                .filter_map(|shift| whole.routes[shift.index()].as_ref())
                .flat_map(|route| &route.stops)
                .map(|stop| stop.place),
        );
        places.extend(strange.iter().map(|stop| stop.place));
        places.sort_unstable();
        places.dedup();
        let places = Names::new(places);
        let meets_strangers = shadows < jobs.whole.len() || !strange.is_empty();
        Self { whole, technicians, shifts, jobs, shadows, sites, lots, quotas, places, strange, meets_strangers }
    }

    /// The stranger's number.
    fn stranger(&self) -> TechIx {
        TechIx::from(self.technicians.whole.len())
    }
    fn strange_shift(&self) -> ShiftIx {
        ShiftIx::from(self.shifts.whole.len())
    }
    fn place(&self, place: PlaceIx) -> PlaceIx {
        PlaceIx(self.places.number(place).unwrap_or_default())
    }

    fn make(mut self) -> Result<Cut, Vec<Finding>> {
        let problem = self.whole.problem;
        let travel = self.whole.travel.select(&self.places.whole);
        let jobs: Vec<Job> = (0..self.jobs.whole.len()).map(|at| self.job(at)).collect();
        let mut draft = Draft {
            name: problem.name.clone(),
            horizon: problem.horizon.clone(),
            places: self.places.whole.iter().map(|place| problem.places[place.index()].clone()).collect(),
            skills: problem.skills.clone(),
            parts: problem.parts.clone(),
            tools: problem.tools.clone(),
            regions: problem.regions.iter().map(|region| Region { id: region.id.clone(), area: None }).collect(),
            calendars: Vec::new(),
            profiles: problem.profiles.clone(),
            travel: TravelSource::Matrices(
                (0..travel.profiles()).map(|profile| travel.matrix(ProfileIx::from(profile)).clone()).collect(),
            ),
            technicians: Vec::with_capacity(self.technicians.whole.len() + 1),
            shifts: Vec::with_capacity(self.shifts.whole.len() + 1),
            sites: self.sites.whole.iter().map(|site| problem.site(*site).clone()).collect(),
            lots: Vec::with_capacity(self.lots.whole.len()),
            jobs,
            precedences: Vec::new(),
            recurring: Vec::new(),
            objective: problem.objective.clone(),
            current: problem.current.as_ref().map(|plan| self.in_force(plan)),
            freeze: problem.freeze,
        };
        for (at, place) in draft.places.iter_mut().enumerate() {
            place.matrix_index = u32::try_from(at).ok();
        }
        for (at, profile) in draft.profiles.iter_mut().enumerate() {
            (profile.hourly, profile.rush) = match travel.hours(ProfileIx::from(at)) {
                None => (None, None),
                Some(Hours::Speed(hours)) => (Some(hours.clone()), None),
                Some(Hours::Matrices(hours)) => (None, Some(hours.clone())),
            };
        }
        for site in &mut draft.sites {
            site.place = self.place(site.place);
        }
        for (lot, quantity) in self.lots.whole.iter().zip(&self.quotas) {
            let lot = problem.lot(*lot);
            let site = SiteIx(self.sites.number(lot.site).unwrap_or_default());
            draft.lots.push(Lot { site, quantity: *quantity, ..*lot });
        }
        self.people(&mut draft);
        let start = self.plan();
        let Self { whole: _, technicians, shifts, jobs, shadows, sites, lots, quotas: _, places, strange: _, .. } =
            self;
        let problem = draft.check()?;
        Ok(Cut { problem, travel, start, technicians, shifts, jobs, sites, lots, places, shadows })
    }

    fn people(&self, draft: &mut Draft) {
        let problem = self.whole.problem;
        for (at, own) in self.technicians.whole.iter().enumerate() {
            let own = problem.technician(*own);
            let mut technician = own.clone();
            let first = ShiftIx::from(draft.shifts.len());
            for shift in own.shift_indices() {
                let mut shift = problem.shift(shift).clone();
                shift.technician = TechIx::from(at);
                shift.start_place = self.place(shift.start_place);
                shift.end_place = shift.end_place.map(|end| self.place(end));
                draft.shifts.push(shift);
            }
            technician.shifts = (first, ShiftIx::from(draft.shifts.len()));
            if let Some(position) = &mut technician.position {
                position.place = self.place(position.place);
            }
            draft.technicians.push(technician);
        }
        if !self.meets_strangers {
            return;
        }
        let first = self.strange_shift();
        let end = problem.horizon.end();
        let id = free_id(draft);
        if !self.strange.is_empty() {
            draft.shifts.push(Shift {
                id: id.clone(),
                technician: self.stranger(),
                start: Time(0),
                regular_end: end,
                latest_end: end,
                start_place: PlaceIx(0),
                end_place: None,
                breaks: Vec::new(),
                max_jobs: Some(0),
                max_travel: None,
                max_distance: None,
                max_duration: None,
                capacity: Vec::new(),
            });
        }
        let shifts = (first, ShiftIx::from(draft.shifts.len()));
        draft.technicians.push(Technician {
            id,
            shifts,
            speed: dispatch_data::units::Permille::ONE,
            ..Technician::default()
        });
    }

    /// Those of a list who are in the part, and the stranger where others are meant.
    fn list(&mut self, list: &[TechIx]) -> Vec<TechIx> {
        let inside = list.iter().filter_map(|who| self.technicians.number(*who)).map(TechIx);
        let mut own: Vec<TechIx> = inside.collect();
        if own.len() < list.len() {
            self.meets_strangers = true;
            own.push(self.stranger());
        }
        own
    }

    fn job(&mut self, at: usize) -> Job {
        let problem = self.whole.problem;
        let mut job = problem.job(self.jobs.whole[at]).clone();
        job.place = self.place(job.place);
        job.excluded_technicians =
            job.excluded_technicians.iter().filter_map(|who| self.technicians.number(*who)).map(TechIx).collect();
        job.preferred_technicians = self.list(&job.preferred_technicians);
        job.required_technicians = job.required_technicians.as_ref().map(|list| self.list(list));
        job.pin = job.pin.take().map(|pin| self.pin(pin));
        if at >= self.shadows {
            self.meets_strangers = true;
            job.required_technicians = Some(vec![self.stranger()]);
            job.pin = None;
            job.crew = Vec::new();
            job.priority = None;
            job.unassigned_price = Cost::ZERO;
            job.sla = Sla::default();
        }
        job
    }

    fn pin(&mut self, pin: Pin) -> Pin {
        let who = pin.technician.or_else(|| pin.shift.map(|shift| self.whole.problem.shift(shift).technician));
        let outside = who.is_some_and(|who| self.technicians.number(who).is_none());
        self.meets_strangers |= outside;
        let technician = if outside {
            Some(self.stranger())
        } else {
            pin.technician.and_then(|who| self.technicians.number(who)).map(TechIx)
        };
        Pin {
            technician,
            shift: pin.shift.filter(|_| !outside).and_then(|shift| self.shifts.number(shift)).map(ShiftIx),
            window: pin.window,
            // A leader outside shares no shift with anyone here.
            after: pin.after.and_then(|job| self.jobs.number(job)).map(JobIx),
        }
    }

    /// Stops in the numbers of the part; those of jobs outside are left out.
    fn stops(&self, stops: &[Stop]) -> Vec<Stop> {
        let inside = |stop: &Stop| {
            let mut stop = stop.clone();
            stop.place = PlaceIx(self.places.number(stop.place)?);
            match &mut stop.activity {
                Activity::Visit { job, member: _, parts: _ } => *job = JobIx(self.jobs.number(*job)?),
                Activity::Collection { site, takes, tools: _ } => {
                    *site = SiteIx(self.sites.number(*site)?);
                    takes.retain_mut(|take: &mut Take| match take.lot {
                        None => true,
                        Some(lot) => {
                            take.lot = self.lots.number(lot).map(LotIx);
                            take.lot.is_some()
                        }
                    });
                }
            }
            Some(stop)
        };
        let mut kept: Vec<Stop> = stops.iter().filter_map(inside).collect();
        if kept.len() < stops.len() {
            // Sources are told by positions, which hold no more.
            for stop in &mut kept {
                if let Activity::Visit { job: _, member: _, parts } = &mut stop.activity {
                    parts.clear();
                }
            }
        }
        kept
    }

    fn route(&self, route: &PlannedRoute) -> Option<PlannedRoute> {
        let stops = self.stops(&route.stops);
        let shift = ShiftIx(self.shifts.number(route.shift)?);
        (!stops.is_empty()).then(|| PlannedRoute { shift, stops, breaks: route.breaks.clone(), ..route.clone() })
    }

    /// What of the plan in force is about the part.
    fn in_force(&self, plan: &Plan) -> Plan {
        let own = self.shifts.whole.iter().filter_map(|shift| self.whole.was[shift.index()]);
        let mut routes: Vec<PlannedRoute> = own.filter_map(|route| self.route(route)).collect();
        let elsewhere = self.stops(&self.strange);
        if let Some(last) = elsewhere.last() {
            routes.push(PlannedRoute {
                shift: self.strange_shift(),
                return_departure: last.end,
                end: last.end,
                breaks: Vec::new(),
                return_travel: Default::default(),
                return_distance: Default::default(),
                bill: Default::default(),
                stops: elsewhere,
            });
        }
        Plan { routes, travel_fingerprint: 0, unassigned: Vec::new(), bound: None, ..plan.clone() }
    }

    /// What the plan under work has of the part.
    fn plan(&self) -> Plan {
        let routes = self.shifts.whole.iter().filter_map(|shift| self.whole.routes[shift.index()].as_ref());
        Plan { routes: routes.filter_map(|route| self.route(route)).collect(), ..Plan::default() }
    }
}

/// An id that no technician and no shift has.
fn free_id(draft: &Draft) -> String {
    let mut id = String::from("elsewhere");
    while draft.technicians.iter().any(|technician| technician.id == id)
        || draft.shifts.iter().any(|shift| shift.id == id)
    {
        id.push('+');
    }
    id
}
