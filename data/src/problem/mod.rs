//! The problem: what is to be decided, in the words of field service.
//!
//! A [`Draft`] is the plain list of nouns, free to be filled by a reader, an importer or a
//! generator. [`Problem`] is a draft that passed every check of [`crate::validate`]; nothing else
//! makes one, so whoever holds a `Problem` need not check it again. No JSON here.

mod job;
mod objective;
mod region;
mod site;
mod technician;

pub use job::{
    CrewMember, Deadline, Job, JobKind, PartQuantity, Pin, Precedence, Priority, Recurring, SkillLevel, SkillNeed, Sla,
    SlaEvent, ToolNeed,
};
pub use objective::{Objective, OvertimeUntil, PaidFrom};
pub use region::Region;
pub use site::{Lot, Site};
pub use technician::{Break, CurrentPosition, FirstTimeFix, OwnedSkill, Prices, Shift, Technician};

use crate::calendar::Calendar;
use crate::finding::Finding;
use crate::ids::{JobIx, LotIx, PlaceIx, ProfileIx, ShiftIx, SiteIx, TechIx};
use crate::place::Place;
use crate::plan::Plan;
use crate::travel::{HourlyMatrices, HourlySpeed, Hours, TravelMatrix};
use crate::units::{Cost, Duration, Time};
use std::ops::Deref;
use std::sync::Arc;

/// A span of time, both ends included: `open ≤ t ≤ close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First allowed moment.
    pub open: Time,
    /// Last allowed moment.
    pub close: Time,
}

impl Window {
    /// Whether `time` lies within, borders included.
    pub fn holds(self, time: Time) -> bool {
        self.open <= time && time <= self.close
    }
}

/// The planning horizon and its calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Horizon {
    /// The instant that [`Time`] zero stands for.
    pub start: jiff::Timestamp,
    /// Length of the horizon; everything planned happens within it.
    pub length: Duration,
    /// Time zone in which times are shown and days are counted.
    pub zone: jiff::tz::TimeZone,
}

impl Horizon {
    /// The moment the horizon ends.
    pub fn end(&self) -> Time {
        Time(self.length.0)
    }
    /// The second of the local day at which the horizon starts.
    pub fn second_of_day(&self) -> Duration {
        let local = self.local(Time(0)).time();
        let part = |value: i8| i64::from(value);
        Duration(part(local.hour()) * 3600 + part(local.minute()) * 60 + part(local.second()))
    }
    /// The instant of `time`; clamped to what a timestamp can hold.
    pub fn timestamp(&self, time: Time) -> jiff::Timestamp {
        self.start.saturating_add(jiff::SignedDuration::from_secs(time.0)).unwrap_or(jiff::Timestamp::MAX)
    }
    /// The moment of an instant, in whole seconds, rounded down.
    pub fn time(&self, instant: jiff::Timestamp) -> Time {
        Time(instant.as_second() - self.start.as_second())
    }
    /// The local date and time of `time` in the problem's zone.
    pub fn local(&self, time: Time) -> jiff::Zoned {
        self.timestamp(time).to_zoned(self.zone.clone())
    }
}

/// A way of travelling: car, light truck, bicycle …
#[derive(Clone, Debug, PartialEq)]
pub struct TravelProfile {
    /// The caller's name of it, also the name of the road profile where roads are used.
    pub id: String,
    /// Rush hours as speeds, if the problem has them.
    pub hourly: Option<HourlySpeed>,
    /// Rush hours as matrices of their own, beside the given ones; never together with `hourly`.
    pub rush: Option<HourlyMatrices>,
}

impl TravelProfile {
    /// A way of travelling that takes as long at any hour.
    pub fn named(id: impl Into<String>) -> Self {
        Self { id: id.into(), hourly: None, rush: None }
    }
    /// What the hours of the day change, if anything.
    pub fn hours(&self) -> Option<Hours> {
        let rush = self.rush.clone().map(Hours::Matrices);
        rush.or_else(|| self.hourly.clone().map(Hours::Speed))
    }
}

/// A business calendar by the caller's name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedCalendar {
    /// The name, unique among calendars.
    pub id: String,
    /// When it works.
    pub calendar: Arc<Calendar>,
}

/// Where travel times come from.
#[derive(Clone, Debug, PartialEq)]
pub enum TravelSource {
    /// A road network that the caller names; places need positions.
    Roads {
        /// The caller's name of the map; the command line reads it as a path, a service as a key.
        map: String,
        /// The caller's name of the traffic of a day; `None`: plain speeds at every hour.
        traffic: Option<String>,
    },
    /// Given matrices, one per profile, already ordered by the problem's places.
    Matrices(Vec<TravelMatrix>),
    /// Great circle: straight way × `detour`, at `meters_per_second`.
    GreatCircle {
        /// Length of a road per metre of straight way, at least 1.
        detour: f64,
        /// Speed, above 0.
        meters_per_second: f64,
    },
}

