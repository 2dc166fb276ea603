//! How far a technician is from being allowed to take a job at all, in words. English; the rule's
//! code is what programs read.

use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::problem::{Problem, SkillLevel};
use dispatch_data::rule::Rule;
use dispatch_data::units::Duration;

/// Size and words of a miss of a rule that needs no clock.
pub(super) fn alone(problem: &Problem, shift_ix: ShiftIx, job_ix: JobIx, rule: Rule) -> (i64, String) {
    let (shift, job) = (problem.shift(shift_ix), problem.job(job_ix));
    let technician = problem.technician(shift.technician);
    match rule {
        Rule::Skills => (skill_gap(problem, shift_ix, job_ix), lacking_skills(problem, shift_ix, job_ix)),
        Rule::Region => {
            let own: Vec<&str> =
                technician.regions.iter().map(|region| problem.regions[region.index()].id.as_str()).collect();
            let asked = job.region.map_or("no region", |region| problem.regions[region.index()].id.as_str());
            (0, format!("works in {}, the job lies in {asked}", own.join(", ")))
        }
        Rule::Technician => {
            let excluded = job.excluded_technicians.contains(&shift.technician);
            (0, if excluded { "excluded by the job" } else { "not among the job's required technicians" }.to_string())
        }
        Rule::Pin => (0, "the job is pinned to someone else".into()),
        Rule::Parts => {
            let missing: Vec<String> = job
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
                    format!("{} × {part} needed, {van} in the van, {sites} at all sites", need.quantity)
                })
                .collect();
            (0, missing.join("; "))
        }
        Rule::Tools => {
            let missing: Vec<&str> = job
                .tools
                .iter()
                .filter(|tool| !technician.tools.contains(tool))
                .map(|tool| problem.tools[tool.index()].as_str())
                .collect();
            (missing.len() as i64, format!("no {}, and no site has it", missing.join(", ")))
        }
        Rule::Window => {
            let off = job
                .windows
                .iter()
                .map(|window| (window.open - shift.latest_end).at_least_zero() + shift.start.past(window.close))
                .min()
                .unwrap_or(Duration::ZERO);
            (off.0, format!("the shift misses every window by {off} or more"))
        }
        Rule::Clock => (0, "no way there and back".into()),
        Rule::Limits => (0, "the job alone is more than the shift may take".into()),
        Rule::Crew | Rule::Precedence => (0, "not supported yet".into()),
        Rule::Once | Rule::SlaLimit | Rule::Hours | Rule::Break | Rule::Stock | Rule::Freeze => (0, String::new()),
    }
}

/// Levels missing, summed.
fn skill_gap(problem: &Problem, shift: ShiftIx, job: JobIx) -> i64 {
    let technician = problem.technician_of(shift);
    let need = &problem.job(job).skills;
    let gap = |asked: &SkillLevel| {
        let own = technician.skills.iter().find(|own| own.skill == asked.skill).map_or(0, |own| own.level);
        i64::from(asked.level.saturating_sub(own))
    };
    need.all_of.iter().map(gap).sum::<i64>() + need.any_of.iter().map(gap).min().unwrap_or(0)
}

/// The skills that a technician lacks for a job: `level 1 of chiller, 2 needed`.
pub(super) fn lacking_skills(problem: &Problem, shift: ShiftIx, job: JobIx) -> String {
    let technician = problem.technician_of(shift);
    let need = &problem.job(job).skills;
    let lack = |asked: &SkillLevel| {
        let name = &problem.skills[asked.skill.index()];
        match technician.skills.iter().find(|own| own.skill == asked.skill) {
            None => Some(format!("no {name}, level {} needed", asked.level)),
            Some(own) if own.level < asked.level => {
                Some(format!("level {} of {name}, {} needed", own.level, asked.level))
            }
            Some(own) => (own.valid_from.is_some() || own.valid_until.is_some())
                .then(|| format!("the certificate for {name} does not hold over the shift")),
        }
    };
    let mut lacks: Vec<String> = need.all_of.iter().filter_map(lack).collect();
    let any: Vec<Option<String>> = need.any_of.iter().map(lack).collect();
    if !any.is_empty() && any.iter().all(Option::is_some) {
        lacks.push(any.into_iter().flatten().collect::<Vec<_>>().join(" or "));
    }
    lacks.join("; ")
}

/// The skills a job asks for: `chiller 2`.
pub(super) fn needed_skills(problem: &Problem, job: JobIx) -> String {
    let need = &problem.job(job).skills;
    let name = |asked: &SkillLevel| format!("{} {}", problem.skills[asked.skill.index()], asked.level);
    let mut names: Vec<String> = need.all_of.iter().map(name).collect();
    if !need.any_of.is_empty() {
        names.push(need.any_of.iter().map(name).collect::<Vec<_>>().join(" or "));
    }
    names.join(" and ")
}
