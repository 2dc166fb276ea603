//! Small worlds and hand-made plans for tests: places on a line, a minute and a kilometre apart.
//!
//! A [`World`] is filled noun by noun and built into a problem and its travel; a [`Sketch`] writes
//! a plan down stop by stop, each as early as it can be. Only for tests, behind the feature
//! `testing`: it trusts its caller and panics on a world that is no valid problem.

use crate::ids::{JobIx, LotIx, PartIx, PlaceIx, RegionIx, ShiftIx, SiteIx, SkillIx, TechIx, ToolIx};
use crate::judge::judge;
use crate::place::Place;
use crate::plan::{Activity, PartSource, Plan, PlannedRoute, Stop, Take, TakenBreak, Unassigned};
use crate::problem::{
    Draft, Horizon, Job, Lot, OwnedSkill, PartQuantity, Problem, Region, Shift, Site, SkillLevel, Technician,
    TravelSource, Window,
};
use crate::travel::{Leg, LegSource, Travel, TravelMatrix};
use crate::units::{Cost, Duration, Meters, Permille, Time};
use std::collections::HashSet;

/// A dense table behind the door for legs on demand.
#[derive(Debug)]
pub struct Asked(pub TravelMatrix);

impl LegSource for Asked {
    fn size(&self) -> usize {
        self.0.size()
    }
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        self.0.leg(from, to)
    }
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let mut near: Vec<_> = (0..self.size()).map(PlaceIx::from).map(|to| (to, self.leg(from, to))).collect();
        near.retain(|(to, leg)| *to != from && leg.is_reachable());
        near.sort_by_key(|(to, leg)| (leg.seconds, to.0));
        near.truncate(count);
        near
    }
    fn fingerprint(&self) -> u64 {
        17
    }
}

/// A moment of the first day.
pub fn clock(hour: i64, minute: i64) -> Time {
    Time(hour * 3600 + minute * 60)
}

/// A window of the first day between two full hours.
pub fn hours(open: i64, close: i64) -> Window {
    Window { open: clock(open, 0), close: clock(close, 0) }
}

