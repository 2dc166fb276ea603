//! VROOM problems: jobs, vehicles, skills, windows, breaks, limits, matrices or coordinates.
//!
//! Kept exactly: the sum of priorities first, then the number of jobs, then the vehicle costs (each
//! by a price above all that follows it); windows that bind the begin of a task; set-up that is
//! skipped at a repeated place. Whatever would change its meaning here — shipments, mixed pickups
//! and deliveries, costs per task, vehicles without a start — is refused, never dropped. Routing by
//! coordinates is for whoever has roads; until then travel is the great circle.

use crate::finding::{Code, Finding};
use crate::ids::{PlaceIx, ProfileIx, SkillIx};
use crate::import::text::Findings;
use crate::import::{AnswerConvention, Imported, build};
use crate::lang::value;
use crate::limits;
use crate::place::{Place, Position};
use crate::problem::{
    Break, Draft, Horizon, Job, OwnedSkill, Prices, Problem, SkillLevel, SkillNeed, Technician, TravelProfile,
    TravelSource, Window,
};
use crate::say;
use crate::travel::{Travel, TravelMatrix};
use crate::units::{Cost, DistanceRate, Duration, Meters, Permille, Rate, Time};
use std::collections::{BTreeMap, HashMap};

mod answer;
mod reader;
#[cfg(test)]
mod tests;
mod ticks;
pub(super) use answer::answer;
pub use reader::read;

/// Where something is: coordinates, a row of the matrices, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Location {
    /// Degrees.
    pub position: Option<Position>,
    /// Row and column of the matrices.
    pub index: Option<u32>,
}

/// A task of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: u64,
    /// Free text, given back in the answer.
    pub description: Option<String>,
    /// Where.
    pub location: Location,
    /// Seconds before the service, skipped when the task before is at the same place.
    pub setup: i64,
    /// Seconds of service.
    pub service: i64,
    /// Load brought from the start, per dimension.
    pub delivery: Vec<i64>,
    /// Load taken to the end, per dimension.
    pub pickup: Vec<i64>,
    /// Skills needed, all of them.
    pub skills: Vec<u32>,
    /// 0 to 100; the sum over served tasks comes first.
    pub priority: i64,
    /// The task begins (set-up included) in one of these; empty: any time.
    pub windows: Vec<(i64, i64)>,
}

/// A break of a vehicle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pause {
    /// Its id.
    pub id: u64,
    /// Free text, given back in the answer.
    pub description: Option<String>,
    /// It starts in this window; `None`: any time.
    pub window: Option<(i64, i64)>,
    /// Seconds.
    pub service: i64,
}

/// A vehicle of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vehicle {
    /// Its id.
    pub id: u64,
    /// Free text, given back in the answer.
    pub description: Option<String>,
    /// Name of its routing profile.
    pub profile: String,
    /// Where it starts.
    pub start: Location,
    /// Where it ends; `None`: at the last task.
    pub end: Option<Location>,
    /// Capacity, per dimension.
    pub capacity: Vec<i64>,
    /// Cost of use.
    pub fixed: i64,
    /// Cost per hour of travel.
    pub per_hour: i64,
    /// Cost per kilometre.
    pub per_km: i64,
    /// Skills it has.
    pub skills: Vec<u32>,
    /// Working hours; `None`: any time.
    pub window: Option<(i64, i64)>,
    /// Breaks, each taken once when the vehicle is used.
    pub breaks: Vec<Pause>,
    /// Speed in thousandths of the profile's.
    pub speed: u32,
    /// What a leg takes in hundredths of the profile's time: the inverse of the speed, rounded as VROOM rounds it.
    pub pace: u32,
    /// Most tasks.
    pub max_tasks: Option<u32>,
    /// Most seconds of travel.
    pub max_travel_time: Option<i64>,
    /// Most metres.
    pub max_distance: Option<i64>,
}

