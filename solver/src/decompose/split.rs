//! Who is with whom: technicians by where their day lies, and absent jobs by their place, split in halves
//! of about even work until they are small. The lines fall elsewhere with every seed.

use crate::decompose::whole::Whole;
use crate::decompose::{eligible, stock};
use dispatch_data::ids::{JobIx, LotIx, PlaceIx, SiteIx, TechIx};
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Some technicians with their routes, absent jobs around them, and their share of what stores hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Technicians, ascending.
    pub technicians: Vec<TechIx>,
    /// Absent jobs to be placed, ascending.
    pub open: Vec<JobIx>,
    /// Sites within reach, ascending.
    pub sites: Vec<SiteIx>,
    /// Units of lots that this part may take, what its routes take now included.
    pub quotas: Vec<(LotIx, u32)>,
}

/// Where places lie: by position where all have one, else by travel.
pub(super) enum Map<'a> {
    Positions { east: Vec<f64>, north: Vec<f64> },
    Legs(&'a Travel),
}

impl<'a> Map<'a> {
    fn new(problem: &Problem, travel: &'a Travel) -> Self {
        const METERS_PER_DEGREE: f64 = 111_195.0;
        let positions: Option<Vec<_>> = problem.places.iter().map(|place| place.position).collect();
        let Some(positions) = positions.filter(|positions| !positions.is_empty()) else { return Self::Legs(travel) };
        let middle = positions.iter().map(|position| position.lat).sum::<f64>() / positions.len() as f64;
        // Longitudes are told from the first place, so that a region across the date line stays whole.
        let first = positions[0].lon;
        let lon = |lon: f64| (lon - first + 540.0).rem_euclid(360.0) - 180.0;
        let scale = METERS_PER_DEGREE * middle.to_radians().cos();
        Self::Positions {
            east: positions.iter().map(|position| lon(position.lon) * scale).collect(),
            north: positions.iter().map(|position| position.lat * METERS_PER_DEGREE).collect(),
        }
    }
    /// How far two places lie apart, in metres or in seconds.
    pub(super) fn distance(&self, from: PlaceIx, to: PlaceIx) -> i64 {
        let (a, b) = (from.index(), to.index());
        match self {
            Self::Positions { east, north } => (east[a] - east[b]).hypot(north[a] - north[b]) as i64,
            Self::Legs(travel) => {
                let leg = travel.matrix(dispatch_data::ids::ProfileIx(0)).leg(from, to);
                if leg.is_reachable() { i64::from(leg.seconds) } else { i64::from(u32::MAX) }
            }
        }
    }
}

/// A technician with visits, or an absent job.
#[derive(Clone, Copy)]
struct Item {
    place: PlaceIx,
    weight: f64,
    who: Who,
}

#[derive(Clone, Copy)]
enum Who {
    Technician(TechIx),
    Job(JobIx),
}

/// What a technician without visits weighs against a job.
const IDLE: f64 = 0.01;
/// Items among which the ends of a line are looked for.
const SAMPLE: usize = 48;

