//! `dispatch solve` and `dispatch check`: days on the bundled map and by great circle.

use crate::support::{dispatch, quick_start, repository};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const CLASSES: [&str; 4] = ["P1", "P2", "P3", "P4"];

/// Numbers that look random and are the same everywhere (a linear congruence, constants by Knuth).
struct Numbers(u64);

impl Numbers {
    /// From 0 up to, but without, `below`.
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Towns along the Rhine; random places lie within some hundred metres of them.
const TOWNS: [(f64, f64); 6] =
    [(47.067, 9.503), (47.107, 9.527), (47.141, 9.521), (47.165, 9.509), (47.211, 9.522), (47.238, 9.526)];

fn place(numbers: &mut Numbers) -> Value {
    let (lat, lon) = TOWNS[numbers.below(6) as usize];
    let mut shift = || numbers.below(6000) as f64 / 1e6 - 0.003;
    json!({"lat": lat + shift(), "lon": lon + shift()})
}

/// A random day on the bundled map.
fn random_day(seed: u64, jobs: usize, technicians: usize) -> Value {
    let mut numbers = Numbers(seed);
    let at = |minute: u64| format!("2026-06-15T{:02}:{:02}:00+02:00", minute / 60, minute % 60);
    let skills = ["boiler", "chiller", "lift"];
    let technicians: Vec<Value> = (0..technicians)
        .map(|k| {
            let start = 7 * 60 + 15 * numbers.below(5);
            json!({
                "id": format!("tech {k}"),
                "home": place(&mut numbers),
                "skills": {(skills[k % 3]): 2, (skills[(k + 1) % 3]): 1},
                "stock": {"filter": numbers.below(3)},
                "prices": {"work": 3000, "distance": 60, "overtime": 1500},
                "shifts": [{
                    "start": at(start), "end": at(start + 8 * 60), "latest_end": at(start + 9 * 60),
                    "breaks": [{"window": {"open": at(11 * 60 + 30), "close": at(13 * 60)}, "duration": "PT30M"}],
                }],
            })
        })
        .collect();
    let jobs: Vec<Value> = (0..jobs)
        .map(|k| {
            let open = 8 * 60 + 30 * numbers.below(12);
            let mut job = json!({
                "id": format!("T-{k:03}"),
                "place": place(&mut numbers),
                "work": format!("PT{}M", 15 + 5 * numbers.below(15)),
                "skills": {"all_of": {(skills[numbers.below(3) as usize]): 1 + numbers.below(2)}},
                "priority": CLASSES[numbers.below(4) as usize],
                "sla": {"arrive": {"due": at(open + 90), "late_price": 3000}},
            });
            if numbers.below(3) == 0 {
                job["parts"] = json!({"filter": 1 + numbers.below(2)});
            }
            if numbers.below(2) == 0 {
                job["windows"] = json!([{"open": at(open), "close": at(open + 150)}]);
            }
            job
        })
        .collect();
    json!({
        "schema_version": 1,
        "name": format!("random day {seed}"),
        "horizon": {"start": at(0), "end": "2026-06-16T00:00:00+02:00", "zone": "Europe/Vaduz"},
        "travel": {"roads": {"map": "map.osm.pbf"}},
        "technicians": technicians,
        "sites": [
            {"id": "south", "place": place(&mut numbers), "collection": "PT5M", "stock": {"filter": 10}},
            {"id": "north", "place": place(&mut numbers), "collection": "PT8M",
             "inbound": [{"part": "filter", "quantity": 8, "at": at(11 * 60)}]},
        ],
        "jobs": jobs,
    })
}

fn lay_out(folder: &Path, problem: &Value) {
    fs::copy(repository("data/samples/liechtenstein.osm.pbf"), folder.join("map.osm.pbf")).unwrap();
    fs::write(folder.join("day.json"), problem.to_string()).unwrap();
}

fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn a_random_day_on_real_roads_is_planned_clean_and_every_job_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &random_day(3, 40, 5));
    let solve = ["solve", "day.json", "--iterations", "400", "--out", "plan.json", "--csv", "plan.csv"];
    let said = dispatch(folder.path(), &solve).ends_with(0).out;
    assert!(said.contains("judge: clean"), "{said}");
    dispatch(folder.path(), &["check", "day.json", "plan.json"]).ends_with(0);
    let plan = read(folder.path(), "plan.json");
    let stops = plan["routes"].as_array().unwrap().iter().flat_map(|route| route["stops"].as_array().unwrap());
    let visited = stops.filter(|stop| stop["type"] == "visit").count();
    assert!(visited > 10, "{visited}");
    assert_eq!(visited + plan["unassigned"].as_array().unwrap().len(), 40);
}

