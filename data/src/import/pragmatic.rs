//! "Pragmatic" problems of the reinterpretcat solver: jobs of one task, vehicle types with shifts,
//! required breaks, limits, skills, values, objectives in layers, routing matrices.
//!
//! Objectives in layers become prices: a point of value above all jobs, a job above all tours, a
//! tour above all costs. Whatever has no exact meaning here — pickups with deliveries, optional
//! breaks, reloads, groups, orders, areas — is refused, never dropped. A required break is stricter
//! here: it is taken once in every tour and never interrupts a service.

use crate::finding::{Code, Finding};
use crate::place::Position;
use crate::say;
use crate::travel::TravelMatrix;

mod answer;
mod lower;
mod reader;
mod sections;
#[cfg(test)]
mod tests;
pub(super) use answer::answer;
pub use reader::read;

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Location {
    /// Degrees.
    Position(Position),
    /// A row of the matrices.
    Index(u32),
}

/// What the one task of a job does with the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// Nothing.
    Service,
    /// Brings it from the start of the tour.
    Delivery,
    /// Takes it to the end of the tour.
    Pickup,
}

impl TaskKind {
    /// The type of its activity in a solution.
    pub fn activity(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Delivery => "delivery",
            Self::Pickup => "pickup",
        }
    }
}

/// A job of one task at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// What it does with the load.
    pub kind: TaskKind,
    /// Where.
    pub location: Location,
    /// Seconds of service.
    pub duration: i64,
    /// The service starts in one of these, in Unix seconds; empty: any time.
    pub times: Vec<(i64, i64)>,
    /// Given back in the solution.
    pub tag: Option<String>,
    /// Load, per dimension.
    pub demand: Vec<i64>,
    /// Skills of which the vehicle has all,
    pub all_of: Vec<String>,
    /// at least one (empty: nothing asked),
    pub one_of: Vec<String>,
    /// and none.
    pub none_of: Vec<String>,
    /// What serving it is worth.
    pub value: i64,
}

/// A required break, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// It starts in this window.
    pub window: (i64, i64),
    /// Seconds.
    pub duration: i64,
}

/// A shift of a vehicle type, in Unix seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Earliest departure.
    pub earliest: i64,
    /// Latest departure, where the file has one.
    pub latest_departure: Option<i64>,
    /// Where it starts.
    pub start: Location,
    /// Latest arrival and where; `None`: wherever the last job is.
    pub end: Option<(i64, Location)>,
    /// Breaks.
    pub breaks: Vec<Pause>,
}

/// A vehicle type.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleType {
    /// Its id.
    pub id: String,
    /// Ids of its vehicles.
    pub vehicles: Vec<String>,
    /// Name of the routing profile.
    pub profile: String,
    /// Factor on its durations.
    pub scale: f64,
    /// Cost per tour.
    pub fixed: f64,
    /// Cost per metre.
    pub per_distance: f64,
    /// Cost per second of the tour.
    pub per_time: f64,
    /// Shifts in the file's order.
    pub shifts: Vec<Shift>,
    /// Capacity, per dimension.
    pub capacity: Vec<i64>,
    /// Skills.
    pub skills: Vec<String>,
    /// Most metres of a tour.
    pub max_distance: Option<i64>,
    /// Most seconds of a tour.
    pub max_duration: Option<i64>,
    /// Most jobs of a tour.
    pub tour_size: Option<u32>,
}

/// Jobs that go to one shift of one vehicle, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Ids of the jobs.
    pub jobs: Vec<String>,
    /// Id of the vehicle.
    pub vehicle: String,
    /// Position of the shift.
    pub shift: usize,
}

/// What is minimised in the last layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Minimised {
    /// Fixed costs, distance and time at the vehicles' rates.
    #[default]
    Cost,
    /// Metres.
    Distance,
    /// Seconds of the tours.
    Duration,
}

/// The objectives: value, then the number of jobs, then that of tours, then the last layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objectives {
    /// Whether tours are counted.
    pub tours: bool,
    /// The last layer.
    pub minimised: Minimised,
}

/// A routing profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Metres per second, where there is no matrix.
    pub speed: f64,
    /// Its matrix over the locations of the file in the order in which they first appear, or over
    /// the indices that locations give.
    pub matrix: Option<TravelMatrix>,
}

/// A whole file with its matrices.
#[derive(Clone, Debug, PartialEq)]
pub struct Pragmatic {
    /// Jobs.
    pub jobs: Vec<Task>,
    /// Vehicle types.
    pub types: Vec<VehicleType>,
    /// Relations of the kind `any`.
    pub relations: Vec<Relation>,
    /// Routing profiles.
    pub profiles: Vec<Profile>,
    /// Objectives.
    pub objectives: Objectives,
}

impl Pragmatic {
    /// The order in which a type's shifts follow one another in time.
    pub(super) fn shift_order(of: &VehicleType) -> Vec<usize> {
        let mut order: Vec<usize> = (0..of.shifts.len()).collect();
        order.sort_by_key(|at| of.shifts[*at].earliest);
        order
    }

    /// Type, vehicle and shift of the file for each shift of the problem.
    pub(super) fn tours(&self) -> Vec<(&VehicleType, &str, usize)> {
        let of_type = |of| {
            let order = Self::shift_order(of);
            of.vehicles.iter().flat_map(move |id| order.clone().into_iter().map(move |shift| (of, id.as_str(), shift)))
        };
        self.types.iter().flat_map(of_type).collect()
    }

    /// How many cents one unit of the file's cost stands for: the least power of ten that makes
    /// every rate whole.
    ///
    /// # Errors
    /// When a rate has too many decimals.
    pub fn cents(&self) -> Result<i64, Vec<Finding>> {
        let rates = self.types.iter().flat_map(|of| [of.fixed, of.per_distance * 1000.0, of.per_time * 3600.0]);
        let rates: Vec<f64> = rates.collect();
        let whole = |cents: i64| {
            rates.iter().all(|rate| {
                let scaled = rate * cents as f64;
                (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
            })
        };
        (0..=6).map(|power| 10_i64.pow(power)).find(|cents| whole(*cents)).ok_or_else(|| {
            let expected = say!("costs whose hourly and kilometre rates have at most 6 decimals");
            vec![Finding::new("/fleet/vehicles", Code::OutOfRange, expected, say!("more decimals"))]
        })
    }
}
