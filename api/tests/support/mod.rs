//! What the tests of the service share: a service on a store of its own, requests, answers.

#![allow(clippy::unwrap_used, dead_code, reason = "in a test a panic is a failure told; not every test uses all of it")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use dispatch_api::{Crew, Limits, Service, Settings, app};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt;

/// A service, its store's folder, and its workers.
pub(crate) struct World {
    pub(crate) service: Arc<Service>,
    pub(crate) app: Router,
    pub(crate) crew: Option<Crew>,
    limits: Limits,
    folder: tempfile::TempDir,
}

/// Limits under which tests are quick.
pub(crate) fn limits() -> Limits {
    Limits { plans_at_once: 2, threads: 2, ..Limits::default() }
}

pub(crate) fn settings(limits: Limits) -> Settings {
    Settings { limits, lease_seconds: 5.0, ..Settings::default() }
}

impl World {
    /// A service without workers: what it accepts stays in the queue.
    pub(crate) async fn idle(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.db").to_str().unwrap().to_owned();
        let start = Instant::now();
        let limits = settings.limits;
        let settings = Settings { store, ..settings };
        let service = Service::open(settings, move || start.elapsed().as_secs_f64()).await.unwrap();
        let app = app(Arc::clone(&service));
        Self { service, app, crew: None, limits, folder }
    }
    /// A service that works.
    pub(crate) async fn new(limits: Limits) -> Self {
        let mut world = Self::idle(settings(limits)).await;
        world.crew = Some(Crew::start(&world.service).unwrap());
        world
    }
    /// Another process on the same store, which knows nothing but what is stored. It does not work.
    pub(crate) async fn another(&self) -> Router {
        self.another_with(self.limits).await
    }
    /// The same with limits of its own.
    pub(crate) async fn another_with(&self, limits: Limits) -> Router {
        let start = Instant::now();
        let settings = Settings { store: self.store(), ..settings(limits) };
        app(Service::open(settings, move || start.elapsed().as_secs_f64()).await.unwrap())
    }
    /// The path of its store.
    pub(crate) fn store(&self) -> String {
        self.folder.path().join("store.db").to_str().unwrap().to_owned()
    }
    pub(crate) async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        (status, headers, body(response).await)
    }
    /// A success of status 200.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, _, value) = self.ask(get(path)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {value}");
        value
    }
    /// A success of status 200, 201 or 202.
    pub(crate) async fn post(&self, path: &str, value: &Value) -> Value {
        let (status, _, value) = self.ask(post(path, value.to_string())).await;
        assert!(status.is_success(), "{path}: {status} {value}");
        value
    }
    /// A refusal: its status, and its body, which is always a problem document.
    pub(crate) async fn refused(&self, request: Request<Body>) -> (StatusCode, Value) {
        let (status, headers, problem) = self.ask(request).await;
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{status} {problem}");
        assert_eq!(problem["status"], json!(status.as_u16()));
        assert!(problem["title"].is_string() && problem["type"].is_string() && problem["code"].is_string());
        (status, problem)
    }
    /// A plan that is done, for a problem.
    pub(crate) async fn planned(&self, problem: &Value) -> Value {
        let mut request = post("/v1/plans?iterations=200", problem.to_string());
        request.headers_mut().insert("prefer", "wait=60".parse().unwrap());
        let (status, _, job) = self.ask(request).await;
        assert_eq!((status, &job["state"]), (StatusCode::OK, &json!("succeeded")), "{job}");
        job
    }
    /// Ends the workers.
    pub(crate) async fn end(mut self) {
        if let Some(crew) = self.crew.take() {
            crew.stop().await;
        }
    }
}

pub(crate) fn day() -> Value {
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

pub(crate) fn request(method: &str, path: &str, text: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.body(text.into()).unwrap()
}

pub(crate) fn post(path: &str, text: impl Into<Body>) -> Request<Body> {
    request("POST", path, text)
}

pub(crate) fn get(path: &str) -> Request<Body> {
    request("GET", path, Body::empty())
}

pub(crate) fn delete(path: &str) -> Request<Body> {
    request("DELETE", path, Body::empty())
}

pub(crate) fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

/// What a router answers: status and JSON.
pub(crate) async fn answered(router: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.clone().oneshot(request).await.unwrap();
    (response.status(), body(response).await)
}

/// The JSON of an answer; null where it is another kind.
pub(crate) async fn body(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
