//! Parts of very large plans as jobs: a plan in work hands them in, any process of the service takes them.
//!
//! Nothing is solved here: what a part is and how pieces are put together is the solver's. Where nobody
//! takes a part, or nothing comes of it, the answer is none and the plan's own process does it.

use crate::planning::{Budget as Spent, Effort, Wish};
use crate::roads::World;
use crate::service::Service;
use crate::store::{Answer, Claim, PartState};
use dispatch_data::format;
use dispatch_data::ids::{JobIx, LotIx, SiteIx, TechIx};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_solver::decompose::{Budget, Elsewhere, Errand, Part, Whole, run_errand};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// How often a part is looked after.
const LOOK: Duration = Duration::from_millis(50);
/// Seconds after which a part that nobody has taken is done by the plan's own process.
const PATIENCE: f64 = 3.0;
/// Seconds that a part may take above its budget, to be read and written; after them it is done here.
const GRACE: f64 = 5.0;
/// Seconds in which a part comes to its end when its plan is stopped.
const FAREWELL: f64 = 3.0;

/// The parts of one plan in work.
pub(crate) struct Errands<'e> {
    pub(crate) service: &'e Service,
    /// The runtime, for waiting on the store from threads that search.
    pub(crate) handle: &'e Handle,
    /// Under which name leases are held here.
    pub(crate) crew: &'e str,
    pub(crate) claim: &'e Claim,
    pub(crate) problem: &'e Problem,
    pub(crate) cancel: &'e AtomicBool,
}

