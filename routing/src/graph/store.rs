//! The road graph as columns of a prepared file.

use super::{Arc, Edge, Node, RoadGraph};
use crate::class::RoadClass;
use crate::ids::{ArcIx, EdgeIx, NodeIx};
use crate::prepared::{Columns, Reader, lengths};
use crate::spot::Spot;

const BLOCKED: u32 = 1 << 31;

impl RoadGraph {
    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 16;
    pub(crate) fn save(&self, columns: &mut Columns) {
        columns.u32s(self.nodes.iter().map(|node| node.spot.lat as u32));
        columns.u32s(self.nodes.iter().map(|node| node.spot.lon as u32));
        columns.u32s(self.nodes.iter().map(|node| if node.blocked { node.delay | BLOCKED } else { node.delay }));
        columns.u32s(self.first_arc.iter().copied());
        columns.u32s(self.arcs.iter().map(|arc| arc.head.0));
        columns.u32s(self.arcs.iter().map(|arc| arc.edge.0 << 1 | u32::from(arc.forward)));
        columns.f64s(self.arcs.iter().map(|arc| arc.cost.0));
        let flags = |edge: &Edge| {
            edge.class as u32
                | u32::from(edge.roundabout) << 8
                | u32::from(edge.restricted) << 9
                | u32::from(edge.toll) << 10
        };
        columns.u32s(self.edges.iter().map(flags));
        columns.u32s(self.edges.iter().map(|edge| edge.way));
        columns.u32s(self.edges.iter().map(|edge| edge.first_point));
        columns.u32s(self.points.iter().map(|spot| spot.lat as u32));
        columns.u32s(self.points.iter().map(|spot| spot.lon as u32));
        for ids in [&self.ways, &self.point_ids] {
            columns.u32s(ids.iter().map(|id| *id as u32));
            columns.u32s(ids.iter().map(|id| (*id >> 32) as u32));
        }
    }

    pub(crate) fn load(columns: &mut Reader) -> Result<Self, String> {
        let spots = |lat: Vec<u32>, lon: Vec<u32>| -> Vec<Spot> {
            lat.into_iter().zip(lon).map(|(lat, lon)| Spot { lat: lat as i32, lon: lon as i32 }).collect()
        };
        let spot = spots(columns.u32s()?, columns.u32s()?);
        let delay = columns.u32s()?;
        lengths(spot.len() == delay.len())?;
        let node = |(spot, delay): (Spot, u32)| Node { spot, blocked: delay & BLOCKED != 0, delay: delay & !BLOCKED };
        let nodes: Vec<Node> = spot.into_iter().zip(delay).map(node).collect();
        let first_arc = columns.rows(nodes.len())?;
        let (head, edge_of, cost) = (columns.ids(nodes.len())?, columns.u32s()?, columns.costs()?);
        let count = first_arc[nodes.len()] as usize;
        lengths(head.len() == count && edge_of.len() == count && cost.len() == count)?;
        let (flags, way_of, first_point) = (columns.u32s()?, columns.u32s()?, columns.u32s()?);
        let points = spots(columns.u32s()?, columns.u32s()?);
        let mut ids = || -> Result<Vec<i64>, String> {
            let (low, high) = (columns.u32s()?, columns.u32s()?);
            lengths(low.len() == high.len())?;
            let whole = |(low, high): (u32, u32)| i64::from(high as i32) << 32 | i64::from(low);
            Ok(low.into_iter().zip(high).map(whole).collect())
        };
        let (ways, point_ids) = (ids()?, ids()?);
        lengths(point_ids.len() == points.len())?;
        if !ways.is_sorted() {
            return Err("ways out of order".to_owned());
        }
        lengths(flags.len() == way_of.len() && flags.len() == first_point.len())?;
        let ends = first_point.iter().skip(1).copied().chain([points.len() as u32]);
        if first_point.first().is_some_and(|first| *first != 0)
            || first_point.iter().zip(ends).any(|(first, end)| end < first.saturating_add(2))
        {
            return Err("an edge without geometry".to_owned());
        }
        let mut edges = Vec::with_capacity(flags.len());
        for ((flags, way), first_point) in flags.into_iter().zip(way_of).zip(first_point) {
            if way as usize >= ways.len() {
                return Err("an edge of an unknown way".to_owned());
            }
            let class = RoadClass::ALL.get((flags & 0xff) as usize).ok_or("an unknown kind of road")?;
            let flag = |bit: u32| flags >> bit & 1 == 1;
            let (roundabout, restricted, toll) = (flag(8), flag(9), flag(10));
            let (forward, backward) = (None, None);
            edges.push(Edge { class: *class, roundabout, restricted, toll, way, first_point, forward, backward });
        }
        let mut arcs = Vec::with_capacity(count);
        for tail in 0..nodes.len() {
            for at in first_arc[tail] as usize..first_arc[tail + 1] as usize {
                let (edge, forward) = (EdgeIx(edge_of[at] >> 1), edge_of[at] & 1 == 1);
                let owner = edges.get_mut(edge.index()).ok_or("an arc of an unknown edge")?;
                *(if forward { &mut owner.forward } else { &mut owner.backward }) = Some(ArcIx::at(at));
                arcs.push(Arc { tail: NodeIx::at(tail), head: NodeIx(head[at]), edge, forward, cost: cost[at] });
            }
        }
        Ok(Self { nodes, first_arc, arcs, edges, ways, points, point_ids })
    }
}
