//! `POST /v1/plans/{id}/evaluate`: the judge's word on a plan that somebody has changed by hand.

use crate::answers::json_answer;
use crate::gate::Caller;
use crate::language::language_of;
use crate::opened::{at_the_desk, open};
use crate::planning::score_json;
use crate::reading;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use dispatch_data::bill::{Bill, Term};
use dispatch_data::format;
use dispatch_data::judge::{Violation, judge};
use dispatch_data::lang::Lang;
use dispatch_data::problem::Problem;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Violations and bill of the plan in the body, beside the stored version.
pub(crate) async fn evaluate(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let version = reading::version(&request)?;
    let language = language_of(request.headers());
    let text = reading::body(&service, request).await?.text;
    let opened = open(&service, &caller, &id, version).await?;
    let answer = at_the_desk(&service, move |_| {
        let problem = &opened.problem;
        let plan = format::read_plan(problem, &text).map_err(Refusal::Invalid)?;
        let verdict = judge(problem, &opened.world.travel, &plan);
        let claims = format::claims_price(&text);
        let violations: Vec<Value> = verdict.violations.iter().map(|one| violation(problem, one, language)).collect();
        Ok(json!({
            "version": opened.version,
            "clean": verdict.is_clean(),
            "violations": violations,
            "score": score_json(&verdict.score),
            "cost": verdict.bill.total().0,
            "bill": terms(&verdict.bill),
            "change": terms(&(verdict.bill - opened.plan.bill)),
            "claimed_bill_matches": claims.then_some(verdict.claimed_bill_matches),
        }))
    })
    .await?;
    Ok(json_answer(&answer))
}

/// A bill term by term, in cents.
pub(crate) fn terms(bill: &Bill) -> Value {
    Value::Object(
        Term::ALL.iter().map(|term| (term.key().to_owned(), bill.term(*term).0.into())).collect::<Map<_, _>>(),
    )
}

/// A violation in the caller's own ids.
pub(crate) fn violation(problem: &Problem, violation: &Violation, language: Lang) -> Value {
    let Violation { rule, shift, stop, job, expected, got } = violation;
    let shift = shift.and_then(|ix| problem.shifts.get(ix.index()));
    let technician = shift.and_then(|shift| problem.technicians.get(shift.technician.index()));
    json!({
        "rule": rule.code(),
        "shift": shift.map(|shift| &shift.id),
        "technician": technician.map(|technician| &technician.id),
        "stop": stop,
        "job": job.and_then(|ix| problem.jobs.get(ix.index())).map(|job| &job.id),
        "expected": expected.in_lang(language),
        "got": got.in_lang(language),
    })
}
