//! What a given order of stops costs on a given shift, by the route's own bill.
//!
//! Everything else of the plan is taken away: all lots are full and the van is whole, so that the
//! answer says what the route needs; the master sees to it that routes share. Chooses nothing.

use crate::instance::Instance;
use crate::route::Route;
use crate::schedule;
use crate::supply::{self, Leftover};
use crate::walk::RouteNode;
use dispatch_data::ids::{PartIx, ShiftIx, SiteIx};
use dispatch_data::plan::Activity;
use dispatch_data::units::{Cost, Time};

/// Units of a part that a route takes at a site from one moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taking {
    pub(crate) site: SiteIx,
    pub(crate) part: PartIx,
    /// Start of the collection.
    pub(crate) at: Time,
    pub(crate) quantity: u32,
}

/// Scratch memory of pricing.
pub(crate) struct Pricer<'a> {
    instance: &'a Instance<'a>,
    route: Route,
    lots: Vec<u32>,
}

impl<'a> Pricer<'a> {
    pub(crate) fn new(instance: &'a Instance<'a>) -> Self {
        let lots = instance.problem.lots.iter().map(|lot| lot.quantity).collect();
        Self { instance, route: Route::empty(ShiftIx(0)), lots }
    }

    /// The cost of these stops on a shift, or `None` when they break a rule there. Collections start
    /// no earlier than they did in `stops`; those that bring nothing are left out. `van` bounds what is
    /// taken from the van. Eligibility is the caller's to check.
    pub(crate) fn price(
        &mut self,
        shift: ShiftIx,
        stops: impl Iterator<Item = RouteNode>,
        van: Option<&[(PartIx, u32)]>,
    ) -> Option<Cost> {
        let Self { instance, route, lots } = self;
        route.shift = shift;
        route.stops.clear();
        route.stops.extend(stops);
        route.supply.clear();
        if instance.any_supply {
            let info = instance.shift(shift);
            let mut waits: Vec<Time> = route.stops.iter().map(|stop| stop.not_before).collect();
            let van_elsewhere = |part: PartIx| match van {
                Some(taken) => {
                    let own = taken.iter().find(|(other, _)| *other == part).map_or(0, |(_, units)| *units);
                    supply::stocked(info, part).saturating_sub(own)
                }
                None => 0,
            };
            let left = Leftover { lots, van_elsewhere: &van_elsewhere };
            loop {
                if !supply::settle(instance, info, &mut route.stops, &left, &mut route.supply) {
                    return None;
                }
                let idle =
                    (0..route.stops.len()).find(|at| !instance.is_job(route.stops[*at].id) && !route.supply.needs(*at));
                let Some(idle) = idle else { break };
                route.stops.remove(idle);
                waits.remove(idle);
            }
            for (stop, wait) in route.stops.iter_mut().zip(waits) {
                stop.not_before = stop.not_before.max(wait);
            }
        }
        route.refresh(instance).then_some(route.cost)
    }

    /// The stops priced last.
    pub(crate) fn stops(&self) -> &[RouteNode] {
        &self.route.stops
    }

    /// What the route priced last took from the van.
    pub(crate) fn van(&self) -> &[(PartIx, u32)] {
        &self.route.supply.van
    }

    /// What the route priced last collected from finite stock, and when.
    pub(crate) fn takings(&self) -> Vec<Taking> {
        takings(self.instance, &self.route)
    }
}

/// What a route collects from finite stock, and when.
pub(crate) fn takings(instance: &Instance<'_>, route: &Route) -> Vec<Taking> {
    if route.supply.fetches.iter().all(|fetch| fetch.lot.is_none()) {
        return Vec::new();
    }
    let Some(planned) = schedule::schedule(instance, route) else { return Vec::new() };
    let mut takings: Vec<Taking> = Vec::new();
    for stop in &planned.stops {
        let Activity::Collection { site, takes, tools: _ } = &stop.activity else { continue };
        for take in takes.iter().filter(|take| take.lot.is_some()) {
            takings.push(Taking { site: *site, part: take.part, at: stop.start, quantity: take.quantity });
        }
    }
    takings
}
