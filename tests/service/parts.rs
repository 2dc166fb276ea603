//! A very large plan whose parts several processes do, some of which are killed: the same plan as by one.

use crate::http::call;
use crate::postgres::Cluster;
use crate::processes::Process;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Few jobs would do in one piece; told to cut them, a process cuts them all the same.
const CUT: [&str; 8] = ["--parts-from", "40", "--lease-seconds", "1", "--plans-at-once", "1", "--attempts", "100"];

/// What a plan takes some seconds for.
const ITERATIONS: u64 = 12_000;

fn town() -> Value {
    let at = |clock: &str| format!("2026-06-15T{clock}:00+02:00");
    let place =
        |k: usize| json!({"lat": 47.0 + (k * 37 % 101) as f64 / 400.0, "lon": 9.4 + (k * 53 % 89) as f64 / 350.0});
    let technician = |k: usize| {
        json!({
            "id": format!("tech {k}"),
            "home": place(k * 7 + 3),
            "prices": {"work": 3000, "distance": 50},
            "shifts": [{"start": at("08:00"), "end": at("17:00")}],
        })
    };
    let job = |k: usize| json!({"id": format!("T-{k}"), "place": place(k), "work": format!("PT{}M", 20 + k % 5 * 10)});
    json!({
        "schema_version": 1,
        "horizon": {"start": at("00:00"), "end": at("23:00"), "zone": "Europe/Vaduz"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 13}},
        "technicians": (0..16).map(technician).collect::<Vec<_>>(),
        "jobs": (0..120).map(job).collect::<Vec<_>>(),
    })
}

fn submit(port: u16, iterations: u64) -> String {
    let path = format!("/v1/plans?iterations={iterations}&seed=5");
    let (status, job) = call(port, "POST", &path, &[], &town().to_string()).unwrap();
    assert_eq!(status, 202, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

fn done(port: u16, id: &str) -> Value {
    let start = Instant::now();
    loop {
        let (status, job) = call(port, "GET", &format!("/v1/plans/{id}"), &[("Prefer", "wait=10")], "").unwrap();
        assert_eq!(status, 200, "{job}");
        if job["state"] != "queued" && job["state"] != "running" {
            assert_eq!((&job["state"], &job["version"]), (&json!("succeeded"), &json!(1)), "{job}");
            return job["plan"].clone();
        }
        assert!(start.elapsed() < Duration::from_secs(120), "{job}");
    }
}

/// How many jobs of the store are in a state, parts among them.
fn jobs(port: u16, state: &str) -> u64 {
    let text = crate::http::text(port, "GET", "/metrics", &[], "").unwrap().1;
    let line = format!("dispatch_jobs{{state=\"{state}\"}} ");
    let count = text.lines().find_map(|other| other.strip_prefix(&line)).unwrap_or_else(|| panic!("{text}"));
    count.parse().unwrap()
}

/// Waits for what must come soon.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn the_same_plan_whoever_is_killed(store: &str, other: &str) {
    let alone = {
        let server = Process::server(other, 0, &["--plans-at-once", "0"]);
        let _worker = Process::worker(other, &CUT);
        done(server.port, &submit(server.port, ITERATIONS))
    };
    let server = Process::server(store, 0, &["--plans-at-once", "0"]);
    let mut workers = vec![Process::worker(store, &CUT), Process::worker(store, &CUT)];
    std::thread::sleep(Duration::from_millis(500));
    let id = submit(server.port, ITERATIONS);
    wait_until("nobody shares the plan", || jobs(server.port, "running") > 1);
    for kill in 0..3 {
        // Whichever has the plan and whichever has a part: each of them is hit.
        std::thread::sleep(Duration::from_millis(150));
        workers.remove(kill % 2).kill();
        workers.push(Process::worker(store, &CUT));
    }
    let plan = done(server.port, &id);
    assert_eq!(plan, alone, "the parts hang on who does them");
    let (_, listed) = call(server.port, "GET", "/v1/plans?limit=100", &[], "").unwrap();
    assert_eq!(listed["plans"].as_array().unwrap().len(), 1, "a part is nobody's plan");
}

#[test]
fn a_plan_in_parts_is_the_same_though_workers_are_killed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    the_same_plan_whoever_is_killed(&path("store.db"), &path("other.db"));
}

#[test]
fn a_plan_in_parts_is_the_same_though_workers_are_killed_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    the_same_plan_whoever_is_killed(&cluster.address(), folder.path().join("other.db").to_str().unwrap());
}

fn a_stopped_plan_keeps_its_best_and_ends_its_parts(store: &str) {
    let server = Process::server(store, 0, &["--plans-at-once", "0"]);
    let _workers = [Process::worker(store, &CUT), Process::worker(store, &CUT)];
    std::thread::sleep(Duration::from_millis(500));
    let id = submit(server.port, 25 * ITERATIONS);
    let path = format!("/v1/plans/{id}");
    let look = || call(server.port, "GET", &path, &[], "").unwrap().1;
    // The first round has put a plan of all parts together; those of the next are out.
    wait_until("no round ends", || look()["progress"].is_object());
    wait_until("nobody shares the plan", || jobs(server.port, "running") > 1);
    let progress = look()["progress"].clone();
    let (status, job) = call(server.port, "DELETE", &path, &[], "").unwrap();
    assert!(status == 200 || status == 202, "{job}");
    wait_until("it does not end", || look()["state"] != "running");
    let job = look();
    assert_eq!((&job["state"], &job["version"]), (&json!("cancelled"), &json!(1)), "{job}");
    assert_eq!((&progress["unassigned"], &job["plan"]["unassigned"]), (&json!(0), &json!([])), "{job}");
    assert_eq!(job["score"]["violations"], json!(0), "{job}");
    assert!(job["score"]["cost"].as_i64() <= progress["cost"].as_i64(), "{progress} {job}");
    wait_until("a part goes on", || jobs(server.port, "running") + jobs(server.port, "queued") == 0);
    // Both workers are free again.
    done(server.port, &submit(server.port, 200));
}

#[test]
fn a_plan_in_parts_that_is_stopped_keeps_its_best_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_stopped_plan_keeps_its_best_and_ends_its_parts(folder.path().join("store.db").to_str().unwrap());
}

#[test]
fn a_plan_in_parts_that_is_stopped_keeps_its_best_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    a_stopped_plan_keeps_its_best_and_ends_its_parts(&cluster.address());
}