/// A problem in the making, on a line: place `30` is half an hour and 30 km from home, place `0`.
#[derive(Clone, Debug)]
pub struct World {
    /// Everything so far; free to be changed.
    pub draft: Draft,
    minutes: Vec<i64>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// One day in May 2026, UTC, without anyone and anything.
    ///
    /// # Panics
    /// Never: the instant is a constant.
    pub fn new() -> Self {
        let start = jiff::Timestamp::from_second(1_777_852_800).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let horizon = Horizon { start, length: Duration::hours(24), zone: jiff::tz::TimeZone::UTC };
        Self { draft: Draft::empty("test", horizon), minutes: Vec::new() }
    }
    /// The place so many minutes down the line.
    pub fn at(&mut self, minute: i64) -> PlaceIx {
        if let Some(known) = self.minutes.iter().position(|known| *known == minute) {
            return PlaceIx::from(known);
        }
        let matrix_index = u32::try_from(self.minutes.len()).ok();
        self.minutes.push(minute);
        self.draft.places.push(Place { id: Some(format!("km {minute}")), position: None, matrix_index });
        PlaceIx::from(self.minutes.len() - 1)
    }
    /// A skill.
    pub fn skill(&mut self, id: &str) -> SkillIx {
        self.draft.skills.push(id.into());
        SkillIx::from(self.draft.skills.len() - 1)
    }
    /// A spare part.
    pub fn part(&mut self, id: &str) -> PartIx {
        self.draft.parts.push(id.into());
        PartIx::from(self.draft.parts.len() - 1)
    }
    /// A tool.
    pub fn tool(&mut self, id: &str) -> ToolIx {
        self.draft.tools.push(id.into());
        ToolIx::from(self.draft.tools.len() - 1)
    }
    /// A region known by name.
    pub fn region(&mut self, id: &str) -> RegionIx {
        self.draft.regions.push(Region { id: id.into(), area: None });
        RegionIx::from(self.draft.regions.len() - 1)
    }
    /// A technician who lives at place 0 and works on one shift: 8:00 to 17:00, at most to 19:00.
    pub fn technician(&mut self, id: &str) -> TechIx {
        let technician = TechIx::from(self.draft.technicians.len());
        let first = ShiftIx::from(self.draft.shifts.len());
        self.draft.technicians.push(Technician { id: id.into(), shifts: (first, first), ..Technician::default() });
        self.shift(technician, clock(8, 0), clock(17, 0), clock(19, 0));
        technician
    }
    /// One more shift of the technician added last.
    ///
    /// # Panics
    /// For another technician than the last.
    pub fn shift(&mut self, technician: TechIx, start: Time, regular_end: Time, latest_end: Time) -> ShiftIx {
        assert_eq!(technician.index() + 1, self.draft.technicians.len(), "shifts of one technician are neighbours");
        let home = self.at(0);
        let ix = ShiftIx::from(self.draft.shifts.len());
        let owner = &mut self.draft.technicians[technician.index()];
        owner.shifts.1 = ShiftIx(ix.0 + 1);
        let id = format!("{}-{}", owner.id, ix.0 - owner.shifts.0.0 + 1);
        self.draft.shifts.push(Shift {
            id,
            technician,
            start,
            regular_end,
            latest_end,
            start_place: home,
            end_place: Some(home),
            breaks: Vec::new(),
            max_jobs: None,
            max_travel: None,
            max_distance: None,
            max_duration: None,
            capacity: Vec::new(),
        });
        ix
    }
    /// Half an hour of work at a place of the line, at any time; left out it costs 1,000 units.
    pub fn job(&mut self, id: &str, minute: i64) -> JobIx {
        let place = self.at(minute);
        let window = Window { open: Time(0), close: self.draft.horizon.end() };
        self.draft.jobs.push(Job {
            id: id.into(),
            place,
            work: Duration::minutes(30),
            windows: vec![window],
            unassigned_price: Cost(100_000),
            ..Job::default()
        });
        JobIx::from(self.draft.jobs.len() - 1)
    }
    /// A site, always open, where a collection takes ten minutes.
    pub fn site(&mut self, id: &str, minute: i64) -> SiteIx {
        let place = self.at(minute);
        self.draft.sites.push(Site {
            id: id.into(),
            place,
            opening: Vec::new(),
            collection: Duration::minutes(10),
            unlimited: false,
            tools: Vec::new(),
        });
        SiteIx::from(self.draft.sites.len() - 1)
    }
    /// Units of a part that lie at a site from some moment on.
    pub fn lot(&mut self, site: SiteIx, part: PartIx, quantity: u32, at: Time) -> LotIx {
        self.draft.lots.push(Lot { site, part, at, quantity });
        LotIx::from(self.draft.lots.len() - 1)
    }
    /// A job, to change it.
    pub fn job_mut(&mut self, job: JobIx) -> &mut Job {
        &mut self.draft.jobs[job.index()]
    }
    /// A technician, to change them.
    pub fn technician_mut(&mut self, technician: TechIx) -> &mut Technician {
        &mut self.draft.technicians[technician.index()]
    }
    /// A technician's first shift, to change it.
    pub fn shift_mut(&mut self, technician: TechIx) -> &mut Shift {
        let first = self.draft.technicians[technician.index()].shifts.0;
        &mut self.draft.shifts[first.index()]
    }
    /// A site, to change it.
    pub fn site_mut(&mut self, site: SiteIx) -> &mut Site {
        &mut self.draft.sites[site.index()]
    }
    /// The technician has the skill at this level, at the usual pace.
    pub fn owns(&mut self, technician: TechIx, skill: SkillIx, level: u8) -> &mut OwnedSkill {
        let owned = OwnedSkill { skill, level, valid_from: None, valid_until: None, pace: Permille::ONE };
        let skills = &mut self.technician_mut(technician).skills;
        skills.push(owned);
        let last = skills.len() - 1;
        &mut skills[last]
    }
    /// The job needs the skill at this level.
    pub fn needs(&mut self, job: JobIx, skill: SkillIx, level: u8) {
        self.job_mut(job).skills.all_of.push(SkillLevel { skill, level });
    }
    /// The job consumes so many units.
    pub fn consumes(&mut self, job: JobIx, part: PartIx, quantity: u32) {
        self.job_mut(job).parts.push(PartQuantity { part, quantity });
    }
    /// The problem, and travel along the line: a minute and a kilometre per step.
    ///
    /// # Panics
    /// When the draft is no valid problem; says why.
    pub fn build(mut self) -> (Problem, Travel) {
        let minutes = &self.minutes;
        let steps = |from: usize, to: usize| u32::try_from((minutes[from] - minutes[to]).abs()).unwrap_or(u32::MAX);
        let matrix = TravelMatrix::from_fn(minutes.len(), |from, to| Leg {
            seconds: steps(from, to) * 60,
            meters: steps(from, to) * 1000,
        });
        self.draft.travel = TravelSource::Matrices(vec![matrix.clone()]);
        match self.draft.check() {
            Ok(problem) => (problem, Travel::new(vec![matrix])),
            Err(findings) => {
                let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
                panic!("not a valid problem:\n{}", lines.join("\n"))
            }
        }
    }
}

