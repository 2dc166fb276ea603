//! Who may call: API keys, scopes, tenants; and before there are keys, this machine alone.
//!
//! A key comes as `Authorization: Bearer KEY` or `X-Api-Key: KEY`. What it allows is remembered for a
//! few seconds, which is how long a revoked key may still work.

use crate::refusal::Refusal;
use crate::secrets;
use crate::service::Service;
use crate::store::{Grant, Scope, StoreError};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Seconds for which the answer of the store is remembered.
const REMEMBERED: f64 = 5.0;
/// Most answers that are remembered.
const MOST: usize = 10_000;
/// The tenant of callers without keys.
pub(crate) const NOBODY: &str = "default";

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Whose plans are meant.
    pub(crate) tenant: Arc<str>,
}

/// What the store said about keys, for a little while.
#[derive(Default)]
pub(crate) struct Keyring {
    /// By hash: until when, and what.
    grants: Mutex<HashMap<String, (f64, Option<Grant>)>>,
    /// Until when there are known to be no keys at all; for ever once there is one.
    keys: Mutex<Option<(f64, bool)>>,
}

impl Keyring {
    /// Whether keys are needed.
    async fn locked(service: &Service) -> Result<bool, StoreError> {
        let now = (service.seconds)();
        let known = *service.keyring.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((until, locked)) = known
            && (locked || now < until)
        {
            return Ok(locked);
        }
        let locked = service.store.has_keys().await?;
        *service.keyring.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some((now + REMEMBERED, locked));
        Ok(locked)
    }
    async fn grant(service: &Service, key: &str) -> Result<Option<Grant>, StoreError> {
        let now = (service.seconds)();
        let hash = secrets::hash(&[key.as_bytes()]);
        let known = service.keyring.grants.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        if let Some((until, grant)) = known
            && now < until
        {
            return Ok(grant);
        }
        let grant = service.store.grant(&hash).await?;
        let mut grants = service.keyring.grants.lock().unwrap_or_else(PoisonError::into_inner);
        if grants.len() >= MOST {
            grants.clear();
        }
        grants.insert(hash, (now + REMEMBERED, grant.clone()));
        Ok(grant)
    }
    /// Forgets what the store said: keys have just changed.
    pub(crate) fn forget(&self) {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Lets a request through that may do what `scope` stands for, and notes who calls.
pub(crate) async fn gate(
    State((service, scope)): State<(Arc<Service>, Scope)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    let tenant: Arc<str> = if Keyring::locked(&service).await? {
        let key = key_of(headers).ok_or(Refusal::NoKey)?;
        let grant = Keyring::grant(&service, key).await?.ok_or(Refusal::NoKey)?;
        if !grant.scopes.contains(&scope) {
            return Err(Refusal::NotAllowed { scope: scope.word() });
        }
        grant.tenant.into()
    } else {
        // A page from anywhere could let its own name lead to this machine and so reach a service
        // without keys from within a browser: the name it then sends is not ours.
        if !service.settings.open && !names_this_machine(headers) {
            return Err(Refusal::WrongHost);
        }
        NOBODY.into()
    };
    request.extensions_mut().insert(Caller { tenant });
    Ok(next.run(request).await)
}

fn key_of(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    bearer.or_else(|| headers.get("x-api-key").and_then(|value| value.to_str().ok())).filter(|key| !key.is_empty())
}

/// Whether the host that a request names is this machine; so is one that names none.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, name.parse().unwrap())])
    }

    #[test]
    fn only_local_names_are_this_machine() {
        for name in ["localhost", "localhost:8080", "127.0.0.1:80", "[::1]:8080", "LOCALHOST"] {
            assert!(names_this_machine(&host(name)), "{name}");
        }
        for name in ["example.com", "localhost.example.com:8080", "127.0.0.1.nip.io", "10.0.0.1", "[::2]"] {
            assert!(!names_this_machine(&host(name)), "{name}");
        }
    }

    #[test]
    fn a_key_comes_in_either_header() {
        let bearer = HeaderMap::from_iter([(header::AUTHORIZATION, "bearer abc".parse().unwrap())]);
        assert_eq!(key_of(&bearer), Some("abc"));
        let plain = HeaderMap::from_iter([("x-api-key".parse().unwrap(), "abc".parse().unwrap())]);
        assert_eq!(key_of(&plain), Some("abc"));
        let basic = HeaderMap::from_iter([(header::AUTHORIZATION, "Basic abc".parse().unwrap())]);
        assert_eq!(key_of(&basic), None);
    }
}
