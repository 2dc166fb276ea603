//! The order of the hierarchy: nested dissection of the road graph by inertial flow.
//!
//! The map is cut in two where the fewest roads cross, each half again, and so on (Schild and Sommer
//! 2015). The arcs of the cut roads separate the turn-expanded graph as the cut separates the road
//! graph (Buchhold, Wagner, Zeitz and Zündorf 2020), so they come last in the order, above both
//! halves. The order depends on the map alone, not on any speed.

mod flow;

use crate::graph::RoadGraph;
use crate::ids::{EdgeIx, RankIx, StateIx};
use crate::prepared::{Columns, Reader, lengths};
use crate::turns::TurnGraph;
use flow::{Cell, Cut};

/// Each state's place in the order.
#[derive(Debug)]
pub(crate) struct Order {
    rank_of: Vec<RankIx>,
}

impl Order {
    /// Cuts the map until nothing is left to cut.
    pub(crate) fn dissect(graph: &RoadGraph, turns: &TurnGraph) -> Self {
        let spots: Vec<(f64, f64)> = graph
            .nodes
            .iter()
            .map(|node| {
                let place = node.spot.position();
                (place.lon * place.lat.to_radians().cos(), place.lat)
            })
            .collect();
        let edges: Vec<(u32, u32, u32)> = graph
            .edges
            .iter()
            .enumerate()
            .filter_map(|(at, edge)| {
                let arc = graph.arc(edge.forward.or(edge.backward)?);
                Some((arc.tail.0, arc.head.0, at as u32))
            })
            .collect();
        let mut state_at = Vec::with_capacity(turns.len());
        for edge in dissect(spots, edges) {
            let edge = graph.edge(EdgeIx(edge));
            for arc in [edge.forward, edge.backward].into_iter().flatten() {
                state_at.extend(turns.states_of(arc));
            }
        }
        let mut rank_of = vec![RankIx(0); state_at.len()];
        for (rank, state) in state_at.iter().enumerate() {
            rank_of[state.index()] = RankIx::at(rank);
        }
        Self { rank_of }
    }
    /// The same order by other numbers: `rank_of` tells the new rank of each old one.
    pub(crate) fn renumbered(self, rank_of: &[RankIx]) -> Self {
        Self { rank_of: self.rank_of.into_iter().map(|rank| rank_of[rank.index()]).collect() }
    }
    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 1;
    pub(crate) fn save(&self, columns: &mut Columns) {
        columns.u32s(self.rank_of.iter().map(|rank| rank.0));
    }
    pub(crate) fn load(columns: &mut Reader, states: usize) -> Result<Self, String> {
        let rank_of: Vec<RankIx> = columns.ids(states)?.into_iter().map(RankIx).collect();
        lengths(rank_of.len() == states)?;
        Ok(Self { rank_of })
    }
    pub(crate) fn len(&self) -> usize {
        self.rank_of.len()
    }
    #[inline]
    pub(crate) fn rank(&self, state: StateIx) -> RankIx {
        self.rank_of[state.index()]
    }
}

/// Cells above this size are cut on several cores.
const SHARED: usize = 1500;

/// The edges (their third numbers) of a cell in order, the separators of each half before those of
/// the whole.
fn dissect(spots: Vec<(f64, f64)>, edges: Vec<(u32, u32, u32)>) -> Vec<u32> {
    if spots.len() < 2 || edges.len() < 2 {
        return edges.into_iter().map(|(_, _, edge)| edge).collect();
    }
    let Some(cut) = best_cut(&spots, &edges) else {
        return edges.into_iter().map(|(_, _, edge)| edge).collect();
    };
    let mut place = vec![0u32; spots.len()];
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for (node, spot) in spots.iter().enumerate() {
        let half = if cut.side[node] { &mut near } else { &mut far };
        place[node] = half.len() as u32;
        half.push(*spot);
    }
    drop(spots);
    let (mut near_edges, mut far_edges, mut separator) = (Vec::new(), Vec::new(), Vec::new());
    for (a, b, edge) in edges {
        let moved = (place[a as usize], place[b as usize], edge);
        match (cut.side[a as usize], cut.side[b as usize]) {
            (true, true) => near_edges.push(moved),
            (false, false) => far_edges.push(moved),
            _ => separator.push(edge),
        }
    }
    drop((place, cut));
    let large = near.len().min(far.len()) > SHARED;
    let (mut order, second) = if large {
        rayon::join(|| dissect(near, near_edges), || dissect(far, far_edges))
    } else {
        (dissect(near, near_edges), dissect(far, far_edges))
    };
    order.extend(second);
    order.extend(separator);
    order
}

/// The cut with the fewest roads for the size of its smaller side, over four directions.
fn best_cut(spots: &[(f64, f64)], edges: &[(u32, u32, u32)]) -> Option<Cut> {
    let cell = Cell::new(spots.len(), edges);
    let count = (spots.len() / 4).max(1);
    let directions: [(f64, f64); 4] = [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0)];
    let cut = |(x, y): (f64, f64), limit: usize| {
        let mut line: Vec<(f64, u32)> =
            spots.iter().enumerate().map(|(node, spot)| (spot.0 * x + spot.1 * y, node as u32)).collect();
        // The first and the last quarter matter, not their order: no need to sort.
        let along = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        let (_, _, rest) = line.select_nth_unstable_by(count - 1, along);
        if rest.len() > count {
            let middle = rest.len() - count;
            rest.select_nth_unstable_by(middle, along);
        }
        let line: Vec<u32> = line.into_iter().map(|(_, node)| node).collect();
        cell.cut(&line, count, limit)
    };
    let mut best: Option<Cut> = None;
    for direction in directions {
        // Even a perfect balance could not make up for a cut this much larger.
        let limit =
            best.as_ref().map_or(usize::MAX, |best| best.edges * (spots.len() / 2).max(1) / best.smaller.max(1));
        if let Some(found) = cut(direction, limit) {
            let better =
                best.as_ref().is_none_or(|best| found.edges * best.smaller.max(1) < best.edges * found.smaller.max(1));
            if better && found.smaller > 0 {
                best = Some(found);
            }
        }
    }
    best
}
