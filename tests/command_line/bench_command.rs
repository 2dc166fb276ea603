//! `dispatch bench` on instances so small that the best answer is found with a pencil.

use crate::support::{dispatch, repository};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The answer to one of the importers' own fixtures.
fn answer(folder: &Path, kind: &str, fixture: &str, more: &[&str]) -> Value {
    let instance = repository("data/src/import/fixtures").join(fixture);
    let mut arguments = vec!["bench", kind, instance.to_str().unwrap(), "answer.json"];
    arguments.extend(more);
    let run = dispatch(folder, &arguments).ends_with(0);
    assert_eq!(run.out, "", "an answer goes to its file alone");
    let answer: Value = serde_json::from_str(&fs::read_to_string(folder.join("answer.json")).unwrap()).unwrap();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["routes", "value", "version"]);
    assert_eq!(answer["version"], json!(env!("CARGO_PKG_VERSION")));
    answer
}

fn close(value: &Value, expected: f64) -> bool {
    (value.as_f64().unwrap() - expected).abs() < 1e-3
}

#[test]
fn vrptw_counts_distances_cut_to_one_decimal() {
    let folder = tempfile::tempdir().unwrap();
    // Together 1 and 2 weigh 18 of 20: 5.0 + 3.6 + 1.4, and 2.0 + 2.0 for customer 4 alone.
    let answer = answer(folder.path(), "vrptw", "vrptw.txt", &["--iterations", "300"]);
    assert!(close(&answer["value"], 14.0), "{answer}");
    let mut routes: Vec<Vec<u64>> = serde_json::from_value(answer["routes"].clone()).unwrap();
    routes.iter_mut().for_each(|route| route.sort_unstable());
    routes.sort();
    assert_eq!(routes, [vec![1, 2], vec![4]]);
}

#[test]
fn trsp_counts_working_time_and_says_where_the_depot_is_visited() {
    let folder = tempfile::tempdir().unwrap();
    // Only technician 1 has the skill for request 3, and only the depot has its tool and parts:
    // 5 + 1 + 5 + √5 + 5 + √5, leaving so late that nothing is waited for.
    let answer = answer(folder.path(), "trsp", "trsp.txt", &["--iterations", "300"]);
    assert_eq!(answer["routes"], json!([[0, 3, 4], []]));
    assert!(close(&answer["value"], 16.0 + 2.0 * 5.0_f64.sqrt()), "{answer}");
}

#[test]
fn trsp_with_matrices_reads_times_from_them() {
    let folder = tempfile::tempdir().unwrap();
    let answer = answer(folder.path(), "trsp", "praxedo.txt", &["--iterations", "100"]);
    assert_eq!(answer["routes"], json!([[2]]));
    // There 20.1333, 45 of service, back to the technician's end copy 22.75.
    assert!(close(&answer["value"], 20.1333 + 45.0 + 22.75), "{answer}");
}

#[test]
fn sdvrptw_lists_every_vehicle_in_order() {
    let folder = tempfile::tempdir().unwrap();
    // Client 3 may only go with vehicle 2; 1 cannot come before 2, which closes at 46.
    let answer = answer(folder.path(), "sdvrptw", "site-dependent.vrp", &["--iterations", "300"]);
    assert_eq!(answer["routes"], json!([[2, 1], [3]]));
    assert!(close(&answer["value"], 15717.0), "{answer}");
}

#[test]
fn copies_of_a_day_are_one_day_of_so_many_jobs_and_only_of_kind_fs() {
    let folder = tempfile::tempdir().unwrap();
    let one = answer(folder.path(), "fs", "fs-6.json", &["--iterations", "300"]);
    let three = answer(folder.path(), "fs", "fs-6.json", &["--iterations", "900", "--copies", "3"]);
    let served = |answer: &Value| -> usize {
        let routes: Vec<Vec<u64>> = serde_json::from_value(answer["routes"].clone()).unwrap();
        assert!(routes.iter().flatten().all(|job| *job < 18));
        routes.iter().map(Vec::len).sum()
    };
    assert!(served(&three) >= 3 * served(&one), "{three}");
    let instance = repository("data/src/import/fixtures/trsp.txt");
    let arguments = ["bench", "trsp", instance.to_str().unwrap(), "a.json", "--iterations", "1", "--copies", "2"];
    let run = dispatch(folder.path(), &arguments).ends_with(2);
    assert!(run.err.contains("--copies") && run.err.contains("an instance of kind fs"), "{}", run.err);
}

#[test]
fn fs_lists_job_positions_by_technician() {
    let folder = tempfile::tempdir().unwrap();
    let answer = answer(folder.path(), "fs", "fs-6.json", &["--iterations", "300"]);
    let routes: Vec<Vec<u64>> = serde_json::from_value(answer["routes"].clone()).unwrap();
    let fixture = fs::read_to_string(repository("data/src/import/fixtures/fs-6.json")).unwrap();
    let instance: Value = serde_json::from_str(&fixture).unwrap();
    assert_eq!(routes.len(), instance["technicians"].as_array().unwrap().len());
    let mut jobs: Vec<u64> = routes.concat();
    jobs.sort_unstable();
    jobs.dedup();
    assert_eq!(jobs.len(), routes.concat().len(), "no job twice");
    assert!(jobs.iter().all(|job| *job < 6));
}

#[test]
fn iterations_and_seed_settle_the_answer_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let with = |threads| {
        let more = ["--iterations", "200", "--seed", "7", "--threads", threads];
        answer(folder.path(), "fs", "fs-6.json", &more)
    };
    let one = with("1");
    assert_eq!(one, with("2"));
    assert_eq!(one, with("4"));
}

#[test]
fn the_limit_counts_from_the_start_of_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    answer(folder.path(), "vrptw", "vrptw.txt", &["--seconds", "0.5", "--threads", "1"]);
    assert!(start.elapsed().as_secs_f64() < 5.0);
}

#[test]
fn kinds_that_come_later_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["hhcrsp", "dyn", "cvrp-xxl", "strsp", "verolog"] {
        let run = dispatch(folder.path(), &["bench", kind, "x", "y", "--seconds", "1"]).ends_with(2);
        assert!(run.err.contains(&format!("{kind} comes later")), "{}", run.err);
    }
    dispatch(folder.path(), &["bench", "cheese", "x", "y", "--seconds", "1"]).ends_with(2);
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was written");
}

#[test]
fn one_limit_is_needed_and_two_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    dispatch(folder.path(), &["bench", "vrptw", "x", "y"]).ends_with(2);
    dispatch(folder.path(), &["bench", "vrptw", "x", "y", "--seconds", "1", "--iterations", "1"]).ends_with(2);
}

#[test]
fn a_damaged_instance_brings_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.txt"), "TINY\n\nVEHICLE\nNUMBER CAPACITY\n 2 many\n").unwrap();
    let run = dispatch(folder.path(), &["bench", "vrptw", "bad.txt", "y", "--seconds", "1"]).ends_with(2);
    assert!(run.err.contains("bad.txt") && run.err.contains("line"), "{}", run.err);
}
