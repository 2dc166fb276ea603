//! Cuts ways into edges at the nodes they share and lays their arcs out in rows.

use super::{Arc, Edge, Node, RoadGraph};
use crate::cost::Cost;
use crate::error::ImportError;
use crate::extract::{Extract, Way};
use crate::ids::{ArcIx, EdgeIx, NodeIx};
use crate::spot::Spot;

/// Which extract node became which graph node.
pub(crate) struct Junctions(Vec<u32>);

const NONE: u32 = u32::MAX;

impl Junctions {
    /// The graph node of an extract node, if roads meet or end there.
    pub(crate) fn get(&self, node: u32) -> Option<NodeIx> {
        Some(self.0[node as usize]).filter(|at| *at != NONE).map(NodeIx)
    }
}

impl RoadGraph {
    /// The graph of an extract's ways.
    ///
    /// # Errors
    /// [`ImportError::TooLarge`] past 2³¹ points of geometry.
    pub(crate) fn build(extract: &Extract) -> Result<(Self, Junctions), ImportError> {
        let junctions = junctions(extract);
        let mut nodes = vec![Node { spot: Spot::default(), blocked: false, delay: 0 }; junctions.1];
        let junctions = junctions.0;
        for (at, spot) in extract.spots.iter().enumerate() {
            if let (Some(node), Some(spot)) = (junctions.get(at as u32), spot) {
                let point = extract.point(at as u32);
                nodes[node.index()] = Node { spot: *spot, blocked: point.blocked, delay: centiseconds(point.delay) };
            }
        }
        let ways = extract.ways.iter().map(|way| way.id).collect();
        let mut graph = Self { nodes, ways, ..Self::default() };
        let mut arcs = Vec::new();
        for (number, way) in extract.ways.iter().enumerate() {
            graph.cut(extract, &junctions, number as u32, way, &mut arcs);
        }
        if graph.points.len() >= 1 << 31 || arcs.len() >= 1 << 31 {
            return Err(ImportError::TooLarge { what: "points of road geometry", count: graph.points.len() });
        }
        graph.gather(&mut arcs);
        graph.lay_out(&arcs);
        Ok((graph, junctions))
    }

    /// Adds the edges of one way and collects their arcs.
    fn cut(&mut self, extract: &Extract, junctions: &Junctions, number: u32, way: &Way, arcs: &mut Vec<Arc>) {
        let whole: f64 = extract
            .nodes(way)
            .windows(2)
            .filter_map(|pair| Some(extract.spots[pair[0] as usize]?.meters_to(extract.spots[pair[1] as usize]?)))
            .sum();
        let pace = |speed: Option<f64>| match (speed, way.road.duration) {
            (None, _) => None,
            (Some(_), Some(seconds)) => Some(seconds / whole.max(1.0)),
            (Some(speed), None) => Some(3.6 / speed),
        };
        let (ahead, back) = (pace(way.road.forward), pace(way.road.backward));
        let mut start: Option<(NodeIx, usize)> = None;
        let (mut meters, mut waiting) = (0.0, 0.0);
        for &node in extract.nodes(way) {
            let Some(spot) = extract.spots[node as usize] else {
                // The extract ends here: what hangs between the last junction and the hole is lost.
                if let Some((_, first)) = start.take() {
                    self.forget(first);
                }
                continue;
            };
            if let Some((tail, first)) = start {
                meters += self.points.last().map_or(0.0, |last| last.meters_to(spot));
                self.mark(spot, extract.ids[node as usize]);
                let Some(head) = junctions.get(node) else {
                    waiting += extract.point(node).delay;
                    continue;
                };
                let edge = EdgeIx::at(self.edges.len());
                let mut arc = |tail, head, forward, pace: Option<f64>| {
                    if let Some(pace) = pace {
                        // At least a decimetre: every step of a trip costs something, so none runs in circles.
                        let decimetres = (meters * 10.0).round().max(1.0) as u32;
                        let cost = Cost::new(centiseconds(meters * pace + waiting), decimetres);
                        arcs.push(Arc { tail, head, edge, forward, cost });
                    }
                };
                arc(tail, head, true, ahead);
                arc(head, tail, false, back);
                self.edges.push(Edge {
                    class: way.road.class,
                    roundabout: way.road.roundabout,
                    restricted: way.road.restricted,
                    toll: way.road.toll,
                    way: number,
                    first_point: first as u32,
                    forward: None,
                    backward: None,
                });
            }
            if let Some(here) = junctions.get(node) {
                start = Some((here, self.points.len()));
                self.mark(spot, extract.ids[node as usize]);
                (meters, waiting) = (0.0, 0.0);
            }
        }
        // A way's last node is a junction, so an open start holds only that node's own point.
        if let Some((_, first)) = start {
            self.forget(first);
        }
    }

