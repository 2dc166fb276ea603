//! The service without a socket: what is asked, what is answered. One test at the end goes over
//! loopback.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use dispatch_api::{Limits, Service, app, serve};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// A clock that goes on a little whenever it is looked at, so that no test waits for real time.
fn ticking() -> impl Fn() -> f64 + Send + Sync {
    let looks = AtomicU64::new(0);
    move || looks.fetch_add(1, Ordering::Relaxed) as f64 * 0.01
}

fn service(limits: Limits) -> Router {
    app(Arc::new(Service::new(limits, ticking())))
}

fn day() -> Value {
    let at = |clock: &str| format!("2026-06-15T{clock}:00+02:00");
    let job = |id: &str, lat: f64| json!({"id": id, "place": {"lat": lat, "lon": 9.52}, "work": "PT1H"});
    json!({
        "schema_version": 1,
        "horizon": {"start": at("00:00"), "end": at("23:00"), "zone": "Europe/Vaduz"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 13}},
        "technicians": [{
            "id": "ann",
            "home": {"lat": 47.14, "lon": 9.52},
            "prices": {"work": 3000},
            "shifts": [{"start": at("08:00"), "end": at("17:00")}],
        }],
        "jobs": [job("T-1", 47.15), job("T-2", 47.16), job("T-3", 47.12)],
    })
}

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    request.body(body.into()).unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn body(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), 10 << 20).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A refusal: its status, and its body, which is always a problem document.
async fn refused(service: Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = service.oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let status = response.status();
    let problem = body(response).await;
    assert_eq!(problem["status"], json!(status.as_u16()));
    assert!(problem["title"].is_string() && problem["type"].is_string() && problem["code"].is_string());
    (status, problem)
}

#[tokio::test]
async fn it_lives_is_ready_and_says_what_it_is() {
    let response = service(Limits::default()).oneshot(get("/livez")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let response = service(Limits::default()).oneshot(get("/readyz")).await.unwrap();
    assert_eq!((response.status(), body(response).await), (StatusCode::OK, json!({"status": "ready"})));
    let response = service(Limits::default()).oneshot(get("/version")).await.unwrap();
    let version = body(response).await;
    assert_eq!(version["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(version["wire_format"], json!("v1"));
}

#[tokio::test]
async fn limits_are_published_as_they_are() {
    let limits = Limits { jobs: 77, ..Limits::default() };
    let published = body(service(limits).oneshot(get("/v1/limits")).await.unwrap()).await;
    assert_eq!(published["jobs"], json!(77));
    assert_eq!(published["body_bytes"], json!(limits.body_bytes));
}

#[tokio::test]
async fn a_problem_becomes_a_plan_while_the_caller_waits() {
    let request = post("/v1/plans?iterations=50&seed=3", day().to_string());
    let response = service(Limits::default()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let plan = body(response).await;
    assert_eq!(plan["unassigned"], json!([]));
    assert_eq!(plan["seed"], json!(3));
    assert_eq!(plan["routes"][0]["stops"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_budget_of_seconds_is_kept_by_the_clock_that_came_in() {
    let response = service(Limits::default()).oneshot(post("/v1/plans?seconds=2", day().to_string())).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(response).await["unassigned"], json!([]));
}

#[tokio::test]
async fn all_findings_come_at_once_in_the_language_that_is_asked_for() {
    let mut problem = day();
    problem["jobs"][0]["work"] = json!(60);
    problem["jobs"][1]["widnows"] = json!([]);
    problem["horizon"]["zone"] = json!("Moon/Base");
    let (status, english) = refused(service(Limits::default()), post("/v1/validate", problem.to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut pointers: Vec<&str> =
        english["errors"].as_array().unwrap().iter().filter_map(|error| error["pointer"].as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/horizon/zone", "/jobs/0/work", "/jobs/1/widnows"]);

    let mut request = post("/v1/plans", problem.to_string());
    request.headers_mut().insert(header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9,en;q=0.5".parse().unwrap());
    let (_, chinese) = refused(service(Limits::default()), request).await;
    assert_eq!(chinese["title"], json!("输入有误，详见各项。"));
    assert_eq!(chinese["errors"].as_array().unwrap().len(), 3);
    assert!(chinese["errors"][0]["message"].as_str().unwrap().contains("应为"));
    assert_eq!(chinese["errors"][0]["code"], english["errors"][0]["code"], "codes have no language");
}

#[tokio::test]
async fn a_valid_problem_has_no_findings() {
    let response = service(Limits::default()).oneshot(post("/v1/validate", day().to_string())).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(response).await, json!({"valid": true, "errors": []}));
}

#[tokio::test]
async fn what_is_over_a_limit_is_refused_with_the_limit_and_the_value() {
    let small = Limits { body_bytes: 100, ..Limits::default() };
    let (status, problem) = refused(service(small), post("/v1/plans", day().to_string())).await;
    assert_eq!((status, &problem["limit"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!(100)));

    let few = Limits { jobs: 2, ..Limits::default() };
    let (status, problem) = refused(service(few), post("/v1/plans", day().to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((&problem["what"], &problem["limit"], &problem["value"]), (&json!("jobs"), &json!(2), &json!(3)));

    let (_, problem) = refused(service(Limits::default()), post("/v1/plans?seconds=1e9&x=1", "{}")).await;
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn roads_and_what_the_search_cannot_honour_are_findings() {
    let mut problem = day();
    problem["travel"] = json!({"roads": {"map": "/etc/passwd"}});
    let (status, refusal) = refused(service(Limits::default()), post("/v1/plans", problem.to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refusal["errors"][0]["code"], json!("not_supported_yet"));
    assert_eq!(refusal["errors"][0]["pointer"], json!("/travel"));
}

#[tokio::test]
async fn one_plan_more_than_allowed_is_told_to_come_back() {
    let none = Limits { plans_at_once: 0, ..Limits::default() };
    let response = service(none).oneshot(post("/v1/plans?iterations=1", day().to_string())).await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    assert_eq!(body(response).await["code"], json!("busy"));
}

#[tokio::test]
async fn wrong_paths_methods_and_bodies_are_problem_documents_too() {
    let (status, _) = refused(service(Limits::default()), get("/v2/plans")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = refused(service(Limits::default()), get("/v1/plans")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let form = Request::post("/v1/plans").header(header::CONTENT_TYPE, "text/plain").body(Body::from("{}")).unwrap();
    let (status, _) = refused(service(Limits::default()), form).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, problem) = refused(service(Limits::default()), post("/v1/plans?seed=%ff", "{}")).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("?seed")));
    let (status, problem) = refused(service(Limits::default()), post("/v1/plans", "{\"jobs\": [")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["code"], json!("syntax"));
}

#[tokio::test]
async fn the_schema_is_served() {
    let response = service(Limits::default()).oneshot(get("/v1/schema/problem")).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/schema+json");
    assert!(body(response).await.to_string().contains("great_circle"));
}

#[tokio::test]
async fn it_answers_over_loopback_and_ends_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let service = Arc::new(Service::new(Limits::default(), ticking()));
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
