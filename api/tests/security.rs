//! Who may do what: every call of the description, with no key, with keys of each scope, and with the
//! keys of another tenant.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use dispatch_api::{Grant, Scope, make_key, openapi};
use dispatch_data::lang::Lang;
use serde_json::{Value, json};
use std::collections::HashMap;
use support::{World, day, get, limits, post, request, settings, with};

/// One thing of each kind that a tenant has, by the path under which its kind lives.
type Things = HashMap<&'static str, String>;

/// A plan, a study, a key and a webhook of whoever holds the key.
async fn things(world: &World, key: &str) -> Things {
    let slower = json!({"name": "rain", "changes": [{"travel_factor": 1.25}]});
    let study = json!({"problem": day(), "scenarios": [slower], "seeds": [1], "iterations": 5});
    let bodies = [
        ("/v1/plans", day()),
        ("/v1/scenarios", study),
        ("/v1/keys", json!({"name": "one more", "scopes": ["read"]})),
        ("/v1/webhooks", json!({"url": "https://tickets.example.com/", "events": ["job.unassigned"]})),
    ];
    let mut things = Things::new();
    for (path, body) in bodies {
        let (status, _, made) = world.ask(bearing(post(path, body.to_string()), key)).await;
        assert!(status.is_success(), "{path}: {made}");
        things.insert(path, made["id"].as_str().unwrap().to_owned());
    }
    things
}

/// Every call of the description: method, path with the id of a thing of its kind filled in, scope.
fn calls(things: &Things) -> Vec<(String, String, Option<Scope>)> {
    let mut calls = Vec::new();
    for (path, methods) in openapi(Lang::En)["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let path = path.replace("{technician}", "ann");
            let path = match path.split_once("/{id}") {
                Some((kind, rest)) => format!("{kind}/{}{rest}", things[kind]),
                None => path,
            };
            let scope = call["x-scope"].as_str().map(|word| Scope::of(word).unwrap());
            calls.push((method.to_uppercase(), path, scope));
        }
    }
    assert!(calls.len() > 25);
    calls
}

async fn key(world: &World, tenant: &str, scopes: &[Scope]) -> String {
    let grant = Grant { tenant: tenant.to_owned(), scopes: scopes.to_vec() };
    make_key(world.service.store(), &grant, "test").await.unwrap().1
}

fn bearing(request: Request<Body>, key: &str) -> Request<Body> {
    with(request, "authorization", &format!("Bearer {key}"))
}

#[tokio::test]
async fn every_call_that_must_be_refused_is_refused_and_every_other_is_not() {
    let world = World::new(limits()).await;
    let all = key(&world, "acme", &Scope::ALL).await;
    let things = things(&world, &all).await;
    let path = format!("/v1/plans/{}", things["/v1/plans"]);
    let (_, _, done) = world.ask(with(bearing(get(&path), &all), "prefer", "wait=60")).await;
    assert_eq!(done["state"], json!("succeeded"));

    let mut keys = HashMap::new();
    for scope in Scope::ALL {
        keys.insert(scope, key(&world, "acme", &[scope]).await);
    }
    let mut refused = 0;
    for (method, path, scope) in calls(&things) {
        let asked = || request(&method, &path, "{}");
        let (status, _, _) = world.ask(asked()).await;
        let Some(scope) = scope else {
            assert!(status.is_success(), "{method} {path} needs no key, and said {status}");
            continue;
        };
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} without a key");
        let (status, _) = world.refused(bearing(asked(), "dsp_wrong")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} with a wrong key");
        for (other, key) in &keys {
            // What stops or removes things is not really done here, by the right key.
            if *other == scope && method == "DELETE" {
                continue;
            }
            let (status, _, _) = world.ask(bearing(asked(), key)).await;
            if *other == scope {
                assert!(!matches!(status.as_u16(), 401 | 403 | 404 | 500..), "{method} {path}: {status}");
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} with a key for {}", other.word());
                refused += 1;
            }
        }
    }
    assert!(refused > 50);
    world.end().await;
}

