//! Liked regions and liked technicians: anything else has a price per visit.

use super::Visit;
use crate::instance::{Instance, NodeId, NodeKind, ShiftInfo};
use dispatch_data::bill::Bill;
use dispatch_data::units::Cost;

/// Sum so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    sum: Cost,
}

impl Preference {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) {
        self.sum += price(visit.instance, visit.shift, visit.id);
    }
    pub(crate) fn close(&self, bill: &mut Bill) {
        bill.preference = self.sum;
    }
}

/// What a visit by the technician of this shift pays for not being the liked one.
#[inline]
pub(crate) fn price(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> Cost {
    let objective = &instance.problem.objective;
    if objective.outside_preferred_region.0 == 0 && objective.not_preferred_technician.0 == 0 {
        return Cost::ZERO;
    }
    let NodeKind::Job(job) = instance.kind(id) else { return Cost::ZERO };
    let job = instance.job(job);
    let liked = &instance.problem.technician(shift.technician).preferred_regions;
    let outside = !liked.is_empty() && job.region.is_some_and(|region| !liked.contains(&region));
    let stranger = !job.preferred_technicians.is_empty() && !job.preferred_technicians.contains(&shift.technician);
    let mut price = Cost::ZERO;
    if outside {
        price += objective.outside_preferred_region;
    }
    if stranger {
        price += objective.not_preferred_technician;
    }
    price
}
