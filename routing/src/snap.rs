//! Places → the nearest point of the nearest road that all places can share.
//!
//! Distances are to road segments, not nodes, as straight lines between points of the sphere, so that
//! they hold at every latitude and across the 180° meridian. The tree itself holds boxes of some
//! thirty segments: it is built in a fraction of the time and takes next to no memory. No travel times
//! here.

use crate::error::{SnapError, Stray};
use crate::graph::{Edge, RoadGraph};
use crate::ids::{ArcIx, EdgeIx};
use crate::prepared::{Columns, Reader, lengths};
use crate::profile::Profile;
use crate::spot::{between, on_sphere, turn_angle};
use dispatch_data::place::Position;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

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

/// Share of the straight line from `a` to `b` (0 to 1) nearest to `to`, and the squared distance
/// there, in m².
fn nearest_on(a: [f64; 3], b: [f64; 3], to: [f64; 3]) -> (f64, f64) {
    let (mut along, mut length) = (0.0, 0.0);
    for k in 0..3 {
        along += (to[k] - a[k]) * (b[k] - a[k]);
        length += (b[k] - a[k]) * (b[k] - a[k]);
    }
    let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let distance = (0..3).map(|k| (a[k] + (b[k] - a[k]) * share - to[k]).powi(2)).sum();
    (share, distance)
}

/// The nearest point of all segments looked at so far.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Nearest {
    /// Square metres.
    distance: f64,
    edge: EdgeIx,
    /// Which segment of the edge.
    segment: usize,
    share: f64,
}

/// Neighbouring edges in one box: first edge and the one past the last.
type Group = GeomWithData<Rectangle<[f64; 3]>, (u32, u32)>;

/// The roads that places may be brought to: a tree of boxes, each around a few neighbouring edges.
pub(crate) struct SnapIndex {
    tree: RTree<Group>,
    /// Whether a place may be brought to an edge.
    open: Vec<bool>,
}

/// Segments in a box; edges are not divided.
const GROUP: usize = 32;
/// Edges that start farther apart than this share no box, in metres.
const REACH: f64 = 2000.0;

impl SnapIndex {
    /// Indexes the edges that have an arc in the core and a class that admits stopping.
    pub(crate) fn build(graph: &RoadGraph, core: &[bool], profile: &Profile) -> Self {
        let is_open = |edge: &Edge| {
            let shared = [edge.forward, edge.backward].into_iter().flatten().any(|arc| core[arc.index()]);
            shared && profile.is_snappable(edge.class)
        };
        let open: Vec<bool> = graph.edges.iter().map(is_open).collect();
        let mut groups = Vec::new();
        let mut first = 0;
        while first < graph.edges.len() {
            let start = graph.points(EdgeIx::at(first))[0];
            let (mut past, mut points): (usize, Vec<[f64; 3]>) = (first, Vec::new());
            while past < graph.edges.len() && points.len() < GROUP {
                let edge = graph.points(EdgeIx::at(past));
                if past > first && start.meters_to(edge[0]) > REACH {
                    break;
                }
                if open[past] {
                    points.extend(edge.iter().map(|spot| on_sphere(spot.position())));
                }
                past += 1;
            }
            if !points.is_empty() {
                let envelope = AABB::from_points(&points);
                groups.push(Group::new(Rectangle::from_aabb(envelope), (first as u32, past as u32)));
            }
            first = past;
        }
        Self { tree: RTree::bulk_load(groups), open }
    }

    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 4;
    pub(crate) fn save(&self, columns: &mut Columns) {
        let mut groups: Vec<&Group> = self.tree.iter().collect();
        groups.sort_unstable_by_key(|group| group.data);
        columns.bytes(self.open.iter().map(|open| u8::from(*open)));
        columns.u32s(groups.iter().map(|group| group.data.0));
        columns.u32s(groups.iter().map(|group| group.data.1));
        let corners: Vec<f64> =
            groups.iter().flat_map(|group| [group.geom().lower(), group.geom().upper()]).flatten().collect();
        columns.f64s(corners.into_iter());
    }
    pub(crate) fn load(columns: &mut Reader, edges: usize) -> Result<Self, String> {
        let open: Vec<bool> = columns.bytes()?.into_iter().map(|open| open != 0).collect();
        let (first, past, corners) = (columns.ids(edges)?, columns.ids(edges + 1)?, columns.f64s()?);
        lengths(open.len() == edges && first.len() == past.len() && corners.len() == first.len() * 6)?;
        if corners.iter().any(|corner| !corner.is_finite()) {
            return Err("a box without corners".to_owned());
        }
        let corners = corners.as_chunks::<3>().0.as_chunks::<2>().0;
        let groups = first.into_iter().zip(past).zip(corners);
        let groups = groups.map(|(data, [low, high])| Group::new(Rectangle::from_corners(*low, *high), data));
        Ok(Self { tree: RTree::bulk_load(groups.collect()), open })
    }

    /// Whether there is any road to be brought to.
    pub(crate) fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The nearest point of any open edge; of equally near ones the first in the list.
    fn search(&self, graph: &RoadGraph, to: [f64; 3]) -> Option<Nearest> {
        let mut best: Option<Nearest> = None;
        for (group, distance) in self.tree.nearest_neighbor_iter_with_distance_2(to) {
            // Nothing in a box is nearer than the box, but for the last digits of its corners.
            if best.is_some_and(|best| best.distance < distance - 1e-3) {
                break;
            }
            for edge in group.data.0..group.data.1 {
                if self.open[edge as usize] {
                    look_along(graph, EdgeIx(edge), to, &mut best);
                }
            }
        }
        best
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
        let Nearest { edge, segment: offset, share, .. } = self.search(graph, on_sphere(place))?;
        let points = graph.points(edge);
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

/// Compares all segments of an edge with the best so far.
fn look_along(graph: &RoadGraph, edge: EdgeIx, to: [f64; 3], best: &mut Option<Nearest>) {
    let mut points = graph.points(edge).iter().map(|spot| on_sphere(spot.position()));
    let Some(mut last) = points.next() else { return };
    for (segment, next) in points.enumerate() {
        let (share, distance) = nearest_on(last, next, to);
        let better = best.is_none_or(|best| (distance, edge, segment) < (best.distance, best.edge, best.segment));
        if better {
            *best = Some(Nearest { distance, edge, segment, share });
        }
        last = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{RoadNetwork, Stage};
    use dispatch_data::place::Position;

    #[test]
    fn the_tree_of_boxes_finds_what_looking_everywhere_finds() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf");
        let network = RoadNetwork::import(path.as_ref(), &Profile::car().expect("bundled"), &|_: Stage| {});
        let RoadNetwork { graph, index, .. } = network.expect("sound");
        let mut boxes = 0;
        for k in 0..400 {
            let place =
                Position { lat: 60.16 + 0.021 * f64::from(k * 37 % 400) / 400.0, lon: 24.93 + 0.00007 * f64::from(k) };
            let to = on_sphere(place);
            let mut plain = None;
            for (edge, _) in index.open.iter().enumerate().filter(|(_, open)| **open) {
                look_along(&graph, EdgeIx::at(edge), to, &mut plain);
            }
            assert_eq!(index.search(&graph, to), plain, "{place:?}");
            boxes += usize::from(plain.is_some());
        }
        assert_eq!(boxes, 400);
    }
}
