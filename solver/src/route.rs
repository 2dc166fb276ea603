//! One route in order, with what it takes to price a change without making it.
//!
//! [`Route::bill_if`] is the exact question of the search; [`Route::best_insertion`] answers the
//! commonest case of it from prefix and suffix summaries, in O(1) where the grade of the shift
//! allows. Knows nothing of other routes; supply is settled by [`crate::supply`].

mod gap;
mod insertion;
mod pair;
mod refresh;
#[cfg(test)]
mod refresh_tests;
mod splice;

use gap::{Gap, Spot};

pub(crate) use pair::Detour;

use crate::instance::{FIXED_POINT, Instance, NodeId, ShiftInfo};
use crate::supply::Supply;
use crate::walk::{self, From, Lanes, RouteNode};
use dispatch_data::bill::Bill;
use dispatch_data::ids::ShiftIx;
use dispatch_data::travel::Leg;
use dispatch_data::units::{Cost, Duration, Meters, Time};
use smallvec::SmallVec;
use std::ops::Range;

/// The route of one shift; empty when the shift is not used.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) shift: ShiftIx,
    /// Names the content: two routes of one shift and one search with the same version are the same.
    pub(crate) version: u64,
    pub(crate) stops: Vec<RouteNode>,
    /// The stops that spots and gaps stand for; none where they are not known to stand for any.
    known: Vec<RouteNode>,
    pub(crate) supply: Supply,
    pub(crate) bill: Bill,
    pub(crate) cost: Cost,
    /// Position of the first collection.
    pub(crate) first_collection: Option<u32>,
    visits: u32,
    load: SmallVec<[i64; 2]>,
    travel: Duration,
    distance: Meters,
    duration: Duration,
    /// All hops and work.
    busy: Duration,
    /// Time paid for that is neither travel nor set-up, work or break: what newcomers can have for nothing.
    waited: Duration,
    /// The start and each stop.
    spots: Vec<Spot>,
    /// The gaps before each stop and before the way home's end, for what might come between.
    gaps: Vec<Gap>,
    /// Earliest end before each stop, by lane: `early[at * lanes + taken]`.
    early: Vec<Time>,
    /// Latest moment to be ready at each stop, and home.
    late: Vec<Time>,
    /// Days up to before each stop; for [`Grade::Walk`].
    days: Vec<Lanes>,
}

impl Clone for Route {
    fn clone(&self) -> Self {
        let mut copy = Self::empty(self.shift);
        copy.clone_from(self);
        copy
    }
    /// Field by field, so that a copy over an old one needs no new memory.
    fn clone_from(&mut self, source: &Self) {
        let Self {
            shift,
            version,
            stops,
            known: _,
            supply,
            bill,
            cost,
            first_collection,
            visits,
            load,
            travel,
            distance,
            duration,
            busy,
            waited,
            spots,
            gaps,
            early,
            late,
            days,
        } = source;
        self.shift = *shift;
        self.version = *version;
        self.stops.clone_from(stops);
        // A copy may go to another instance, where the same stops are otherwise.
        self.known.clear();
        self.supply.clone_from(supply);
        self.bill = *bill;
        self.cost = *cost;
        self.first_collection = *first_collection;
        self.visits = *visits;
        self.load.clone_from(load);
        self.travel = *travel;
        self.distance = *distance;
        self.duration = *duration;
        self.busy = *busy;
        self.waited = *waited;
        self.spots.clone_from(spots);
        self.gaps.clone_from(gaps);
        self.early.clone_from(early);
        self.late.clone_from(late);
        self.days.clone_from(days);
    }
}

impl Route {
    pub(crate) fn empty(shift: ShiftIx) -> Self {
        Self {
            shift,
            version: 0,
            stops: Vec::new(),
            known: Vec::new(),
            supply: Supply::default(),
            bill: Bill::default(),
            cost: Cost::ZERO,
            first_collection: None,
            visits: 0,
            load: SmallVec::new(),
            travel: Duration::ZERO,
            distance: Meters::ZERO,
            duration: Duration::ZERO,
            busy: Duration::ZERO,
            waited: Duration::ZERO,
            spots: Vec::new(),
            gaps: Vec::new(),
            early: Vec::new(),
            late: Vec::new(),
            days: Vec::new(),
        }
    }

    /// Takes over what another route of the same shift and search holds, and of its summaries what
    /// [`Self::resume`] goes on from: it must be settled before it is asked anything else.
    pub(crate) fn restart(&mut self, from: &Self) {
        self.shift = from.shift;
        self.version = from.version;
        self.stops.clone_from(&from.stops);
        self.supply.clone_from(&from.supply);
        self.bill = from.bill;
        self.cost = from.cost;
        self.known.clone_from(&from.known);
        if !self.known.is_empty() {
            self.visits = from.visits;
            self.load.clone_from(&from.load);
            self.travel = from.travel;
            self.distance = from.distance;
            self.busy = from.busy;
            self.spots.clone_from(&from.spots);
            self.gaps.clone_from(&from.gaps);
        }
    }

