//! The fleet of a pragmatic problem, and the small things plan and fleet share: instants, names.

use super::reader::{MOST_FEW, location, numbers};
use super::{Pause, Shift, VehicleType};
use crate::finding::Code;
use crate::import::json::{Node, Object};
use crate::import::text::{Findings, MOST_TECHNICIANS};
use crate::lang::value;
use crate::limits;
use crate::{say, word};
use std::ops::RangeInclusive;

/// Rates and fixed costs.
const COSTS: RangeInclusive<f64> = 0.0..=1e6;

pub(super) fn vehicles(found: &mut Findings, fleet: &Object<'_>) -> Option<Vec<VehicleType>> {
    let nodes = fleet.need(found, "vehicles").map_or_else(Vec::new, |node| node.items(found, MOST_TECHNICIANS));
    let types: Vec<Option<VehicleType>> = nodes.iter().map(|node| vehicle_type(found, node)).collect();
    let types: Vec<VehicleType> = types.into_iter().collect::<Option<_>>()?;
    let vehicles: usize = types.iter().map(|of| of.vehicles.len() * of.shifts.len()).sum();
    if vehicles > MOST_TECHNICIANS {
        let expected = say!("at most {} shifts of vehicles", MOST_TECHNICIANS);
        found.add("/fleet/vehicles", Code::TooLarge, expected, value(vehicles));
        return None;
    }
    Some(types)
}

fn vehicle_type(found: &mut Findings, node: &Node<'_>) -> Option<VehicleType> {
    let keys = ["typeId", "vehicleIds", "profile", "costs", "shifts", "capacity", "skills", "limits"];
    let object = node.object(found, &keys)?;
    let id = object.need(found, "typeId").and_then(|node| node.text(found));
    object.need(found, "vehicleIds");
    let vehicles = names(found, &object, "vehicleIds");
    let profile = object.need(found, "profile").and_then(|node| node.object(found, &["matrix", "scale"]));
    let matrix = profile.as_ref().and_then(|profile| profile.need(found, "matrix")).and_then(|node| node.text(found));
    let scale = profile.as_ref().and_then(|profile| profile.get("scale")).map(|node| node.real(found, 0.01..=100.0));
    let costs = object.need(found, "costs").and_then(|node| node.object(found, &["fixed", "distance", "time"]));
    let mut cost = |key: &str, needed: bool| {
        let costs = costs.as_ref()?;
        let node = if needed { costs.need(found, key) } else { costs.get(key) };
        node.map_or(if needed { None } else { Some(0.0) }, |node| node.real(found, COSTS))
    };
    let (fixed, per_distance, per_time) = (cost("fixed", false), cost("distance", true), cost("time", true));
    let shifts = object.need(found, "shifts").map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
    let shifts: Vec<Option<Shift>> = shifts.iter().map(|node| shift(found, node)).collect();
    object.need(found, "capacity");
    let capacity = numbers(found, &object, "capacity");
    let mut skills = names(found, &object, "skills");
    skills.sort();
    skills.dedup();
    let bounds = object
        .get("limits")
        .and_then(|node| node.object(found, &["maxDistance", "maxDuration", "shiftTime", "tourSize", "areas"]));
    if let Some(bounds) = &bounds {
        bounds.refuse(found, &["areas"], word!("limits without areas"));
    }
    let mut bound = |key: &str, most: i64| {
        bounds.as_ref().and_then(|bounds| bounds.get(key)).and_then(|node| node.whole(found, 0..=most))
    };
    let max_distance = bound("maxDistance", limits::LEG_METERS);
    let max_duration = bound("maxDuration", limits::HORIZON).or(bound("shiftTime", limits::HORIZON));
    let tour_size = bound("tourSize", limits::LIST as i64).and_then(|most| u32::try_from(most).ok());
    let shifts: Vec<Shift> = shifts.into_iter().collect::<Option<_>>()?;
    if shifts.is_empty() || vehicles.is_empty() {
        found.add(node.pointer.clone(), Code::Empty, say!("at least one shift and one vehicle id"), say!("none"));
        return None;
    }
    Some(VehicleType {
        id: id?.to_owned(),
        vehicles,
        profile: matrix?.to_owned(),
        scale: scale.unwrap_or(Some(1.0))?,
        fixed: fixed?,
        per_distance: per_distance?,
        per_time: per_time?,
        shifts,
        capacity,
        skills,
        max_distance,
        max_duration,
        tour_size,
    })
}

