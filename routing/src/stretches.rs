//! Stretches of road between neighbouring nodes of the map, each with its own pace: where they lie on a graph
//! and what they make of its arcs.
//!
//! The table that tells them is read in `measured`; which hours they hold in is decided in `traffic`.

use crate::cost::Cost;
use crate::graph::{Arc, RoadGraph};
use crate::ids::{ArcIx, EdgeIx};
use crate::measured::Pace;
use crate::uneven::Stretch;
use rayon::prelude::*;

/// Paces from a node of a way to the next, by the map's own ids; sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stretches(pub(crate) Vec<((i64, i64), Pace)>);

/// Which ids may be among some: a bit for each remainder. Nearly all nodes of a map are in no table.
struct Sieve(Vec<u64>);

impl Sieve {
    const BITS: usize = 1 << 16;
    fn new(ids: impl Iterator<Item = i64>) -> Self {
        let mut sieve = Self(vec![0; Self::BITS / 64]);
        for id in ids {
            let bit = Self::bit(id);
            sieve.0[bit / 64] |= 1 << (bit % 64);
        }
        sieve
    }
    fn bit(id: i64) -> usize {
        id.rem_euclid(Self::BITS as i64) as usize
    }
    fn passes(&self, id: i64) -> bool {
        let bit = Self::bit(id);
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// The edges on which at least two neighbouring points are among the ends of `pairs`, which are sorted.
fn near(graph: &RoadGraph, pairs: impl Iterator<Item = (i64, i64)>) -> Vec<EdgeIx> {
    let sieve = Sieve::new(pairs.flat_map(|(from, to)| [from, to]));
    let met = |edge: &EdgeIx| {
        let mut before = false;
        graph.point_ids(*edge).iter().any(|id| std::mem::replace(&mut before, sieve.passes(*id)) && before)
    };
    (0..graph.edges.len()).into_par_iter().with_min_len(4096).map(EdgeIx::at).filter(met).collect()
}

/// How many of `pairs`, each of them once, may be driven on some road from the first node straight to the second.
pub(crate) fn known(graph: &RoadGraph, pairs: &[(i64, i64)]) -> usize {
    let mut found: Vec<(i64, i64)> = Vec::new();
    for edge in near(graph, pairs.iter().copied()) {
        for pair in graph.point_ids(edge).array_windows::<2>() {
            let ways =
                [(graph.edge(edge).forward, (pair[0], pair[1])), (graph.edge(edge).backward, (pair[1], pair[0]))];
            let open = ways.into_iter().filter_map(|(arc, way)| arc.map(|_| way));
            found.extend(open.filter(|way| pairs.binary_search(way).is_ok()));
        }
    }
    found.sort_unstable();
    found.dedup();
    found.len()
}

impl Stretches {
    fn pace(&self, from: i64, to: i64) -> Option<Pace> {
        let found = self.0.binary_search_by_key(&(from, to), |(pair, _)| *pair);
        found.ok().map(|at| self.0[at].1)
    }
    /// The arcs on which some of them lie, each cut where its pace changes; `others` is the pace of what they say
    /// nothing of.
    pub(crate) fn on(&self, graph: &RoadGraph, others: impl Fn(&Arc) -> Pace) -> Vec<(ArcIx, Vec<(f64, Pace)>)> {
        let mut found = Vec::new();
        if self.0.is_empty() {
            return found;
        }
        for edge in near(graph, self.0.iter().map(|(pair, _)| *pair)) {
            let ids = graph.point_ids(edge);
            let shares: Vec<f64> = graph.shares(edge).collect();
            let (forward, backward) = (graph.edge(edge).forward, graph.edge(edge).backward);
            let steps = 1..ids.len();
            if let Some(arc) = forward {
                let ahead = steps.clone().map(|at| (shares[at], self.pace(ids[at - 1], ids[at])));
                found.extend(cut(ahead, || others(graph.arc(arc))).map(|stretches| (arc, stretches)));
            }
            if let Some(arc) = backward {
                let back = steps.rev().map(|at| (1.0 - shares[at - 1], self.pace(ids[at], ids[at - 1])));
                found.extend(cut(back, || others(graph.arc(arc))).map(|stretches| (arc, stretches)));
            }
        }
        found
    }
}

/// Neighbouring steps of one pace as one stretch; nothing where no step has a pace of its own.
fn cut(
    steps: impl Iterator<Item = (f64, Option<Pace>)> + Clone,
    others: impl Fn() -> Pace,
) -> Option<Vec<(f64, Pace)>> {
    if steps.clone().all(|(_, own)| own.is_none()) {
        return None;
    }
    let mut cut: Vec<(f64, Pace)> = Vec::new();
    for (until, own) in steps {
        let pace = own.unwrap_or_else(&others);
        match cut.last_mut() {
            Some((end, last)) if *last == pace => *end = until,
            _ => cut.push((until, pace)),
        }
    }
    // Also where all points lie on one spot.
    if let Some((end, _)) = cut.last_mut() {
        *end = 1.0;
    }
    Some(cut)
}

/// What an arc of `plain` cost takes at a pace; the plain cost where it is closed.
pub(crate) fn at_pace(plain: Cost, pace: Pace) -> Cost {
    match pace {
        Pace::Speed(speed) => plain.at_speed(speed),
        Pace::Share(share) => plain.slowed(share),
        Pace::Closed => plain,
    }
}

/// An arc of `plain` cost in stretches; nothing where it is one open stretch.
pub(crate) fn stretched(plain: Cost, paces: &[(f64, Pace)]) -> Option<Vec<Stretch>> {
    if let [(_, Pace::Speed(_) | Pace::Share(_))] = paces {
        return None;
    }
    let mut before = Cost::delay(0);
    let stretches = paces.iter().map(|(until, pace)| {
        let gone = plain.share(*until);
        let own = gone - std::mem::replace(&mut before, gone);
        Stretch { until: *until, cost: at_pace(own, *pace), closed: *pace == Pace::Closed }
    });
    Some(stretches.collect())
}
