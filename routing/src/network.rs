//! The roads of one map for one profile: the crate's door.

use crate::class::RoadClass;
use crate::components;
use crate::error::{ImportError, SnapError};
use crate::extract::Extract;
use crate::graph::{Edge, RoadGraph};
use crate::hierarchy::Hierarchy;
use crate::ids::EdgeIx;
use crate::live::{LiveLegs, LivePlaces, LiveQuery, StandingPlaces};
use crate::matrix;
use crate::measured::{Part, WaySpeeds};
use crate::metric::Ladder;
use crate::order::Order;
use crate::path::{self, Path};
use crate::prepared::{map_mark, profile_mark};
use crate::profile::Profile;
use crate::restrictions::{Automaton, Restrictions};
use crate::snap::{SnapIndex, SnapLimit, Snapped};
use crate::stretches;
use crate::sweep::Roads;
use crate::topology::Topology;
use crate::traffic::Traffic;
use crate::turns::TurnGraph;
use dispatch_data::place::Position;
use dispatch_data::travel::TravelMatrix;
use std::sync::Arc;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the file.
    Reading,
    /// Joining ways to a graph.
    Graph,
    /// Working out turns and their restrictions.
    Turns,
    /// Finding the roads that all places can share.
    Components,
    /// Indexing the roads for snapping.
    Index,
    /// Cutting the map into the order of the hierarchy.
    Order,
    /// Joining the hierarchy's states.
    Shape,
    /// Working out the hierarchy's costs.
    Metric,
    /// Done.
    Ready,
}

/// A stretch of road to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadLine {
    /// The map's own id of the way.
    pub way: i64,
    /// The map's own ids of the nodes at the points.
    pub nodes: Vec<i64>,
    /// What kind of road it is.
    pub class: RoadClass,
    /// Its points, at least two.
    pub points: Vec<Position>,
}

/// A rectangle in degrees; `west` lies east of `east` where it crosses the 180° meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Southern edge, degrees north.
    pub south: f64,
    /// Western edge, degrees east.
    pub west: f64,
    /// Northern edge, degrees north.
    pub north: f64,
    /// Eastern edge, degrees east.
    pub east: f64,
}

impl Bounds {
    /// Whether a position lies inside or on the edge.
    pub fn contains(&self, position: Position) -> bool {
        let Position { lat, lon } = position;
        let between = if self.west <= self.east {
            (self.west..=self.east).contains(&lon)
        } else {
            lon >= self.west || lon <= self.east
        };
        between && (self.south..=self.north).contains(&lat)
    }
}

/// What a network is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Nodes where roads meet or end.
    pub nodes: usize,
    /// Stretches of road between them.
    pub edges: usize,
    /// Edges counted once for each direction in which they may be driven.
    pub arcs: usize,
    /// Turns that are allowed.
    pub turns: usize,
    /// Joins of the hierarchy, whatever the speeds.
    pub joins: usize,
    /// Joins of the hierarchy that matter at the present speeds, both directions counted.
    pub rungs: usize,
}

/// The roads of one map as one profile may use them. Shared and read-only.
pub struct RoadNetwork {
    pub(crate) graph: Arc<RoadGraph>,
    pub(crate) turns: TurnGraph,
    pub(crate) core: Arc<Vec<bool>>,
    pub(crate) index: Arc<SnapIndex>,
    pub(crate) hierarchy: Hierarchy,
    /// The mark of the profile whose rules these are.
    pub(crate) profile: u64,
    /// The mark of the map file.
    pub(crate) map: u64,
    /// What became of the map's turn restrictions; unknown where the roads were loaded from a prepared file.
    pub(crate) restrictions: Option<Arc<Restrictions>>,
}

impl RoadNetwork {
    /// Reads an `.osm.pbf` file on all cores of the current rayon pool.
    ///
    /// # Errors
    /// [`ImportError`]: unreadable or damaged files, naming the block; maps without a usable road.
    pub fn import(path: &std::path::Path, profile: &Profile, progress: &dyn Fn(Stage)) -> Result<Self, ImportError> {
        progress(Stage::Reading);
        let extract = Extract::read(path, profile)?;
        let mut network = Self::build(extract, profile, progress)?;
        network.map = map_mark(path).map_err(|source| ImportError::Read { offset: 0, source })?;
        Ok(network)
    }

    pub(crate) fn build(extract: Extract, profile: &Profile, progress: &dyn Fn(Stage)) -> Result<Self, ImportError> {
        progress(Stage::Graph);
        let (graph, junctions) = RoadGraph::build(&extract)?;
        progress(Stage::Turns);
        let automaton = Automaton::build(&extract, &graph, &junctions);
        let turns = TurnGraph::build(&graph, &profile.turns, &automaton);
        let restrictions = Some(Arc::new(automaton.report.clone()));
        drop((extract, junctions, automaton)); // what follows needs the memory
        progress(Stage::Components);
        let core = components::core(&turns, graph.arcs.len());
        progress(Stage::Index);
        let index = SnapIndex::build(&graph, &core, profile);
        if index.is_empty() {
            return Err(ImportError::NoRoads { profile: profile.name().to_owned() });
        }
        progress(Stage::Order);
        let order = Order::dissect(&graph, &turns);
        progress(Stage::Shape);
        let (order, topology) = Topology::build(&turns, order);
        progress(Stage::Metric);
        let ladder = Ladder::build(&turns, &topology);
        progress(Stage::Ready);
        let hierarchy = Hierarchy { order: Arc::new(order), topology: Arc::new(topology), ladder };
        let (graph, core, index) = (Arc::new(graph), Arc::new(core), Arc::new(index));
        let profile = profile_mark(profile);
        Ok(Self { graph, turns, core, index, hierarchy, profile, map: 0, restrictions })
    }

