//! Who may go at all: the technician's regions, and the technicians a job requires or excludes.
//!
//! A job that lies in no known region may be done by anyone.

use super::case::Case;
use super::violation::Violation;
use crate::ids::{RegionIx, TechIx};
use crate::lang::{Text, value};
use crate::rule::Rule;
use crate::{say, word};

/// Checks that the technician may work in the job's region.
pub(super) fn check_region(case: &Case<'_>, found: &mut Vec<Violation>) {
    let id = |region: &RegionIx| {
        let known = case.problem.regions.get(region.index());
        known.map_or_else(|| format!("#{}", region.0), |region| region.id.clone())
    };
    for day in case.days.iter().filter(|day| !day.technician.regions.is_empty()) {
        for visit in day.visits(case.problem) {
            if let Some(region) = visit.job.region.filter(|region| !day.technician.regions.contains(region)) {
                let allowed = day.technician.regions.iter().map(|region| value(id(region)));
                let expected = say!("a job in {}", Text::joined(allowed, word!(" or ")));
                found.push(visit.breach(day, Rule::Region, expected, say!("one in {}", id(&region))));
            }
        }
    }
}

/// Checks required and excluded technicians.
pub(super) fn check_technician(case: &Case<'_>, found: &mut Vec<Violation>) {
    let ids = |technicians: &[TechIx]| {
        let ids = technicians.iter().map(|technician| value(case.technician_id(*technician)));
        Text::joined(ids, word!(" or "))
    };
    for day in &case.days {
        for visit in day.visits(case.problem) {
            let got = || case.technician_id(day.technician_ix);
            if let Some(required) = &visit.job.required_technicians
                && !required.contains(&day.technician_ix)
            {
                let expected = if required.is_empty() { say!("nobody") } else { ids(required) };
                found.push(visit.breach(day, Rule::Technician, expected, value(got())));
            }
            if visit.job.excluded_technicians.contains(&day.technician_ix) {
                let expected = say!("anyone but {}", ids(&visit.job.excluded_technicians));
                found.push(visit.breach(day, Rule::Technician, expected, value(got())));
            }
        }
    }
}
