//! How far a technician is from being allowed to take a job at all, in words. The rule's code is what
//! programs read.

use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::lang::{Text, value};
use dispatch_data::problem::{Problem, SkillLevel};
use dispatch_data::rule::Rule;
use dispatch_data::units::Duration;
use dispatch_data::{say, word};

/// Size and words of a miss of a rule that needs no clock.
pub(super) fn alone(problem: &Problem, shift_ix: ShiftIx, job_ix: JobIx, rule: Rule) -> (i64, Text) {
    let (shift, job) = (problem.shift(shift_ix), problem.job(job_ix));
    let technician = problem.technician(shift.technician);
    match rule {
        Rule::Skills => (skill_gap(problem, shift_ix, job_ix), lacking_skills(problem, shift_ix, job_ix)),
        Rule::Region => {
            let own: Vec<&str> =
                technician.regions.iter().map(|region| problem.regions[region.index()].id.as_str()).collect();
            let asked =
                job.region.map_or_else(|| say!("no region"), |region| value(&problem.regions[region.index()].id));
            (0, say!("works in {}, the job lies in {}", own.join(", "), asked))
        }
        Rule::Technician => {
            let excluded = job.excluded_technicians.contains(&shift.technician);
            (0, if excluded { say!("excluded by the job") } else { say!("not among the job's required technicians") })
        }
        Rule::Pin => (0, say!("the job is pinned to someone else")),
        Rule::Parts => {
            let missing: Vec<Text> = job
                .parts
                .iter()
                .map(|need| {
                    let van = technician.stock.iter().find(|(part, _)| *part == need.part).map_or(0, |own| own.1);
                    let sites: u64 = problem
                        .lots
                        .iter()
                        .filter(|lot| lot.part == need.part)
                        .map(|lot| u64::from(lot.quantity))
                        .sum();
                    let part = &problem.parts[need.part.index()];
                    say!("{} × {} needed, {} in the van, {} at all sites", need.quantity, part, van, sites)
                })
                .collect();
            (0, Text::joined(missing, word!("; ")))
        }
        Rule::Tools => {
            let missing: Vec<&str> = job
                .tools
                .iter()
                .filter(|tool| !technician.tools.contains(tool))
                .map(|tool| problem.tools[tool.index()].as_str())
                .collect();
            (missing.len() as i64, say!("no {}, and no site has it", missing.join(", ")))
        }
        Rule::Window => {
            let off = job
                .windows
                .iter()
                .map(|window| (window.open - shift.latest_end).at_least_zero() + shift.start.past(window.close))
                .min()
                .unwrap_or(Duration::ZERO);
            (off.0, say!("the shift misses every window by {} or more", off))
        }
        Rule::Clock => (0, say!("no way there and back")),
        Rule::Limits => (0, say!("the job alone is more than the shift may take")),
        Rule::Crew | Rule::Precedence => (0, say!("not supported yet")),
        Rule::Once | Rule::SlaLimit | Rule::Hours | Rule::Break | Rule::Stock | Rule::Freeze => (0, Text::default()),
    }
}

/// How far a technician is from the skills of a job: levels missing, and one more for each skill that
/// is wholly new to them, summed; of a choice the nearest. A certificate that lapses is no distance.
pub(super) fn skill_gap(problem: &Problem, shift: ShiftIx, job: JobIx) -> i64 {
    let technician = problem.technician_of(shift);
    let need = &problem.job(job).skills;
    let gap = |asked: &SkillLevel| match technician.skills.iter().find(|own| own.skill == asked.skill) {
        Some(own) => i64::from(asked.level.saturating_sub(own.level)),
        None => i64::from(asked.level) + 1,
    };
    need.all_of.iter().map(gap).sum::<i64>() + need.any_of.iter().map(gap).min().unwrap_or(0)
}

/// The skills that a technician lacks for a job: `level 1 of chiller, 2 needed`.
pub(super) fn lacking_skills(problem: &Problem, shift: ShiftIx, job: JobIx) -> Text {
    let technician = problem.technician_of(shift);
    let need = &problem.job(job).skills;
    let lack = |asked: &SkillLevel| {
        let name = &problem.skills[asked.skill.index()];
        match technician.skills.iter().find(|own| own.skill == asked.skill) {
            None => Some(say!("no {}, level {} needed", name, asked.level)),
            Some(own) if own.level < asked.level => {
                Some(say!("level {} of {}, {} needed", own.level, name, asked.level))
            }
            Some(own) => (own.valid_from.is_some() || own.valid_until.is_some())
                .then(|| say!("the certificate for {} does not hold over the shift", name)),
        }
    };
    let mut lacks: Vec<Text> = need.all_of.iter().filter_map(lack).collect();
    let any: Vec<Option<Text>> = need.any_of.iter().map(lack).collect();
    if !any.is_empty() && any.iter().all(Option::is_some) {
        lacks.push(Text::joined(any.into_iter().flatten(), word!(" or ")));
    }
    Text::joined(lacks, word!("; "))
}

/// The skills a job asks for: `chiller 2`.
pub(super) fn needed_skills(problem: &Problem, job: JobIx) -> Text {
    let need = &problem.job(job).skills;
    let name = |asked: &SkillLevel| value(format_args!("{} {}", problem.skills[asked.skill.index()], asked.level));
    let mut names: Vec<Text> = need.all_of.iter().map(name).collect();
    if !need.any_of.is_empty() {
        names.push(Text::joined(need.any_of.iter().map(name), word!(" or ")));
    }
    Text::joined(names, word!(" and "))
}
