//! The routes and their handlers: each parses, calls, renders.

use crate::language::language_of;
use crate::limits::Limits;
use crate::planning::{self, Task, Wish};
use crate::ready;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format;
use dispatch_data::lang::value;
use dispatch_data::problem::Problem;
use dispatch_data::say;
use serde_json::{Value, json};
use std::future::Future;
use std::sync::Arc;
use tokio::net::TcpListener;

type Shared = State<Arc<Service>>;
/// Keys and values of a query, as they stand.
type Pairs = Vec<(String, String)>;

/// The whole service as a router.
pub fn app(service: Arc<Service>) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/version", get(version))
        .route("/v1/limits", get(limits))
        .route("/v1/schema/problem", get(problem_schema))
        .route("/v1/schema/plan", get(plan_schema))
        .route("/v1/validate", post(validate))
        .route("/v1/plans", post(create_plan))
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method)
        .with_state(service)
}

/// Serves until `shutdown` is done, then finishes the requests in progress.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, app(service)).with_graceful_shutdown(shutdown).await
}

async fn livez() -> Response {
    answer(&json!({"status": "alive"}))
}

async fn readyz(State(service): Shared, headers: HeaderMap) -> Response {
    let solved = tokio::task::spawn_blocking(ready::solves_a_tiny_case).await;
    if service.slots.is_closed() || !matches!(solved, Ok(true)) {
        return Refusal::NotReady.into_answer(language_of(&headers));
    }
    answer(&json!({"status": "ready"}))
}

async fn version() -> Response {
    answer(&json!({"name": "dispatch", "version": env!("CARGO_PKG_VERSION"), "wire_format": "v1"}))
}

async fn limits(State(service): Shared) -> Response {
    answer(&service.limits.to_json())
}

async fn problem_schema() -> Response {
    schema(&format::problem_schema())
}

async fn plan_schema() -> Response {
    schema(&format::plan_schema())
}

/// All findings of a problem; 200 where there are none.
async fn validate(State(service): Shared, request: Request) -> Response {
    let language = language_of(request.headers());
    match problem_of(request, &service.limits).await {
        Ok(problem) => match Task::of(problem, &service.limits) {
            Ok(_) => answer(&json!({"valid": true, "errors": []})),
            Err(refusal) => refusal.into_answer(language),
        },
        Err(refusal) => refusal.into_answer(language),
    }
}

/// A plan, made while the caller waits.
async fn create_plan(
    State(service): Shared,
    query: Result<Query<Pairs>, QueryRejection>,
    request: Request,
) -> Response {
    let language = language_of(request.headers());
    match plan_of(service, query, request).await {
        Ok(plan) => answer(&plan),
        Err(refusal) => refusal.into_answer(language),
    }
}

async fn plan_of(
    service: Arc<Service>,
    query: Result<Query<Pairs>, QueryRejection>,
    request: Request,
) -> Result<Value, Refusal> {
    let Query(query) = query.map_err(|rejection| {
        let got = rejection.body_text();
        Refusal::Invalid(vec![Finding::new("?", Code::Syntax, say!("keys and values such as seconds=5"), value(got))])
    })?;
    let wish = Wish::of(&query, &service.limits).map_err(Refusal::Invalid)?;
    let problem = problem_of(request, &service.limits).await?;
    let task = Task::of(problem, &service.limits)?;
    let (task, plan) = planning::make(service, task, wish).await?;
    Ok(format::write_plan(task.problem(), &plan))
}

/// The problem in the body of a request. Reading a large one takes a while, so it happens where
/// other requests are not held up.
async fn problem_of(request: Request, limits: &Limits) -> Result<Problem, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::NotJson);
    }
    let limit = limits.body_bytes;
    let body = to_bytes(request.into_body(), limit).await.map_err(|_| Refusal::BodyTooLarge { limit })?;
    let read = tokio::task::spawn_blocking(move || format::read_problem(&body)).await;
    read.map_err(|_| Refusal::Internal)?.map_err(Refusal::Invalid)
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}

async fn no_such_path(headers: HeaderMap) -> Response {
    Refusal::NoSuchPath.into_answer(language_of(&headers))
}

async fn wrong_method(headers: HeaderMap) -> Response {
    Refusal::WrongMethod.into_answer(language_of(&headers))
}

fn answer(value: &Value) -> Response {
    typed(value, "application/json")
}

fn schema(value: &Value) -> Response {
    typed(value, "application/schema+json")
}

fn typed(value: &Value, media: &'static str) -> Response {
    let mut response = (StatusCode::OK, Body::from(value.to_string())).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
