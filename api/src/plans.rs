//! Plans as jobs: handed in, waited for, looked at, stopped.

use crate::answers::{accepted, json_answer, moment, typed};
use crate::based;
use crate::exports;
use crate::gate::Caller;
use crate::limits::Limits;
use crate::planning::{self, Wish, object};
use crate::reading::{self, known, whole};
use crate::refusal::Refusal;
use crate::secrets;
use crate::service::Service;
use crate::store::{Job, JobState, Kind, NewJob, StoreError, Submitted};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format;
use dispatch_data::lang::value as said;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long a stopped plan is waited for: its search hears of it within a second or two.
const STOPPING: Duration = Duration::from_secs(5);
/// How often a job of another process is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// `POST /v1/plans`.
pub(crate) async fn submit(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    if service.is_closing() {
        return Err(Refusal::NotReady);
    }
    let query = reading::query(&request)?;
    let wish = Wish::of(&query, service.limits()).map_err(Refusal::Invalid)?;
    let key = reading::idempotency_key(&headers)?;
    // As it was asked: what is usual may be another by the time the request comes again.
    let asked = request.uri().query().unwrap_or_default().to_owned();
    let body = reading::body(&service, request).await?;
    let fingerprint = key.map(|_| secrets::hash(&[body.text.as_bytes(), asked.as_bytes()]));
    let repeat = key.zip(fingerprint.as_deref());
    let known = match repeat {
        Some(repeat) => service.store.repeated(&caller.tenant, repeat).await?,
        None => None,
    };
    let id = match known {
        Some(id) => id,
        None => take_in(&service, &caller, &body.text, wish, repeat).await?,
    };
    drop(body);
    let patience = reading::wait(&headers, service.limits());
    let job = wait_for(&service, &caller, Kind::Plan, &id, patience.unwrap_or_default()).await?;
    let document = document(&service, &caller, &job, None, true).await?;
    let mut answer = if job.state.is_final() { json_answer(&document) } else { accepted(&document) };
    let headers = answer.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/plans/{id}")) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(patience) = patience
        && let Ok(applied) = HeaderValue::from_str(&format!("wait={}", patience.as_secs()))
    {
        headers.insert("preference-applied", applied);
    }
    Ok(answer)
}

/// Accepts a new job, unless the same request came at the same time and was first. Gives the id.
async fn take_in(
    service: &Arc<Service>,
    caller: &Caller,
    text: &str,
    wish: Wish,
    repeat: Option<(&str, &str)>,
) -> Result<String, Refusal> {
    let problem = match based::read(text)? {
        Some(based) => based.problem(service, caller).await?,
        None => {
            examine(service, text.to_owned()).await?;
            text.to_owned()
        }
    };
    let (id, task) = (secrets::id("plan")?, wish.to_json().to_string());
    let new = NewJob { id: &id, kind: Kind::Plan, tenant: &caller.tenant, body: &problem, task: &task, repeat };
    match service.store.submit(&new, service.limits().queue).await {
        Err(StoreError::Full { limit }) => Err(busy(service, limit).await),
        Err(other) => Err(other.into()),
        Ok(Submitted::Known(first)) => Ok(first),
        Ok(Submitted::New) => {
            service.work.notify_one();
            Ok(id)
        }
    }
}

/// Reads a problem where other requests are not held up, and refuses what cannot be solved.
pub(crate) async fn examine(service: &Arc<Service>, text: String) -> Result<(), Refusal> {
    let service = Arc::clone(service);
    let examined = tokio::task::spawn_blocking(move || {
        let problem = format::read_problem(&text).map_err(Refusal::Invalid)?;
        planning::admit(&problem, service.limits(), &service.maps)
    });
    examined.await.map_err(|_| Refusal::Internal)?
}

/// That the queue is full, and when to come again: when some of what waits will have been done.
pub(crate) async fn busy(service: &Service, limit: usize) -> Refusal {
    let each = service.store.seconds_per_job().await.unwrap_or(1);
    let workers = i64::try_from(service.limits().plans_at_once.max(1)).unwrap_or(1);
    Refusal::Busy { limit, retry_after: (each / workers).max(1) }
}

/// The job when it is done, or when patience, or the service, ends.
pub(crate) async fn wait_for(
    service: &Service,
    caller: &Caller,
    kind: Kind,
    id: &str,
    patience: Duration,
) -> Result<Job, Refusal> {
    let mut news = service.news.subscribe();
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        let job = service.store.job(&caller.tenant, kind, id).await?;
        if job.state.is_final() || tokio::time::Instant::now() >= deadline || service.is_closing() {
            return Ok(job);
        }
        // News of this process, or a look now and then for what others do.
        let told = async { while news.recv().await.is_ok_and(|told| *told != *id) {} };
        tokio::select! {
            () = told => {}
            () = tokio::time::sleep(LOOK) => {}
            () = tokio::time::sleep_until(deadline) => {}
            () = service.closed() => {}
        }
    }
}

/// `GET /v1/plans`.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    let [limit, before] = known(&reading::query(&request)?, ["limit", "before"])?;
    let most = i64::try_from(service.limits().page).unwrap_or(i64::MAX);
    let limit = whole("limit", limit.as_ref(), 1, most)?.unwrap_or(20.min(most));
    let before = before.as_ref().map(|text| behind(text)).transpose()?;
    let jobs = service.store.jobs(&caller.tenant, usize::try_from(limit).unwrap_or(20), before).await?;
    let last = if jobs.len() as i64 == limit { jobs.last() } else { None };
    let next = last.map(|job| format!("{}.{}", job.created, job.id));
    let plans: Vec<Value> = jobs.iter().map(|job| status(service.limits(), job)).collect();
    Ok(json_answer(&json!({"plans": plans, "next_before": next})))
}

