//! What a text states twice agrees, what it leaves out is no claim, and what it names can be printed.

use super::{FULL, SMALLEST, listed, read};
use crate::finding::Code;
use crate::format::{claims_price, read_plan, read_problem};
use crate::problem::Problem;
use serde_json::{Value, json};

/// The full problem and its current plan as a document of its own.
fn full() -> (Problem, Value) {
    let value: Value = serde_json::from_str(FULL).unwrap();
    (read(FULL), value["current_plan"].clone())
}

/// Place, code, expectation and value of the one finding about a plan.
fn only(problem: &Problem, plan: &Value) -> (String, Code, String, String) {
    let found = read_plan(problem, plan.to_string()).unwrap_err();
    assert_eq!(found.len(), 1, "{}", listed(&found));
    (found[0].pointer.clone(), found[0].code, found[0].expected.english().to_owned(), found[0].got.english().to_owned())
}

#[test]
fn what_a_plan_says_again_must_agree() {
    let (problem, plan) = full();
    for (pointer, value, expected, got) in [
        ("/cost", json!(1), "523872, the sum of \"bill\"", "1"),
        ("/problem", json!("Sunday"), "\"Monday and Tuesday\", the name of the problem", "\"Sunday\""),
        ("/routes/0/technician", json!("bob"), "\"ann\", the technician of the shift \"ann monday\"", "\"bob\""),
    ] {
        let mut other = plan.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        assert_eq!(only(&problem, &other), (pointer.into(), Code::Contradiction, expected.into(), got.into()));
    }
}

#[test]
fn a_cost_is_the_sum_of_a_bill_that_is_there_however_large() {
    let (problem, mut plan) = full();
    for term in crate::bill::Term::ALL {
        plan["bill"][term.key()] = json!(10_i64.pow(18));
    }
    assert!(only(&problem, &plan).2.starts_with("11000000000000000000,"));
    plan.as_object_mut().unwrap().remove("bill");
    assert!(only(&problem, &plan).2.starts_with("a \"bill\" beside it"));
}

#[test]
fn a_plan_of_a_former_problem_keeps_the_name_of_that() {
    let text = FULL.replace("\"problem\": \"Monday and Tuesday\"", "\"problem\": \"Monday\"");
    assert_ne!(text, FULL);
    let _ = read(&text);
}

#[test]
fn a_plan_without_bill_and_fingerprint_reads_and_claims_nothing() {
    let (problem, mut plan) = full();
    assert!(claims_price(plan.to_string()));
    for key in ["bill", "cost", "travel_fingerprint"] {
        plan.as_object_mut().unwrap().remove(key);
    }
    assert!(!claims_price(plan.to_string()));
    let plan = read_plan(&problem, plan.to_string()).unwrap_or_else(|found| panic!("{}", listed(&found)));
    assert_eq!((plan.bill, plan.travel_fingerprint), Default::default());
}

/// Places and codes of everything wrong with a problem.
fn places_of(text: &str) -> Vec<(String, Code)> {
    let found = read_problem(text).unwrap_err();
    found.iter().map(|finding| (finding.pointer.clone(), finding.code)).collect()
}

#[test]
fn a_home_that_does_not_read_is_found_once_and_not_at_the_shifts() {
    let text = SMALLEST.replace("\"lat\": 47.14,", "\"lat\": \"47.14\",");
    assert_eq!(places_of(&text), [("/technicians/0/home/lat".to_owned(), Code::WrongType)]);
    let text = SMALLEST.replace("{\"lat\": 47.14, \"lon\": 9.52}", "\"nowhere\"");
    assert_eq!(places_of(&text), [("/technicians/0/home".to_owned(), Code::UnknownReference)]);
}

#[test]
fn a_technician_may_be_called_by_a_stroke_and_a_shift_of_none_is_not_found_too() {
    assert_eq!(read(&SMALLEST.replace("ann", "/ann")).shifts[0].id, "/ann/1");
    let text = SMALLEST.replace("\"ann\"", "\"\"");
    assert_eq!(places_of(&text), [("/technicians/0/id".to_owned(), Code::Empty)]);
}

#[test]
fn ids_and_names_without_control_characters_only() {
    for (old, new, pointer, shown) in [
        (r#""T-1""#, r#""T\n1""#, "/jobs/0/id", r#""T\n1""#),
        (r#""ann""#, r#""\u001b[2J""#, "/technicians/0/id", r#""\u{1b}[2J""#),
        (r#""id": "ann""#, r#""id": "ann", "name": "A\u0085B""#, "/technicians/0/name", r#""A\u{85}B""#),
        (r#""id": "T-1""#, r#""id": "T-1", "customer": "A\tB""#, "/jobs/0/customer", r#""A\tB""#),
    ] {
        let text = SMALLEST.replace(old, new);
        let found = read_problem(&text).unwrap_err();
        let places: Vec<_> = found.iter().map(|one| (one.pointer.as_str(), one.code, one.got.english())).collect();
        assert_eq!(places, [(pointer, Code::UnknownValue, shown)], "{}", listed(&found));
    }
}

#[test]
fn a_draft_with_a_control_character_in_a_name_is_no_problem() {
    let mut draft = read(SMALLEST).into_draft();
    draft.jobs[0].id.push('\u{7f}');
    draft.technicians[0].name = "Ann\r".into();
    let found = draft.check().unwrap_err();
    let mut places: Vec<_> = found.iter().map(|one| (one.pointer.as_str(), one.code)).collect();
    places.sort();
    assert_eq!(places, [("/jobs/0/id", Code::UnknownValue), ("/technicians/0/name", Code::UnknownValue)]);
}
