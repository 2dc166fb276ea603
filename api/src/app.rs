//! The whole service as a router, and what every request goes through: an id, the language of its
//! refusals, a line in the log, a count.

use crate::calls;
use crate::language::language_of;
use crate::refusal::{Refusal, Unsaid};
use crate::secrets;
use crate::service::Service;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole service as a router, to be served or asked without a socket.
pub fn app(service: Arc<Service>) -> Router {
    calls::router(&service)
        .fallback(async || Refusal::NoSuchPath)
        .method_not_allowed_fallback(async || Refusal::WrongMethod)
        // Bodies are read by `reading`, which has limits of its own.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(&service), around))
        .with_state(service)
}

/// What goes around every request. Keys, bodies and queries never come into the log.
async fn around(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let began = (service.seconds)();
    let id = request_id(request.headers());
    let method = known_method(request.method());
    let language = language_of(request.headers());
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    // A plan and its files are one path to the router, but files can only be looked at.
    let is_file =
        path == "/v1/plans/{id}" && request.uri().path().rsplit('/').next().is_some_and(|end| end.contains('.'));
    let span = tracing::info_span!("request", id, method, path);
    // No id has a NUL in it, and not every database takes one.
    let mut response = if request.uri().path().contains("%00") {
        Refusal::NoSuchPath.into_response()
    } else {
        next.run(request).instrument(span.clone()).await
    };
    if let Some(unsaid) = response.extensions_mut().remove::<Unsaid>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = unsaid.said(language);
        let looked_at = is_file && response.status() == StatusCode::METHOD_NOT_ALLOWED;
        if let Some(allow) = if looked_at { Some(HeaderValue::from_static("GET,HEAD")) } else { allow } {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let status = response.status().as_u16();
    let took = (service.seconds)() - began;
    service.metrics.answered(method, &path, status, took);
    let milliseconds = (took * 1e6).round() / 1e3;
    span.in_scope(|| tracing::info!(status, milliseconds, "answered"));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The caller's own id for the request where it is harmless, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    given.filter(harmless).map_or_else(|| secrets::id("req").unwrap_or_default(), str::to_owned)
}

/// The method, if it is one that anybody knows: counts are kept by it.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}