    /// The same roads at other speeds. Map, turns and order are shared; only the costs are worked out
    /// anew. Places snapped to one of the two serve the other.
    #[must_use]
    pub fn with_traffic(&self, traffic: &Traffic) -> Self {
        let Self { graph, turns, core, index, hierarchy, profile, map, restrictions } = self;
        let turns = turns.retimed(graph, traffic);
        let Hierarchy { order, topology, ladder: _ } = hierarchy;
        let ladder = Ladder::build(&turns, topology);
        let hierarchy = Hierarchy { order: order.clone(), topology: topology.clone(), ladder };
        let (graph, core, index) = (graph.clone(), core.clone(), index.clone());
        let (profile, restrictions) = (profile ^ traffic.mark(), restrictions.clone());
        Self { graph, turns, core, index, hierarchy, profile, map: *map, restrictions }
    }

    pub(crate) fn roads(&self) -> Roads<'_> {
        Roads { turns: &self.turns, hierarchy: &self.hierarchy }
    }

    /// Brings places to the nearest roads from which every other place can be reached.
    ///
    /// # Errors
    /// [`SnapError`] with all places farther than `limit` from such a road, or not on earth.
    pub fn snap(&self, places: &[Position], limit: SnapLimit) -> Result<Vec<Snapped>, SnapError> {
        self.index.snap(&self.graph, &self.core, places, limit)
    }

    /// Seconds and metres between every two places, on all cores of the current rayon pool. The way
    /// from a place to itself is no way at all: 0 s, 0 m.
    pub fn matrix(&self, places: &[Snapped]) -> TravelMatrix {
        matrix::between(self.roads(), places)
    }

    /// The places of a plan that lives: each new place can then be asked for all its travel at once.
    pub fn live(&self, places: &[Snapped]) -> LivePlaces<'_> {
        LivePlaces::new(self.roads(), places)
    }

    /// What the places of a plan that lives leave on these roads, to be kept beside them.
    pub fn standing(&self, places: &[Snapped]) -> StandingPlaces {
        StandingPlaces::new(self.roads(), places)
    }

    /// Adds a place to those that stand on these very roads.
    pub fn stand(&self, standing: &mut StandingPlaces, place: Snapped) {
        standing.push(self.roads(), place);
    }

    /// All travel between a new place and those that stand on these very roads.
    pub fn legs(&self, standing: &StandingPlaces, place: &Snapped) -> LiveLegs {
        LiveQuery::new(self.roads(), standing).legs(place)
    }

    /// The fastest way between two places with its line; seconds and metres as in the matrix.
    /// `None` only if there is no way, which snapping to shared roads excludes unless traffic closes roads.
    pub fn path(&self, from: &Snapped, to: &Snapped) -> Option<Path> {
        path::fastest(&self.graph, self.roads(), from, to)
    }

    /// All roads with a point inside `bounds`, for drawing a map.
    pub fn lines(&self, bounds: Bounds) -> impl Iterator<Item = RoadLine> + '_ {
        (0..self.graph.edges.len()).filter_map(move |at| {
            let edge = EdgeIx::at(at);
            let points: Vec<Position> = self.graph.points(edge).iter().map(|spot| spot.position()).collect();
            let inside = points.iter().any(|position| bounds.contains(*position));
            let Edge { way, class, .. } = *self.graph.edge(edge);
            let nodes = self.graph.point_ids(edge);
            inside.then(|| RoadLine { way: self.graph.ways[way as usize], nodes: nodes.to_vec(), class, points })
        })
    }

    /// The smallest rectangle around all roads (not across the 180° meridian).
    pub fn bounds(&self) -> Bounds {
        let start = Bounds { south: 90.0, west: 180.0, north: -90.0, east: -180.0 };
        self.graph.nodes.iter().fold(start, |found, node| {
            let Position { lat, lon } = node.spot.position();
            Bounds {
                south: found.south.min(lat),
                west: found.west.min(lon),
                north: found.north.max(lat),
                east: found.east.max(lon),
            }
        })
    }

    /// How many ways and stretches of a table are among these roads, and how many the table has.
    pub fn known_ways(&self, speeds: &WaySpeeds) -> (usize, usize) {
        let parts = || speeds.rows.chunk_by(|one, other| one.part == other.part).filter_map(<[_]>::first);
        let ways =
            parts().filter(|row| matches!(row.part, Part::Way(way) if self.graph.ways.binary_search(&way).is_ok()));
        let pairs = parts().filter_map(|row| match row.part {
            Part::Way(_) => None,
            Part::Stretch(from, to) => Some((from, to)),
        });
        (ways.count() + stretches::known(&self.graph, &pairs.collect::<Vec<_>>()), parts().count())
    }

    /// What became of the turn restrictions of the map; `None` for roads that were loaded from a prepared file,
    /// which honour the same ones but no longer know of the others.
    pub fn restrictions(&self) -> Option<&Restrictions> {
        self.restrictions.as_deref()
    }

    /// How large the network is.
    pub fn size(&self) -> Size {
        let turns = (0..self.turns.len()).map(|state| self.turns.after(crate::ids::StateIx::at(state)).len()).sum();
        Size {
            nodes: self.graph.nodes.len(),
            edges: self.graph.edges.len(),
            arcs: self.graph.arcs.len(),
            turns,
            joins: self.hierarchy.topology.joins(),
            rungs: self.hierarchy.ladder.up.len() + self.hierarchy.ladder.down.len(),
        }
    }
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
