//! Time is paid from departure to the end of the day; the departure is as late as it can be
//! without moving that end, leaving a window, or making any promise later.
//!
//! Two running numbers give it in one pass (Savelsbergh 1992): the waiting so far, and the least
//! over all stops of what the departure may move before that stop suffers.

use super::{DayEnd, Visit};
use crate::clock;
use crate::instance::{NodeKind, overtime_to_last_visit};
use dispatch_data::bill::Bill;
use dispatch_data::problem::{Deadline, PaidFrom};
use dispatch_data::units::{Duration, Time};

/// Waiting and room so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    waited: Duration,
    room: Duration,
    /// The departure is already this much later than the start of the shift, and stays so.
    fixed: Option<Duration>,
}

impl Default for Paid {
    fn default() -> Self {
        Self { waited: Duration::ZERO, room: Duration(i64::MAX / 4), fixed: None }
    }
}

impl Paid {
    /// For a day whose departure is chosen already: so much later than the start of the shift.
    pub(crate) fn departing(later: Duration) -> Self {
        Self { fixed: Some(later), ..Self::default() }
    }

    #[inline]
    fn bind(&mut self, room: Duration) {
        self.room = self.room.min(self.waited + room);
    }

    #[inline(always)]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) {
        let Visit { instance, shift, id, node, leg: _, departure, hopped, start, end } = visit;
        self.bind(hopped.room);
        let job = match instance.kind(*id) {
            NodeKind::Job(job) if node.promised || !node.plain => Some(job),
            NodeKind::Job(_) | NodeKind::Collection(_) => None,
        };
        if let Some(job) = job {
            let sla = &instance.job(job).sla;
            self.promise(sla.respond, *departure);
            self.promise(sla.arrive, hopped.arrival);
            if sla.arrive.is_some() {
                self.bind(hopped.arrival_room);
            }
        }
        self.waited += hopped.waited + (*start - hopped.ready);
        self.bind(clock::start_room(instance, shift, *id, node, *start));
        if overtime_to_last_visit(instance.problem) {
            self.bind((shift.regular_end - *end).at_least_zero());
        }
        if let Some(job) = job {
            self.promise(instance.job(job).sla.resolve, *end);
            if let Some((_, planned)) = instance.promised(job)
                && instance.problem.objective.moved_start.0 != 0
            {
                self.bind((planned - *start).at_least_zero());
            }
        }
    }

    /// An event on time may move up to its due moment; a late one not at all.
    fn promise(&mut self, deadline: Option<Deadline>, event: Time) {
        if let Some(Deadline { due, late_price: _, limit }) = deadline {
            let due = limit.map_or(due, |limit| limit.min(due));
            self.bind((due - event).at_least_zero());
        }
    }

    /// Bills the paid time and gives by how much the departure is later than the start of the shift.
    pub(crate) fn close(&mut self, day: &DayEnd<'_>, bill: &mut Bill) -> Duration {
        let DayEnd { instance, shift, leg: _, hopped, end } = day;
        self.bind(hopped.room);
        self.waited += hopped.waited;
        let later = match (self.fixed, instance.problem.objective.paid_from) {
            (Some(later), _) => later,
            (None, PaidFrom::LatestDeparture) => self.room.min(self.waited).at_least_zero(),
            (None, PaidFrom::ShiftStart) => Duration::ZERO,
        };
        let unpaid: Duration = shift.breaks.iter().filter(|rest| !rest.paid).map(|rest| rest.duration).sum();
        let from = match instance.problem.objective.paid_from {
            PaidFrom::LatestDeparture => shift.start + later,
            PaidFrom::ShiftStart => shift.on_duty,
        };
        bill.work = shift.prices.work.times(*end - from - unpaid);
        later
    }
}
