//! What all requests and workers of one process share.

use crate::errands::Opened;
use crate::gate::Keyring;
use crate::limits::Limits;
use crate::live::LiveShelf;
use crate::metrics::Metrics;
use crate::opened::Shelf;
use crate::roads::Maps;
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, Semaphore, broadcast, watch};

/// Seconds since some moment, never going back.
pub(crate) type Seconds = dyn Fn() -> f64 + Send + Sync;

/// How the service behaves, apart from its limits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What a request may ask for.
    pub limits: Limits,
    /// Where the store is: a path, `sqlite:PATH` or `postgres://…`.
    pub store: String,
    /// Hours for which finished plans are kept.
    pub keep_hours: f64,
    /// Seconds after which a silent worker loses its jobs to others.
    pub lease_seconds: f64,
    /// How often a job is begun before it is given up because its workers fell silent.
    pub attempts: u32,
    /// Maps that problems may name, by that name.
    pub maps: BTreeMap<String, PathBuf>,
    /// Whether webhooks may lead to addresses of the private network, and to `http:`.
    pub private_webhooks: bool,
    /// Whether callers without keys are let in although the address is open to other machines.
    pub open: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            store: "dispatch.db".to_owned(),
            keep_hours: 168.0,
            lease_seconds: 15.0,
            attempts: 5,
            maps: BTreeMap::new(),
            private_webhooks: false,
            open: false,
        }
    }
}

impl Settings {
    /// How long finished plans are kept, in milliseconds.
    pub(crate) fn keep_ms(&self) -> i64 {
        (self.keep_hours * 3_600_000.0) as i64
    }
    /// How long a lease holds, in milliseconds.
    pub(crate) fn lease_ms(&self) -> i64 {
        (self.lease_seconds * 1000.0) as i64
    }
}

/// The state of the service.
pub struct Service {
    /// How it behaves.
    pub(crate) settings: Settings,
    /// Where everything accepted is kept.
    pub(crate) store: Store,
    /// The roads that problems may name.
    pub(crate) maps: Maps,
    /// The clock.
    pub(crate) seconds: Arc<Seconds>,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// Who may call.
    pub(crate) keyring: Keyring,
    /// Ids of jobs of which this process has news.
    pub(crate) news: broadcast::Sender<Arc<str>>,
    /// Tells this process's workers that a job waits.
    pub(crate) work: Notify,
    /// Tells the sender of webhooks that there may be something.
    pub(crate) post: Notify,
    /// True from the moment the service is told to end.
    pub(crate) closing: watch::Sender<bool>,
    /// Kilobytes of bodies that may be read.
    pub(crate) bodies: Arc<Semaphore>,
    /// Followers of events that may come.
    pub(crate) streams: Arc<Semaphore>,
    /// Places for work that takes more than a moment and less than a search.
    pub(crate) desk: Arc<Semaphore>,
    /// Places for re-planning of live days.
    pub(crate) replans: Arc<Semaphore>,
    /// Plans opened last.
    pub(crate) shelf: Shelf,
    /// Live plans.
    pub(crate) live: LiveShelf,
    /// The problem that the last part was cut from, by the id of its input.
    pub(crate) cut_last: Mutex<Option<(String, Opened)>>,
}

impl Service {
    /// Opens the store and gets ready to serve. `seconds` is the clock: seconds since any fixed moment.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn open(
        settings: Settings,
        seconds: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> Result<Arc<Self>, StoreError> {
        let store = Store::open(&settings.store).await?;
        let Limits { bodies_bytes, streams, .. } = settings.limits;
        Ok(Arc::new(Self {
            store,
            maps: Maps::new(settings.maps.clone()),
            seconds: Arc::new(seconds),
            metrics: Metrics::default(),
            keyring: Keyring::default(),
            news: broadcast::Sender::new(1024),
            work: Notify::new(),
            post: Notify::new(),
            closing: watch::Sender::new(false),
            bodies: Arc::new(Semaphore::new((bodies_bytes / 1024).min(Semaphore::MAX_PERMITS))),
            streams: Arc::new(Semaphore::new(streams.min(Semaphore::MAX_PERMITS))),
            desk: Arc::new(Semaphore::new(settings.limits.threads.clamp(1, 64))),
            replans: Arc::new(Semaphore::new(settings.limits.plans_at_once.clamp(1, 64))),
            shelf: Shelf::default(),
            live: LiveShelf::default(),
            cut_last: Mutex::default(),
            settings,
        }))
    }
    /// The store, for commands that look after it.
    pub fn store(&self) -> &Store {
        &self.store
    }
    /// What a request may ask for.
    pub(crate) fn limits(&self) -> &Limits {
        &self.settings.limits
    }
    /// Whether the service has been told to end.
    pub(crate) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }
    /// Tells all waiting parts to come to an end.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
        self.work.notify_waiters();
        self.post.notify_waiters();
    }
    /// Done when the service is told to end.
    pub(crate) async fn closed(&self) {
        // The sender lives in this very service, so waiting cannot fail.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("settings", &self.settings).field("store", &self.store).finish_non_exhaustive()
    }
}
