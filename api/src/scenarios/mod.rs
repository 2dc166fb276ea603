//! `/v1/scenarios`: what if? One base problem, lists of changes, equal budgets, several seeds; key
//! figures with their spread and the difference to the base.
//!
//! Each scenario with each seed is a run: a job like any other, so a study uses every worker there is
//! and survives crashes. The base is scenario 0 of every study.

mod change;
mod report;

use crate::answers::{accepted, json_answer};
use crate::fields::Fields;
use crate::gate::Caller;
use crate::planning::{self, Wish};
use crate::plans::busy;
use crate::reading;
use crate::refusal::Refusal;
use crate::secrets;
use crate::service::Service;
use crate::store::StoreError;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub(crate) use change::apply;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format;
use dispatch_data::lang::value as said;
use dispatch_data::problem::Problem;
use dispatch_data::say;
use serde_json::{Value, json};
use std::sync::Arc;

/// Most changes of one scenario.
pub(crate) const CHANGES: usize = 1_000;
/// Seeds of a study that names none: enough to see a spread.
const SEEDS: [u64; 3] = [1, 2, 3];

/// A study as it was asked for.
struct Study {
    problem: String,
    /// Name and changes of each scenario, the base first.
    scenarios: Vec<(String, Value)>,
    seeds: Vec<u64>,
    wish: Wish,
}