/// Cuts the whole into parts of about so many jobs: where few of them lie (`lines` are looked at for each
/// cut), or with one line anywhere. The same seed gives the same parts.
pub fn parts(whole: &Whole<'_>, jobs: usize, lines: usize, seed: u64) -> Vec<Part> {
    let (problem, travel) = (whole.problem, whole.travel);
    let map = Map::new(problem, travel);
    let mut knife = Knife { map: &map, rng: Xoshiro256PlusPlus::seed_from_u64(seed), lines: lines.max(1) };
    let mut items = Vec::with_capacity(problem.technicians.len());
    for technician in (0..problem.technicians.len()).map(TechIx::from) {
        items.extend(of_technician(whole, technician));
    }
    // Who is named goes where that technician is.
    let mut named: Vec<(TechIx, JobIx)> = Vec::new();
    for job in whole.open() {
        match named_by(problem, job) {
            Some(technician) => named.push((technician, job)),
            None => items.push(Item { place: problem.job(job).place, weight: 1.0, who: Who::Job(job) }),
        }
    }
    let weight: f64 = items.iter().map(|item| item.weight).sum();
    let count = ((weight / jobs.max(1) as f64).round() as usize).max(1);
    let mut parts = Vec::with_capacity(count);
    let mut anchors = Vec::with_capacity(count);
    knife.halve(&mut items, count, &mut |items| {
        let mut part = Part::default();
        for item in items {
            match item.who {
                Who::Technician(technician) => part.technicians.push(technician),
                Who::Job(job) => part.open.push(job),
            }
        }
        part.technicians.sort_unstable();
        part.open.sort_unstable();
        anchors.push(items.get(items.len() / 2).map_or(PlaceIx(0), |item| item.place));
        parts.push(part);
    });
    eligible::deal(problem, travel, &map, &anchors, &mut parts);
    let mut part_of = vec![0; problem.technicians.len()];
    for (at, part) in parts.iter().enumerate() {
        part.technicians.iter().for_each(|technician| part_of[technician.index()] = at);
    }
    for (technician, job) in named {
        parts[part_of[technician.index()]].open.push(job);
    }
    for part in &mut parts {
        part.open.sort_unstable();
    }
    stock::deal(whole, &map, &anchors, &mut parts);
    parts
}

fn of_technician(whole: &Whole<'_>, technician: TechIx) -> Option<Item> {
    let problem = whole.problem;
    let shifts = || problem.technician(technician).shift_indices();
    let open = |job: &JobIx| !whole.frozen[job.index()];
    let visits: Vec<JobIx> = whole.jobs_with(technician).filter(open).collect();
    let home = || shifts().next().map(|shift| problem.shift(shift).start_place);
    let place = match visits.get(visits.len() / 2) {
        Some(job) => Some(problem.job(*job).place),
        None => problem.technician(technician).position.map(|position| position.place).or_else(home),
    };
    // Who has no shift at all still belongs somewhere; where makes no difference.
    let place = place.unwrap_or(PlaceIx(0));
    Some(Item { place, weight: visits.len() as f64 + IDLE, who: Who::Technician(technician) })
}

/// The technician whom a job asks for by name.
fn named_by(problem: &Problem, job: JobIx) -> Option<TechIx> {
    let job = problem.job(job);
    let pin = job.pin.as_ref();
    let by_pin = pin.and_then(|pin| pin.technician.or_else(|| pin.shift.map(|shift| problem.shift(shift).technician)));
    by_pin.or_else(|| job.required_technicians.as_ref().and_then(|list| list.first().copied()))
}

/// A line to cut along.
enum Line {
    /// By how far east and north, in shares of one metre.
    Straight(f64, f64),
    /// By how much nearer one place is than another.
    Between(PlaceIx, PlaceIx),
}

/// How to cut.
struct Knife<'m, 'a> {
    map: &'m Map<'a>,
    rng: Xoshiro256PlusPlus,
    /// Lines that are looked at for each cut; the one that passes fewest items is taken. One: any line.
    lines: usize,
}

impl Knife<'_, '_> {
    fn key(&self, line: &Line, place: PlaceIx) -> i64 {
        match (line, self.map) {
            (Line::Straight(cos, sin), Map::Positions { east, north }) => {
                (cos * east[place.index()] + sin * north[place.index()]) as i64
            }
            (Line::Between(one, other), map) => map.distance(*one, place) - map.distance(*other, place),
            (Line::Straight(..), Map::Legs(_)) => 0,
        }
    }