/// Matrices of one profile, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileMatrix {
    /// Name of the profile.
    pub profile: String,
    /// Seconds, and metres where the file has them.
    pub matrix: TravelMatrix,
    /// Whether the file gives distances.
    pub has_distances: bool,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vroom {
    /// Tasks.
    pub jobs: Vec<Task>,
    /// Vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Matrices; empty: travel from coordinates.
    pub matrices: Vec<ProfileMatrix>,
}

impl Vroom {
    /// The instant that moment zero of the problem stands for, in the file's seconds: zero for
    /// relative times, the first midnight (UTC) for times that are instants.
    pub fn epoch(&self) -> i64 {
        const INSTANTS: i64 = 300_000_000; // past 1979: no planning horizon is that long
        let first = self.opens().min().unwrap_or(0);
        if first >= INSTANTS { first.div_euclid(limits::DAY) * limits::DAY } else { 0 }
    }

    fn opens(&self) -> impl Iterator<Item = i64> {
        self.all_windows().map(|window| window.0)
    }

    fn all_windows(&self) -> impl Iterator<Item = (i64, i64)> {
        let tasks = self.jobs.iter().flat_map(|job| job.windows.iter().copied());
        let hours = self.vehicles.iter().filter_map(|vehicle| vehicle.window);
        let breaks = self.vehicles.iter().flat_map(|vehicle| vehicle.breaks.iter().filter_map(|pause| pause.window));
        tasks.chain(hours).chain(breaks)
    }