    /// From here on its summaries count for nothing: they are those of another instance.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stops.is_empty()
    }

    /// Jobs on it.
    pub(crate) fn visits(&self) -> u32 {
        self.visits
    }

    /// Time and length of all its legs.
    pub(crate) fn road(&self) -> (Duration, Meters) {
        (self.travel, self.distance)
    }

    /// Where the technician stands before the stop at `at`.
    #[inline]
    pub(crate) fn before(&self, instance: &Instance<'_>, shift: &ShiftInfo, at: usize) -> From {
        match at.checked_sub(1) {
            None => shift.dawn(),
            Some(last) => {
                let id = self.stops[last].id;
                From { place: instance.node(id).place, visit: instance.is_job(id) }
            }
        }
    }

    /// The bill if the stops in `cut` were replaced by `put`; `None` when the day would break a rule
    /// of time. Walks from the cached day before the cut where there is one.
    pub(crate) fn bill_if(&self, instance: &Instance<'_>, cut: Range<usize>, put: &[RouteNode]) -> Option<Bill> {
        let stops = self.stops[..cut.start].iter().chain(put).chain(&self.stops[cut.end..]).copied();
        self.bill_of(instance, cut.start, stops)
    }

    /// The bill of a day whose stops are those of this one up to before the stop at `kept`; `None` when it
    /// would break a rule of time.
    pub(crate) fn bill_of(
        &self,
        instance: &Instance<'_>,
        kept: usize,
        stops: impl Iterator<Item = RouteNode> + Clone,
    ) -> Option<Bill> {
        let shift = instance.shift(self.shift);
        if stops.clone().next().is_none() {
            return Some(shift.idle_bill());
        }
        let ((mut from, mut lanes), known) = match self.days.get(kept) {
            Some(lanes) if !self.stops.is_empty() => ((self.before(instance, shift, kept), lanes.clone()), kept),
            _ => (walk::dawn(shift), 0),
        };
        for stop in stops.clone().skip(known) {
            if !walk::step(instance, shift, &mut from, &mut lanes, stop) {
                return None;
            }
        }
        let dusk = walk::dusk(instance, shift, from, &lanes)?;
        walk::settle_dusk(instance, shift, dusk, stops).map(|(dusk, _)| dusk.bill)
    }

    /// What the nodes of `put`, one after another before the stop at `at`, add to the day; `None` where
    /// there is no way.
    pub(crate) fn growth(&self, instance: &Instance<'_>, at: usize, put: &[NodeId]) -> Option<Growth> {
        let shift = instance.shift(self.shift);
        let mut from = self.before(instance, shift, at);
        let (old, hop) = self.gaps.get(at).map_or((Leg::default(), Duration::ZERO), |gap| (gap.leg, gap.hop));
        let (mut seconds, mut meters) = (-i64::from(old.seconds), -i64::from(old.meters));
        let mut busy = old.duration() - hop;
        let next = self.stops.get(at).map(|stop| stop.id);
        for (id, new) in put.iter().map(|id| (*id, true)).chain(next.map(|id| (id, false))) {
            let (leg, way) = walk::way(instance, shift, from, id);
            if !leg.is_reachable() {
                return None;
            }
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
            let node = instance.node(id);
            busy += way.setup + if new { instance.work(shift, id, node) } else { Duration::ZERO };
            from = From { place: node.place, visit: instance.is_job(id) };
        }
        if next.is_none() {
            let leg = walk::way_home(instance, shift, from.place);
            if !leg.is_reachable() {
                return None;
            }
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
        }
        Some(Growth { seconds, meters, busy: busy.0 + seconds })
    }

    /// The least that so much more weighs, in 2⁻¹⁶ cents: its road, and its time but for what the waiting of
    /// the day can take in. Prices of promises are not seen.
    pub(crate) fn floor(&self, instance: &Instance<'_>, growth: Growth) -> i64 {
        let Growth { seconds, meters, busy } = growth;
        let shift = instance.shift(self.shift);
        // With rush hours a later departure may make the old legs shorter, too.
        let paid = if shift.rush { 0 } else { (busy - self.waited.0).max(0) };
        // Later starts may be nearer to those promised before.
        let nearer = if instance.starts_are_priced { self.bill.moved.0 << FIXED_POINT } else { 0 };
        shift.price.weigh(seconds, meters, paid) - nearer
    }
}

/// What a change adds to a day: to its road, and to all that is not waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) seconds: i64,
    pub(crate) meters: i64,
    /// Seconds of travel, set-up and work.
    pub(crate) busy: i64,
}

impl Growth {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, meters: self.meters + other.meters, busy: self.busy + other.busy }
    }
}
