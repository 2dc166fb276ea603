//! Who may go at all: the technician's regions, and the technicians a job requires or excludes.
//!
//! A job that lies in no known region may be done by anyone.

use super::case::Case;
use super::violation::Violation;
use crate::ids::{RegionIx, TechIx};
use crate::rule::Rule;

/// Checks that the technician may work in the job's region.
pub(super) fn check_region(case: &Case<'_>, found: &mut Vec<Violation>) {
    let id = |region: &RegionIx| {
        let known = case.problem.regions.get(region.index());
        known.map_or_else(|| format!("#{}", region.0), |region| region.id.clone())
    };
    for day in case.days.iter().filter(|day| !day.technician.regions.is_empty()) {
        for visit in day.visits(case.problem) {
            if let Some(region) = visit.job.region.filter(|region| !day.technician.regions.contains(region)) {
                let allowed: Vec<_> = day.technician.regions.iter().map(id).collect();
                let expected = format!("a job in {}", allowed.join(" or "));
                found.push(visit.breach(day, Rule::Region, expected, format!("one in {}", id(&region))));
            }
        }
    }
}

/// Checks required and excluded technicians.
pub(super) fn check_technician(case: &Case<'_>, found: &mut Vec<Violation>) {
    let ids = |technicians: &[TechIx]| {
        let ids: Vec<_> = technicians.iter().map(|technician| case.technician_id(*technician)).collect();
        ids.join(" or ")
    };
    for day in &case.days {
        for visit in day.visits(case.problem) {
            let got = || case.technician_id(day.technician_ix);
            if let Some(required) = &visit.job.required_technicians
                && !required.contains(&day.technician_ix)
            {
                let expected = if required.is_empty() { "nobody".to_string() } else { ids(required) };
                found.push(visit.breach(day, Rule::Technician, expected, got()));
            }
            if visit.job.excluded_technicians.contains(&day.technician_ix) {
                let expected = format!("anyone but {}", ids(&visit.job.excluded_technicians));
                found.push(visit.breach(day, Rule::Technician, expected, got()));
            }
        }
    }
}
