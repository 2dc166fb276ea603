//! Who may do what: the rules that need no clock, settled once into bits.
//!
//! A pair that is not eligible is never even proposed. Parts and tools count here only where
//! nothing could ever bring them; whether they are at hand in time is a matter of the route.

use crate::instance::shifts;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::problem::{Job, OwnedSkill, Problem, Shift, SkillLevel, SkillNeed, Technician};
use dispatch_data::rule::Rule;
use dispatch_data::travel::Travel;
use dispatch_data::units::{Permille, Time};
use rayon::prelude::*;
use std::collections::HashMap;

/// Bits by row and column.
#[derive(Clone, Debug, Default)]
pub(crate) struct BitMatrix {
    words: usize,
    bits: Vec<u64>,
}

impl BitMatrix {
    pub(crate) fn new(rows: usize, columns: usize) -> Self {
        let words = columns.div_ceil(64).max(1);
        Self { words, bits: vec![0; rows * words] }
    }
    #[inline]
    pub(crate) fn get(&self, row: usize, column: usize) -> bool {
        self.bits[row * self.words + column / 64] >> (column % 64) & 1 == 1
    }
    pub(crate) fn set(&mut self, row: usize, column: usize) {
        self.bits[row * self.words + column / 64] |= 1 << (column % 64);
    }
    /// Whether two rows have a bit in common.
    pub(crate) fn overlap(&self, one: usize, other: usize) -> bool {
        let row = |at: usize| &self.bits[at * self.words..(at + 1) * self.words];
        row(one).iter().zip(row(other)).any(|(a, b)| a & b != 0)
    }
    pub(crate) fn clear(&mut self, row: usize, column: usize) {
        self.bits[row * self.words + column / 64] &= !(1 << (column % 64));
    }
    /// How many bits are set.
    pub(crate) fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }
    fn copy_row(&mut self, from: usize, to: usize) {
        self.bits.copy_within(from * self.words..(from + 1) * self.words, to * self.words);
    }
}

/// Eligibility by shift (row) and job (column). Equal shifts are settled once.
pub(crate) fn settle(problem: &Problem, travel: &Travel) -> BitMatrix {
    let mut bits = BitMatrix::new(problem.shifts.len(), problem.jobs.len());
    let likeness = shifts::classes(problem);
    let mut first_of: HashMap<usize, usize> = HashMap::new();
    likeness.iter().enumerate().for_each(|(row, class)| {
        first_of.entry(*class).or_insert(row);
    });
    let takes =
        |row: usize, column: &usize| keeps_out(problem, travel, ShiftIx::from(row), JobIx::from(*column)).is_none();
    let everyone: Vec<usize> = (0..problem.jobs.len()).collect();
    // A pin or a technician list may tell equal technicians apart, so those columns are redone.
    let choosy: Vec<usize> = (0..problem.jobs.len()).filter(|job| names_technicians(&problem.jobs[*job])).collect();
    let asked = |row: usize| if first_of[&likeness[row]] == row { &everyone } else { &choosy };
    let answers: Vec<Vec<usize>> = (0..problem.shifts.len())
        .into_par_iter()
        .map(|row| asked(row).iter().copied().filter(|column| takes(row, column)).collect())
        .collect();
    for (row, takes) in answers.into_iter().enumerate() {
        let first = first_of[&likeness[row]];
        if first != row {
            bits.copy_row(first, row);
            choosy.iter().for_each(|column| bits.clear(row, *column));
        }
        takes.into_iter().for_each(|column| bits.set(row, column));
    }
    bits
}

