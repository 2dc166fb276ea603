//! One attempt at a job: its problem and travel, the search, the plan as it will be served.

use crate::errands::{self, Errands};
use crate::planning::{Effort, Wish, messages, summary};
use crate::roads::World;
use crate::service::Service;
use crate::store::{Claim, Kind};
use crate::{scenarios, vroom};
use dispatch_data::format;
use dispatch_solver::Progress;
use dispatch_solver::decompose::{Elsewhere, InParts};
use serde_json::Value;
use std::sync::atomic::AtomicBool;
use tokio::runtime::Handle;

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

/// Solves a job on the calling thread and as many more as a plan may have. `crew` is who works, for parts
/// that others may do.
pub(crate) fn make(
    service: &Service,
    (crew, handle): (&str, &Handle),
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
        Kind::Part => {
            return match errands::make(service, claim, &task, effort) {
                Ok(plan) => Made::Plan { plan, summary: "{}".to_owned(), told: Vec::new() },
                Err(code) => Made::Failed(code),
            };
        }
    };
    let Ok(problem) = problem else { return Made::Failed("problem_does_not_read") };
    let Ok(world) = World::of(&problem, &service.maps) else { return Made::Failed("no_travel") };
    let effort = effort(Wish::from_json(&task, limits));
    // A run of a scenario stands on another problem than its input says.
    let errands = Errands { service, handle, crew, claim, problem: &problem, cancel };
    let parts = InParts {
        from: Some(limits.parts_from),
        elsewhere: (claim.kind == Kind::Plan).then_some(&errands as &dyn Elsewhere),
    };
    let Some((plan, score)) = effort.plan(&problem, &world, parts) else { return Made::Failed("plan_not_clean") };
    let written = format::write_plan(&problem, &plan);
    let summary = summary(&written, &score);
    if let Some(gap) = summary["gap"].as_f64() {
        service.metrics.gaps.note(gap);
    }
    let told = match claim.kind {
        Kind::Plan => messages(&claim.id, &problem, &plan, &summary),
        Kind::Run | Kind::Vroom | Kind::Part => Vec::new(),
    };
    Made::Plan { plan: written.to_string(), summary: summary.to_string(), told }
}
