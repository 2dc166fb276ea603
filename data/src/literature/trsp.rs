//! TRSP: total working time of technicians who leave as late as they can (Pillac, Guéret and
//! Medaglia 2013), on straight ways or on a file's own matrices.

use super::timeline::Timeline;
use super::{Evaluation, FaultKind, Ledger};
use crate::import::trsp::{Row, Trsp};

/// Real values late by less than this are not late.
const TOLERANCE: f64 = 1e-6;
/// How an answer writes the main depot.
const DEPOT: usize = 0;

/// One list of request ids per technician, `0` where the main depot is visited: from there on every
/// tool and part is at hand. Parts used before come out of the van. An empty list costs nothing.
pub fn trsp(file: &Trsp, routes: &[Vec<usize>]) -> Evaluation {
    let mut ledger = Ledger::new();
    for (at, route) in routes.iter().enumerate().filter(|(_, route)| !route.is_empty()) {
        ledger.route = at;
        match file.technicians.get(at) {
            Some(technician) => day(file, at, technician, route, &mut ledger),
            None => ledger.fault(FaultKind::Fleet, None, None),
        }
    }
    ledger.close(file.requests.len())
}

fn day(file: &Trsp, at: usize, technician: &Row, route: &[usize], ledger: &mut Ledger) {
    let mut time = Timeline::leave(technician.open, technician.close, TOLERANCE);
    let mut here = at + 1;
    let mut served = 0;
    let mut supplies =
        Supplies { depot_visits: 0, left: technician.parts.iter().map(|units| i64::from(*units)).collect() };
    for number in route {
        let request = number.checked_sub(file.request_id(0)).and_then(|request| file.requests.get(request));
        let (node, row, service) = match request {
            Some(request) => (*number, request, request.service),
            None if *number == DEPOT => (file.depot_node(at), &file.depot, 0.0),
            None => {
                ledger.fault(FaultKind::Unknown, Some(*number), None);
                continue;
            }
        };
        ledger.out.distance += file.distance(here, node);
        let late = time.visit(file.time(here, node), (row.open, row.close), service);
        ledger.late(Some(*number), late);
        here = node;
        match request {
            Some(request) => {
                served += usize::from(ledger.serve(*number));
                if !request.skills.iter().all(|skill| technician.skills.contains(skill)) {
                    ledger.fault(FaultKind::Skill, Some(*number), None);
                }
                supplies.use_for(*number, request, technician, ledger);
            }
            None => supplies.visit_depot(ledger),
        }
    }
    let home = file.end_node(at);
    ledger.out.distance += file.distance(here, home);
    let late = time.visit(file.time(here, home), (technician.open, technician.close), 0.0);
    ledger.late(None, late);
    ledger.out.value += time.duration();
    ledger.out.used += usize::from(served > 0);
}

/// What a technician has at hand.
struct Supplies {
    depot_visits: usize,
    left: Vec<i64>,
}

impl Supplies {
    fn visit_depot(&mut self, ledger: &mut Ledger) {
        self.depot_visits += 1;
        if self.depot_visits > 1 {
            ledger.fault(FaultKind::Depot, Some(DEPOT), None);
        }
    }
    fn use_for(&mut self, number: usize, request: &Row, technician: &Row, ledger: &mut Ledger) {
        if self.depot_visits > 0 {
            return;
        }
        if !request.tools.iter().all(|tool| technician.tools.contains(tool)) {
            ledger.fault(FaultKind::Tool, Some(number), None);
        }
        for (part, units) in request.parts.iter().enumerate().filter(|(_, units)| **units > 0) {
            let units = i64::from(*units);
            let left = self.left.get_mut(part).map_or(-units, |left| {
                *left -= units;
                *left
            });
            if left < 0 {
                ledger.fault(FaultKind::Part, Some(number), Some(-left as f64));
            }
        }
    }
}
