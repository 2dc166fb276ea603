//! Who should take one ticket: every eligible shift priced exactly, bounds first; and the mirror,
//! which open job one technician should take next.
//!
//! Answers only; nothing of the plan changes here.

use super::board::Board;
use super::place::{Found, Seeker};
use super::{Live, LiveError, ticket};
use crate::insertion::Finder;
use crate::instance::{GUEST, Guest, Instance};
use crate::reasons::{self, Obstacle};
use crate::solution::Solution;
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, ShiftIx, TechIx};
use dispatch_data::live::Ticket;
use dispatch_data::plan::{Activity, PartSource, Plan, PlannedRoute, Stop};
use dispatch_data::problem::{Deadline, Job, Window};
use dispatch_data::rule::Rule;
use dispatch_data::say;
use dispatch_data::units::{Cost, Duration, Time};

/// A visit that another start would be planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shifted {
    /// Which job.
    pub job: JobIx,
    /// Its start as planned now …
    pub from: Time,
    /// … and then.
    pub to: Time,
}

/// Room left before each promise of a ticket; negative when it would be late, `None` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slack {
    /// From the departure.
    pub respond: Option<Duration>,
    /// From the arrival.
    pub arrive: Option<Duration>,
    /// From the end of the work.
    pub resolve: Option<Duration>,
}

/// One technician's best way of taking a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Who.
    pub technician: TechIx,
    /// On which shift.
    pub shift: ShiftIx,
    /// The visit with all its times and the sources of its parts. Its job is the ticket's index where
    /// the plan knows it, else one past all jobs.
    pub visit: Stop,
    /// What it adds to the plan's running cost, term by term.
    pub added: Bill,
    /// Room before each promise.
    pub slack: Slack,
    /// Visits of the same day whose start would move.
    pub moved: Vec<Shifted>,
    /// A collection to be made for it, where one must be.
    pub collection: Option<Stop>,
    /// The whole day with it.
    pub day: PlannedRoute,
}

impl Offer {
    /// Where the parts of the visit come from.
    pub fn parts(&self) -> &[PartSource] {
        match &self.visit.activity {
            Activity::Visit { job: _, member: _, parts } => parts,
            Activity::Collection { site: _, takes: _, tools: _ } => &[],
        }
    }
}

/// The answer to: who should take this ticket?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The version of the plan that was asked.
    pub version: u64,
    /// What leaving the ticket undone costs.
    pub leaving: Cost,
    /// Best technicians first: by added cost, then by shift.
    pub offers: Vec<Offer>,
    /// How many technicians each rule keeps out whatever their days look like, in the order of
    /// [`Rule::ALL`], rules that keep nobody out left out. Whom different rules keep from different shifts
    /// counts with the first of them.
    pub kept_out: Vec<(Rule, usize)>,
}

/// A technician who cannot take a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Who.
    pub technician: TechIx,
    /// The rule that keeps the technician out whatever the day looks like; `None` where none does, but
    /// no place of the day is left. [`Live::obstacles`] says more.
    pub rule: Option<Rule>,
}

/// The whole answer: the best technicians, how many others could, and who cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// The best offers.
    pub recommendation: Recommendation,
    /// How many technicians could take it, offered here or not.
    pub able: usize,
    /// Everybody else, in the order of the problem.
    pub rejected: Vec<Rejection>,
}

/// A span in which a visit could be promised to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The span asked for.
    pub window: Window,
    /// The cheapest way to keep it, if there is one.
    pub best: Option<Offer>,
}

/// An open job as one technician would take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Which job.
    pub job: JobIx,
    /// What the plan would save: the price of leaving it, less what it adds.
    pub gain: Cost,
    /// How.
    pub offer: Offer,
}

impl Live {
    /// The `most` technicians who take a ticket for least, exactly, over all shifts and places. Of the
    /// promises in force each start that moves is priced as the problem says. Does not change the plan.
    pub fn recommend(&self, ticket: &Ticket, most: usize) -> Result<Recommendation, LiveError> {
        let guest = self.guest(ticket, None)?;
        let mut seeker = self.seeker(&guest, ticket.known_as());
        let rules = self.rules(&seeker);
        Ok(self.among(&mut seeker, &rules, ticket, most))
    }

    /// What keeps each shift from a guest whatever its day looks like.
    fn rules(&self, seeker: &Seeker<'_>) -> Vec<Option<Rule>> {
        (0..self.problem.shifts.len()).map(|shift| seeker.keeps_out(ShiftIx::from(shift))).collect()
    }

