//! Key figures of a plan: what was planned, how the promises stand, where the time went; in all,
//! and by region, technician and skill.
//!
//! Counted from the stated times alone. Prices are on the bill, rules with the judge.

use crate::export::{Promise, SlaState, promises};
use crate::ids::{JobIx, RegionIx, SkillIx, TechIx};
use crate::plan::{Activity, Plan, PlannedRoute};
use crate::problem::{Job, Problem};
use crate::units::{Cost, Duration, Meters, Permille};

/// Figures of some jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobFigures {
    /// Jobs to be done.
    pub jobs: u32,
    /// Of these, planned.
    pub planned: u32,
    /// Promises of planned jobs kept with time to spare.
    pub on_time: u32,
    /// Promises kept, but with less than [`crate::export::AT_RISK`] to spare.
    pub at_risk: u32,
    /// Promises not kept.
    pub late: u32,
    /// Time past all promises that are not kept.
    pub lateness: Duration,
}

/// Figures of some routes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouteFigures {
    /// Shifts used.
    pub shifts: u32,
    /// Visits.
    pub visits: u32,
    /// Time on the road.
    pub travel: Duration,
    /// Length of the way.
    pub distance: Meters,
    /// Time at work, collections not counted.
    pub work: Duration,
    /// From arrivals to starts: waiting, set-up, and breaks taken there.
    pub wait: Duration,
    /// Time past regular ends.
    pub overtime: Duration,
    /// From departures to the ends of the days.
    pub duration: Duration,
    /// Sum of the routes' bills.
    pub cost: Cost,
}

impl RouteFigures {
    /// Share of the time from departure to the end of the day that is work; 0 without any time.
    pub fn utilisation(&self) -> Permille {
        let share = if self.duration.0 > 0 { self.work.0.max(0) * 1000 / self.duration.0 } else { 0 };
        Permille(u32::try_from(share).unwrap_or(u32::MAX))
    }
    fn add(&mut self, problem: &Problem, route: &PlannedRoute) {
        self.shifts += 1;
        self.travel += route.travel();
        self.distance += route.distance();
        for stop in &route.stops {
            self.wait += stop.start - stop.arrival;
            match stop.activity {
                Activity::Visit { .. } => {
                    self.visits += 1;
                    self.work += stop.end - stop.start;
                }
                Activity::Collection { .. } => {}
            }
        }
        self.overtime += route.end.past(problem.shift(route.shift).regular_end);
        self.duration += route.end - route.departure();
        self.cost += route.bill.total();
    }
}

impl JobFigures {
    fn add(&mut self, kept: Option<&[Promise]>) {
        self.jobs += 1;
        let Some(promises) = kept else { return };
        self.planned += 1;
        for promise in promises {
            match promise.state() {
                SlaState::None => {}
                SlaState::OnTime => self.on_time += 1,
                SlaState::AtRisk => self.at_risk += 1,
                SlaState::Late => {
                    self.late += 1;
                    self.lateness += -promise.slack();
                }
            }
        }
    }
}

/// All key figures of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kpis {
    /// All jobs.
    pub jobs: JobFigures,
    /// Jobs not planned by class: P1, P2, P3, P4, and without class last.
    pub unassigned_by_class: [u32; 5],
    /// All routes.
    pub routes: RouteFigures,
    /// By region that has jobs; jobs without region last.
    pub regions: Vec<(Option<RegionIx>, JobFigures)>,
    /// By technician, also those who stay at home.
    pub technicians: Vec<(TechIx, RouteFigures)>,
    /// By skill that jobs ask for, as one of all or one of any.
    pub skills: Vec<(SkillIx, JobFigures)>,
    /// Every promise of a planned job, least slack first.
    pub promises: Vec<(JobIx, Promise)>,
}

