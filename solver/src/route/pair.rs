//! A job and the collection it needs, put into a route together: every pair of positions, by
//! segments. Only for routes whose grade is [`crate::instance::Grade::Span`] and sites of unlimited stock; the rest is tried
//! stop by stop in [`crate::insertion`].

use super::Route;
use super::gap::{Gap, Spot};
use crate::instance::{Around, FIXED_POINT, Instance, NodeId};
use crate::rules;
use dispatch_data::travel::{Leg, TravelMatrix};
use dispatch_data::units::Duration;

impl Route {
    /// The cheapest pair of positions for a collection at an unlimited site and, at or after it, a job;
    /// for [`Grade::Span`], by segments. Weight as in [`Self::best_insertion`].
    ///
    /// Detours of the two add up wherever a stop lies between them, so all but a few pairs are ruled
    /// out by a sum of two numbers.
    pub(crate) fn best_pair_by_segments(
        &self,
        instance: &Instance<'_>,
        collection: NodeId,
        id: NodeId,
        mut limit: i64,
        detours: &mut Vec<Detour>,
    ) -> Option<(usize, usize, i64)> {
        let shift = instance.shift(self.shift);
        if self.overfull(instance, shift, id) || self.stops.is_empty() {
            return None;
        }
        let standing = rules::standing_price(instance, shift, id).0 << FIXED_POINT;
        let legs = instance.legs(shift);
        let (site_spot, job_spot) = (Spot::of(instance, shift, collection), Spot::of(instance, shift, id));
        let (site_stop, job_stop) = (site_spot.segment(), job_spot.segment());
        let busy = site_stop.duration + job_stop.duration - self.waited;
        let (to_job, to_collection) = (instance.around(shift, job_spot.place), instance.around(shift, site_spot.place));
        let between = way(legs, &site_spot, &job_spot);
        let (most_seconds, most_meters) = ((shift.max_travel - self.travel).0, (shift.max_distance - self.distance).0);
        let floor = |way: Detour| {
            shift.price.weigh(way.seconds, way.meters, 0) + standing + shift.price.work * (busy.0 + way.seconds)
        };
        detours.clear();
        detours.extend(self.gaps.iter().map(|gap| Detour::into(to_job, gap)));
        // The lightest detour of the job in this gap or a later one.
        let mut lightest = i64::MAX;
        for detour in detours.iter_mut().rev() {
            lightest = lightest.min(floor(*detour));
            detour.lightest_from_here = lightest;
        }
        if lightest >= limit {
            return None;
        }
        let alone = floor(Detour::NOTHING);
        let mut best = None;
        for (first, gap) in self.gaps.iter().enumerate() {
            let site_way = Detour::into(to_collection, gap);
            // Both in this gap share a way; the job in a later gap adds its own.
            let apart = detours.get(first + 1).map_or(i64::MAX, |later| later.lightest_from_here);
            let apart = apart.saturating_add(floor(site_way) - alone);
            let together = Detour::of(&[gap.leg_there(to_collection), between.0, gap.leg_onward(to_job)], gap.leg);
            if apart >= limit && floor(together) >= limit {
                continue;
            }
            let to_site = gap.there(to_collection, &site_spot);
            let Some(mut head) = gap.head.then(to_site.0.duration() + to_site.1, site_stop) else { break };
            // The head reaches to before the stop at `reached`.
            let mut reached = first;
            let mut here = site_spot;
            for (second, gap) in self.gaps.iter().enumerate().skip(first) {
                let (onward, setup_on) = gap.onward(to_job, &job_spot);
                let road = if second == first {
                    // The job right after the collection: its way starts there.
                    together
                } else {
                    site_way.plus(detours[second])
                };
                if floor(road) >= limit || road.seconds > most_seconds || road.meters > most_meters {
                    continue;
                }
                let mut late = false;
                while reached < second && !late {
                    let next = self.spots[reached + 1];
                    let gap = way(legs, &here, &next).1;
                    match head.then(gap, next.segment()) {
                        Some(longer) => head = longer,
                        None => late = true,
                    }
                    here = next;
                    reached += 1;
                }
                if late {
                    break;
                }
                let there = way(legs, &here, &job_spot).1;
                let whole =
                    head.then(there, job_stop).and_then(|head| head.then(onward.duration() + setup_on, gap.tail));
                let Some(whole) = whole else { continue };
                let weight = shift.price.weigh(road.seconds, road.meters, 0)
                    + standing
                    + shift.price.work * (whole.duration - self.duration).0;
                if weight < limit && whole.duration <= shift.max_duration {
                    limit = weight;
                    best = Some((first, second, weight));
                }
            }
        }
        best
    }
}

/// The leg from one stop to another, and its time with set-up.
#[inline]
fn way(legs: &TravelMatrix, from: &Spot, to: &Spot) -> (Leg, Duration) {
    let leg = legs.leg(from.place, to.place);
    (leg, leg.duration() + to.setup_after(*from))
}

/// What a change adds to the road. More than any day holds where there is no way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detour {
    seconds: i64,
    meters: i64,
    /// Of this detour and those in later gaps, the least that one weighs.
    lightest_from_here: i64,
}

/// A way that is no way: longer than any limit, and still far from overflow when priced.
const NO_WAY: i64 = 1 << 40;

impl Detour {
    const NOTHING: Self = Self { seconds: 0, meters: 0, lightest_from_here: i64::MAX };

    /// What a stop in a gap adds.
    #[inline]
    fn into(around: Around<'_>, gap: &Gap) -> Self {
        Self::of(&[gap.leg_there(around), gap.leg_onward(around)], gap.leg)
    }
    #[inline]
    fn of(new: &[Leg], old: Leg) -> Self {
        if new.iter().any(|leg| !leg.is_reachable()) {
            return Self { seconds: NO_WAY, meters: NO_WAY, ..Self::NOTHING };
        }
        let sum = |of: fn(&Leg) -> u32| new.iter().map(|leg| i64::from(of(leg))).sum::<i64>() - i64::from(of(&old));
        Self { seconds: sum(|leg| leg.seconds), meters: sum(|leg| leg.meters), ..Self::NOTHING }
    }
    #[inline]
    fn plus(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, meters: self.meters + other.meters, ..Self::NOTHING }
    }
}
