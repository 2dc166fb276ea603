//! Parts and tools of one route: what comes from the van, what is collected where, from which lot.
//!
//! Settled anew after every change of a route, in route order: the van first, then the latest
//! collection before the visit whose site has the part, from its earliest lots. Knows neither
//! prices nor when a visit happens; a collection that takes from a delivery learns its earliest start.

use crate::instance::{Instance, NodeKind, ShiftInfo};
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, LotIx, PartIx, SiteIx, ToolIx};
use dispatch_data::units::Time;
use smallvec::SmallVec;

/// Units of a part that one collection brings for one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    /// Position of the collection among the stops.
    pub(crate) collection: u32,
    /// Position of the visit.
    pub(crate) visit: u32,
    pub(crate) part: PartIx,
    pub(crate) quantity: u32,
    /// `None` at a site of unlimited stock.
    pub(crate) lot: Option<LotIx>,
}

/// Units of a part that a frozen collection brought for a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Position of the visit.
    pub(crate) visit: u32,
    /// Position of the collection among the frozen stops.
    pub(crate) frozen: u32,
    pub(crate) part: PartIx,
    pub(crate) quantity: u32,
}

/// The supply of one route.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Supply {
    pub(crate) fetches: Vec<Fetch>,
    /// Tools collected: position of the collection and the tool.
    pub(crate) tools: Vec<(u32, ToolIx)>,
    /// Units taken from the van over the route.
    pub(crate) van: SmallVec<[(PartIx, u32); 4]>,
    /// What comes from frozen collections of the same day.
    pub(crate) kept: Vec<Kept>,
}

impl Clone for Supply {
    fn clone(&self) -> Self {
        let Self { fetches, tools, van, kept } = self;
        Self { fetches: fetches.clone(), tools: tools.clone(), van: van.clone(), kept: kept.clone() }
    }
    /// Field by field, so that a copy over an old one needs no new memory.
    fn clone_from(&mut self, source: &Self) {
        let Self { fetches, tools, van, kept } = source;
        self.kept.clone_from(kept);
        self.fetches.clone_from(fetches);
        self.tools.clone_from(tools);
        self.van.clone_from(van);
    }
}

impl Supply {
    pub(crate) fn clear(&mut self) {
        let Self { fetches, tools, van, kept } = self;
        kept.clear();
        fetches.clear();
        tools.clear();
        van.clear();
    }
    /// Whether a collection at this position brings anything.
    pub(crate) fn needs(&self, collection: usize) -> bool {
        self.fetches.iter().any(|fetch| fetch.collection as usize == collection)
            || self.tools.iter().any(|(at, _)| *at as usize == collection)
    }
    fn kept_use(&self, frozen: u32, part: PartIx) -> u32 {
        self.kept.iter().filter(|own| own.frozen == frozen && own.part == part).map(|own| own.quantity).sum()
    }
    pub(crate) fn van_use(&self, part: PartIx) -> u32 {
        self.van.iter().find(|(own, _)| *own == part).map_or(0, |(_, units)| *units)
    }
}

/// What the rest of the plan leaves to a route.
pub(crate) struct Leftover<'a> {
    /// Units left in each lot, this route's own takes included.
    pub(crate) lots: &'a [u32],
    /// Units of the van that other shifts of the technician use.
    pub(crate) van_elsewhere: &'a dyn Fn(PartIx) -> u32,
}

pub(crate) fn stocked(shift: &ShiftInfo, part: PartIx) -> u32 {
    shift.stock.iter().find(|(own, _)| *own == part).map_or(0, |(_, units)| *units)
}

/// Units that van and frozen collections can still give a route, where other shifts of the technician
/// use `elsewhere` of the van.
pub(crate) fn spare(shift: &ShiftInfo, supply: &Supply, part: PartIx, elsewhere: u32) -> u32 {
    let van = stocked(shift, part).saturating_sub(supply.van_use(part) + elsewhere);
    let brought = shift.settled.iter().flat_map(|settled| &settled.surplus).filter(|(_, own, _)| *own == part);
    van + brought.map(|(frozen, _, units)| units.saturating_sub(supply.kept_use(*frozen, part))).sum::<u32>()
}

/// Settles the supply of a route; `None` when some visit cannot have what it needs. Collections
/// learn their earliest start.
pub(crate) fn settle(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    stops: &mut [RouteNode],
    left: &Leftover<'_>,
    supply: &mut Supply,
) -> bool {
    supply.clear();
    extend(instance, shift, stops, 0, left, supply)
}

