//! Whoever does a job has its skills at their levels, with certificates that hold over the work.
//!
//! Also tells at which pace a visit is worked, since that hangs on the skills used.

use super::case::{Case, Visit, name};
use super::violation::Violation;
use crate::lang::Text;
use crate::problem::{OwnedSkill, SkillLevel, Technician};
use crate::rule::Rule;
use crate::units::{Permille, Time};
use crate::{say, word};

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        for visit in day.visits(case.problem) {
            let need = visit.need();
            for asked in &need.all_of {
                if qualifying(day.technician, *asked, &visit).is_none() {
                    let (expected, got) = words(case, day.technician, *asked, &visit);
                    found.push(visit.breach(day, Rule::Skills, expected, got));
                }
            }
            let one = need.any_of.iter().any(|asked| qualifying(day.technician, *asked, &visit).is_some());
            if !need.any_of.is_empty() && !one {
                let choices = need.any_of.iter().map(|asked| words(case, day.technician, *asked, &visit));
                let (expected, got): (Vec<_>, Vec<_>) = choices.unzip();
                let (expected, got) = (Text::joined(expected, word!(" or ")), Text::joined(got, word!(", ")));
                found.push(visit.breach(day, Rule::Skills, expected, got));
            }
        }
    }
}

/// The pace of a visit: the slowest of the skills used; of a choice, the fastest that qualifies.
/// A skill that the technician has not got slows nothing: it is a breach of its own.
pub(super) fn pace(technician: &Technician, visit: &Visit<'_>) -> Permille {
    let need = visit.need();
    let all = need.all_of.iter().filter_map(|asked| owned(technician, *asked)).map(|own| own.pace);
    let any = need.any_of.iter().filter_map(|asked| qualifying(technician, *asked, visit)).map(|own| own.pace).min();
    all.chain(any).max().unwrap_or(Permille::ONE)
}

fn owned(technician: &Technician, asked: SkillLevel) -> Option<&OwnedSkill> {
    technician.skills.iter().find(|own| own.skill == asked.skill)
}

/// The owned skill, where its level suffices and it is valid from start to end of the work.
fn qualifying<'t>(technician: &'t Technician, asked: SkillLevel, visit: &Visit<'_>) -> Option<&'t OwnedSkill> {
    let valid = |own: &&OwnedSkill| {
        own.valid_from.is_none_or(|from| from <= visit.stop.start)
            && own.valid_until.is_none_or(|until| visit.stop.end <= until)
    };
    owned(technician, asked).filter(|own| own.level >= asked.level).filter(valid)
}

/// What was asked of a skill and what the technician has.
fn words(case: &Case<'_>, technician: &Technician, asked: SkillLevel, visit: &Visit<'_>) -> (Text, Text) {
    let skill = name(&case.problem.skills, asked.skill.index());
    let expected = say!("level {} of {}", asked.level, skill);
    let got = match owned(technician, asked) {
        None => say!("no {}", skill),
        Some(own) if own.level < asked.level => say!("level {} of {}", own.level, skill),
        Some(own) => {
            let bound = |time: Option<Time>| time.map_or_else(|| say!("ever"), |time| case.moment(time));
            let (from, until) = (bound(own.valid_from), bound(own.valid_until));
            let (start, end) = (case.moment(visit.stop.start), case.moment(visit.stop.end));
            say!("{} valid from {} until {}, work from {} until {}", skill, from, until, start, end)
        }
    };
    (expected, got)
}
