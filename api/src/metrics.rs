//! What is counted, in the text form that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Upper edges of the buckets of durations, in seconds.
const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0];
/// The same of gaps, as shares.
const SHARES: [f64; 8] = [0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25];

/// How large something was, in buckets.
pub(crate) struct Histogram<const N: usize> {
    edges: [f64; N],
    buckets: [AtomicU64; N],
    count: AtomicU64,
    /// In millionths.
    sum: AtomicU64,
}

/// How long something took.
pub(crate) type Durations = Histogram<16>;

impl Default for Histogram<16> {
    fn default() -> Self {
        Self::with(SECONDS)
    }
}

impl Default for Histogram<8> {
    fn default() -> Self {
        Self::with(SHARES)
    }
}

impl<const N: usize> Histogram<N> {
    fn with(edges: [f64; N]) -> Self {
        Self {
            edges,
            buckets: std::array::from_fn(|_| AtomicU64::new(0)),
            count: AtomicU64::new(0),
            sum: AtomicU64::new(0),
        }
    }
    /// Notes one.
    pub(crate) fn note(&self, size: f64) {
        if let Some(bucket) = self.edges.iter().position(|edge| size <= *edge) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add((size.max(0.0) * 1e6) as u64, Ordering::Relaxed);
    }
    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let mut below = 0;
        let comma = if labels.is_empty() { "" } else { "," };
        for (edge, bucket) in self.edges.iter().zip(&self.buckets) {
            below += bucket.load(Ordering::Relaxed);
            let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{edge}\"}} {below}");
        }
        let count = self.count.load(Ordering::Relaxed);
        let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}");
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(out, "{name}_sum{labels} {}", self.sum.load(Ordering::Relaxed) as f64 / 1e6);
        let _ = writeln!(out, "{name}_count{labels} {count}");
    }
}

/// Everything this process counts.
#[derive(Default)]
pub(crate) struct Metrics {
    /// Requests by method, path as documented, and status.
    requests: Mutex<BTreeMap<(String, String, u16), u64>>,
    /// Time to answer, by path as documented.
    answering: Mutex<BTreeMap<String, std::sync::Arc<Durations>>>,
    /// Endings of jobs by state.
    endings: Mutex<BTreeMap<&'static str, u64>>,
    /// Time that jobs waited.
    pub(crate) waited: Durations,
    /// Time that searches took.
    pub(crate) solved: Durations,
    /// Time that the engine took to recommend.
    pub(crate) recommended: Durations,
    /// How far plans lie above their bounds, where they have one, as a share of their cost.
    pub(crate) gaps: Histogram<8>,
    /// Leases that were lost to other workers.
    pub(crate) lost: AtomicU64,
    /// Webhook messages delivered, and attempts that failed.
    pub(crate) delivered: AtomicU64,
    pub(crate) undelivered: AtomicU64,
}

impl Metrics {
    /// Notes an answered request.
    pub(crate) fn answered(&self, method: &str, path: &str, status: u16, seconds: f64) {
        let key = (method.to_owned(), path.to_owned(), status);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        let mut answering = self.answering.lock().unwrap_or_else(PoisonError::into_inner);
        let durations = answering.entry(path.to_owned()).or_default().clone();
        drop(answering);
        durations.note(seconds);
    }
    /// Notes the end of a job.
    pub(crate) fn ended(&self, state: &'static str) {
        *self.endings.lock().unwrap_or_else(PoisonError::into_inner).entry(state).or_default() += 1;
    }
    /// All of it as text, with the depth of the queue.
    pub(crate) fn text(&self, queued: i64, running: i64) -> String {
        let mut out = String::new();
        let head = |out: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        head(&mut out, "dispatch_jobs", "gauge", "Jobs in the store that wait or run, all processes.");
        let _ =
            writeln!(out, "dispatch_jobs{{state=\"queued\"}} {queued}\ndispatch_jobs{{state=\"running\"}} {running}");
        head(&mut out, "dispatch_jobs_ended_total", "counter", "Jobs that this process ended, by state.");
        for (state, count) in self.endings.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(out, "dispatch_jobs_ended_total{{state=\"{state}\"}} {count}");
        }
        head(&mut out, "dispatch_job_wait_seconds", "histogram", "Time from acceptance to the first attempt.");
        self.waited.write(&mut out, "dispatch_job_wait_seconds", "");
        head(&mut out, "dispatch_solve_seconds", "histogram", "Time of an attempt: travel, search, judge.");
        self.solved.write(&mut out, "dispatch_solve_seconds", "");
        let help = "Time of a recommendation within the engine, without reading the request.";
        head(&mut out, "dispatch_recommendation_seconds", "histogram", help);
        self.recommended.write(&mut out, "dispatch_recommendation_seconds", "");
        let help = "How far plans lie above their proven bounds, as a share of their cost.";
        head(&mut out, "dispatch_plan_gap", "histogram", help);
        self.gaps.write(&mut out, "dispatch_plan_gap", "");
        for (name, value, help) in [
            ("dispatch_leases_lost_total", &self.lost, "Attempts whose lease went to another worker."),
            ("dispatch_webhooks_delivered_total", &self.delivered, "Webhook messages delivered."),
            ("dispatch_webhooks_failed_total", &self.undelivered, "Attempts to deliver that failed."),
        ] {
            head(&mut out, name, "counter", help);
            let _ = writeln!(out, "{name} {}", value.load(Ordering::Relaxed));
        }
        head(&mut out, "dispatch_http_requests_total", "counter", "Requests answered.");
        for ((method, path, status), count) in self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = format!("method=\"{method}\",path=\"{path}\",status=\"{status}\"");
            let _ = writeln!(out, "dispatch_http_requests_total{{{labels}}} {count}");
        }
        head(&mut out, "dispatch_http_seconds", "histogram", "Time to answer, by path.");
        for (path, durations) in self.answering.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            durations.write(&mut out, "dispatch_http_seconds", &format!("path=\"{path}\""));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up_as_prometheus_wants_them() {
        let metrics = Metrics::default();
        for seconds in [0.0004, 0.003, 7.0, 1e9] {
            metrics.answered("GET", "/v1/plans/{id}", 200, seconds);
        }
        let text = metrics.text(3, 1);
        assert!(text.contains("dispatch_jobs{state=\"queued\"} 3"), "{text}");
        for (edge, below) in [("0.0005", 1), ("0.005", 2), ("15", 3), ("+Inf", 4)] {
            let line = format!("dispatch_http_seconds_bucket{{path=\"/v1/plans/{{id}}\",le=\"{edge}\"}} {below}\n");
            assert!(text.contains(&line), "{line}{text}");
        }
    }
}
