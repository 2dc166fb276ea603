//! What a request brings: its body within limits of size and time, its query key by key.

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::body::{HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::value as said;
use dispatch_data::say;
use std::time::Duration;
use tokio::sync::SemaphorePermit;

/// Keys and values of a query, as they stand.
pub(crate) type Pairs = Vec<(String, String)>;

/// A body, and the share of memory that it holds until it is dropped.
pub(crate) struct Body<'s> {
    pub(crate) text: String,
    _room: SemaphorePermit<'s>,
}

/// The JSON text of a request.
///
/// # Errors
/// Not said to be JSON, too large, too slow, no room at present, not UTF-8.
pub(crate) async fn body<'s>(service: &'s Service, request: Request) -> Result<Body<'s>, Refusal> {
    let Limits { body_bytes: limit, bodies_bytes, request_seconds, .. } = *service.limits();
    if !is_json(request.headers()) {
        return Err(Refusal::NotJson);
    }
    // Where the length is not stated, room for the longest is needed.
    let stated = request.body().size_hint().exact().and_then(|length| usize::try_from(length).ok());
    let length = stated.unwrap_or(limit);
    if length > limit {
        return Err(Refusal::BodyTooLarge { limit });
    }
    let kilobytes = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX);
    let crowded = Refusal::Crowded { what: "bodies_bytes", limit: bodies_bytes };
    let _room = service.bodies.try_acquire_many(kilobytes).map_err(|_| crowded)?;
    let reading = to_bytes(request.into_body(), limit);
    let bytes = tokio::time::timeout(Duration::from_secs_f64(request_seconds), reading).await;
    let bytes = bytes.map_err(|_| Refusal::TooSlow { limit: request_seconds })?;
    let bytes = bytes.map_err(|_| Refusal::BodyTooLarge { limit })?;
    let text = String::from_utf8(bytes.into()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Refusal::Invalid(vec![Finding::new(
            "",
            Code::Syntax,
            say!("UTF-8 text"),
            say!("another byte at position {}", at),
        )])
    })?;
    Ok(Body { text, _room })
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}

/// The query of a request.
///
/// # Errors
/// A finding where it does not read.
pub(crate) fn query(request: &Request) -> Result<Pairs, Refusal> {
    let pairs = axum::extract::Query::<Pairs>::try_from_uri(request.uri());
    pairs.map(|axum::extract::Query(pairs)| pairs).map_err(|rejection| {
        let got = rejection.body_text();
        Refusal::Invalid(vec![Finding::new("?", Code::Syntax, say!("keys and values such as seconds=5"), said(got))])
    })
}

/// Reads a query of these keys, each at most once.
///
/// # Errors
/// All findings.
pub(crate) fn known<const N: usize>(pairs: &Pairs, keys: [&str; N]) -> Result<[Option<String>; N], Refusal> {
    let mut values = [const { None }; N];
    let mut findings = Vec::new();
    for (key, value) in pairs {
        match keys.iter().position(|known| known == key) {
            Some(at) if values[at].is_some() => {
                findings.push(Finding::new(format!("?{key}"), Code::RepeatedKey, say!("each key once"), said(key)));
            }
            Some(at) => values[at] = Some(value.clone()),
            None => {
                let expected = if N == 0 { say!("no keys") } else { said(keys.join(", ")) };
                findings.push(Finding::new(format!("?{key}"), Code::UnknownKey, expected, said(key)));
            }
        }
    }
    if findings.is_empty() { Ok(values) } else { Err(Refusal::Invalid(findings)) }
}

/// A whole number of a query within a range.
///
/// # Errors
/// A finding for anything else.
pub(crate) fn whole(key: &str, value: Option<&String>, least: i64, most: i64) -> Result<Option<i64>, Refusal> {
    let Some(text) = value else { return Ok(None) };
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => {
            let expected = say!("a whole number from {} to {}", least, most);
            Err(Refusal::Invalid(vec![Finding::new(format!("?{key}"), Code::OutOfRange, expected, said(text))]))
        }
    }
}

/// The version of a plan that a call asks for, where it has no other key: the newest unless it says so.
///
/// # Errors
/// All findings.
pub(crate) fn version(request: &Request) -> Result<Option<i64>, Refusal> {
    let [version] = known(&query(request)?, ["version"])?;
    whole("version", version.as_ref(), 1, i64::MAX)
}

/// How long the caller wants to wait, by `Prefer: wait=SECONDS` (RFC 7240), at most the limit.
pub(crate) fn wait(headers: &HeaderMap, limits: &Limits) -> Option<Duration> {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut waits = preferences.flat_map(|value| value.split([',', ';'])).filter_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        name.trim().eq_ignore_ascii_case("wait").then(|| value.trim().trim_matches('"').parse::<u32>().ok())?
    });
    waits.next().map(|seconds| Duration::from_secs_f64(f64::from(seconds).min(limits.wait_seconds)))
}

/// The key under which a request may be repeated.
///
/// # Errors
/// A finding for one that is empty, longer than 255 characters, or not printable ASCII.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key)),
        _ => {
            let got = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let expected = say!("1 to 255 printable ASCII characters");
            Err(Refusal::Invalid(vec![Finding::new("Idempotency-Key", Code::TooLarge, expected, said(got))]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(prefer: &'static str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([("prefer".parse().unwrap(), prefer.parse().unwrap())]);
        wait(&headers, &Limits::default())
    }

    #[test]
    fn a_preference_to_wait_is_found_among_others_and_bounded() {
        assert_eq!(waits("respond-async, wait=10"), Some(Duration::from_secs(10)));
        assert_eq!(waits("Wait=\"3\"; foo"), Some(Duration::from_secs(3)));
        assert_eq!(waits("wait=100000"), Some(Duration::from_secs(60)));
        assert_eq!(waits("wait=-1"), None);
        assert_eq!(waits("return=minimal"), None);
    }

    #[test]
    fn a_query_has_only_known_keys_once() {
        let pairs = |pairs: &[(&str, &str)]| -> Pairs {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(known(&pairs(&[("b", "2")]), ["a", "b"]).unwrap(), [None, Some("2".to_owned())]);
        let Err(Refusal::Invalid(found)) = known(&pairs(&[("c", "2"), ("a", "1"), ("a", "2")]), ["a", "b"]) else {
            panic!("two findings")
        };
        assert_eq!(found.len(), 2);
    }
}
