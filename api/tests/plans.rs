//! Plans as jobs: accepted once, waited for, followed, stopped, kept, forgotten.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::body::to_bytes;
use axum::http::{StatusCode, header};
use dispatch_api::{Crew, Limits, Settings};
use serde_json::{Value, json};
use std::time::Duration;
use support::{World, day, delete, get, limits, post, settings, with};
use tower::ServiceExt;

#[tokio::test]
async fn a_plan_is_accepted_waited_for_and_kept() {
    let world = World::new(limits()).await;
    let (status, headers, job) = world.ask(post("/v1/plans?iterations=200&seed=7", day().to_string())).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    // Whoever is quick has begun already.
    assert!(job["state"] == "queued" || job["state"] == "running", "{job}");
    let place = headers[header::LOCATION].to_str().unwrap().to_owned();
    assert_eq!(place, format!("/v1/plans/{}", job["id"].as_str().unwrap()));

    let (status, _, done) = world.ask(with(get(&place), "prefer", "wait=60")).await;
    assert_eq!((status, &done["state"], &done["version"]), (StatusCode::OK, &json!("succeeded"), &json!(1)), "{done}");
    assert_eq!(done["budget"], json!({"iterations": 200, "seed": 7}));
    assert_eq!(done["plan"]["unassigned"], json!([]));
    assert_eq!(done["score"]["cost"], done["plan"]["cost"]);
    assert_eq!((&done["bound"], &done["gap"]), (&Value::Null, &Value::Null));
    assert!(done["expires_at"].as_str().unwrap() > done["finished_at"].as_str().unwrap());

    let short = world.get(&format!("{place}?plan=false&version=1")).await;
    assert_eq!((&short["plan"], &short["kpis"]), (&Value::Null, &done["kpis"]));
    assert_eq!(world.get(&format!("{place}/versions")).await["versions"][0]["origin"], json!("search"));
    let (status, refusal) = world.refused(get(&format!("{place}?version=2"))).await;
    assert_eq!((status, &refusal["what"]), (StatusCode::NOT_FOUND, &json!("version")));
    let list = world.get("/v1/plans?limit=1").await;
    assert_eq!(list["plans"][0]["id"], job["id"]);
    world.end().await;
}

