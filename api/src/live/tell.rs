//! What changes a live plan: a technician takes or refuses a ticket, something happens. Each makes a
//! new version, which is in the store before it is in force.

use super::ask::ticket_of;
use super::ways::Fresh;
use super::{LivePlan, Slot, in_force, newest, unfit, words};
use crate::answers::json_answer;
use crate::evaluate::violation;
use crate::gate::Caller;
use crate::language::language_of;
use crate::limits::Limits;
use crate::opened::at_the_desk;
use crate::planning::{Effort, Wish, later_messages, summary};
use crate::reading;
use crate::refusal::Refusal;
use crate::secrets;
use crate::service::Service;
use crate::store::{Following, Kind, Life, NewVersion, StoreError};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use dispatch_data::finding::Finding;
use dispatch_data::format;
use dispatch_data::format::live::Request as Told;
use dispatch_data::judge::{Violation, judge};
use dispatch_data::lang::Lang;
use dispatch_data::live::Change;
use dispatch_data::plan::Plan;
use dispatch_solver::live::{Diff, Live};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Seconds of search after events where the request names none: whoever tells them waits.
const USUAL_SECONDS: f64 = 1.0;
/// How often another process may come first before the caller hears of it.
const TRIES: usize = 3;

/// What makes a version.
#[derive(Clone, Copy)]
enum Origin {
    Accepted,
    Refused,
    Changes,
}

impl Origin {
    /// As it stands in the store and in answers.
    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Changes => "changes",
        }
    }
}

/// A version on its way into the store.
struct Next {
    live: Live,
    fresh: Fresh,
    diff: Diff,
    problem: String,
    plan: String,
    summary: Value,
    told: Vec<(&'static str, String)>,
    violations: Vec<Violation>,
}

/// What a caller says of a plan, and how the answer is wanted.
struct Heard {
    told: Arc<Told>,
    language: Lang,
}

/// Reads a request. A plan that is not the caller's is not there, whatever else is wrong.
async fn hear(
    service: &Service,
    caller: &Caller,
    id: &str,
    request: Request,
    read: fn(String) -> Result<Told, Vec<Finding>>,
) -> Result<Heard, Refusal> {
    let language = language_of(request.headers());
    match read(reading::body(service, request).await?.text) {
        Ok(told) => Ok(Heard { told: Arc::new(told), language }),
        Err(findings) => {
            service.store.job(&caller.tenant, Kind::Plan, id).await?;
            Err(Refusal::Invalid(findings))
        }
    }
}

/// Makes the next version of a plan of what was heard and answers with it.
async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    id: &str,
    heard: Heard,
    origin: Origin,
    work: impl Fn(&Service, &str, &LivePlan, &Told) -> Result<Next, Refusal> + Send + Sync + 'static,
) -> Result<Response, Refusal> {
    let Heard { told, language } = heard;
    let version = told.number("version");
    let work = move |service: &Service, id: &str, plan: &LivePlan| work(service, id, plan, &told);
    let (plan, made) = commit(service, caller, id, version, origin, work).await?;
    Ok(json_answer(&told_of(id, &plan, &made, language)))
}

/// `POST /v1/plans/{id}/accept`.
pub(crate) async fn accept(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let [] = reading::known(&reading::query(&request)?, [])?;
    let heard = hear(&service, &caller, &id, request, Told::acceptance).await?;
    let work = |service: &Service, id: &str, plan: &LivePlan, told: &Told| {
        let technician = told.technician(&plan.words).map_err(Refusal::Invalid)?;
        let (ticket, fresh) = ticket_of(plan, told)?;
        let (Some(ticket), Some(technician)) = (ticket, technician) else { return Err(Refusal::Internal) };
        room_for(service, plan, usize::from(ticket.known_as().is_none()), usize::from(ticket.new_place().is_some()))?;
        let at = if ticket.known_as().is_none() { "/ticket" } else { "/job" };
        let accepted = plan.live.accepted(&ticket, technician, plan.live.version());
        let (live, diff) = accepted.map_err(|error| unfit(error, at))?;
        make(id, plan, live, fresh, diff)
    };
    answer(&service, &caller, &id, heard, Origin::Accepted, work).await
}

/// `POST /v1/plans/{id}/refuse`.
pub(crate) async fn decline(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let [] = reading::known(&reading::query(&request)?, [])?;
    let heard = hear(&service, &caller, &id, request, Told::refusal).await?;
    let work = |_: &Service, id: &str, plan: &LivePlan, told: &Told| {
        let technician = told.technician(&plan.words).map_err(Refusal::Invalid)?;
        let (Some(job), Some(technician)) = (told.text("job"), technician) else { return Err(Refusal::Internal) };
        let declined = plan.live.declined(&job, technician);
        let (live, diff) = declined.map_err(|error| unfit(error, "/job"))?;
        make(id, plan, live, Fresh::default(), diff)
    };
    answer(&service, &caller, &id, heard, Origin::Refused, work).await
}