    /// The problem: one technician per vehicle, one job per task.
    ///
    /// # Errors
    /// Points of the file that cannot be kept exactly, and numbers that do not fit.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        let (problem, travel) = self.lower(self.epoch())?;
        Ok(Imported { problem, travel, answer: AnswerConvention::Vroom { file: self, ticks: 1 } })
    }

    /// The problem, its moment zero at `epoch` of the file.
    fn lower(&self, epoch: i64) -> Result<(Problem, Travel), Vec<Finding>> {
        let mut found = Findings::default();
        let places = Places::of(self);
        self.refuse_lossy(&mut found, &places);
        if !found.is_empty() {
            return Err(found.into_vec());
        }
        let (profiles, matrices) = self.travel(&places)?;
        let cost = self.dearest(&matrices);
        let (by_priority, by_job) = self.prices(cost)?;
        let end = self.end(&matrices, epoch) - epoch;
        let day = Window { open: Time(0), close: Time(end) };
        let start = jiff::Timestamp::from_second(epoch).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let mut draft = Draft::empty("vroom", Horizon { start, length: Duration(end), zone: jiff::tz::TimeZone::UTC });
        let skills = self.skill_names();
        draft.skills = skills.keys().map(ToString::to_string).collect();
        draft.profiles = profiles.keys().map(|name| TravelProfile::named(*name)).collect();
        draft.objective.priority_prices = [by_job; 4];
        for vehicle in &self.vehicles {
            let window = vehicle.window.map_or(day, |window| shifted(window, epoch));
            let home = places.of_location(vehicle.start);
            let mut shift = build::plain_shift(window, home, home);
            shift.end_place = vehicle.end.map(|location| places.of_location(location));
            shift.breaks = vehicle.breaks(window, epoch);
            shift.max_jobs = vehicle.max_tasks;
            shift.max_travel = vehicle.max_travel_time.map(Duration);
            shift.max_distance = vehicle.max_distance.map(Meters);
            shift.capacity.clone_from(&vehicle.capacity);
            let technician = vehicle.technician(profiles[vehicle.profile.as_str()], &skills);
            build::add_technician(&mut draft, technician, shift);
        }
        for job in &self.jobs {
            let place = places.of_location(job.location);
            // At a place of its own the set-up is always paid and simply the begin of the task.
            let (setup, work) =
                if places.shared[place.index()] { (job.setup, job.service) } else { (0, job.setup + job.service) };
            let windows = job.windows.iter().map(|window| shifted(*window, epoch));
            let level = |skill: &u32| SkillLevel { skill: skills[skill], level: 1 };
            draft.jobs.push(Job {
                id: job.id.to_string(),
                place,
                work: Duration(work),
                setup: Duration(setup),
                skills: SkillNeed { all_of: job.skills.iter().map(level).collect(), any_of: Vec::new() },
                windows: if job.windows.is_empty() { vec![day] } else { windows.collect() },
                unassigned_price: by_priority * job.priority + by_job,
                load: job.load(),
                ..Job::default()
            });
        }
        draft.places = places.list;
        let travel = Travel::new(matrices.clone());
        draft.travel = if self.matrices.is_empty() {
            TravelSource::GreatCircle { detour: build::DETOUR, meters_per_second: build::CRUISE }
        } else {
            TravelSource::Matrices(matrices)
        };
        Ok((draft.check()?, travel))
    }

    /// What the reader cannot see line by line: set-up, capacity and priorities across tasks.
    fn refuse_lossy(&self, found: &mut Findings, places: &Places) {
        let dimensions = self.vehicles.first().map_or(0, |vehicle| vehicle.capacity.len());
        for (at, vehicle) in self.vehicles.iter().enumerate() {
            if vehicle.capacity.len() != dimensions {
                let got = say!("{} dimensions", vehicle.capacity.len());
                found.add(
                    format!("/vehicles/{at}/capacity"),
                    Code::Contradiction,
                    say!("{}, as in the first", dimensions),
                    got,
                );
            }
        }
        let mut used = vec![(false, false); dimensions];
        for (at, job) in self.jobs.iter().enumerate() {
            for (key, load) in [("delivery", &job.delivery), ("pickup", &job.pickup)] {
                if !load.is_empty() && load.len() != dimensions {
                    let expected = say!("{} dimensions, as capacities have", dimensions);
                    found.add(format!("/jobs/{at}/{key}"), Code::Contradiction, expected, value(load.len()));
                }
            }
            for (dimension, used) in used.iter_mut().enumerate() {
                used.0 |= job.delivery.get(dimension).is_some_and(|load| *load > 0);
                used.1 |= job.pickup.get(dimension).is_some_and(|load| *load > 0);
            }
            let shared = places.shared[places.of_location(job.location).index()];
            if job.setup > 0 && shared && !job.windows.is_empty() {
                let finding = Finding::new(
                    format!("/jobs/{at}/setup"),
                    Code::NotSupportedYet,
                    say!("set-up and windows together only at a place of its own"),
                    say!("a place that another task or a vehicle uses too"),
                );
                found.push(
                    finding.hint(say!("there a window binds the begin of the set-up, here the begin of the work")),
                );
            } else if job.setup > 0 && places.starts.contains(&places.of_location(job.location)) {
                let expected = say!("no set-up where a vehicle starts");
                let got = say!("a vehicle that would skip it as its first task");
                found.add(format!("/jobs/{at}/setup"), Code::NotSupportedYet, expected, got);
            }
        }
        if let Some(dimension) = used.iter().position(|used| *used == (true, true)) {
            let got = say!("both in dimension {}", dimension);
            found.add("/jobs", Code::NotSupportedYet, say!("deliveries or pickups in a dimension, not both"), got);
        }
    }

    /// Profiles in use, and the matrix of each over the problem's places.
    fn travel(&self, places: &Places) -> Result<(Profiles<'_>, Vec<TravelMatrix>), Vec<Finding>> {
        let mut profiles: Profiles<'_> =
            self.vehicles.iter().map(|vehicle| (vehicle.profile.as_str(), ProfileIx(0))).collect();
        profiles.values_mut().enumerate().for_each(|(at, ix)| *ix = ProfileIx::from(at));
        build::room(profiles.len(), places.list.len())?;
        if self.matrices.is_empty() {
            let positions: Vec<Option<Position>> = places.list.iter().map(|place| place.position).collect();
            let matrix = TravelMatrix::great_circle(&positions, build::DETOUR, build::CRUISE);
            return Ok((profiles.clone(), vec![matrix; profiles.len()]));
        }
        let picks: Vec<usize> = places.list.iter().map(|place| place.matrix_index.unwrap_or(0) as usize).collect();
        let mut found = Findings::default();
        let mut matrices = Vec::new();
        for name in profiles.keys() {
            let given = self.matrices.iter().find(|matrix| matrix.profile == **name);
            let needs = self
                .vehicles
                .iter()
                .any(|vehicle| vehicle.profile == **name && (vehicle.per_km > 0 || vehicle.max_distance.is_some()));
            match given {
                None => found.add("/matrices", Code::MissingKey, value(format_args!("\"{name}\"")), say!("nothing")),
                Some(given) if needs && !given.has_distances => {
                    let expected = say!("\"distances\", for costs per kilometre or a longest distance");
                    found.add(format!("/matrices/{name}"), Code::MissingKey, expected, say!("nothing"));
                }
                Some(given) => match picks.iter().max() {
                    Some(most) if *most >= given.matrix.size() => {
                        let expected = say!("a matrix over index {}", most);
                        let got = say!("{} rows", given.matrix.size());
                        found.add(format!("/matrices/{name}"), Code::UnknownReference, expected, got);
                    }
                    _ => matrices.push(given.matrix.select(&picks)),
                },
            }
        }
        found.or((profiles, matrices))
    }

    /// No plan costs more in vehicles: every leg at its longest, at the dearest rates.
    fn dearest(&self, matrices: &[TravelMatrix]) -> i128 {
        let (seconds, meters) = longest(matrices);
        let legs = (self.jobs.len() + self.vehicles.len()) as i128;
        let most = |of: fn(&Vehicle) -> i64| i128::from(self.vehicles.iter().map(of).max().unwrap_or(0));
        let slowest = i128::from(self.vehicles.iter().map(|vehicle| vehicle.speed).min().unwrap_or(1000).max(1));
        let fixed: i128 = self.vehicles.iter().map(|vehicle| i128::from(vehicle.fixed)).sum();
        let hours = most(|vehicle| vehicle.per_hour) * legs * (i128::from(seconds) * 1000 / slowest + 1) / 3600;
        let way = most(|vehicle| vehicle.per_km) * legs * i128::from(meters) / 1000;
        fixed + hours + way + 2
    }

    /// Prices of a priority point and of a job: a point is above all jobs, a job above all costs.
    /// Where all priorities are the same, their sum is the number of jobs and needs no price.
    fn prices(&self, cost: i128) -> Result<(Cost, Cost), Vec<Finding>> {
        let jobs = self.jobs.len() as i128;
        let first = self.jobs.first().map_or(0, |job| job.priority);
        let by_job = build::above(cost, jobs)?;
        if self.jobs.iter().all(|job| job.priority == first) {
            return Ok((Cost::ZERO, by_job));
        }
        let points: i128 = self.jobs.iter().map(|job| i128::from(job.priority)).sum();
        Ok((build::above(cost + i128::from(by_job.0) * jobs, points + 1)?, by_job))
    }

    /// The end of the horizon, in the file's seconds: past every window, and where a vehicle has no
    /// hours, late enough for all work one after the other (at most the longest horizon).
    fn end(&self, matrices: &[TravelMatrix], epoch: i64) -> i64 {
        let last = self.all_windows().map(|window| window.1).max().unwrap_or(epoch);
        if self.vehicles.iter().all(|vehicle| vehicle.window.is_some()) {
            return last;
        }
        let slowest = i64::from(self.vehicles.iter().map(|vehicle| vehicle.speed).min().unwrap_or(1000).max(1));
        let leg = (i64::from(longest(matrices).0) * 1000).saturating_div(slowest) + 1;
        let travel = leg.saturating_mul(self.jobs.len() as i64 + 1);
        let work: i64 = self.jobs.iter().map(|job| job.setup + job.service).sum();
        let breaks: i64 = self.vehicles.iter().flat_map(|vehicle| &vehicle.breaks).map(|pause| pause.service).sum();
        let all = last.saturating_add(travel).saturating_add(work).saturating_add(breaks);
        all.min(epoch + limits::HORIZON).max(last)
    }

    fn skill_names(&self) -> BTreeMap<u32, SkillIx> {
        let needed = self.jobs.iter().flat_map(|job| &job.skills);
        let owned = self.vehicles.iter().flat_map(|vehicle| &vehicle.skills);
        let mut names: BTreeMap<u32, SkillIx> = needed.chain(owned).map(|skill| (*skill, SkillIx(0))).collect();
        names.values_mut().enumerate().for_each(|(at, ix)| *ix = SkillIx::from(at));
        names
    }
}