#[test]
fn iterations_and_seed_settle_the_plan_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    let plan = |threads: &str, seed: &str| {
        let solve = ["solve", "problem.json", "--iterations", "300", "--threads", threads, "--seed", seed];
        dispatch(folder.path(), &[&["--json"], &solve[..]].concat()).ends_with(0).json()
    };
    let one = plan("1", "5");
    assert_eq!(one, plan("2", "5"));
    assert_eq!(one, plan("4", "5"));
    assert_eq!(plan("1", "6")["seed"], json!(6));
}

#[test]
fn a_plan_that_is_tampered_with_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    dispatch(folder.path(), &["solve", "problem.json", "--iterations", "200", "--out", "plan.json"]).ends_with(0);
    let mut plan = read(folder.path(), "plan.json");
    // The last stop is reached before anyone has left for it.
    let stops = plan["routes"][0]["stops"].as_array_mut().unwrap();
    let stop = stops.last_mut().unwrap();
    stop["arrival"] = json!("2026-06-15T00:10:00+02:00");
    fs::write(folder.path().join("tampered.json"), plan.to_string()).unwrap();
    let run = dispatch(folder.path(), &["--json", "check", "problem.json", "tampered.json"]).ends_with(1);
    let report = run.json();
    assert_eq!(report["clean"], json!(false));
    let rules: Vec<&str> = report["violations"].as_array().unwrap().iter().filter_map(|v| v["rule"].as_str()).collect();
    assert!(rules.contains(&"clock"), "{rules:?}");
}

#[test]
fn a_plan_that_claims_no_price_is_not_said_to_claim_another() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    dispatch(folder.path(), &["solve", "problem.json", "--iterations", "50", "--out", "plan.json"]).ends_with(0);
    let mut plan = read(folder.path(), "plan.json");
    for key in ["bill", "cost", "travel_fingerprint"] {
        plan.as_object_mut().unwrap().remove(key).unwrap();
    }
    fs::write(folder.path().join("plan.json"), plan.to_string()).unwrap();
    let report = dispatch(folder.path(), &["--json", "check", "problem.json", "plan.json"]).ends_with(0).json();
    assert_eq!((&report["clean"], &report["claimed_bill_matches"]), (&json!(true), &Value::Null));
    assert!(report["cost"]["total"].is_i64());
    let said = dispatch(folder.path(), &["check", "problem.json", "plan.json"]).ends_with(0).out;
    assert!(!said.contains("claims another price"), "{said}");
}

#[test]
fn a_place_off_every_road_is_a_finding_where_it_is_mentioned() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = random_day(4, 5, 2);
    day["jobs"][3]["place"] = json!({"lat": 46.0, "lon": 8.0});
    day["technicians"][1]["home"] = json!({"lat": 48.5, "lon": 9.5});
    lay_out(folder.path(), &day);
    let run = dispatch(folder.path(), &["--json", "solve", "day.json", "--iterations", "10"]).ends_with(2);
    let report = run.json();
    let found: BTreeSet<(&str, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    let expected = [("/jobs/3/place", "unreachable"), ("/technicians/1/shifts/0", "unreachable")];
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn a_matrix_gives_back_the_travel_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &random_day(5, 6, 2));
    dispatch(folder.path(), &["matrix", "day.json", "--out", "matrix.json"]).ends_with(0);
    let matrix = read(folder.path(), "matrix.json");
    let made_with = matrix["travel_fingerprint"].as_str().unwrap();
    assert!(made_with.len() == 16 && made_with.bytes().all(|digit| digit.is_ascii_hexdigit()), "{made_with}");
    let seconds = matrix["profiles"]["car"]["seconds"].as_array().unwrap();
    assert_eq!(seconds.len(), matrix["places"].as_array().unwrap().len());
    for (at, row) in seconds.iter().enumerate() {
        assert_eq!(row[at], json!(0));
        assert!(row.as_array().unwrap().iter().all(Value::is_u64), "every place is reached: {row}");
    }
}