impl Errands<'_> {
    /// What the store says; none where it does not answer, since a part is not worth waiting for it.
    fn asked<T>(&self, question: impl Future<Output = Answer<T>>) -> Option<T> {
        let answer = self.handle.block_on(question);
        answer
            .inspect_err(|error| tracing::warn!(%error, "the store does not answer about parts: they are done here"))
            .ok()
    }
    /// Waits for a part that has been handed in.
    fn wait(&self, id: &str, budget: Budget) -> Option<Plan> {
        let (store, now) = (&self.service.store, || (self.service.seconds)());
        let (mut idle, mut taken, mut stopped) = (None, None, None);
        loop {
            match self.asked(store.part(id))? {
                PartState::Gone => return None,
                PartState::Done(plan) => return format::read_plan(self.problem, &plan).ok(),
                // Nobody has come yet, or its worker fell silent and there is no other.
                PartState::Waits if now() - *idle.get_or_insert_with(now) > PATIENCE => return None,
                PartState::Waits => {}
                PartState::InWork => {
                    idle = None;
                    taken.get_or_insert_with(now);
                }
            }
            let late = match (budget, taken) {
                (Budget::Seconds(seconds), Some(taken)) => now() - taken > seconds + GRACE,
                (Budget::Seconds(_) | Budget::Iterations(_), _) => false,
            };
            if late {
                return None;
            }
            if self.cancel.load(Ordering::Relaxed) {
                if stopped.is_none() {
                    self.asked(store.stop_part(id))?;
                }
                if now() - *stopped.get_or_insert_with(now) > FAREWELL {
                    return None;
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Elsewhere for Errands<'_> {
    fn hands(&self) -> usize {
        let silence = self.service.settings.lease_ms();
        self.asked(self.service.store.idle_elsewhere(self.crew, silence)).unwrap_or(0)
    }
    fn solve(&self, errand: &Errand) -> Option<Plan> {
        let id = crate::secrets::id("part").ok()?;
        let task = task(self.problem, errand).to_string();
        if !self.asked(self.service.store.add_part(self.crew, self.claim, &id, &task))? {
            return None;
        }
        let plan = self.wait(&id, errand.budget);
        self.asked(self.service.store.drop_part(&id));
        if plan.is_none() && !self.cancel.load(Ordering::Relaxed) {
            tracing::info!(job = self.claim.id, part = id, "nobody did a part: it is done here");
        }
        plan
    }
}

/// An errand as it stands in the store.
fn task(problem: &Problem, errand: &Errand) -> Value {
    let Errand { part, start, budget, seed, explained } = errand;
    let Part { technicians, open, sites, quotas } = part;
    let mut task = json!({
        "technicians": technicians.iter().map(|one| one.0).collect::<Vec<_>>(),
        "open": open.iter().map(|one| one.0).collect::<Vec<_>>(),
        "sites": sites.iter().map(|one| one.0).collect::<Vec<_>>(),
        "quotas": quotas.iter().map(|(lot, units)| (lot.0, *units)).collect::<Vec<_>>(),
        "start": format::write_plan(problem, start),
        "seed": seed,
        "explained": explained,
    });
    match budget {
        Budget::Iterations(total) => task["iterations"] = json!(total),
        Budget::Seconds(seconds) => task["seconds"] = json!(seconds),
    }
    task
}

/// An errand of the store; `None` where it does not read.
fn errand(problem: &Problem, task: &Value) -> Option<Errand> {
    let numbers = |key: &str| -> Option<Vec<u32>> {
        task[key].as_array()?.iter().map(|one| u32::try_from(one.as_u64()?).ok()).collect()
    };
    let below = |numbers: Vec<u32>, most: usize| numbers.iter().all(|one| (*one as usize) < most).then_some(numbers);
    let quota = |pair: &Value| {
        let (lot, units) = (pair[0].as_u64()?, pair[1].as_u64()?);
        let lot = u32::try_from(lot).ok().filter(|lot| (*lot as usize) < problem.lots.len())?;
        Some((LotIx(lot), u32::try_from(units).ok()?))
    };
    let part = Part {
        technicians: below(numbers("technicians")?, problem.technicians.len())?.into_iter().map(TechIx).collect(),
        open: below(numbers("open")?, problem.jobs.len())?.into_iter().map(JobIx).collect(),
        sites: below(numbers("sites")?, problem.sites.len())?.into_iter().map(SiteIx).collect(),
        quotas: task["quotas"].as_array()?.iter().map(quota).collect::<Option<_>>()?,
    };
    let budget = match (task["iterations"].as_u64(), task["seconds"].as_f64()) {
        (Some(total), _) => Budget::Iterations(total),
        (None, Some(seconds)) => Budget::Seconds(seconds),
        (None, None) => return None,
    };
    Some(Errand {
        part,
        start: format::read_plan(problem, task["start"].to_string()).ok()?,
        budget,
        seed: task["seed"].as_u64()?,
        explained: usize::try_from(task["explained"].as_u64()?).ok()?,
    })
}

/// A problem with its travel, ready.
pub(crate) type Opened = Arc<(Problem, World)>;

/// The problem that parts of one plan after the other are cut from, read once.
fn opened(service: &Service, claim: &Claim) -> Result<Opened, &'static str> {
    let mut last = service.cut_last.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((input, opened)) = &*last
        && *input == claim.input
    {
        return Ok(Arc::clone(opened));
    }
    // What was held is not needed any more, and may be large.
    *last = None;
    let problem = format::read_problem(&claim.body).map_err(|_| "problem_does_not_read")?;
    let world = World::of(&problem, &service.maps).map_err(|_| "no_travel")?;
    let opened = Arc::new((problem, world));
    *last = Some((claim.input.clone(), Arc::clone(&opened)));
    Ok(opened)
}

/// Does a part: its plan as it goes back into the store.
///
/// # Errors
/// A code where it cannot be done.
pub(crate) fn make<'e>(
    service: &Service,
    claim: &Claim,
    task: &Value,
    effort: impl FnOnce(Wish) -> Effort<'e>,
) -> Result<String, &'static str> {
    let opened = opened(service, claim)?;
    let (problem, world) = &*opened;
    let errand = errand(problem, task).ok_or("task_does_not_read")?;
    let budget = match errand.budget {
        Budget::Iterations(total) => Spent::Iterations(total),
        Budget::Seconds(seconds) => Spent::Seconds(seconds),
    };
    let whole = Whole::new(problem, &world.travel, Some(&errand.start));
    let done = effort(Wish { budget, seed: errand.seed }).search(|params, stop| {
        let mut params = params.clone();
        if matches!(errand.budget, Budget::Iterations(_)) {
            // The same plan as anywhere else.
            (params.islands, params.threads) = (1, 1);
        }
        run_errand(&whole, &errand, &params, stop)
    });
    let plan = done.map_err(|_| "part_does_not_fit")?;
    Ok(format::write_plan(problem, &plan).to_string())
}
