//! Wrong input: every finding at once, exit code 2, and never a panic.
//!
//! Each case edits the quick start of the README and names the findings it must bring, as JSON
//! pointer and code.

use crate::support::{Run, dispatch, quick_start};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn base() -> Value {
    serde_json::from_str(&quick_start()).unwrap()
}

/// The quick start with values set by JSON pointer.
fn with(edits: &[(&str, Value)]) -> String {
    let mut problem = base();
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match problem.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(object) => {
                object.insert(key.to_owned(), value.clone());
            }
            Value::Array(array) if key == "-" => array.push(value.clone()),
            Value::Array(array) => array[key.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{pointer}: {other}"),
        }
    }
    problem.to_string()
}

/// The quick start without one value.
fn without(pointer: &str) -> String {
    let mut problem = base();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    problem.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    problem.to_string()
}

/// The quick start as text with one piece replaced.
fn replaced(old: &str, new: &str) -> String {
    let text = quick_start();
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn run(folder: &Path, text: &[u8]) -> Run {
    fs::write(folder.join("bad.json"), text).unwrap();
    dispatch(folder, &["--json", "validate", "bad.json"])
}

/// Pointers and codes of all findings.
fn findings(run: &Run) -> BTreeSet<(String, String)> {
    let report = run.json();
    assert_eq!(report["valid"], json!(false));
    let errors = report["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            assert!(error["expected"].is_string() && error["got"].is_string(), "{error}");
            (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
        })
        .collect()
}

/// Pointers and codes.
type Findings = Vec<(&'static str, &'static str)>;

/// A broken file and what must be found, exactly.
fn cases() -> Vec<(&'static str, String, Findings)> {
    let at = |clock: &str| format!("2026-06-15T{clock}:00+02:00");
    let window = |open: &str, close: &str| json!({"open": at(open), "close": at(close)});
    let job_2 = "/jobs/1/windows";
    vec![
        ("work is a number", with(&[("/jobs/0/work", json!(90))]), vec![("/jobs/0/work", "wrong_type")]),
        ("work is no duration", with(&[("/jobs/0/work", json!("90 min"))]), vec![("/jobs/0/work", "bad_duration")]),
        ("work is negative", with(&[("/jobs/0/work", json!("-PT5M"))]), vec![("/jobs/0/work", "out_of_range")]),
        ("work is a century", with(&[("/jobs/0/work", json!("P36500D"))]), vec![("/jobs/0/work", "out_of_range")]),
        ("a key is misspelt", with(&[("/jobs/0/widnows", json!([]))]), vec![("/jobs/0/widnows", "unknown_key")]),
        (
            "a key stands twice",
            replaced("\"id\": \"T-1\",", "\"id\": \"T-1\", \"id\": \"T-9\","),
            vec![("/jobs/0/id", "repeated_key")],
        ),
        ("a needed key is missing", without("/jobs/0/place"), vec![("/jobs/0", "missing_key")]),
        ("the horizon is missing", without("/horizon"), vec![("", "missing_key")]),
        ("another version", with(&[("/schema_version", json!(2))]), vec![("/schema_version", "out_of_range")]),
        (
            "latitude past the pole",
            with(&[("/jobs/0/place/lat", json!(91.0))]),
            vec![("/jobs/0/place/lat", "out_of_range")],
        ),
        ("latitude without longitude", without("/jobs/0/place/lon"), vec![("/jobs/0/place", "missing_key")]),
        ("not a number", replaced("47.113", "NaN"), vec![("/jobs/0/place/lat", "syntax")]),
        ("beyond all numbers", replaced("47.113", "1e999"), vec![("/jobs/0/place/lat", "out_of_range")]),
        (
            "a huge price",
            with(&[("/technicians/0/prices/work", json!(9_000_000_000_000_000_000_u64))]),
            vec![("/technicians/0/prices/work", "out_of_range")],
        ),
        (
            "a price with cents after a point",
            with(&[("/technicians/0/prices/work", json!(30.5))]),
            vec![("/technicians/0/prices/work", "wrong_type")],
        ),
        ("negative stock", with(&[("/sites/0/stock/pump", json!(-1))]), vec![("/sites/0/stock/pump", "out_of_range")]),
        ("a part of nothing", with(&[("/jobs/0/parts/pump", json!(0))]), vec![("/jobs/0/parts/pump", "out_of_range")]),
        ("two jobs of one name", with(&[("/jobs/1/id", json!("T-1"))]), vec![("/jobs/1/id", "duplicate_id")]),
        (
            "two technicians of one name",
            with(&[("/technicians/1/id", json!("ann"))]),
            // Shifts without a name of their own take the technician's; that is no second finding.
            vec![("/technicians/1/id", "duplicate_id")],
        ),
        ("an empty name", with(&[("/jobs/0/id", json!(""))]), vec![("/jobs/0/id", "empty")]),
        (
            "a name of a million letters",
            with(&[("/jobs/0/id", json!("x".repeat(1_000_000)))]),
            vec![("/jobs/0/id", "too_large")],
        ),
        (
            "an unknown technician",
            with(&[("/jobs/0/required_technicians", json!(["anne"]))]),
            vec![("/jobs/0/required_technicians/0", "unknown_reference")],
        ),
        (
            "an unknown region",
            with(&[("/jobs/0/region", json!("north"))]),
            vec![("/jobs/0/region", "unknown_reference")],
        ),
        (
            "an unknown place",
            with(&[("/jobs/0/place", json!("plant 7"))]),
            vec![("/jobs/0/place", "unknown_reference")],
        ),
        ("an unknown kind", with(&[("/jobs/0/kind", json!("repiar"))]), vec![("/jobs/0/kind", "unknown_value")]),
        (
            "a window closed before it opens",
            with(&[(job_2, json!([window("15:00", "14:00")]))]),
            vec![("/jobs/1/windows/0/close", "closed_before_open")],
        ),
        (
            "windows that overlap",
            with(&[(job_2, json!([window("10:00", "12:00"), window("11:00", "13:00")]))]),
            vec![("/jobs/1/windows/1/open", "windows_overlap")],
        ),
        ("no window at all", with(&[(job_2, json!([]))]), vec![(job_2, "empty")]),
        (
            "an instant without offset",
            with(&[("/horizon/start", json!("2026-06-15T00:00:00"))]),
            vec![("/horizon/start", "bad_instant")],
        ),
        (
            "no such day",
            with(&[("/horizon/start", json!("2026-02-30T00:00:00Z"))]),
            vec![("/horizon/start", "bad_instant")],
        ),
        ("no such zone", with(&[("/horizon/zone", json!("Europe/Vadux"))]), vec![("/horizon/zone", "bad_zone")]),
        (
            "a shift that ends before it starts",
            with(&[("/technicians/1/shifts/0/end", json!(at("06:00")))]),
            vec![("/technicians/1/shifts/0/end", "closed_before_open")],
        ),
        (
            "due and target at once",
            with(&[("/jobs/0/sla/arrive/due", json!(at("10:00")))]),
            vec![("/jobs/0/sla/arrive", "contradiction")],
        ),
        ("a target without opening", without("/jobs/0/sla/opened_at"), vec![("/jobs/0/sla", "missing_key")]),
        (
            "pins that run in a circle",
            with(&[("/jobs/0/pin", json!({"after": "T-2"})), ("/jobs/1/pin", json!({"after": "T-1"}))]),
            vec![("/jobs/0/pin/after", "cycle")],
        ),
        ("no travel at all", with(&[("/travel", json!({}))]), vec![("/travel", "contradiction")]),
        ("two sources of travel", with(&[("/travel/roads", json!({"map": "x"}))]), vec![("/travel", "contradiction")]),
        (
            "a crew",
            with(&[("/jobs/0/crew", json!([{"work": "PT1H"}, {"work": "PT1H"}]))]),
            vec![("/jobs/0/crew", "not_supported_yet")],
        ),
        ("the file ends too soon", quick_start()[..300].to_owned(), vec![]),
        ("nested without end", "[".repeat(100_000), vec![]),
        ("an empty file", String::new(), vec![("", "syntax")]),
        ("a list", "[]".to_owned(), vec![("", "wrong_type")]),
    ]
}

#[test]
fn each_broken_file_gets_its_findings_and_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (name, text, expected) in cases() {
        let run = run(folder.path(), text.as_bytes());
        assert_eq!(run.code, 2, "{name}: {}", run.err);
        assert!(!run.err.contains("panicked"), "{name}: {}", run.err);
        let found = findings(&run);
        assert!(!found.is_empty(), "{name}");
        let expected: BTreeSet<(String, String)> =
            expected.into_iter().map(|(pointer, code)| (pointer.to_owned(), code.to_owned())).collect();
        if !expected.is_empty() && found != expected {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn ten_mistakes_in_one_file_are_ten_findings() {
    let folder = tempfile::tempdir().unwrap();
    let text = with(&[
        ("/jobs/0/work", json!("soon")),
        ("/jobs/0/priority", json!("P9")),
        ("/jobs/0/place/lat", json!(470)),
        ("/jobs/1/work", json!(-5)),
        ("/jobs/1/id", json!("T-3")),
        ("/jobs/2/windwos", json!([])),
        ("/technicians/0/prices/work", json!(-1)),
        ("/technicians/1/skills/boiler", json!(0)),
        ("/sites/0/collection", json!("PT")),
        ("/horizon/zone", json!("Moon/Base")),
    ]);
    let run = run(folder.path(), text.as_bytes()).ends_with(2);
    assert_eq!(findings(&run).len(), 10, "{}", run.out);
    let said = dispatch(folder.path(), &["validate", "bad.json"]).ends_with(2);
    assert!(said.err.starts_with("bad.json: 10 findings\n"), "{}", said.err);
    assert!(said.err.contains("did you mean \"windows\""), "{}", said.err);
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), b"\xff\xfe{\x00}").ends_with(2);
    assert_eq!(findings(&run), BTreeSet::from([(String::new(), "syntax".to_owned())]));
}

#[test]
fn a_file_that_is_not_there_and_a_call_that_is_wrong_are_bad_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let run = dispatch(folder.path(), &["solve", "nowhere.json"]).ends_with(2);
    assert!(run.err.contains("nowhere.json"), "{}", run.err);
    dispatch(folder.path(), &["solve"]).ends_with(2);
    dispatch(folder.path(), &["no-such-command"]).ends_with(2);
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    dispatch(folder.path(), &["solve", "problem.json", "--seconds", "0"]).ends_with(2);
    dispatch(folder.path(), &["solve", "problem.json", "--seconds", "1", "--iterations", "5"]).ends_with(2);
    let run = dispatch(folder.path(), &["solve", "problem.json", "--map", "problem.json"]).ends_with(2);
    assert!(run.err.contains("osm.pbf"), "{}", run.err);
}
