//! Turn restrictions as an automaton over arcs: what has been driven → what may follow.
//!
//! A restriction is a sequence of arcs (from, via ways …) and a last arc that is forbidden, or the
//! only one allowed. Longer sequences than one arc need memory: each of their beginnings of two and
//! more arcs is an extra state, and a state is always the longest beginning that has just been
//! driven (the construction of Aho and Corasick, 1975).

use crate::extract::{Extract, Restriction, Via};
use crate::graph::RoadGraph;
use crate::graph::build::Junctions;
use crate::ids::{ArcIx, EdgeIx, NodeIx, StateIx};
use std::collections::{BTreeMap, BTreeSet};

/// What holds after one sequence of arcs.
#[derive(Debug, Default)]
struct Verdict {
    forbidden: Vec<ArcIx>,
    /// When not empty, nothing else may follow.
    only: Vec<ArcIx>,
}

/// All restrictions of a map.
#[derive(Debug, Default)]
pub(crate) struct Automaton {
    arcs: usize,
    verdicts: BTreeMap<Vec<ArcIx>, Verdict>,
    /// Beginnings of two and more arcs, and their states.
    extra: BTreeMap<Vec<ArcIx>, StateIx>,
    /// The sequences of the extra states, in order of the states.
    sequences: Vec<Vec<ArcIx>>,
    /// Whether an arc begins any sequence.
    begins: Vec<bool>,
    /// What became of the relations.
    pub(crate) report: Restrictions,
}

/// What became of the turn restrictions of a map that bind a profile, each relation counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// Honoured on every trip.
    pub honoured: usize,
    /// Where nobody can break them: between roads some of which this profile does not use or the map does not
    /// contain, or against a one-way street.
    pub elsewhere: usize,
    /// Without effect because their roads do not meet as they say, or because a member is missing, doubled or unknown; the
    /// relations' ids in the map, ascending.
    pub broken: Vec<i64>,
}

/// What became of one restriction; of a relation of several, the best of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Broken,
    Elsewhere,
    Honoured,
}

impl Automaton {
    /// The restrictions of an extract, as arcs of its graph. Those that fit no arcs are told in the report.
    pub(crate) fn build(extract: &Extract, graph: &RoadGraph, junctions: &Junctions) -> Self {
        let mut automaton = Self { arcs: graph.arcs.len(), begins: vec![false; graph.arcs.len()], ..Self::default() };
        let edges = EdgesOfWays::new(extract, graph);
        let mut fits: BTreeMap<i64, Fit> = extract.unclear.iter().map(|relation| (*relation, Fit::Broken)).collect();
        fits.extend(extract.elsewhere.iter().map(|relation| (*relation, Fit::Elsewhere)));
        for restriction in &extract.restrictions {
            let fit = automaton.add(graph, junctions, &edges, restriction);
            let known = fits.entry(restriction.relation).or_insert(fit);
            *known = fit.max(*known);
        }
        let count = |wanted: Fit| fits.values().filter(|fit| **fit == wanted).count();
        automaton.report = Restrictions {
            honoured: count(Fit::Honoured),
            elsewhere: count(Fit::Elsewhere),
            broken: fits.iter().filter(|(_, fit)| **fit == Fit::Broken).map(|(relation, _)| *relation).collect(),
        };
        for sequence in automaton.verdicts.keys() {
            automaton.begins[sequence[0].index()] = true;
            for length in 2..=sequence.len() {
                let next = StateIx::at(automaton.arcs + automaton.sequences.len());
                automaton.extra.entry(sequence[..length].to_vec()).or_insert_with_key(|beginning| {
                    automaton.sequences.push(beginning.clone());
                    next
                });
            }
        }
        automaton
    }

    fn add(
        &mut self,
        graph: &RoadGraph,
        junctions: &Junctions,
        edges: &EdgesOfWays<'_>,
        restriction: &Restriction,
    ) -> Fit {
        let (from, to) = (edges.arcs(restriction.from), edges.arcs(restriction.to));
        let via: &[i64] = if let Via::Ways(ways) = &restriction.via { ways } else { &[] };
        if from.is_empty() || to.is_empty() || via.iter().any(|way| edges.arcs(*way).is_empty()) {
            return Fit::Elsewhere;
        }
        let mut fit = if meet(graph, junctions, edges, restriction) { Fit::Elsewhere } else { Fit::Broken };
        let mut chains: Vec<Vec<ArcIx>> = Vec::new();
        match &restriction.via {
            Via::Node(node) => {
                let Some(node) = junctions.get(*node) else { return Fit::Broken };
                chains.extend(from.iter().filter(|arc| graph.arc(**arc).head == node).map(|arc| vec![*arc]));
            }
            Via::Ways(ways) => {
                let mut wanted: Vec<Vec<ArcIx>> = ways.iter().map(|way| edges.arcs(*way)).collect();
                wanted.push(to.clone());
                for start in from {
                    if let Some(chain) = chain(graph, start, &wanted) {
                        chains.push(chain);
                    }
                }
            }
        }
        for chain in chains {
            let Some(&last) = chain.last() else { continue };
            let head = graph.arc(last).head;
            let mut ends: Vec<ArcIx> = to.iter().copied().filter(|arc| graph.arc(*arc).tail == head).collect();
            if restriction.from == restriction.to && chain.len() == 1 {
                ends.retain(|arc| graph.reverse(last) == Some(*arc));
            }
            if ends.is_empty() {
                continue;
            }
            let verdict = self.verdicts.entry(chain).or_default();
            (if restriction.only { &mut verdict.only } else { &mut verdict.forbidden }).extend(ends);
            fit = Fit::Honoured;
        }
        fit
    }

