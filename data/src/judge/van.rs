//! What the van holds: parts never run short and come from where the plan says; tools are owned or
//! collected before they are needed.
//!
//! Stock and tools belong to the technician and stay in the van from shift to shift. Parts are
//! consumed, tools are not. A crew's parts and tools come with its first member.

use super::case::{Case, Day, Visit, name};
use super::violation::Violation;
use crate::ids::{PartIx, ToolIx};
use crate::lang::value;
use crate::plan::Activity;
use crate::problem::PartQuantity;
use crate::rule::Rule;
use crate::say;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Checks the parts: levels, and the stated source of each unit.
pub(super) fn check_parts(case: &Case<'_>, found: &mut Vec<Violation>) {
    for days in case.by_technician() {
        let Some(first) = days.first() else { continue };
        let mut level: HashMap<PartIx, i128> = HashMap::new();
        for (part, units) in &first.technician.stock {
            *level.entry(*part).or_default() += i128::from(*units);
        }
        for day in days {
            check_day(case, day, &mut level, found);
        }
    }
}

/// What the stated sources of a day can still give.
#[derive(Default)]
struct Origins {
    /// What the van brought into the day, by part.
    van: HashMap<PartIx, i128>,
    /// What each collection of the day brought, by stop and part.
    stops: HashMap<(usize, PartIx), i128>,
}

fn check_day(case: &Case<'_>, day: &Day<'_>, level: &mut HashMap<PartIx, i128>, found: &mut Vec<Violation>) {
    let mut origins = Origins::default();
    for (at, stop) in day.route.stops.iter().enumerate() {
        match &stop.activity {
            Activity::Collection { site: _, takes, tools: _ } => {
                for take in takes {
                    let held = level.entry(take.part).or_default();
                    origins.van.entry(take.part).or_insert(*held);
                    *held += i128::from(take.quantity);
                    *origins.stops.entry((at, take.part)).or_default() += i128::from(take.quantity);
                }
            }
            Activity::Visit { job: _, member: _, parts: _ } => {
                let Some(visit) = super::case::visit(case.problem, at, stop) else { continue };
                let needs: &[PartQuantity] = if visit.leads() { &visit.job.parts } else { &[] };
                let mut short = Vec::new();
                for needed in needs {
                    let held = level.entry(needed.part).or_default();
                    origins.van.entry(needed.part).or_insert(*held);
                    if *held < i128::from(needed.quantity) {
                        let expected = say!("{} × {}", needed.quantity, part(case, needed.part));
                        found.push(visit.breach(day, Rule::Parts, expected, say!("{} in the van", *held)));
                        short.push(needed.part);
                    }
                    *held = (*held - i128::from(needed.quantity)).max(0);
                }
                check_sources(case, day, &visit, needs, &short, &mut origins, found);
            }
        }
    }
}

/// The stated sources of a visit are what it consumes, and each could give as much. Of a part that
/// runs short (reported already) it is not asked where it should have come from.
fn check_sources(
    case: &Case<'_>,
    day: &Day<'_>,
    visit: &Visit<'_>,
    needs: &[PartQuantity],
    short: &[PartIx],
    origins: &mut Origins,
    found: &mut Vec<Violation>,
) {
    let mut difference: BTreeMap<PartIx, i128> = BTreeMap::new(); // sourced minus needed
    for needed in needs {
        *difference.entry(needed.part).or_default() -= i128::from(needed.quantity);
    }
    for source in visit.parts {
        let units = i128::from(source.quantity);
        *difference.entry(source.part).or_default() += units;
        let left = match source.collected_at_stop {
            None => origins.van.get_mut(&source.part),
            Some(stop) => origins.stops.get_mut(&(stop, source.part)),
        };
        let had = left.as_ref().map_or(0, |left| **left);
        if had < units && !short.contains(&source.part) {
            let origin = source.collected_at_stop.map_or_else(
                || say!("what the van brought into the day"),
                |stop| say!("a collection at stop {} before", stop.saturating_add(1)),
            );
            let expected = say!("{} × {} from {}", units, part(case, source.part), origin);
            found.push(visit.breach(day, Rule::Parts, expected, say!("{} left there", had)));
        }
        if let Some(left) = left {
            *left = (*left - units).max(0);
        }
    }
    for (wanted, difference) in difference.into_iter().filter(|(_, difference)| *difference != 0) {
        let needed: i128 = needs.iter().filter(|n| n.part == wanted).map(|n| i128::from(n.quantity)).sum();
        let expected = say!("sources of {} × {}", needed, part(case, wanted));
        found.push(visit.breach(day, Rule::Parts, expected, say!("sources of {}", needed + difference)));
    }
}

fn part(case: &Case<'_>, part: PartIx) -> String {
    name(&case.problem.parts, part.index())
}

/// Checks the tools: each taken where it is to be had, each at hand where it is needed.
pub(super) fn check_tools(case: &Case<'_>, found: &mut Vec<Violation>) {
    let tool = |tool: ToolIx| name(&case.problem.tools, tool.index());
    for days in case.by_technician() {
        let Some(first) = days.first() else { continue };
        let mut held: HashSet<ToolIx> = first.technician.tools.iter().copied().collect();
        for day in days {
            for (at, stop) in day.route.stops.iter().enumerate() {
                if let Activity::Collection { site, takes: _, tools } = &stop.activity {
                    let Some(site) = case.site(*site) else { continue };
                    for taken in tools {
                        if site.unlimited || site.tools.contains(taken) {
                            held.insert(*taken);
                        } else {
                            let expected = say!("a tool that {} has", site.id);
                            found.push(day.breach(Rule::Tools, expected, value(tool(*taken))).at(at));
                        }
                    }
                }
                let Some(visit) = super::case::visit(case.problem, at, stop).filter(Visit::leads) else { continue };
                for needed in visit.job.tools.iter().filter(|needed| !held.contains(needed)) {
                    let expected = say!("{} at hand", tool(*needed));
                    found.push(visit.breach(day, Rule::Tools, expected, say!("neither owned nor collected before")));
                }
            }
        }
    }
}
