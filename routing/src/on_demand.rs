//! Travel between places worked out when it is asked for, for problems too large for a table of all
//! legs: point queries, and the nearest places by travel time.
//!
//! Every place has two half trips, up the hierarchy from it and to it; a leg is the best meeting of two
//! of them (labels of states instead of a search). Halves and legs that were asked for lately are kept,
//! as many as the caller allows and no more. Seconds and metres are those of the matrix.

use crate::climb::Climb;
use crate::cost::Cost;
use crate::ids::RankIx;
use crate::live::{climb_from, climb_to};
use crate::network::RoadNetwork;
use crate::snap::Snapped;
use crate::spot::on_sphere;
use crate::sweep::Roads;
use crate::trip;
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::{Leg, LegSource, TravelMatrix};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How much is kept of what has been asked. Each number is rounded up to a power of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// Places whose half trips are kept; one takes some 3 kB on the map of a city.
    pub places: usize,
    /// Legs that are kept; one takes 32 bytes.
    pub legs: usize,
}

impl Default for CacheLimits {
    /// 65,536 places and a million legs: some 250 MB on the map of a city.
    fn default() -> Self {
        Self { places: 1 << 16, legs: 1 << 20 }
    }
}

/// A trip's half: the states it passes, ascending, with their costs.
type Half = Vec<(RankIx, Cost)>;

/// Both halves of all trips of one place.
struct Halves {
    from: Half,
    to: Half,
}

/// A table with one answer for each slot: the last one asked for that falls there.
struct Kept<K, V>(Vec<Mutex<Option<(K, V)>>>);

impl<K: Copy + PartialEq, V: Clone> Kept<K, V> {
    fn new(slots: usize) -> Self {
        Self((0..slots.max(1).next_power_of_two()).map(|_| Mutex::new(None)).collect())
    }
    /// What is known of `key`, or else made; `spread` decides on the slot.
    fn get(&self, key: K, spread: u64, make: impl FnOnce() -> V) -> V {
        let slot = &self.0[spread as usize & (self.0.len() - 1)];
        let kept = slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some((known, value)) if known == key => value,
            _ => {
                // Made outside the lock: others may ask for other keys of this slot meanwhile.
                let value = make();
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, value.clone()));
                value
            }
        }
    }
}

/// Travel between places on the roads of a network, worked out on demand. Shared by threads.
pub struct TravelOnDemand {
    network: Arc<RoadNetwork>,
    places: Vec<Snapped>,
    /// The places by where they lie on their roads.
    tree: RTree<GeomWithData<[f64; 3], u32>>,
    /// No way is faster than this as the crow flies, in metres per second.
    fastest: f64,
    halves: Kept<u32, Arc<Halves>>,
    legs: Kept<(u32, u32), Leg>,
    /// Scratch memory of climbs, as much as threads have needed at a time.
    climbs: Mutex<Vec<Climb>>,
    fingerprint: u64,
}

impl fmt::Debug for TravelOnDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "travel on demand between {} places", self.places.len())
    }
}

impl TravelOnDemand {
    /// Travel between places that were snapped to the roads of `network`.
    pub fn new(network: Arc<RoadNetwork>, places: Vec<Snapped>, limits: CacheLimits) -> Self {
        let point = |(at, place): (usize, &Snapped)| GeomWithData::new(on_sphere(place.position), at as u32);
        let tree = RTree::bulk_load(places.iter().enumerate().map(point).collect());
        let spot = |place: &Snapped| format!("{:?} {}", place.edge, place.share.to_bits());
        let spots: Vec<String> = places.iter().map(spot).collect();
        let fingerprint =
            network.map ^ network.profile.rotate_left(21) ^ crate::prepared::checksum(spots.join(" ").as_bytes());
        Self {
            tree,
            fastest: fastest(&network),
            halves: Kept::new(limits.places),
            legs: Kept::new(limits.legs),
            climbs: Mutex::default(),
            fingerprint,
            network,
            places,
        }
    }
    /// The same as a table that asks this source for each leg.
    pub fn into_matrix(self) -> TravelMatrix {
        TravelMatrix::on_demand(Arc::new(self))
    }
    fn halves(&self, place: u32) -> Arc<Halves> {
        self.halves.get(place, u64::from(place), || {
            let pool = || self.climbs.lock().unwrap_or_else(PoisonError::into_inner);
            let roads = self.network.roads();
            let spare = pool().pop();
            let mut climb = spare.unwrap_or_else(|| Climb::new(roads.turns.len()));
            let place = &self.places[place as usize];
            climb_from(roads, &mut climb, place);
            let from = climb.reached.clone();
            climb_to(roads, &mut climb, place);
            let to = climb.reached.clone();
            pool().push(climb);
            Arc::new(Halves { from, to })
        })
    }
    fn meet(&self, from: u32, to: u32) -> Leg {
        let (start, end) = (self.halves(from), self.halves(to));
        let (mut here, mut there) = (start.from.as_slice(), end.to.as_slice());
        let mut best = Cost::NEVER;
        while let ([(a, cost), rest @ ..], [(b, other), others @ ..]) = (here, there) {
            if a == b {
                best = best.min(*cost + *other);
            }
            if a <= b {
                here = rest;
            }
            if b <= a {
                there = others;
            }
        }
        let Roads { turns, hierarchy: _ } = self.network.roads();
        let stay = trip::direct(turns, &self.places[from as usize], &self.places[to as usize]);
        stay.map_or(best, |(_, cost)| best.min(cost)).leg()
    }
}

