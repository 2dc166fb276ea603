//! Text of a pragmatic problem and its matrices → [`Pragmatic`], with JSON pointers; keys without a
//! meaning here are refused. The plan, matrices and objectives are read here, the fleet next door.

use super::{Location, Minimised, Objectives, Pragmatic, Profile, Relation, Task, TaskKind, sections};
use crate::finding::{Code, Finding};
use crate::import::json::{self, Node, Object};
use crate::import::text::{Findings, MOST_PLACES};
use crate::lang;
use crate::lang::value;
use crate::limits;
use crate::place::Position;
use crate::travel::{Leg, TravelMatrix};
use crate::{say, word};
use std::collections::{BTreeMap, HashSet};

/// Most entries of small lists: windows, skills, relations.
pub(super) const MOST_FEW: usize = 1000;

/// Reads the text of a problem and of any routing matrices.
///
/// # Errors
/// All findings, each with its JSON pointer (those of matrix `k` under `/matrices/k`);
/// [`Code::NotSupportedYet`] for what has no exact meaning here.
pub fn read(text: &str, matrices: &[&str]) -> Result<Pragmatic, Vec<Finding>> {
    let value = json::parse(text)?;
    let mut found = Findings::default();
    let file = file(&mut found, &Node::root(&value), matrices);
    match file {
        Some(file) => found.or(file),
        None => Err(found.into_vec()),
    }
}

fn file(found: &mut Findings, node: &Node<'_>, matrices: &[&str]) -> Option<Pragmatic> {
    let object = node.object(found, &["plan", "fleet", "objectives"])?;
    let plan =
        object.need(found, "plan").and_then(|node| node.object(found, &["jobs", "relations", "areas", "clustering"]));
    let fleet = object.need(found, "fleet").and_then(|node| node.object(found, &["vehicles", "profiles", "resources"]));
    let (plan, fleet) = (plan?, fleet?);
    plan.refuse(found, &["areas", "clustering"], word!("a plan of jobs and relations"));
    fleet.refuse(found, &["resources"], word!("a fleet without shared resources"));
    let jobs = plan.need(found, "jobs").map_or_else(Vec::new, |node| node.items(found, MOST_PLACES));
    let jobs: Vec<Option<Task>> = jobs.iter().map(|node| job(found, node)).collect();
    let relations = plan.get("relations").map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
    let relations: Vec<Option<Relation>> = relations.iter().map(|node| relation(found, node)).collect();
    let types = sections::vehicles(found, &fleet);
    let profiles = fleet.need(found, "profiles").map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
    let profiles: Vec<Option<Profile>> = profiles.iter().map(|node| profile(found, node)).collect();
    let objectives = object.get("objectives").map(|node| objectives(found, &node));
    let jobs: Vec<Task> = jobs.into_iter().collect::<Option<_>>()?;
    let mut profiles: Vec<Profile> = profiles.into_iter().collect::<Option<_>>()?;
    let valued = jobs.iter().any(|job| job.value > 0);
    let objectives = match objectives {
        Some(given) => {
            let (objectives, by_value) = given?;
            if valued && !by_value {
                found.add(
                    "/objectives",
                    Code::Contradiction,
                    say!("\"maximize-value\", as jobs have values"),
                    say!("none"),
                );
            }
            objectives
        }
        None => Objectives { tours: true, minimised: Minimised::Cost },
    };
    for (at, text) in matrices.iter().enumerate() {
        matrix(found, at, text, &mut profiles);
    }
    let file = Pragmatic {
        jobs,
        types: types?,
        relations: relations.into_iter().collect::<Option<_>>()?,
        profiles,
        objectives,
    };
    references(found, &file);
    Some(file)
}

