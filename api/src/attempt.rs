//! One attempt at a job: its problem and travel, the search, the plan as it will be served.

use crate::planning::{Effort, Wish, messages, summary};
use crate::roads::World;
use crate::service::Service;
use crate::store::{Claim, Kind};
use crate::{scenarios, vroom};
use dispatch_data::format;
use dispatch_solver::Progress;
use serde_json::Value;
use std::sync::atomic::AtomicBool;

/// What came of an attempt.
pub(crate) enum Made {
    /// A plan that the judge has found clean.
    Plan {
        /// In the wire format.
        plan: String,
        /// Score and key figures.
        summary: String,
        /// What webhooks are told.
        told: Vec<(&'static str, String)>,
    },
    /// It cannot be done; the code says why.
    Failed(&'static str),
}

/// Solves a job on the calling thread and as many more as a plan may have.
pub(crate) fn make(
    service: &Service,
    claim: &Claim,
    cancel: &AtomicBool,
    listener: &(dyn Fn(Progress) + Sync),
) -> Made {
    let limits = service.limits();
    let Ok(task) = serde_json::from_str::<Value>(&claim.task) else { return Made::Failed("task_does_not_read") };
    let effort = |wish: Wish| Effort {
        wish,
        most_seconds: limits.seconds,
        threads: limits.threads_per_plan(),
        seconds: &*service.seconds,
        cancel,
        listener,
    };
    let problem = match claim.kind {
        Kind::Plan => format::read_problem(&claim.body),
        Kind::Run => scenarios::problem_of_run(&claim.body, &task),
        Kind::Vroom => return vroom::make(service, claim, &task, effort),
    };
    let Ok(problem) = problem else { return Made::Failed("problem_does_not_read") };
    let Ok(world) = World::of(&problem, &service.maps) else { return Made::Failed("no_travel") };
    let effort = effort(Wish::from_json(&task, limits));
    let Some((plan, score)) = effort.plan(&problem, &world) else { return Made::Failed("plan_not_clean") };
    let written = format::write_plan(&problem, &plan);
    let summary = summary(&written, &score);
    if let Some(gap) = summary["gap"].as_f64() {
        service.metrics.gaps.note(gap);
    }
    let told = match claim.kind {
        Kind::Plan => messages(&claim.id, &problem, &plan, &summary),
        Kind::Run | Kind::Vroom => Vec::new(),
    };
    Made::Plan { plan: written.to_string(), summary: summary.to_string(), told }
}
