//! Changes of a problem, made on its wire format, one after the other.
//!
//! A few that planners ask for by name, and JSON Patch (RFC 6902) for everything else. Whether the
//! changed problem is a valid one is for its reader.

use crate::fields::{Fields, shown};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, quoted, value as said};
use dispatch_data::say;
use serde_json::{Value, json};

/// Everything a change can be, by its one key.
const KINDS: [&str; 8] = [
    "remove_technicians",
    "copy_technician",
    "set_skill",
    "set_stock",
    "demand_factor",
    "price_factor",
    "travel_factor",
    "patch",
];

/// The problem after all changes.
///
/// # Errors
/// The first change that cannot be made.
pub(crate) fn apply(mut problem: Value, changes: &Value, at: &str) -> Result<Value, Box<Finding>> {
    for (number, change) in changes.as_array().into_iter().flatten().enumerate() {
        one(&mut problem, change, &format!("{at}/{number}"))?;
    }
    Ok(problem)
}

fn one(problem: &mut Value, change: &Value, at: &str) -> Result<(), Box<Finding>> {
    let kind = change.as_object().filter(|change| change.len() == 1).and_then(|change| change.iter().next());
    let Some((kind, what)) = kind else {
        return Err(wrong(at, Code::WrongType, say!("an object with one key"), shown(change)));
    };
    let at = format!("{at}/{kind}");
    match kind.as_str() {
        "remove_technicians" => remove_technicians(problem, what, &at),
        "copy_technician" => copy_technician(problem, what, at),
        "set_skill" => set_skill(problem, what, at),
        "set_stock" => set_stock(problem, what, at),
        "demand_factor" => demand(problem, factor(what, &at, 5.0)?, &at),
        "price_factor" => prices(problem, factor(what, &at, 100.0)?),
        "travel_factor" => slower(problem, factor(what, &at, 10.0)?),
        "patch" => patch(problem, what, &at),
        other => Err(wrong(at.clone(), Code::UnknownKey, said(KINDS.join(", ")), quoted(other))),
    }
}

fn factor(what: &Value, at: &str, most: f64) -> Result<f64, Box<Finding>> {
    let number = what.as_f64().filter(|factor| (0.1..=most).contains(factor));
    number.ok_or_else(|| wrong(at, Code::OutOfRange, say!("a number from {} to {}", 0.1, most), shown(what)))
}

/// The members of a list of the problem.
fn list<'p>(problem: &'p mut Value, key: &str, at: &str) -> Result<&'p mut Vec<Value>, Box<Finding>> {
    let missing = || wrong(at, Code::UnknownReference, say!("a problem with {}", key), say!("none"));
    problem.get_mut(key).and_then(Value::as_array_mut).ok_or_else(missing)
}

/// A member of a list of the problem by its id.
fn by_id<'p>(problem: &'p mut Value, key: &str, id: &str, at: &str) -> Result<&'p mut Value, Box<Finding>> {
    let found = list(problem, key, at)?.iter_mut().find(|one| one["id"] == *id);
    found.ok_or_else(|| wrong(at, Code::UnknownReference, say!("the id of one of the {}", key), quoted(id)))
}

/// The fields of a change; all findings of one change are told by its first.
fn fields(what: &Value, keys: &[&str], at: String) -> Result<Fields, Box<Finding>> {
    Fields::of(what.clone(), keys, at)
}

fn end(fields: Fields) -> Result<(), Box<Finding>> {
    fields.findings().into_iter().next().map_or(Ok(()), |first| Err(Box::new(first)))
}

/// A finding on its way up, small enough to be carried.
fn wrong(at: impl Into<String>, code: Code, expected: Text, got: Text) -> Box<Finding> {
    Box::new(Finding::new(at, code, expected, got))
}