/// Ids that must be there once, and references that must lead somewhere.
fn references(found: &mut Findings, file: &Pragmatic) {
    let mut jobs = HashSet::new();
    for (at, job) in file.jobs.iter().enumerate() {
        if !jobs.insert(job.id.as_str()) {
            found.add(format!("/plan/jobs/{at}/id"), Code::DuplicateId, say!("each id once"), value(job.id.as_str()));
        }
    }
    let mut vehicles = BTreeMap::new();
    for (at, of) in file.types.iter().enumerate() {
        for (k, id) in of.vehicles.iter().enumerate() {
            if vehicles.insert(id.as_str(), of.shifts.len()).is_some() {
                found.add(
                    format!("/fleet/vehicles/{at}/vehicleIds/{k}"),
                    Code::DuplicateId,
                    say!("each id once"),
                    value(id.as_str()),
                );
            }
        }
        if !file.profiles.iter().any(|profile| profile.name == of.profile) {
            let pointer = format!("/fleet/vehicles/{at}/profile/matrix");
            found.add(pointer, Code::UnknownReference, say!("the name of a profile"), value(of.profile.as_str()));
        }
    }
    let mut placed = HashSet::new();
    for (at, relation) in file.relations.iter().enumerate() {
        let pointer = format!("/plan/relations/{at}");
        match vehicles.get(relation.vehicle.as_str()) {
            None => found.add(
                format!("{pointer}/vehicleId"),
                Code::UnknownReference,
                say!("a vehicle"),
                value(relation.vehicle.as_str()),
            ),
            Some(shifts) if relation.shift >= *shifts => {
                let expected = say!("a shift below {}", shifts);
                found.add(format!("{pointer}/shiftIndex"), Code::UnknownReference, expected, value(relation.shift));
            }
            Some(_) => {}
        }
        for (k, id) in relation.jobs.iter().enumerate() {
            if !jobs.contains(id.as_str()) {
                found.add(
                    format!("{pointer}/jobs/{k}"),
                    Code::UnknownReference,
                    say!("the id of a job"),
                    value(id.as_str()),
                );
            } else if !placed.insert(id.as_str()) {
                found.add(
                    format!("{pointer}/jobs/{k}"),
                    Code::Contradiction,
                    say!("one relation per job"),
                    value(id.as_str()),
                );
            }
        }
    }
}

fn job(found: &mut Findings, node: &Node<'_>) -> Option<Task> {
    let keys = ["id", "pickups", "deliveries", "replacements", "services", "skills", "value", "group", "compatibility"];
    let object = node.object(found, &keys)?;
    object.refuse(found, &["replacements"], word!("services, deliveries or pickups"));
    object.refuse(found, &["group", "compatibility"], word!("a job that stands for itself"));
    let id = object.need(found, "id").and_then(|node| node.text(found));
    let kinds = [("services", TaskKind::Service), ("deliveries", TaskKind::Delivery), ("pickups", TaskKind::Pickup)];
    let mut tasks = Vec::new();
    for (key, kind) in kinds {
        let nodes = object.get(key).map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
        tasks.extend(nodes.into_iter().map(|node| (kind, node)));
    }
    let [(kind, node)] = &tasks[..] else {
        let got = say!("{} tasks", tasks.len());
        found.add(node.pointer.clone(), Code::NotSupportedYet, say!("exactly one task"), got);
        return None;
    };
    let task = node.object(found, &["places", "demand", "order"])?;
    task.refuse(found, &["order"], word!("tasks in any order"));
    let demand = numbers(found, &task, "demand");
    let needs_demand = *kind != TaskKind::Service;
    if needs_demand != task.get("demand").is_some() {
        let expected = if needs_demand {
            say!("\"demand\" of a delivery or pickup")
        } else {
            say!("a service without \"demand\"")
        };
        found.add(
            node.pointer.clone(),
            Code::Contradiction,
            expected,
            if needs_demand { say!("none") } else { value("demand") },
        );
    }
    let places = task.need(found, "places")?.items(found, MOST_FEW);
    let [place] = &places[..] else {
        let got = say!("{} places", places.len());
        found.add(node.pointer.clone(), Code::NotSupportedYet, say!("exactly one place"), got);
        return None;
    };
    let place = place.object(found, &["location", "duration", "times", "tag"])?;
    let location = place.need(found, "location").and_then(|node| location(found, &node));
    let duration = place.need(found, "duration").and_then(|node| node.whole(found, 0..=limits::TASK));
    let times = place.get("times").map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
    let times: Vec<(i64, i64)> = times.iter().filter_map(|node| sections::span(found, node)).collect();
    let tag = place.get("tag").and_then(|node| node.text(found)).map(str::to_owned);
    let skills = object.get("skills").and_then(|node| node.object(found, &["allOf", "oneOf", "noneOf"]));
    let mut skill = |key| {
        let mut names = skills.as_ref().map_or_else(Vec::new, |skills| sections::names(found, skills, key));
        names.sort();
        names.dedup();
        names
    };
    let (all_of, one_of, none_of) = (skill("allOf"), skill("oneOf"), skill("noneOf"));
    let value = object.get("value").map(|node| node.whole(found, 0..=1_000_000));
    Some(Task {
        id: id?.to_owned(),
        kind: *kind,
        location: location?,
        duration: duration?,
        times: merged(times),
        tag,
        demand,
        all_of,
        one_of,
        none_of,
        value: value.unwrap_or(Some(0))?,
    })
}