    fn line(&mut self, items: &[Item]) -> Line {
        if let Map::Positions { .. } = self.map {
            let (sin, cos) = self.rng.random_range(0.0..std::f64::consts::PI).sin_cos();
            return Line::Straight(cos, sin);
        }
        // Two places far apart, near the ends of a line through the items.
        let mut draw = || items[self.rng.random_range(0..items.len())].place;
        let mut farthest = |from: PlaceIx| {
            let sample: Vec<PlaceIx> = (0..SAMPLE).map(|_| draw()).collect();
            sample.into_iter().max_by_key(|place| self.map.distance(from, *place)).unwrap_or(from)
        };
        let some = farthest(PlaceIx(items[0].place.0));
        let one = farthest(some);
        Line::Between(one, farthest(one))
    }

    /// Halves along lines until each piece is one part.
    fn halve(&mut self, items: &mut [Item], count: usize, out: &mut dyn FnMut(&[Item])) {
        if count <= 1 || items.len() < 2 {
            out(items);
            return;
        }
        let mut line = self.line(items);
        let mut border = even(count, self.rng.random_bool(0.5));
        if self.lines > 1 {
            let step = (items.len() / LOOKED_AT).max(1);
            let mut best = self.sparsest(&line, items, step, count);
            for _ in 1..self.lines {
                let other = self.line(items);
                let found = self.sparsest(&other, items, step, count);
                if found.0 < best.0 {
                    (best, line) = (found, other);
                }
            }
            border = best.1;
        }
        let keyed = |(k, item): (usize, &Item)| (self.key(&line, item.place), k, *item);
        let mut keyed: Vec<(i64, usize, Item)> = items.iter().enumerate().map(keyed).collect();
        keyed.sort_unstable_by_key(|(key, k, _)| (*key, *k));
        items.iter_mut().zip(keyed).for_each(|(item, (_, _, sorted))| *item = sorted);
        let share = border * items.iter().map(|item| item.weight).sum::<f64>();
        let mut sum = 0.0;
        let past = |item: &Item| {
            sum += item.weight;
            sum > share
        };
        let at = items.iter().position(past).unwrap_or(items.len() / 2);
        let left = ((border * count as f64).round() as usize).clamp(1, count - 1);
        let (low, high) = items.split_at_mut(at.clamp(1, items.len() - 1));
        self.halve(low, left, out);
        self.halve(high, count - left, out);
    }

    /// Where along a line the fewest items lie near the cut: what share of them does, and the share of the
    /// work before it.
    fn sparsest(&self, line: &Line, items: &[Item], step: usize, count: usize) -> (f64, f64) {
        let mut keyed: Vec<(i64, f64)> =
            items.iter().step_by(step).map(|item| (self.key(line, item.place), item.weight)).collect();
        keyed.sort_unstable_by_key(|(key, _)| *key);
        let range = keyed.last().map_or(0, |last| last.0) - keyed.first().map_or(0, |first| first.0);
        let margin = (range as f64 * MARGIN) as i64;
        let all: f64 = keyed.iter().map(|(_, weight)| weight).sum();
        let (mut low, mut high, mut sum) = (0, 0, 0.0);
        let mut best = (f64::MAX, even(count, false));
        for (key, weight) in &keyed {
            while keyed.get(high).is_some_and(|(other, _)| *other <= key + margin) {
                high += 1;
            }
            while keyed[low].0 < key - margin {
                low += 1;
            }
            let share = sum / all.max(f64::MIN_POSITIVE);
            sum += weight;
            let parts = share * count as f64;
            let fits = (parts - parts.round()).abs() <= UNEVEN && (0.3..=0.7).contains(&(parts.round() / count as f64));
            let near = (high - low) as f64 / keyed.len() as f64;
            if fits && near < best.0 {
                best = (near, share);
            }
        }
        best
    }
}

/// The share before a cut into pieces as even as they can be.
fn even(count: usize, larger: bool) -> f64 {
    let left = if larger { count - count / 2 } else { count / 2 };
    left as f64 / count as f64
}

/// Share of the length of a line on either side of a cut that is looked at.
const MARGIN: f64 = 0.02;
/// Items of which a cut is told.
const LOOKED_AT: usize = 4_000;
/// Shares of a part that a piece may have more or less than whole ones.
const UNEVEN: f64 = 0.15;
