//! `/v1/keys`: the API keys of a tenant, and how the command line makes the first one.

use crate::answers::{created, json_answer, moment};
use crate::fields::Fields;
use crate::gate::Caller;
use crate::reading;
use crate::refusal::Refusal;
use crate::secrets::{self, NoRandomness};
use crate::service::Service;
use crate::store::{Grant, KeyRecord, Scope, Store, StoreError};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dispatch_data::say;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// A key could not be made.
#[derive(Debug)]
pub enum KeyError {
    /// The store does not answer.
    Store(StoreError),
    /// No random bytes.
    NoRandomness(NoRandomness),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::NoRandomness(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for KeyError {}

/// Makes a key and keeps its hash. Gives its id and the key itself, which cannot be had again.
///
/// # Errors
/// When the store or the operating system fails.
pub async fn make_key(store: &Store, grant: &Grant, name: &str) -> Result<(String, String), KeyError> {
    let id = secrets::id("key").map_err(KeyError::NoRandomness)?;
    let key = secrets::secret("dsp").map_err(KeyError::NoRandomness)?;
    let hash = secrets::hash(&[key.as_bytes()]);
    store.add_key(&id, &hash, grant, name).await.map_err(KeyError::Store)?;
    Ok((id, key))
}

/// Whether a text can name a tenant: 1 to 64 letters, digits, `-`, `_` or `.`.
pub fn is_tenant(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn shown(record: &KeyRecord) -> Value {
    let KeyRecord { id, tenant: _, name, scopes, created, revoked } = record;
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    json!({"id": id, "name": name, "scopes": scopes, "created_at": moment(*created), "revoked_at": revoked.map(moment)})
}

/// `GET /v1/keys`.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Refusal> {
    let keys = service.store.keys(Some(&caller.tenant)).await?;
    Ok(json_answer(&json!({"keys": keys.iter().map(shown).collect::<Vec<_>>()})))
}

/// `POST /v1/keys`.
pub(crate) async fn create(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    let body = reading::body(&service, request).await?;
    let mut fields = Fields::read(&body.text, &["name", "scopes"])?;
    let name = fields.text("name", 1, 100).unwrap_or_default();
    let words = fields.texts("scopes", 1, Scope::ALL.len(), 10).unwrap_or_default();
    let scopes = fields.meanings("scopes", &words, Scope::of, &say!("read, plan or admin"), &say!("each scope once"));
    fields.done()?;
    let grant = Grant { tenant: caller.tenant.as_ref().to_owned(), scopes };
    let made = make_key(&service.store, &grant, &name).await;
    let (id, key) = made.map_err(|error| match error {
        KeyError::Store(error) => Refusal::from(error),
        KeyError::NoRandomness(error) => error.into(),
    })?;
    service.keyring.forget();
    let scopes: Vec<&str> = grant.scopes.iter().map(|scope| scope.word()).collect();
    Ok(created(&json!({"id": id, "name": name, "scopes": scopes, "key": key})))
}

/// `DELETE /v1/keys/{id}`.
pub(crate) async fn revoke(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    service.store.revoke_key(Some(&caller.tenant), &id).await.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "key" },
        other => other.into(),
    })?;
    service.keyring.forget();
    Ok(StatusCode::NO_CONTENT.into_response())
}
