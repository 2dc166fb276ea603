//! One new place against the many of a living plan, both directions, by buckets.
//!
//! Every standing place leaves its half of all its trips at the states of the hierarchy where the two
//! halves of a fastest way can meet; a new place then only makes its own half (Knopp, Sanders,
//! Schultes, Schulz and Wagner 2007). Seconds and metres are those of the matrix.

use crate::climb::{Climb, first_states};
use crate::cost::Cost;
use crate::ids::{EdgeIx, RankIx};
use crate::snap::Snapped;
use crate::sweep::Roads;
use crate::trip;
use dispatch_data::travel::Leg;
use rayon::prelude::*;

/// What a standing place left at a state.
type Bucket = Vec<(u32, Cost)>;

/// The standing places. Shared and read-only between changes; ask it through [`LivePlaces::query`].
pub struct LivePlaces<'a> {
    roads: Roads<'a>,
    standing: StandingPlaces,
}

/// What standing places left on a network, apart from it: for whoever keeps both beside each other.
#[derive(Clone)]
pub struct StandingPlaces {
    places: Vec<Snapped>,
    /// The standing places by their road.
    on_edge: Vec<(EdgeIx, u32)>,
    /// By state: from there to each place.
    to: Vec<Bucket>,
    /// By state: from each place to there.
    from: Vec<Bucket>,
}

/// Travel between a new place and all standing ones, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLegs {
    /// From the new place to each standing one.
    pub to: Vec<Leg>,
    /// From each standing place to the new one.
    pub from: Vec<Leg>,
}

/// One end's half of all its trips.
pub(crate) fn climb_from(roads: Roads<'_>, climb: &mut Climb, place: &Snapped) {
    let Roads { turns, hierarchy } = roads;
    for (state, cost) in first_states(turns, &trip::starts(turns, place)) {
        climb.seed(hierarchy.order.rank(state), cost);
    }
    climb.run(&hierarchy.topology, &hierarchy.ladder.up);
    climb.settle(&hierarchy.ladder.down);
}

pub(crate) fn climb_to(roads: Roads<'_>, climb: &mut Climb, place: &Snapped) {
    let Roads { turns, hierarchy } = roads;
    for (state, rest) in trip::ends(turns, place) {
        // What of the last arc is not driven comes off.
        climb.seed(hierarchy.order.rank(state), Cost::delay(0) - rest);
    }
    climb.run(&hierarchy.topology, &hierarchy.ladder.down);
    climb.settle(&hierarchy.ladder.up);
}

type Halves = (Vec<(RankIx, Cost)>, Vec<(RankIx, Cost)>);

fn halves(roads: Roads<'_>, climb: &mut Climb, place: &Snapped) -> Halves {
    climb_from(roads, climb, place);
    let from = climb.reached.clone();
    climb_to(roads, climb, place);
    (from, climb.reached.clone())
}

impl<'a> LivePlaces<'a> {
    pub(crate) fn new(roads: Roads<'a>, places: &[Snapped]) -> Self {
        Self { roads, standing: StandingPlaces::new(roads, places) }
    }
    /// Adds a standing place; its position in the order.
    pub fn push(&mut self, place: Snapped) -> usize {
        self.standing.push(self.roads, place)
    }
    /// Number of standing places.
    pub fn len(&self) -> usize {
        self.standing.places.len()
    }
    /// Whether there is no standing place.
    pub fn is_empty(&self) -> bool {
        self.standing.places.is_empty()
    }
    /// Scratch memory for questions; one for each thread.
    pub fn query(&self) -> LiveQuery<'_> {
        LiveQuery::new(self.roads, &self.standing)
    }
}

impl StandingPlaces {
    pub(crate) fn new(roads: Roads<'_>, places: &[Snapped]) -> Self {
        let states = roads.turns.len();
        let mut standing = Self {
            places: Vec::with_capacity(places.len()),
            on_edge: Vec::with_capacity(places.len()),
            to: vec![Bucket::new(); states],
            from: vec![Bucket::new(); states],
        };
        let halves: Vec<Halves> =
            places.par_iter().map_init(|| Climb::new(states), |climb, place| halves(roads, climb, place)).collect();
        for (place, halves) in places.iter().zip(halves) {
            standing.add(*place, &halves);
        }
        standing
    }
    pub(crate) fn push(&mut self, roads: Roads<'_>, place: Snapped) -> usize {
        let halves = halves(roads, &mut Climb::new(roads.turns.len()), &place);
        self.add(place, &halves);
        self.places.len() - 1
    }
    fn add(&mut self, place: Snapped, (from, to): &Halves) {
        let number = self.places.len() as u32;
        for (rank, cost) in from {
            self.from[rank.index()].push((number, *cost));
        }
        for (rank, cost) in to {
            self.to[rank.index()].push((number, *cost));
        }
        let at = self.on_edge.partition_point(|entry| *entry < (place.edge, number));
        self.on_edge.insert(at, (place.edge, number));
        self.places.push(place);
    }
}

/// Asks [`LivePlaces`]; owns its scratch memory.
pub struct LiveQuery<'a> {
    roads: Roads<'a>,
    live: &'a StandingPlaces,
    climb: Climb,
    best: Vec<Cost>,
}

impl<'a> LiveQuery<'a> {
    pub(crate) fn new(roads: Roads<'a>, live: &'a StandingPlaces) -> Self {
        Self { roads, live, climb: Climb::new(roads.turns.len()), best: Vec::new() }
    }
    /// All travel between a new place and the standing ones.
    pub fn legs(&mut self, place: &Snapped) -> LiveLegs {
        let Self { roads, live, .. } = *self;
        climb_from(roads, &mut self.climb, place);
        let to = self.meet(&live.to, |other| trip::direct(roads.turns, place, other), place.edge);
        climb_to(roads, &mut self.climb, place);
        let from = self.meet(&live.from, |other| trip::direct(roads.turns, other, place), place.edge);
        LiveLegs { to, from }
    }
    fn meet<T>(
        &mut self,
        buckets: &[Bucket],
        direct: impl Fn(&Snapped) -> Option<(T, Cost)>,
        edge: EdgeIx,
    ) -> Vec<Leg> {
        let live = self.live;
        self.best.clear();
        self.best.resize(live.places.len(), Cost::NEVER);
        for (rank, cost) in &self.climb.reached {
            for (number, other) in &buckets[rank.index()] {
                let best = &mut self.best[*number as usize];
                *best = best.min(*cost + *other);
            }
        }
        let start = live.on_edge.partition_point(|(other, _)| *other < edge);
        for (_, number) in live.on_edge[start..].iter().take_while(|(other, _)| *other == edge) {
            if let Some((_, cost)) = direct(&live.places[*number as usize]) {
                let best = &mut self.best[*number as usize];
                *best = best.min(cost);
            }
        }
        self.best.iter().map(|cost| cost.leg()).collect()
    }
}
