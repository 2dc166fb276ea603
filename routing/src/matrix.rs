//! All travel between places as the noun the solver reads.

use crate::snap::Snapped;
use crate::sweep::{self, Roads};
use dispatch_data::travel::{Leg, TravelMatrix};

/// Seconds and metres between every two places; from a place to itself it is no way at all.
pub(crate) fn between(roads: Roads<'_>, places: &[Snapped]) -> TravelMatrix {
    let mut legs = sweep::many_to_many(roads, places, places);
    for at in 0..places.len() {
        legs[at * places.len() + at] = Leg::default();
    }
    match TravelMatrix::new(places.len(), legs) {
        Ok(matrix) => matrix,
        Err((expected, got)) => unreachable!("the sweep fills {expected} legs, not {got}"),
    }
}

#[cfg(test)]
pub(crate) mod plain {
    //! The same by plain search: what the hierarchy is held against.

    use crate::cost::Cost;
    use crate::search::Search;
    use crate::snap::Snapped;
    use crate::trip;
    use crate::turns::TurnGraph;
    use dispatch_data::travel::{Leg, TravelMatrix};

    /// All travel between places, one search a source.
    pub(crate) fn between(turns: &TurnGraph, places: &[Snapped]) -> TravelMatrix {
        let ends: Vec<_> = places.iter().map(|place| trip::ends(turns, place)).collect();
        let mut wanted = vec![false; turns.len()];
        for (state, _) in ends.iter().flatten() {
            wanted[state.index()] = true;
        }
        let count = wanted.iter().filter(|mark| **mark).count();
        let mut search = Search::new(turns);
        let mut legs = Vec::new();
        for (i, from) in places.iter().enumerate() {
            search.run(&trip::starts(turns, from), &wanted, count);
            for (j, (to, ends)) in places.iter().zip(&ends).enumerate() {
                let round = ends.iter().map(|&(state, rest)| search.cost(state) - rest);
                let stay = trip::direct(turns, from, to).map(|(_, cost)| cost);
                let best = round.chain(stay).fold(Cost::NEVER, Cost::min);
                legs.push(if i == j { Leg::default() } else { best.leg() });
            }
        }
        TravelMatrix::new(places.len(), legs).expect("square")
    }
}
