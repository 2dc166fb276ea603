//! kill −9 of servers and workers at random moments: nothing accepted is lost, nothing is done twice.

use crate::http::call;
use crate::postgres::Cluster;
use crate::processes::{Process, day};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

const JOBS: usize = 200;

/// A small generator, so that the moments are the same in every run of the test.
struct Moments(u64);

impl Moments {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Asks until the server answers: it may just have been killed.
fn patiently(port: u16, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> (u16, Value) {
    let start = Instant::now();
    loop {
        match call(port, method, path, head, body) {
            Ok((status, value)) if !matches!(status, 429 | 503) => return (status, value),
            Ok(_) | Err(_) => {
                assert!(start.elapsed() < Duration::from_secs(60), "{method} {path}: no answer");
                std::thread::sleep(Duration::from_millis(30));
            }
        }
    }
}

/// Two hundred jobs while server and workers are killed; at the end every job has one result.
fn survives(store: &str, disturb: impl Fn()) {
    let quick = ["--lease-seconds", "0.6", "--plans-at-once", "1", "--attempts", "100"];
    let mut server = Process::server(store, 0, &quick);
    let port = server.port;
    let mut workers = vec![Process::worker(store, &quick), Process::worker(store, &quick)];
    let submitting = std::thread::spawn(move || {
        let submit = |number: usize| {
            let key = format!("job-{number}");
            let body = day(number).to_string();
            let path = format!("/v1/plans?iterations=60&seed={number}");
            let (status, job) = patiently(port, "POST", &path, &[("Idempotency-Key", &key)], &body);
            // 200 where the answer to an earlier try was cut off and the job is done by now.
            assert!(matches!(status, 200 | 202), "{job}");
            job["id"].as_str().unwrap().to_owned()
        };
        (0..JOBS).map(submit).collect::<Vec<String>>()
    });
    let mut moments = Moments(7);
    let mut kills = 0;
    while !submitting.is_finished() || kills < 12 {
        std::thread::sleep(Duration::from_millis(40 + moments.below(220)));
        kills += 1;
        match moments.below(3) {
            0 => {
                server.kill();
                server = Process::server(store, port, &quick);
            }
            one => {
                let at = usize::from(one == 1);
                workers.remove(at).kill();
                workers.push(Process::worker(store, &quick));
            }
        }
        if kills == 6 {
            disturb();
        }
    }
    let ids = submitting.join().unwrap();
    let mut seen = HashMap::new();
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(seen.insert(id.clone(), number), None, "two requests, one job");
        let path = format!("/v1/plans/{id}");
        let start = Instant::now();
        let job = loop {
            let (status, job) = patiently(port, "GET", &path, &[("Prefer", "wait=20")], "");
            assert_eq!(status, 200, "{id} is lost");
            if job["state"] != "queued" && job["state"] != "running" {
                break job;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{job}");
        };
        assert_eq!((&job["state"], &job["version"]), (&json!("succeeded"), &json!(1)), "{job}");
        assert_eq!(job["plan"]["problem"], json!(format!("day {number}")), "the result of another job");
        let (_, versions) = patiently(port, "GET", &format!("{path}/versions"), &[], "");
        assert_eq!(versions["versions"].as_array().unwrap().len(), 1, "done twice");
        let text = crate::http::text(port, "GET", &format!("{path}/events"), &[], "").unwrap().1;
        assert_eq!(text.matches("event: done").count(), 1, "ended twice: {text}");
    }
    let (_, listed) = patiently(port, "GET", "/v1/plans?limit=100", &[], "");
    let next = listed["next_before"].as_str().unwrap();
    let (_, more) = patiently(port, "GET", &format!("/v1/plans?limit=100&before={next}"), &[], "");
    let pages = [listed["plans"].as_array().unwrap().as_slice(), more["plans"].as_array().unwrap()].concat();
    let listed: HashSet<&str> = pages.iter().map(|job| job["id"].as_str().unwrap()).collect();
    assert_eq!(listed, ids.iter().map(String::as_str).collect(), "every job once, and none that nobody asked for");
    assert_eq!(pages.len(), JOBS);
    println!("{JOBS} jobs, {kills} kills: {JOBS} results, none lost, none double");
}

#[test]
fn no_job_is_lost_or_done_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    survives(folder.path().join("store.db").to_str().unwrap(), || {});
}

#[test]
fn no_job_is_lost_or_done_twice_on_postgresql_though_it_restarts_in_between() {
    let Some(cluster) = Cluster::start() else { return };
    survives(&cluster.address(), || cluster.restart());
}
