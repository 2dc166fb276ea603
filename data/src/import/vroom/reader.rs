//! Text of a VROOM problem → [`Vroom`], with JSON pointers; keys without a meaning here are refused.

use super::{Location, Pause, ProfileMatrix, Task, Vehicle, Vroom};
use crate::finding::{Code, Finding};
use crate::import::json::{self, Node, Object};
use crate::import::text::{Findings, MOST_PLACES, MOST_TECHNICIANS};
use crate::lang::value;
use crate::limits;
use crate::place::Position;
use crate::travel::{Leg, TravelMatrix};
use crate::{say, word};
use std::collections::HashSet;

/// Ids and skills: whole numbers that every JSON reader keeps.
const MOST_ID: i64 = 1 << 53;
/// Instants up to the year 2100.
const MOST_TIME: i64 = 4_102_444_800;
const MOST_COST: i64 = 10_000_000;
const MOST_WINDOWS: usize = 100;

/// Reads the text of a file.
///
/// # Errors
/// All findings, each with its JSON pointer; [`Code::NotSupportedYet`] for what has no exact
/// meaning here.
pub fn read(text: &str) -> Result<Vroom, Vec<Finding>> {
    let value = json::parse(text)?;
    let mut found = Findings::default();
    let file = file(&mut found, &Node::root(&value)).unwrap_or_default();
    found.or(file)
}

fn file(found: &mut Findings, node: &Node<'_>) -> Option<Vroom> {
    let object = node.object(found, &["jobs", "vehicles", "matrices", "shipments"])?;
    if let Some(shipments) = object.get("shipments") {
        let count = shipments.items(found, MOST_PLACES).len();
        if count > 0 {
            shipments.refuse(found, word!("no shipments: pickup and delivery of one route"));
        }
    }
    let indexed = object.get("matrices").is_some();
    let jobs = object.get("jobs").map_or_else(Vec::new, |node| node.items(found, MOST_PLACES));
    let jobs: Vec<Task> = jobs.iter().map(|node| task(found, node, indexed).unwrap_or_default()).collect();
    let vehicles = object.need(found, "vehicles").map_or_else(Vec::new, |node| node.items(found, MOST_TECHNICIANS));
    if vehicles.is_empty() {
        found.add("/vehicles", Code::Empty, say!("at least one vehicle"), say!("none"));
    }
    let vehicles: Vec<Vehicle> =
        vehicles.iter().map(|node| vehicle(found, node, indexed).unwrap_or_default()).collect();
    let matrices = object.get("matrices").and_then(|node| node.map(found));
    let matrices = matrices
        .iter()
        .flat_map(Object::entries)
        .filter_map(|(profile, node)| profile_matrix(found, profile, &node))
        .collect();
    if found.is_empty() {
        unique(found, "jobs", jobs.iter().map(|job| job.id));
        unique(found, "vehicles", vehicles.iter().map(|vehicle| vehicle.id));
    }
    Some(Vroom { jobs, vehicles, matrices })
}

fn unique(found: &mut Findings, list: &str, ids: impl Iterator<Item = u64>) {
    let mut seen = HashSet::new();
    for (at, id) in ids.enumerate() {
        if !seen.insert(id) {
            found.add(format!("/{list}/{at}/id"), Code::DuplicateId, say!("each id once"), value(id));
        }
    }
}

fn task(found: &mut Findings, node: &Node<'_>, indexed: bool) -> Option<Task> {
    let keys = [
        "id",
        "description",
        "location",
        "location_index",
        "setup",
        "service",
        "delivery",
        "pickup",
        "skills",
        "priority",
        "time_windows",
        "setup_per_type",
        "service_per_type",
    ];
    let object = node.object(found, &keys)?;
    object.refuse(found, &["setup_per_type", "service_per_type"], word!("the same durations for every vehicle"));
    let id = object.need(found, "id").and_then(|node| node.whole(found, 0..=MOST_ID));
    let location = location(found, &object, "location", "location_index", indexed);
    if location.is_none() {
        let key = if indexed { "location_index" } else { "location" };
        found.add(node.pointer.clone(), Code::MissingKey, value(format_args!("\"{key}\"")), say!("nothing"));
    }
    Some(Task {
        id: id? as u64,
        description: text(found, &object, "description"),
        location: location?,
        setup: whole(found, &object, "setup", limits::TASK).unwrap_or(0),
        service: whole(found, &object, "service", limits::TASK).unwrap_or(0),
        delivery: numbers(found, &object, "delivery", limits::LOAD, limits::DIMENSIONS),
        pickup: numbers(found, &object, "pickup", limits::LOAD, limits::DIMENSIONS),
        skills: skills(found, &object),
        priority: whole(found, &object, "priority", 100).unwrap_or(0),
        windows: windows(found, &object, "time_windows"),
    })
}

