//! From chosen columns back to a plan.
//!
//! A job covered twice leaves the route where that saves most; routes of a class go to its shifts; the
//! stock is handed out by the time of collection; who is left out after all may come in again. The
//! plan is changed only when it has become cheaper by its own count.

use super::column::Column;
use super::pricer::Pricer;
use super::scope::Scope;
use crate::insertion::{Finder, limit};
use crate::instance::{Instance, NodeKind};
use crate::solution::{Solution, node_of};
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::{Cost, Time};
use std::collections::BTreeMap;

/// A chosen route on its shift.
struct Placed {
    shift: ShiftIx,
    stops: Vec<RouteNode>,
    cost: Cost,
    /// Start of its first collection from finite stock.
    collects: Option<Time>,
}

/// Puts the chosen columns in the place of the routes of a scope. False, and nothing changed, when the
/// plan would not become cheaper.
pub(crate) fn apply(solution: &mut Solution<'_>, scope: &Scope, chosen: &[&Column]) -> bool {
    let before = solution.cost();
    if lay(solution, scope, chosen) {
        if solution.cost() < before {
            return true;
        }
        solution.undo();
    }
    false
}

/// Puts the chosen columns in the place of the routes of a scope, whatever they cost. False, and nothing changed,
/// when there are more of them than shifts.
pub(crate) fn lay(solution: &mut Solution<'_>, scope: &Scope, chosen: &[&Column]) -> bool {
    let instance = solution.instance;
    let Some(mut placed) = place(instance, scope, chosen) else { return false };
    settle_doubles(instance, &mut placed);
    let cleared: Vec<JobIx> = scope.shifts.iter().flat_map(|shift| solution.jobs_on(*shift)).collect();
    solution.begin();
    solution.remove(&cleared);
    // Who collects nothing has no other source than the van; then first come, first served.
    placed.sort_by_key(|route| (route.collects.is_some(), route.collects, route.shift));
    for route in &placed {
        if !route.stops.is_empty() {
            solution.adopt(route.shift, &route.stops);
        }
    }
    let mut finder = Finder::default();
    for job in &scope.jobs {
        if solution.shift_of(*job).is_none()
            && let Some(insertion) = finder.best(solution, *job, limit(instance, *job), &mut || false)
        {
            solution.insert(*job, insertion);
        }
    }
    true
}

/// A shift for every column; `None` when there are more columns than shifts.
fn place(instance: &Instance<'_>, scope: &Scope, chosen: &[&Column]) -> Option<Vec<Placed>> {
    let mut free: BTreeMap<usize, Vec<ShiftIx>> = BTreeMap::new();
    // Taken from the back, so that the first shifts of a class are used first.
    for shift in scope.shifts.iter().rev() {
        free.entry(instance.shift(*shift).class).or_default().push(*shift);
    }
    let mut order: Vec<&Column> = chosen.to_vec();
    order.sort_by_key(|column| column.only.is_none());
    let mut placed = Vec::with_capacity(order.len());
    for column in order {
        let shifts = free.get_mut(&column.class)?;
        let shift = match column.only {
            Some(only) => {
                let at = shifts.iter().position(|shift| *shift == only)?;
                shifts.remove(at)
            }
            None => shifts.pop()?,
        };
        placed.push(Placed {
            shift,
            stops: column.stops.to_vec(),
            cost: column.cost,
            collects: column.takings.iter().map(|taking| taking.at).min(),
        });
    }
    Some(placed)
}

/// Leaves each job on one route: all others lose it, the one that would save least keeps it.
fn settle_doubles(instance: &Instance<'_>, placed: &mut [Placed]) {
    let mut routes_of: BTreeMap<JobIx, Vec<usize>> = BTreeMap::new();
    for (at, route) in placed.iter().enumerate() {
        for stop in &route.stops {
            if let NodeKind::Job(job) = instance.kind(stop.id) {
                routes_of.entry(job).or_default().push(at);
            }
        }
    }
    routes_of.retain(|_, routes| routes.len() > 1);
    let mut pricer = Pricer::new(instance);
    for (job, routes) in routes_of {
        let without: Vec<(Cost, Vec<RouteNode>, Cost)> = routes
            .iter()
            .map(|at| {
                let route = &placed[*at];
                let rest = route.stops.iter().copied().filter(|stop| stop.id != node_of(job));
                match pricer.price(route.shift, rest, None) {
                    Some(cost) => (route.cost - cost, pricer.stops().to_vec(), cost),
                    // Cannot lose it and stay a day's work: keeps it if any does.
                    None => (Cost(i64::MIN), Vec::new(), Cost::ZERO),
                }
            })
            .collect();
        let keeper = (0..routes.len()).min_by_key(|k| without[*k].0).unwrap_or(0);
        for (k, (_, stops, cost)) in without.into_iter().enumerate() {
            if k != keeper {
                placed[routes[k]].stops = stops;
                placed[routes[k]].cost = cost;
            }
        }
    }
}
