//! Technician routing files of Pillac, Guéret and Medaglia, and the real days with matrices of the
//! same authors: skills, tools, parts, one main depot, total working time.
//!
//! A tick is a ten-thousandth of the file's unit; travel is rounded up, so that a plan in ticks is
//! a plan in real numbers. Release dates of the dynamic variant are not here.

use crate::finding::{Code, Finding};
use crate::ids::{PartIx, PlaceIx, SkillIx, ToolIx};
use crate::import::build::{self, CENT_PER_TICK};
use crate::import::text::Findings;
use crate::import::{AnswerConvention, Imported};
use crate::problem::{Draft, Job, OwnedSkill, PartQuantity, Prices, Site, SkillLevel, SkillNeed, Technician, Window};
use crate::say;
use crate::travel::{Leg, TravelMatrix};
use crate::units::{Duration, Permille, Time};

mod reader;
pub use reader::read;

/// Ticks per unit of the file.
pub const TICKS: f64 = 10_000.0;
/// What of a tick is put down to decimal fractions in binary: below 1e-9 of the unit.
const FUZZ: f64 = 1e-6;

/// One row: the main depot, a technician's home, or a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
    /// Earliest start of service, or start of the shift.
    pub open: f64,
    /// Latest start of service, or latest return.
    pub close: f64,
    /// How long the service takes.
    pub service: f64,
    /// Skills owned or needed.
    pub skills: Vec<u32>,
    /// Tools owned or needed.
    pub tools: Vec<u32>,
    /// Units carried or needed, per part type; empty: none.
    pub parts: Vec<u32>,
}

/// Square matrices over the nodes of a file, row-major, in the file's units.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrices {
    /// Distances.
    pub distances: Vec<f64>,
    /// Travel times.
    pub times: Vec<f64>,
}

/// A whole file, in its own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Trsp {
    /// First line.
    pub name: String,
    /// Number of skills, tools and part types.
    pub kinds: [u32; 3],
    /// The main depot (id 0).
    pub depot: Row,
    /// Technicians, ids 1 to m.
    pub technicians: Vec<Row>,
    /// Requests, ids m + 1 to m + n.
    pub requests: Vec<Row>,
    /// Matrices over [`Trsp::nodes`] nodes, where the file has them.
    pub matrices: Option<Matrices>,
}

impl Trsp {
    /// Number of nodes of the matrices: depot, technicians, requests, then the end copy and the
    /// main-depot copy of each technician.
    pub fn nodes(&self) -> usize {
        1 + 3 * self.technicians.len() + self.requests.len()
    }
    /// The id of a request by position.
    pub fn request_id(&self, request: usize) -> usize {
        1 + self.technicians.len() + request
    }
    /// Node of the end copy of a technician by position.
    pub fn end_node(&self, technician: usize) -> usize {
        1 + self.technicians.len() + self.requests.len() + technician
    }
    /// Node of the main-depot copy of a technician by position.
    pub fn depot_node(&self, technician: usize) -> usize {
        1 + 2 * self.technicians.len() + self.requests.len() + technician
    }
    /// The row that a node stands for.
    pub fn row(&self, node: usize) -> &Row {
        let (m, n) = (self.technicians.len(), self.requests.len());
        match node {
            1.. if node <= m => &self.technicians[node - 1],
            1.. if node <= m + n => &self.requests[node - m - 1],
            1.. if node <= m + n + m => &self.technicians[node - m - n - 1],
            _ => &self.depot,
        }
    }
    /// Distance between two nodes, in the file's units.
    pub fn distance(&self, from: usize, to: usize) -> f64 {
        match &self.matrices {
            Some(matrices) => matrices.distances[from * self.nodes() + to],
            None => self.straight(from, to),
        }
    }
    /// Travel time between two nodes, in the file's units.
    pub fn time(&self, from: usize, to: usize) -> f64 {
        match &self.matrices {
            Some(matrices) => matrices.times[from * self.nodes() + to],
            None => self.straight(from, to),
        }
    }
    fn straight(&self, from: usize, to: usize) -> f64 {
        let (a, b) = (self.row(from), self.row(to));
        (a.x - b.x).hypot(a.y - b.y)
    }