fn vehicle(found: &mut Findings, node: &Node<'_>, indexed: bool) -> Option<Vehicle> {
    let keys = [
        "id",
        "description",
        "profile",
        "start",
        "start_index",
        "end",
        "end_index",
        "capacity",
        "costs",
        "skills",
        "type",
        "time_window",
        "breaks",
        "speed_factor",
        "max_tasks",
        "max_travel_time",
        "max_distance",
        "steps",
    ];
    let object = node.object(found, &keys)?;
    object.refuse(found, &["steps"], word!("no steps: routes are not given in advance"));
    // A type only selects durations per type, which are refused where they stand.
    text(found, &object, "type");
    let id = object.need(found, "id").and_then(|node| node.whole(found, 0..=MOST_ID));
    let start = location(found, &object, "start", "start_index", indexed);
    let end = location(found, &object, "end", "end_index", indexed);
    if start.is_none() {
        let got = if end.is_some() { say!("only an end") } else { say!("neither start nor end") };
        found.add(node.pointer.clone(), Code::NotSupportedYet, say!("a vehicle with a start"), got);
    }
    let costs = object.get("costs").and_then(|node| {
        let costs = node.object(found, &["fixed", "per_hour", "per_km", "per_task_hour"])?;
        if whole(found, &costs, "per_task_hour", MOST_COST).is_some_and(|cost| cost > 0) {
            costs.refuse(found, &["per_task_hour"], word!("travel alone costs by the hour"));
        }
        Some(costs)
    });
    let mut cost = |key: &str, otherwise: i64| {
        costs.as_ref().and_then(|costs| whole(found, costs, key, MOST_COST)).unwrap_or(otherwise)
    };
    let (fixed, per_hour, per_km) = (cost("fixed", 0), cost("per_hour", 3600), cost("per_km", 0));
    let window = object.get("time_window").and_then(|node| span(found, &node));
    let breaks = object.get("breaks").map_or_else(Vec::new, |node| node.items(found, MOST_WINDOWS));
    let breaks = breaks.iter().map(|node| pause(found, node).unwrap_or_default()).collect();
    let speed = object.get("speed_factor").map(|node| node.real(found, 0.05..=5.0));
    let (speed, pace) = match speed {
        Some(factor) => {
            let factor = factor?;
            ((factor * 1000.0).round() as u32, (100.0 / factor).round() as u32)
        }
        None => (1000, 100),
    };
    let profile = object.get("profile").map(|node| node.text(found));
    let max_tasks = whole(found, &object, "max_tasks", limits::LIST as i64);
    Some(Vehicle {
        id: id? as u64,
        description: text(found, &object, "description"),
        profile: match profile {
            Some(name) => name?.to_owned(),
            None => "car".to_owned(),
        },
        start: start?,
        end,
        capacity: numbers(found, &object, "capacity", limits::LOAD, limits::DIMENSIONS),
        fixed,
        per_hour,
        per_km,
        skills: skills(found, &object),
        window,
        breaks,
        speed,
        pace,
        max_tasks: max_tasks.and_then(|most| u32::try_from(most).ok()),
        max_travel_time: whole(found, &object, "max_travel_time", limits::HORIZON),
        max_distance: whole(found, &object, "max_distance", limits::LEG_METERS),
    })
}

fn pause(found: &mut Findings, node: &Node<'_>) -> Option<Pause> {
    let object = node.object(found, &["id", "description", "time_windows", "service", "max_load"])?;
    object.refuse(found, &["max_load"], word!("a break at any load"));
    let id = object.need(found, "id").and_then(|node| node.whole(found, 0..=MOST_ID));
    let windows = windows(found, &object, "time_windows");
    if windows.len() > 1 {
        object.refuse(found, &["time_windows"], word!("one window for a break"));
    }
    Some(Pause {
        id: id? as u64,
        description: text(found, &object, "description"),
        window: windows.first().copied(),
        service: whole(found, &object, "service", limits::TASK).unwrap_or(0),
    })
}

fn location(found: &mut Findings, object: &Object<'_>, place: &str, index: &str, indexed: bool) -> Option<Location> {
    let position = object.get(place).and_then(|node| {
        let items = node.items(found, 2);
        let [lon, lat] = &items[..] else {
            found.add(node.pointer.clone(), Code::BadFormat, say!("[longitude, latitude]"), value(items.len()));
            return None;
        };
        let (lon, lat) = (lon.real(found, -180.0..=180.0), lat.real(found, -90.0..=90.0));
        Some(Position { lat: lat?, lon: lon? })
    });
    let index = whole(found, object, index, MOST_PLACES as i64 - 1).and_then(|index| u32::try_from(index).ok());
    match (position, index, indexed) {
        (_, Some(_), true) => Some(Location { position, index }),
        // Without matrices an index has nothing to point at; coordinates are what counts.
        (Some(_), _, false) => Some(Location { position, index: None }),
        _ => None,
    }
}