/// A plan in the making. Each stop follows the one before as early as it can; waiting is stated by
/// [`Sketch::wait_until`], breaks by [`Sketch::pause`] and [`Sketch::pause_on_the_way`].
#[derive(Clone, Debug)]
pub struct Sketch<'a> {
    problem: &'a Problem,
    travel: &'a Travel,
    routes: Vec<PlannedRoute>,
    open: Option<PlannedRoute>,
    now: Time,
    on_the_way: Option<Time>,
}

impl<'a> Sketch<'a> {
    /// A plan without routes.
    pub fn new(problem: &'a Problem, travel: &'a Travel) -> Self {
        Self { problem, travel, routes: Vec::new(), open: None, now: Time(0), on_the_way: None }
    }
    /// Brings the day before to its end and begins the day of a shift, at its start.
    #[must_use]
    pub fn day(mut self, shift: ShiftIx) -> Self {
        self.go_home();
        self.now = self.problem.shift(shift).start;
        self.open = Some(PlannedRoute {
            shift,
            stops: Vec::new(),
            breaks: Vec::new(),
            return_departure: self.now,
            end: self.now,
            return_travel: Duration::ZERO,
            return_distance: Meters::ZERO,
            bill: crate::bill::Bill::default(),
        });
        self
    }
    /// Nothing happens before this moment.
    #[must_use]
    pub fn wait_until(mut self, moment: Time) -> Self {
        self.now = self.now.max(moment);
        self
    }
    /// The next break, here and now.
    #[must_use]
    pub fn pause(mut self) -> Self {
        self.now = self.take_break(self.now);
        self
    }
    /// The next break, in the middle of the next leg.
    #[must_use]
    pub fn pause_on_the_way(mut self, start: Time) -> Self {
        self.on_the_way = Some(start);
        self
    }
    /// Does a job, parts out of the van.
    #[must_use]
    pub fn visit(self, job: JobIx) -> Self {
        let parts = self.problem.job(job).parts.iter();
        let van = |needed: &PartQuantity| PartSource {
            part: needed.part,
            quantity: needed.quantity,
            collected_at_stop: None,
        };
        let sources = parts.map(van).collect();
        self.visit_as(job, 0, sources)
    }
    /// Does a job, or one crew member's share of it, with these sources of its parts.
    #[must_use]
    pub fn visit_as(mut self, job: JobIx, member: u8, parts: Vec<PartSource>) -> Self {
        let noun = self.problem.job(job);
        let seat = noun.crew.get(usize::from(member));
        let (work, need) = seat.map_or((noun.work, &noun.skills), |seat| (seat.work, &seat.skills));
        let same_place = self
            .open
            .as_ref()
            .and_then(|route| route.stops.last())
            .is_some_and(|last| last.place == noun.place && matches!(last.activity, Activity::Visit { .. }));
        let setup = if same_place { Duration::ZERO } else { noun.setup };
        let owned = self.open.iter().flat_map(|route| &self.problem.technician_of(route.shift).skills);
        let paces = owned.filter(|own| need.all_of.iter().any(|asked| asked.skill == own.skill)).map(|own| own.pace);
        let work = work.paced(paces.max().unwrap_or(Permille::ONE));
        self.stop(Activity::Visit { job, member, parts }, noun.place, setup, &noun.windows, work);
        self
    }
    /// Collects parts and tools.
    #[must_use]
    pub fn collect(mut self, site: SiteIx, takes: Vec<Take>, tools: Vec<ToolIx>) -> Self {
        let noun = self.problem.site(site);
        let activity = Activity::Collection { site, takes, tools };
        self.stop(activity, noun.place, Duration::ZERO, &noun.opening, noun.collection);
        self
    }
    /// The plan, with every other job left out and with the bills the judge reckons as its claims.
    pub fn plan(mut self) -> Plan {
        self.go_home();
        self.routes.sort_by_key(|route| route.shift);
        let visited: HashSet<JobIx> = self.routes.iter().flat_map(PlannedRoute::jobs).collect();
        let out = (0..self.problem.jobs.len()).map(JobIx::from).filter(|job| !visited.contains(job));
        let unassigned = out.map(|job| {
            let price = self.problem.drop_price(job);
            Unassigned { job, price, reasons: Vec::new(), relaxation: None }
        });
        let fingerprint = self.travel.fingerprint();
        let unassigned = unassigned.collect();
        let mut plan = Plan { routes: self.routes, unassigned, travel_fingerprint: fingerprint, ..Plan::default() };
        let verdict = judge(self.problem, self.travel, &plan);
        plan.bill = verdict.bill;
        for (route, bill) in plan.routes.iter_mut().zip(verdict.route_bills) {
            route.bill = bill;
        }
        plan
    }

