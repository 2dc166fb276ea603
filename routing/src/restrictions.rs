//! Turn restrictions as an automaton over arcs: what has been driven → what may follow.
//!
//! A restriction is a sequence of arcs (from, via ways …) and a last arc that is forbidden, or the
//! only one allowed. Longer sequences than one arc need memory: each of their beginnings of two and
//! more arcs is an extra state, and a state is always the longest beginning that has just been
//! driven (the construction of Aho and Corasick, 1975).

use crate::extract::{Extract, Fault, Restriction, Via};
use crate::graph::RoadGraph;
use crate::graph::build::Junctions;
use crate::ids::{ArcIx, EdgeIx, NodeIx, StateIx};
use crate::profile::Towards;
use crate::spot::turn_angle;
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
    /// Between roads some of which this profile does not use or the map does not contain.
    pub unused: usize,
    /// Of turns that nobody can drive: against a one-way street, or back in the middle of a road.
    pub impossible: usize,
    /// Without effect: the relations' ids in the map, ascending, each with what is wrong with it.
    pub faulty: Vec<(i64, Fault)>,
}

/// What became of one restriction; of a relation of several, the best of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Faulty(Fault),
    Unused,
    Impossible,
    Honoured,
}

impl Automaton {
    /// The restrictions of an extract, as arcs of its graph. Those that fit no arcs are told in the report.
    pub(crate) fn build(extract: &Extract, graph: &RoadGraph, junctions: &Junctions) -> Self {
        let mut automaton = Self { arcs: graph.arcs.len(), begins: vec![false; graph.arcs.len()], ..Self::default() };
        let edges = EdgesOfWays::new(extract, graph);
        let mut fits: BTreeMap<i64, Fit> =
            extract.unclear.iter().map(|(relation, fault)| (*relation, Fit::Faulty(*fault))).collect();
        fits.extend(extract.unused.iter().map(|relation| (*relation, Fit::Unused)));
        for restriction in &extract.restrictions {
            let fit = automaton.add(graph, junctions, &edges, restriction);
            let known = fits.entry(restriction.relation).or_insert(fit);
            *known = fit.max(*known);
        }
        for (relation, fit) in fits {
            let Restrictions { honoured, unused, impossible, faulty } = &mut automaton.report;
            match fit {
                Fit::Honoured => *honoured += 1,
                Fit::Unused => *unused += 1,
                Fit::Impossible => *impossible += 1,
                Fit::Faulty(fault) => faulty.push((relation, fault)),
            }
        }
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
        let Restriction { from, via, to, sign, relation: _ } = restriction;
        let (starts, goals) = (edges.arcs(*from), edges.arcs(*to));
        let between: &[i64] = if let Via::Ways(ways) = via { ways } else { &[] };
        if starts.is_empty() || goals.is_empty() || between.iter().any(|way| edges.arcs(*way).is_empty()) {
            return Fit::Unused;
        }
        let at = match via {
            Via::Node(node) => Some(*node),
            Via::Ways(_) => None,
            Via::Unsaid => match edges.shared(*from, *to)[..] {
                [node] => Some(node),
                _ => return Fit::Faulty(Fault::Incomplete),
            },
        };
        let chains: Vec<Vec<ArcIx>> = if let Some(node) = at {
            if ![from, to].iter().all(|way| edges.nodes(**way).contains(&node)) {
                return Fit::Faulty(Fault::Apart);
            }
            // Not a junction: the middle of a road that leads from and to itself.
            let Some(node) = junctions.get(node) else { return Fit::Impossible };
            starts.into_iter().filter(|arc| graph.arc(*arc).head == node).map(|arc| vec![arc]).collect()
        } else {
            let row: Vec<i64> = [*from].into_iter().chain(between.iter().copied()).chain([*to]).collect();
            if row.array_windows::<2>().any(|[one, next]| edges.shared(*one, *next).is_empty()) {
                return Fit::Faulty(Fault::Apart);
            }
            let wanted: Vec<Vec<ArcIx>> = row[1..].iter().map(|way| edges.arcs(*way)).collect();
            starts.into_iter().filter_map(|start| chain(graph, start, &wanted)).collect()
        };
        let mut turns: Vec<(Vec<ArcIx>, ArcIx)> = Vec::new();
        for chain in chains {
            let Some(&last) = chain.last() else { continue };
            let back = graph.reverse(last);
            // A road from and to itself: the turn back, unless the sign says another.
            let turns_back = matches!(sign.towards, Towards::Back | Towards::Unsaid);
            let fits = |end: &ArcIx| {
                graph.arc(*end).tail == graph.arc(last).head
                    && (from != to || chain.len() > 1 || (Some(*end) == back) == turns_back)
            };
            turns.extend(goals.iter().filter(|end| fits(end)).map(|end| (chain.clone(), *end)));
        }
        // Where a road runs on past the crossing, the sign's own direction tells which of the turns it means.
        let meant = |(chain, end): &&(Vec<ArcIx>, ArcIx)| {
            chain
                .first()
                .is_some_and(|first| sign.towards.fits(turn_angle(graph.bearings(*first).1, graph.bearings(*end).0)))
        };
        let meant: Vec<_> = turns.iter().filter(meant).cloned().collect();
        let turns = if meant.is_empty() { turns } else { meant };
        let fit = if turns.is_empty() { Fit::Impossible } else { Fit::Honoured };
        for (chain, end) in turns {
            let verdict = self.verdicts.entry(chain).or_default();
            (if sign.only { &mut verdict.only } else { &mut verdict.forbidden }).push(end);
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
    /// A way by its position in the extract, whose ways are sorted by id.
    fn position(&self, id: i64) -> Option<usize> {
        self.extract.ways.binary_search_by_key(&id, |way| way.id).ok()
    }
    fn arcs(&self, id: i64) -> Vec<ArcIx> {
        let Some(way) = self.position(id) else { return Vec::new() };
        let start = self.edges.partition_point(|(other, _)| (*other as usize) < way);
        let of_way = self.edges[start..].iter().take_while(|(other, _)| *other as usize == way);
        let edges = of_way.map(|(_, edge)| self.graph.edge(*edge));
        edges.flat_map(|edge| [edge.forward, edge.backward]).flatten().collect()
    }
    /// The nodes of a way that the map contains.
    fn nodes(&self, id: i64) -> BTreeSet<u32> {
        let Some(way) = self.position(id) else { return BTreeSet::new() };
        let nodes = self.extract.nodes(&self.extract.ways[way]).iter().copied();
        nodes.filter(|node| self.extract.spots[*node as usize].is_some()).collect()
    }
    /// The nodes that two ways share.
    fn shared(&self, one: i64, other: i64) -> Vec<u32> {
        self.nodes(one).intersection(&self.nodes(other)).copied().collect()
    }
}

#[cfg(test)]
#[path = "restrictions_tests.rs"]
mod tests;
