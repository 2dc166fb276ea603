//! Stops and the gaps between them, as an insertion sees them. Weighs nothing.

use crate::instance::{Around, Instance, NodeId, NodeInfo, ShiftInfo};
use crate::segment::Segment;
use crate::walk;
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Duration, Time};

/// A stop as its neighbours see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) place: PlaceIx,
    pub(super) visit: bool,
    pub(super) setup: Duration,
    pub(super) work: Duration,
    pub(super) open: Time,
    pub(super) close: Time,
    /// One window and nothing else binds the start.
    pub(super) plain: bool,
}

impl Spot {
    pub(super) fn of(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId) -> Self {
        let node = instance.node(id);
        let work = instance.work(shift, id, node);
        let NodeInfo { place, setup, open, close, plain, .. } = *node;
        Self { place, visit: instance.is_job(id), setup, work, open, close, plain }
    }
    /// Where a shift starts.
    pub(super) fn dawn(shift: &ShiftInfo) -> Self {
        let (open, close) = (shift.start, shift.latest_end);
        let walk::From { place, visit } = shift.dawn();
        Self { place, visit, setup: Duration::ZERO, work: Duration::ZERO, open, close, plain: true }
    }
    /// The set-up of this stop after another one.
    #[inline]
    pub(super) fn setup_after(self, before: Self) -> Duration {
        if before.visit && before.place == self.place { Duration::ZERO } else { self.setup }
    }
    #[inline]
    pub(super) fn segment(self) -> Segment {
        Segment::stop(self.work, self.open, self.close)
    }
}

/// What lies between two stops, side by side in memory: the inner loop of the search reads nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) before: PlaceIx,
    /// The next stop, or where the shift ends; `None` where it ends at its last stop.
    pub(super) next: Option<PlaceIx>,
    pub(super) before_visit: bool,
    pub(super) next_visit: bool,
    pub(super) next_setup: Duration,
    /// The leg as it is, and its time with set-up.
    pub(super) leg: Leg,
    pub(super) hop: Duration,
    /// Stretches up to the stop before, and from the next one on; for [`Grade::Span`].
    pub(super) head: Segment,
    pub(super) tail: Segment,
}

impl Gap {
    /// The leg to a newcomer.
    #[inline]
    pub(super) fn leg_there(&self, around: Around<'_>) -> Leg {
        around.there(self.before)
    }
    /// The leg from a newcomer on.
    #[inline]
    pub(super) fn leg_onward(&self, around: Around<'_>) -> Leg {
        self.next.map_or(Leg::default(), |next| around.onward(next))
    }
    /// The set-up of a newcomer.
    #[inline]
    pub(super) fn setup_there(&self, spot: &Spot) -> Duration {
        let same = self.before_visit && spot.visit && self.before == spot.place;
        if same { Duration::ZERO } else { spot.setup }
    }
    /// The set-up of the next stop after a newcomer.
    #[inline]
    pub(super) fn setup_onward(&self, spot: &Spot) -> Duration {
        let same = self.next_visit && spot.visit && self.next == Some(spot.place);
        if same { Duration::ZERO } else { self.next_setup }
    }
    /// The way from a newcomer on.
    #[inline]
    pub(super) fn onward(&self, around: Around<'_>, spot: &Spot) -> (Leg, Duration) {
        (self.leg_onward(around), self.setup_onward(spot))
    }
    /// The way to a newcomer.
    #[inline]
    pub(super) fn there(&self, around: Around<'_>, spot: &Spot) -> (Leg, Duration) {
        (self.leg_there(around), self.setup_there(spot))
    }
}