/// `POST /v1/plans/{id}/changes`.
pub(crate) async fn change(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    if service.is_closing() {
        return Err(Refusal::NotReady);
    }
    let limits = Limits { default_seconds: USUAL_SECONDS, ..*service.limits() };
    let wish = Wish::of(&reading::query(&request)?, &limits).map_err(Refusal::Invalid)?;
    let heard = hear(&service, &caller, &id, request, Told::changes).await?;
    let patience = Duration::from_secs_f64(limits.request_seconds);
    let place = tokio::time::timeout(patience, service.replans.acquire()).await;
    let crowded = Refusal::Crowded { what: "plans_at_once", limit: limits.plans_at_once };
    let _place = place.map_err(|_| crowded)?.map_err(|_| Refusal::NotReady)?;
    let work = move |service: &Service, id: &str, plan: &LivePlan, told: &Told| replan(service, id, plan, told, wish);
    answer(&service, &caller, &id, heard, Origin::Changes, work).await
}

/// Events written down and planned around.
fn replan(service: &Service, id: &str, plan: &LivePlan, told: &Told, wish: Wish) -> Result<Next, Refusal> {
    let problem = plan.live.problem();
    let mut changes = told.events(&plan.words, problem).map_err(Refusal::Invalid)?;
    let mut fresh = Fresh::default();
    let (mut jobs, mut places) = (0, 0);
    let mut findings = Vec::new();
    for (at, change) in changes.iter_mut().enumerate() {
        jobs += usize::from(matches!(change, Change::JobAdded(_)));
        let pointer = match change {
            Change::JobAdded(_) => format!("/changes/{at}/ticket/place"),
            _ => format!("/changes/{at}/place"),
        };
        if let Some(new) = change.new_place_mut() {
            places += 1;
            findings.extend(plan.ways.fill(problem, new, &mut fresh, &pointer).err().map(|finding| *finding));
        }
    }
    if !findings.is_empty() {
        return Err(Refusal::Invalid(findings));
    }
    room_for(service, plan, jobs, places)?;
    let cancel = AtomicBool::new(false);
    let effort = Effort {
        wish,
        most_seconds: service.limits().seconds,
        threads: service.limits().threads_per_plan(),
        seconds: &*service.seconds,
        cancel: &cancel,
        listener: &|_| {
            if service.is_closing() {
                cancel.store(true, std::sync::atomic::Ordering::Relaxed);
            }
        },
    };
    let changed = effort.search(|params, stop| plan.live.changed(&changes, params, stop));
    let (live, replanned) = changed.map_err(|failure| {
        let pointer = failure.event.map_or_else(|| "/changes".to_owned(), |at| format!("/changes/{at}"));
        unfit(failure.error, &pointer)
    })?;
    make(id, plan, live, fresh, replanned.diff)
}

/// Refuses what would take the plan over a limit.
fn room_for(service: &Service, plan: &LivePlan, jobs: usize, places: usize) -> Result<(), Refusal> {
    let (limits, problem) = (service.limits(), plan.live.problem());
    let counts =
        [("jobs", limits.jobs, problem.jobs.len(), jobs), ("places", limits.places, problem.places.len(), places)];
    for (what, limit, have, more) in counts {
        if more > 0 && have + more > limit {
            return Err(Refusal::OverLimit { what, limit, value: have + more });
        }
    }
    Ok(())
}

/// A next version as it will be stored, judged.
fn make(id: &str, before: &LivePlan, live: Live, fresh: Fresh, diff: Diff) -> Result<Next, Refusal> {
    let problem = live.problem();
    let verdict = judge(problem, live.travel(), live.plan());
    if !verdict.claimed_bill_matches {
        tracing::error!("a live plan of ours has another price than the judge's");
        return Err(Refusal::Internal);
    }
    // Travel that has grown place by place has another fingerprint than the same made in one piece.
    let grown = before.grown || live.travel().places() > before.live.travel().places();
    let unsigned;
    let plan = if grown {
        unsigned = Plan { travel_fingerprint: 0, ..live.plan().clone() };
        &unsigned
    } else {
        live.plan()
    };
    let written = format::write_plan(problem, plan);
    let mut summary = summary(&written, &verdict.score);
    let refused = live.refused().iter().map(|(job, who)| {
        let names = who.iter().map(|one| Value::from(problem.technician(*one).id.clone())).collect();
        (job.clone(), Value::Array(names))
    });
    summary["refused"] = Value::Object(refused.collect::<Map<_, _>>());
    let version = i64::try_from(live.version()).unwrap_or(i64::MAX);
    let told = later_messages(id, version, (problem, live.plan()), (&before.summary, &summary));
    let problem = format::write_problem(problem).to_string();
    let plan = written.to_string();
    Ok(Next { problem, plan, summary, told, violations: verdict.violations, live, fresh, diff })
}

