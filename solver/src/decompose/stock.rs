//! What stores hold, dealt to the parts: each keeps what its routes take now, and what is left goes where
//! it is needed. The shares of a lot never exceed it, so the parts' plans together keep to it.

use crate::decompose::Part;
use crate::decompose::split::Map;
use crate::decompose::whole::Whole;
use crate::frozen;
use dispatch_data::ids::{JobIx, LotIx, PartIx, PlaceIx, SiteIx};
use dispatch_data::plan::{Activity, Stop};
use std::collections::{BTreeMap, BTreeSet};

/// With at most this many sites every part sees all of them.
const FEW_SITES: usize = 16;
/// Nearest sites that a part sees where there are more.
const NEAR_SITES: usize = 8;
/// How much more a unit that an absent job lacks counts than one that a planned job uses.
const ABSENT: u64 = 8;

/// Stops of the plan under work, of one part: frozen ones as they are in force, later ones as planned.
fn stops<'w>(whole: &'w Whole<'_>, part: &'w Part) -> impl Iterator<Item = &'w Stop> {
    let problem = whole.problem;
    let shifts = part.technicians.iter().flat_map(|technician| problem.technician(*technician).shift_indices());
    shifts.flat_map(move |shift| {
        let was = whole.was[shift.index()].map(|was| &was.stops[..frozen::count(problem, was)]);
        let settled = was.map_or(0, <[Stop]>::len);
        let later = move |stop: &&Stop| settled == 0 || problem.freeze.is_none_or(|freeze| stop.departure >= freeze);
        let planned = whole.routes[shift.index()].iter().flat_map(|route| &route.stops).filter(later);
        was.into_iter().flatten().chain(planned)
    })
}

/// Tells each part its sites and its share of every lot there.
pub(super) fn deal(whole: &Whole<'_>, map: &Map<'_>, anchors: &[PlaceIx], parts: &mut [Part]) {
    let problem = whole.problem;
    if problem.sites.is_empty() {
        return;
    }
    let mut used: Vec<BTreeMap<LotIx, u32>> = Vec::with_capacity(parts.len());
    let mut left: Vec<u32> = problem.lots.iter().map(|lot| lot.quantity).collect();
    for (part, anchor) in parts.iter_mut().zip(anchors) {
        let mut sites: BTreeSet<SiteIx> = BTreeSet::new();
        let mut own: BTreeMap<LotIx, u32> = BTreeMap::new();
        for stop in stops(whole, part) {
            let Activity::Collection { site, takes, tools: _ } = &stop.activity else { continue };
            sites.extend((site.index() < problem.sites.len()).then_some(*site));
            for take in takes {
                let Some((lot, left)) = take.lot.and_then(|lot| Some((lot, left.get_mut(lot.index())?))) else {
                    continue;
                };
                let units = take.quantity.min(*left);
                *left -= units;
                *own.entry(lot).or_default() += units;
            }
        }
        sites.extend(near(whole, map, *anchor));
        // A frozen collection in force needs its site even where the plan under work left it out.
        let shifts = part.technicians.iter().flat_map(|technician| problem.technician(*technician).shift_indices());
        for stop in shifts.filter_map(|shift| whole.was[shift.index()]).flat_map(|was| &was.stops) {
            if let Activity::Collection { site, takes: _, tools: _ } = &stop.activity {
                sites.insert(*site);
            }
        }
        part.sites = sites.into_iter().collect();
        used.push(own);
    }
    let needs: Vec<BTreeMap<PartIx, u64>> = parts.iter().map(|part| need(whole, part)).collect();
    for (at, lot) in problem.lots.iter().enumerate() {
        let lot_ix = LotIx::from(at);
        let seen_by: Vec<usize> =
            (0..parts.len()).filter(|part| parts[*part].sites.binary_search(&lot.site).is_ok()).collect();
        let wanted = |part: &usize| needs[*part].get(&lot.part).copied().unwrap_or_default();
        let all: u64 = seen_by.iter().map(wanted).sum();
        let rest = u64::from(left[at]);
        // Shares by need, rounded down; what rounding leaves over goes to the largest remainders.
        let share = |part: &usize| (wanted(part) * rest).checked_div(all).unwrap_or_default();
        let over = if all == 0 { 0 } else { rest - seen_by.iter().map(share).sum::<u64>() };
        let mut order: Vec<usize> = seen_by.clone();
        order
            .sort_by_key(|part| (std::cmp::Reverse((wanted(part) * rest).checked_rem(all).unwrap_or_default()), *part));
        for (rank, part) in order.into_iter().enumerate() {
            let more = share(&part) + u64::from((rank as u64) < over);
            let own = used[part].get(&lot_ix).copied().unwrap_or_default();
            let units = own.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
            if units > 0 {
                parts[part].quotas.push((lot_ix, units));
            }
        }
    }
}

fn near(whole: &Whole<'_>, map: &Map<'_>, anchor: PlaceIx) -> Vec<SiteIx> {
    let problem = whole.problem;
    let mut sites: Vec<SiteIx> = (0..problem.sites.len()).map(SiteIx::from).collect();
    if sites.len() > FEW_SITES {
        sites.sort_by_cached_key(|site| (map.distance(anchor, problem.site(*site).place), *site));
        sites.truncate(NEAR_SITES);
    }
    sites
}

/// Units of each part that the jobs of a part of the plan would use.
fn need(whole: &Whole<'_>, part: &Part) -> BTreeMap<PartIx, u64> {
    let mut need: BTreeMap<PartIx, u64> = BTreeMap::new();
    let mut add = |job: &JobIx, weight: u64| {
        for own in &whole.problem.job(*job).parts {
            *need.entry(own.part).or_default() += u64::from(own.quantity) * weight;
        }
    };
    part.open.iter().for_each(|job| add(job, ABSENT));
    for technician in &part.technicians {
        whole.jobs_with(*technician).for_each(|job| add(&job, 1));
    }
    need
}