#[tokio::test]
async fn whoever_prefers_to_wait_gets_the_plan_at_once_and_the_same_as_anybody() {
    let world = World::new(limits()).await;
    let first = world.planned(&day()).await;
    let second = world.planned(&day()).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["plan"], second["plan"], "same problem, seed and iterations");
    let (_, headers, _) = world.ask(with(post("/v1/plans?iterations=1", day().to_string()), "prefer", "wait=9")).await;
    assert_eq!(headers["preference-applied"], "wait=9");
    world.end().await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_job_and_another_request_under_it_is_refused() {
    let world = World::idle(settings(limits())).await;
    let submit = |seed: u32| with(post(&format!("/v1/plans?seed={seed}"), day().to_string()), "idempotency-key", "k-1");
    let (_, _, first) = world.ask(submit(1)).await;
    let (status, headers, again) = world.ask(submit(1)).await;
    assert_eq!((status, &again["id"]), (StatusCode::ACCEPTED, &first["id"]));
    assert!(headers[header::LOCATION].to_str().unwrap().ends_with(first["id"].as_str().unwrap()));
    let (status, refusal) = world.refused(submit(2)).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency_key_reused")));
    assert_eq!(world.get("/v1/plans").await["plans"].as_array().unwrap().len(), 1);
    // A hundred retries at once are still one job.
    let retries = (0..100).map(|_| world.app.clone().oneshot(with(submit(1), "idempotency-key", "k-2")));
    let answers = futures_util::future::join_all(retries).await;
    let mut ids = std::collections::HashSet::new();
    for answer in answers {
        let job = support::body(answer.unwrap()).await;
        assert!(job["id"].is_string(), "{job}");
        ids.insert(job["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1);
    let (status, refusal) = world.refused(with(submit(1), "idempotency-key", "")).await;
    assert_eq!(
        (status, &refusal["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("Idempotency-Key"))
    );
}

#[tokio::test]
async fn a_retry_gets_its_job_also_from_a_service_with_other_limits() {
    let world = World::idle(settings(limits())).await;
    let submit = || with(post("/v1/plans", day().to_string()), "idempotency-key", "k-1");
    let (_, _, first) = world.ask(submit()).await;
    // Started again: less time where none is named, and not as many jobs as were accepted before.
    let later = world.another_with(Limits { default_seconds: 0.5, jobs: 1, ..limits() }).await;
    let (status, again) = support::answered(&later, submit()).await;
    assert_eq!((status, &again["id"]), (StatusCode::ACCEPTED, &first["id"]), "{again}");
    let (status, new) = support::answered(&later, post("/v1/plans", day().to_string())).await;
    assert_eq!((status, &new["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("over_limit")));
}

#[tokio::test]
async fn pages_hold_every_plan_once_though_many_came_in_the_same_millisecond() {
    let world = World::idle(settings(limits())).await;
    let submits = (0..60).map(|_| world.app.clone().oneshot(post("/v1/plans", day().to_string())));
    futures_util::future::join_all(submits).await;
    let (mut seen, mut path) = (std::collections::BTreeSet::new(), "/v1/plans?limit=7".to_owned());
    let mut pages = 0;
    loop {
        let page = world.get(&path).await;
        for plan in page["plans"].as_array().unwrap() {
            assert!(seen.insert(plan["id"].as_str().unwrap().to_owned()), "{plan} stands twice");
        }
        pages += 1;
        let Some(next) = page["next_before"].as_str() else { break };
        path = format!("/v1/plans?limit=7&before={next}");
    }
    assert_eq!((seen.len(), pages), (60, 9));
    for wrong in ["12", "12.%00", "x.plan_1"] {
        let (status, refusal) = world.refused(get(&format!("/v1/plans?before={wrong}"))).await;
        assert_eq!((status, &refusal["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("?before")));
    }
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_again_and_what_was_accepted_is_done() {
    let full = Limits { queue: 3, ..limits() };
    let mut world = World::idle(settings(full)).await;
    let submit = || post("/v1/plans?iterations=10", day().to_string());
    for _ in 0..3 {
        assert_eq!(world.ask(submit()).await.0, StatusCode::ACCEPTED);
    }
    let (status, headers, refusal) = world.ask(submit()).await;
    assert_eq!(
        (status, &refusal["code"], &refusal["limit"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("busy"), &json!(3))
    );
    assert!(headers[header::RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    world.crew = Some(Crew::start(&world.service).unwrap());
    for job in world.get("/v1/plans").await["plans"].as_array().unwrap() {
        let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
        let (_, _, done) = world.ask(with(get(&path), "prefer", "wait=60")).await;
        assert_eq!(done["state"], json!("succeeded"));
    }
    world.end().await;
}

#[tokio::test]
async fn stopping_keeps_the_best_plan_found() {
    let world = World::new(limits()).await;
    let (_, _, job) = world.ask(post("/v1/plans?seconds=50", day().to_string())).await;
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    for _ in 0..200 {
        if world.get(&path).await["state"] == "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (status, _, stopped) = world.ask(delete(&path)).await;
    assert_eq!((status, &stopped["state"]), (StatusCode::OK, &json!("cancelled")), "{stopped}");
    assert_eq!(stopped["plan"]["routes"].as_array().unwrap().len(), 1);
    let (status, _, again) = world.ask(delete(&path)).await;
    assert_eq!((status, &again["version"]), (StatusCode::OK, &json!(1)));
    world.end().await;
}

#[tokio::test]
async fn what_still_waits_is_cancelled_without_a_plan() {
    let world = World::idle(settings(limits())).await;
    let (_, _, job) = world.ask(post("/v1/plans", day().to_string())).await;
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    let (status, _, stopped) = world.ask(delete(&path)).await;
    assert_eq!((status, &stopped["state"], &stopped["version"]), (StatusCode::OK, &json!("cancelled"), &Value::Null));
    let (status, _) = world.refused(delete("/v1/plans/plan_none")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// The events of a stream: number and kind of each.
async fn events(world: &World, path: &str, after: Option<&str>) -> Vec<(i64, String)> {
    let request = match after {
        Some(after) => with(get(path), "last-event-id", after),
        None => get(path),
    };
    let response = world.app.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8(text.into()).unwrap();
    let events = text.split("\n\n").filter(|event| event.contains("event: "));
    events
        .map(|event| {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
            let data: Value = serde_json::from_str(&field("data: ")).unwrap();
            assert!(data["at"].is_string(), "{event}");
            (field("id: ").parse().unwrap(), field("event: "))
        })
        .collect()
}

#[tokio::test]
async fn a_follower_sees_everything_once_and_can_come_again() {
    let world = World::new(limits()).await;
    let (_, _, job) = world.ask(post("/v1/plans?seconds=2.5", day().to_string())).await;
    let path = format!("/v1/plans/{}/events", job["id"].as_str().unwrap());
    let seen = events(&world, &path, None).await;
    let kinds: Vec<&str> = seen.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!((kinds[0], kinds[1], kinds.last()), ("queued", "started", Some(&"done")), "{kinds:?}");
    assert!(kinds.contains(&"incumbent"), "{kinds:?}");
    assert_eq!(seen.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (1..=seen.len() as i64).collect::<Vec<_>>());
    assert_eq!(events(&world, &path, Some("2")).await, seen[2..]);
    world.end().await;
}

#[tokio::test]
async fn the_end_of_the_process_hands_jobs_back_and_the_next_one_finishes_them() {
    let mut world = World::new(limits()).await;
    let (_, _, job) = world.ask(post("/v1/plans?seconds=3", day().to_string())).await;
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    for _ in 0..200 {
        if world.get(&path).await["state"] == "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.crew.take().unwrap().stop().await;
    let back = world.get(&path).await;
    assert_eq!((&back["state"], &back["attempts"]), (&json!("queued"), &json!(0)), "{back}");
    world.crew = Some(Crew::start(&world.service).unwrap());
    let (_, _, done) = world.ask(with(get(&path), "prefer", "wait=60")).await;
    assert_eq!((&done["state"], &done["attempts"], &done["version"]), (&json!("succeeded"), &json!(1), &json!(1)));
    let kinds: Vec<String> =
        events(&world, &format!("{path}/events"), None).await.into_iter().map(|one| one.1).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "done").count(), 1, "{kinds:?}");
    assert!(kinds.contains(&"handed_back".to_owned()));
    world.end().await;
}

#[tokio::test]
async fn a_job_whose_worker_fell_silent_is_done_by_another_and_only_once() {
    let world = World::idle(Settings { lease_seconds: 0.2, ..settings(limits()) }).await;
    let (_, _, job) = world.ask(post("/v1/plans?iterations=10", day().to_string())).await;
    let id = job["id"].as_str().unwrap();
    let store = world.service.store();
    let silent = store.claim("silent", 100, 5).await.unwrap().unwrap();
    assert!(store.claim("other", 100, 5).await.unwrap().is_none(), "the lease holds");
    tokio::time::sleep(Duration::from_millis(150)).await;
    let other = store.claim("other", 60_000, 5).await.unwrap().unwrap();
    assert_eq!((other.id.as_str(), other.attempt), (id, 2));
    let end = dispatch_api::store::Ending::Failed { code: "late" };
    assert!(!store.end("silent", &silent, &end, 1000).await.unwrap(), "the older attempt does not count");
    let pulse = dispatch_api::store::Pulse { id, attempt: 1, news: None };
    assert_eq!(store.pulse("silent", 1000, &[pulse]).await.unwrap(), [None]);
    assert!(store.end("other", &other, &end, 60_000).await.unwrap());
    assert!(!store.end("other", &other, &end, 1000).await.unwrap(), "nor does a second ending");
    assert_eq!(world.get(&format!("/v1/plans/{id}")).await["failure"], json!("late"));
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up_and_old_ones_are_forgotten() {
    let world = World::idle(settings(limits())).await;
    let (_, _, job) = world.ask(post("/v1/plans?iterations=10", day().to_string())).await;
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    let store = world.service.store();
    for _ in 0..2 {
        store.claim("doomed", 1, 2).await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(store.claim("doomed", 1, 2).await.unwrap().is_none());
    assert_eq!(store.sweep(2, 50).await.unwrap().0, 1);
    let failed = world.get(&path).await;
    assert_eq!((&failed["state"], &failed["failure"]), (&json!("failed"), &json!("too_many_attempts")));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(store.sweep(2, 50).await.unwrap(), (0, 1));
    let (status, _) = world.refused(get(&path)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
