//! The plan laid open for the rules: days by technician and time, visits by job, words for times.
//!
//! Every index of the plan is looked up here once; what it does not find is left to the rule that
//! reports it. No rule is checked here.

use super::exact::{Exact, narrow};
use super::live::{self, Past};
use super::violation::Violation;
use crate::ids::{JobIx, PlaceIx, ShiftIx, SiteIx, TechIx};
use crate::lang::{Text, value};
use crate::plan::{Activity, PartSource, Plan, PlannedRoute, Stop, TakenBreak};
use crate::problem::{Job, Problem, Shift, Site, SkillNeed, Technician};
use crate::rule::Rule;
use crate::say;
use crate::travel::{Leg, Travel};
use crate::units::{Duration, Time};
use std::collections::HashMap;

/// Moments farther than this from the horizon's start (some 3,000 years) are no moments at all.
const FARTHEST: i128 = 100_000_000_000;

/// Everything a rule may look at.
pub(super) struct Case<'a> {
    /// What was asked.
    pub(super) problem: &'a Problem,
    /// What the plan was, or should have been, made with.
    pub(super) travel: &'a Travel,
    /// What is judged.
    pub(super) plan: &'a Plan,
    /// Routes on known shifts; those of one technician are neighbours, in time order.
    pub(super) days: Vec<Day<'a>>,
    /// All visits of each job, by job.
    pub(super) visits_of: Vec<Vec<Seen>>,
}

/// Where a visit of a job was seen.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Position among [`Plan::routes`].
    pub(super) route: usize,
    /// Position among its stops.
    pub(super) stop: usize,
    /// Member of the crew.
    pub(super) member: u8,
}

/// One route on a known shift.
pub(super) struct Day<'a> {
    /// Position among [`Plan::routes`].
    pub(super) index: usize,
    /// What is planned.
    pub(super) route: &'a PlannedRoute,
    /// On which shift.
    pub(super) shift: &'a Shift,
    /// Whose shift.
    pub(super) technician_ix: TechIx,
    /// The same.
    pub(super) technician: &'a Technician,
    /// Breaks by stated start, whatever order the plan has them in.
    pub(super) breaks: Vec<TakenBreak>,
    /// What of it has happened, and where it goes on from.
    pub(super) past: Past,
}

/// One stop that visits a known job.
pub(super) struct Visit<'a> {
    /// Position among the stops of its route.
    pub(super) at: usize,
    /// All of the stop.
    pub(super) stop: &'a Stop,
    /// Which job.
    pub(super) job_ix: JobIx,
    /// The same.
    pub(super) job: &'a Job,
    /// Which member of the crew.
    pub(super) member: u8,
    /// Stated sources of parts.
    pub(super) parts: &'a [PartSource],
}

impl<'a> Visit<'a> {
    /// Skills that this member of the crew, or the only technician, needs.
    pub(super) fn need(&self) -> &'a SkillNeed {
        self.job.crew.get(usize::from(self.member)).map_or(&self.job.skills, |member| &member.skills)
    }
    /// Work of this member at pace 1000.
    pub(super) fn work(&self) -> Duration {
        self.job.crew.get(usize::from(self.member)).map_or(self.job.work, |member| member.work)
    }
    /// Whether this visit stands for the whole job: the first member brings parts and tools and
    /// keeps the dispatcher's pins; so does whoever goes alone.
    pub(super) fn leads(&self) -> bool {
        self.member == 0
    }
    /// A breach at this visit.
    pub(super) fn breach(
        &self,
        day: &Day<'_>,
        rule: Rule,
        expected: impl Into<Text>,
        got: impl Into<Text>,
    ) -> Violation {
        day.breach(rule, expected, got).at(self.at).about(self.job_ix)
    }
}