impl Kpis {
    /// The figures of a plan. A job of a crew counts once, with the promises of its first member.
    ///
    /// A plan whose indices do not belong to the problem, which no reader or search makes, panics.
    pub fn of(problem: &Problem, plan: &Plan) -> Self {
        let mut kpis = Self::default();
        let mut kept: Vec<Option<Vec<Promise>>> = vec![None; problem.jobs.len()];
        let mut by_technician = vec![RouteFigures::default(); problem.technicians.len()];
        for route in &plan.routes {
            kpis.routes.add(problem, route);
            by_technician[problem.shift(route.shift).technician.index()].add(problem, route);
            for stop in &route.stops {
                if let Activity::Visit { job, member, parts: _ } = stop.activity
                    && (member == 0 || kept[job.index()].is_none())
                {
                    kept[job.index()] = Some(promises(problem.job(job), stop));
                }
            }
        }
        let mut by_region = vec![JobFigures::default(); problem.regions.len() + 1];
        let mut by_skill = vec![JobFigures::default(); problem.skills.len()];
        for (at, (job, kept)) in problem.jobs.iter().zip(&kept).enumerate() {
            let kept = kept.as_deref();
            kpis.jobs.add(kept);
            by_region[job.region.map_or(problem.regions.len(), RegionIx::index)].add(kept);
            for skill in asked_skills(job) {
                by_skill[skill.index()].add(kept);
            }
            match kept {
                Some(promises) => kpis.promises.extend(promises.iter().map(|promise| (JobIx::from(at), *promise))),
                None => kpis.unassigned_by_class[job.priority.map_or(4, |class| class as usize)] += 1,
            }
        }
        kpis.promises.sort_by_key(|(job, promise)| (promise.slack(), *job, promise.event));
        let region = |at: usize| (at < problem.regions.len()).then(|| RegionIx::from(at));
        kpis.regions = with_jobs(by_region).map(|(at, figures)| (region(at), figures)).collect();
        kpis.skills = with_jobs(by_skill).map(|(at, figures)| (SkillIx::from(at), figures)).collect();
        kpis.technicians = by_technician.into_iter().enumerate().map(|(at, one)| (TechIx::from(at), one)).collect();
        kpis
    }
    /// Promises late or at risk, least slack first.
    pub fn at_risk(&self) -> impl Iterator<Item = (JobIx, Promise)> {
        self.promises.iter().copied().filter(|(_, promise)| promise.state() >= SlaState::AtRisk)
    }
}

fn with_jobs(figures: Vec<JobFigures>) -> impl Iterator<Item = (usize, JobFigures)> {
    figures.into_iter().enumerate().filter(|(_, figures)| figures.jobs > 0)
}

/// The skills a job asks for, each once.
fn asked_skills(job: &Job) -> Vec<SkillIx> {
    let members = job.crew.iter().map(|member| &member.skills);
    let needs = std::iter::once(&job.skills).chain(members);
    let mut skills: Vec<_> =
        needs.flat_map(|need| need.all_of.iter().chain(&need.any_of)).map(|level| level.skill).collect();
    skills.sort_unstable();
    skills.dedup();
    skills
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;
    use crate::problem::SlaEvent;

    #[test]
    fn the_figures_of_the_sample_day_are_those_counted_by_hand() {
        let (problem, plan) = sample::day();
        let kpis = Kpis::of(&problem, &plan);
        // T-1 arrives long before its promise and ends 5 minutes before the other; T-2 is left for
        // 15 minutes past its promise; T-3 stays out.
        let expected =
            JobFigures { jobs: 3, planned: 2, on_time: 1, at_risk: 1, late: 1, lateness: Duration::minutes(15) };
        assert_eq!(kpis.jobs, expected);
        assert_eq!(kpis.unassigned_by_class, [0, 0, 1, 0, 0]);
        let ann = kpis.technicians[0].1;
        assert_eq!((ann.shifts, ann.visits), (1, 2));
        assert_eq!((ann.travel, ann.distance), (Duration::minutes(75), Meters(42_000)));
        assert_eq!((ann.work, ann.wait), (Duration::minutes(90), Duration::minutes(30)));
        assert_eq!((ann.duration, ann.overtime), (Duration::minutes(270), Duration::ZERO));
        assert_eq!(ann.utilisation(), Permille(333));
        assert_eq!((kpis.technicians[1].1, kpis.routes), (RouteFigures::default(), ann));
    }

    #[test]
    fn promises_are_listed_by_slack_and_jobs_by_region_and_skill() {
        let (problem, plan) = sample::day();
        let kpis = Kpis::of(&problem, &plan);
        let risks: Vec<_> = kpis.at_risk().map(|(job, promise)| (job, promise.event, promise.slack())).collect();
        assert_eq!(
            risks,
            [
                (JobIx(1), SlaEvent::Respond, Duration::minutes(-15)),
                (JobIx(0), SlaEvent::Resolve, Duration::minutes(5)),
            ]
        );
        let regions: Vec<_> = kpis.regions.iter().map(|(region, one)| (*region, one.jobs, one.planned)).collect();
        assert_eq!(regions, [(Some(RegionIx(0)), 1, 1), (None, 2, 1)]);
        let skills: Vec<_> = kpis.skills.iter().map(|(skill, one)| (*skill, one.jobs, one.planned)).collect();
        assert_eq!(skills, [(SkillIx(0), 1, 0)]);
    }
}