    /// The arcs of the extra states, in order.
    pub(crate) fn extra_arcs(&self) -> impl Iterator<Item = ArcIx> + '_ {
        self.sequences.iter().filter_map(|sequence| sequence.last().copied())
    }

    /// The state after turning from `state`, whose arc is `arc`, into `next`; `None` when forbidden.
    pub(crate) fn follow(&self, state: StateIx, arc: ArcIx, next: ArcIx) -> Option<StateIx> {
        let single = [arc];
        let driven = match state.index().checked_sub(self.arcs) {
            Some(extra) => self.sequences[extra].as_slice(),
            None if self.begins[arc.index()] => &single,
            None => return Some(StateIx(next.0)),
        };
        for start in 0..driven.len() {
            if let Some(verdict) = self.verdicts.get(&driven[start..]) {
                let only = verdict.only.is_empty() || verdict.only.contains(&next);
                if !only || verdict.forbidden.contains(&next) {
                    return None;
                }
            }
        }
        let mut longer = driven.to_vec();
        longer.push(next);
        let known = (0..longer.len() - 1).find_map(|start| self.extra.get(&longer[start..]).copied());
        Some(known.unwrap_or(StateIx(next.0)))
    }
}

/// Whether the roads of a restriction meet as it says, in whatever direction they may be driven.
fn meet(graph: &RoadGraph, junctions: &Junctions, edges: &EdgesOfWays<'_>, restriction: &Restriction) -> bool {
    let nodes = |way: i64| -> BTreeSet<NodeIx> {
        edges.arcs(way).into_iter().flat_map(|arc| [graph.arc(arc).tail, graph.arc(arc).head]).collect()
    };
    let Restriction { from, via, to, only: _, relation: _ } = restriction;
    match via {
        Via::Node(node) => {
            let node = junctions.get(*node);
            node.is_some_and(|node| nodes(*from).contains(&node) && nodes(*to).contains(&node))
        }
        Via::Ways(ways) => {
            let row: Vec<BTreeSet<NodeIx>> =
                [from].into_iter().chain(ways).chain([to]).map(|way| nodes(*way)).collect();
            row.array_windows::<2>().all(|[one, next]| !one.is_disjoint(next))
        }
    }
}

/// The shortest chain of arcs that begins with `start` and runs through each group of `wanted` in
/// turn, ending before the last group, one arc of which must be able to follow.
fn chain(graph: &RoadGraph, start: ArcIx, wanted: &[Vec<ArcIx>]) -> Option<Vec<ArcIx>> {
    // Breadth first over (arc, group of it); a way has few arcs.
    const LIMIT: usize = 2000;
    let mut seen: Vec<(ArcIx, usize, usize)> = vec![(start, 0, usize::MAX)]; // group 0 is the from way
    let mut at = 0;
    while at < seen.len() && seen.len() < LIMIT {
        let (arc, group, _) = seen[at];
        let head: NodeIx = graph.arc(arc).head;
        for next in graph.out(head).filter(|next| Some(*next) != graph.reverse(arc)) {
            let next_group = if wanted.get(group).is_some_and(|arcs| arcs.contains(&next)) {
                group + 1
            } else if group > 0 && wanted[group - 1].contains(&next) {
                group
            } else {
                continue;
            };
            if next_group == wanted.len() {
                let mut chain = Vec::new();
                let mut back = at;
                while back != usize::MAX {
                    chain.push(seen[back].0);
                    back = seen[back].2;
                }
                chain.reverse();
                return Some(chain);
            }
            if !seen.iter().any(|(arc, group, _)| (*arc, *group) == (next, next_group)) {
                seen.push((next, next_group, at));
            }
        }
        at += 1;
    }
    None
}

/// Finds the arcs of a way by the way's id in the map.
struct EdgesOfWays<'a> {
    extract: &'a Extract,
    graph: &'a RoadGraph,
    /// Way, by its position in the extract, and edge; sorted.
    edges: Vec<(u32, EdgeIx)>,
}

impl<'a> EdgesOfWays<'a> {
    fn new(extract: &'a Extract, graph: &'a RoadGraph) -> Self {
        let numbered = graph.edges.iter().enumerate().map(|(at, edge)| (edge.way, EdgeIx::at(at)));
        let mut edges: Vec<_> = if extract.restrictions.is_empty() { Vec::new() } else { numbered.collect() };
        edges.sort_unstable();
        Self { extract, graph, edges }
    }
    fn arcs(&self, id: i64) -> Vec<ArcIx> {
        // Ways are sorted by id.
        let Ok(way) = self.extract.ways.binary_search_by_key(&id, |way| way.id) else { return Vec::new() };
        let start = self.edges.partition_point(|(other, _)| (*other as usize) < way);
        let of_way = self.edges[start..].iter().take_while(|(other, _)| *other as usize == way);
        let edges = of_way.map(|(_, edge)| self.graph.edge(*edge));
        edges.flat_map(|edge| [edge.forward, edge.backward]).flatten().collect()
    }
}

#[cfg(test)]
#[path = "restrictions_tests.rs"]
mod tests;