/// Works a next version out and puts it in force, in the store first. Where the caller named no version and
/// another process came first, once more from what is there then.
async fn commit(
    service: &Arc<Service>,
    caller: &Caller,
    id: &str,
    wanted: Option<i64>,
    origin: Origin,
    work: impl Fn(&Service, &str, &LivePlan) -> Result<Next, Refusal> + Send + Sync + 'static,
) -> Result<(Arc<LivePlan>, Arc<Made>), Refusal> {
    let work = Arc::new(work);
    let slot = service.live.slot(&caller.tenant, id);
    // A caller who goes away in the middle takes nothing along: what was begun comes to its end.
    let task = {
        let (service, caller, id) = (Arc::clone(service), caller.clone(), id.to_owned());
        tokio::spawn(async move {
            let turn = slot.turn.lock().await;
            let mut made = Err(Refusal::NotReady);
            for attempt in 1..=TRIES {
                let work = Arc::clone(&work);
                made = once(&service, &caller, &id, &slot, wanted, origin, move |service, id, plan| {
                    work(service, id, plan)
                })
                .await;
                match &made {
                    Err(Refusal::Stale { .. }) if wanted.is_none() && attempt < TRIES => slot.forget(),
                    _ => break,
                }
            }
            drop(turn);
            made
        })
    };
    let made = task.await.map_err(|_| Refusal::Internal)?;
    service.live.tidy(service.limits().live_bytes);
    made
}

/// What became of a commit, for its answer.
struct Made {
    diff: Diff,
    violations: Vec<Violation>,
}

async fn once(
    service: &Arc<Service>,
    caller: &Caller,
    id: &str,
    slot: &Slot,
    wanted: Option<i64>,
    origin: Origin,
    work: impl FnOnce(&Service, &str, &LivePlan) -> Result<Next, Refusal> + Send + 'static,
) -> Result<(Arc<LivePlan>, Arc<Made>), Refusal> {
    let before = newest(service, caller, id, slot).await?;
    in_force(wanted, &before)?;
    let (worked_on, plan_id) = (Arc::clone(&before), id.to_owned());
    let work = move |service: &Service| work(service, &plan_id, &worked_on);
    let next = match origin {
        Origin::Accepted | Origin::Refused => at_the_desk(service, work).await?,
        // A search has had its own place, and must not take one from those that take a moment.
        Origin::Changes => {
            let service = Arc::clone(service);
            tokio::task::spawn_blocking(move || work(&service)).await.map_err(|_| Refusal::Internal)??
        }
    };
    let Next { live, fresh, diff, problem, plan, summary, told, violations } = next;
    let input = secrets::id("input")?;
    let written = summary.to_string();
    let new = NewVersion { input: &input, origin: origin.word(), plan: &plan, summary: &written };
    let life = Life { keep_ms: service.settings.keep_ms(), versions: service.limits().versions };
    let following = Following { expected: before.version(), problem: Some((&input, &problem)), told: &told, life };
    let committed = service.store.commit_version(&caller.tenant, id, &new, following);
    match committed.await {
        Ok(_) => {}
        Err(error) => {
            // Whatever is there now, it is not what is held here.
            slot.forget();
            return Err(match error {
                StoreError::Unknown => Refusal::NoPlanYet,
                other => other.into(),
            });
        }
    }
    let grown = before.grown || live.travel().places() > before.live.travel().places();
    let ways = before.ways.clone();
    let plan = at_the_desk(service, move |_| {
        ways.stand(&fresh);
        Ok(Arc::new(LivePlan::of(live, ways, summary, grown)))
    })
    .await
    .inspect_err(|_| slot.forget())?;
    slot.hold(&plan, (service.seconds)());
    // Nobody may be listening.
    let _ = service.news.send(id.into());
    service.post.notify_one();
    Ok((plan, Arc::new(Made { diff, violations })))
}

/// The answer: the new version and what became different.
fn told_of(id: &str, plan: &LivePlan, made: &Made, language: Lang) -> Value {
    let problem = plan.live.problem();
    let violations: Vec<Value> = made.violations.iter().map(|one| violation(problem, one, language)).collect();
    json!({
        "plan": id,
        "version": plan.version(),
        "score": plan.summary["score"],
        "diff": words::diff(problem, &made.diff),
        "violations": violations,
    })
}
