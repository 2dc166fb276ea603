//! `GET /v1/plans/{id}/events`: what happens to a plan, as server-sent events.
//!
//! Events come from the store, so a follower sees the same ones whichever process works, and one that
//! comes again with `Last-Event-ID` misses none.

use crate::gate::Caller;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::Kind;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, broadcast};

/// How often the store is looked at where no news come.
const LOOK: Duration = Duration::from_millis(500);
/// After how many quiet looks a comment keeps the connection alive.
const QUIET: u32 = 30;

struct Follower {
    service: Arc<Service>,
    id: String,
    after: i64,
    ready: VecDeque<Bytes>,
    over: bool,
    quiet: u32,
    news: broadcast::Receiver<Arc<str>>,
    _place: OwnedSemaphorePermit,
}

/// The events of a plan until it is done.
pub(crate) async fn follow(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    service.store.job(&caller.tenant, Kind::Plan, &id).await?;
    let crowded = Refusal::Crowded { what: "streams", limit: service.limits().streams };
    let place = Arc::clone(&service.streams).try_acquire_owned().map_err(|_| crowded)?;
    let after = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
    let news = service.news.subscribe();
    let follower = Follower { service, id, after, ready: VecDeque::new(), over: false, quiet: 0, news, _place: place };
    let events = stream::unfold(follower, |mut follower| async move {
        let next = follower.next().await?;
        Some((Ok::<Bytes, Infallible>(next), follower))
    });
    let response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, "text/event-stream")
        .header(header::CACHE_CONTROL, "no-store");
    response.body(Body::from_stream(events)).map_err(|_| Refusal::Internal)
}

impl Follower {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if self.over || self.service.is_closing() {
                return None;
            }
            // While the store does not answer, the connection stays and waits with it.
            let events = self.service.store.events(&self.id, self.after).await.unwrap_or_default();
            if events.is_empty() {
                self.quiet += 1;
                if self.quiet >= QUIET {
                    self.quiet = 0;
                    return Some(Bytes::from_static(b": still here\n\n"));
                }
                self.pause().await;
                continue;
            }
            self.quiet = 0;
            for event in events {
                let mut data: Value = serde_json::from_str(&event.data).unwrap_or_default();
                data["at"] = crate::answers::moment(event.at).into();
                self.ready.push_back(format!("id: {}\nevent: {}\ndata: {data}\n\n", event.seq, event.kind).into());
                self.after = event.seq;
                self.over |= event.kind == "done";
            }
        }
    }
    async fn pause(&mut self) {
        let Self { service, id, news, .. } = self;
        let told = async { while news.recv().await.is_ok_and(|told| *told != **id) {} };
        tokio::select! {
            () = told => {}
            () = tokio::time::sleep(LOOK) => {}
            () = service.closed() => {}
        }
    }
}
