//! What is written reads back as the same nouns.

use super::{FULL, SMALLEST, listed, read};
use crate::format::{plan_schema, problem_schema, read_plan, write_plan, write_problem};
use crate::lang::Lang;
use crate::problem::{Draft, Problem};
use serde_json::Value;

/// A draft in full, so that two can be compared field by field.
pub(super) fn in_full(draft: &Draft) -> String {
    format!("{draft:#?}")
}

pub(super) fn assert_round_trip(problem: &Problem) {
    let written = write_problem(problem).to_string();
    assert_eq!(in_full(&read(&written)), in_full(problem), "{written}");
}

#[test]
fn a_written_problem_reads_back_as_the_same_draft() {
    assert_round_trip(&read(FULL));
    assert_round_trip(&read(SMALLEST));
}

#[test]
fn a_problem_with_matrices_reads_back_as_the_same_draft() {
    let (problem, _) = crate::export::sample::day();
    assert_round_trip(&problem);
}

#[test]
fn a_written_plan_reads_back_as_the_same_plan() {
    let (problem, plan) = crate::export::sample::day();
    let written = write_plan(&problem, &plan).to_string();
    let again = read_plan(&problem, &written).unwrap_or_else(|found| panic!("{}\n{written}", listed(&found)));
    assert_eq!(again, plan);
    let problem = read(FULL);
    let plan = problem.current.clone().unwrap_or_default();
    let written = write_plan(&problem, &plan).to_string();
    assert_eq!(read_plan(&problem, &written), Ok(plan));
}

/// Compares with the file kept beside the tests; with UPDATE_SNAPSHOTS set, writes it instead.
fn assert_snapshot(name: &str, value: &Value) {
    let path = format!("{}/tests/wire/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{path} is another than what is written now:\n{text}");
}

#[test]
fn the_wire_format_is_the_one_on_file() {
    assert_snapshot("full.written.json", &write_problem(&read(FULL)));
    let (problem, plan) = crate::export::sample::day();
    assert_snapshot("plan.written.json", &write_plan(&problem, &plan));
    assert_snapshot("problem.schema.json", &problem_schema(Lang::En));
    assert_snapshot("plan.schema.json", &plan_schema(Lang::En));
}

#[test]
fn the_sample_day_reads_and_makes_the_round_trip() {
    let day = read(include_str!("../../../samples/liechtenstein-day.json"));
    assert!(day.jobs.len() >= 70, "{} jobs", day.jobs.len());
    assert_round_trip(&day);
}

#[test]
fn an_imported_problem_reads_back_as_the_same_draft() {
    use crate::import::{Format, import};
    for (format, text) in [
        (Format::Vrptw, include_str!("../../import/fixtures/vrptw.txt")),
        (Format::Trsp, include_str!("../../import/fixtures/trsp.txt")),
        (Format::Trsp, include_str!("../../import/fixtures/praxedo.txt")),
        (Format::Sdvrptw, include_str!("../../import/fixtures/site-dependent.vrp")),
        (Format::FieldService, include_str!("../../import/fixtures/fs-6.json")),
        (Format::Vroom, include_str!("../../import/fixtures/vroom.json")),
        (Format::Pragmatic, include_str!("../../import/fixtures/pragmatic.json")),
    ] {
        let imported = import(format, text).unwrap_or_else(|found| panic!("{}", listed(&found)));
        let mut draft = imported.problem.into_draft();
        // Given matrices are in the order of the places, so a written index is a position.
        for (at, place) in draft.places.iter_mut().enumerate() {
            place.matrix_index = u32::try_from(at).ok();
        }
        let problem = draft.check().unwrap_or_else(|found| panic!("{}", listed(&found)));
        assert_round_trip(&problem);
    }
}