/// All nouns of a problem, unchecked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The caller's name for it.
    pub name: String,
    /// When planning begins and ends.
    pub horizon: Horizon,
    /// Every place that any other noun refers to.
    pub places: Vec<Place>,
    /// Names of skills.
    pub skills: Vec<String>,
    /// Names of spare parts.
    pub parts: Vec<String>,
    /// Names of tools.
    pub tools: Vec<String>,
    /// Regions, in the order in which polygons are tried.
    pub regions: Vec<Region>,
    /// Business calendars by name: what promises of later tickets are counted on. Those of the jobs
    /// have been counted.
    pub calendars: Vec<NamedCalendar>,
    /// Travel profiles.
    pub profiles: Vec<TravelProfile>,
    /// Where travel comes from.
    pub travel: TravelSource,
    /// Technicians.
    pub technicians: Vec<Technician>,
    /// Shifts of all technicians; those of one technician are neighbours, in time order.
    pub shifts: Vec<Shift>,
    /// Sites where parts and tools can be collected.
    pub sites: Vec<Site>,
    /// Finite stock, now and to come.
    pub lots: Vec<Lot>,
    /// Jobs.
    pub jobs: Vec<Job>,
    /// Order between jobs, across technicians and days.
    pub precedences: Vec<Precedence>,
    /// Jobs that return at an interval.
    pub recurring: Vec<Recurring>,
    /// What a plan is priced by.
    pub objective: Objective,
    /// The plan in force, to start from.
    pub current: Option<Plan>,
    /// Everything of the current plan that starts before this moment stays as it is.
    pub freeze: Option<Time>,
}

impl Draft {
    /// An empty problem of the given horizon, with one travel profile `car` over no places.
    pub fn empty(name: impl Into<String>, horizon: Horizon) -> Self {
        Self {
            name: name.into(),
            horizon,
            places: Vec::new(),
            skills: Vec::new(),
            parts: Vec::new(),
            tools: Vec::new(),
            regions: Vec::new(),
            calendars: Vec::new(),
            profiles: vec![TravelProfile::named("car")],
            travel: TravelSource::GreatCircle { detour: 1.3, meters_per_second: 13.0 },
            technicians: Vec::new(),
            shifts: Vec::new(),
            sites: Vec::new(),
            lots: Vec::new(),
            jobs: Vec::new(),
            precedences: Vec::new(),
            recurring: Vec::new(),
            objective: Objective::default(),
            current: None,
            freeze: None,
        }
    }
    /// Adds a place and gives its index, reusing an equal one.
    ///
    /// Places are equal by id where both have one, else by matrix index or by exact coordinates.
    /// Linear in the number of places; readers of large problems keep their own table.
    pub fn place(&mut self, place: Place) -> PlaceIx {
        let known = self.places.iter().position(|old| *old == place);
        known.map_or_else(
            || {
                self.places.push(place);
                PlaceIx::from(self.places.len() - 1)
            },
            PlaceIx::from,
        )
    }
    /// Checks everything and makes it a [`Problem`].
    ///
    /// # Errors
    /// All findings at once, each with the JSON pointer it has in the wire format.
    pub fn check(self) -> Result<Problem, Vec<Finding>> {
        let findings = crate::validate::findings(&self);
        if findings.is_empty() { Ok(Problem(self)) } else { Err(findings) }
    }
}

/// A valid problem. Made only by [`Draft::check`]; read through to its [`Draft`].
#[derive(Clone, Debug)]
pub struct Problem(Draft);

impl Deref for Problem {
    type Target = Draft;
    fn deref(&self) -> &Draft {
        &self.0
    }
}

impl Problem {
    /// The draft back, to change it: it must pass the checks again.
    pub fn into_draft(self) -> Draft {
        self.0
    }
    /// The same problem with another plan in force; cheaper than checking all of it again.
    ///
    /// # Errors
    /// What is wrong with the plan's references and times.
    pub fn with_current(mut self, plan: Plan) -> Result<Self, Vec<Finding>> {
        let mut found = crate::validate::found::Found::default();
        crate::validate::add_plan_findings(&self.0, &plan, &mut found);
        let findings = found.finish();
        self.0.current = Some(plan);
        if findings.is_empty() { Ok(self) } else { Err(findings) }
    }
    /// What is wrong with a job that is to come to this problem; whether its id is taken, and with a
    /// `new_place` where it lies, is not looked at.
    pub fn check_job(&self, job: &Job, new_place: bool) -> Vec<Finding> {
        crate::validate::job_findings(&self.0, job, new_place)
    }
    /// A job by index.
    #[inline]
    pub fn job(&self, ix: JobIx) -> &Job {
        &self.0.jobs[ix.index()]
    }
    /// A technician by index.
    #[inline]
    pub fn technician(&self, ix: TechIx) -> &Technician {
        &self.0.technicians[ix.index()]
    }
    /// A shift by index.
    #[inline]
    pub fn shift(&self, ix: ShiftIx) -> &Shift {
        &self.0.shifts[ix.index()]
    }
    /// A site by index.
    #[inline]
    pub fn site(&self, ix: SiteIx) -> &Site {
        &self.0.sites[ix.index()]
    }
    /// A lot by index.
    #[inline]
    pub fn lot(&self, ix: LotIx) -> &Lot {
        &self.0.lots[ix.index()]
    }
    /// The technician of a shift.
    #[inline]
    pub fn technician_of(&self, shift: ShiftIx) -> &Technician {
        self.technician(self.shift(shift).technician)
    }
    /// The profile of a shift's technician.
    pub fn profile_of(&self, shift: ShiftIx) -> ProfileIx {
        self.technician_of(shift).profile
    }
    /// What a job costs when it stays unassigned: its own price plus its SLA prices up to the end
    /// of the horizon, so that dropping a job is never cheaper than being late.
    pub fn drop_price(&self, job: JobIx) -> Cost {
        self.leaving_price(self.job(job))
    }
    /// The same for a job that need not be one of the problem's.
    pub fn leaving_price(&self, job: &Job) -> Cost {
        let end = self.0.horizon.end();
        let Sla { respond, arrive, resolve } = &job.sla;
        let late: i64 = [respond, arrive, resolve]
            .into_iter()
            .flatten()
            .map(|deadline| deadline.late_price.0 * end.past(deadline.due).0)
            .sum();
        job.unassigned_price + Cost(late.div_euclid(3600))
    }
}