impl Task {
    /// The load on the shift: in each dimension either all deliveries or all pickups, so that the
    /// sum over a route is its fullest moment.
    fn load(&self) -> Vec<i64> {
        let dimensions = self.delivery.len().max(self.pickup.len());
        let at = |load: &[i64], dimension: usize| load.get(dimension).copied().unwrap_or(0);
        (0..dimensions).map(|dimension| at(&self.delivery, dimension) + at(&self.pickup, dimension)).collect()
    }
}

impl Vehicle {
    fn breaks(&self, hours: Window, epoch: i64) -> Vec<Break> {
        let mut breaks: Vec<Break> = self
            .breaks
            .iter()
            .map(|pause| Break {
                window: pause.window.map_or(hours, |window| shifted(window, epoch)),
                duration: Duration(pause.service),
                paid: false,
            })
            .collect();
        breaks.sort_by_key(|pause| pause.window);
        breaks
    }

    fn technician(&self, profile: ProfileIx, skills: &BTreeMap<u32, SkillIx>) -> Technician {
        let own = |skill: &u32| OwnedSkill {
            skill: skills[skill],
            level: 1,
            valid_from: None,
            valid_until: None,
            pace: Permille::ONE,
        };
        Technician {
            id: self.id.to_string(),
            skills: self.skills.iter().map(own).collect(),
            prices: Prices {
                travel: Rate(self.per_hour),
                distance: DistanceRate(self.per_km),
                shift: Cost(self.fixed),
                ..Prices::default()
            },
            profile,
            speed: Permille(self.speed),
            ..Technician::default()
        }
    }
}

