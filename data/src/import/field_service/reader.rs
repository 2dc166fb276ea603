//! Text of a field-service JSON → [`FieldService`], with JSON pointers.

use super::{FieldService, Lunch, SkillAt, Ticket, TravelRule, Worker};
use crate::finding::{Code, Finding};
use crate::import::json::{self, Node, Object};
use crate::import::text::Findings;
use crate::lang::value;
use crate::say;

const MOST_JOBS: usize = 1_000_000;
const MOST_TECHNICIANS: usize = 200_000;
const MOST_METERS: f64 = 1e8;
const MOST_TIME: i64 = 1_000_000_000;
const MOST_PRIORITY: i64 = 1_000_000;
const MOST_PARTS: i64 = 10_000;
const MOST_UNITS: i64 = 1_000_000;

/// Reads the text of a file.
///
/// # Errors
/// All findings, each with its JSON pointer.
pub fn read(text: &str) -> Result<FieldService, Vec<Finding>> {
    let value = json::parse(text)?;
    let mut found = Findings::default();
    let file = file(&mut found, &Node::root(&value));
    match file {
        Some(file) => found.or(file),
        None => Err(found.into_vec()),
    }
}

fn file(found: &mut Findings, node: &Node<'_>) -> Option<FieldService> {
    let keys = ["name", "seed", "about", "n_skills", "n_parts", "travel", "jobs", "technicians"];
    let object = node.object(found, &keys)?;
    let name = object.need(found, "name").and_then(|node| node.text(found));
    let parts = whole(found, &object, "n_parts", MOST_PARTS);
    let travel = object.need(found, "travel").and_then(|node| travel(found, &node));
    let most = parts.unwrap_or(MOST_PARTS);
    let jobs = object.need(found, "jobs").map_or_else(Vec::new, |node| node.items(found, MOST_JOBS));
    let jobs: Vec<Option<Ticket>> = jobs.iter().map(|node| ticket(found, node, most)).collect();
    let technicians = object.need(found, "technicians");
    let technicians = technicians.map_or_else(Vec::new, |node| node.items(found, MOST_TECHNICIANS));
    let technicians: Vec<Option<Worker>> = technicians.iter().map(|node| worker(found, node, most)).collect();
    Some(FieldService {
        name: name?.to_owned(),
        parts: u32::try_from(parts?).ok()?,
        travel: travel?,
        jobs: jobs.into_iter().collect::<Option<_>>()?,
        technicians: technicians.into_iter().collect::<Option<_>>()?,
    })
}

fn whole(found: &mut Findings, object: &Object<'_>, key: &str, most: i64) -> Option<i64> {
    object.need(found, key).and_then(|node| node.whole(found, 0..=most))
}

fn travel(found: &mut Findings, node: &Node<'_>) -> Option<TravelRule> {
    let object = node.object(found, &["detour", "speed_mps", "asym", "period_m"])?;
    let mut real = |key, range| object.need(found, key).and_then(|node: Node<'_>| node.real(found, range));
    let detour = real("detour", 0.0..=100.0);
    let speed = real("speed_mps", 0.001..=10_000.0);
    let asymmetry = real("asym", -1.0..=1.0);
    let period = real("period_m", 1.0..=MOST_METERS);
    Some(TravelRule { detour: detour?, speed: speed?, asymmetry: asymmetry?, period: period? })
}

fn ticket(found: &mut Findings, node: &Node<'_>, parts: i64) -> Option<Ticket> {
    let keys = ["id", "xy", "service", "priority", "kind", "windows", "skill", "parts"];
    let object = node.object(found, &keys)?;
    let id = object.need(found, "id").and_then(|node| node.text(found));
    let xy = object.need(found, "xy").and_then(|node| point(found, &node));
    let service = whole(found, &object, "service", MOST_TIME);
    let priority = whole(found, &object, "priority", MOST_PRIORITY);
    if let Some(kind) = object.get("kind") {
        kind.text(found);
    }
    let windows = object.need(found, "windows").and_then(|node| windows(found, &node));
    let skill = object.get("skill").map(|node| skill(found, &node));
    let consumed = object.get("parts").and_then(|node| node.map(found));
    let consumed: Vec<Option<(u32, u32)>> = consumed
        .iter()
        .flat_map(Object::entries)
        .map(|(part, units)| {
            let part = index(found, part, &units, parts)?;
            Some((part, u32::try_from(units.whole(found, 1..=MOST_UNITS)?).ok()?))
        })
        .collect();
    Some(Ticket {
        id: id?.to_owned(),
        xy: xy?,
        service: service?,
        priority: priority?,
        windows: windows?,
        skill: match skill {
            Some(skill) => Some(skill?),
            None => None,
        },
        parts: consumed.into_iter().collect::<Option<_>>()?,
    })
}

/// A part type, written as the key of an object.
fn index(found: &mut Findings, key: &str, node: &Node<'_>, count: i64) -> Option<u32> {
    let index = key.parse::<u32>().ok().filter(|index| i64::from(*index) < count);
    if index.is_none() {
        found.add(node.pointer.clone(), Code::UnknownReference, say!("a part type below {}", count), value(key));
    }
    index
}

fn point(found: &mut Findings, node: &Node<'_>) -> Option<(f64, f64)> {
    let (x, y) = pair(found, node)?;
    let range = -MOST_METERS..=MOST_METERS;
    let (x, y) = (x.real(found, range.clone()), y.real(found, range));
    Some((x?, y?))
}

fn span(found: &mut Findings, node: &Node<'_>) -> Option<(i64, i64)> {
    let (open, close) = pair(found, node)?;
    let (from, until) = (open.whole(found, 0..=MOST_TIME), close.whole(found, 0..=MOST_TIME));
    let (from, until) = (from?, until?);
    if until < from {
        found.add(close.pointer, Code::ClosedBeforeOpen, say!("at or after {}", from), value(until));
        return None;
    }
    Some((from, until))
}

fn pair<'a>(found: &mut Findings, node: &Node<'a>) -> Option<(Node<'a>, Node<'a>)> {
    let items = node.items(found, 2);
    if let [first, second] = &items[..] {
        return Some((first.clone(), second.clone()));
    }
    if items.len() == 1 || node.value.as_array().is_some_and(Vec::is_empty) {
        found.add(node.pointer.clone(), Code::BadFormat, say!("two numbers"), value(items.len()));
    }
    None
}

