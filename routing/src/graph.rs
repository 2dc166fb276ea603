//! The road graph: nodes where roads meet, edges with their geometry, arcs in compressed rows.
//!
//! Turns are not here (see `turns`), nor anything that searches.

pub(crate) mod build;
mod store;

use crate::class::RoadClass;
use crate::cost::Cost;
use crate::ids::{ArcIx, EdgeIx, NodeIx};
use crate::spot::Spot;

/// A stretch of road between two nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) class: RoadClass,
    pub(crate) roundabout: bool,
    /// Only for those who have business there.
    pub(crate) restricted: bool,
    /// Its use costs money.
    pub(crate) toll: bool,
    /// Its way's position in [`RoadGraph::ways`].
    pub(crate) way: u32,
    /// Its first point; the next edge's first point ends it.
    pub(crate) first_point: u32,
    /// The arc as drawn.
    pub(crate) forward: Option<ArcIx>,
    /// The arc against the drawing.
    pub(crate) backward: Option<ArcIx>,
}

/// An edge in one direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) tail: NodeIx,
    pub(crate) head: NodeIx,
    pub(crate) edge: EdgeIx,
    pub(crate) forward: bool,
    pub(crate) cost: Cost,
}

/// A node where roads meet or end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) spot: Spot,
    /// Nobody passes.
    pub(crate) blocked: bool,
    /// Centiseconds lost in passing.
    pub(crate) delay: u32,
}

/// The roads of one profile.
#[derive(Debug, Default)]
pub(crate) struct RoadGraph {
    pub(crate) nodes: Vec<Node>,
    /// `first_arc[n]..first_arc[n + 1]` are the arcs out of node `n`.
    first_arc: Vec<u32>,
    pub(crate) arcs: Vec<Arc>,
    pub(crate) edges: Vec<Edge>,
    /// The map's own ids of the ways, ascending.
    pub(crate) ways: Vec<i64>,
    /// Geometry of all edges, ends included, as drawn.
    points: Vec<Spot>,
    /// The map's own id of the node at each of the points.
    point_ids: Vec<i64>,
}

impl RoadGraph {
    /// The arcs out of a node.
    pub(crate) fn out(&self, node: NodeIx) -> impl Iterator<Item = ArcIx> + use<> {
        (self.first_arc[node.index()]..self.first_arc[node.index() + 1]).map(ArcIx)
    }
    pub(crate) fn arc(&self, arc: ArcIx) -> &Arc {
        &self.arcs[arc.index()]
    }
    pub(crate) fn edge(&self, edge: EdgeIx) -> &Edge {
        &self.edges[edge.index()]
    }
    /// The same edge in the other direction, if it may be driven.
    pub(crate) fn reverse(&self, arc: ArcIx) -> Option<ArcIx> {
        let Arc { edge, forward, .. } = *self.arc(arc);
        let edge = self.edge(edge);
        if forward { edge.backward } else { edge.forward }
    }
    /// The points of an edge as drawn; at least two.
    pub(crate) fn points(&self, edge: EdgeIx) -> &[Spot] {
        &self.points[self.points_at(edge)]
    }
    /// The map's own ids of the nodes at these points.
    pub(crate) fn point_ids(&self, edge: EdgeIx) -> &[i64] {
        &self.point_ids[self.points_at(edge)]
    }
    fn points_at(&self, edge: EdgeIx) -> std::ops::Range<usize> {
        let end = self.edges.get(edge.index() + 1).map_or(self.points.len(), |next| next.first_point as usize);
        self.edge(edge).first_point as usize..end
    }
    /// Where the points of an edge as drawn lie, as shares of its length.
    pub(crate) fn shares(&self, edge: EdgeIx) -> impl Iterator<Item = f64> {
        let points = self.points(edge);
        let whole: f64 = points.windows(2).map(|pair| pair[0].meters_to(pair[1])).sum();
        let mut gone = 0.0;
        (0..points.len()).map(move |at| {
            gone += at.checked_sub(1).map_or(0.0, |before| points[before].meters_to(points[at]));
            if whole > 0.0 { gone / whole } else { 0.0 }
        })
    }
    /// The bearings in which an arc leaves its tail and reaches its head, in degrees.
    pub(crate) fn bearings(&self, arc: ArcIx) -> (f64, f64) {
        let Arc { edge, forward, .. } = *self.arc(arc);
        let points = self.points(edge);
        let ends = |mut way: Box<dyn Iterator<Item = &Spot> + '_>| {
            let mut bearing = 0.0;
            if let Some(first) = way.next() {
                // Points on the same spot have no direction: look on for another one.
                if let Some(next) = way.find(|spot| *spot != first) {
                    bearing = first.bearing_to(*next);
                }
            }
            bearing
        };
        let drawn = ends(Box::new(points.iter()));
        let against = ends(Box::new(points.iter().rev()));
        let turned = |bearing: f64| if bearing > 0.0 { bearing - 180.0 } else { bearing + 180.0 };
        if forward { (drawn, turned(against)) } else { (against, turned(drawn)) }
    }
}