/// Overlapping windows say no more than their union.
fn merged(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => merged.push(span),
        }
    }
    merged
}

pub(super) fn numbers(found: &mut Findings, object: &Object<'_>, key: &str) -> Vec<i64> {
    let Some(node) = object.get(key) else { return Vec::new() };
    node.items(found, limits::DIMENSIONS).iter().filter_map(|node| node.whole(found, 0..=limits::LOAD)).collect()
}

pub(super) fn location(found: &mut Findings, node: &Node<'_>) -> Option<Location> {
    let object = node.object(found, &["lat", "lng", "index"])?;
    if let Some(index) = object.get("index") {
        let index = index.whole(found, 0..=MOST_PLACES as i64 - 1)?;
        return u32::try_from(index).ok().map(Location::Index);
    }
    let lat = object.need(found, "lat").and_then(|node| node.real(found, -90.0..=90.0));
    let lon = object.need(found, "lng").and_then(|node| node.real(found, -180.0..=180.0));
    Some(Location::Position(Position { lat: lat?, lon: lon? }))
}

fn relation(found: &mut Findings, node: &Node<'_>) -> Option<Relation> {
    let object = node.object(found, &["type", "jobs", "vehicleId", "shiftIndex"])?;
    let kind = object.need(found, "type")?;
    match kind.text(found)? {
        "any" => {}
        "sequence" | "strict" => kind.refuse(found, word!("a relation of type any")),
        other => found.add(kind.pointer.clone(), Code::UnknownValue, say!("any, sequence or strict"), value(other)),
    }
    let jobs = sections::names(found, &object, "jobs");
    let vehicle = object.need(found, "vehicleId").and_then(|node| node.text(found));
    let shift = object.get("shiftIndex").map(|node| node.whole(found, 0..=MOST_FEW as i64));
    Some(Relation { jobs, vehicle: vehicle?.to_owned(), shift: usize::try_from(shift.unwrap_or(Some(0))?).ok()? })
}

fn profile(found: &mut Findings, node: &Node<'_>) -> Option<Profile> {
    let object = node.object(found, &["name", "speed"])?;
    let name = object.need(found, "name").and_then(|node| node.text(found));
    let speed = object.get("speed").map(|node| node.real(found, 0.01..=10_000.0));
    Some(Profile { name: name?.to_owned(), speed: speed.unwrap_or(Some(10.0))?, matrix: None })
}

/// The layers, and whether value comes first.
fn objectives(found: &mut Findings, node: &Node<'_>) -> Option<(Objectives, bool)> {
    const KNOWN: [&str; 6] = [
        "maximize-value",
        "minimize-unassigned",
        "minimize-tours",
        "minimize-cost",
        "minimize-distance",
        "minimize-duration",
    ];
    let mut layers: Vec<&str> = Vec::new();
    for node in node.items(found, MOST_FEW) {
        // Older files write each layer as a list of its own.
        let inner = if node.value.is_array() { node.items(found, MOST_FEW) } else { vec![node.clone()] };
        let [layer] = &inner[..] else {
            node.refuse(found, word!("one objective per layer"));
            return None;
        };
        let object = layer.object(found, &["type", "breaks"])?;
        let kind = object.need(found, "type")?;
        let name = kind.text(found)?;
        if !KNOWN.contains(&name) {
            kind.refuse(found, value(KNOWN.join(", ")));
            return None;
        }
        // How much a skipped break weighs: required breaks are never skipped.
        if let Some(breaks) = object.get("breaks") {
            breaks.real(found, 0.0..=1e9)?;
        }
        layers.push(name);
    }
    let mut rest = &layers[..];
    let mut take = |name: &str| match rest.split_first() {
        Some((first, after)) if *first == name => {
            rest = after;
            true
        }
        _ => false,
    };
    let by_value = take("maximize-value");
    let by_jobs = take("minimize-unassigned");
    let tours = take("minimize-tours");
    let minimised = [
        ("minimize-cost", Minimised::Cost),
        ("minimize-distance", Minimised::Distance),
        ("minimize-duration", Minimised::Duration),
    ];
    let minimised = minimised.into_iter().find(|(name, _)| take(name)).map(|(_, minimised)| minimised);
    match minimised {
        Some(minimised) if by_jobs && rest.is_empty() => Some((Objectives { tours, minimised }, by_value)),
        _ => {
            let expected =
                say!("[maximize-value,] minimize-unassigned[, minimize-tours], one of cost, distance, duration");
            found.add(node.pointer.clone(), Code::NotSupportedYet, expected, value(layers.join(", ")));
            None
        }
    }
}