/// By shift (row) and job (column): the technician owns every tool the job needs.
pub(crate) fn tooled(problem: &Problem) -> BitMatrix {
    let mut bits = BitMatrix::new(problem.shifts.len(), problem.jobs.len());
    let (plain, asking): (Vec<usize>, Vec<usize>) =
        (0..problem.jobs.len()).partition(|job| problem.jobs[*job].tools.is_empty());
    if problem.shifts.is_empty() {
        return bits;
    }
    for column in plain {
        bits.set(0, column);
    }
    for row in 1..problem.shifts.len() {
        bits.copy_row(0, row);
    }
    for (row, shift) in problem.shifts.iter().enumerate() {
        let own = &problem.technician(shift.technician).tools;
        for column in asking.iter().copied() {
            if problem.jobs[column].tools.iter().all(|tool| own.contains(tool)) {
                bits.set(row, column);
            }
        }
    }
    bits
}

pub(crate) fn names_technicians(job: &Job) -> bool {
    job.required_technicians.is_some() || !job.excluded_technicians.is_empty() || job.pin.is_some()
}

/// The first rule that keeps a shift from a job whatever the rest of its day looks like.
///
/// Every rule is named, so that a new one must be placed: here, in the clock, or in the supply.
pub(crate) fn keeps_out(problem: &Problem, travel: &Travel, shift: ShiftIx, job: JobIx) -> Option<Rule> {
    keeps_out_but(problem, travel, shift, job, &[])
}

/// The same with some rules waived.
pub(crate) fn keeps_out_but(
    problem: &Problem,
    travel: &Travel,
    shift: ShiftIx,
    job: JobIx,
    waived: &[Rule],
) -> Option<Rule> {
    keeps_ticket_out(problem, travel, shift, problem.job(job), Some(job), waived)
}

/// The same for a job that need not be one of the problem's; where it is none, its place may be
/// unknown and [`Rule::Clock`] must be waived.
pub(crate) fn keeps_ticket_out(
    problem: &Problem,
    travel: &Travel,
    shift: ShiftIx,
    job: &Job,
    known_as: Option<JobIx>,
    waived: &[Rule],
) -> Option<Rule> {
    Rule::ALL
        .iter()
        .copied()
        .filter(|rule| !waived.contains(rule))
        .find(|rule| broken_alone(problem, travel, shift, job, known_as, *rule))
}

fn broken_alone(
    problem: &Problem,
    travel: &Travel,
    shift_ix: ShiftIx,
    job: &Job,
    known_as: Option<JobIx>,
    rule: Rule,
) -> bool {
    let shift = problem.shift(shift_ix);
    let technician = problem.technician(shift.technician);
    match rule {
        Rule::Skills => !has_skills(technician, &job.skills, shift.start, shift.latest_end),
        Rule::Region => {
            !technician.regions.is_empty() && job.region.is_some_and(|region| !technician.regions.contains(&region))
        }
        Rule::Technician => {
            job.required_technicians.as_ref().is_some_and(|list| !list.contains(&shift.technician))
                || job.excluded_technicians.contains(&shift.technician)
        }
        Rule::Pin => job.pin.as_ref().is_some_and(|pin| {
            pin.technician.is_some_and(|pinned| pinned != shift.technician)
                || pin.shift.is_some_and(|pinned| pinned != shift_ix)
        }),
        Rule::Parts => job.parts.iter().any(|need| {
            let van = technician.stock.iter().find(|(part, _)| *part == need.part).map_or(0, |(_, units)| *units);
            let elsewhere: u64 =
                problem.lots.iter().filter(|lot| lot.part == need.part).map(|lot| u64::from(lot.quantity)).sum();
            !problem.sites.iter().any(|site| site.unlimited) && u64::from(van) + elsewhere < u64::from(need.quantity)
        }),
        Rule::Tools => job.tools.iter().any(|tool| {
            !technician.tools.contains(tool)
                && !problem.sites.iter().any(|site| site.unlimited || site.tools.contains(tool))
        }),
        Rule::Window => !job.windows.iter().any(|window| {
            let pinned = job.pin.as_ref().and_then(|pin| pin.window);
            let open = pinned.map_or(window.open, |pin| window.open.max(pin.open));
            let close = pinned.map_or(window.close, |pin| window.close.min(pin.close));
            open <= close && open <= shift.latest_end && close >= shift.start
        }),
        Rule::Clock => {
            let way = |from, to| travel.leg(technician.profile, technician.speed, from, to, shift.start);
            let there = way(shift.start_place, job.place);
            let back = shift.end_place.map(|end| way(job.place, end));
            !there.is_reachable() || back.is_some_and(|leg| !leg.is_reachable())
        }
        Rule::Limits => {
            shift.max_jobs == Some(0)
                || shift
                    .capacity
                    .iter()
                    .enumerate()
                    .any(|(dimension, most)| job.load.get(dimension).is_some_and(|load| load > most))
        }
        // Refused before the search (`crate::refusals`); left out should they get here.
        Rule::Crew => !job.crew.is_empty(),
        Rule::Precedence => {
            let bound = |job| problem.precedences.iter().any(|order| order.after == job || order.before == job);
            known_as.is_some_and(bound)
        }
        // Kept by the clock and by how routes are built.
        Rule::Once | Rule::SlaLimit | Rule::Hours | Rule::Break | Rule::Stock | Rule::Freeze => false,
    }
}

