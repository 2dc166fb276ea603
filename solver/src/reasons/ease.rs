//! Easing one rule for one job, and proving by insertion that the job then fits.
//!
//! The order of [`Ease::ALL`] is the documented order among relaxations of equal price.

use super::nearness::skill_gap;
use crate::insertion::Finder;
use crate::instance::{Grade, Instance, keeps_out_but};
use crate::schedule;
use crate::solution::{Insertion, Solution, node_of};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::lang::{Text, value};
use dispatch_data::plan::{Activity, PlannedRoute, Relaxation, Stop};
use dispatch_data::problem::Problem;
use dispatch_data::rule::Rule;
use dispatch_data::units::{Cost, Duration, Meters, Time};
use dispatch_data::{say, word};
use std::sync::Arc;

/// How far past the latest end a day may be stretched to find out by how much it is too short.
const STRETCH: Duration = Duration::hours(4);

/// One thing that could be eased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ease {
    /// Nothing: the job fits, only its price is too low.
    Price,
    /// A promise's hard limit.
    SlaLimit,
    /// Start and completion windows.
    Window,
    /// The latest end of shifts.
    Hours,
    /// Limits of shifts.
    Limits,
    /// Parts at hand.
    Parts,
    /// Tools at hand.
    Tools,
    /// Skills.
    Skills,
    /// Regions.
    Region,
    /// Required and excluded technicians.
    Technician,
    /// What the dispatcher fixed about who goes.
    Pin,
}

impl Ease {
    pub(super) const ALL: [Self; 11] = [
        Self::Price,
        Self::SlaLimit,
        Self::Window,
        Self::Hours,
        Self::Limits,
        Self::Parts,
        Self::Tools,
        Self::Skills,
        Self::Region,
        Self::Technician,
        Self::Pin,
    ];

    pub(super) fn rule(self) -> Option<Rule> {
        match self {
            Self::Price => None,
            Self::SlaLimit => Some(Rule::SlaLimit),
            Self::Window => Some(Rule::Window),
            Self::Hours => Some(Rule::Hours),
            Self::Limits => Some(Rule::Limits),
            Self::Parts => Some(Rule::Parts),
            Self::Tools => Some(Rule::Tools),
            Self::Skills => Some(Rule::Skills),
            Self::Region => Some(Rule::Region),
            Self::Technician => Some(Rule::Technician),
            Self::Pin => Some(Rule::Pin),
        }
    }

    /// Whether it is about the rest of the day rather than about who may go at all.
    pub(super) fn is_of_the_day(self) -> bool {
        match self {
            Self::SlaLimit | Self::Window | Self::Hours | Self::Limits | Self::Parts | Self::Tools => true,
            Self::Price | Self::Skills | Self::Region | Self::Technician | Self::Pin => false,
        }
    }

    /// The instance with this eased for a job; `None` where it changes nothing.
    fn apply<'p>(self, instance: &Instance<'p>, job: JobIx) -> Option<Instance<'p>> {
        let own = instance.problem.job(job);
        let pin = own.pin.as_ref();
        let applies = match self {
            Self::Price | Self::Window | Self::Hours | Self::Limits => true,
            Self::SlaLimit => instance.node(node_of(job)).limits,
            Self::Parts => !own.parts.is_empty(),
            Self::Tools => !own.tools.is_empty(),
            Self::Skills => !own.skills.all_of.is_empty() || !own.skills.any_of.is_empty(),
            Self::Region => instance.problem.technicians.iter().any(|technician| !technician.regions.is_empty()),
            Self::Technician => own.required_technicians.is_some() || !own.excluded_technicians.is_empty(),
            Self::Pin => pin.is_some_and(|pin| pin.technician.is_some() || pin.shift.is_some()),
        };
        if !applies {
            return None;
        }
        let mut eased = instance.clone();
        let node = &mut Arc::make_mut(&mut eased.nodes)[job.index()];
        match self {
            Self::Price | Self::Skills | Self::Region | Self::Technician | Self::Pin => {}
            Self::SlaLimit => node.limits = false,
            Self::Window => eased.unbind_windows(job),
            Self::Hours => {
                for shift in Arc::make_mut(&mut eased.shifts) {
                    shift.latest_end = (shift.latest_end + STRETCH).min(instance.problem.horizon.end());
                    // The day may run into overtime now, which only the walk tells.
                    shift.grade = Grade::Walk;
                }
            }
            Self::Limits => {
                // Who is on the way home takes nothing more, whatever the limits.
                let closed = |shift: &crate::instance::ShiftInfo| shift.settled.as_ref().is_some_and(|own| own.closed);
                for shift in Arc::make_mut(&mut eased.shifts).iter_mut().filter(|shift| !closed(shift)) {
                    shift.max_jobs = u32::MAX;
                    shift.max_travel = Duration(i64::MAX / 4);
                    shift.max_distance = Meters(i64::MAX / 4);
                    shift.max_duration = Duration(i64::MAX / 4);
                    shift.capacity.clear();
                }
            }
            // A visit without needs would hide a lack of the other kind, so both are waived only
            // where the other is no obstacle.
            Self::Parts | Self::Tools => node.supplied = false,
        }
        if let Some(rule) = self.rule() {
            let both = [Rule::Parts, Rule::Tools];
            let one = [rule];
            let waived: &[Rule] = if both.contains(&rule) { &both } else { &one };
            for shift in 0..eased.shifts.len() {
                let row = ShiftIx::from(shift);
                let open = !instance.barred.contains(&(row, job));
                if open && keeps_out_but(eased.problem, eased.travel, row, job, waived).is_none() {
                    Arc::make_mut(&mut eased.eligible).set(shift, job.index());
                }
            }
        }
        Some(eased)
    }
}

