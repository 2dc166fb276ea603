//! Time past the regular end costs extra.

use super::{DayEnd, Visit};
use crate::instance::overtime_to_last_visit;
use dispatch_data::bill::Bill;
use dispatch_data::units::Time;

/// The end of the last visit so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overtime {
    last_visit: Time,
}

impl Overtime {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) {
        if visit.instance.is_job(visit.id) {
            self.last_visit = visit.end;
        }
    }
    pub(crate) fn close(&self, day: &DayEnd<'_>, bill: &mut Bill) {
        let until = if overtime_to_last_visit(day.instance.problem) { self.last_visit } else { day.end };
        bill.overtime = day.shift.prices.overtime.times(until.past(day.shift.regular_end));
    }
}
