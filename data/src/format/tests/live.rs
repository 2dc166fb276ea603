//! Requests about a live plan: they read as the same words would in a problem.

use super::{FULL, listed, read};
use crate::finding::{Code, Finding};
use crate::format::keys;
use crate::format::live::{Request, Words};
use crate::format::node::asked;
use crate::format::shape::{Object, Shape};
use crate::format::{live_schemas, write_problem};
use crate::lang::Lang;
use crate::live::{Change, Ticket};
use crate::units::{Cost, Time};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn ticket(text: &Value) -> Result<Option<Ticket>, Vec<Finding>> {
    let problem = read(FULL);
    Request::recommendation(text.to_string())?.ticket(&Words::of(&problem), &problem)
}

fn changes(changes: &Value) -> Result<Vec<Change>, Vec<Finding>> {
    let problem = read(FULL);
    let text = json!({"changes": changes}).to_string();
    Request::changes(text)?.events(&Words::of(&problem), &problem)
}

fn found<T: std::fmt::Debug>(result: Result<T, Vec<Finding>>) -> Vec<(String, Code)> {
    result.unwrap_err().into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

#[test]
fn a_ticket_reads_as_it_would_among_the_jobs() {
    let problem = read(FULL);
    let written = write_problem(&problem);
    let mut same = 0;
    for (job, known) in written["jobs"].as_array().unwrap().iter().zip(&problem.jobs) {
        let mut job = job.clone();
        job["id"] = json!("new");
        match ticket(&json!({"plan": "p", "ticket": job})) {
            Ok(Some(Ticket::New { job, at: None })) => {
                let expected = crate::problem::Job { id: "new".to_owned(), ..known.clone() };
                assert_eq!(*job, expected);
                same += 1;
            }
            other => panic!("{job}: {other:?}"),
        }
    }
    assert!(same > 2);
}

#[test]
fn a_promise_of_a_ticket_is_counted_on_a_calendar_of_the_problem() {
    let full: Value = serde_json::from_str(FULL).unwrap();
    let problem = read(FULL);
    // As the caller wrote it: with targets on a calendar, which writing has turned into moments.
    let mut job = full["jobs"][0].clone();
    job["id"] = json!("new");
    let again = read(&write_problem(&problem).to_string());
    for problem in [&problem, &again] {
        let request = Request::recommendation(json!({"plan": "p", "ticket": job}).to_string()).unwrap();
        let Ok(Some(Ticket::New { job, at: _ })) = request.ticket(&Words::of(problem), problem) else {
            panic!("{job}")
        };
        assert_eq!(job.sla, problem.jobs[0].sla);
    }
}

#[test]
fn a_place_that_nobody_knows_comes_after_all_others() {
    let job = |place: Value| json!({"id": "new", "place": place, "work": "PT1H"});
    let problem = read(FULL);
    match ticket(&json!({"plan": "p", "ticket": job(json!({"lat": 47.3, "lon": 9.7}))})) {
        Ok(Some(Ticket::New { job, at: Some(new) })) => {
            assert_eq!(job.place.index(), problem.places.len());
            assert_eq!(new.place.position.map(|position| position.lat), Some(47.3));
        }
        other => panic!("{other:?}"),
    }
    // Two events at one new place: the first brings it, the second finds it.
    let place = json!({"lat": 47.3, "lon": 9.7});
    let second = json!({"id": "second", "place": place, "work": "PT1H"});
    let told = changes(&json!([
        {"type": "job_added", "ticket": job(place)},
        {"type": "job_added", "ticket": second},
        {"type": "job_cancelled", "job": "second"},
    ]))
    .unwrap_or_else(|found| panic!("{}", listed(&found)));
    let new: Vec<bool> = told.iter().map(|change| change.new_place().is_some()).collect();
    assert_eq!(new, [true, false, false]);
}

#[test]
fn what_is_wrong_with_a_request_is_told_where_it_stands() {
    let job = json!({"id": "new", "place": "nowhere", "work": "PT1H", "preferred_technicians": ["nobody"]});
    let unknown = Code::UnknownReference;
    assert_eq!(
        found(ticket(&json!({"plan": "p", "ticket": job}))),
        [("/ticket/place".to_owned(), unknown), ("/ticket/preferred_technicians/0".to_owned(), unknown)]
    );
    let several = json!({"plan": "p", "problem": {}, "job": "a", "technician": "b", "explain": true});
    let both = (String::new(), Code::Contradiction);
    let alone = ("/explain".to_owned(), Code::Contradiction);
    assert_eq!(found(Request::recommendation(several.to_string())), [both.clone(), both, alone]);
    let twice = r#"{"plan": "p", "job": "a", "job": "b"}"#;
    assert_eq!(found(Request::recommendation(twice)), [("/job".to_owned(), Code::RepeatedKey)]);
    let problem = Request::recommendation(r#"{"problem": {"jobs": 5}, "job": "a"}"#).unwrap().problem().unwrap();
    assert!(found(problem).iter().all(|(pointer, _)| pointer.starts_with("/problem")));
    let late = json!([{"type": "freeze", "at": "2026-06-15T08:00:00"}, {"type": "freeze", "when": "now"}]);
    assert_eq!(
        found(changes(&late)),
        [
            ("/changes/0/at".to_owned(), Code::BadInstant),
            ("/changes/1/when".to_owned(), Code::UnknownKey),
            ("/changes/1".to_owned(), Code::MissingKey)
        ]
    );
}

#[test]
fn prices_of_promises_change_one_by_one() {
    let told = changes(&json!([{"type": "promises_priced", "moved_technician": 700}])).unwrap();
    assert_eq!(told, [Change::PromisesPriced { technician: Some(Cost(700)), start: None }]);
    let start = read(FULL).horizon.start;
    let told = changes(&json!([{"type": "freeze", "at": start.to_string()}])).unwrap();
    assert_eq!(told, [Change::Freeze { at: Time(0) }]);
}

/// The keys of an object and all it holds, but for those of the formats that have readers of their own.
fn keys_of(object: &'static Object, all: &mut BTreeSet<&'static str>) {
    if ["job", "problem", "window", "position"].contains(&object.name) {
        return;
    }
    for field in object.fields {
        if all.insert(field.key) {
            keys_of_shape(field.shape, all);
        }
    }
}

fn keys_of_shape(shape: Shape, all: &mut BTreeSet<&'static str>) {
    match shape {
        Shape::Object(object) => keys_of(object, all),
        Shape::List { of, .. } | Shape::Map { of } => keys_of_shape(*of, all),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| keys_of_shape(*shape, all)),
        Shape::Tagged { key: _, of } => of.iter().for_each(|(_, object)| keys_of(object, all)),
        _ => {}
    }
}

#[test]
fn every_event_is_read_and_no_key_of_the_tables_is_ignored() {
    let problem = read(FULL);
    let (job, who) = (problem.jobs[0].id.clone(), problem.technicians[0].id.clone());
    let (site, part) = (problem.sites[0].id.clone(), problem.parts[0].clone());
    let at = problem.horizon.start.to_string();
    let new = json!({"id": "new", "place": {"lat": 47.3, "lon": 9.7}, "work": "PT1H"});
    let told = changes(&json!([
        {"type": "job_added", "ticket": new},
        {"type": "job_started", "job": job, "at": at},
        {"type": "job_finished", "job": job, "at": at},
        {"type": "job_overran", "job": job, "until": at},
        {"type": "job_cancelled", "job": job},
        {"type": "technician_late", "technician": who, "until": at},
        {"type": "technician_sick", "technician": who, "from": at, "until": at},
        {"type": "technician_moved", "technician": who, "at": at, "place": {"lat": 47.31, "lon": 9.7}},
        {"type": "part_arrived", "site": site, "part": part, "quantity": 2, "at": at},
        {"type": "part_missing", "site": site, "part": part, "quantity": 2},
        {"type": "freeze", "at": at},
        {"type": "promises_priced", "moved_technician": 1, "moved_start": 1},
    ]))
    .unwrap_or_else(|found| panic!("{}", listed(&found)));
    assert_eq!(told.len(), 12);
    // Matrices bring the keys of travel rows.
    let (given, _) = crate::export::sample::day();
    let size = given.places.len();
    let row = json!({"seconds": vec![60; size], "meters": vec![600; size]});
    let legs = json!({"car": {"to": row, "from": row}});
    let profile = given.profiles[0].id.clone();
    let text = json!({"plan": "p", "ticket": new, "legs": {(profile): legs["car"]}}).to_string();
    let request = Request::recommendation(text).unwrap();
    match request.ticket(&Words::of(&given), &given) {
        Ok(Some(Ticket::New { job: _, at: Some(new) })) => {
            assert_eq!(new.legs[0].plain.to.len(), size);
            assert_eq!(new.place.matrix_index.map(|index| index as usize), Some(size));
        }
        other => panic!("{other:?}"),
    }
    let mut keys = BTreeSet::new();
    for table in [&keys::RECOMMENDATION, &keys::ACCEPTANCE, &keys::REFUSAL, &keys::CHANGES] {
        keys_of(table, &mut keys);
    }
    // What requests themselves ask for by name, and what callers of `Request` do.
    let by_callers = ["plan", "version", "problem", "most", "slots", "everybody", "explain", "rush"];
    let unread: Vec<&str> =
        keys.into_iter().filter(|key| !by_callers.contains(key) && !asked::all().contains(*key)).collect();
    assert_eq!(unread, Vec::<&str>::new());
    for (name, schema) in live_schemas(Lang::En) {
        assert_eq!(schema["additionalProperties"], json!(false), "{name}");
    }
}