fn profile_matrix(found: &mut Findings, profile: &str, node: &Node<'_>) -> Option<ProfileMatrix> {
    let object = node.object(found, &["durations", "distances", "costs"])?;
    object.refuse(found, &["costs"], word!("costs by the hour and by the kilometre"));
    let durations = object.need(found, "durations").and_then(|node| square(found, &node));
    let distances = object.get("distances").map(|node| square(found, &node));
    let (size, seconds) = durations?;
    let has_distances = distances.is_some();
    let meters = match distances {
        Some(distances) => {
            let (rows, meters) = distances?;
            if rows != size {
                let pointer = format!("{}/distances", node.pointer);
                found.add(pointer, Code::Contradiction, say!("{} rows, as durations", size), value(rows));
                return None;
            }
            meters
        }
        None => vec![0; seconds.len()],
    };
    let legs = seconds.into_iter().zip(meters).map(|(seconds, meters)| Leg { seconds, meters }).collect();
    let matrix = TravelMatrix::new(size, legs).ok()?;
    Some(ProfileMatrix { profile: profile.to_owned(), matrix, has_distances })
}

fn square(found: &mut Findings, node: &Node<'_>) -> Option<(usize, Vec<u32>)> {
    let rows = node.items(found, MOST_PLACES);
    let mut numbers = Vec::with_capacity(rows.len() * rows.len());
    for row in &rows {
        let members = row.list(found, MOST_PLACES)?;
        if members.len() != rows.len() {
            let expected = say!("{} numbers, as there are rows", rows.len());
            found.add(row.pointer.clone(), Code::BadFormat, expected, value(members.len()));
            return None;
        }
        for (at, member) in members.iter().enumerate() {
            let number = member.as_u64().and_then(|number| u32::try_from(number).ok());
            let Some(number) = number.filter(|number| i64::from(*number) <= limits::HORIZON.min(limits::LEG_METERS))
            else {
                let expected = say!("a whole number up to {}", limits::HORIZON);
                found.add(format!("{}/{at}", row.pointer), Code::OutOfRange, expected, value(member));
                return None;
            };
            numbers.push(number);
        }
    }
    Some((rows.len(), numbers))
}

fn windows(found: &mut Findings, object: &Object<'_>, key: &str) -> Vec<(i64, i64)> {
    let Some(node) = object.get(key) else { return Vec::new() };
    let mut spans: Vec<(i64, i64)> =
        node.items(found, MOST_WINDOWS).iter().filter_map(|node| span(found, node)).collect();
    spans.sort_unstable();
    // Overlapping windows say no more than their union.
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => merged.push(span),
        }
    }
    merged
}

fn span(found: &mut Findings, node: &Node<'_>) -> Option<(i64, i64)> {
    let items = node.items(found, 2);
    let [open, close] = &items[..] else {
        found.add(node.pointer.clone(), Code::BadFormat, say!("[from, until]"), value(items.len()));
        return None;
    };
    let (from, until) = (open.whole(found, 0..=MOST_TIME), close.whole(found, 0..=MOST_TIME));
    let (from, until) = (from?, until?);
    if until < from {
        found.add(close.pointer.clone(), Code::ClosedBeforeOpen, say!("at or after {}", from), value(until));
        return None;
    }
    Some((from, until))
}

fn skills(found: &mut Findings, object: &Object<'_>) -> Vec<u32> {
    let most = i64::from(u32::MAX);
    let mut skills: Vec<u32> = numbers(found, object, "skills", most, 1000)
        .into_iter()
        .filter_map(|skill| u32::try_from(skill).ok())
        .collect();
    skills.sort_unstable();
    skills.dedup();
    skills
}

fn numbers(found: &mut Findings, object: &Object<'_>, key: &str, most: i64, count: usize) -> Vec<i64> {
    let Some(node) = object.get(key) else { return Vec::new() };
    node.items(found, count).iter().filter_map(|node| node.whole(found, 0..=most)).collect()
}

fn whole(found: &mut Findings, object: &Object<'_>, key: &str, most: i64) -> Option<i64> {
    object.get(key).and_then(|node| node.whole(found, 0..=most))
}

fn text(found: &mut Findings, object: &Object<'_>, key: &str) -> Option<String> {
    object.get(key).and_then(|node| node.text(found)).map(str::to_owned)
}
