//! Limits of a shift: visits, travel, distance, duration. Load is summed by the route.

use super::{DayEnd, Visit, travel::Travelled};
use dispatch_data::units::Duration;

/// Visits so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    visits: u32,
}

impl Limits {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) -> bool {
        self.visits += u32::from(visit.instance.is_job(visit.id));
        self.visits <= visit.shift.max_jobs
    }
    pub(crate) fn close(&self, day: &DayEnd<'_>, travelled: &Travelled, later: Duration) -> bool {
        let shift = day.shift;
        travelled.time <= shift.max_travel
            && travelled.distance <= shift.max_distance
            // With rush hours the departure is not chosen yet: `rush` checks what came of it.
            && (shift.rush || day.end - (shift.start + later) <= shift.max_duration)
    }
}
