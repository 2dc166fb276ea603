//! The service without a socket: what is asked, what is answered. One test at the end goes over
//! loopback.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use dispatch_api::{Limits, Service, serve};
use serde_json::json;
use std::time::Duration;
use support::{World, day, get, limits, post, settings, with};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn it_lives_is_ready_and_says_what_it_is() {
    let world = World::idle(settings(limits())).await;
    assert_eq!(world.get("/livez").await, json!({"status": "alive"}));
    assert_eq!(world.get("/readyz").await, json!({"status": "ready"}));
    let version = world.get("/version").await;
    assert_eq!((&version["version"], &version["wire_format"]), (&json!(env!("CARGO_PKG_VERSION")), &json!("v1")));
}

#[tokio::test]
async fn all_findings_come_at_once_in_both_languages() {
    let world = World::idle(settings(limits())).await;
    let mut problem = day();
    problem["jobs"][0]["wrok"] = json!(1);
    problem["jobs"][1]["work"] = json!("an hour");
    problem["technicians"][0]["prices"]["work"] = json!(-1);
    let (status, english) = world.refused(post("/v1/plans", problem.to_string())).await;
    assert_eq!((status, &english["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
    let errors = english["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 3);
    assert!(errors.iter().any(|error| error["pointer"] == "/jobs/0/wrok" && error["hint"] == "did you mean \"work\"?"));

    let request = with(post("/v1/plans", problem.to_string()), "accept-language", "zh-CN,zh;q=0.9,en;q=0.5");
    let (_, chinese) = world.refused(request).await;
    assert_eq!(chinese["title"], json!("输入有误，详见各项。"));
    assert_eq!(chinese["errors"].as_array().unwrap().len(), 3);
    assert!(chinese["errors"][0]["message"].as_str().unwrap().contains("应为"));
    assert_eq!(chinese["errors"][0]["code"], english["errors"][0]["code"], "codes have no language");
}

#[tokio::test]
async fn a_valid_problem_has_no_findings() {
    let world = World::idle(settings(limits())).await;
    assert_eq!(world.post("/v1/validate", &day()).await, json!({"valid": true, "errors": []}));
}

#[tokio::test]
async fn what_is_over_a_limit_is_refused_with_the_limit_and_the_value() {
    let world = World::idle(settings(Limits { body_bytes: 100, ..limits() })).await;
    let (status, problem) = world.refused(post("/v1/plans", day().to_string())).await;
    assert_eq!((status, &problem["limit"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!(100)));

    let world = World::idle(settings(Limits { jobs: 2, ..limits() })).await;
    let (status, problem) = world.refused(post("/v1/plans", day().to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((&problem["what"], &problem["limit"], &problem["value"]), (&json!("jobs"), &json!(2), &json!(3)));

    let (_, problem) = world.refused(post("/v1/plans?seconds=1e9&x=1", "{}")).await;
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);

    let published = world.get("/v1/limits").await;
    assert_eq!(published["jobs"], json!(2));
}

#[tokio::test]
async fn a_map_that_the_service_does_not_have_is_a_finding_and_never_a_file() {
    let world = World::idle(settings(limits())).await;
    let mut problem = day();
    problem["travel"] = json!({"roads": {"map": "/etc/passwd"}});
    let (status, refusal) = world.refused(post("/v1/plans", problem.to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refusal["errors"][0]["code"], json!("unknown_reference"));
    assert_eq!(refusal["errors"][0]["pointer"], json!("/travel/roads/map"));
}

#[tokio::test]
async fn wrong_paths_methods_and_bodies_are_problem_documents_too() {
    let world = World::idle(settings(limits())).await;
    let (status, _) = world.refused(get("/v2/plans")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // An id that PostgreSQL could not even be asked for.
    for path in ["/v1/plans/a%00", "/v1/plans/%00.csv", "/v1/scenarios/%00", "/v1/plans/a%00/events"] {
        let (status, problem) = world.refused(get(path)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("no_such_path")), "{path}");
    }
    let (status, headers, _) = world.ask(support::request("PUT", "/v1/plans", "{}")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let mut allowed: Vec<&str> = headers[header::ALLOW].to_str().unwrap().split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    let form = Request::post("/v1/plans").header(header::CONTENT_TYPE, "text/plain").body(Body::from("{}")).unwrap();
    let (status, _) = world.refused(form).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, problem) = world.refused(post("/v1/plans?seed=%ff", "{}")).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("?seed")));
    let (status, problem) = world.refused(post("/v1/plans", "{\"jobs\": [")).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("syntax")));
    let (_, problem) = world.refused(post("/v1/plans", vec![b'"', 0xff])).await;
    assert_eq!(problem["errors"][0]["code"], json!("syntax"));
}

#[tokio::test]
async fn the_schema_the_description_and_its_page_are_served() {
    let world = World::idle(settings(limits())).await;
    let (_, headers, schema) = world.ask(get("/v1/schema/problem")).await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/schema+json");
    assert!(schema.to_string().contains("great_circle"));
    let api = world.get("/openapi.json").await;
    assert_eq!(api["openapi"], json!("3.1.0"));
    assert!(api["paths"]["/v1/plans/{id}"]["delete"]["operationId"].is_string());
    let (status, headers, _) = world.ask(get("/docs")).await;
    assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "text/html; charset=utf-8"));
    let (_, headers, _) = world.ask(with(get("/livez"), "x-request-id", "mine-1")).await;
    assert_eq!(headers["x-request-id"], "mine-1");
    let (_, headers, _) = world.ask(with(get("/livez"), "x-request-id", "not harmless")).await;
    assert!(headers["x-request-id"].to_str().unwrap().starts_with("req_"));
}

#[tokio::test]
async fn it_answers_over_loopback_and_ends_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db").to_str().unwrap().to_owned();
    let start = std::time::Instant::now();
    let settings = dispatch_api::Settings { store, ..settings(limits()) };
    let service = Service::open(settings, move || start.elapsed().as_secs_f64()).await.unwrap();
    let server = tokio::spawn(serve(listener, service, async { drop(stopped.await) }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    assert!(said.ends_with("{\"status\":\"alive\"}"), "{said}");

    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), server).await.unwrap().unwrap().unwrap();
}