fn windows(found: &mut Findings, node: &Node<'_>) -> Option<Vec<(i64, i64)>> {
    let spans: Vec<Option<(i64, i64)>> = node.items(found, 100).iter().map(|node| span(found, node)).collect();
    let spans: Vec<(i64, i64)> = spans.into_iter().collect::<Option<_>>()?;
    for (at, pair) in spans.windows(2).enumerate() {
        if pair[1].0 <= pair[0].1 {
            let pointer = format!("{}/{}", node.pointer, at + 1);
            found.add(pointer, Code::WindowsOverlap, say!("after {}", pair[0].1), value(pair[1].0));
        }
    }
    Some(spans)
}

fn skill(found: &mut Findings, node: &Node<'_>) -> Option<SkillAt> {
    let object = node.object(found, &["id", "level"])?;
    let id = object.need(found, "id").and_then(|node| node.text(found));
    let level = object.need(found, "level").and_then(|node| level(found, &node));
    Some(SkillAt { id: id?.to_owned(), level: level? })
}

fn level(found: &mut Findings, node: &Node<'_>) -> Option<u8> {
    node.whole(found, 1..=i64::from(u8::MAX)).and_then(|level| u8::try_from(level).ok())
}

fn worker(found: &mut Findings, node: &Node<'_>, parts: i64) -> Option<Worker> {
    let object = node.object(found, &["id", "home", "shift", "break", "skills", "stock"])?;
    let id = object.need(found, "id").and_then(|node| node.text(found));
    let home = object.need(found, "home").and_then(|node| point(found, &node));
    let shift = object.need(found, "shift").and_then(|node| span(found, &node));
    let lunch = object.get("break").map(|node| lunch(found, &node));
    let skills = object.need(found, "skills").and_then(|node| node.map(found))?;
    let skills: Vec<Option<SkillAt>> = skills
        .entries()
        .map(|(id, node)| level(found, &node).map(|level| SkillAt { id: id.to_owned(), level }))
        .collect();
    let stock = object.need(found, "stock");
    let most = usize::try_from(parts).unwrap_or(0);
    let stock: Vec<Option<u32>> = stock
        .map_or_else(Vec::new, |node| node.items(found, most))
        .iter()
        .map(|node| node.whole(found, 0..=MOST_UNITS).and_then(|units| u32::try_from(units).ok()))
        .collect();
    Some(Worker {
        id: id?.to_owned(),
        home: home?,
        shift: shift?,
        lunch: match lunch {
            Some(lunch) => Some(lunch?),
            None => None,
        },
        skills: skills.into_iter().collect::<Option<_>>()?,
        stock: stock.into_iter().collect::<Option<_>>()?,
    })
}

fn lunch(found: &mut Findings, node: &Node<'_>) -> Option<Lunch> {
    let object = node.object(found, &["duration", "window"])?;
    let duration = whole(found, &object, "duration", MOST_TIME);
    let window = object.need(found, "window").and_then(|node| span(found, &node));
    Some(Lunch { duration: duration?, window: window? })
}
