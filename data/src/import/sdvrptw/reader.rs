//! Text of a `.vrp` file → [`Sdvrptw`]: `KEY: value` lines and sections of numbered rows.

use super::{Node, Sdvrptw, Vehicle};
use crate::finding::{Code, Finding};
use crate::import::text::{self, Findings, Line, MOST_PLACES, MOST_TECHNICIANS};
use crate::lang;
use crate::lang::value;
use crate::say;
use std::ops::RangeInclusive;

/// Coordinates: a leg in ticks must stay within 32 bits.
const MOST_COORDINATE: f64 = 1e6;
const TIMES: RangeInclusive<f64> = 0.0..=1e7;
const LOADS: RangeInclusive<f64> = 0.0..=1e9;

/// The sections of a file: name, columns after the id, whether rows are numbered by vehicle.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Coordinates,
    Demands,
    Services,
    Windows,
    Capacities,
    Allowed,
    Depot,
}

fn section(name: &str) -> Option<Section> {
    Some(match name {
        "NODE_COORD_SECTION" => Section::Coordinates,
        "DEMAND_SECTION" => Section::Demands,
        "SERVICE_TIME_SECTION" => Section::Services,
        "TIME_WINDOW_SECTION" => Section::Windows,
        "CAPACITY_SECTION" => Section::Capacities,
        "VEHICLES_ALLOWED_CLIENTS_SECTION" => Section::Allowed,
        "DEPOT_SECTION" => Section::Depot,
        _ => return None,
    })
}

/// What has been read so far. Rows are marked as they come, so that none is missing or twice.
#[derive(Default)]
struct Reading {
    found: Findings,
    name: String,
    nodes: Vec<Node>,
    vehicles: Vec<Vehicle>,
    max_duration: Option<f64>,
    capacity: bool,
    /// Rows seen per section.
    rows: [Vec<bool>; 6],
}

/// Reads the text of a file.
///
/// # Errors
/// All findings, each with its line.
pub fn read(text: &str) -> Result<Sdvrptw, Vec<Finding>> {
    let mut reading = Reading::default();
    let mut current = None;
    for line in text::lines(text) {
        if line.text == "EOF" || reading.found.is_full() {
            break;
        } else if let Some(known) = section(line.text) {
            reading.open(line, known);
            current = Some(known);
        } else if let Some((key, value)) = line.text.split_once(':') {
            current = None;
            reading.key(line, key.trim(), value.trim());
        } else if let (Some(section), true) = (current, line.is_numeric()) {
            reading.row(line, section);
        } else {
            reading.found.add(
                line.pointer(),
                Code::BadFormat,
                say!("a key, a section or a row of numbers"),
                value(line.text),
            );
        }
    }
    reading.close()
}

impl Reading {
    fn key(&mut self, line: Line<'_>, key: &str, value: &str) {
        let found = &mut self.found;
        match key {
            "NAME" => value.clone_into(&mut self.name),
            "COMMENT" => {}
            "TYPE" => one_of(found, line, value, &["SDVRPTW", "VRPTW"]),
            "EDGE_WEIGHT_TYPE" => one_of(found, line, value, &["EUC_2D"]),
            "DIMENSION" => {
                let count = text::whole(found, line, key, value, 1..=MOST_PLACES as i64);
                self.nodes = vec![Node::default(); count.map_or(0, |count| count as usize)];
            }
            "VEHICLES" => {
                let count = text::whole(found, line, key, value, 1..=MOST_TECHNICIANS as i64);
                self.vehicles = vec![Vehicle::default(); count.map_or(0, |count| count as usize)];
            }
            "VEHICLES_MAX_DURATION" => {
                // Zero is how the format says "no limit".
                self.max_duration = text::real(found, line, key, value, TIMES).filter(|most| *most > 0.0);
            }
            "CAPACITY" => {
                self.capacity = true;
                let most = text::real(found, line, key, value, LOADS).unwrap_or(0.0);
                self.vehicles.iter_mut().for_each(|vehicle| vehicle.capacity = most);
            }
            _ => found.add(
                line.pointer(),
                Code::UnknownKey,
                say!("a key of the site-dependent format"),
                lang::value(key),
            ),
        }
    }

