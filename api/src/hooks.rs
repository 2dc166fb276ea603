//! `/v1/webhooks`: who wants to be told of what.

use crate::answers::{created, json_answer, moment};
use crate::fields::Fields;
use crate::gate::Caller;
use crate::outbox::Target;
use crate::reading;
use crate::refusal::Refusal;
use crate::secrets;
use crate::service::Service;
use crate::store::{Hook, StoreError};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::value;
use dispatch_data::say;
use serde_json::{Value, json};
use std::sync::Arc;

/// What can be told of.
pub(crate) const EVENTS: [&str; 5] = ["plan.done", "sla.at_risk", "sla.breached", "job.unassigned", "part.short"];

fn shown(hook: &Hook) -> Value {
    json!({"id": hook.id, "url": hook.url, "events": hook.events, "created_at": moment(hook.created)})
}

/// `GET /v1/webhooks`.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Refusal> {
    let hooks = service.store.hooks(&caller.tenant).await?;
    Ok(json_answer(&json!({"webhooks": hooks.iter().map(shown).collect::<Vec<_>>()})))
}

/// `POST /v1/webhooks`.
pub(crate) async fn create(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    let body = reading::body(&service, request).await?;
    let mut fields = Fields::read(&body.text, &["url", "events"])?;
    let url = fields.text("url", 1, 2_000).unwrap_or_default();
    let events = fields.texts("events", 1, EVENTS.len(), 40).unwrap_or_default();
    let is_event = |word: &str| EVENTS.contains(&word).then_some(());
    fields.meanings("events", &events, is_event, &value(EVENTS.join(", ")), &say!("each event once"));
    if !url.is_empty()
        && let Err(expected) = Target::read(&url, service.settings.private_webhooks)
    {
        fields.wrong(Finding::new("/url", Code::OutOfRange, expected, value(&url)));
    }
    fields.done()?;
    let (id, secret) = (secrets::id("hook")?, secrets::secret("whs")?);
    let hook = Hook { id, url, events, secret, created: 0 };
    let most = service.limits().webhooks;
    service.store.add_hook(&caller.tenant, &hook, most).await.map_err(|error| match error {
        StoreError::Full { limit } => Refusal::OverLimit { what: "webhooks", limit, value: limit + 1 },
        other => other.into(),
    })?;
    let Hook { id, url, events, secret, created: _ } = hook;
    Ok(created(&json!({"id": id, "url": url, "events": events, "secret": secret})))
}

/// `DELETE /v1/webhooks/{id}`.
pub(crate) async fn remove(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    service.store.remove_hook(&caller.tenant, &id).await.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "webhook" },
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