fn remove_technicians(problem: &mut Value, what: &Value, at: &str) -> Result<(), Box<Finding>> {
    let ids: Option<Vec<&str>> = what.as_array().and_then(|ids| ids.iter().map(Value::as_str).collect());
    let ids = ids.ok_or_else(|| wrong(at, Code::WrongType, say!("a list of ids"), shown(what)))?;
    for (number, id) in ids.iter().enumerate() {
        by_id(problem, "technicians", id, &format!("{at}/{number}"))?;
    }
    list(problem, "technicians", at)?.retain(|one| !one["id"].as_str().is_some_and(|id| ids.contains(&id)));
    Ok(())
}

/// One more like somebody: same skills, hours, van.
fn copy_technician(problem: &mut Value, what: &Value, at: String) -> Result<(), Box<Finding>> {
    let mut given = fields(what, &["technician", "as"], at.clone())?;
    let (source, copy) = (given.text("technician", 1, 200), given.text("as", 1, 200));
    end(given)?;
    let (Some(source), Some(copy)) = (source, copy) else { return Ok(()) };
    let mut one = by_id(problem, "technicians", &source, &format!("{at}/technician"))?.clone();
    one["id"] = json!(copy);
    for (number, shift) in one["shifts"].as_array_mut().into_iter().flatten().enumerate() {
        // Ids of shifts are unique among all.
        if shift.get("id").is_some() {
            shift["id"] = json!(format!("{copy}-{}", number + 1));
        }
    }
    list(problem, "technicians", &at)?.push(one);
    Ok(())
}

/// A skill that somebody learns, or at level 0 loses.
fn set_skill(problem: &mut Value, what: &Value, at: String) -> Result<(), Box<Finding>> {
    let mut given = fields(what, &["technician", "skill", "level"], at.clone())?;
    let (technician, skill) = (given.text("technician", 1, 200), given.text("skill", 1, 200));
    let level = given.whole("level", 0, 255);
    end(given)?;
    let (Some(technician), Some(skill)) = (technician, skill) else { return Ok(()) };
    let one = by_id(problem, "technicians", &technician, &format!("{at}/technician"))?;
    if one.get("skills").is_none() {
        one["skills"] = json!({});
    }
    let Some(skills) = one["skills"].as_object_mut() else {
        return Err(wrong(at, Code::WrongType, say!("skills by name"), shown(&one["skills"])));
    };
    match level.unwrap_or(1) {
        0 => {
            skills.shift_remove(&skill);
        }
        level => {
            skills.insert(skill, json!(level));
        }
    }
    Ok(())
}

/// How much of a part lies at a site.
fn set_stock(problem: &mut Value, what: &Value, at: String) -> Result<(), Box<Finding>> {
    let mut given = fields(what, &["site", "part", "quantity"], at.clone())?;
    let (site, part) = (given.text("site", 1, 200), given.text("part", 1, 200));
    let quantity = given.whole("quantity", 0, 1_000_000_000).unwrap_or(0);
    end(given)?;
    let (Some(site), Some(part)) = (site, part) else { return Ok(()) };
    let one = by_id(problem, "sites", &site, &format!("{at}/site"))?;
    if one.get("stock").is_none() {
        one["stock"] = json!({});
    }
    let Some(stock) = one["stock"].as_object_mut() else {
        return Err(wrong(at, Code::WrongType, say!("stock by part"), shown(&one["stock"])));
    };
    if quantity == 0 {
        stock.shift_remove(&part);
    } else {
        stock.insert(part, json!(quantity));
    }
    Ok(())
}

/// More or fewer jobs, spread evenly over the list: every k-th is left out or comes twice.
fn demand(problem: &mut Value, factor: f64, at: &str) -> Result<(), Box<Finding>> {
    let jobs = list(problem, "jobs", at)?;
    let mut changed = Vec::new();
    let mut owed = 0.0;
    for job in jobs.iter() {
        owed += factor;
        let mut copies = 0;
        // The small share keeps whole sums of fractions whole.
        while owed >= 1.0 - 1e-9 {
            owed -= 1.0;
            let mut copy = job.clone();
            if copies > 0 {
                let id = job["id"].as_str().unwrap_or_default();
                copy["id"] = json!(format!("{id}+{copies}"));
            }
            changed.push(copy);
            copies += 1;
        }
    }
    *jobs = changed;
    Ok(())
}

