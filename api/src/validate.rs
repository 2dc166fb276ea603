//! `POST /v1/validate`: all findings of a problem, none solved.

use crate::answers::json_answer;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::{plans, reading};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// 200 where there are no findings.
pub(crate) async fn validate(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    let body = reading::body(&service, request).await?;
    plans::examine(&service, body.text.clone()).await?;
    Ok(json_answer(&json!({"valid": true, "errors": []})))
}
