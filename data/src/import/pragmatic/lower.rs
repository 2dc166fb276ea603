//! [`Pragmatic`] → problem and travel.

use super::{Location, Minimised, Pragmatic, Shift, TaskKind, VehicleType};
use crate::finding::{Code, Finding};
use crate::ids::{JobIx, PlaceIx, ProfileIx, ShiftIx, SkillIx, TechIx};
use crate::import::text::Findings;
use crate::import::{AnswerConvention, Imported, build};
use crate::lang::value;
use crate::limits;
use crate::place::{Place, Position};
use crate::problem::{
    Break, Draft, Horizon, Job, OwnedSkill, PaidFrom, Pin, Prices, SkillLevel, SkillNeed, Technician, TravelProfile,
    TravelSource, Window,
};
use crate::say;
use crate::travel::{Leg, Travel, TravelMatrix};
use crate::units::{Cost, DistanceRate, Duration, Meters, Permille, Rate, Time};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Pragmatic {
    /// The problem: one technician per vehicle, one job per job.
    ///
    /// # Errors
    /// Points of the file that cannot be kept exactly, and numbers that do not fit.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        let mut found = Findings::default();
        self.refuse_lossy(&mut found);
        let places = Places::of(&self, &mut found);
        if !found.is_empty() {
            return Err(found.into_vec());
        }
        let (profiles, matrices) = self.travel(&places)?;
        let cents = self.cents()?;
        let (start, end) = self.horizon(&matrices);
        let day = Window { open: Time(0), close: Time(end - start) };
        let zero = jiff::Timestamp::from_second(start).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let horizon = Horizon { start: zero, length: Duration(end - start), zone: jiff::tz::TimeZone::UTC };
        let mut draft = Draft::empty("pragmatic", horizon);
        let skills = self.skill_names();
        draft.skills = skills.keys().map(|name| (*name).to_owned()).collect();
        let profile_ids = profiles.keys().map(|(name, scale)| match scale.0 {
            1_000_000 => name.clone(),
            micro => format!("{name} x {}", micro as f64 / 1e6),
        });
        draft.profiles = profile_ids.map(TravelProfile::named).collect();
        if self.fixed_departure() {
            draft.objective.paid_from = PaidFrom::ShiftStart;
        }
        let prices = self.layers(&matrices, cents, day)?;
        draft.objective.priority_prices = [prices.job; 4];
        self.add_vehicles(&mut draft, &places, &profiles, &skills, &prices, (start, day));
        self.add_jobs(&mut draft, &places, &skills, &prices, (start, day));
        draft.places = places.list;
        let travel = Travel::new(matrices.clone());
        draft.travel = TravelSource::Matrices(matrices);
        Ok(Imported { problem: draft.check()?, travel, answer: AnswerConvention::Pragmatic(self) })
    }

    fn add_vehicles(
        &self,
        draft: &mut Draft,
        places: &Places,
        profiles: &Profiles,
        skills: &BTreeMap<&str, SkillIx>,
        prices: &Layers,
        (start, day): (i64, Window),
    ) {
        for of in &self.types {
            let profile = profiles.get(&(of.profile.clone(), Scale::of(of))).copied().unwrap_or_default();
            for vehicle in &of.vehicles {
                let (tech, first) = (TechIx::from(draft.technicians.len()), draft.shifts.len());
                for at in Self::shift_order(of) {
                    let mut shift = of.shift(&of.shifts[at], places, start, day);
                    shift.technician = tech;
                    shift.id = if of.shifts.len() == 1 { vehicle.clone() } else { format!("{vehicle}/{at}") };
                    draft.shifts.push(shift);
                }
                draft.technicians.push(Technician {
                    id: vehicle.clone(),
                    skills: of.owned(skills),
                    prices: prices.of(of),
                    profile,
                    shifts: (ShiftIx::from(first), ShiftIx::from(draft.shifts.len())),
                    ..Technician::default()
                });
            }
        }
    }

    fn add_jobs(
        &self,
        draft: &mut Draft,
        places: &Places,
        skills: &BTreeMap<&str, SkillIx>,
        prices: &Layers,
        (start, day): (i64, Window),
    ) {
        let level = |name: &String| SkillLevel { skill: skills[name.as_str()], level: 1 };
        let mut owners: HashMap<&str, Vec<TechIx>> = HashMap::new();
        let vehicles = self.types.iter().flat_map(|of| of.vehicles.iter().map(move |_| of));
        for (at, of) in vehicles.enumerate() {
            for name in &of.skills {
                owners.entry(name).or_default().push(TechIx::from(at));
            }
        }
        for job in &self.jobs {
            let windows =
                job.times.iter().map(|(open, close)| Window { open: Time(open - start), close: Time(close - start) });
            let barred = job.none_of.iter().filter_map(|name| owners.get(name.as_str())).flatten();
            let excluded: BTreeSet<TechIx> = barred.copied().collect();
            draft.jobs.push(Job {
                id: job.id.clone(),
                place: places.of_location(job.location),
                work: Duration(job.duration),
                skills: SkillNeed {
                    all_of: job.all_of.iter().map(level).collect(),
                    any_of: job.one_of.iter().map(level).collect(),
                },
                windows: if job.times.is_empty() { vec![day] } else { windows.collect() },
                unassigned_price: prices.value * job.value + prices.job,
                excluded_technicians: excluded.into_iter().collect(),
                load: job.demand.clone(),
                ..Job::default()
            });
        }
        let jobs: HashMap<&str, JobIx> =
            self.jobs.iter().enumerate().map(|(at, job)| (job.id.as_str(), JobIx::from(at))).collect();
        let tours = self.tours();
        for relation in &self.relations {
            let shift = tours.iter().position(|(_, vehicle, at)| *vehicle == relation.vehicle && *at == relation.shift);
            let Some(shift) = shift.map(ShiftIx::from) else { continue };
            let technician = draft.shifts[shift.index()].technician;
            for job in relation.jobs.iter().filter_map(|id| jobs.get(id.as_str())) {
                let pin = Pin { technician: Some(technician), shift: Some(shift), window: None, after: None };
                draft.jobs[job.index()].pin = Some(pin);
            }
        }
    }

    /// What the reader cannot see part by part.
    fn refuse_lossy(&self, found: &mut Findings) {
        let dimensions = self.types.first().map_or(0, |of| of.capacity.len());
        let mut used = vec![(false, false); dimensions];
        for (at, of) in self.types.iter().enumerate() {
            if of.capacity.len() != dimensions {
                let got = say!("{} dimensions", of.capacity.len());
                found.add(
                    format!("/fleet/vehicles/{at}/capacity"),
                    Code::Contradiction,
                    say!("{}, as in the first", dimensions),
                    got,
                );
            }
            let order = Self::shift_order(of);
            for pair in order.windows(2) {
                let end = of.shifts[pair[0]].end.map_or(i64::MAX, |end| end.0);
                if end > of.shifts[pair[1]].earliest {
                    let pointer = format!("/fleet/vehicles/{at}/shifts/{}", pair[1]);
                    found.add(
                        pointer,
                        Code::Contradiction,
                        say!("shifts of a vehicle one after the other"),
                        say!("an overlap"),
                    );
                }
            }
            let charged =
                of.per_time > 0.0 || of.max_duration.is_some() || self.objectives.minimised == Minimised::Duration;
            for (k, shift) in of.shifts.iter().enumerate() {
                let bound = shift.latest_departure.filter(|latest| shift.end.is_none_or(|end| *latest < end.0));
                if bound.is_some() && charged && !self.fixed_departure() {
                    let expected = say!("no latest departure, or for every shift that of its earliest");
                    let pointer = format!("/fleet/vehicles/{at}/shifts/{k}/start/latest");
                    found.add(pointer, Code::NotSupportedYet, expected, say!("one that binds the paid time"));
                }
            }
        }
        for (at, job) in self.jobs.iter().enumerate() {
            if job.demand.len() > dimensions {
                let expected = say!("{} dimensions, as capacities have", dimensions);
                found.add(format!("/plan/jobs/{at}"), Code::Contradiction, expected, value(job.demand.len()));
            }
            for (load, used) in job.demand.iter().zip(&mut used) {
                used.0 |= *load > 0 && job.kind == TaskKind::Delivery;
                used.1 |= *load > 0 && job.kind == TaskKind::Pickup;
            }
        }
        if used.contains(&(true, true)) {
            found.add(
                "/plan/jobs",
                Code::NotSupportedYet,
                say!("deliveries or pickups in a dimension, not both"),
                say!("both"),
            );
        }
    }

    /// Whether every shift has one moment of departure.
    fn fixed_departure(&self) -> bool {
        self.types.iter().flat_map(|of| &of.shifts).all(|shift| shift.latest_departure == Some(shift.earliest))
    }

    /// Profiles with their scales in use, and the matrix of each over the problem's places.
    fn travel(&self, places: &Places) -> Result<(Profiles, Vec<TravelMatrix>), Vec<Finding>> {
        let mut profiles: Profiles =
            self.types.iter().map(|of| ((of.profile.clone(), Scale::of(of)), ProfileIx(0))).collect();
        profiles.values_mut().enumerate().for_each(|(at, ix)| *ix = ProfileIx::from(at));
        build::room(profiles.len(), places.list.len())?;
        let positions: Vec<Option<Position>> = places.list.iter().map(|place| place.position).collect();
        let picks: Vec<usize> = places.list.iter().map(|place| place.matrix_index.unwrap_or(0) as usize).collect();
        let any_matrix = self.profiles.iter().any(|profile| profile.matrix.is_some());
        let mut found = Findings::default();
        let mut matrices = Vec::new();
        for (name, scale) in profiles.keys() {
            let Some(profile) = self.profiles.iter().find(|profile| profile.name == *name) else { continue };
            let plain = match &profile.matrix {
                Some(matrix) if picks.iter().all(|pick| *pick < matrix.size()) => matrix.select(&picks),
                Some(matrix) => {
                    let expected = say!("a matrix over {} locations", picks.iter().max().unwrap_or(&0) + 1);
                    let got = say!("{} rows", matrix.size());
                    found.add(format!("/matrices ({name})"), Code::UnknownReference, expected, got);
                    continue;
                }
                None if any_matrix || positions.iter().any(Option::is_none) => {
                    found.add(
                        format!("/matrices ({name})"),
                        Code::MissingKey,
                        say!("a matrix of this profile"),
                        say!("none"),
                    );
                    continue;
                }
                None => TravelMatrix::great_circle(&positions, 1.0, profile.speed),
            };
            matrices.push(TravelMatrix::from_fn(plain.size(), |from, to| {
                scale.apply(plain.leg(PlaceIx::from(from), PlaceIx::from(to)))
            }));
        }
        found.or((profiles, matrices))
    }

    /// First midnight (UTC) and last moment of the file; where a shift has no end, late enough for
    /// all work one after the other (at most the longest horizon).
    fn horizon(&self, matrices: &[TravelMatrix]) -> (i64, i64) {
        let shifts = || self.types.iter().flat_map(|of| &of.shifts);
        let starts = shifts().map(|shift| shift.earliest);
        let breaks = shifts().flat_map(|shift| shift.breaks.iter().map(|pause| pause.window));
        let spans = self.jobs.iter().flat_map(|job| job.times.iter().copied()).chain(breaks);
        let spans: Vec<(i64, i64)> = spans.collect();
        let first = starts.clone().chain(spans.iter().map(|span| span.0)).min().unwrap_or(0);
        let start = first.div_euclid(limits::DAY) * limits::DAY;
        let ends = shifts().filter_map(|shift| shift.end).map(|end| end.0);
        let last = starts.chain(ends).chain(spans.iter().map(|span| span.1)).max().unwrap_or(start);
        if shifts().all(|shift| shift.end.is_some()) {
            return (start, last);
        }
        let leg = i64::from(longest(matrices).0);
        let work: i64 = self.jobs.iter().map(|job| job.duration).sum();
        let pauses: i64 = shifts().flat_map(|shift| &shift.breaks).map(|pause| pause.duration).sum();
        let all = last + leg * (self.jobs.len() as i64 + 1) + work + pauses;
        (start, all.min(start + limits::HORIZON).max(last))
    }

    /// Prices of the layers, each above everything that comes after it.
    fn layers(&self, matrices: &[TravelMatrix], cents: i64, day: Window) -> Result<Layers, Vec<Finding>> {
        let mut layers = Layers {
            cents,
            minimised: self.objectives.minimised,
            tour: Cost::ZERO,
            job: Cost::ZERO,
            value: Cost::ZERO,
        };
        let tours: i128 = self.types.iter().map(|of| (of.vehicles.len() * of.shifts.len()) as i128).sum();
        let jobs = self.jobs.len() as i128;
        let rates: Vec<Prices> = self.types.iter().map(|of| layers.of(of)).collect();
        let most = |of: fn(&Prices) -> i64| i128::from(rates.iter().map(of).max().unwrap_or(0));
        let time = most(|prices| prices.work.0) * tours * i128::from((day.close - day.open).0) / 3600;
        let way = most(|prices| prices.distance.0) * (jobs + tours) * i128::from(longest(matrices).1) / 1000;
        let cost = most(|prices| prices.shift.0) * tours + time + way + 2;
        if self.objectives.tours {
            layers.tour = build::above(cost, tours)?;
        }
        let below = cost + i128::from(layers.tour.0) * tours;
        layers.job = build::above(below, jobs)?;
        let first = self.jobs.first().map_or(0, |job| job.value);
        if self.jobs.iter().any(|job| job.value != first) {
            let points: i128 = self.jobs.iter().map(|job| i128::from(job.value)).sum();
            layers.value = build::above(below + i128::from(layers.job.0) * jobs, points + 1)?;
        }
        Ok(layers)
    }

    fn skill_names(&self) -> BTreeMap<&str, SkillIx> {
        let needed = self.jobs.iter().flat_map(|job| job.all_of.iter().chain(&job.one_of));
        let owned = self.types.iter().flat_map(|of| &of.skills);
        let mut names: BTreeMap<&str, SkillIx> = needed.chain(owned).map(|name| (name.as_str(), SkillIx(0))).collect();
        names.values_mut().enumerate().for_each(|(at, ix)| *ix = SkillIx::from(at));
        names
    }
}