fn shifted((open, close): (i64, i64), epoch: i64) -> Window {
    Window { open: Time(open - epoch), close: Time(close - epoch) }
}

fn longest(matrices: &[TravelMatrix]) -> (u32, u32) {
    let legs = matrices.iter().flat_map(TravelMatrix::legs);
    legs.filter(|leg| leg.is_reachable()).fold((0, 0), |most, leg| (most.0.max(leg.seconds), most.1.max(leg.meters)))
}

/// Names of the profiles in use.
type Profiles<'a> = BTreeMap<&'a str, ProfileIx>;

/// The places of a file, each once, and which of them more than one thing uses.
struct Places {
    list: Vec<Place>,
    known: HashMap<(Option<u32>, u64, u64), PlaceIx>,
    shared: Vec<bool>,
    starts: Vec<PlaceIx>,
}

impl Places {
    fn of(file: &Vroom) -> Self {
        let mut places = Self { list: Vec::new(), known: HashMap::new(), shared: Vec::new(), starts: Vec::new() };
        for vehicle in &file.vehicles {
            let start = places.add(vehicle.start);
            places.starts.push(start);
            if let Some(end) = vehicle.end {
                places.add(end);
            }
        }
        for job in &file.jobs {
            places.add(job.location);
        }
        places
    }

    /// Places are the same by index where there is one, else by coordinates.
    fn key(location: Location) -> (Option<u32>, u64, u64) {
        match (location.index, location.position) {
            (Some(index), _) => (Some(index), 0, 0),
            (None, Some(position)) => (None, position.lat.to_bits(), position.lon.to_bits()),
            (None, None) => (None, 0, 0),
        }
    }

    fn add(&mut self, location: Location) -> PlaceIx {
        let next = PlaceIx::from(self.list.len());
        let ix = *self.known.entry(Self::key(location)).or_insert(next);
        if ix == next {
            self.list.push(Place { id: None, position: location.position, matrix_index: location.index });
            self.shared.push(false);
        } else {
            self.shared[ix.index()] = true;
        }
        ix
    }

    fn of_location(&self, location: Location) -> PlaceIx {
        self.known.get(&Self::key(location)).copied().unwrap_or_default()
    }
}
