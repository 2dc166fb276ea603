//! Solomon and Gehring–Homberger files: vehicles from one depot, customers with demand and window.
//!
//! Convention of the DIMACS challenge: distances truncated to one decimal, so a tick is a tenth of
//! the file's unit; the plan pays for distance alone. Vehicles-first ranking is not here.

use crate::finding::{Code, Finding};
use crate::ids::PlaceIx;
use crate::import::build::{self, CENT_PER_TICK};
use crate::import::text::{self, Findings, Line, MOST_PLACES, MOST_TECHNICIANS};
use crate::import::{AnswerConvention, Imported};
use crate::lang::value;
use crate::problem::{Draft, Job, Prices, Technician, Window};
use crate::say;
use crate::travel::{Leg, TravelMatrix};
use crate::units::{Duration, Time};

/// Ticks per unit of the file.
pub const TICKS: i64 = 10;

const COLUMNS: [&str; 7] = ["CUST NO.", "XCOORD.", "YCOORD.", "DEMAND", "READY TIME", "DUE DATE", "SERVICE TIME"];
const MOST_COORDINATE: f64 = 1e7;
const MOST_TIME: i64 = 1_000_000_000;
const MOST_LOAD: i64 = 1_000_000_000;

/// One row of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Customer {
    /// Its number in the file.
    pub number: u32,
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
    /// What it takes of a vehicle's capacity.
    pub demand: i64,
    /// Earliest start of service.
    pub ready: i64,
    /// Latest start of service; for the depot the latest return.
    pub due: i64,
    /// How long the service takes.
    pub service: i64,
}

/// A whole file, in its own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Vrptw {
    /// First line.
    pub name: String,
    /// Number of vehicles.
    pub vehicles: usize,
    /// Capacity of each.
    pub capacity: i64,
    /// The depot, then the customers.
    pub rows: Vec<Customer>,
}

/// Reads the text of a file.
///
/// # Errors
/// All findings, each with its line.
pub fn read(text: &str) -> Result<Vrptw, Vec<Finding>> {
    let mut found = Findings::default();
    let mut name = None;
    let mut fleet = None;
    let mut rows: Vec<Customer> = Vec::new();
    for line in text::lines(text) {
        if name.is_none() && !line.is_numeric() {
            name = Some(line.text.to_owned());
        } else if !line.is_numeric() {
            header(&mut found, line);
        } else if fleet.is_none() {
            fleet = Some(vehicles(&mut found, line));
        } else if rows.len() >= MOST_PLACES {
            found.add(line.pointer(), Code::TooLarge, say!("at most {} rows", MOST_PLACES), say!("more"));
            break;
        } else {
            rows.extend(customer(&mut found, line));
        }
        if found.is_full() {
            break;
        }
    }
    check_numbers(&mut found, &rows);
    let (vehicles, capacity) = match fleet {
        Some(Some(fleet)) => fleet,
        Some(None) => (0, 0),
        None => {
            found.add("", Code::BadFormat, say!("a line of vehicle number and capacity"), say!("none"));
            (0, 0)
        }
    };
    found.or(Vrptw { name: name.unwrap_or_default(), vehicles, capacity, rows })
}

fn header(found: &mut Findings, line: Line<'_>) {
    let known = ["VEHICLE", "NUMBER", "CUSTOMER", "CUST"];
    let first = line.text.split_whitespace().next().unwrap_or_default();
    if !known.contains(&first.to_ascii_uppercase().as_str()) {
        found.add(line.pointer(), Code::BadFormat, say!("a heading or a line of numbers"), value(line.text));
    }
}

fn vehicles(found: &mut Findings, line: Line<'_>) -> Option<(usize, i64)> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let [number, capacity] = words[..] else {
        found.add(line.pointer(), Code::BadFormat, say!("vehicle number and capacity"), value(line.text));
        return None;
    };
    let number = text::whole(found, line, "NUMBER", number, 1..=MOST_TECHNICIANS as i64);
    let capacity = text::whole(found, line, "CAPACITY", capacity, 0..=MOST_LOAD);
    Some((usize::try_from(number?).ok()?, capacity?))
}

