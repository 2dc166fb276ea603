//! Travel between places worked out when it is asked for, for problems too large for a table of all
//! legs: point queries, and the nearest places by travel time.
//!
//! Every place has two half trips, up the hierarchy from it and to it; a leg is the best meeting of two
//! of them (labels of states instead of a search). Halves and legs that were asked for lately are kept,
//! as many as the caller allows and no more. Seconds and metres are those of the matrix. How the nearest
//! are found is in `near`.

use crate::climb::Climb;
use crate::cost::Cost;
use crate::ids::RankIx;
use crate::live::{climb_from, climb_to};
use crate::near::{Outward, Standing};
use crate::network::RoadNetwork;
use crate::snap::Snapped;
use crate::sweep::Roads;
use crate::trip;
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::{Leg, LegSource, TravelMatrix};
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

/// Scratch memory that nobody uses at the moment, as much as threads have needed at a time.
struct Spare<T>(Mutex<Vec<T>>);

impl<T> Spare<T> {
    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
    fn give(&self, scratch: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
    }
}

/// Travel between places on the roads of a network, worked out on demand. Shared by threads.
pub struct TravelOnDemand {
    network: Arc<RoadNetwork>,
    places: Vec<Snapped>,
    /// The places by where they lie on their roads.
    standing: Standing,
    halves: Kept<u32, Arc<Halves>>,
    legs: Kept<(u32, u32), Leg>,
    climbs: Spare<Climb>,
    searches: Spare<Outward>,
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
        let spot = |place: &Snapped| format!("{:?} {}", place.edge, place.share.to_bits());
        let spots: Vec<String> = places.iter().map(spot).collect();
        let fingerprint =
            network.map ^ network.profile.rotate_left(21) ^ crate::prepared::checksum(spots.join(" ").as_bytes());
        Self {
            standing: Standing::new(&network.turns, network.graph.arcs.len(), &places),
            halves: Kept::new(limits.places),
            legs: Kept::new(limits.legs),
            climbs: Spare(Mutex::default()),
            searches: Spare(Mutex::default()),
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
            let roads = self.network.roads();
            let mut climb = self.climbs.take().unwrap_or_else(|| Climb::new(roads.turns.len()));
            let place = &self.places[place as usize];
            climb_from(roads, &mut climb, place);
            let from = climb.reached.clone();
            climb_to(roads, &mut climb, place);
            let to = climb.reached.clone();
            self.climbs.give(climb);
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

impl RoadNetwork {
    /// All travel between places: a table in memory while that is small enough (2 GB for all `tables` of
    /// these places together, 16,000 places in a single one), else legs worked out on demand, with as much kept
    /// of them as [`CacheLimits::default`] allows.
    pub fn travel(self: &Arc<Self>, places: &[Snapped], tables: usize) -> TravelMatrix {
        const MOST: usize = (2 << 30) / size_of::<Leg>();
        if places.len().saturating_mul(places.len()).saturating_mul(tables) <= MOST {
            self.matrix(places)
        } else {
            TravelOnDemand::new(Arc::clone(self), places.to_vec(), CacheLimits::default()).into_matrix()
        }
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
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let turns = self.network.roads().turns;
        let spare = self.searches.take();
        let mut search = spare.unwrap_or_else(|| Outward::new(turns.len(), self.places.len()));
        let found = search.nearest(turns, &self.standing, &self.places, from.0, count);
        self.searches.give(search);
        found.into_iter().map(|(place, cost)| (PlaceIx(place), cost.leg())).collect()
    }
    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
    fn table(&self, picks: &[PlaceIx]) -> Option<Vec<Leg>> {
        let places: Vec<Snapped> = picks.iter().map(|pick| self.places[pick.index()]).collect();
        Some(self.network.matrix(&places).legs().collect())
    }
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
            let asked = asked.into_matrix();
            let picks = [3, 0, 29, 17];
            assert_eq!(asked.select(&picks), matrix.select(&picks), "seed {seed}, together");
            assert_eq!(asked, matrix, "seed {seed}");
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
