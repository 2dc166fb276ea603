//! Which arcs every place can share: the largest strongly connected part of the turn graph.
//!
//! A place on an island, or in a street that turn restrictions have cut off, could be reached by
//! nobody; snapping uses the arcs of this part only.

use crate::ids::{ArcIx, StateIx};
use crate::turns::TurnGraph;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// For each arc whether a trip may begin and end on it.
pub(crate) fn core(turns: &TurnGraph, arcs: usize) -> Vec<bool> {
    let count: usize = (0..turns.len()).map(|state| turns.after(StateIx::at(state)).len()).sum();
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(turns.len(), count);
    for _ in 0..turns.len() {
        graph.add_node(());
    }
    for state in 0..turns.len() {
        for (next, _) in turns.after(StateIx::at(state)) {
            graph.add_edge(NodeIndex::new(state), NodeIndex::new(next.index()), ());
        }
    }
    let mut core = vec![false; arcs];
    let largest =
        kosaraju_scc(&graph).into_iter().max_by_key(|part| (part.len(), std::cmp::Reverse(part.iter().min().copied())));
    for state in largest.unwrap_or_default() {
        // A trip begins in the plain state of an arc, so that state itself has to belong.
        if let Some(member) = core.get_mut(ArcIx::at(state.index()).index()) {
            *member = true;
        }
    }
    core
}