impl<'a> Day<'a> {
    /// Visits of known jobs, in order.
    pub(super) fn visits(&self, problem: &'a Problem) -> impl Iterator<Item = Visit<'a>> {
        let route: &'a PlannedRoute = self.route;
        route.stops.iter().enumerate().filter_map(move |(at, stop)| visit(problem, at, stop))
    }
    /// A breach on this day.
    pub(super) fn breach(&self, rule: Rule, expected: impl Into<Text>, got: impl Into<Text>) -> Violation {
        Violation::of_plan(rule, expected, got).on(self.route.shift)
    }
    /// When the technician sets out: towards the first stop, or into a break before it.
    pub(super) fn departure(&self) -> Time {
        let first = self.route.stops.first().map_or(self.route.return_departure, |stop| stop.departure);
        self.route.breaks.first().map_or(first, |taken| first.min(taken.start))
    }
    /// Breaks whose start lies in `[from, to)`.
    pub(super) fn breaks_within(&self, from: Time, to: Time) -> &[TakenBreak] {
        if from >= to {
            return &[];
        }
        let first = self.breaks.partition_point(|taken| taken.start < from);
        let past = self.breaks.partition_point(|taken| taken.start < to);
        &self.breaks[first..past]
    }
    /// Where the technician is before stop `at`.
    pub(super) fn place_before(&self, at: usize) -> PlaceIx {
        if let Some(live) = self.past.live.filter(|live| live.at == at) {
            return live.place;
        }
        at.checked_sub(1).and_then(|before| self.route.stops.get(before)).map_or(self.shift.start_place, |s| s.place)
    }
}

/// The visit at a stop, where it is one of a known job.
pub(super) fn visit<'a>(problem: &'a Problem, at: usize, stop: &'a Stop) -> Option<Visit<'a>> {
    match &stop.activity {
        Activity::Visit { job: job_ix, member, parts } => {
            let job = problem.jobs.get(job_ix.index())?;
            Some(Visit { at, stop, job_ix: *job_ix, job, member: *member, parts })
        }
        Activity::Collection { site: _, takes: _, tools: _ } => None,
    }
}

/// Sum of the stated lengths of breaks.
pub(super) fn length(breaks: &[TakenBreak]) -> i128 {
    breaks.iter().map(|taken| taken.end.exact() - taken.start.exact()).sum()
}

impl<'a> Case<'a> {
    /// Looks up every index of the plan.
    pub(super) fn new(problem: &'a Problem, travel: &'a Travel, plan: &'a Plan) -> Self {
        let mut visits_of = vec![Vec::new(); problem.jobs.len()];
        let mut days = Vec::with_capacity(plan.routes.len());
        let in_force = problem.current.iter().filter(|_| problem.freeze.is_some());
        let current: HashMap<ShiftIx, &PlannedRoute> =
            in_force.flat_map(|plan| &plan.routes).map(|route| (route.shift, route)).collect();
        for (index, route) in plan.routes.iter().enumerate() {
            for (stop, stated) in route.stops.iter().enumerate() {
                if let Some(visit) = visit(problem, stop, stated) {
                    visits_of[visit.job_ix.index()].push(Seen { route: index, stop, member: visit.member });
                }
            }
            let Some(shift) = problem.shifts.get(route.shift.index()) else { continue };
            let Some(technician) = problem.technicians.get(shift.technician.index()) else { continue };
            let mut breaks = route.breaks.clone();
            breaks.sort_by_key(|taken| taken.start);
            let past = live::past(problem, route.shift, current.get(&route.shift).copied(), technician);
            days.push(Day { index, route, shift, technician_ix: shift.technician, technician, breaks, past });
        }
        days.sort_by_key(|day| (day.technician_ix, day.route.shift));
        Self { problem, travel, plan, days, visits_of }
    }
    /// Days of each technician that has any, in time order.
    pub(super) fn by_technician(&self) -> impl Iterator<Item = &[Day<'a>]> {
        self.days.chunk_by(|one, other| one.technician_ix == other.technician_ix)
    }
    /// A known site.
    pub(super) fn site(&self, site: SiteIx) -> Option<&'a Site> {
        self.problem.sites.get(site.index())
    }
    /// The stop where a visit was seen.
    pub(super) fn stop(&self, seen: Seen) -> &'a Stop {
        &self.plan.routes[seen.route].stops[seen.stop]
    }
    /// The technician who does a visit, where the shift is known.
    pub(super) fn technician(&self, seen: Seen) -> Option<TechIx> {
        self.problem.shifts.get(self.plan.routes[seen.route].shift.index()).map(|shift| shift.technician)
    }
    /// The leg a technician drives; `None` where the travel at hand cannot tell.
    pub(super) fn leg(&self, technician: &Technician, from: PlaceIx, to: PlaceIx, depart: Time) -> Option<Leg> {
        if technician.profile.index() >= self.travel.profiles() || depart.exact().abs() > FARTHEST {
            return None;
        }
        let size = self.travel.matrix(technician.profile).size();
        if from.index() >= size || to.index() >= size {
            return None;
        }
        Some(self.travel.leg(technician.profile, technician.speed, from, to, depart))
    }
    /// A moment in the problem's own clock, or in seconds where no calendar goes that far.
    pub(super) fn moment(&self, time: Time) -> Text {
        if time.exact().abs() > FARTHEST {
            return say!("second {}", time.0);
        }
        value(self.problem.horizon.local(time).strftime("%Y-%m-%d %H:%M:%S"))
    }
    /// A moment that was reckoned.
    pub(super) fn reckoned(&self, time: i128) -> Text {
        self.moment(Time(narrow(time)))
    }
    /// The caller's id of a job.
    pub(super) fn job_id(&self, job: JobIx) -> String {
        self.problem.jobs.get(job.index()).map_or_else(|| format!("#{}", job.0), |job| job.id.clone())
    }
    /// The caller's id of a technician.
    pub(super) fn technician_id(&self, technician: TechIx) -> String {
        let known = self.problem.technicians.get(technician.index());
        known.map_or_else(|| format!("#{}", technician.0), |technician| technician.id.clone())
    }
    /// The caller's name of a place.
    pub(super) fn place_id(&self, place: PlaceIx) -> Text {
        let known = self.problem.places.get(place.index());
        known.and_then(|known| known.id.as_ref()).map_or_else(|| say!("place {}", place.0), value)
    }
}

/// A name out of a list of names, or its number.
pub(super) fn name(names: &[String], index: usize) -> String {
    names.get(index).cloned().unwrap_or_else(|| format!("#{index}"))
}

/// A reckoned length of time, in words.
pub(super) fn span(seconds: i128) -> Text {
    Duration(narrow(seconds)).into()
}
