//! Splices: stretches of days that change places.

use super::keep_if_cheaper;
use crate::instance::{Grade, NodeId, NodeKind};
use crate::solution::{Solution, node_of};
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::travel::Leg;
use std::ops::Range;

/// Neighbours beside which a job's stretches are tried.
const NEAR: usize = 20;
/// Longest stretch that is moved, but for those that reach to the evening.
const LONGEST: usize = 3;
/// Longest stretch that is turned around or that a stretch moves along within a day.
const FAR: usize = 50;

/// Tries the splices that bring a job next to one of its nearest neighbours; those between days that have
/// not changed since version `since` were tried before. How many made the plan cheaper.
pub(super) fn try_all(solution: &mut Solution<'_>, job: JobIx, since: u64) -> u64 {
    let instance = solution.instance;
    let mut gains = 0;
    for other in instance.neighbours[job.index()].iter().take(NEAR) {
        // Every gain may have moved the job.
        let (Some(own), Some(shift)) = (solution.shift_of(job), solution.shift_of(*other)) else { continue };
        let changed = solution.version_of(own) > since || solution.version_of(shift) > since;
        if !changed || !solution.is_open(shift) {
            continue;
        }
        if !promising(solution, job, *other) {
            continue;
        }
        let gained = if own == shift { within(solution, own, job, *other) } else { between(solution, job, *other) };
        gains += u64::from(gained);
    }
    gains
}

/// Whether one of the ways that would go is longer than the one that would come (the gain criterion of Lin &
/// Kernighan 1973): of all ways to see a gainful splice one passes. Only where the road is all that counts.
fn promising(solution: &Solution<'_>, job: JobIx, beside: JobIx) -> bool {
    let instance = solution.instance;
    let (Some(own), Some(shift)) = (solution.shift_of(job), solution.shift_of(beside)) else { return false };
    let (info, other) = (instance.shift(own), instance.shift(shift));
    if info.grade != Grade::Flat || other.grade != Grade::Flat {
        return true;
    }
    let (route, other_route) = (solution.route(own), solution.route(shift));
    let (p, q) = (solution.position(job), solution.position(beside));
    let weight = |leg: Leg| info.price.weigh(leg.seconds.into(), leg.meters.into(), 0);
    let [here, there] = [job, beside].map(|job| instance.node(node_of(job)).place);
    weight(instance.leg(info, there, here)) < weight(route.leg_into(p)).max(weight(other_route.leg_into(q + 1)))
        || weight(instance.leg(info, here, there)) < weight(route.leg_into(p + 1)).max(weight(other_route.leg_into(q)))
}

/// Two stretches of different days.
#[derive(Clone, Debug)]
struct Splice {
    one: ShiftIx,
    cut: Range<usize>,
    other: ShiftIx,
    other_cut: Range<usize>,
}

/// The first gain among splices after which `job` stands right behind or right before `beside`.
fn between(solution: &mut Solution<'_>, job: JobIx, beside: JobIx) -> bool {
    let (Some(one), Some(other)) = (solution.shift_of(job), solution.shift_of(beside)) else { return false };
    let (p, q) = (solution.position(job), solution.position(beside));
    let (stops, other_stops) = (solution.route(one).stops.len(), solution.route(other).stops.len());
    let splice = |cut: Range<usize>, other_cut: Range<usize>| Splice { one, cut, other, other_cut };
    for length in 1..=LONGEST {
        for back in 0..=LONGEST {
            if p + length <= stops && q + 1 + back <= other_stops {
                let splice = splice(p..p + length, q + 1..q + 1 + back);
                if solution.try_splice(&splice) {
                    return true;
                }
            }
            if length <= p + 1 && back <= q {
                let splice = splice(p + 1 - length..p + 1, q - back..q);
                if solution.try_splice(&splice) {
                    return true;
                }
            }
        }
    }
    // The evenings change places.
    solution.try_splice(&splice(p..stops, q + 1..other_stops))
        || solution.try_splice(&splice(p + 1..stops, q..other_stops))
}