    /// The recommendation among the shifts without a rule against them.
    fn among(&self, seeker: &mut Seeker<'_>, rules: &[Option<Rule>], ticket: &Ticket, most: usize) -> Recommendation {
        let numbered = rules.iter().enumerate();
        let open: Vec<ShiftIx> =
            numbered.filter(|(_, rule)| rule.is_none()).map(|(shift, _)| ShiftIx::from(shift)).collect();
        let found = seeker.best_of(&open, most);
        let offers = found.iter().filter_map(|found| self.offer(seeker, found, ticket)).collect();
        let mut counts = [0; Rule::ALL.len()];
        for technician in &self.problem.technicians {
            let mut own = technician.shift_indices().map(|shift| rules[shift.index()]);
            // Nobody without a shift, and nobody with an open one, is kept out by a rule.
            let first = own.next().flatten();
            if let Some(rule) = first.filter(|_| own.all(|rule| rule.is_some())) {
                counts[rule as usize] += 1;
            }
        }
        let kept_out = Rule::ALL.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect();
        let leaving = self.problem.leaving_price(seeker.guest.job());
        Recommendation { version: self.version, leaving, offers, kept_out }
    }

    /// The `most` best as [`Self::recommend`] ranks them, how many technicians could take a ticket in all, and
    /// what keeps the others from it. Of those who are not offered each day is tried until one place holds,
    /// so it takes longer than a few of the best.
    pub fn rank(&self, ticket: &Ticket, most: usize) -> Result<Ranking, LiveError> {
        let guest = self.guest(ticket, None)?;
        let mut seeker = self.seeker(&guest, ticket.known_as());
        let rules = self.rules(&seeker);
        let recommendation = self.among(&mut seeker, &rules, ticket, most);
        let mut is_able = vec![false; self.problem.technicians.len()];
        recommendation.offers.iter().for_each(|offer| is_able[offer.technician.index()] = true);
        let mut rejected = Vec::new();
        for technician in (0..is_able.len()).map(TechIx::from) {
            if is_able[technician.index()] {
                continue;
            }
            let shifts = || self.problem.technician(technician).shift_indices();
            let mut open = shifts().filter(|shift| rules[shift.index()].is_none()).peekable();
            if open.peek().is_none() {
                rejected.push(Rejection { technician, rule: shifts().next().and_then(|shift| rules[shift.index()]) });
            } else if open.any(|shift| seeker.takes(shift)) {
                is_able[technician.index()] = true;
            } else {
                rejected.push(Rejection { technician, rule: None });
            }
        }
        let able = is_able.iter().filter(|able| **able).count();
        Ok(Ranking { recommendation, able, rejected })
    }

    /// Per span the cheapest way to start the visit within it.
    pub fn slots(&self, ticket: &Ticket, spans: &[Window]) -> Result<Vec<Slot>, LiveError> {
        spans
            .iter()
            .map(|window| {
                let guest = self.guest(ticket, Some(*window))?;
                let mut seeker = self.seeker(&guest, ticket.known_as());
                let found = seeker.best((0..self.problem.shifts.len()).map(ShiftIx::from), 1);
                let best = found.first().and_then(|found| self.offer(&mut seeker, found, ticket));
                Ok(Slot { window: *window, best })
            })
            .collect()
    }

    /// The open jobs that one technician could take, by what the plan would save, most first.
    pub fn pool(&self, technician: TechIx, most: usize) -> Result<Vec<Pick>, LiveError> {
        let known = self.problem.technicians.get(technician.index());
        let known = known.ok_or_else(|| LiveError::Unknown(say!("technician number {}", technician.0)))?;
        let mut picks = Vec::new();
        for job in &self.board.absent {
            let ticket = Ticket::Open(*job);
            let guest = self.guest(&ticket, None)?;
            let mut seeker = self.seeker(&guest, Some(*job));
            let found = seeker.best(known.shift_indices(), 1);
            if let Some(found) = found.first() {
                picks.push((self.problem.drop_price(*job) - found.added, *job, *found));
            }
        }
        picks.sort_by_key(|(gain, job, _)| (-*gain, *job));
        picks.truncate(most);
        let offer = |(gain, job, found): (Cost, JobIx, Found)| {
            let ticket = Ticket::Open(job);
            let guest = self.guest(&ticket, None)?;
            let offer = self.offer(&mut self.seeker(&guest, Some(job)), &found, &ticket);
            Ok(offer.map(|offer| Pick { job, gain, offer }))
        };
        picks.into_iter().filter_map(|pick| offer(pick).transpose()).collect()
    }

