//! Time and distance on the road are paid by the hour and by the kilometre.

use super::{DayEnd, Visit};
use dispatch_data::bill::Bill;
use dispatch_data::units::{Duration, Meters};

/// Road so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Travelled {
    pub(crate) time: Duration,
    pub(crate) distance: Meters,
}

impl Travelled {
    #[inline]
    pub(crate) fn visit(&mut self, visit: &Visit<'_>) {
        self.time += visit.leg.duration();
        self.distance += visit.leg.distance();
    }
    pub(crate) fn close(&mut self, day: &DayEnd<'_>, bill: &mut Bill) {
        self.time += day.leg.duration();
        self.distance += day.leg.distance();
        bill.travel = day.shift.prices.travel.times(self.time);
        bill.distance = day.shift.prices.distance.times(self.distance);
    }
}
