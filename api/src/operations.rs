//! What whoever runs the service asks: alive, ready, counted, described.

use crate::answers::{json_answer, typed};
use crate::openapi::document;
use crate::ready;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dispatch_data::format;
use serde_json::json;
use std::sync::Arc;

pub(crate) async fn livez() -> Response {
    json_answer(&json!({"status": "alive"}))
}

pub(crate) async fn readyz(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    if service.is_closing() {
        return Err(Refusal::NotReady);
    }
    service.store.ping().await.map_err(|_| Refusal::NotReady)?;
    let solved = tokio::task::spawn_blocking(ready::solves_a_tiny_case).await;
    if matches!(solved, Ok(true)) { Ok(json_answer(&json!({"status": "ready"}))) } else { Err(Refusal::NotReady) }
}

pub(crate) async fn version() -> Response {
    json_answer(&json!({"name": "dispatch", "version": env!("CARGO_PKG_VERSION"), "wire_format": "v1"}))
}

pub(crate) async fn limits(State(service): State<Arc<Service>>) -> Response {
    json_answer(&service.limits().to_json())
}

pub(crate) async fn problem_schema() -> Response {
    typed(StatusCode::OK, format::problem_schema().to_string(), "application/schema+json")
}

pub(crate) async fn plan_schema() -> Response {
    typed(StatusCode::OK, format::plan_schema().to_string(), "application/schema+json")
}

pub(crate) async fn metrics(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    let depth = service.store.depth().await?;
    let text = service.metrics.text(depth.queued, depth.running);
    Ok(typed(StatusCode::OK, text, "text/plain; version=0.0.4"))
}

pub(crate) async fn openapi() -> Response {
    json_answer(document())
}

pub(crate) async fn docs() -> Response {
    let mut page = typed(StatusCode::OK, include_str!("docs.html"), "text/html; charset=utf-8");
    // The page asks nothing of anybody but this service.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    page
}