impl VehicleType {
    fn shift(&self, shift: &Shift, places: &Places, start: i64, day: Window) -> crate::problem::Shift {
        let close = shift.end.map_or(day.close, |end| Time(end.0 - start));
        let window = Window { open: Time(shift.earliest - start), close };
        let home = places.of_location(shift.start);
        let mut lowered = build::plain_shift(window, home, home);
        lowered.end_place = shift.end.map(|end| places.of_location(end.1));
        lowered.breaks = shift
            .breaks
            .iter()
            .map(|pause| Break {
                window: Window { open: Time(pause.window.0 - start), close: Time(pause.window.1 - start) },
                duration: Duration(pause.duration),
                paid: true,
            })
            .collect();
        lowered.breaks.sort_by_key(|pause| pause.window);
        lowered.max_jobs = self.tour_size;
        lowered.max_distance = self.max_distance.map(Meters);
        lowered.max_duration = self.max_duration.map(Duration);
        lowered.capacity.clone_from(&self.capacity);
        lowered
    }

    fn owned(&self, skills: &BTreeMap<&str, SkillIx>) -> Vec<OwnedSkill> {
        let mut owned: Vec<SkillIx> = self.skills.iter().map(|name| skills[name.as_str()]).collect();
        owned.sort_unstable();
        owned.dedup();
        let own = |skill| OwnedSkill { skill, level: 1, valid_from: None, valid_until: None, pace: Permille::ONE };
        owned.into_iter().map(own).collect()
    }
}

