//! Workers: threads of their own that take jobs from the store, solve them and end them.
//!
//! Each job in work has a lease that one task prolongs for all; a worker that cannot prolong it, or
//! that another has replaced, throws its result away. At the end of the process jobs in work go back
//! to the queue. Requests are not known here.

use crate::attempt::{self, Made};
use crate::service::Service;
use crate::store::{Claim, Ending, Kind, NewVersion, Pulse};
use dispatch_solver::Progress;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// How long an idle worker waits before it looks again: jobs of other processes come without a sign.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// How often searches are heard.
const PULSE: Duration = Duration::from_secs(1);
/// How often given-up and outdated jobs are swept.
const SWEEP: Duration = Duration::from_secs(10);

/// A job in the hands of this process.
struct InWork {
    attempt: i64,
    /// Raised to end the search.
    cancel: AtomicBool,
    /// The caller asked to stop.
    stopped: AtomicBool,
    /// The lease went to somebody else: nothing of this counts any more.
    lost: AtomicBool,
    /// What the search last said and has not been written down.
    news: Mutex<Option<(&'static str, Progress)>>,
    /// The cheapest it has said.
    best: Mutex<Option<i64>>,
}

impl InWork {
    fn new(claim: &Claim) -> Self {
        Self {
            attempt: claim.attempt,
            cancel: AtomicBool::new(claim.stop),
            stopped: AtomicBool::new(claim.stop),
            lost: AtomicBool::new(false),
            news: Mutex::default(),
            best: Mutex::default(),
        }
    }
    /// Notes what the search says; a cheaper plan is not hidden by what comes after it.
    fn hear(&self, progress: Progress) {
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        let better = best.is_none_or(|best| progress.cost.0 < best);
        if better {
            *best = Some(progress.cost.0);
        }
        drop(best);
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        let incumbent = better || matches!(*news, Some(("incumbent", _)));
        *news = Some((if incumbent { "incumbent" } else { "progress" }, progress));
    }
    fn news(&self) -> Option<(&'static str, String)> {
        let (kind, Progress { iterations, cost, unassigned }) =
            self.news.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        // Each island tells of its own best plan; followers want the best of all.
        let best = self.best.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(cost.0);
        let data = serde_json::json!({"iterations": iterations, "cost": best, "unassigned": unassigned});
        Some((kind, data.to_string()))
    }
}

/// What the threads of a crew share.
struct Desk {
    service: Arc<Service>,
    /// Under which name leases are held.
    name: String,
    going: AtomicBool,
    in_work: Mutex<HashMap<String, Arc<InWork>>>,
}

/// The workers of this process.
pub struct Crew {
    desk: Arc<Desk>,
    threads: Vec<std::thread::JoinHandle<()>>,
    keeper: tokio::task::JoinHandle<()>,
}

impl Crew {
    /// Starts as many workers as plans may be made at once, under a name that no other process has.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(service: &Arc<Service>) -> std::io::Result<Self> {
        let name = crate::secrets::id("worker").map_err(std::io::Error::other)?;
        let desk = Arc::new(Desk {
            service: Arc::clone(service),
            name,
            going: AtomicBool::new(false),
            in_work: Mutex::default(),
        });
        let handle = Handle::current();
        let mut threads = Vec::new();
        for number in 0..service.limits().plans_at_once {
            let (desk, handle) = (Arc::clone(&desk), handle.clone());
            let thread = std::thread::Builder::new().name(format!("solver-{number}"));
            threads.push(thread.spawn(move || desk.labour(&handle))?);
        }
        let keeper = tokio::spawn(Arc::clone(&desk).keep());
        Ok(Self { desk, threads, keeper })
    }
    /// Ends the workers; what they have in work goes back to the queue.
    pub async fn stop(self) {
        let Self { desk, threads, keeper } = self;
        desk.going.store(true, Ordering::Relaxed);
        desk.service.work.notify_waiters();
        for job in desk.in_work.lock().unwrap_or_else(PoisonError::into_inner).values() {
            job.cancel.store(true, Ordering::Relaxed);
        }
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a worker ended in a panic");
                }
            }
        });
        if joined.await.is_err() {
            tracing::error!("the workers could not be waited for");
        }
        keeper.abort();
        if let Err(error) = desk.service.store.sign_out(&desk.name).await {
            tracing::warn!(%error, "this process cannot be signed out");
        }
    }
}