/// The first gain among moves within a day that bring two of its jobs side by side.
fn within(solution: &mut Solution<'_>, shift: ShiftIx, job: JobIx, beside: JobIx) -> bool {
    let (p, q) = (solution.position(job), solution.position(beside));
    let (low, high) = (p.min(q), p.max(q));
    if high - low > FAR {
        return false;
    }
    // Turned around, all between them.
    if solution.try_turned(shift, low + 1..high + 1) || solution.try_turned(shift, low..high) {
        return true;
    }
    let stops = solution.route(shift).stops.len();
    (1..=LONGEST).any(|length| {
        // A stretch that ends or begins with one of them moves along to the other.
        (low + 1 >= length && solution.try_turn(shift, low + 1 - length, low + 1, high))
            || (low + length <= high && solution.try_turn(shift, low, low + length, high + 1))
            || (high + length <= stops && solution.try_turn(shift, low + 1, high, high + length))
            || (high + 1 > low + length && solution.try_turn(shift, low, high + 1 - length, high + 1))
    })
}

impl Solution<'_> {
    /// Makes a splice if it makes the plan cheaper.
    fn try_splice(&mut self, splice: &Splice) -> bool {
        let instance = self.instance;
        let Splice { one, cut, other, other_cut } = splice;
        let nodes =
            |shift: ShiftIx, range: &Range<usize>| self.route(shift).stops[range.clone()].iter().map(|stop| stop.id);
        let may = |shift: ShiftIx, id: NodeId| match instance.kind(id) {
            NodeKind::Job(job) => instance.eligible.get(shift.index(), job.index()) && !instance.node(id).ordered,
            NodeKind::Collection(_) => true,
        };
        let (gives, takes) = (nodes(*one, cut), nodes(*other, other_cut));
        if !gives.clone().all(|id| may(*other, id)) || !takes.clone().all(|id| may(*one, id)) {
            return false;
        }
        let Some(weight) = self.route(*one).least_change(instance, cut.clone(), takes) else { return false };
        let Some(weight) =
            self.route(*other).least_change(instance, other_cut.clone(), gives).map(|more| weight + more)
        else {
            return false;
        };
        if weight >= 0 {
            return false;
        }
        let stops = spliced(self, *one, cut, (*other, other_cut));
        let other_stops = spliced(self, *other, other_cut, (*one, cut));
        let before = self.cost();
        self.begin();
        if !self.try_days(&[(*one, &stops), (*other, &other_stops)]) {
            self.undo();
            return false;
        }
        keep_if_cheaper(self, before)
    }

    /// Lets two neighbouring stretches of a day change places: from `low` on, and from `middle` on up to
    /// before `high`.
    fn try_turn(&mut self, shift: ShiftIx, low: usize, middle: usize, high: usize) -> bool {
        if low >= middle || middle >= high {
            return false;
        }
        let stops = &self.route(shift).stops;
        let put: Vec<NodeId> = stops[middle..high].iter().chain(&stops[low..middle]).map(|stop| stop.id).collect();
        self.try_order(shift, low..high, &put)
    }

    /// Turns a stretch around.
    fn try_turned(&mut self, shift: ShiftIx, cut: Range<usize>) -> bool {
        if cut.len() < 2 {
            return false;
        }
        let put: Vec<NodeId> = self.route(shift).stops[cut.clone()].iter().rev().map(|stop| stop.id).collect();
        self.try_order(shift, cut, &put)
    }

    /// Puts the stops of a stretch in another order if that makes the plan cheaper.
    fn try_order(&mut self, shift: ShiftIx, cut: Range<usize>, put: &[NodeId]) -> bool {
        let instance = self.instance;
        if put.iter().any(|id| instance.node(*id).ordered) {
            return false;
        }
        let route = self.route(shift);
        if route.least_change(instance, cut.clone(), put.iter().copied()).is_none_or(|weight| weight >= 0) {
            return false;
        }
        let (morning, evening) = (&route.stops[..cut.start], &route.stops[cut.end..]);
        let all =
            morning.iter().map(|stop| stop.id).chain(put.iter().copied()).chain(evening.iter().map(|stop| stop.id));
        let stops: Vec<RouteNode> = all.map(RouteNode::new).collect();
        let before = self.cost();
        self.begin();
        if self.try_stops(shift, &stops).is_none() {
            self.undo();
            return false;
        }
        keep_if_cheaper(self, before)
    }
}

/// The stops of a day with a stretch of another one in the place of its own. Collections wait anew.
fn spliced(
    solution: &Solution<'_>,
    shift: ShiftIx,
    cut: &Range<usize>,
    from: (ShiftIx, &Range<usize>),
) -> Vec<RouteNode> {
    let stops = &solution.route(shift).stops;
    let put = &solution.route(from.0).stops[from.1.clone()];
    let all = stops[..cut.start].iter().chain(put).chain(&stops[cut.end..]);
    all.map(|stop| RouteNode::new(stop.id)).collect()
}