    fn open(&mut self, line: Line<'_>, section: Section) {
        let rows = match section {
            Section::Coordinates | Section::Demands | Section::Services | Section::Windows => self.nodes.len(),
            Section::Capacities | Section::Allowed => self.vehicles.len(),
            Section::Depot => return,
        };
        if rows == 0 {
            self.found.add(
                line.pointer(),
                Code::MissingKey,
                say!("DIMENSION and VEHICLES before the sections"),
                say!("neither"),
            );
        }
        if section == Section::Capacities {
            self.capacity = true;
        }
        if section == Section::Allowed {
            self.vehicles.iter_mut().for_each(|vehicle| vehicle.clients = Some(Vec::new()));
        }
        let seen = &mut self.rows[section as usize];
        if seen.is_empty() {
            *seen = vec![false; rows];
        } else {
            self.found.add(line.pointer(), Code::RepeatedKey, say!("each section once"), value(line.text));
        }
    }

    fn row(&mut self, line: Line<'_>, section: Section) {
        let mut words = line.text.split_whitespace();
        let id = words.next().unwrap_or_default();
        if section == Section::Depot {
            if !matches!(id, "1" | "-1") {
                self.found.add(line.pointer(), Code::NotSupportedYet, say!("node 1 as the only depot"), value(id));
            }
            return;
        }
        let most = self.rows[section as usize].len() as i64;
        let Some(id) = text::whole(&mut self.found, line, "id", id, 1..=most) else { return };
        let at = id as usize - 1;
        if std::mem::replace(&mut self.rows[section as usize][at], true) {
            self.found.add(line.pointer(), Code::DuplicateId, say!("each row once"), value(id));
            return;
        }
        let words: Vec<&str> = words.collect();
        if section == Section::Allowed {
            self.vehicles[at].clients = Some(clients(&mut self.found, line, &words, self.nodes.len()));
            return;
        }
        let columns = if matches!(section, Section::Coordinates | Section::Windows) { 2 } else { 1 };
        if words.len() != columns {
            let expected = say!("an id and {} number(s)", columns);
            self.found.add(line.pointer(), Code::BadFormat, expected, value(line.text));
            return;
        }
        let range = match section {
            Section::Coordinates => -MOST_COORDINATE..=MOST_COORDINATE,
            Section::Services | Section::Windows => TIMES,
            Section::Demands | Section::Capacities | Section::Allowed | Section::Depot => LOADS,
        };
        let mut number = |at: usize| text::real(&mut self.found, line, "value", words[at], range.clone());
        let Some(first) = number(0) else { return };
        let second = if columns == 2 { number(1) } else { Some(0.0) };
        let Some(second) = second else { return };
        match section {
            Section::Coordinates => (self.nodes[at].x, self.nodes[at].y) = (first, second),
            Section::Demands => self.nodes[at].demand = first,
            Section::Services => self.nodes[at].service = first,
            Section::Windows if second < first => {
                self.found.add(line.pointer(), Code::ClosedBeforeOpen, say!("at or after {}", first), value(words[1]));
            }
            Section::Windows => (self.nodes[at].open, self.nodes[at].close) = (first, second),
            Section::Capacities => self.vehicles[at].capacity = first,
            Section::Allowed | Section::Depot => {}
        }
    }

    fn close(mut self) -> Result<Sdvrptw, Vec<Finding>> {
        let needed = [
            ("NODE_COORD_SECTION", true),
            ("DEMAND_SECTION", true),
            ("SERVICE_TIME_SECTION", true),
            ("TIME_WINDOW_SECTION", true),
            ("CAPACITY_SECTION", !self.capacity),
            ("VEHICLES_ALLOWED_CLIENTS_SECTION", false),
        ];
        for ((title, needed), rows) in needed.iter().zip(&self.rows) {
            let missing = rows.iter().position(|seen| !seen);
            match missing {
                Some(row) => self.found.add(*title, Code::MissingKey, say!("a row {}", row + 1), say!("none")),
                None if *needed && rows.is_empty() => self.found.add("", Code::MissingKey, value(*title), say!("none")),
                None => {}
            }
        }
        let Self { found, name, nodes, vehicles, max_duration, capacity: _, rows: _ } = self;
        found.or(Sdvrptw { name, nodes, vehicles, max_duration })
    }
}

fn one_of(found: &mut Findings, line: Line<'_>, given: &str, known: &[&str]) {
    if !known.contains(&given) {
        found.add(line.pointer(), Code::UnknownValue, value(known.join(" or ")), value(given));
    }
}

fn clients(found: &mut Findings, line: Line<'_>, words: &[&str], nodes: usize) -> Vec<usize> {
    let ids = words.iter().filter_map(|word| text::whole(found, line, "client", word, 2..=nodes as i64));
    let mut clients: Vec<usize> = ids.map(|id| id as usize - 1).collect();
    clients.sort_unstable();
    clients.dedup();
    clients
}
