//! What a request may ask for. Published at `/v1/limits`; a refusal names the limit and the value.

use serde_json::{Value, json};

/// Upper bounds on one request and on the work in progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Most bytes of a request body.
    pub body_bytes: usize,
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
    /// Most plans that are made at the same time; one more is answered with 429.
    pub plans_at_once: usize,
    /// Threads that search, shared by all plans in the making.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            jobs: 1_000,
            places: 2_000,
            shifts: 1_000,
            seconds: 60.0,
            default_seconds: 5.0,
            plans_at_once: 2,
            threads: 2,
        }
    }
}

impl Limits {
    /// As it is published.
    pub(crate) fn to_json(self) -> Value {
        let Self { body_bytes, jobs, places, shifts, seconds, default_seconds, plans_at_once, threads } = self;
        json!({
            "body_bytes": body_bytes,
            "jobs": jobs,
            "places": places,
            "shifts": shifts,
            "seconds": seconds,
            "default_seconds": default_seconds,
            "plans_at_once": plans_at_once,
            "threads": threads,
        })
    }
}