/// Prices of the layers, in cents.
struct Layers {
    cents: i64,
    minimised: Minimised,
    tour: Cost,
    job: Cost,
    value: Cost,
}

impl Layers {
    fn of(&self, of: &VehicleType) -> Prices {
        let whole = |rate: f64| (rate * self.cents as f64).round() as i64;
        let plain = match self.minimised {
            Minimised::Cost => Prices {
                work: Rate(whole(of.per_time * 3600.0)),
                distance: DistanceRate(whole(of.per_distance * 1000.0)),
                shift: Cost(whole(of.fixed)),
                ..Prices::default()
            },
            Minimised::Distance => Prices { distance: DistanceRate(1000), ..Prices::default() },
            Minimised::Duration => Prices { work: build::CENT_PER_TICK, ..Prices::default() },
        };
        Prices { shift: plain.shift + self.tour, ..plain }
    }
}

/// A factor on durations, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Scale(u64);

/// Profiles with their scales in use.
type Profiles = BTreeMap<(String, Scale), ProfileIx>;

impl Scale {
    fn of(of: &VehicleType) -> Self {
        Self((of.scale * 1e6).round() as u64)
    }
    /// Seconds round up.
    fn apply(self, leg: Leg) -> Leg {
        if !leg.is_reachable() {
            return leg;
        }
        let seconds = (u64::from(leg.seconds) * self.0).div_ceil(1_000_000);
        Leg { seconds: u32::try_from(seconds).unwrap_or(u32::MAX - 1).min(u32::MAX - 1), ..leg }
    }
}

