//! One server as its users meet it: settings, keys, many at once, an end in good order.

use crate::http::{call, exchange};
use crate::processes::{Process, day};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

fn dispatch(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_dispatch")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn an_address_that_others_reach_needs_keys_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let store = store.to_str().unwrap();
    let (ended_well, _, said) = dispatch(&["serve", "--bind", "0.0.0.0:0", "--store", store]);
    assert!(!ended_well && said.contains("dispatch keys add"), "{said}");
    let (_, key, _) = dispatch(&["keys", "add", "--tenant", "acme", "--scopes", "read", "--store", store]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_dispatch"));
    let server = Process::spawn(command.args(["serve", "--bind", "0.0.0.0:0", "--store", store]));
    let bearer = format!("Bearer {}", key.trim());
    assert_eq!(call(server.port, "GET", "/v1/plans", &[("Authorization", &bearer)], "").unwrap().0, 200);
    assert_eq!(call(server.port, "GET", "/v1/plans", &[], "").unwrap().0, 401);
    let (_, list, _) = dispatch(&["keys", "list", "--store", store]);
    assert!(list.contains("acme") && !list.contains(key.trim()), "{list}");
}

#[test]
fn five_hundred_at_once_are_accepted_or_told_to_come_again_and_all_accepted_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let server = Process::server(store.to_str().unwrap(), 0, &["--queue", "100", "--plans-at-once", "1"]);
    let port = server.port;
    let submit = move |number: usize| {
        let path = format!("/v1/plans?iterations=5&seed={number}");
        let (status, head, body) = exchange(port, "POST", &path, &[], &day(number).to_string()).unwrap();
        (status, head, serde_json::from_str::<Value>(&body).unwrap())
    };
    let mut accepted = Vec::new();
    let mut refused = 0;
    // Fifty callers with ten requests each.
    let callers: Vec<_> = (0..50)
        .map(|caller| std::thread::spawn(move || (0..10).map(|turn| submit(caller * 10 + turn)).collect::<Vec<_>>()))
        .collect();
    for caller in callers {
        for (status, head, answer) in caller.join().unwrap() {
            match status {
                202 => accepted.push(answer["id"].as_str().unwrap().to_owned()),
                429 => {
                    assert_eq!((&answer["code"], &answer["limit"]), (&json!("busy"), &json!(100)));
                    let seconds = head.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
                    assert!((1..=60).contains(&seconds.parse::<u32>().unwrap()), "{seconds}");
                    refused += 1;
                }
                other => panic!("{other} {answer}"),
            }
        }
    }
    assert_eq!(accepted.len() + refused, 500);
    assert!(accepted.len() >= 100);
    for id in &accepted {
        let (_, job) = call(port, "GET", &format!("/v1/plans/{id}?plan=false"), &[("Prefer", "wait=60")], "").unwrap();
        assert_eq!(job["state"], json!("succeeded"), "{job}");
    }
    let peak = server.peak_megabytes();
    println!("500 at once: {} accepted and done, {refused} told to come again, at most {peak:?} MB", accepted.len());
    assert!(peak.is_none_or(|peak| peak < 200), "{peak:?} MB");
    assert!(server.stop(), "it ends well when it is told to");
}

#[test]
fn a_stopped_server_hands_its_work_back_and_a_worker_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let store = store.to_str().unwrap();
    let server = Process::server(store, 0, &[]);
    let port = server.port;
    let (_, job) = call(port, "POST", "/v1/plans?seconds=1.5", &[], &day(1).to_string()).unwrap();
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    while call(port, "GET", &path, &[], "").unwrap().1["state"] == "queued" {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(server.stop());
    let worker = Process::worker(store, &[]);
    let server = Process::server(store, 0, &["--plans-at-once", "0"]);
    let (_, done) = call(server.port, "GET", &path, &[("Prefer", "wait=60")], "").unwrap();
    assert_eq!((&done["state"], &done["attempts"]), (&json!("succeeded"), &json!(1)), "{done}");
    assert!(worker.stop());
}

#[test]
fn settings_come_from_flag_environment_and_file_in_that_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dispatch.toml");
    let store = folder.path().join("store.db");
    let text = format!("store = {:?}\nqueue = 7\nmax_jobs = 8\nmax_shifts = 9\n", store.to_str().unwrap());
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dispatch"));
    command.env("DISPATCH_MAX_SHIFTS", "19").args(["serve", "--bind", "127.0.0.1:0", "--config"]).arg(&file);
    let server = Process::spawn(command.args(["--max-jobs", "18"]));
    let (_, limits) = call(server.port, "GET", "/v1/limits", &[], "").unwrap();
    assert_eq!((&limits["queue"], &limits["jobs"], &limits["shifts"]), (&json!(7), &json!(18), &json!(19)));
    assert!(store.exists());

    std::fs::write(&file, "qeue = 7\nopen = 3\n").unwrap();
    let (_, _, said) = dispatch(&["serve", "--config", file.to_str().unwrap()]);
    assert!(said.contains("2 findings") && said.contains("/qeue") && said.contains("/open"), "{said}");
}
