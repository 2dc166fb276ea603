//! Where everything lies and how far it is: stores with streets to all sides, jobs at the crossings, the
//! planted tours, and the shortest ways by the streets.
//!
//! A street is never shorter than the reaches of both its ends together; the streets that a planted tour
//! uses are just that long. A shortest way passes through further places, each of which only adds, so
//! it is no shorter than the reaches of its own two ends either. Nothing of parts, skills or times of day here.

use super::METERS_A_SECOND;
use super::numbers::Numbers;
use dispatch_data::travel::{Leg, TravelMatrix};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Reaches in seconds, least and most; all are even, so that ways are.
const JOB_REACH: (i64, i64) = (100, 340);
const HOME_REACH: (i64, i64) = (60, 300);
const STORE_REACH: u32 = 360;
/// By how many per cent other streets are longer than the reaches of their ends, at most: along
/// the grid, across its squares, between districts.
const LONGER: [i64; 3] = [25, 40, 60];
/// How far a tour may be from its share of the jobs.
const UNEVEN: usize = 2;
/// Tries to bend tours, for each job.
const BENDS: usize = 60;

/// One planted tour: consecutive crossings from a store back to it, driven from a home that lies between
/// two of them.
pub(super) struct Tour {
    pub(super) store: usize,
    /// Places of the jobs from the store on; the first job of the day is at `home`.
    pub(super) jobs: Vec<usize>,
    /// Its home lies before this one of the jobs.
    pub(super) home: usize,
}

/// The places are the jobs, the homes of the tours and the stores, in this order.
pub(super) struct Town {
    pub(super) tours: Vec<Tour>,
    /// By place.
    pub(super) reach: Vec<u32>,
    /// By place: where a street leads, and its seconds.
    streets: Vec<Vec<(usize, u32)>>,
    jobs: usize,
}

/// A store with its streets: spokes outwards, as many crossings on each, rings between neighbouring spokes.
struct District {
    /// The first of its crossings.
    first: usize,
    spokes: usize,
    depth: usize,
}

impl District {
    fn crossing(&self, spoke: usize, level: usize) -> usize {
        self.first + (spoke % self.spokes) * self.depth + level
    }
    /// Pairs of neighbouring spokes, each once.
    fn gores(&self) -> usize {
        if self.spokes > 2 { self.spokes } else { self.spokes - 1 }
    }
    fn crossings(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.spokes * self.depth
    }
}

impl Town {
    /// Draws a town for so many tours around so many stores, of `each` jobs on the mean (an even number).
    pub(super) fn drawn(numbers: &mut Numbers, technicians: usize, stores: usize, each: usize) -> Self {
        let jobs = technicians * each;
        let mut districts = Vec::with_capacity(stores);
        let mut first = 0;
        for store in 0..stores {
            let tours = technicians / stores + usize::from(store < technicians % stores);
            districts.push(District { first, spokes: 2 * tours, depth: each / 2 });
            first += tours * each;
        }
        let even = |numbers: &mut Numbers, (least, most): (i64, i64)| 2 * numbers.between(least / 2, most / 2) as u32;
        let mut reach: Vec<u32> = (0..jobs).map(|_| even(numbers, JOB_REACH)).collect();
        reach.extend((0..technicians).map(|_| even(numbers, HOME_REACH)));
        reach.extend((0..stores).map(|_| STORE_REACH));
        let mut tours = Vec::with_capacity(technicians);
        for (store, district) in districts.iter().enumerate() {
            for jobs in Weave::of(district).bent(numbers, district, each).tours() {
                // Two jobs at least before the collection and after it.
                let home = numbers.between(2, jobs.len() as i64 - 2) as usize;
                tours.push(Tour { store, jobs, home });
            }
        }
        let mut town = Self { tours, streets: vec![Vec::new(); reach.len()], reach, jobs };
        town.plant();
        districts.iter().for_each(|district| town.pave(district, numbers));
        town.join(&districts, numbers);
        town
    }

    pub(super) fn home(&self, tour: usize) -> usize {
        self.jobs + tour
    }

    pub(super) fn store(&self, store: usize) -> usize {
        self.jobs + self.tours.len() + store
    }

    pub(super) fn is_job(&self, place: usize) -> bool {
        place < self.jobs
    }

    /// The places of a tour in order, from home to home.
    pub(super) fn stops(&self, at: usize) -> Vec<usize> {
        let Tour { store, jobs, home } = &self.tours[at];
        let mut stops = vec![self.home(at)];
        stops.extend(&jobs[*home..]);
        stops.push(self.store(*store));
        stops.extend(&jobs[..*home]);
        stops.push(self.home(at));
        stops
    }

    /// A street that is so many per cent longer than it must be.
    fn street(&mut self, one: usize, other: usize, longer: i64) {
        let least = self.reach[one] + self.reach[other];
        let seconds = least + 2 * (i64::from(least) * longer / 200) as u32;
        self.streets[one].push((other, seconds));
        self.streets[other].push((one, seconds));
    }

    /// The streets of the planted tours.
    fn plant(&mut self) {
        for tour in 0..self.tours.len() {
            for leg in self.stops(tour).windows(2) {
                self.street(leg[0], leg[1], 0);
            }
        }
    }