/// The instances with one thing eased for a job, in order.
pub(super) fn instances<'p>(instance: &Instance<'p>, job: JobIx) -> Vec<(Ease, Instance<'p>)> {
    Ease::ALL.iter().filter_map(|ease| ease.apply(instance, job).map(|eased| (*ease, eased))).collect()
}

/// A plan under an eased instance.
pub(super) struct Eased<'b> {
    pub(super) ease: Ease,
    solution: Solution<'b>,
}

/// The plan under each of the eased instances.
pub(super) fn solutions<'b>(solution: &Solution<'_>, instances: &'b [(Ease, Instance<'b>)]) -> Vec<Eased<'b>> {
    instances
        .iter()
        .map(|(ease, instance)| {
            let mut solution = solution.on(instance);
            if matches!(ease, Ease::Hours | Ease::Limits) {
                solution.refresh_all();
            }
            Eased { ease: *ease, solution }
        })
        .collect()
}

/// That a job fits under an ease, and how far beyond the rule it then lies.
pub(super) struct Proof {
    pub(super) miss: Text,
    pub(super) size: i64,
    change: Text,
    added: Cost,
}

impl Eased<'_> {
    /// Inserts the job on one shift, looks, and takes it back.
    pub(super) fn prove_on(&mut self, finder: &mut Finder, shift: ShiftIx, job: JobIx) -> Option<Proof> {
        let insertion = finder.best_on(&self.solution, shift, job, i64::MAX)?;
        self.prove(job, insertion)
    }

    /// The lightest insertion, proven. Where skills are eased, the technicians who lack least are
    /// asked first: nobody is sent on a course in a new trade to save a few kilometres.
    fn best(&mut self, finder: &mut Finder, job: JobIx) -> Option<(Insertion, Proof)> {
        if self.ease != Ease::Skills {
            let insertion = finder.best(&self.solution, job, i64::MAX, || false)?;
            return Some((insertion, self.prove(job, insertion)?));
        }
        let instance = self.solution.instance;
        let mut shifts: Vec<(i64, ShiftIx)> = (0..instance.shifts.len())
            .filter(|shift| instance.eligible.get(*shift, job.index()))
            .map(|shift| (skill_gap(instance.problem, ShiftIx::from(shift), job), ShiftIx::from(shift)))
            .collect();
        shifts.sort_unstable();
        shifts.chunk_by(|one, other| one.0 == other.0).find_map(|equals| {
            let insertions =
                equals.iter().filter_map(|(_, shift)| finder.best_on(&self.solution, *shift, job, i64::MAX));
            let insertion = insertions.min_by_key(|insertion| insertion.weight)?;
            Some((insertion, self.prove(job, insertion)?))
        })
    }

    fn prove(&mut self, job: JobIx, insertion: Insertion) -> Option<Proof> {
        let before = self.solution.route(insertion.shift).cost;
        self.solution.begin();
        let proof = if self.solution.insert(job, insertion) {
            let route = self.solution.route(insertion.shift);
            let added = route.cost - before;
            schedule::schedule(self.solution.instance, route).and_then(|planned| self.measure(job, &planned, added))
        } else {
            None
        };
        self.solution.undo();
        proof
    }

    /// How far the visit lies beyond the eased rule, in words.
    fn measure(&self, job: JobIx, planned: &PlannedRoute, added: Cost) -> Option<Proof> {
        let problem = self.solution.instance.problem;
        let stop = planned.stops.iter().find(
            |stop| matches!(stop.activity, Activity::Visit { job: visited, member: _, parts: _ } if visited == job),
        )?;
        let shift = problem.shift(planned.shift);
        let who = &problem.technician(shift.technician).id;
        let (size, miss, change) = match self.ease {
            Ease::Price => {
                let price = problem.drop_price(job);
                (added.0, say!("would add {}", added), say!("leaving it cost more than {} (now {})", added, price))
            }
            Ease::SlaLimit => {
                let over = past_limits(problem, job, stop);
                (over.0, say!("limit missed by {}", over), say!("promised limit + {}", over))
            }
            Ease::Window => {
                let off = off_windows(problem, job, stop);
                (off.0, say!("window missed by {}", off), say!("window + {}", off))
            }
            Ease::Hours => {
                let over = planned.end.past(shift.latest_end);
                (over.0, say!("day too short by {}", over), say!("{} + {} past the latest end", who, over))
            }
            Ease::Limits => (0, say!("a limit of the shift is reached"), say!("limits of shift {} raised", shift.id)),
            Ease::Parts | Ease::Tools => {
                let missing = missing_supply(problem, planned, job, self.ease == Ease::Parts);
                (0, say!("not at hand: {}", missing), say!("{} at hand for {}", missing, who))
            }
            Ease::Skills => {
                let lacking = super::nearness::lacking_skills(problem, planned.shift, job);
                (0, lacking, say!("{} had {}", who, super::nearness::needed_skills(problem, job)))
            }
            Ease::Region => (0, Text::default(), say!("{} worked in the job's region", who)),
            Ease::Technician => (0, Text::default(), say!("{} were allowed", who)),
            Ease::Pin => (0, Text::default(), say!("it were not pinned, {} could take it", who)),
        };
        Some(Proof { miss, size, change, added })
    }
}

