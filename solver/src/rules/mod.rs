//! The rules that watch a day as the clock makes it, and bill at its end.
//!
//! A rule is one file: a small `Copy` value with `visit` and `close`. [`Ledger`] is taken apart
//! without `..` wherever it is used, so that a new rule stops this crate from compiling until it is
//! called everywhere. Rules make no time; that is the clock's.

mod limits;
mod moved;
mod overtime;
mod paid;
mod preference;
mod sla;
mod travel;

pub(crate) use moved::technician_price;
pub(crate) use paid::Paid;

use crate::clock::Hopped;
use crate::instance::{Instance, NodeId, NodeInfo, ShiftInfo};
use dispatch_data::bill::Bill;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Cost, Duration, Time};

/// A stop as the clock has just made it.
pub(crate) struct Visit<'a> {
    pub(crate) instance: &'a Instance<'a>,
    pub(crate) shift: &'a ShiftInfo,
    pub(crate) id: NodeId,
    pub(crate) node: &'a NodeInfo,
    pub(crate) leg: Leg,
    pub(crate) departure: Time,
    pub(crate) hopped: Hopped,
    pub(crate) start: Time,
    pub(crate) end: Time,
}

/// The end of a day as the clock has made it.
pub(crate) struct DayEnd<'a> {
    pub(crate) instance: &'a Instance<'a>,
    pub(crate) shift: &'a ShiftInfo,
    pub(crate) leg: Leg,
    pub(crate) hopped: Hopped,
    pub(crate) end: Time,
}

/// What the rules remember of a day so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) travel: travel::Travelled,
    pub(crate) paid: Paid,
    pub(crate) sla: sla::Lateness,
    pub(crate) overtime: overtime::Overtime,
    pub(crate) preference: preference::Preference,
    pub(crate) moved: moved::Moved,
    pub(crate) limits: limits::Limits,
}

impl Ledger {
    /// Writes down a stop. False when a hard rule is broken for good.
    #[inline(always)] // the walk is nothing but this, and it has other callers that are cold
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) -> bool {
        let Self { travel, paid, sla, overtime, preference, moved, limits } = self;
        travel.visit(visit);
        paid.visit(visit);
        overtime.visit(visit);
        preference.visit(visit);
        moved.visit(visit);
        sla.visit(visit) && limits.visit(visit)
    }
    /// Writes down the way home and makes the bill; `None` when a hard rule is broken. Gives also by
    /// how much the departure is later than the start of the shift.
    #[inline(always)]
    pub(crate) fn close(&self, day: &DayEnd<'_>) -> Option<(Bill, Duration)> {
        let Self { mut travel, mut paid, sla, overtime, preference, moved, limits } = *self;
        let mut bill = Bill::default();
        travel.close(day, &mut bill);
        let later = paid.close(day, &mut bill);
        sla.close(&mut bill);
        overtime.close(day, &mut bill);
        preference.close(&mut bill);
        moved.close(&mut bill);
        bill.shift = day.shift.prices.shift;
        limits.close(day, &travel, later).then_some((bill, later))
    }
    /// What of the bill so far hangs on when things happen: breaks ties between equal times.
    pub(crate) fn lateness(&self) -> i64 {
        let Self { travel: _, paid: _, sla, overtime: _, preference: _, moved, limits: _ } = self;
        sla.total() + moved.total()
    }
}

/// Whether any stop can have a price of its own that needs no clock.
#[inline]
pub(crate) fn any_standing(instance: &Instance<'_>) -> bool {
    let objective = &instance.problem.objective;
    let prices = [objective.outside_preferred_region, objective.not_preferred_technician, objective.moved_technician];
    prices.iter().any(|price| price.0 != 0)
}

/// Adds the terms of a stop that need no clock, but for travel.
pub(crate) fn add_standing(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId, bill: &mut Bill) {
    bill.preference += preference::price(instance, shift, id);
    bill.moved += technician_price(instance, shift, id);
}

/// Parts of a bill that insertion cannot change by time: what a visit adds whoever else is there.
pub(crate) fn standing_price(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> Cost {
    preference::price(instance, shift, id) + technician_price(instance, shift, id)
}
