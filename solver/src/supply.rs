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

/// A tool that a collection brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tooled {
    /// Position of the collection among the stops.
    pub(crate) collection: u32,
    /// Position of the first visit that needs it.
    visit: u32,
    pub(crate) tool: ToolIx,
}

/// Units that one visit takes from the van.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct VanUse {
    visit: u32,
    /// Where [`Supply::van`] has the part.
    at: u32,
    units: u32,
}

/// The supply of one route. All lists but [`Supply::van`] are in the order of visits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Supply {
    pub(crate) fetches: Vec<Fetch>,
    pub(crate) tools: Vec<Tooled>,
    /// Units taken from the van over the route.
    pub(crate) van: SmallVec<[(PartIx, u32); 4]>,
    /// The same by visit.
    van_uses: Vec<VanUse>,
    /// What comes from frozen collections of the same day.
    pub(crate) kept: Vec<Kept>,
}

impl Clone for Supply {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.clone_from(self);
        copy
    }
    /// Field by field, so that a copy over an old one needs no new memory.
    fn clone_from(&mut self, source: &Self) {
        let Self { fetches, tools, van, van_uses, kept } = source;
        self.kept.clone_from(kept);
        self.van_uses.clone_from(van_uses);
        self.fetches.clone_from(fetches);
        self.tools.clone_from(tools);
        self.van.clone_from(van);
    }
}

impl Supply {
    pub(crate) fn clear(&mut self) {
        let Self { fetches, tools, van, van_uses, kept } = self;
        kept.clear();
        van_uses.clear();
        fetches.clear();
        tools.clear();
        van.clear();
    }
    /// Gives back what visits from this position on have.
    fn rewind(&mut self, from: usize) {
        let Self { fetches, tools, van, van_uses, kept } = self;
        let early = |visit: u32| (visit as usize) < from;
        fetches.truncate(fetches.partition_point(|fetch| early(fetch.visit)));
        tools.truncate(tools.partition_point(|tooled| early(tooled.visit)));
        kept.truncate(kept.partition_point(|kept| early(kept.visit)));
        while let Some(used) = van_uses.pop_if(|used| !early(used.visit)) {
            van[used.at as usize].1 -= used.units;
        }
        // Parts come into the list when they are first used, so those not used any more are its end.
        while van.last().is_some_and(|(_, units)| *units == 0) {
            van.pop();
        }
    }
    /// Whether a collection at this position brings anything.
    pub(crate) fn needs(&self, collection: usize) -> bool {
        self.fetches.iter().any(|fetch| fetch.collection as usize == collection)
            || self.tools.iter().any(|tooled| tooled.collection as usize == collection)
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

/// Settles the supply of a route; false when some visit cannot have what it needs. Collections
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

/// The same where `supply` is that of a day which began with the same stops up to `from`, at least: what they have is kept
/// as far as it cannot be otherwise now.
pub(crate) fn resume(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    stops: &mut [RouteNode],
    from: usize,
    left: &Leftover<'_>,
    supply: &mut Supply,
) -> bool {
    // The van gives the same whatever else happens, unless it is shared; other routes may have taken from lots since, or
    // given back.
    let first_lots = supply.fetches.first().filter(|_| !instance.boundless).map_or(from, |fetch| fetch.visit as usize);
    let from = if shift.shares_van { 0 } else { from.min(first_lots) };
    supply.rewind(from);
    if !instance.boundless {
        // Nobody before `from` has anything of a lot.
        stops[..from].iter_mut().for_each(|stop| stop.not_before = Time::ALWAYS);
    }
    extend(instance, shift, stops, from, left, supply)
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
        if !tooled && !tool_up(instance, shift, job, at as u32, &collections, supply) {
            return false;
        }
        for need in instance.parts_of(job) {
            let elsewhere = if shift.shares_van { (left.van_elsewhere)(need.part) } else { 0 };
            let mut missing =
                need.quantity - take_from_van(shift, supply, at as u32, need.part, need.quantity, elsewhere);
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
fn take_from_van(
    shift: &ShiftInfo,
    supply: &mut Supply,
    visit: u32,
    part: PartIx,
    quantity: u32,
    elsewhere: u32,
) -> u32 {
    let stocked = stocked(shift, part).saturating_sub(elsewhere);
    let known = supply.van.iter().position(|(own, _)| *own == part);
    let at = known.unwrap_or(supply.van.len());
    let used = known.map_or(0, |at| supply.van[at].1);
    let units = stocked.saturating_sub(used).min(quantity);
    if units > 0 {
        match known {
            Some(at) => supply.van[at].1 += units,
            None => supply.van.push((part, units)),
        }
        supply.van_uses.push(VanUse { visit, at: at as u32, units });
    }
    units
}

/// Collects the tools that a job needs and the technician has not. False where none of the collections has one of
/// them.
fn tool_up(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    job: JobIx,
    visit: u32,
    collections: &[(u32, SiteIx)],
    supply: &mut Supply,
) -> bool {
    let own = instance.problem.technician(shift.technician);
    for tool in &instance.job(job).tools {
        if shift.holds(own, *tool) || supply.tools.iter().any(|tooled| tooled.tool == *tool) {
            continue;
        }
        let source = collections.iter().rev().find(|(_, site)| {
            let site = instance.problem.site(*site);
            site.unlimited || site.tools.contains(tool)
        });
        match source {
            Some((collection, _)) => supply.tools.push(Tooled { collection: *collection, visit, tool: *tool }),
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

    #[test]
    fn a_day_that_changes_from_some_stop_on_is_settled_as_if_it_were_new() {
        let (mut kept_some, mut refused) = (0, 0);
        for seed in 0..60 {
            let (problem, travel) = random_day(seed, Size { jobs: 24, technicians: 4 });
            let instance = Instance::new(&problem, &travel);
            let solution = construct(&instance, None, &|| false);
            for route in solution.routes.iter().filter(|route| !route.is_empty()) {
                let shift = instance.shift(route.shift);
                let van_elsewhere = |part| solution.van_elsewhere(route.shift, part);
                // What others left in lots, before and after they take some or give some back.
                for (less, more) in [(0, 0), (1, 0), (0, 1)] {
                    let mut lots = solution.lots_left().to_vec();
                    for fetch in &route.supply.fetches {
                        fetch.lot.into_iter().for_each(|lot| lots[lot.index()] += fetch.quantity);
                    }
                    lots.iter_mut().for_each(|units| *units = units.saturating_sub(less) + more);
                    let left = Leftover { lots: &lots, van_elsewhere: &van_elsewhere };
                    for first in 0..=route.stops.len() {
                        let mut stops = route.stops[..first].to_vec();
                        stops.extend(route.stops[first..].iter().rev().skip(1));
                        let (mut anew, mut whole) = (stops.clone(), Supply::default());
                        let (mut resumed, mut supply) = (stops, route.supply.clone());
                        let fits = settle(&instance, shift, &mut anew, &left, &mut whole);
                        assert_eq!(resume(&instance, shift, &mut resumed, first, &left, &mut supply), fits);
                        if fits {
                            assert_eq!((&resumed, &supply), (&anew, &whole), "seed {seed}, from {first}");
                            kept_some += usize::from(supply.van_uses.iter().any(|used| (used.visit as usize) < first));
                        }
                        refused += usize::from(!fits);
                    }
                }
            }
        }
        assert!(kept_some > 100 && refused > 20, "{kept_some} {refused}");
    }
}
