//! Collections: the site is open, each lot is there already, lies at that site, and all
//! technicians together take no more of it than it holds.

use super::case::{Case, Day, name};
use super::violation::Violation;
use super::window::words;
use crate::lang::Text;
use crate::plan::{Activity, Stop, Take};
use crate::problem::{Lot, Site};
use crate::rule::Rule;
use crate::say;

/// Checks the rule.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    let mut taken = vec![0_i128; case.problem.lots.len()];
    for day in &case.days {
        for (at, stop) in day.route.stops.iter().enumerate() {
            let Activity::Collection { site: site_ix, takes, tools: _ } = &stop.activity else { continue };
            let mut breach = |expected: Text, got: Text| found.push(day.breach(Rule::Stock, expected, got).at(at));
            let Some(site) = case.site(*site_ix) else {
                breach(say!("a site of the problem"), say!("site #{}", site_ix.0));
                continue;
            };
            if !site.opening.is_empty() && !site.opening.iter().any(|open| open.holds(stop.start)) {
                breach(say!("collection within {}", words(case, &site.opening)), case.moment(stop.start));
            }
            for take in takes {
                let lot = take.lot.and_then(|lot| Some((lot, case.problem.lots.get(lot.index())?)));
                match lot {
                    Some((ix, lot)) => {
                        if lot.site == *site_ix && lot.part == take.part {
                            taken[ix.index()] += i128::from(take.quantity);
                        } else {
                            breach(wanted(case, site, take), stated(case, lot));
                        }
                        if stop.start < lot.at {
                            breach(say!("collection at or after {}", case.moment(lot.at)), case.moment(stop.start));
                        }
                    }
                    None if take.lot.is_none() && site.unlimited => {}
                    None => breach(wanted(case, site, take), say!("none")),
                }
            }
        }
    }
    overdrawn(case, &taken, found);
}

/// One breach per lot, at the last collection that draws on it.
fn overdrawn(case: &Case<'_>, taken: &[i128], found: &mut Vec<Violation>) {
    let over = |take: &Take| {
        let lot = take.lot.filter(|lot| lot.index() < taken.len())?;
        (taken[lot.index()] > i128::from(case.problem.lots[lot.index()].quantity)).then_some(lot)
    };
    let mut last = vec![None; taken.len()];
    for day in &case.days {
        for (at, stop) in day.route.stops.iter().enumerate() {
            for lot in takes(stop).iter().filter_map(over) {
                last[lot.index()] = Some((day, at));
            }
        }
    }
    for (lot, at) in last.into_iter().enumerate() {
        let Some((day, at)): Option<(&Day<'_>, usize)> = at else { continue };
        let drawn = &case.problem.lots[lot];
        let expected = say!("at most {} from {}", drawn.quantity, stated(case, drawn));
        found.push(day.breach(Rule::Stock, expected, say!("{} by all", taken[lot])).at(at));
    }
}

fn takes(stop: &Stop) -> &[Take] {
    match &stop.activity {
        Activity::Collection { site: _, takes, tools: _ } => takes,
        Activity::Visit { job: _, member: _, parts: _ } => &[],
    }
}

fn wanted(case: &Case<'_>, site: &Site, take: &Take) -> Text {
    say!("a lot of {} at {}", name(&case.problem.parts, take.part.index()), site.id)
}

/// A lot by what a person knows of it: the format gives it no name.
fn stated(case: &Case<'_>, lot: &Lot) -> Text {
    let site = case.site(lot.site).map_or("?", |site| site.id.as_str());
    say!("the lot of {} at {} from {} on", name(&case.problem.parts, lot.part.index()), site, case.moment(lot.at))
}
