//! The two ends of a trip: what of the first and the last arc is driven, and trips that never leave
//! their arc.

use crate::cost::Cost;
use crate::ids::{ArcIx, StateIx};
use crate::snap::Snapped;
use crate::turns::TurnGraph;

/// What a trip from `place` must still drive of each arc it may begin on.
pub(crate) fn starts(turns: &TurnGraph, place: &Snapped) -> Vec<(StateIx, Cost)> {
    let ahead = |(arc, share): (ArcIx, f64)| (turns.fresh(arc), turns.part(arc, share, 1.0));
    place.arcs().map(ahead).collect()
}

/// The states in which a trip may reach `place`, each with the part of its arc that is not driven.
pub(crate) fn ends(turns: &TurnGraph, place: &Snapped) -> Vec<(StateIx, Cost)> {
    let mut ends = Vec::with_capacity(2);
    for (arc, share) in place.arcs() {
        let rest = turns.drive(arc) - turns.part(arc, 0.0, share);
        ends.extend(turns.states_of(arc).map(|state| (state, rest)));
    }
    ends
}

/// The cheapest trip that stays on one arc: the destination lies ahead on the same road, open or not.
pub(crate) fn direct(turns: &TurnGraph, from: &Snapped, to: &Snapped) -> Option<(ArcIx, Cost)> {
    if from.edge != to.edge {
        return None;
    }
    let mut best: Option<(ArcIx, Cost)> = None;
    for (arc, start) in from.arcs() {
        for (_, end) in to.arcs().filter(|(other, end)| *other == arc && *end >= start) {
            let cost = turns.part(arc, start, end);
            if best.is_none_or(|(_, known)| cost < known) {
                best = Some((arc, cost));
            }
        }
    }
    best
}