fn matrix(found: &mut Findings, at: usize, text: &str, profiles: &mut [Profile]) -> Option<()> {
    let value = match json::parse(text) {
        Ok(value) => value,
        Err(findings) => {
            for finding in findings {
                found.push(Finding { pointer: format!("/matrices/{at}: {}", finding.pointer), ..finding });
            }
            return None;
        }
    };
    let node = Node { pointer: format!("/matrices/{at}"), value: &value };
    let object = node.object(found, &["profile", "timestamp", "travelTimes", "distances", "errorCodes"])?;
    object.refuse(found, &["timestamp"], word!("one matrix for the whole day"));
    let mut list = |key: &str, needed: bool, most: i64| {
        let node = if needed { object.need(found, key)? } else { object.get(key)? };
        let items = node.list(found, MOST_PLACES * MOST_PLACES)?;
        let numbers: Vec<Option<i64>> =
            items.iter().map(|item| whole(item).filter(|n| (0..=most).contains(n))).collect();
        if let Some(wrong) = numbers.iter().position(Option::is_none) {
            let pointer = format!("{}/{wrong}", node.pointer);
            found.add(pointer, Code::OutOfRange, say!("a whole number up to {}", most), lang::value(&items[wrong]));
        }
        numbers.into_iter().collect::<Option<Vec<i64>>>()
    };
    let seconds = list("travelTimes", true, limits::HORIZON);
    let meters = list("distances", true, limits::LEG_METERS);
    let errors = list("errorCodes", false, i64::from(u32::MAX)).unwrap_or_default();
    let (seconds, meters) = (seconds?, meters?);
    let size = seconds.len().isqrt();
    if size * size != seconds.len()
        || meters.len() != seconds.len()
        || !matches!(errors.len(), 0) && errors.len() != seconds.len()
    {
        let got = say!("{} times, {} distances, {} error codes", seconds.len(), meters.len(), errors.len());
        found.add(node.pointer.clone(), Code::BadFormat, say!("square lists of the same length"), got);
        return None;
    }
    let legs = seconds.iter().zip(&meters).enumerate().map(|(at, (seconds, meters))| {
        if errors.get(at).is_some_and(|error| *error != 0) {
            return Leg::UNREACHABLE;
        }
        Leg { seconds: *seconds as u32, meters: *meters as u32 }
    });
    let matrix = TravelMatrix::new(size, legs.collect()).ok()?;
    let name = object.get("profile").and_then(|node| node.text(found));
    let profile = match name {
        Some(name) => profiles.iter_mut().find(|profile| profile.name == name),
        None => profiles.get_mut(at),
    };
    let Some(profile) = profile else {
        let got = name.map_or_else(|| say!("none"), lang::value);
        found.add(format!("{}/profile", node.pointer), Code::UnknownReference, say!("the name of a profile"), got);
        return None;
    };
    if profile.matrix.replace(matrix).is_some() {
        found.add(
            format!("{}/profile", node.pointer),
            Code::DuplicateId,
            say!("one matrix per profile"),
            lang::value(&profile.name),
        );
    }
    Some(())
}

fn whole(value: &serde_json::Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64))
}
