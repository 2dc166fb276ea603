//! Limits of the service as settings: each is declared once, as a flag of `dispatch serve` and
//! `dispatch worker`. What they mean is for `dispatch_api`; where their values come from, for `settings`.

use clap::Args;
use dispatch_api::Limits;

/// What one request may ask for, and how much is done and held at the same time.
#[derive(Args, Debug)]
pub(crate) struct LimitOptions {
    /// Plans that this process makes at the same time.
    #[arg(long, value_name = "N", env = "DISPATCH_PLANS_AT_ONCE", default_value_t = 2, value_parser = clap::value_parser!(u16).range(0..=1024))]
    plans_at_once: u16,
    /// Threads that search, shared by the plans in the making [default: the machine's cores].
    #[arg(long, value_name = "N", env = "DISPATCH_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Most plans that wait; one more is answered with 429.
    #[arg(long, value_name = "N", env = "DISPATCH_QUEUE", default_value_t = 500)]
    queue: u32,
    /// Most bytes of a request body.
    #[arg(long, value_name = "N", env = "DISPATCH_BODY_BYTES", default_value_t = 8 << 20)]
    body_bytes: u32,
    /// Most jobs of a problem.
    #[arg(long, value_name = "N", env = "DISPATCH_MAX_JOBS", default_value_t = 1_000)]
    max_jobs: u32,
    /// Most places of a problem; travel between them takes 8 bytes for each pair.
    #[arg(long, value_name = "N", env = "DISPATCH_MAX_PLACES", default_value_t = 2_000)]
    max_places: u32,
    /// Most shifts of a problem.
    #[arg(long, value_name = "N", env = "DISPATCH_MAX_SHIFTS", default_value_t = 1_000)]
    max_shifts: u32,
    /// Most seconds of search for one plan.
    #[arg(long, value_name = "SECONDS", env = "DISPATCH_MAX_SECONDS", default_value_t = 60.0, value_parser = crate::commands::seconds)]
    max_seconds: f64,
    /// Seconds of search where a request names none.
    #[arg(long, value_name = "SECONDS", env = "DISPATCH_DEFAULT_SECONDS", default_value_t = 5.0, value_parser = crate::commands::seconds)]
    default_seconds: f64,
    /// Most seconds that a request may wait for its plan (`Prefer: wait`).
    #[arg(long, value_name = "SECONDS", env = "DISPATCH_WAIT_SECONDS", default_value_t = 60.0, value_parser = crate::commands::seconds)]
    wait_seconds: f64,
    /// Jobs from which a plan is always made in parts, some of which workers do where they are idle.
    #[arg(long, value_name = "N", env = "DISPATCH_PARTS_FROM", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(2..))]
    parts_from: u32,
    /// Bytes that live plans may take in memory; the one asked last stays in any case.
    #[arg(long, value_name = "N", env = "DISPATCH_LIVE_BYTES", default_value_t = 512 << 20)]
    live_bytes: u64,
    /// Newest versions that are kept of a plan, beside the first.
    #[arg(long, value_name = "N", env = "DISPATCH_VERSIONS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    versions: u32,
    /// Most bytes of all request bodies that are read at the same time.
    #[arg(long, value_name = "N", env = "DISPATCH_BODIES_BYTES", default_value_t = 256 << 20)]
    bodies_bytes: u64,
    /// Connections at the same time; more wait to be accepted.
    #[arg(long, value_name = "N", env = "DISPATCH_CONNECTIONS", default_value_t = 1_024, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// Seconds in which the head of a request, and then its body, must have come.
    #[arg(long, value_name = "SECONDS", env = "DISPATCH_REQUEST_SECONDS", default_value_t = 30.0, value_parser = crate::commands::seconds)]
    request_seconds: f64,
    /// Most scenarios of a study.
    #[arg(long, value_name = "N", env = "DISPATCH_SCENARIOS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    scenarios: u32,
    /// Most runs of a study: scenarios, the base among them, times seeds.
    #[arg(long, value_name = "N", env = "DISPATCH_RUNS", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Most places of one matrix or route that is asked for by itself.
    #[arg(long, value_name = "N", env = "DISPATCH_MATRIX_PLACES", default_value_t = 500, value_parser = clap::value_parser!(u32).range(2..))]
    matrix_places: u32,
    /// Most followers of events at the same time; one more is answered with 503.
    #[arg(long, value_name = "N", env = "DISPATCH_STREAMS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    streams: u32,
    /// Most entries in one page of a list.
    #[arg(long, value_name = "N", env = "DISPATCH_PAGE", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// Most webhooks of a tenant.
    #[arg(long, value_name = "N", env = "DISPATCH_WEBHOOKS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..))]
    webhooks: u32,
}

impl LimitOptions {
    /// What the service is told.
    pub(crate) fn limits(&self) -> Limits {
        let Self {
            plans_at_once,
            threads,
            queue,
            body_bytes,
            max_jobs,
            max_places,
            max_shifts,
            max_seconds,
            default_seconds,
            wait_seconds,
            parts_from,
            live_bytes,
            versions,
            bodies_bytes,
            connections,
            request_seconds,
            scenarios,
            runs,
            matrix_places,
            streams,
            page,
            webhooks,
        } = *self;
        let bytes = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let body_bytes = body_bytes as usize;
        Limits {
            body_bytes,
            // Two of the longest must fit, or a request of unknown length could never come in.
            bodies_bytes: bytes(bodies_bytes).max(2 * body_bytes),
            request_seconds,
            connections: connections as usize,
            jobs: max_jobs as usize,
            places: max_places as usize,
            shifts: max_shifts as usize,
            seconds: max_seconds,
            default_seconds: default_seconds.min(max_seconds),
            wait_seconds,
            queue: queue as usize,
            plans_at_once: usize::from(plans_at_once),
            threads: threads.map_or_else(crate::search::cores, usize::from),
            streams: streams as usize,
            page: page as usize,
            matrix_places: matrix_places as usize,
            scenarios: scenarios as usize,
            runs: runs as usize,
            webhooks: webhooks as usize,
            live_bytes: bytes(live_bytes),
            versions: versions as usize,
            parts_from: parts_from as usize,
        }
    }
}