    fn mark(&mut self, spot: Spot, id: i64) {
        self.points.push(spot);
        self.point_ids.push(id);
    }

    /// Drops all points from this one on.
    fn forget(&mut self, first: usize) {
        self.points.truncate(first);
        self.point_ids.truncate(first);
    }

    /// Renumbers the edges by the nodes they start from, which lie along a curve through the map, so
    /// that neighbours in the list are neighbours on the map.
    fn gather(&mut self, arcs: &mut [Arc]) {
        let mut start = vec![NodeIx(0); self.edges.len()];
        for arc in arcs.iter() {
            start[arc.edge.index()] = if arc.forward { arc.tail } else { arc.head };
        }
        let mut order: Vec<EdgeIx> = (0..self.edges.len()).map(EdgeIx::at).collect();
        order.sort_unstable_by_key(|edge| (start[edge.index()], *edge));
        let mut renamed = vec![EdgeIx(0); self.edges.len()];
        let (mut edges, mut points) = (Vec::with_capacity(self.edges.len()), Vec::with_capacity(self.points.len()));
        let mut ids = Vec::with_capacity(self.points.len());
        for (at, old) in order.into_iter().enumerate() {
            renamed[old.index()] = EdgeIx::at(at);
            edges.push(Edge { first_point: points.len() as u32, ..*self.edge(old) });
            points.extend_from_slice(self.points(old));
            ids.extend_from_slice(self.point_ids(old));
        }
        (self.edges, self.points, self.point_ids) = (edges, points, ids);
        for arc in arcs {
            arc.edge = renamed[arc.edge.index()];
        }
    }

    /// Sorts the arcs into rows by tail and tells the edges where their arcs went.
    fn lay_out(&mut self, arcs: &[Arc]) {
        let mut first = vec![0u32; self.nodes.len() + 1];
        for arc in arcs {
            first[arc.tail.index() + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        self.arcs = arcs.to_vec();
        for arc in arcs {
            let place = ArcIx(next[arc.tail.index()]);
            next[arc.tail.index()] += 1;
            self.arcs[place.index()] = *arc;
            let edge = &mut self.edges[arc.edge.index()];
            *(if arc.forward { &mut edge.forward } else { &mut edge.backward }) = Some(place);
        }
        self.first_arc = first;
    }
}

fn centiseconds(seconds: f64) -> u32 {
    (seconds * 100.0).round() as u32
}

/// Numbers the nodes where ways meet, end or stop, neighbours in space close to each other.
fn junctions(extract: &Extract) -> (Junctions, usize) {
    let mut uses = vec![0u8; extract.spots.len()];
    let mut touch = |node: u32, count: u8| {
        let uses = &mut uses[node as usize];
        *uses = uses.saturating_add(count);
    };
    let here = |node: u32| extract.spots[node as usize].is_some();
    for way in &extract.ways {
        let nodes = extract.nodes(way);
        for (at, &node) in nodes.iter().enumerate() {
            let ends = at == 0 || at + 1 == nodes.len();
            let torn = !ends && (!here(nodes[at - 1]) || !here(nodes[at + 1]));
            touch(node, if ends || torn { 2 } else { 1 });
        }
    }
    let mut chosen: Vec<(u64, u32)> = (0..extract.spots.len() as u32)
        .filter(|node| uses[*node as usize] >= 2 || extract.point(*node).blocked)
        .filter_map(|node| Some((curve(extract.spots[node as usize]?), node)))
        .collect();
    chosen.sort_unstable();
    let mut index = vec![NONE; extract.spots.len()];
    for (at, (_, node)) in chosen.iter().enumerate() {
        index[*node as usize] = at as u32;
    }
    (Junctions(index), chosen.len())
}

/// Position along a curve that visits near places one after another (Morton order).
fn curve(spot: Spot) -> u64 {
    let spread = |value: i32| {
        let mut bits = u64::from((i64::from(value) + (1 << 31)) as u32);
        for (shift, mask) in [
            (16, 0x0000_ffff_0000_ffff),
            (8, 0x00ff_00ff_00ff_00ff),
            (4, 0x0f0f_0f0f_0f0f_0f0f),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555),
        ] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(spot.lat) << 1 | spread(spot.lon)
}
