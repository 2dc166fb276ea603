//! Site-dependent VRPTW: distance in thousandths, each value of the file × 1000 rounded to nearest.

use super::timeline::Timeline;
use super::{Evaluation, FaultKind, Ledger};
use crate::import::sdvrptw::{Node, Sdvrptw};

/// Thousandths: whole numbers, rounded to nearest, halves to even.
fn thousandths(units: f64) -> f64 {
    (1000.0 * units).round_ties_even()
}

/// One list per vehicle in the file's order; a client is its node id − 1. The limit of a route's
/// duration holds for its shortest one, waiting included.
pub fn sdvrptw(file: &Sdvrptw, routes: &[Vec<usize>]) -> Evaluation {
    let Some((depot, clients)) = file.nodes.split_first() else { return Evaluation::default() };
    let way = |from: &Node, to: &Node| thousandths((from.x - to.x).hypot(from.y - to.y));
    let window = |node: &Node| (thousandths(node.open), thousandths(node.close));
    let mut ledger = Ledger::new();
    for (at, route) in routes.iter().enumerate().filter(|(_, route)| !route.is_empty()) {
        ledger.route = at;
        let Some(vehicle) = file.vehicles.get(at) else {
            ledger.fault(FaultKind::Fleet, None, None);
            continue;
        };
        ledger.out.used += 1;
        let (open, close) = window(depot);
        let mut time = Timeline::leave(open, close, 0.0);
        let (mut here, mut load, mut in_time) = (depot, 0.0, true);
        for client in route {
            let Some(node) = client.checked_sub(1).and_then(|client| clients.get(client)) else {
                ledger.fault(FaultKind::Unknown, Some(*client), None);
                continue;
            };
            ledger.serve(*client);
            if vehicle.clients.as_ref().is_some_and(|allowed| !allowed.contains(client)) {
                ledger.fault(FaultKind::Skill, Some(*client), None);
            }
            let leg = way(here, node);
            ledger.out.distance += leg;
            load += node.demand;
            let late = time.visit(leg, window(node), thousandths(node.service));
            in_time &= late.is_none();
            ledger.late(Some(*client), late);
            here = node;
        }
        let leg = way(here, depot);
        ledger.out.distance += leg;
        let late = time.visit(leg, window(depot), 0.0);
        in_time &= late.is_none();
        ledger.late(None, late);
        if load > vehicle.capacity + 1e-9 {
            ledger.fault(FaultKind::Load, None, Some(load - vehicle.capacity));
        }
        // A route that is late has no shortest duration that keeps its windows.
        let over = file.max_duration.map_or(0.0, |most| time.duration() - thousandths(most));
        if in_time && over > 0.0 {
            ledger.fault(FaultKind::Duration, None, Some(over));
        }
    }
    ledger.out.value = ledger.out.distance;
    ledger.close(clients.len())
}