    /// The other streets of a district. One beside a planted street is longer and changes nothing.
    fn pave(&mut self, district: &District, numbers: &mut Numbers) {
        let [along, across, _] = LONGER;
        for spoke in 0..district.spokes {
            for level in 1..district.depth {
                let (inner, outer) = (district.crossing(spoke, level - 1), district.crossing(spoke, level));
                self.street(inner, outer, numbers.between(1, along));
            }
        }
        for gore in 0..district.gores() {
            for level in 0..district.depth {
                let (left, right) = (district.crossing(gore, level), district.crossing(gore + 1, level));
                self.street(left, right, numbers.between(1, along));
                if level > 0 {
                    let inner = (district.crossing(gore, level - 1), district.crossing(gore + 1, level - 1));
                    self.street(inner.0, right, numbers.between(1, across));
                    self.street(inner.1, left, numbers.between(1, across));
                }
            }
        }
    }

    /// Streets between the outskirts of districts that follow one another.
    fn join(&mut self, districts: &[District], numbers: &mut Numbers) {
        for pair in districts.windows(2) {
            for _ in 0..pair[0].spokes.max(pair[1].spokes) / 2 {
                let [one, other] = [&pair[0], &pair[1]].map(|district| {
                    let spoke = numbers.below(district.spokes);
                    district.crossing(spoke, district.depth - 1)
                });
                self.street(one, other, numbers.between(1, LONGER[2]));
            }
        }
    }

    /// The shortest ways by the streets.
    pub(super) fn matrix(&self) -> TravelMatrix {
        let rows: Vec<Vec<u32>> = (0..self.reach.len()).into_par_iter().map(|from| self.ways(from)).collect();
        TravelMatrix::from_fn(rows.len(), |from, to| {
            let seconds = rows[from][to];
            Leg { seconds, meters: seconds * METERS_A_SECOND }
        })
    }

    /// Seconds to every place, by Dijkstra.
    fn ways(&self, from: usize) -> Vec<u32> {
        let mut best = vec![u32::MAX; self.streets.len()];
        best[from] = 0;
        let mut open = BinaryHeap::from([Reverse((0, from))]);
        while let Some(Reverse((so_far, at))) = open.pop() {
            if so_far > best[at] {
                continue;
            }
            for (next, street) in &self.streets[at] {
                let then = so_far + street;
                if then < best[*next] {
                    best[*next] = then;
                    open.push(Reverse((then, *next)));
                }
            }
        }
        best
    }
}

/// What a crossing is joined to along a tour; `None`: the store.
type Ends = [Option<usize>; 2];

/// The tours of one district, as what each crossing is joined to.
struct Weave {
    first: usize,
    ends: Vec<Ends>,
}

impl Weave {
    /// Out along one spoke and back along the next.
    fn of(district: &District) -> Self {
        let mut ends = Vec::with_capacity(district.crossings().len());
        for spoke in 0..district.spokes {
            let beside = if spoke % 2 == 0 { spoke + 1 } else { spoke - 1 };
            for level in 0..district.depth {
                let inner = level.checked_sub(1).map(|inner| district.crossing(spoke, inner));
                let outer = if level + 1 < district.depth { (spoke, level + 1) } else { (beside, level) };
                ends.push([inner, Some(district.crossing(outer.0, outer.1))]);
            }
        }
        Self { first: district.first, ends }
    }

    /// Bends the tours at random: two that run along opposite sides of a square of streets use the other two
    /// sides instead, as long as tours remain and keep to their share.
    fn bent(mut self, numbers: &mut Numbers, district: &District, each: usize) -> Self {
        for _ in 0..BENDS * self.ends.len() {
            let (gore, level) = (numbers.below(district.gores()), numbers.below(district.depth - 1));
            let (a, b) = (district.crossing(gore, level), district.crossing(gore, level + 1));
            let (c, d) = (district.crossing(gore + 1, level), district.crossing(gore + 1, level + 1));
            let (b, c) = if numbers.chance(50) { (b, c) } else { (c, b) };
            if !(self.joins(a, b) && self.joins(c, d)) || self.joins(a, c) || self.joins(b, d) {
                continue;
            }
            self.turn(a, b, c, d);
            let tours = self.tours();
            let fair = |tour: &Vec<usize>| tour.len() >= 4 && tour.len().abs_diff(each) <= UNEVEN;
            if tours.iter().map(Vec::len).sum::<usize>() != self.ends.len() || !tours.iter().all(fair) {
                self.turn(a, c, b, d);
            }
        }
        self
    }

    fn joins(&self, one: usize, other: usize) -> bool {
        self.ends[one - self.first].contains(&Some(other))
    }

    /// Instead of from a to b and from c to d, it goes from a to c and from b to d.
    fn turn(&mut self, a: usize, b: usize, c: usize, d: usize) {
        for (at, old, new) in [(a, b, c), (b, a, d), (c, d, a), (d, c, b)] {
            if let Some(end) = self.ends[at - self.first].iter_mut().find(|end| **end == Some(old)) {
                *end = Some(new);
            }
        }
    }

    /// Every tour from the store back to it. Crossings in a ring of their own are in none.
    fn tours(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.ends.len()];
        let mut tours = Vec::new();
        for start in 0..self.ends.len() {
            if seen[start] || !self.ends[start].contains(&None) {
                continue;
            }
            let (mut tour, mut before, mut at) = (Vec::new(), None, Some(start + self.first));
            while let Some(here) = at {
                seen[here - self.first] = true;
                tour.push(here);
                let [one, other] = self.ends[here - self.first];
                at = if one == before { other } else { one };
                before = Some(here);
            }
            tours.push(tour);
        }
        tours
    }
}