impl Desk {
    /// The life of one worker.
    fn labour(&self, handle: &Handle) {
        while !self.going.load(Ordering::Relaxed) {
            if let Some(claim) = handle.block_on(self.next()) {
                self.attempt(handle, &claim);
            }
        }
    }
    /// The next job, or nothing after a short wait.
    async fn next(&self) -> Option<Claim> {
        let Self { service, name, going: _, in_work: _ } = self;
        let settings = &service.settings;
        match service.store.claim(name, settings.lease_ms(), i64::from(settings.attempts)).await {
            Ok(Some(claim)) => return Some(claim),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "no job can be taken");
                tokio::time::sleep(PULSE).await;
            }
        }
        tokio::select! {
            () = service.work.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        None
    }
    /// One job, from its lease to its end.
    fn attempt(&self, handle: &Handle, claim: &Claim) {
        let service = &self.service;
        let began = (service.seconds)();
        tracing::info!(job = claim.id, attempt = claim.attempt, waited_ms = claim.waited_ms, "begins");
        let job = Arc::new(InWork::new(claim));
        self.in_work.lock().unwrap_or_else(PoisonError::into_inner).insert(claim.id.clone(), Arc::clone(&job));
        self.tell(&claim.id);
        // The crew may have been told to go between the lease and the entry above.
        if self.going.load(Ordering::Relaxed) {
            job.cancel.store(true, Ordering::Relaxed);
        }
        // What an attempt that was cut off had handed out.
        if claim.kind == Kind::Plan
            && let Err(error) = handle.block_on(service.store.drop_parts(&claim.id))
        {
            tracing::warn!(%error, "parts of an earlier attempt cannot be taken away");
        }
        let listener = |progress| job.hear(progress);
        let made = catch_unwind(AssertUnwindSafe(|| {
            attempt::make(service, (&self.name, handle), claim, &job.cancel, &listener)
        }));
        let stopped = job.stopped.load(Ordering::Relaxed);
        // Cut short by the end of the process, not by the caller.
        let cut = !stopped && self.going.load(Ordering::Relaxed) && job.cancel.load(Ordering::Relaxed);
        let lost = job.lost.load(Ordering::Relaxed);
        let ending = match &made {
            _ if lost => None,
            Ok(Made::Plan { .. }) if cut => Some(Ending::HandedBack),
            Ok(Made::Plan { plan, summary, told }) => {
                let version = NewVersion { input: &claim.input, origin: "search", plan, summary };
                Some(Ending::Plan { cancelled: stopped, version, told })
            }
            Ok(Made::Failed(code)) => Some(Ending::Failed { code }),
            Err(_) => Some(Ending::Failed { code: "internal" }),
        };
        let ended = ending.as_ref().is_some_and(|ending| handle.block_on(self.end(claim, ending, &job)));
        self.in_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&claim.id);
        let took = (service.seconds)() - began;
        let state = match &ending {
            Some(ending) if ended => ending_word(ending),
            Some(_) | None => {
                service.metrics.lost.fetch_add(1, Ordering::Relaxed);
                "lost"
            }
        };
        if claim.attempt == 1 {
            service.metrics.waited.note(claim.waited_ms as f64 / 1000.0);
        }
        service.metrics.solved.note(took);
        service.metrics.ended(state);
        tracing::info!(job = claim.id, attempt = claim.attempt, state, took, "ended");
        self.tell(&claim.id);
        service.post.notify_one();
    }
    /// Writes an ending down; while the store does not answer, tries again until the lease is known to
    /// be lost or the process has to go.
    async fn end(&self, claim: &Claim, ending: &Ending<'_>, job: &InWork) -> bool {
        let mut pause = Duration::from_millis(100);
        loop {
            match self.service.store.end(&self.name, claim, ending, self.service.settings.keep_ms()).await {
                Ok(ended) => return ended,
                Err(error) => tracing::warn!(job = claim.id, %error, "an ending cannot be written down yet"),
            }
            if job.lost.load(Ordering::Relaxed) || self.going.load(Ordering::Relaxed) {
                return false;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
    /// Prolongs leases and writes news down, for as long as there is a crew.
    async fn keep(self: Arc<Self>) {
        let settings = &self.service.settings;
        let beat = PULSE.min(Duration::from_secs_f64((settings.lease_seconds / 3.0).max(0.05)));
        let mut until_sweep = Duration::ZERO;
        loop {
            if let Err(error) = self.service.store.sign_in(&self.name, self.service.limits().plans_at_once).await {
                tracing::warn!(%error, "this process cannot be signed in now");
            }
            tokio::time::sleep(beat).await;
            self.beat().await;
            until_sweep = until_sweep.saturating_sub(beat);
            if until_sweep.is_zero() {
                until_sweep = SWEEP;
                match self.service.store.sweep(i64::from(settings.attempts), settings.keep_ms()).await {
                    Ok((0, 0)) => {}
                    Ok((given_up, forgotten)) => tracing::info!(given_up, forgotten, "swept"),
                    Err(error) => tracing::warn!(%error, "the store cannot be swept"),
                }
            }
        }
    }
    async fn beat(&self) {
        let jobs: Vec<(String, Arc<InWork>)> = {
            let in_work = self.in_work.lock().unwrap_or_else(PoisonError::into_inner);
            in_work.iter().map(|(id, job)| (id.clone(), Arc::clone(job))).collect()
        };
        if jobs.is_empty() {
            return;
        }
        let pulses: Vec<Pulse<'_>> =
            jobs.iter().map(|(id, job)| Pulse { id, attempt: job.attempt, news: job.news() }).collect();
        match self.service.store.pulse(&self.name, self.service.settings.lease_ms(), &pulses).await {
            Ok(answers) => {
                for (((id, job), answer), pulse) in jobs.iter().zip(answers).zip(&pulses) {
                    match answer {
                        Some(false) => {}
                        Some(true) => {
                            job.stopped.store(true, Ordering::Relaxed);
                            job.cancel.store(true, Ordering::Relaxed);
                        }
                        None => {
                            // A job that has just ended is none of ours any more either.
                            job.lost.store(true, Ordering::Relaxed);
                            job.cancel.store(true, Ordering::Relaxed);
                        }
                    }
                    if pulse.news.is_some() {
                        self.tell(id);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "leases cannot be prolonged now"),
        }
    }
    fn tell(&self, id: &str) {
        // Nobody may be listening.
        let _ = self.service.news.send(id.into());
    }
}

fn ending_word(ending: &Ending<'_>) -> &'static str {
    match ending {
        Ending::Plan { cancelled: false, .. } => "succeeded",
        Ending::Plan { cancelled: true, .. } => "cancelled",
        Ending::Failed { .. } => "failed",
        Ending::HandedBack => "handed_back",
    }
}
