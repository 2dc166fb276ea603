//! One route in order, with what it takes to price a change without making it.
//!
//! [`Route::bill_if`] is the exact question of the search; [`Route::best_insertion`] answers the
//! commonest case of it from prefix and suffix summaries, in O(1) where the grade of the shift
//! allows. Knows nothing of other routes; supply is settled by [`crate::supply`].

mod gap;
mod insertion;
mod pair;
mod refresh;

use gap::{Gap, Spot};

pub(crate) use pair::Detour;

use crate::instance::{Instance, NodeId, ShiftInfo};
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
    /// Waiting of the shortest day; for [`Grade::Span`].
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
            supply,
            bill,
            cost,
            first_collection,
            visits,
            load,
            travel,
            distance,
            duration,
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
        self.supply.clone_from(supply);
        self.bill = *bill;
        self.cost = *cost;
        self.first_collection = *first_collection;
        self.visits = *visits;
        self.load.clone_from(load);
        self.travel = *travel;
        self.distance = *distance;
        self.duration = *duration;
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
            supply: Supply::default(),
            bill: Bill::default(),
            cost: Cost::ZERO,
            first_collection: None,
            visits: 0,
            load: SmallVec::new(),
            travel: Duration::ZERO,
            distance: Meters::ZERO,
            duration: Duration::ZERO,
            waited: Duration::ZERO,
            spots: Vec::new(),
            gaps: Vec::new(),
            early: Vec::new(),
            late: Vec::new(),
            days: Vec::new(),
        }
    }

    /// Takes over what another route of the same shift holds, but not its summaries: it must be settled
    /// before it is asked anything else.
    pub(crate) fn restart(&mut self, from: &Self) {
        self.shift = from.shift;
        self.version = from.version;
        self.stops.clone_from(&from.stops);
        self.supply.clone_from(&from.supply);
        self.bill = from.bill;
        self.cost = from.cost;
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
        let shift = instance.shift(self.shift);
        if put.is_empty() && cut.len() == self.stops.len() {
            return Some(shift.idle_bill());
        }
        let kept = self.days.get(cut.start);
        let (mut from, mut lanes) = match kept {
            Some(lanes) if !self.stops.is_empty() => (self.before(instance, shift, cut.start), lanes.clone()),
            _ => {
                let (mut from, mut lanes) = walk::dawn(shift);
                for stop in &self.stops[..cut.start] {
                    if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
                        return None;
                    }
                }
                (from, lanes)
            }
        };
        for stop in put.iter().chain(&self.stops[cut.end..]) {
            if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
                return None;
            }
        }
        let dusk = walk::dusk(instance, shift, from, &lanes)?;
        let stops = self.stops[..cut.start].iter().chain(put).chain(&self.stops[cut.end..]).copied();
        walk::settle_dusk(instance, shift, dusk, stops).map(|(dusk, _)| dusk.bill)
    }

    /// What the road would cost more, in 2⁻¹⁶ cents, if the nodes of `put` came one after another
    /// before the stop at `at`; `None` where there is no way.
    pub(crate) fn detour(&self, instance: &Instance<'_>, at: usize, put: &[NodeId]) -> Option<i64> {
        let shift = instance.shift(self.shift);
        let mut place = self.before(instance, shift, at).place;
        let old = self.gaps.get(at).map_or(Leg::default(), |gap| gap.leg);
        let (mut seconds, mut meters) = (-i64::from(old.seconds), -i64::from(old.meters));
        let next = self.stops.get(at).map(|stop| stop.id);
        for id in put.iter().copied().chain(next) {
            let leg = instance.leg(shift, place, instance.node(id).place);
            if !leg.is_reachable() {
                return None;
            }
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
            place = instance.node(id).place;
        }
        if next.is_none() {
            let leg = walk::way_home(instance, shift, place);
            seconds += i64::from(leg.seconds);
            meters += i64::from(leg.meters);
        }
        Some(shift.price.weigh(seconds, meters, 0))
    }
}