/// Whether a technician could meet the skills at some moment between two.
///
/// Alternatives (`any_of`) count only certificates that hold all along or not at all, because the
/// pace of the work hangs on which of them qualifies.
fn has_skills(technician: &Technician, need: &SkillNeed, from: Time, until: Time) -> bool {
    let meets = |asked: &SkillLevel| owned(technician, asked).is_some_and(|own| overlaps(own, from, until));
    let partly = |asked: &SkillLevel| {
        owned(technician, asked).is_some_and(|own| overlaps(own, from, until) && !covers(own, from, until))
    };
    need.all_of.iter().all(meets)
        && (need.any_of.is_empty() || (need.any_of.iter().any(meets) && !need.any_of.iter().any(partly)))
}

fn owned<'a>(technician: &'a Technician, asked: &SkillLevel) -> Option<&'a OwnedSkill> {
    technician.skills.iter().find(|own| own.skill == asked.skill && own.level >= asked.level)
}

fn overlaps(own: &OwnedSkill, from: Time, until: Time) -> bool {
    own.valid_from.is_none_or(|valid| valid <= until) && own.valid_until.is_none_or(|valid| valid >= from)
}

fn covers(own: &OwnedSkill, from: Time, until: Time) -> bool {
    own.valid_from.is_none_or(|valid| valid <= from) && own.valid_until.is_none_or(|valid| valid >= until)
}

/// Work time of a technician on a job of a shift, in thousandths: the slowest of the required
/// skills, and among alternatives the fastest that qualifies.
pub(crate) fn pace(technician: &Technician, need: &SkillNeed, shift: &Shift) -> Permille {
    let all = need.all_of.iter().filter_map(|asked| owned(technician, asked)).map(|own| own.pace).max();
    let any = need
        .any_of
        .iter()
        .filter_map(|asked| owned(technician, asked))
        .filter(|own| overlaps(own, shift.start, shift.latest_end))
        .map(|own| own.pace)
        .min();
    match (all, any) {
        (Some(a), Some(b)) => a.max(b),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Permille::ONE,
    }
}

/// Skills for which some technician's certificate has a date, by skill index.
pub(crate) fn dated_skills(problem: &Problem) -> Vec<bool> {
    let mut dated = vec![false; problem.skills.len()];
    for own in problem.technicians.iter().flat_map(|technician| &technician.skills) {
        dated[own.skill.index()] |= own.valid_from.is_some() || own.valid_until.is_some();
    }
    dated
}

/// The span in which the certificates for the all-of skills of a job hold.
pub(crate) fn certified_span(technician: &Technician, need: &SkillNeed) -> (Time, Time) {
    let mut span = (Time::ALWAYS, Time::NEVER);
    for own in need.all_of.iter().filter_map(|asked| owned(technician, asked)) {
        span.0 = span.0.max(own.valid_from.unwrap_or(Time::ALWAYS));
        span.1 = span.1.min(own.valid_until.unwrap_or(Time::NEVER));
    }
    span
}
