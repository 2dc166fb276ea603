//! Promises of the current plan: another technician has a price, another start has a price per hour.

use super::Visit;
use crate::instance::{Instance, NodeId, NodeKind, ShiftInfo};
use dispatch_data::bill::Bill;
use dispatch_data::units::Cost;

/// Sums so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    technicians: Cost,
    /// Cents per hour × seconds.
    starts: i64,
}

impl Moved {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) {
        let NodeKind::Job(job) = visit.instance.kind(visit.id) else { return };
        let Some((_, planned)) = visit.instance.promised(job) else { return };
        self.technicians += technician_price(visit.instance, visit.shift, visit.id);
        self.starts += visit.instance.problem.objective.moved_start.0 * (visit.start - planned).0.abs();
    }
    pub(crate) fn total(&self) -> i64 {
        self.starts
    }
    pub(crate) fn close(&self, bill: &mut Bill) {
        bill.moved = self.technicians + Cost(self.starts.div_euclid(3600));
    }
}

/// The price of taking a job from the technician it has in the current plan.
#[inline]
pub(crate) fn technician_price(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> Cost {
    let price = instance.problem.objective.moved_technician;
    if price.0 == 0 {
        return Cost::ZERO;
    }
    let NodeKind::Job(job) = instance.kind(id) else { return Cost::ZERO };
    match instance.promised(job) {
        Some((planned, _)) if instance.problem.shift(planned).technician != shift.technician => price,
        _ => Cost::ZERO,
    }
}
