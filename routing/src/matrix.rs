//! All travel between places, source by source on all cores.

use crate::cost::Cost;
use crate::graph::RoadGraph;
use crate::search::Search;
use crate::snap::Snapped;
use crate::trip;
use crate::turns::TurnGraph;
use dispatch_data::travel::{Leg, TravelMatrix};
use rayon::prelude::*;

/// Seconds and metres between every two places, by plain search.
pub(crate) fn plain(graph: &RoadGraph, turns: &TurnGraph, places: &[Snapped]) -> TravelMatrix {
    let ends: Vec<_> = places.iter().map(|place| trip::ends(graph, turns, place)).collect();
    let mut wanted = vec![false; turns.len()];
    let mut count = 0;
    for (state, _) in ends.iter().flatten() {
        let mark = &mut wanted[state.index()];
        count += usize::from(!*mark);
        *mark = true;
    }
    let rows: Vec<Vec<Leg>> = places
        .par_iter()
        .map_init(
            || Search::new(turns),
            |search, from| {
                search.run(&trip::starts(graph, turns, from), &wanted, count);
                let leg = |(to, ends): (&Snapped, &Vec<_>)| {
                    let round = ends.iter().map(|&(state, rest)| search.cost(state) - rest);
                    let stay = trip::direct(graph, from, to).map(|(_, cost)| cost);
                    round.chain(stay).fold(Cost::NEVER, Cost::min).leg()
                };
                places.iter().zip(&ends).map(leg).collect()
            },
        )
        .collect();
    let mut legs = rows.concat();
    for at in 0..places.len() {
        legs[at * places.len() + at] = Leg::default();
    }
    TravelMatrix::from_fn(places.len(), |from, to| legs[from * places.len() + to])
}