#[test]
fn a_map_is_described_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let map = repository("data/samples/liechtenstein.osm.pbf");
    let said = dispatch(folder.path(), &["import-osm", map.to_str().unwrap(), "--geojson", "roads.geojson"]);
    assert!(said.ends_with(0).out.contains("junctions"));
    let roads = read(folder.path(), "roads.geojson");
    assert!(roads["features"].as_array().unwrap().len() > 1000);
}

#[test]
fn the_schema_is_json_and_names_every_part_of_the_quick_start() {
    let folder = tempfile::tempdir().unwrap();
    let problem = dispatch(folder.path(), &["schema", "problem"]).ends_with(0).json().to_string();
    for key in ["schema_version", "technicians", "great_circle", "inbound", "late_price"] {
        assert!(problem.contains(&format!("\"{key}\"")), "{key}");
    }
    let plan = dispatch(folder.path(), &["schema", "plan"]).ends_with(0).json().to_string();
    assert!(plan.contains("travel_fingerprint"));
}

/// Waits until a process has a handler for Ctrl-C (bit 1 of the mask that Linux shows), and raises
/// it then.
#[cfg(target_os = "linux")]
fn interrupt(process: &std::process::Child) {
    let status = format!("/proc/{}/status", process.id());
    let listens = || {
        let status = fs::read_to_string(&status).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() & 2 != 0
    };
    while !listens() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_search_keeps_the_best_plan_so_far() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_dispatch"))
        .args(["solve", "problem.json", "--seconds", "300", "--out", "plan.json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    interrupt(&process);
    assert_eq!(process.wait().unwrap().code(), Some(0));
    dispatch(folder.path(), &["check", "problem.json", "plan.json"]).ends_with(0);
}

#[test]
fn other_formats_become_problems_that_are_solved_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = repository("data/src/import/fixtures");
    let fixture = |name: &str| fixtures.join(name).to_str().unwrap().to_owned();
    let tables = ["--technicians".to_owned(), fixture("technicians.csv"), "--stock".to_owned(), fixture("stock.csv")];
    let cases = [
        ("solomon", "vrptw.txt", &[][..]),
        ("trsp", "trsp.txt", &[]),
        ("sdvrptw", "site-dependent.vrp", &[]),
        ("fs", "fs-6.json", &[]),
        ("vroom", "vroom.json", &[]),
        ("pragmatic", "pragmatic.json", &[]),
        ("csv", "jobs.csv", &tables),
    ];
    for (from, file, more) in cases {
        let file = fixture(file);
        let mut arguments = vec!["convert", "--from", from, &file, "problem.json"];
        arguments.extend(more.iter().map(String::as_str));
        dispatch(folder.path(), &arguments).ends_with(0);
        dispatch(folder.path(), &["validate", "problem.json"]).ends_with(0);
        let solve = ["solve", "problem.json", "--iterations", "50", "--out", "plan.json"];
        dispatch(folder.path(), &solve).ends_with(0);
        dispatch(folder.path(), &["check", "problem.json", "plan.json"]).ends_with(0);
    }
    let run = dispatch(folder.path(), &["convert", "--from", "excel", "x", "y"]).ends_with(2);
    assert!(run.err.contains("csv"), "{}", run.err);
    dispatch(folder.path(), &["convert", "--from", "csv", &fixture("jobs.csv"), "y"]).ends_with(2);
}

#[test]
fn the_service_refuses_addresses_that_others_can_reach() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"] {
        let run = dispatch(folder.path(), &["serve", "--bind", address]).ends_with(2);
        assert!(run.err.contains("loopback"), "{}", run.err);
    }
}
