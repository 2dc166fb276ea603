//! Answers that are a success, and the small things they are made of.

use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang;
use dispatch_data::say;
use serde_json::Value;

/// 200 with JSON.
pub(crate) fn json_answer(value: &Value) -> Response {
    typed(StatusCode::OK, value.to_string(), "application/json")
}

/// 202 with JSON.
pub(crate) fn accepted(value: &Value) -> Response {
    typed(StatusCode::ACCEPTED, value.to_string(), "application/json")
}

/// 201 with JSON.
pub(crate) fn created(value: &Value) -> Response {
    typed(StatusCode::CREATED, value.to_string(), "application/json")
}

/// A body of any kind.
pub(crate) fn typed(status: StatusCode, body: impl Into<Body>, media: &'static str) -> Response {
    let mut response = (status, body.into()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// A moment of the store as an RFC 3339 instant.
pub(crate) fn moment(milliseconds: impl std::borrow::Borrow<i64>) -> String {
    jiff::Timestamp::from_millisecond(*milliseconds.borrow()).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// `true` or `false` of a query.
///
/// # Errors
/// A finding for anything else.
pub(crate) fn flag(key: &str, value: Option<&String>, otherwise: bool) -> Result<bool, Refusal> {
    match value.map(String::as_str) {
        None => Ok(otherwise),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => {
            let finding =
                Finding::new(format!("?{key}"), Code::UnknownValue, say!("true or false"), lang::value(other));
            Err(Refusal::Invalid(vec![finding]))
        }
    }
}
