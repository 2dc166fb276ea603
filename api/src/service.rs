//! What all requests share: limits, slots for plans in the making, the clock.

use crate::limits::Limits;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Seconds since some moment, never going back.
pub(crate) type Seconds = dyn Fn() -> f64 + Send + Sync;

/// The state of the service.
pub struct Service {
    /// What a request may ask for.
    pub(crate) limits: Limits,
    /// One permit per plan that may be in the making.
    pub(crate) slots: Arc<Semaphore>,
    /// The clock.
    pub(crate) seconds: Arc<Seconds>,
}

impl Service {
    /// A service with these limits. `seconds` is the clock: seconds since any fixed moment.
    pub fn new(limits: Limits, seconds: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self { limits, slots: Arc::new(Semaphore::new(limits.plans_at_once)), seconds: Arc::new(seconds) }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limits, slots, seconds: _ } = self;
        f.debug_struct("Service").field("limits", limits).field("slots", slots).finish_non_exhaustive()
    }
}
