//! Places → the nearest point of the nearest road that all places can share.
//!
//! The tree holds road segments, not nodes, as straight lines between points of the sphere, so that
//! distances hold at every latitude and across the 180° meridian. No travel times here.

use crate::error::{SnapError, Stray};
use crate::graph::RoadGraph;
use crate::ids::{ArcIx, EdgeIx};
use crate::profile::Profile;
use crate::spot::{between, on_sphere, turn_angle};
use dispatch_data::place::Position;
use rayon::prelude::*;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// How far a place may lie from the nearest usable road, in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct SnapLimit(pub f64);

impl Default for SnapLimit {
    /// A kilometre: farms and mountain huts are reached, another country is not.
    fn default() -> Self {
        Self(1000.0)
    }
}

/// On which side of its road a place lies, seen along the road as the map draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On the road itself, to a decimetre.
    On,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// A place brought to the road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    /// The point of the road.
    pub position: Position,
    /// How far the place lies from it, in metres.
    pub meters: f64,
    /// The side of the road.
    pub side: Side,
    pub(crate) edge: EdgeIx,
    /// How far along the edge as drawn, 0 to 1.
    pub(crate) share: f64,
    pub(crate) forward: Option<ArcIx>,
    pub(crate) backward: Option<ArcIx>,
}

impl Snapped {
    /// The arcs a trip may begin or end on, each with how much of it lies behind the place.
    pub(crate) fn arcs(&self) -> impl Iterator<Item = (ArcIx, f64)> + use<> {
        let backward = self.backward.map(|arc| (arc, 1.0 - self.share));
        self.forward.map(|arc| (arc, self.share)).into_iter().chain(backward)
    }
}

/// One straight piece of an edge, in centimetres from the earth's centre.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Segment {
    a: [i32; 3],
    b: [i32; 3],
    /// The point of the graph at which it begins.
    point: u32,
}

fn meters(cm: [i32; 3]) -> [f64; 3] {
    cm.map(|value| f64::from(value) / 100.0)
}

impl Segment {
    /// Share of the segment (0 to 1) nearest to `to`, and the squared distance there, in m².
    fn nearest(&self, to: &[f64; 3]) -> (f64, f64) {
        let (a, b) = (meters(self.a), meters(self.b));
        let (mut along, mut length) = (0.0, 0.0);
        for k in 0..3 {
            along += (to[k] - a[k]) * (b[k] - a[k]);
            length += (b[k] - a[k]) * (b[k] - a[k]);
        }
        let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
        let distance = (0..3).map(|k| (a[k] + (b[k] - a[k]) * share - to[k]).powi(2)).sum();
        (share, distance)
    }
}

impl RTreeObject for Segment {
    type Envelope = AABB<[f64; 3]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(meters(self.a), meters(self.b))
    }
}

impl PointDistance for Segment {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.nearest(point).1
    }
}

/// The segments of all roads that places may be brought to.
pub(crate) struct SnapIndex {
    tree: RTree<Segment>,
}

impl SnapIndex {
    /// Indexes the edges that have an arc in the core and a class that admits stopping.
    pub(crate) fn build(graph: &RoadGraph, core: &[bool], profile: &Profile) -> Self {
        let mut segments = Vec::new();
        for (at, edge) in graph.edges.iter().enumerate() {
            let arcs = [edge.forward, edge.backward];
            let shared = arcs.into_iter().flatten().any(|arc| core[arc.index()]);
            if !shared || !profile.is_snappable(edge.class) {
                continue;
            }
            for (offset, pair) in graph.points(EdgeIx::at(at)).windows(2).enumerate() {
                let point = edge.first_point + offset as u32;
                segments.push(Segment { a: pair[0].on_sphere(), b: pair[1].on_sphere(), point });
            }
        }
        Self { tree: RTree::bulk_load(segments) }
    }

    /// Whether there is any road to be brought to.
    pub(crate) fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// Brings every place to its road.
    pub(crate) fn snap(
        &self,
        graph: &RoadGraph,
        core: &[bool],
        places: &[Position],
        limit: SnapLimit,
    ) -> Result<Vec<Snapped>, SnapError> {
        let found: Vec<Result<Snapped, Stray>> = places
            .par_iter()
            .enumerate()
            .map(|(index, position)| {
                let snapped = self.nearest(graph, core, *position);
                let meters = snapped.map_or(f64::INFINITY, |snapped| snapped.meters);
                snapped.filter(|_| meters <= limit.0).ok_or(Stray { index, position: *position, meters })
            })
            .collect();
        let strays: Vec<Stray> = found.iter().filter_map(|result| result.err()).collect();
        if strays.is_empty() {
            Ok(found.into_iter().flatten().collect())
        } else {
            Err(SnapError { limit: limit.0, strays })
        }
    }

    fn nearest(&self, graph: &RoadGraph, core: &[bool], place: Position) -> Option<Snapped> {
        let on_earth = place.lat.abs() <= 90.0 && place.lon.abs() <= 180.0; // false for NaN
        if !on_earth {
            return None;
        }
        let at = on_sphere(place);
        let segment = self.tree.nearest_neighbor(at)?;
        let (share, _) = segment.nearest(&at);
        let edge = graph.edge_of_point(segment.point);
        let points = graph.points(edge);
        let offset = (segment.point - graph.edge(edge).first_point) as usize;
        let (a, b) = (points[offset], points[offset + 1]);
        let position = between(a, b, share);
        let lengths: Vec<f64> = points.windows(2).map(|pair| pair[0].meters_to(pair[1])).collect();
        let whole: f64 = lengths.iter().sum();
        let before: f64 = lengths[..offset].iter().sum::<f64>() + lengths[offset] * share;
        let meters = place.meters_to(position);
        let spot = crate::spot::Spot::from_position;
        let side = if meters < 0.1 {
            Side::On
        } else if turn_angle(a.bearing_to(b), a.bearing_to(spot(place))) > 0.0 {
            Side::Right
        } else {
            Side::Left
        };
        let shared = |arc: Option<ArcIx>| arc.filter(|arc| core[arc.index()]);
        Some(Snapped {
            position,
            meters,
            side,
            edge,
            share: if whole > 0.0 { (before / whole).clamp(0.0, 1.0) } else { 0.0 },
            forward: shared(graph.edge(edge).forward),
            backward: shared(graph.edge(edge).backward),
        })
    }
}
