//! Site-dependent `.vrp` files: who may serve whom, a fixed fleet, a longest route duration.
//!
//! A tick is a thousandth of the file's unit: each distance, window, service and limit × 1000,
//! rounded to nearest. The plan pays for distance alone.

use crate::finding::{Code, Finding};
use crate::ids::{PlaceIx, TechIx};
use crate::import::build::{self, CENT_PER_TICK};
use crate::import::{AnswerConvention, Imported};
use crate::problem::{Draft, Job, Prices, Technician, Window};
use crate::say;
use crate::travel::{Leg, TravelMatrix};
use crate::units::{Duration, Time};

mod reader;
pub use reader::read;

/// Ticks per unit of the file.
pub const TICKS: f64 = 1000.0;

/// One node: the depot or a client.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Node {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
    /// What it takes of a vehicle's capacity.
    pub demand: f64,
    /// How long the service takes.
    pub service: f64,
    /// Earliest start of service.
    pub open: f64,
    /// Latest start of service; for the depot the latest return.
    pub close: f64,
}

/// One vehicle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vehicle {
    /// Its capacity.
    pub capacity: f64,
    /// Positions of the nodes it may serve (node id − 1), sorted; `None`: all.
    pub clients: Option<Vec<usize>>,
}

/// A whole file, in its own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Sdvrptw {
    /// `NAME`.
    pub name: String,
    /// The depot, then the clients.
    pub nodes: Vec<Node>,
    /// Vehicles in the file's order.
    pub vehicles: Vec<Vehicle>,
    /// Longest duration of a route, waiting included; `None`: no limit.
    pub max_duration: Option<f64>,
}

impl Sdvrptw {
    /// Distance between two nodes in ticks.
    pub fn distance(&self, from: usize, to: usize) -> u32 {
        let (a, b) = (self.nodes[from], self.nodes[to]);
        // Within u32: coordinates are bounded by the reader.
        nearest((a.x - b.x).hypot(a.y - b.y)) as u32
    }

    /// The problem: one technician per vehicle, one job per client, distance as the only price.
    ///
    /// # Errors
    /// When the numbers of a hand-made struct do not make a valid problem.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        let Some((depot, clients)) = self.nodes.split_first() else {
            return Err(vec![Finding::new("", Code::BadFormat, say!("a depot and clients"), say!("no nodes"))]);
        };
        let matrix = TravelMatrix::from_fn(self.nodes.len(), |from, to| {
            let ticks = self.distance(from, to);
            Leg { seconds: ticks, meters: ticks }
        });
        let day = window(depot);
        let days = i128::from((day.close - day.open).0) * self.vehicles.len() as i128;
        let price = build::above(days, clients.len() as i128)?;
        let last = build::latest(self.nodes.iter().map(|node| window(node).close));
        let mut draft = Draft::empty(self.name.clone(), build::abstract_horizon(last - Time(0)));
        draft.places = build::matrix_places(self.nodes.len());
        for (at, vehicle) in self.vehicles.iter().enumerate() {
            let technician = Technician {
                id: format!("vehicle-{}", at + 1),
                prices: Prices { travel: CENT_PER_TICK, ..Prices::default() },
                ..Technician::default()
            };
            let mut shift = build::plain_shift(day, PlaceIx(0), PlaceIx(0));
            shift.capacity = vec![nearest(vehicle.capacity)];
            shift.max_duration = self.max_duration.map(|most| Duration(nearest(most)));
            build::add_technician(&mut draft, technician, shift);
        }
        draft.jobs.extend(clients.iter().enumerate().map(|(at, node)| Job {
            id: (at + 1).to_string(),
            place: PlaceIx::from(at + 1),
            work: Duration(nearest(node.service)),
            windows: vec![window(node)],
            unassigned_price: price,
            required_technicians: self.servers(at + 1),
            load: vec![nearest(node.demand)],
            ..Job::default()
        }));
        build::finish(draft, matrix, price, AnswerConvention::Sdvrptw(self))
    }

    /// Who may serve a node; `None` where everyone may.
    fn servers(&self, node: usize) -> Option<Vec<TechIx>> {
        let may = |vehicle: &Vehicle| vehicle.clients.as_ref().is_none_or(|all| all.binary_search(&node).is_ok());
        let servers: Vec<TechIx> = self
            .vehicles
            .iter()
            .enumerate()
            .filter(|(_, vehicle)| may(vehicle))
            .map(|(at, _)| TechIx::from(at))
            .collect();
        (servers.len() < self.vehicles.len()).then_some(servers)
    }
}

/// Ticks, rounded to nearest, halves to even.
pub(super) fn nearest(units: f64) -> i64 {
    (units * TICKS).round_ties_even() as i64
}

fn window(node: &Node) -> Window {
    Window { open: Time(nearest(node.open)), close: Time(nearest(node.close)) }
}