fn shift(found: &mut Findings, node: &Node<'_>) -> Option<Shift> {
    let object = node.object(found, &["start", "end", "breaks", "reloads", "recharges", "dispatch"])?;
    object.refuse(
        found,
        &["reloads", "recharges", "dispatch"],
        word!("a shift without reloads, recharges and dispatch"),
    );
    let start = object.need(found, "start")?.object(found, &["earliest", "latest", "location"])?;
    let earliest = start.need(found, "earliest").and_then(|node| instant(found, &node));
    let latest_departure = start.get("latest").map(|node| instant(found, &node));
    let home = start.need(found, "location").and_then(|node| location(found, &node));
    let end = object.get("end").map(|node| {
        let end = node.object(found, &["earliest", "latest", "location"])?;
        end.refuse(found, &["earliest"], word!("an end with a latest arrival alone"));
        let latest = end.need(found, "latest").and_then(|node| instant(found, &node));
        let place = end.need(found, "location").and_then(|node| location(found, &node));
        Some((latest?, place?))
    });
    let breaks = object.get("breaks").map_or_else(Vec::new, |node| node.items(found, MOST_FEW));
    let breaks: Vec<Option<Pause>> = breaks.iter().map(|node| pause(found, node)).collect();
    let shift = Shift {
        earliest: earliest?,
        latest_departure: latest_departure.map_or(Some(None), |latest| latest.map(Some))?,
        start: home?,
        end: end.map_or(Some(None), |end| end.map(Some))?,
        breaks: breaks.into_iter().collect::<Option<_>>()?,
    };
    let last = shift.end.map_or(i64::MAX, |end| end.0);
    if last < shift.earliest || shift.latest_departure.is_some_and(|latest| latest < shift.earliest) {
        let expected = say!("a latest departure and arrival after the earliest departure");
        found.add(node.pointer.clone(), Code::ClosedBeforeOpen, expected, say!("an earlier one"));
        return None;
    }
    Some(shift)
}

/// A required break has `earliest` and `latest` instants and a duration; everything else about
/// breaks makes them optional or relative to a departure that is not yet known.
fn pause(found: &mut Findings, node: &Node<'_>) -> Option<Pause> {
    let object = node.object(found, &["time", "duration", "places", "policy"])?;
    let time = object.need(found, "time")?;
    if time.value.is_array() || object.get("places").is_some() || object.get("policy").is_some() {
        node.refuse(found, word!("a required break: earliest and latest instants, and a duration"));
        return None;
    }
    let window = time.object(found, &["earliest", "latest"])?;
    let (earliest, latest) = (window.need(found, "earliest")?, window.need(found, "latest")?);
    if earliest.value.is_number() || latest.value.is_number() {
        time.refuse(found, word!("instants: an offset counts from a departure that is not yet known"));
        return None;
    }
    let window = (instant(found, &earliest)?, instant(found, &latest)?);
    if window.1 < window.0 {
        found.add(latest.pointer, Code::ClosedBeforeOpen, say!("at or after the earliest"), say!("before it"));
        return None;
    }
    let duration = object.need(found, "duration")?.whole(found, 0..=limits::TASK)?;
    Some(Pause { window, duration })
}

/// Two instants.
pub(super) fn span(found: &mut Findings, node: &Node<'_>) -> Option<(i64, i64)> {
    let items = node.items(found, 2);
    let [open, close] = &items[..] else {
        found.add(node.pointer.clone(), Code::BadFormat, say!("two instants"), value(items.len()));
        return None;
    };
    let (from, until) = (instant(found, open), instant(found, close));
    let (from, until) = (from?, until?);
    if until < from {
        found.add(close.pointer.clone(), Code::ClosedBeforeOpen, say!("at or after the first"), say!("before it"));
        return None;
    }
    Some((from, until))
}

/// Whole Unix seconds of an RFC 3339 instant between 1970 and 2100.
fn instant(found: &mut Findings, node: &Node<'_>) -> Option<i64> {
    const LAST: i64 = 4_102_444_800;
    let text = node.text(found)?;
    let instant: Option<jiff::Timestamp> = text.parse().ok();
    let second = instant.filter(|instant| instant.subsec_nanosecond() == 0).map(jiff::Timestamp::as_second);
    let second = second.filter(|second| (0..=LAST).contains(second));
    if second.is_none() {
        let expected = say!("an RFC 3339 instant of whole seconds, 1970 to 2099");
        found.add(node.pointer.clone(), Code::BadInstant, expected, value(text));
    }
    second
}

/// A list of texts, none empty.
pub(super) fn names(found: &mut Findings, object: &Object<'_>, key: &str) -> Vec<String> {
    const MOST: usize = 100_000;
    let Some(node) = object.get(key) else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for node in node.items(found, MOST) {
        let Some(name) = node.text(found) else { continue };
        if name.is_empty() {
            found.add(node.pointer.clone(), Code::Empty, say!("a name"), say!("an empty text"));
        }
        names.push(name.to_owned());
    }
    names
}