impl LegSource for TravelOnDemand {
    fn size(&self) -> usize {
        self.places.len()
    }
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        if from == to {
            return Leg::default();
        }
        let spread = (u64::from(from.0) << 32 | u64::from(to.0)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        self.legs.get((from.0, to.0), spread, || self.meet(from.0, to.0))
    }
    /// Looks at places by the crow's flight until none farther out could be reached as soon.
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let mut near: std::collections::BinaryHeap<(u32, u32, u32)> = std::collections::BinaryHeap::new();
        if count == 0 {
            return Vec::new();
        }
        let center = on_sphere(self.places[from.index()].position);
        for (point, distance) in self.tree.nearest_neighbor_iter_with_distance_2(center) {
            let soonest = distance.sqrt() / self.fastest - 1.0; // seconds are rounded
            if near.len() == count && near.peek().is_some_and(|(seconds, ..)| f64::from(*seconds) < soonest) {
                break;
            }
            let to = point.data;
            if to == from.0 {
                continue;
            }
            let leg = self.meet(from.0, to);
            if leg.is_reachable() {
                near.push((leg.seconds, to, leg.meters));
                if near.len() > count {
                    near.pop();
                }
            }
        }
        let sorted = near.into_sorted_vec().into_iter();
        sorted.map(|(seconds, to, meters)| (PlaceIx(to), Leg { seconds, meters })).collect()
    }
    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// The highest speed of any arc, measured from end to end as the crow flies, in metres per second.
fn fastest(network: &RoadNetwork) -> f64 {
    let graph = &network.graph;
    let speeds = (0..graph.arcs.len()).map(|at| {
        let arc = crate::ids::ArcIx::at(at);
        // The way as drawn is no shorter than the crow's; centiseconds and decimetres are rounded.
        let cost = network.turns.drive(arc);
        (cost.decimetres() + 1.0) * 10.0 / (cost.centiseconds() - 1.0).max(1.0)
    });
    speeds.fold(1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snap::SnapLimit;
    use crate::town::{Town, places, town};

    fn asked(seed: u64, count: usize, limits: CacheLimits) -> Option<(TravelMatrix, TravelOnDemand)> {
        let Town { network, .. } = town(seed, 8, 12)?;
        let places = network.snap(&places(seed, 8, count), SnapLimit::default()).expect("in town");
        let matrix = network.matrix(&places);
        Some((matrix, TravelOnDemand::new(Arc::new(network), places, limits)))
    }

    #[test]
    fn legs_on_demand_are_those_of_the_matrix_whatever_is_kept() {
        for (seed, limits) in (800..830).zip([(1, 1), (4, 64), (1 << 10, 1 << 12)].into_iter().cycle()) {
            let limits = CacheLimits { places: limits.0, legs: limits.1 };
            let Some((matrix, asked)) = asked(seed, 30, limits) else { continue };
            assert_eq!(asked.into_matrix(), matrix, "seed {seed}");
        }
    }

    #[test]
    fn the_nearest_by_travel_time_are_those_of_the_sorted_row() {
        for seed in 830..850 {
            let Some((matrix, asked)) = asked(seed, 60, CacheLimits::default()) else { continue };
            for from in (0..60).step_by(7).map(PlaceIx) {
                let mut row: Vec<(u32, PlaceIx, Leg)> =
                    matrix.row(from).enumerate().map(|(to, leg)| (leg.seconds, PlaceIx::from(to), leg)).collect();
                row.retain(|(_, to, leg)| *to != from && leg.is_reachable());
                row.sort_by_key(|(seconds, to, _)| (*seconds, *to));
                for count in [0, 1, 9, 100] {
                    let plain: Vec<(PlaceIx, Leg)> = row.iter().take(count).map(|(_, to, leg)| (*to, *leg)).collect();
                    assert_eq!(asked.nearest(from, count), plain, "seed {seed}, {count} from {from:?}");
                }
            }
        }
    }

    #[test]
    fn threads_that_ask_at_the_same_time_get_the_same_answers() {
        let limits = CacheLimits { places: 2, legs: 2 };
        let (matrix, asked) = asked(801, 40, limits).expect("a town");
        std::thread::scope(|scope| {
            for shift in 0..4 {
                let (matrix, asked) = (&matrix, &asked);
                scope.spawn(move || {
                    for at in 0..1600u32 {
                        let (from, to) = (PlaceIx((at + shift) % 40), PlaceIx((at / 40 + shift * 11) % 40));
                        assert_eq!(asked.leg(from, to), matrix.leg(from, to));
                    }
                });
            }
        });
    }
}
