//! Live plans: the newest version of a stored plan, held in memory ready for questions and events.
//!
//! A version is written to the store before anybody hears of it; what is held here is only what the
//! store says, and is read again when it is not here. Other processes may commit versions too: what is
//! held is looked up again after a second, and every commit names the version it follows.

mod ask;
mod tell;
mod ways;
mod words;

pub(crate) use ask::recommend;
pub(crate) use tell::{accept, change, decline};

use crate::gate::Caller;
use crate::opened::at_the_desk;
use crate::planning::reread;
use crate::refusal::Refusal;
use crate::roads::World;
use crate::service::Service;
use crate::store::{Kind, Version};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format::live::Words;
use dispatch_data::ids::TechIx;
use dispatch_data::lang::value;
use dispatch_data::problem::{Problem, TravelSource};
use dispatch_data::say;
use dispatch_solver::live::{Live, LiveError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use ways::Ways;

/// Seconds for which a version is taken for the newest without asking the store.
const REMEMBERED: f64 = 1.0;

/// A version of a plan, ready.
pub(crate) struct LivePlan {
    pub(crate) live: Live,
    pub(crate) words: Words,
    ways: Ways,
    /// Score and key figures, as they are stored.
    summary: Value,
    /// Places came in since the travel was made in one piece, so its fingerprint is another.
    grown: bool,
    bytes: usize,
}

impl LivePlan {
    /// A problem with its plan in force, just read.
    fn new(problem: Problem, world: World, plan: dispatch_data::plan::Plan) -> Result<Self, LiveError> {
        let ways = Ways::of(&problem, &world);
        let live = Live::new(problem, world.travel, plan)?;
        Ok(Self::of(live, ways, Value::Null, false))
    }
    fn of(live: Live, ways: Ways, summary: Value, grown: bool) -> Self {
        let words = Words::of(live.problem());
        let bytes = bytes(live.problem());
        Self { live, words, ways, summary, grown, bytes }
    }
    /// Its version.
    pub(crate) fn version(&self) -> i64 {
        i64::try_from(self.live.version()).unwrap_or(i64::MAX)
    }
}

/// What a live plan takes in memory, roughly: tables of travel, and the nouns several times over.
fn bytes(problem: &Problem) -> usize {
    let rush =
        |profile: &dispatch_data::problem::TravelProfile| profile.rush.as_ref().map_or(0, |rush| rush.matrices.len());
    let traffic = matches!(&problem.travel, TravelSource::Roads { traffic: Some(_), .. });
    let tables: usize = problem.profiles.iter().map(|profile| 1 + rush(profile) + if traffic { 4 } else { 0 }).sum();
    let places = problem.places.len();
    // The matrix, and the problem's own where it was given.
    let own = if matches!(problem.travel, TravelSource::Matrices(_)) { 2 } else { 1 };
    places * places * 8 * tables * own + (problem.jobs.len() + problem.shifts.len()) * 8 * 1024
}

/// One plan's place on the shelf.
#[derive(Default)]
struct Slot {
    /// Held by whoever makes a new version, or reads one from the store.
    turn: tokio::sync::Mutex<()>,
    /// The version held, and when it was last known to be the newest.
    held: Mutex<Option<(Arc<LivePlan>, f64)>>,
}

impl Slot {
    fn held(&self) -> Option<(Arc<LivePlan>, f64)> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn hold(&self, plan: &Arc<LivePlan>, now: f64) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(plan), now));
    }
    fn forget(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

type Key = (Arc<str>, String);

/// The live plans of this process, those asked last first.
#[derive(Default)]
pub(crate) struct LiveShelf(Mutex<Vec<(Key, Arc<Slot>)>>);

impl LiveShelf {
    /// The place of a plan, now the first of all.
    fn slot(&self, tenant: &Arc<str>, id: &str) -> Arc<Slot> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = shelf.iter().position(|((owner, known), _)| known == id && owner == tenant);
        let entry = match at {
            Some(0) => return Arc::clone(&shelf[0].1),
            Some(at) => shelf.remove(at),
            None => ((Arc::clone(tenant), id.to_owned()), Arc::default()),
        };
        let slot = Arc::clone(&entry.1);
        shelf.insert(0, entry);
        slot
    }
    /// Takes plans off that were asked longest ago, until the rest fit; and places that hold nothing.
    fn tidy(&self, most: usize) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sum = 0_usize;
        let mut first = true;
        shelf.retain(|(_, slot)| {
            let Some((plan, _)) = slot.held() else { return Arc::strong_count(slot) > 1 };
            sum = sum.saturating_add(plan.bytes);
            let keep = first || sum <= most;
            first = false;
            keep
        });
    }
}