fn longest(matrices: &[TravelMatrix]) -> (u32, u32) {
    let legs = matrices.iter().flat_map(TravelMatrix::legs);
    legs.filter(|leg| leg.is_reachable()).fold((0, 0), |most, leg| (most.0.max(leg.seconds), most.1.max(leg.meters)))
}

/// The places of a file, each once, in the order in which they first appear: jobs, then vehicles.
/// Their matrix rows are that order, or the index that the file gives.
struct Places {
    list: Vec<Place>,
    known: HashMap<(u64, u64), PlaceIx>,
}

impl Places {
    fn of(file: &Pragmatic, found: &mut Findings) -> Self {
        let mut places = Self { list: Vec::new(), known: HashMap::new() };
        let jobs = file.jobs.iter().map(|job| job.location);
        let shifts = file.types.iter().flat_map(|of| &of.shifts);
        let ends = shifts.flat_map(|shift| std::iter::once(shift.start).chain(shift.end.map(|end| end.1)));
        let all: Vec<Location> = jobs.chain(ends).collect();
        let by_index = all.iter().filter(|location| matches!(location, Location::Index(_))).count();
        if by_index != 0 && by_index != all.len() {
            found.add(
                "",
                Code::Contradiction,
                say!("all locations by index or all by coordinates"),
                say!("some of each"),
            );
        }
        for location in all {
            places.add(location);
        }
        places
    }

    fn key(location: Location) -> (u64, u64) {
        match location {
            Location::Index(index) => (u64::from(index), u64::MAX),
            Location::Position(position) => (position.lat.to_bits(), position.lon.to_bits()),
        }
    }

    fn add(&mut self, location: Location) {
        let next = PlaceIx::from(self.list.len());
        if *self.known.entry(Self::key(location)).or_insert(next) == next {
            self.list.push(match location {
                Location::Index(index) => Place { id: None, position: None, matrix_index: Some(index) },
                Location::Position(position) => {
                    Place { id: None, position: Some(position), matrix_index: Some(next.0) }
                }
            });
        }
    }

    fn of_location(&self, location: Location) -> PlaceIx {
        self.known.get(&Self::key(location)).copied().unwrap_or_default()
    }
}