/// `POST /v1/scenarios`.
pub(crate) async fn submit(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    if service.is_closing() {
        return Err(Refusal::NotReady);
    }
    let body = reading::body(&service, request).await?;
    let text = body.text.clone();
    let examiner = Arc::clone(&service);
    let study = tokio::task::spawn_blocking(move || read(&text, &examiner)).await;
    let study = study.map_err(|_| Refusal::Internal)??;
    drop(body);
    let id = secrets::id("study")?;
    let mut runs = Vec::new();
    for (number, (_, changes)) in study.scenarios.iter().enumerate() {
        for seed in &study.seeds {
            let mut task = Wish { seed: *seed, ..study.wish }.to_json();
            task["scenario"] = json!(number);
            task["changes"] = changes.clone();
            runs.push((secrets::id("run")?, task.to_string()));
        }
    }
    let names: Vec<&String> = study.scenarios.iter().map(|(name, _)| name).collect();
    let wish = study.wish.to_json();
    let described = json!({"names": names, "seeds": study.seeds, "budget": wish}).to_string();
    let queue = service.limits().queue;
    let taken = service.store.submit_study(&caller.tenant, &id, &described, &study.problem, &runs, queue).await;
    match taken {
        Err(StoreError::Full { limit }) => return Err(busy(&service, limit).await),
        other => other?,
    }
    service.work.notify_waiters();
    let mut answer = accepted(&report::report(&service, &caller, &id).await?);
    if let Ok(place) = HeaderValue::from_str(&format!("/v1/scenarios/{id}")) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

/// `GET /v1/scenarios/{id}`.
pub(crate) async fn look(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(json_answer(&report::report(&service, &caller, &id).await?))
}

/// `DELETE /v1/scenarios/{id}`.
pub(crate) async fn stop(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let stopped = service.store.stop_study(&caller.tenant, &id, service.settings.keep_ms()).await;
    stopped.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "study" },
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads a study and checks every scenario of it: what is accepted will be solved.
fn read(text: &str, service: &Service) -> Result<Study, Refusal> {
    let limits = service.limits();
    let mut fields = Fields::read(text, &["problem", "scenarios", "seeds", "seconds", "iterations"])?;
    let problem = fields.need("problem").unwrap_or_default();
    let listed = fields.list("scenarios", 1, limits.scenarios).unwrap_or_default();
    let mut scenarios = vec![("base".to_owned(), json!([]))];
    for (at, value) in listed.into_iter().enumerate() {
        match Fields::of(value, &["name", "changes"], format!("/scenarios/{at}")) {
            Ok(mut scenario) => {
                let name = scenario.text("name", 1, 200).unwrap_or_default();
                let changes = scenario.list("changes", 0, CHANGES).unwrap_or_default();
                if scenarios.iter().any(|(known, _)| *known == name) {
                    let expected = say!("names that no other scenario has; \"base\" is the one without changes");
                    let finding = Finding::new(scenario.pointer("name"), Code::DuplicateId, expected, said(&name));
                    scenario.wrong(finding);
                }
                scenarios.push((name, Value::Array(changes)));
                scenario.findings().into_iter().for_each(|finding| fields.wrong(finding));
            }
            Err(finding) => fields.wrong(*finding),
        }
    }
    let seeds = seeds(&mut fields);
    let wish = budget(&mut fields, service);
    fields.done()?;
    let runs = scenarios.len() * seeds.len();
    if runs > limits.runs {
        return Err(Refusal::OverLimit { what: "runs", limit: limits.runs, value: runs });
    }
    let mut findings = Vec::new();
    for (number, (_, changes)) in scenarios.iter().enumerate() {
        // What is wrong with the base is wrong with all: it is told once.
        let at = if number == 0 { "/problem".to_owned() } else { format!("/scenarios/{}", number - 1) };
        let changed = match apply(problem.clone(), changes, &format!("{at}/changes")) {
            Ok(changed) => changed,
            Err(finding) => {
                findings.push(*finding);
                continue;
            }
        };
        let found = match format::read_problem(changed.to_string()) {
            Ok(problem) => match planning::admit(&problem, limits, &service.maps) {
                Ok(()) => Vec::new(),
                Err(Refusal::Invalid(found)) => found,
                Err(refusal) => return Err(refusal),
            },
            Err(found) => found,
        };
        let nothing = found.is_empty();
        findings.extend(found.into_iter().map(|mut finding| {
            finding.pointer = if number == 0 { format!("{at}{}", finding.pointer) } else { finding.pointer };
            let note = say!("in the problem that {} leads to", at);
            if number == 0 { finding } else { finding.hint(note) }
        }));
        if number == 0 && !nothing {
            break;
        }
    }
    if !findings.is_empty() {
        return Err(Refusal::Invalid(findings));
    }
    Ok(Study { problem: problem.to_string(), scenarios, seeds, wish })
}

fn seeds(fields: &mut Fields) -> Vec<u64> {
    let Some(value) = fields.take("seeds") else { return SEEDS.to_vec() };
    let list = value.as_array().filter(|list| (1..=100).contains(&list.len()));
    let seeds: Option<Vec<u64>> = list.and_then(|list| list.iter().map(Value::as_u64).collect());
    let each_once = |seeds: &Vec<u64>| seeds.iter().enumerate().all(|(at, seed)| !seeds[..at].contains(seed));
    seeds.filter(each_once).unwrap_or_else(|| {
        let expected = say!("a list of 1 to 100 different whole numbers");
        fields.wrong(Finding::new("/seeds", Code::OutOfRange, expected, crate::fields::shown(&value)));
        Vec::new()
    })
}

/// The budget that every run has alike.
fn budget(fields: &mut Fields, service: &Service) -> Wish {
    let limits = service.limits();
    let usual = Wish::usual(limits);
    let seconds = fields.number("seconds", 0.01, limits.seconds).map(planning::Budget::Seconds);
    let iterations = fields.whole("iterations", 0, planning::ITERATIONS).map(planning::Budget::Iterations);
    if seconds.is_some() && iterations.is_some() {
        fields.wrong(Finding::new("/iterations", Code::Contradiction, say!("seconds or iterations"), say!("both")));
    }
    Wish { budget: iterations.or(seconds).unwrap_or(usual.budget), ..usual }
}

/// The problem of a run: the base with the changes of its scenario.
pub(crate) fn problem_of_run(base: &str, task: &Value) -> Result<Problem, Vec<Finding>> {
    let base = serde_json::from_str(base).map_err(|error: serde_json::Error| vec![crate::fields::not_json(&error)])?;
    let changed = apply(base, &task["changes"], "/changes").map_err(|finding| vec![*finding])?;
    format::read_problem(changed.to_string())
}