/// The cheapest ease under which the job fits: by what it adds to the bill, then by order. Of skills
/// the ease is the smallest step, so its price is that of the technicians nearest to them.
pub(super) fn cheapest(
    solution: &Solution<'_>,
    eased: &mut [Eased<'_>],
    finder: &mut Finder,
    job: JobIx,
) -> Option<Relaxation> {
    debug_assert!(solution.shift_of(job).is_none(), "only jobs left out are explained");
    let mut best: Option<Relaxation> = None;
    for eased in eased {
        let Some((insertion, proof)) = eased.best(finder, job) else { continue };
        if best.as_ref().is_none_or(|best| proof.added < best.added_cost) {
            best = Some(Relaxation {
                change: proof.change,
                rule: eased.ease.rule(),
                shift: insertion.shift,
                added_cost: proof.added,
            });
        }
    }
    best
}

fn past_limits(problem: &Problem, job: JobIx, stop: &Stop) -> Duration {
    let sla = &problem.job(job).sla;
    [(sla.respond, stop.departure), (sla.arrive, stop.arrival), (sla.resolve, stop.end)]
        .into_iter()
        .filter_map(|(deadline, event)| Some(event.past(deadline?.limit?)))
        .max()
        .unwrap_or(Duration::ZERO)
}

fn off_windows(problem: &Problem, job: JobIx, stop: &Stop) -> Duration {
    let job = problem.job(job);
    let pinned = job.pin.as_ref().and_then(|pin| pin.window);
    let distance = |time: Time, open: Time, close: Time| (open - time).at_least_zero() + time.past(close);
    let start = job.windows.iter().map(|window| distance(stop.start, window.open, window.close)).min();
    let end = job.end_windows.iter().map(|window| distance(stop.end, window.open, window.close)).min();
    let pin = pinned.map(|window| distance(stop.start, window.open, window.close));
    [start, end, pin].into_iter().flatten().max().unwrap_or(Duration::ZERO)
}

/// Parts or tools of the job that van, own tools and collections of this day do not cover.
fn missing_supply(problem: &Problem, planned: &PlannedRoute, job: JobIx, parts: bool) -> Text {
    let technician = problem.technician_of(planned.shift);
    let own = problem.job(job);
    let list: Vec<Text> = if parts {
        own.parts
            .iter()
            .filter_map(|need| {
                let stock = technician.stock.iter().find(|(part, _)| *part == need.part).map_or(0, |(_, units)| *units);
                let used: u32 = planned
                    .jobs()
                    .filter(|other| *other != job)
                    .flat_map(|other| &problem.job(other).parts)
                    .filter(|other| other.part == need.part)
                    .map(|other| other.quantity)
                    .sum();
                let missing = need.quantity.saturating_sub(stock.saturating_sub(used));
                (missing > 0).then(|| say!("{} × {}", missing, problem.parts[need.part.index()]))
            })
            .collect()
    } else {
        let lacking = own.tools.iter().filter(|tool| !technician.tools.contains(tool));
        lacking.map(|tool| value(&problem.tools[tool.index()])).collect()
    };
    if list.is_empty() { say!("parts or tools") } else { Text::joined(list, word!(", ")) }
}
