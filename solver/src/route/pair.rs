//! A job and the collection it needs, put into a route together: every pair of positions, by
//! segments. Only for routes whose grade is [`crate::instance::Grade::Span`] and sites of unlimited stock; the rest is tried
//! stop by stop in [`crate::insertion`].

use super::Route;
use crate::clock::Hop;
use crate::instance::{FIXED_POINT, Instance, NodeId};
use crate::rules;
use crate::segment::Segment;
use crate::walk::{self, From};
use dispatch_data::units::{Duration, Meters};

impl Route {
    /// The cheapest pair of positions for a collection at an unlimited site and, at or after it, a job;
    /// for [`Grade::Span`], by segments. Weight as in [`Self::best_insertion`].
    pub(crate) fn best_pair_by_segments(
        &self,
        instance: &Instance<'_>,
        collection: NodeId,
        id: NodeId,
        mut limit: i64,
        mut skip: impl FnMut() -> bool,
    ) -> Option<(usize, usize, i64)> {
        let shift = instance.shift(self.shift);
        if self.overfull(instance, shift, id) || self.stops.is_empty() {
            return None;
        }
        let price = shift.price;
        let standing = rules::standing_price(instance, shift, id).0 << FIXED_POINT;
        let segment = |id: NodeId| {
            let node = instance.node(id);
            (
                From { place: node.place, visit: instance.is_job(id) },
                Segment::stop(instance.work(shift, id, node), node.open, node.close),
            )
        };
        let (at_site, site_stop) = segment(collection);
        let (at_job, job_stop) = segment(id);
        let (site_work, job_work) = (site_stop.duration, job_stop.duration);
        let mut best = None;
        for first in 0..=self.stops.len() {
            let from = self.before(instance, shift, first);
            let (leg, way) = walk::way(instance, shift, from, collection);
            if !leg.is_reachable() {
                continue;
            }
            let Some(mut head) = self.head[first].then(way.total(), site_stop) else { break };
            let mut here = at_site;
            // Road up to here against the old road up to here.
            let mut seconds = i64::from(leg.seconds);
            let mut meters = i64::from(leg.meters);
            for second in first..=self.stops.len() {
                let old = self.legs[second];
                let (there, way_there) = walk::way(instance, shift, here, id);
                let (onward, way_on) = match self.stops.get(second) {
                    Some(next) => walk::way(instance, shift, at_job, next.id),
                    None => {
                        let leg = walk::way_home(instance, shift, at_job.place);
                        (leg, Hop { travel: leg.duration(), setup: Duration::ZERO })
                    }
                };
                let more = seconds + i64::from(there.seconds) + i64::from(onward.seconds) - i64::from(old.seconds);
                let longer = meters + i64::from(there.meters) + i64::from(onward.meters) - i64::from(old.meters);
                let weight = price.weigh(more, longer, 0) + standing;
                let longer_day = Duration(more) + site_work + job_work - self.waited;
                let floor = weight + price.work * longer_day.0;
                if floor < limit && there.is_reachable() && onward.is_reachable() && !skip() {
                    let whole = head
                        .then(way_there.total(), job_stop)
                        .and_then(|head| head.then(way_on.total(), self.tail[second]));
                    if let Some(whole) = whole {
                        let weight = weight + price.work * (whole.duration - self.duration).0;
                        if weight < limit
                            && whole.duration <= shift.max_duration
                            && self.travel + Duration(more) <= shift.max_travel
                            && self.distance + Meters(longer) <= shift.max_distance
                        {
                            limit = weight;
                            best = Some((first, second, weight));
                        }
                    }
                }
                let Some(next) = self.stops.get(second) else { break };
                let (leg, way) = walk::way(instance, shift, here, next.id);
                let Some(longer_head) = head.then(way.total(), self.segment_of(instance, shift, second)) else { break };
                head = longer_head;
                here = self.before(instance, shift, second + 1);
                seconds += i64::from(leg.seconds) - i64::from(old.seconds);
                meters += i64::from(leg.meters) - i64::from(old.meters);
            }
        }
        best
    }
}