/// All that technicians are paid by the hour, kilometre and shift.
fn prices(problem: &mut Value, factor: f64) -> Result<(), Box<Finding>> {
    for technician in problem["technicians"].as_array_mut().into_iter().flatten() {
        let prices = technician.get_mut("prices").and_then(Value::as_object_mut);
        for (_, price) in prices.into_iter().flatten() {
            if let Some(number) = price.as_i64() {
                *price = json!((number as f64 * factor).round() as i64);
            }
        }
    }
    Ok(())
}

/// Every way takes so many times as long, wherever travel comes from: technicians drive slower.
fn slower(problem: &mut Value, factor: f64) -> Result<(), Box<Finding>> {
    for technician in problem["technicians"].as_array_mut().into_iter().flatten() {
        let speed = technician.get("speed").and_then(Value::as_f64).unwrap_or(SPEED);
        technician["speed"] = json!((speed / factor).round() as i64);
    }
    Ok(())
}

/// The speed of a technician who has none of their own, in thousandths.
const SPEED: f64 = 1000.0;

fn patch(problem: &mut Value, what: &Value, at: &str) -> Result<(), Box<Finding>> {
    let Some(steps) = what.as_array() else {
        return Err(wrong(at, Code::WrongType, say!("a JSON Patch"), shown(what)));
    };
    for (number, step) in steps.iter().enumerate() {
        patch_step(problem, step, &format!("{at}/{number}"))?;
    }
    Ok(())
}