#[tokio::test]
async fn one_tenant_never_sees_what_is_anothers() {
    let world = World::idle(settings(limits())).await;
    let (mine, theirs) = (key(&world, "acme", &Scope::ALL).await, key(&world, "other", &Scope::ALL).await);
    let things = things(&world, &mine).await;
    let with_key = |body: Value| with(post("/v1/plans", body.to_string()), "idempotency-key", "same");
    let (_, _, job) = world.ask(bearing(with_key(day()), &mine)).await;
    let mut hidden = 0;
    for (method, path, scope) in calls(&things) {
        if scope.is_some() && things.values().any(|id| path.contains(id.as_str())) {
            let (status, _, _) = world.ask(bearing(request(&method, &path, "{}"), &theirs)).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}");
            hidden += 1;
        }
    }
    assert!(hidden >= 12);
    let (_, _, still) = world.ask(bearing(get(&format!("/v1/plans/{}", things["/v1/plans"])), &mine)).await;
    assert_eq!((&still["state"], &still["stopping"]), (&json!("queued"), &json!(false)), "nobody else has stopped it");
    for (path, what, own) in [("/v1/plans", "plans", 0), ("/v1/keys", "keys", 1), ("/v1/webhooks", "webhooks", 0)] {
        let (_, _, list) = world.ask(bearing(get(path), &theirs)).await;
        assert_eq!(list[what].as_array().unwrap().len(), own, "{path}");
    }
    let (_, _, webhooks) = world.ask(bearing(get("/v1/webhooks"), &mine)).await;
    assert_eq!(webhooks["webhooks"].as_array().unwrap().len(), 1, "nobody else has removed it");
    // The same idempotency key of another tenant is another key.
    let (status, _, other) = world.ask(bearing(with_key(day()), &theirs)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_ne!(other["id"], job["id"]);
}

#[tokio::test]
async fn a_revoked_key_is_dead_and_the_last_one_does_not_open_the_door() {
    let world = World::idle(settings(limits())).await;
    let (status, _, made) =
        world.ask(post("/v1/keys", json!({"name": "first", "scopes": ["admin"]}).to_string())).await;
    assert_eq!(status, StatusCode::CREATED, "without keys this machine may make the first one");
    let key = made["key"].as_str().unwrap().to_owned();
    let (status, _) = world.refused(get("/v1/keys")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, _, list) = world.ask(bearing(get("/v1/keys"), &key)).await;
    assert!(!list.to_string().contains(&key));
    let revoke = support::delete(&format!("/v1/keys/{}", made["id"].as_str().unwrap()));
    let (status, _, _) = world.ask(bearing(revoke, &key)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = world.refused(bearing(get("/v1/keys"), &key)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = world.refused(get("/v1/limits")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn no_key_stands_in_the_store_and_wrong_wishes_for_keys_are_findings() {
    let world = World::idle(settings(limits())).await;
    let secret = key(&world, "acme", &[Scope::Read]).await;
    world.service.store().close().await;
    for file in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{file}", world.store())).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    let world = World::idle(settings(limits())).await;
    let wrong = json!({"name": "", "scopes": ["read", "read", "root"], "tenant": "x"});
    let (_, problem) = world.refused(post("/v1/keys", wrong.to_string())).await;
    let pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/tenant", "/name", "/scopes/1", "/scopes/2"]);
}

#[tokio::test]
async fn without_keys_only_local_names_are_answered() {
    let world = World::idle(settings(limits())).await;
    let (status, problem) = world.refused(with(get("/v1/plans"), "host", "evil.example")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::MISDIRECTED_REQUEST, &json!("wrong_host")));
    let (status, _, _) = world.ask(with(get("/v1/plans"), "host", "localhost:8080")).await;
    assert_eq!(status, StatusCode::OK);
}