/// The newest version of one of the caller's plans, ready, and its place on the shelf.
///
/// # Errors
/// Nothing of this id, no plan yet, or a plan that cannot be held.
async fn open(service: &Arc<Service>, caller: &Caller, id: &str) -> Result<(Arc<LivePlan>, Arc<Slot>), Refusal> {
    let slot = service.live.slot(&caller.tenant, id);
    if let Some((plan, known)) = slot.held()
        && (service.seconds)() - known < REMEMBERED
    {
        return Ok((plan, slot));
    }
    let turn = slot.turn.lock().await;
    let plan = newest(service, caller, id, &slot).await;
    drop(turn);
    service.live.tidy(service.limits().live_bytes);
    Ok((plan?, slot))
}

/// The newest version for whoever has the turn: what is held if the store knows none newer, else what the
/// store has.
async fn newest(service: &Arc<Service>, caller: &Caller, id: &str, slot: &Slot) -> Result<Arc<LivePlan>, Refusal> {
    let now = (service.seconds)();
    if let Some((plan, known)) = slot.held()
        && now - known < REMEMBERED
    {
        return Ok(plan);
    }
    let job = service.store.job(&caller.tenant, Kind::Plan, id).await.inspect_err(|_| slot.forget())?;
    if job.version == 0 {
        return Err(Refusal::NoPlanYet);
    }
    if let Some((plan, _)) = slot.held()
        && plan.version() == job.version
    {
        slot.hold(&plan, now);
        return Ok(plan);
    }
    let found = service.store.version(&caller.tenant, id, None).await?;
    let plan = at_the_desk(service, move |service| read(service, &found)).await?;
    let plan = Arc::new(plan);
    slot.hold(&plan, now);
    Ok(plan)
}

/// A version of the store, ready.
fn read(service: &Service, found: &Version) -> Result<LivePlan, Refusal> {
    let Some((problem, plan)) = reread(&found.problem, &found.plan) else {
        tracing::error!("a plan of the store does not read");
        return Err(Refusal::Internal);
    };
    let world = World::of(&problem, &service.maps).map_err(Refusal::Invalid)?;
    let LivePlan { live, words, ways, summary: _, grown, bytes } =
        LivePlan::new(problem, world, plan).map_err(|error| unfit(error, ""))?;
    let summary: Value = serde_json::from_str(&found.summary).unwrap_or_default();
    let live = live.at_version(u64::try_from(found.version).unwrap_or_default());
    let refused = refused_of(live.problem(), &summary["refused"]);
    Ok(LivePlan { live: live.with_refused(refused), words, ways, summary, grown, bytes })
}

/// Who refused what, as it stands in the store.
fn refused_of(problem: &Problem, stored: &Value) -> BTreeMap<String, Vec<TechIx>> {
    let known = |id: &Value| problem.technicians.iter().position(|one| *id == *one.id).map(TechIx::from);
    let entries = stored.as_object().into_iter().flatten();
    entries.map(|(job, who)| (job.clone(), who.as_array().into_iter().flatten().filter_map(known).collect())).collect()
}

/// The refusal that an error of the engine is, with findings under a pointer.
fn unfit(error: LiveError, pointer: &str) -> Refusal {
    let why = error.text();
    let code = match error {
        LiveError::Stale { version } => {
            return Refusal::Stale { current: i64::try_from(version).unwrap_or(i64::MAX) };
        }
        LiveError::Invalid(findings) => {
            let moved = |finding: Finding| Finding { pointer: format!("{pointer}{}", finding.pointer), ..finding };
            return Refusal::Invalid(findings.into_iter().map(moved).collect());
        }
        LiveError::Unknown(what) => {
            let finding = Finding::new(pointer, Code::UnknownReference, say!("something that is there"), what);
            return Refusal::Invalid(vec![finding]);
        }
        LiveError::TravelRows { .. } => {
            let finding = Finding::new(pointer, Code::Contradiction, why, say!("others"));
            return Refusal::Invalid(vec![finding]);
        }
        LiveError::NotHeld(_) => "not_held",
        LiveError::NoPlace => "no_place",
        LiveError::Started(_) => "started",
    };
    Refusal::Unfit { code, why }
}

/// Refuses a version that is not in force.
fn in_force(wanted: Option<i64>, plan: &LivePlan) -> Result<(), Refusal> {
    match wanted {
        Some(version) if version != plan.version() => Err(Refusal::Stale { current: plan.version() }),
        _ => Ok(()),
    }
}

/// A finding that a job is planned already.
fn planned_already(job: &str) -> Finding {
    let expected = say!("a job that the plan leaves out");
    Finding::new("/job", Code::Contradiction, expected, value(job))
        .hint(say!("a planned job is given away by refusing it for its technician"))
}