fn patch_step(problem: &mut Value, step: &Value, at: &str) -> Result<(), Box<Finding>> {
    let mut given = fields(step, &["op", "path", "value"], at.to_owned())?;
    let (op, path) = (given.text("op", 1, 20), given.text("path", 1, 1_000));
    // Null is a value here.
    let value = step.get("value").cloned();
    given.take("value");
    end(given)?;
    let (Some(op), Some(path)) = (op, path) else { return Ok(()) };
    let missing = || wrong(format!("{at}/path"), Code::UnknownReference, say!("the path of something"), said(&path));
    let needed = || wrong(format!("{at}/value"), Code::MissingKey, quoted("value"), say!("nothing"));
    let (parent, last) = path.rsplit_once('/').ok_or_else(missing)?;
    let last = last.replace("~1", "/").replace("~0", "~");
    match op.as_str() {
        "replace" => *problem.pointer_mut(&path).ok_or_else(missing)? = value.ok_or_else(needed)?,
        "test" => {
            if problem.pointer(&path) != Some(&value.ok_or_else(needed)?) {
                let got = problem.pointer(&path).map_or_else(|| say!("nothing"), shown);
                return Err(wrong(at, Code::Contradiction, say!("the value of the test"), got));
            }
        }
        "add" | "remove" => match problem.pointer_mut(parent).ok_or_else(missing)? {
            Value::Object(entries) if op == "add" => {
                entries.insert(last, value.ok_or_else(needed)?);
            }
            Value::Object(entries) => {
                entries.shift_remove(&last).ok_or_else(missing)?;
            }
            Value::Array(items) => {
                let end = if op == "add" { items.len() + 1 } else { items.len() };
                let position = if op == "add" && last == "-" { Some(items.len()) } else { last.parse().ok() };
                let position = position.filter(|position| *position < end).ok_or_else(missing)?;
                if op == "add" {
                    items.insert(position, value.ok_or_else(needed)?);
                } else {
                    items.remove(position);
                }
            }
            _ => return Err(missing()),
        },
        other => {
            let expected = say!("add, remove, replace or test");
            return Err(wrong(format!("{at}/op"), Code::UnknownValue, expected, quoted(other)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(changes: Value) -> Result<Value, Box<Finding>> {
        let problem = json!({
            "technicians": [
                {"id": "ann", "skills": {"lift": 2}, "prices": {"work": 3001}, "shifts": [{"id": "early"}]},
                {"id": "bob", "speed": 900, "shifts": []},
            ],
            "sites": [{"id": "store", "stock": {"pump": 2}}],
            "jobs": [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}],
        });
        apply(problem, &changes, "/changes")
    }

    fn jobs(factor: f64) -> Vec<String> {
        let problem = changed(json!([{"demand_factor": factor}])).unwrap();
        problem["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn demand_grows_and_shrinks_evenly_and_ids_stay_unique() {
        assert_eq!(jobs(1.0), ["a", "b", "c", "d"]);
        assert_eq!(jobs(0.5), ["b", "d"]);
        assert_eq!(jobs(1.5), ["a", "b", "b+1", "c", "d", "d+1"]);
        assert_eq!(jobs(2.0).len(), 8);
    }

    #[test]
    fn people_skills_stock_prices_and_travel_change_by_name() {
        let problem = changed(json!([
            {"copy_technician": {"technician": "ann", "as": "amy"}},
            {"remove_technicians": ["bob"]},
            {"set_skill": {"technician": "ann", "skill": "boiler", "level": 3}},
            {"set_skill": {"technician": "ann", "skill": "lift", "level": 0}},
            {"set_stock": {"site": "store", "part": "pump", "quantity": 9}},
            {"price_factor": 1.1},
            {"travel_factor": 1.25},
        ]))
        .unwrap();
        let ids: Vec<&Value> = problem["technicians"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, ["ann", "amy"]);
        assert_eq!(problem["technicians"][0]["skills"], json!({"boiler": 3}));
        assert_eq!(problem["technicians"][1]["shifts"][0]["id"], json!("amy-1"));
        assert_eq!(problem["sites"][0]["stock"]["pump"], json!(9));
        assert_eq!(
            (&problem["technicians"][0]["prices"]["work"], &problem["technicians"][0]["speed"]),
            (&json!(3301), &json!(800))
        );
    }

    #[test]
    fn a_patch_does_what_rfc_6902_says() {
        let problem = changed(json!([{"patch": [
            {"op": "test", "path": "/jobs/0/id", "value": "a"},
            {"op": "remove", "path": "/jobs/0"},
            {"op": "add", "path": "/jobs/-", "value": {"id": "z"}},
            {"op": "add", "path": "/jobs/0", "value": {"id": "y"}},
            {"op": "replace", "path": "/technicians/1/speed", "value": 800},
            {"op": "add", "path": "/objective", "value": null},
        ]}]))
        .unwrap();
        let ids: Vec<&Value> = problem["jobs"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, ["y", "b", "c", "d", "z"]);
        assert_eq!((&problem["technicians"][1]["speed"], &problem["objective"]), (&json!(800), &Value::Null));
    }

    #[test]
    fn what_cannot_be_changed_is_told_with_its_place() {
        let found = |change: Value| {
            let finding = changed(json!([{"price_factor": 1.0}, change])).unwrap_err();
            (finding.pointer, finding.code)
        };
        let at = |end: &str| format!("/changes/1{end}");
        assert_eq!(
            found(json!({"remove_technicians": ["eve"]})),
            (at("/remove_technicians/0"), Code::UnknownReference)
        );
        assert_eq!(found(json!({"remove_tehcnicians": []})), (at("/remove_tehcnicians"), Code::UnknownKey));
        assert_eq!(found(json!({"demand_factor": 0})), (at("/demand_factor"), Code::OutOfRange));
        let patch = json!({"patch": [{"op": "remove", "path": "/jobs/4"}]});
        assert_eq!(found(patch), (at("/patch/0/path"), Code::UnknownReference));
        assert_eq!(found(json!("x")), (at(""), Code::WrongType));
    }
}