/// Where a page goes on: the moment and the id of the last plan before it.
fn behind(text: &str) -> Result<(i64, &str), Refusal> {
    let plain = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let read = text.split_once('.').filter(|(_, id)| plain(id));
    let read = read.and_then(|(moment, id)| Some((moment.parse().ok()?, id)));
    read.ok_or_else(|| {
        Refusal::Invalid(vec![Finding::new("?before", Code::OutOfRange, said("next_before"), said(text))])
    })
}

/// `GET /v1/plans/{id}`.
pub(crate) async fn look(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    if let Some((id, form)) = id.split_once('.') {
        return exports::file(&service, &caller, id, form, request).await;
    }
    let [version, plan] = known(&reading::query(&request)?, ["version", "plan"])?;
    let version = whole("version", version.as_ref(), 1, i64::MAX)?;
    let whole_plan = crate::answers::flag("plan", plan.as_ref(), true)?;
    let patience = reading::wait(request.headers(), service.limits()).unwrap_or_default();
    let job = wait_for(&service, &caller, Kind::Plan, &id, patience).await?;
    Ok(json_answer(&document(&service, &caller, &job, version, whole_plan).await?))
}

/// `GET /v1/plans/{id}/versions`.
pub(crate) async fn versions(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    service.store.job(&caller.tenant, Kind::Plan, &id).await?;
    let versions = service.store.versions(&id).await?;
    let versions: Vec<Value> = versions
        .into_iter()
        .map(|(version, origin, made, summary)| {
            let summary: Value = serde_json::from_str(&summary).unwrap_or_default();
            json!({"version": version, "origin": origin, "made_at": moment(made), "score": summary["score"], "cost": summary["cost"]})
        })
        .collect();
    Ok(json_answer(&json!({"id": id, "versions": versions})))
}

/// `GET /v1/plans/{id}/problem`.
pub(crate) async fn problem(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let version = reading::version(&request)?;
    let job = service.store.job(&caller.tenant, Kind::Plan, &id).await?;
    if job.version == 0 {
        return Err(Refusal::NoPlanYet);
    }
    let found = service.store.version(&caller.tenant, &id, version).await.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "version" },
        other => other.into(),
    })?;
    Ok(typed(StatusCode::OK, found.problem, "application/json"))
}

/// `DELETE /v1/plans/{id}`.
pub(crate) async fn stop(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    if id.contains('.') {
        // A plan's file has the same place among the paths, and is only looked at.
        return Err(Refusal::WrongMethod);
    }
    service.store.stop(&caller.tenant, Kind::Plan, &id, service.settings.keep_ms()).await?;
    let job = wait_for(&service, &caller, Kind::Plan, &id, STOPPING).await?;
    let document = document(&service, &caller, &job, None, true).await?;
    Ok(if job.state.is_final() { json_answer(&document) } else { accepted(&document) })
}

/// A job with a version of its plan: the newest where none is named.
pub(crate) async fn document(
    service: &Service,
    caller: &Caller,
    job: &Job,
    version: Option<i64>,
    whole_plan: bool,
) -> Result<Value, Refusal> {
    let mut document = object(status(service.limits(), job));
    let found = if job.version == 0 {
        version.map_or(Ok(None), |_| Err(Refusal::NoSuchThing { what: "version" }))?
    } else {
        let found = service.store.version(&caller.tenant, &job.id, version).await;
        Some(found.map_err(|error| match error {
            StoreError::Unknown => Refusal::NoSuchThing { what: "version" },
            other => other.into(),
        })?)
    };
    let Some(found) = found else { return Ok(Value::Object(document)) };
    let summary: Value = serde_json::from_str(&found.summary).map_err(|_| Refusal::Internal)?;
    document.insert("version".to_owned(), json!(found.version));
    document.insert("origin".to_owned(), json!(found.origin));
    for key in ["score", "kpis", "bound", "gap"] {
        document.insert(key.to_owned(), summary[key].clone());
    }
    if whole_plan {
        let plan: Value = serde_json::from_str(&found.plan).map_err(|_| Refusal::Internal)?;
        document.insert("plan".to_owned(), plan);
    }
    Ok(Value::Object(document))
}

/// What is known of a job without its plan.
fn status(limits: &Limits, job: &Job) -> Value {
    let Job {
        id,
        kind: _,
        task,
        state,
        created,
        started,
        finished,
        expires,
        attempt,
        stop,
        version,
        progress,
        failure,
        now,
    } = job;
    let task: Value = serde_json::from_str(task).unwrap_or_default();
    let wish = Wish::from_json(&task, limits).to_json();
    let seconds = |from: i64, until: i64| (until - from).max(0) as f64 / 1000.0;
    let solve = started.map(|started| seconds(started, finished.unwrap_or(*now)));
    let queued = match (started, finished) {
        (Some(started), _) => seconds(*created, *started),
        (None, Some(finished)) => seconds(*created, *finished),
        (None, None) => seconds(*created, *now),
    };
    let progress = progress.as_ref().and_then(|progress| serde_json::from_str::<Value>(progress).ok());
    json!({
        "id": id,
        "state": state.word(),
        "stopping": *stop && *state == JobState::Running,
        "version": (*version > 0).then_some(version),
        "attempts": attempt,
        "budget": wish,
        "created_at": moment(*created),
        "started_at": started.map(moment),
        "finished_at": finished.map(moment),
        "expires_at": expires.map(moment),
        "timings": {"queued_seconds": queued, "solve_seconds": solve},
        "progress": progress,
        "failure": failure,
        "bound": null,
        "gap": null,
    })
}
