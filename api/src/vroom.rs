//! `POST /vroom`: requests and answers in the shape of VROOM, so that a user can swap the URL.
//!
//! The request is a job like any other: solved by workers, judged, never on the threads that answer.
//! What is wrong with it is told in that shape too, with status 400 and `code` 2.

use crate::answers::typed;
use crate::attempt::Made;
use crate::fields::not_json;
use crate::gate::Caller;
use crate::language::language_of;
use crate::limits::Limits;
use crate::planning::{Effort, Wish, score_json};
use crate::plans::{busy, wait_for};
use crate::reading;
use crate::refusal::Refusal;
use crate::roads::World;
use crate::secrets;
use crate::service::Service;
use crate::store::{Claim, JobState, Kind, NewJob, StoreError};
use crate::vroom_roads;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::import::{self, Imported};
use dispatch_data::lang::{Lang, value as said};
use dispatch_data::say;
use dispatch_solver::decompose::InParts;
use dispatch_solver::refusals;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Seconds of search where the request names none: whoever swaps the URL expects an answer soon.
const USUAL_SECONDS: f64 = 1.0;

/// Answers a VROOM request.
pub(crate) async fn solve(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    if service.is_closing() {
        return Err(Refusal::NotReady);
    }
    let limits = Limits { default_seconds: USUAL_SECONDS, ..*service.limits() };
    let (named, query): (Vec<_>, Vec<_>) = reading::query(&request)?.into_iter().partition(|(key, _)| key == "map");
    let [named] = reading::known(&named, ["map"])?;
    let wish = Wish::of(&query, &limits).map_err(Refusal::Invalid)?;
    let map = vroom_roads::map_of(named.as_ref(), &service.maps).map_err(|finding| Refusal::Invalid(vec![*finding]))?;
    let language = language_of(request.headers());
    let body = reading::body(&service, request).await?;
    let (text, reader, roads) = (body.text.clone(), Arc::clone(&service), map.clone());
    let read = tokio::task::spawn_blocking(move || {
        let needless = |file: &Value| named.is_some().then(|| vroom_roads::needless(file)).flatten();
        read(&text, roads.as_deref(), &reader, needless).map(|_| ())
    });
    if let Err(findings) = read.await.map_err(|_| Refusal::Internal)? {
        return Ok(wrong(&findings, language));
    }
    let id = secrets::id("vroom")?;
    let mut task = wish.to_json();
    task["map"] = json!(map);
    let task = task.to_string();
    let new =
        NewJob { id: &id, kind: Kind::Vroom, tenant: &caller.tenant, body: &body.text, task: &task, repeat: None };
    match service.store.submit(&new, service.limits().queue).await {
        Err(StoreError::Full { limit }) => return Err(busy(&service, limit).await),
        other => other?,
    };
    drop(body);
    service.work.notify_one();
    let patience = Duration::from_secs_f64(service.limits().wait_seconds + service.limits().seconds);
    let job = wait_for(&service, &caller, Kind::Vroom, &id, patience).await?;
    match job.state {
        JobState::Succeeded => {
            let version = service.store.version(&caller.tenant, &id, None).await?;
            Ok(typed(StatusCode::OK, version.plan, "application/json"))
        }
        JobState::Failed | JobState::Cancelled => Err(Refusal::Internal),
        JobState::Queued | JobState::Running => {
            // Nobody can ask for it later, so nobody shall work for it.
            service.store.stop(&caller.tenant, Kind::Vroom, &id, 0).await?;
            Err(Refusal::Crowded { what: "wait_seconds", limit: service.limits().wait_seconds as usize })
        }
    }
}

/// The problem of a request, over the roads of a map if there is one, within limits and without what
/// cannot be honoured.
fn read(
    text: &str,
    map: Option<&str>,
    service: &Service,
    needless: impl FnOnce(&Value) -> Option<Finding>,
) -> Result<Imported, Vec<Finding>> {
    let limits = service.limits();
    let mut file: Value = serde_json::from_str(text).map_err(|error| vec![not_json(&error)])?;
    if let Some(options) = file.as_object_mut().and_then(|file| file.remove("options")) {
        // Of the options of VROOM's own server, only the wish for geometry changes the answer.
        if options["g"] == json!(true) {
            let finding = Finding::new("/options/g", Code::NotSupportedYet, said(false), said(true));
            return Err(vec![finding.hint(say!("answers carry no geometry; see /v1/route"))]);
        }
    }
    if let Some(finding) = needless(&file) {
        return Err(vec![finding]);
    }
    if let Some(map) = map {
        vroom_roads::put(&mut file, map, &service.maps, limits.places)?;
    }
    let imported = import::vroom::read(&file.to_string())?.import_by_ticks()?;
    let problem = &imported.problem;
    let counts = [
        ("/jobs", limits.jobs, problem.jobs.len()),
        ("/vehicles", limits.shifts, problem.shifts.len()),
        ("", limits.places, problem.places.len()),
    ];
    for (pointer, limit, value) in counts {
        if value > limit {
            let expected = say!("at most {}", limit);
            return Err(vec![Finding::new(pointer, Code::TooLarge, expected, said(value))]);
        }
    }
    let refused = refusals(problem);
    if refused.is_empty() { Ok(imported) } else { Err(refused) }
}

/// A refusal in the shape of VROOM, with all findings beside it.
fn wrong(findings: &[Finding], language: Lang) -> Response {
    let first = findings.first().map(|finding| finding.line(language)).unwrap_or_default();
    let errors = crate::refusal::errors(findings, language);
    let body = json!({"code": 2, "error": first, "errors": errors});
    typed(StatusCode::BAD_REQUEST, body.to_string(), "application/json")
}

/// Solves such a job.
pub(crate) fn make<'e>(
    service: &Service,
    claim: &Claim,
    task: &Value,
    effort: impl FnOnce(Wish) -> Effort<'e>,
) -> Made {
    let began = (service.seconds)();
    let Ok(imported) = read(&claim.body, task["map"].as_str(), service, |_| None) else {
        return Made::Failed("problem_does_not_read");
    };
    let world = World::given(imported.travel.clone());
    let effort = effort(Wish::from_json(task, service.limits()));
    let loaded = (service.seconds)();
    let Some((plan, score)) = effort.plan(&imported.problem, &world, InParts::default()) else {
        return Made::Failed("plan_not_clean");
    };
    let mut answer = import::answer(&imported, &plan);
    let milliseconds = |from: f64, until: f64| ((until - from) * 1000.0).round();
    let solving = milliseconds(loaded, (service.seconds)());
    answer["summary"]["computing_times"] =
        json!({"loading": milliseconds(began, loaded) as i64, "solving": solving as i64, "routing": 0});
    let summary = json!({"score": score_json(&score), "cost": score.cost.0});
    Made::Plan { plan: answer.to_string(), summary: summary.to_string(), told: Vec::new() }
}