fn customer(found: &mut Findings, line: Line<'_>) -> Option<Customer> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let [number, x, y, demand, ready, due, service] = words[..] else {
        found.add(line.pointer(), Code::BadFormat, say!("seven numbers"), say!("{} words", words.len()));
        return None;
    };
    let coordinate = -MOST_COORDINATE..=MOST_COORDINATE;
    let number = text::whole(found, line, COLUMNS[0], number, 0..=MOST_LOAD);
    let x = text::real(found, line, COLUMNS[1], x, coordinate.clone());
    let y = text::real(found, line, COLUMNS[2], y, coordinate);
    let demand = text::whole(found, line, COLUMNS[3], demand, 0..=MOST_LOAD);
    let ready = text::whole(found, line, COLUMNS[4], ready, 0..=MOST_TIME);
    let due = text::whole(found, line, COLUMNS[5], due, 0..=MOST_TIME);
    let service = text::whole(found, line, COLUMNS[6], service, 0..=MOST_TIME);
    let row = Customer {
        number: u32::try_from(number?).ok()?,
        x: x?,
        y: y?,
        demand: demand?,
        ready: ready?,
        due: due?,
        service: service?,
    };
    if row.due < row.ready {
        let pointer = format!("line {}, {}", line.number, COLUMNS[5]);
        found.add(pointer, Code::ClosedBeforeOpen, say!("at or after {}", row.ready), value(row.due));
    }
    Some(row)
}

fn check_numbers(found: &mut Findings, rows: &[Customer]) {
    if rows.is_empty() && found.is_empty() {
        found.add("", Code::BadFormat, say!("a depot and customers"), say!("no rows"));
    }
    let mut seen = std::collections::HashSet::new();
    for row in rows {
        if !seen.insert(row.number) {
            found.add(COLUMNS[0], Code::DuplicateId, say!("each number once"), value(row.number));
        }
    }
}

impl Vrptw {
    /// Distance between two rows in ticks: tenths of the unit, truncated.
    pub fn distance(&self, from: usize, to: usize) -> u32 {
        let (a, b) = (self.rows[from], self.rows[to]);
        let (dx, dy) = (a.x - b.x, a.y - b.y);
        // Within u32: coordinates are bounded by the reader. The tiny term keeps 3-4-5 whole.
        ((dx * dx + dy * dy).sqrt() * 10.0 + 1e-9).floor() as u32
    }

    /// The problem: one technician per vehicle, one job per customer, distance as the only price.
    ///
    /// # Errors
    /// When the numbers of a hand-made struct do not make a valid problem.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        let Some((depot, customers)) = self.rows.split_first() else {
            return Err(vec![Finding::new("", Code::BadFormat, say!("a depot and customers"), say!("no rows"))]);
        };
        let matrix = TravelMatrix::from_fn(self.rows.len(), |from, to| {
            let ticks = self.distance(from, to);
            Leg { seconds: ticks, meters: ticks }
        });
        let price = build::above(self.dearest(&matrix), self.rows.len() as i128)?;
        let last = self.rows.iter().map(|row| row.due).max().unwrap_or(0);
        let horizon = build::abstract_horizon(Duration(last * TICKS));
        let mut draft = Draft::empty(self.name.clone(), horizon);
        draft.places = build::matrix_places(self.rows.len());
        for vehicle in 1..=self.vehicles {
            let technician = Technician {
                id: format!("vehicle-{vehicle}"),
                prices: Prices { travel: CENT_PER_TICK, ..Prices::default() },
                ..Technician::default()
            };
            let mut shift = build::plain_shift(window(depot), PlaceIx(0), PlaceIx(0));
            shift.capacity = vec![self.capacity];
            build::add_technician(&mut draft, technician, shift);
        }
        draft.jobs.extend(customers.iter().enumerate().map(|(at, row)| Job {
            id: row.number.to_string(),
            place: PlaceIx::from(at + 1),
            work: Duration(row.service * TICKS),
            windows: vec![window(row)],
            unassigned_price: price,
            load: vec![row.demand],
            ..Job::default()
        }));
        build::finish(draft, matrix, price, AnswerConvention::Vrptw(self))
    }

    /// No plan drives further: neither more than every leg at its longest, nor past the day.
    fn dearest(&self, matrix: &TravelMatrix) -> i128 {
        let size = matrix.size();
        let longest = matrix.legs().map(|leg| leg.seconds).max().unwrap_or(0);
        let legs = (size + self.vehicles) as i128 * i128::from(longest);
        let days = self.rows.first().map_or(0, |depot| i128::from((depot.due - depot.ready) * TICKS));
        legs.min(days * self.vehicles as i128)
    }
}

fn window(row: &Customer) -> Window {
    Window { open: Time(row.ready * TICKS), close: Time(row.due * TICKS) }
}
