//! Starting from a plan that is in force: keep of it what still keeps the rules, and never give back
//! anything worse than it.
//!
//! A plan from elsewhere may time its visits, or share out its lots, as this search never would. So
//! what was accepted stays a candidate to the end, as it is stated, judged and priced by the judge.

use crate::instance::{Instance, NodeKind};
use crate::solution::{Solution, node_of};
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::judge::{Violation, judge};
use dispatch_data::plan::{Plan, PlannedRoute, Unassigned};
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_data::units::Cost;

/// Up to this length of a broken route every way of giving up one visit is tried.
const SHORT: usize = 64;

/// The stops of a route that breaks a rule, without as few and as cheap visits as make it whole again:
/// one, if that is enough; else the dearest ones that fit, in their order. `try_on` settles a choice.
pub(crate) fn repair(
    instance: &Instance<'_>,
    stops: &[RouteNode],
    mut try_on: impl FnMut(&[RouteNode]) -> Option<Cost>,
) -> Vec<RouteNode> {
    let price = |stop: &RouteNode| match instance.kind(stop.id) {
        NodeKind::Job(job) => Some(instance.node(node_of(job)).drop),
        NodeKind::Collection(_) => None,
    };
    if stops.len() <= SHORT {
        let without = |at: usize| -> Vec<RouteNode> {
            let kept = stops.iter().enumerate().filter(|(own, _)| *own != at);
            kept.map(|(_, stop)| *stop).collect()
        };
        let best = (0..stops.len())
            .filter_map(|at| {
                let given_up = price(&stops[at]).unwrap_or(Cost::ZERO);
                let kept = without(at);
                try_on(&kept).map(|cost| (cost + given_up, at))
            })
            .min();
        if let Some((_, at)) = best {
            return without(at);
        }
    }
    let mut visits: Vec<(Cost, usize)> =
        stops.iter().enumerate().filter_map(|(at, stop)| Some((-price(stop)?, at))).collect();
    visits.sort_unstable();
    let mut keeps: Vec<bool> = vec![false; stops.len()];
    let mut kept: Vec<RouteNode> = Vec::new();
    for (_, at) in visits {
        keeps[at] = true;
        let chosen = |collections: bool| -> Vec<RouteNode> {
            let all = stops.iter().zip(&keeps);
            all.filter(|(stop, keep)| **keep || (collections && !instance.is_job(stop.id))).map(|(s, _)| *s).collect()
        };
        let fitting = [chosen(true), chosen(false)].into_iter().find(|choice| try_on(choice).is_some());
        match fitting {
            Some(choice) => kept = choice,
            None => keeps[at] = false,
        }
    }
    kept
}

/// The cheaper of what was found and what had been accepted before the search, where the latter
/// breaks no rule that the former keeps. `explain` gives the reasons of what the latter leaves out.
pub(crate) fn no_worse(
    problem: &Problem,
    travel: &Travel,
    accepted: &Plan,
    found: Plan,
    explain: impl FnOnce(&Plan) -> Vec<Unassigned>,
) -> Plan {
    let mut kept = Plan {
        routes: accepted.routes.clone(),
        unassigned: Vec::new(),
        travel_fingerprint: travel.fingerprint(),
        bound: found.bound,
        seed: found.seed,
        iterations: found.iterations,
        ..Plan::default()
    };
    let mut is_planned = vec![false; problem.jobs.len()];
    for job in kept.routes.iter().flat_map(PlannedRoute::jobs) {
        if let Some(planned) = is_planned.get_mut(job.index()) {
            *planned = true;
        }
    }
    let out = |job: usize| Unassigned {
        job: JobIx::from(job),
        price: problem.drop_price(JobIx::from(job)),
        reasons: Vec::new(),
        relaxation: None,
    };
    kept.unassigned = (0..is_planned.len()).filter(|job| !is_planned[*job]).map(out).collect();
    let verdict = judge(problem, travel, &kept);
    if verdict.bill.total() >= found.bill.total() {
        return found;
    }
    if !verdict.is_clean() {
        // What has happened may break rules in both; the accepted plan may break none besides.
        let theirs = judge(problem, travel, &found).violations;
        let same =
            |one: &Violation, other: &Violation| (one.rule, one.shift, one.job) == (other.rule, other.shift, other.job);
        if !verdict.violations.iter().all(|own| theirs.iter().any(|other| same(own, other))) {
            return found;
        }
    }
    for (route, bill) in kept.routes.iter_mut().zip(&verdict.route_bills) {
        route.bill = *bill;
    }
    kept.bill = verdict.bill;
    // The search may hold fewer visits than the plan itself; its reasons serve for those left out by both.
    let explained = explain(accepted);
    for left in &mut kept.unassigned {
        if let Some(known) = explained.iter().find(|known| known.job == left.job) {
            *left = known.clone();
        }
    }
    kept
}

/// Whether pinned orders hold along these stops.
fn in_order(instance: &Instance<'_>, stops: &[RouteNode]) -> bool {
    let position = |job: JobIx| stops.iter().position(|stop| stop.id == node_of(job));
    stops.iter().enumerate().filter(|(_, stop)| instance.node(stop.id).ordered).all(|(at, stop)| {
        let NodeKind::Job(job) = instance.kind(stop.id) else { return true };
        let leader = instance.problem.job(job).pin.as_ref().and_then(|pin| pin.after);
        leader.and_then(position).is_none_or(|leader| leader < at)
    })
}

impl Solution<'_> {
    /// Sets the stops of an untouched, empty shift as a given order of jobs, as far as they fit.
    pub(crate) fn adopt(&mut self, shift: ShiftIx, stops: &[RouteNode]) {
        if self.try_ordered(shift, stops).is_some() {
            self.claim(shift, stops);
            return;
        }
        let instance = self.instance;
        let kept = repair(instance, stops, |choice| self.try_ordered(shift, choice));
        if self.try_ordered(shift, &kept).is_some() {
            self.claim(shift, &kept);
        } else {
            self.try_stops(shift, &[]);
        }
    }

    fn try_ordered(&mut self, shift: ShiftIx, stops: &[RouteNode]) -> Option<Cost> {
        if in_order(self.instance, stops) { self.try_stops(shift, stops) } else { None }
    }
}