    /// What keeps each technician from a ticket, the whole list; no rule where it would only cost more.
    /// Builds the problem with the ticket in it: milliseconds, not for every keystroke.
    pub fn obstacles(&self, ticket: &Ticket) -> Result<Vec<Obstacle>, LiveError> {
        let (problem, travel, job) = self.with_ticket(ticket, None)?;
        let plan = Plan { routes: self.plan.routes.clone(), ..Plan::default() };
        let instance = Instance::of_plan(&problem, &travel, &plan);
        let solution = Solution::from_plan(&instance, &plan);
        Ok(reasons::obstacles_in(&solution, &mut Finder::default(), job))
    }

    pub(super) fn seeker<'b>(&'b self, guest: &'b Guest, known_as: Option<JobIx>) -> Seeker<'b> {
        let board: &Board = &self.board;
        Seeker::new(board, board.instance(&self.problem, &self.travel), guest, known_as)
    }

    /// The ticket as a guest, who it was refused by excluded, and cut to a span of starts.
    pub(super) fn guest(&self, ticket: &Ticket, span: Option<Window>) -> Result<Guest, LiveError> {
        let mut job = ticket::checked(ticket, &self.problem, &self.travel)?;
        if let Some(who) = self.refused.get(&job.id) {
            job.excluded_technicians.extend(who);
        }
        if let Some(span) = span {
            let cut =
                |window: &Window| Window { open: window.open.max(span.open), close: window.close.min(span.close) };
            job.windows = job.windows.iter().map(cut).filter(|window| window.open <= window.close).collect();
        }
        Ok(Guest::new(&self.problem, &self.travel, job, ticket.legs().to_vec()))
    }

    pub(super) fn offer(&self, seeker: &mut Seeker<'_>, found: &Found, ticket: &Ticket) -> Option<Offer> {
        let mut day = seeker.day(found)?;
        let number = ticket.known_as().unwrap_or(JobIx::from(self.problem.jobs.len()));
        let place = ticket.place(&self.problem);
        let mut at = None;
        for (k, stop) in day.stops.iter_mut().enumerate() {
            if let Activity::Visit { job, member: _, parts: _ } = &mut stop.activity
                && *job == GUEST
            {
                *job = number;
                stop.place = place;
                at = Some(k);
            }
        }
        let at = at?;
        let visit = day.stops[at].clone();
        let frozen = day.stops.len()
            - self.board.routes[found.shift.index()].stops.len()
            - 1
            - usize::from(found.collection.is_some());
        let collection = found.collection.map(|(first, _)| day.stops[frozen + first].clone());
        let before = self.board.days[found.shift.index()].as_ref();
        let was = before.map_or_else(Bill::default, |day| day.bill);
        let moved = before.map_or_else(Vec::new, |before| shifted(before, &day));
        let slack = slack(seeker.guest.job(), &visit);
        let technician = self.problem.shift(found.shift).technician;
        Some(Offer { technician, shift: found.shift, visit, added: day.bill - was, slack, moved, collection, day })
    }
}

fn slack(job: &Job, visit: &Stop) -> Slack {
    let room = |deadline: Option<Deadline>, event: Time| deadline.map(|deadline| deadline.due - event);
    Slack {
        respond: room(job.sla.respond, visit.departure),
        arrive: room(job.sla.arrive, visit.arrival),
        resolve: room(job.sla.resolve, visit.end),
    }
}

fn visits(day: &PlannedRoute) -> impl Iterator<Item = (JobIx, Time)> {
    day.stops.iter().filter_map(|stop| match &stop.activity {
        Activity::Visit { job, member: _, parts: _ } => Some((*job, stop.start)),
        Activity::Collection { site: _, takes: _, tools: _ } => None,
    })
}

fn shifted(before: &PlannedRoute, after: &PlannedRoute) -> Vec<Shifted> {
    visits(before)
        .filter_map(|(job, from)| {
            let (_, to) = visits(after).find(|(own, _)| *own == job)?;
            (to != from).then_some(Shifted { job, from, to })
        })
        .collect()
}
