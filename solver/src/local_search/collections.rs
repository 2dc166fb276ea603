//! Collections that come, go, move along the day or change to another site.

use super::{LocalSearch, collects, keep_if_cheaper};
use crate::instance::NodeKind;
use crate::solution::Solution;
use crate::walk::RouteNode;
use dispatch_data::ids::{ShiftIx, SiteIx};

/// Sites that are tried where there are more, by their order in the problem.
const SITES: usize = 16;

impl LocalSearch {
    /// Tries the collections of every day in other places.
    pub(super) fn collect_better(&mut self, solution: &mut Solution<'_>, spent: &dyn Fn() -> bool) {
        let instance = solution.instance;
        for shift in (0..instance.shifts.len()).map(ShiftIx::from) {
            if instance.problem.sites.is_empty() || spent() {
                break;
            }
            if solution.is_open(shift) && collects(solution, shift) {
                self.gains += u64::from(better_on(solution, shift));
            }
        }
    }
}

fn better_on(solution: &mut Solution<'_>, shift: ShiftIx) -> bool {
    let before = solution.cost();
    solution.begin();
    solution.reseat_collections(shift);
    let mut gained = keep_if_cheaper(solution, before);
    let mut at = 0;
    while let Some(stop) = solution.route(shift).stops.get(at).copied() {
        if let NodeKind::Collection(site) = solution.instance.kind(stop.id) {
            // What was gained has changed the stops: from here on again.
            gained |= dropped(solution, shift, at) || moved(solution, shift, at, site);
        }
        at += 1;
    }
    gained | added(solution, shift)
}

/// The day without one collection: others, or the van, may do.
fn dropped(solution: &mut Solution<'_>, shift: ShiftIx, at: usize) -> bool {
    let mut stops = fresh(solution, shift);
    stops.remove(at);
    tried(solution, shift, &stops)
}

/// The collection anywhere in the day, at any site.
fn moved(solution: &mut Solution<'_>, shift: ShiftIx, at: usize, site: SiteIx) -> bool {
    let mut rest = fresh(solution, shift);
    rest.remove(at);
    let others = sites(solution).filter(|other| *other != site);
    let places = std::iter::once(site).chain(others).flat_map(|site| (0..=rest.len()).map(move |to| (site, to)));
    first_gain(solution, shift, &rest, places.filter(|place| *place != (site, at)).collect())
}

/// One more collection: at a nearer site, or later when its lots are there.
fn added(solution: &mut Solution<'_>, shift: ShiftIx) -> bool {
    if solution.instance.boundless {
        return false;
    }
    let stops = fresh(solution, shift);
    let places = sites(solution).flat_map(|site| (0..=stops.len()).map(move |to| (site, to))).collect();
    first_gain(solution, shift, &stops, places)
}

fn sites(solution: &Solution<'_>) -> impl Iterator<Item = SiteIx> + use<> {
    (0..solution.instance.problem.sites.len().min(SITES)).map(SiteIx::from)
}

/// The first place for a collection among the stops that makes the plan cheaper.
fn first_gain(solution: &mut Solution<'_>, shift: ShiftIx, stops: &[RouteNode], places: Vec<(SiteIx, usize)>) -> bool {
    places.into_iter().any(|(site, to)| {
        let mut with = stops.to_vec();
        with.insert(to, RouteNode::new(solution.instance.site_node(site)));
        tried(solution, shift, &with)
    })
}

/// The stops of a day; its collections wait for nothing yet.
fn fresh(solution: &Solution<'_>, shift: ShiftIx) -> Vec<RouteNode> {
    solution.route(shift).stops.iter().map(|stop| RouteNode::new(stop.id)).collect()
}

fn tried(solution: &mut Solution<'_>, shift: ShiftIx, stops: &[RouteNode]) -> bool {
    let before = solution.cost();
    solution.begin();
    if solution.try_stops(shift, stops).is_none() {
        solution.undo();
        return false;
    }
    keep_if_cheaper(solution, before)
}
