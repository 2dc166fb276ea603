//! What a request may ask for. Published at `/v1/limits`; a refusal names the limit and the value.

use serde_json::{Value, json};

/// Upper bounds on one request and on the work in progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Most bytes of a request body.
    pub body_bytes: usize,
    /// Most bytes of all request bodies that are read at the same time; more are answered with 503.
    pub bodies_bytes: usize,
    /// Seconds in which the head of a request, and then its body, must have come.
    pub request_seconds: f64,
    /// Connections at the same time; more wait to be accepted.
    pub connections: usize,
    /// Most jobs of a problem.
    pub jobs: usize,
    /// Most distinct places of a problem: a matrix holds the square of it.
    pub places: usize,
    /// Most shifts of a problem.
    pub shifts: usize,
    /// Most seconds of search for one plan.
    pub seconds: f64,
    /// Seconds of search where the request names none.
    pub default_seconds: f64,
    /// Most seconds that a request may wait for its plan (`Prefer: wait`).
    pub wait_seconds: f64,
    /// Most plans that wait to be made; one more is answered with 429.
    pub queue: usize,
    /// Plans that one process makes at the same time.
    pub plans_at_once: usize,
    /// Threads that search, shared by all plans in the making.
    pub threads: usize,
    /// Most followers of events at the same time; one more is answered with 503.
    pub streams: usize,
    /// Most plans in one page of a list.
    pub page: usize,
    /// Most places of one matrix or route that is asked for by itself.
    pub matrix_places: usize,
    /// Most scenarios of a study.
    pub scenarios: usize,
    /// Most runs of a study: scenarios, the base among them, times seeds.
    pub runs: usize,
    /// Most webhooks of a tenant.
    pub webhooks: usize,
    /// Bytes that live plans may take in memory, as far as they can be told; the one asked last stays in
    /// any case, others are read again when they are asked for.
    pub live_bytes: usize,
    /// Newest versions that are kept of a plan, beside the first.
    pub versions: usize,
    /// Jobs from which a plan is always made in parts, some of which other processes do.
    pub parts_from: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            bodies_bytes: 256 << 20,
            request_seconds: 30.0,
            connections: 1_024,
            jobs: 1_000,
            places: 2_000,
            shifts: 1_000,
            seconds: 60.0,
            default_seconds: 5.0,
            wait_seconds: 60.0,
            queue: 500,
            plans_at_once: 2,
            threads: 2,
            streams: 256,
            page: 100,
            matrix_places: 500,
            scenarios: 100,
            runs: 500,
            webhooks: 20,
            live_bytes: 512 << 20,
            versions: 100,
            parts_from: 20_000,
        }
    }
}

impl Limits {
    /// As it is published.
    pub(crate) fn to_json(self) -> Value {
        let Self {
            body_bytes,
            bodies_bytes,
            request_seconds,
            connections,
            jobs,
            places,
            shifts,
            seconds,
            default_seconds,
            wait_seconds,
            queue,
            plans_at_once,
            threads,
            streams,
            page,
            matrix_places,
            scenarios,
            runs,
            webhooks,
            live_bytes,
            versions,
            parts_from,
        } = self;
        json!({
            "body_bytes": body_bytes,
            "bodies_bytes": bodies_bytes,
            "request_seconds": request_seconds,
            "connections": connections,
            "jobs": jobs,
            "places": places,
            "shifts": shifts,
            "seconds": seconds,
            "default_seconds": default_seconds,
            "wait_seconds": wait_seconds,
            "queue": queue,
            "plans_at_once": plans_at_once,
            "threads": threads,
            "streams": streams,
            "page": page,
            "matrix_places": matrix_places,
            "scenarios": scenarios,
            "runs": runs,
            "webhooks": webhooks,
            "live_bytes": live_bytes,
            "versions": versions,
            "parts_from": parts_from,
        })
    }
    /// Threads for one plan.
    pub(crate) fn threads_per_plan(&self) -> usize {
        (self.threads / self.plans_at_once.max(1)).max(1)
    }
}