    /// The problem: technicians from their homes, the main depot as a site of unlimited stock,
    /// working time as the only price.
    ///
    /// # Errors
    /// When a file with matrices has depot copies that lie elsewhere than the depot and someone
    /// needs the depot; or when a hand-made struct does not make a valid problem.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        self.check_depot_copies()?;
        let rows = 1 + self.technicians.len() + self.requests.len();
        // Without matrices a technician's end is the home itself, and no node is needed twice.
        let places = if self.matrices.is_some() { self.nodes() } else { rows };
        build::room(1, places)?;
        let matrix = TravelMatrix::from_fn(places, |from, to| Leg {
            seconds: up(self.time(from, to)) as u32,
            meters: up(self.distance(from, to)) as u32,
        });
        let days: i128 = self.technicians.iter().map(|row| i128::from((window(row).close - window(row).open).0)).sum();
        let price = build::above(days, self.requests.len() as i128)?;
        let all = std::iter::once(&self.depot).chain(&self.technicians).chain(&self.requests);
        let last = build::latest(all.map(|row| window(row).close));
        let mut draft = Draft::empty(self.name.clone(), build::abstract_horizon(last - Time(0)));
        draft.places = build::matrix_places(places);
        let [skills, tools, parts] = self.kinds;
        draft.skills = (0..skills).map(|at| format!("skill-{at}")).collect();
        draft.tools = (0..tools).map(|at| format!("tool-{at}")).collect();
        draft.parts = (0..parts).map(|at| format!("part-{at}")).collect();
        for (at, row) in self.technicians.iter().enumerate() {
            let end = if self.matrices.is_some() { self.end_node(at) } else { at + 1 };
            let shift = build::plain_shift(window(row), PlaceIx::from(at + 1), PlaceIx::from(end));
            build::add_technician(&mut draft, technician(at, row), shift);
        }
        if self.needs_depot() {
            draft.sites.push(Site {
                id: "main-depot".into(),
                place: PlaceIx(0),
                opening: vec![window(&self.depot)],
                collection: Duration(up(self.depot.service)),
                unlimited: true,
                tools: (0..tools).map(ToolIx).collect(),
            });
        }
        let requests = self.requests.iter().enumerate();
        draft.jobs.extend(requests.map(|(at, row)| Job {
            id: self.request_id(at).to_string(),
            place: PlaceIx::from(self.request_id(at)),
            work: Duration(up(row.service)),
            skills: SkillNeed { all_of: row.skills.iter().map(|skill| level_one(*skill)).collect(), any_of: vec![] },
            windows: vec![window(row)],
            unassigned_price: price,
            parts: counted(row).map(|(part, quantity)| PartQuantity { part, quantity }).collect(),
            tools: row.tools.iter().map(|tool| ToolIx(*tool)).collect(),
            ..Job::default()
        }));
        build::finish(draft, matrix, price, AnswerConvention::Trsp(self))
    }

    fn needs_depot(&self) -> bool {
        self.requests.iter().any(|row| !row.tools.is_empty() || row.parts.iter().any(|units| *units > 0))
    }

    /// A site is one place; depot copies with travel of their own would need a place per technician.
    fn check_depot_copies(&self) -> Result<(), Vec<Finding>> {
        let mut found = Findings::default();
        if self.matrices.is_some() && self.needs_depot() {
            let homes_and_requests = 1..self.depot_node(0);
            for copy in (0..self.technicians.len()).map(|at| self.depot_node(at)) {
                let same = homes_and_requests.clone().all(|node| {
                    self.time(copy, node) == self.time(0, node) && self.time(node, copy) == self.time(node, 0)
                });
                if !same {
                    let expected = say!("main-depot copies with the travel of the main depot");
                    found.add(format!("node {copy}"), Code::NotSupportedYet, expected, say!("another travel time"));
                }
            }
        }
        found.or(())
    }
}

/// Ticks, rounded up.
pub(super) fn up(units: f64) -> i64 {
    (units * TICKS - FUZZ).ceil() as i64
}

/// Ticks, rounded down.
fn down(units: f64) -> i64 {
    (units * TICKS + FUZZ).floor() as i64
}

fn window(row: &Row) -> Window {
    Window { open: Time(up(row.open)), close: Time(down(row.close)) }
}

fn level_one(skill: u32) -> SkillLevel {
    SkillLevel { skill: SkillIx(skill), level: 1 }
}

/// The parts of which a row has any.
fn counted(row: &Row) -> impl Iterator<Item = (PartIx, u32)> {
    row.parts.iter().enumerate().filter(|(_, units)| **units > 0).map(|(part, units)| (PartIx::from(part), *units))
}

fn technician(at: usize, row: &Row) -> Technician {
    let own = |skill: &u32| OwnedSkill {
        skill: SkillIx(*skill),
        level: 1,
        valid_from: None,
        valid_until: None,
        pace: Permille::ONE,
    };
    Technician {
        id: format!("technician-{}", at + 1),
        skills: row.skills.iter().map(own).collect(),
        stock: counted(row).collect(),
        tools: row.tools.iter().map(|tool| ToolIx(*tool)).collect(),
        prices: Prices { work: CENT_PER_TICK, ..Prices::default() },
        ..Technician::default()
    }
}