    fn place(&self) -> PlaceIx {
        let Some(route) = &self.open else { panic!("no day begun") };
        route.stops.last().map_or(self.problem.shift(route.shift).start_place, |stop| stop.place)
    }
    fn leg(&self, to: PlaceIx) -> Leg {
        let Some(route) = &self.open else { panic!("no day begun") };
        let technician = self.problem.technician_of(route.shift);
        self.travel.leg(technician.profile, technician.speed, self.place(), to, self.now)
    }
    fn take_break(&mut self, start: Time) -> Time {
        let Some(route) = &mut self.open else { panic!("no day begun") };
        let rule = route.breaks.len();
        let end = start + self.problem.shift(route.shift).breaks[rule].duration;
        route.breaks.push(TakenBreak { rule, start, end });
        end
    }
    /// Drives a leg, with the break planned in it, and gives the arrival.
    fn drive(&mut self, leg: Leg) -> Time {
        let arrival = self.now + leg.duration();
        match self.on_the_way.take() {
            Some(start) => arrival + (self.take_break(start) - start),
            None => arrival,
        }
    }
    fn stop(&mut self, activity: Activity, place: PlaceIx, setup: Duration, windows: &[Window], work: Duration) {
        let (departure, leg) = (self.now, self.leg(place));
        let arrival = self.drive(leg);
        let ready = arrival + setup;
        let open = windows.iter().find(|window| ready <= window.close).map_or(ready, |window| window.open);
        let start = ready.max(open);
        self.now = start + work;
        let stop = Stop {
            activity,
            place,
            departure,
            arrival,
            start,
            end: self.now,
            travel: leg.duration(),
            distance: leg.distance(),
        };
        if let Some(route) = &mut self.open {
            route.stops.push(stop);
        }
    }
    fn go_home(&mut self) {
        let Some(shift) = self.open.as_ref().map(|route| route.shift) else { return };
        let leg = self.problem.shift(shift).end_place.map_or_else(Leg::default, |home| self.leg(home));
        let departure = self.now;
        let end = self.drive(leg);
        if let Some(mut route) = self.open.take() {
            (route.return_departure, route.end) = (departure, end);
            (route.return_travel, route.return_distance) = (leg.duration(), leg.distance());
            self.routes.push(route);
        }
    }
}
