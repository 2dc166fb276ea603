//! What whoever runs the service asks: alive, ready, counted, described.

use crate::answers::{json_answer, typed};
use crate::language::{asked, spoken};
use crate::openapi::document;
use crate::page::page;
use crate::ready;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dispatch_data::format;
use dispatch_data::lang::Lang;
use serde_json::{Value, json};
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

pub(crate) async fn problem_schema(request: Request) -> Result<Response, Refusal> {
    schema(&request, format::problem_schema)
}

pub(crate) async fn plan_schema(request: Request) -> Result<Response, Refusal> {
    schema(&request, format::plan_schema)
}

fn schema(request: &Request, of: fn(Lang) -> Value) -> Result<Response, Refusal> {
    let lang = asked(request)?;
    Ok(spoken(typed(StatusCode::OK, of(lang).to_string(), "application/schema+json"), lang))
}

pub(crate) async fn metrics(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    let depth = service.store.depth().await?;
    let text = service.metrics.text(depth.queued, depth.running);
    Ok(typed(StatusCode::OK, text, "text/plain; version=0.0.4"))
}

pub(crate) async fn openapi(request: Request) -> Result<Response, Refusal> {
    let lang = asked(&request)?;
    Ok(spoken(json_answer(document(lang)), lang))
}

pub(crate) async fn docs(request: Request) -> Result<Response, Refusal> {
    let lang = asked(&request)?;
    let mut page = spoken(typed(StatusCode::OK, page(lang), "text/html; charset=utf-8"), lang);
    // The page asks nothing of anybody but this service.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(page)
}