/// The same where the stops before `from` are settled already: what follows them takes from what they leave.
pub(crate) fn extend(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    stops: &mut [RouteNode],
    from: usize,
    left: &Leftover<'_>,
    supply: &mut Supply,
) -> bool {
    let mut collections: SmallVec<[(u32, SiteIx); 4]> = SmallVec::new();
    for at in 0..stops.len() {
        let job = match instance.kind(stops[at].id) {
            NodeKind::Collection(site) => {
                if at >= from {
                    stops[at].not_before = Time::ALWAYS;
                }
                collections.push((at as u32, site));
                continue;
            }
            NodeKind::Job(job) => job,
        };
        if at < from || !instance.node(stops[at].id).supplied {
            continue;
        }
        // A guest is not among the settled pairs.
        let tooled = job.index() < instance.jobs && instance.tooled.get(shift.ix.index(), job.index());
        if !tooled && !tool_up(instance, shift, job, &collections, supply) {
            return false;
        }
        for need in instance.parts_of(job) {
            let elsewhere = if shift.shares_van { (left.van_elsewhere)(need.part) } else { 0 };
            let mut missing = need.quantity - take_from_van(shift, supply, need.part, need.quantity, elsewhere);
            for (frozen, part, units) in shift.settled.iter().flat_map(|settled| &settled.surplus) {
                if *part == need.part {
                    let quantity = units.saturating_sub(supply.kept_use(*frozen, *part)).min(missing);
                    if quantity > 0 {
                        supply.kept.push(Kept { visit: at as u32, frozen: *frozen, part: *part, quantity });
                        missing -= quantity;
                    }
                }
            }
            if missing > 0 && !fetch(instance, stops, &collections, left, supply, at as u32, need.part, missing) {
                return false;
            }
        }
    }
    true
}

/// Units that the van has for a visit; they are taken.
#[inline]
fn take_from_van(shift: &ShiftInfo, supply: &mut Supply, part: PartIx, quantity: u32, elsewhere: u32) -> u32 {
    let stocked = stocked(shift, part).saturating_sub(elsewhere);
    match supply.van.iter_mut().find(|(own, _)| *own == part) {
        Some((_, used)) => {
            let units = stocked.saturating_sub(*used).min(quantity);
            *used += units;
            units
        }
        None => {
            let units = stocked.min(quantity);
            if units > 0 {
                supply.van.push((part, units));
            }
            units
        }
    }
}

/// Collects the tools that a job needs and the technician has not. False where none of the collections has one of
/// them.
fn tool_up(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    job: JobIx,
    collections: &[(u32, SiteIx)],
    supply: &mut Supply,
) -> bool {
    let own = instance.problem.technician(shift.technician);
    for tool in &instance.job(job).tools {
        if shift.holds(own, *tool) || supply.tools.iter().any(|(_, taken)| taken == tool) {
            continue;
        }
        let source = collections.iter().rev().find(|(_, site)| {
            let site = instance.problem.site(*site);
            site.unlimited || site.tools.contains(tool)
        });
        match source {
            Some((collection, _)) => supply.tools.push((*collection, *tool)),
            None => return false,
        }
    }
    true
}

#[allow(clippy::too_many_arguments, reason = "one call; a struct for it would only rename the list")]
fn fetch(
    instance: &Instance<'_>,
    stops: &mut [RouteNode],
    collections: &[(u32, SiteIx)],
    left: &Leftover<'_>,
    supply: &mut Supply,
    visit: u32,
    part: PartIx,
    mut missing: u32,
) -> bool {
    for (collection, site) in collections.iter().rev() {
        if instance.problem.site(*site).unlimited {
            supply.fetches.push(Fetch { collection: *collection, visit, part, quantity: missing, lot: None });
            return true;
        }
        for lot in instance.lots_of(*site, part) {
            let taken: u32 =
                supply.fetches.iter().filter(|fetch| fetch.lot == Some(*lot)).map(|fetch| fetch.quantity).sum();
            let units = left.lots[lot.index()].saturating_sub(taken).min(missing);
            if units == 0 {
                continue;
            }
            supply.fetches.push(Fetch { collection: *collection, visit, part, quantity: units, lot: Some(*lot) });
            let stop = &mut stops[*collection as usize];
            stop.not_before = stop.not_before.max(instance.problem.lot(*lot).at);
            missing -= units;
            if missing == 0 {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::construct::construct;
    use crate::tests::random_day::{Size, random_day};

    #[test]
    fn a_day_settled_in_two_pieces_is_as_if_it_were_settled_at_once() {
        let mut collecting = 0;
        for seed in 0..60 {
            let (problem, travel) = random_day(seed, Size { jobs: 24, technicians: 4 });
            let instance = Instance::new(&problem, &travel);
            let solution = construct(&instance, None, &|| false);
            for route in solution.routes.iter().filter(|route| !route.is_empty()) {
                let shift = instance.shift(route.shift);
                let mut lots = solution.lots_left().to_vec();
                for fetch in &route.supply.fetches {
                    fetch.lot.into_iter().for_each(|lot| lots[lot.index()] += fetch.quantity);
                }
                let van_elsewhere = |part| solution.van_elsewhere(route.shift, part);
                let left = Leftover { lots: &lots, van_elsewhere: &van_elsewhere };
                for first in 0..=route.stops.len() {
                    let (mut stops, mut supply) = (route.stops[..first].to_vec(), Supply::default());
                    assert!(settle(&instance, shift, &mut stops, &left, &mut supply), "seed {seed}");
                    stops.extend_from_slice(&route.stops[first..]);
                    assert!(extend(&instance, shift, &mut stops, first, &left, &mut supply), "seed {seed}");
                    assert_eq!((&stops, &supply), (&route.stops, &route.supply), "seed {seed}");
                }
                collecting += usize::from(!route.supply.fetches.is_empty());
            }
        }
        assert!(collecting > 20, "{collecting}");
    }
}
