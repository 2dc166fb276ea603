//! Promises are kept or paid: per job and second late, summed, divided once. A limit is hard.

use super::Visit;
use crate::instance::NodeKind;
use dispatch_data::bill::Bill;
use dispatch_data::problem::Deadline;
use dispatch_data::units::{Cost, Time};

/// Cents per hour × seconds late so far, by event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lateness {
    respond: i64,
    arrive: i64,
    resolve: i64,
}

impl Lateness {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) -> bool {
        if visit.node.plain && !visit.node.promised {
            return true;
        }
        let NodeKind::Job(job) = visit.instance.kind(visit.id) else { return true };
        let sla = &visit.instance.job(job).sla;
        let respond = late(&mut self.respond, sla.respond, visit.departure);
        let arrive = late(&mut self.arrive, sla.arrive, visit.hopped.arrival);
        let resolve = late(&mut self.resolve, sla.resolve, visit.end);
        (respond && arrive && resolve) || !visit.node.limits
    }
    pub(crate) fn total(&self) -> i64 {
        self.respond + self.arrive + self.resolve
    }
    pub(crate) fn close(&self, bill: &mut Bill) {
        bill.respond_late = Cost(self.respond.div_euclid(3600));
        bill.arrive_late = Cost(self.arrive.div_euclid(3600));
        bill.resolve_late = Cost(self.resolve.div_euclid(3600));
    }
}

fn late(sum: &mut i64, deadline: Option<Deadline>, event: Time) -> bool {
    let Some(Deadline { due, late_price, limit }) = deadline else { return true };
    *sum += late_price.0 * event.past(due).0;
    limit.is_none_or(|limit| event <= limit)
}
