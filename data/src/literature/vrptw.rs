//! VRPTW: distance of Solomon and Gehring–Homberger answers, by two conventions.

use super::timeline::Timeline;
use super::{Evaluation, FaultKind, Ledger};
use crate::import::solomon::{Customer, Vrptw};
use std::collections::HashMap;

/// How distances are rounded and answers compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// 12th DIMACS challenge: every distance truncated to one decimal, distance alone counts.
    Dimacs,
    /// SINTEF lists: real distances, fewer vehicles first.
    Sintef,
}

/// Late by less than this in real distances is not late.
const TOLERANCE: f64 = 1e-6;

/// One list of customer numbers per vehicle; empty lists are unused vehicles.
pub fn vrptw(file: &Vrptw, routes: &[Vec<usize>], convention: Convention) -> Evaluation {
    let Some((depot, customers)) = file.rows.split_first() else { return Evaluation::default() };
    let by_number: HashMap<usize, &Customer> = customers.iter().map(|row| (row.number as usize, row)).collect();
    // Tenths for DIMACS, so that all its sums are whole numbers.
    let (unit, tolerance) = match convention {
        Convention::Dimacs => (10.0, 0.0),
        Convention::Sintef => (1.0, TOLERANCE),
    };
    let way = |from: &Customer, to: &Customer| {
        let real = (from.x - to.x).hypot(from.y - to.y);
        match convention {
            // The tiny term keeps whole what is whole but for its binary fraction.
            Convention::Dimacs => (real * unit + 1e-9).floor(),
            Convention::Sintef => real,
        }
    };
    let window = |row: &Customer| (row.ready as f64 * unit, row.due as f64 * unit);
    let mut ledger = Ledger::new();
    let mut distance = 0.0;
    for (at, route) in routes.iter().enumerate().filter(|(_, route)| !route.is_empty()) {
        ledger.route = at;
        ledger.out.used += 1;
        if ledger.out.used > file.vehicles {
            ledger.fault(FaultKind::Fleet, None, None);
        }
        let (open, close) = window(depot);
        let mut time = Timeline::leave(open, close, tolerance);
        let (mut here, mut load) = (depot, 0);
        for number in route {
            let Some(row) = by_number.get(number) else {
                ledger.fault(FaultKind::Unknown, Some(*number), None);
                continue;
            };
            ledger.serve(*number);
            let leg = way(here, row);
            distance += leg;
            load += row.demand;
            let late = time.visit(leg, window(row), row.service as f64 * unit);
            ledger.late(Some(*number), late.map(|late| late / unit));
            here = row;
        }
        let leg = way(here, depot);
        distance += leg;
        let late = time.visit(leg, window(depot), 0.0);
        ledger.late(None, late.map(|late| late / unit));
        if load > file.capacity {
            ledger.fault(FaultKind::Load, None, Some((load - file.capacity) as f64));
        }
    }
    ledger.out.distance = distance / unit;
    ledger.out.value = ledger.out.distance;
    ledger.close(customers.len())
}
