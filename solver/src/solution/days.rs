//! Whole days handed from one technician to another: the order of the visits stays, and what cannot be
//! done by the other falls out. Ruins by strings never get a full day across: on the way half of it
//! would stand on two technicians, dearer than either. Chooses nothing.

use super::Solution;
use crate::instance::{NodeId, NodeKind, ShiftInfo};
use crate::supply::{self, Leftover, Supply};
use crate::walk::{self, From, Lanes, RouteNode};
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, SiteIx};

/// A day as it grows stop by stop.
struct Growing {
    stops: Vec<RouteNode>,
    from: From,
    lanes: Lanes,
    load: Vec<i64>,
    supply: Supply,
}

impl Solution<'_> {
    /// Gives each of two shifts the visits of the other, as far as they fit there; the others are absent
    /// then and added to `out`. False, and nothing done, where visits are pinned in an order.
    pub(crate) fn exchange_days(&mut self, one: ShiftIx, other: ShiftIx, out: &mut Vec<JobIx>) -> bool {
        let instance = self.instance;
        let days = [one, other].map(|shift| self.jobs_on(shift).collect::<Vec<JobIx>>());
        let ordered = |job: &JobIx| instance.node(super::node_of(*job)).ordered;
        if days.iter().flatten().any(ordered) {
            return false;
        }
        for day in &days {
            self.remove(day);
        }
        let [day_of_one, day_of_other] = days;
        for (shift, day) in [(one, &day_of_other), (other, &day_of_one)] {
            let stops = self.fitting(shift, day);
            if self.try_stops(shift, &stops).is_some() {
                self.claim(shift, &stops);
            } else {
                self.try_stops(shift, &[]);
            }
            out.extend(day.iter().filter(|job| self.shift_of(**job).is_none()));
        }
        true
    }

    /// As many of these visits in this order as an empty shift can take, each taken that fits after those
    /// before it, with a collection before the first one that lacks something.
    fn fitting(&self, shift: ShiftIx, day: &[JobIx]) -> Vec<RouteNode> {
        let instance = self.instance;
        let info = instance.shift(shift);
        let (from, lanes) = walk::dawn(info);
        let mut grown = Growing {
            stops: Vec::with_capacity(day.len() + 1),
            from,
            lanes,
            load: vec![0; info.capacity.len()],
            supply: Supply::default(),
        };
        for job in day {
            if !instance.eligible.get(shift.index(), job.index()) {
                continue;
            }
            let node = super::node_of(*job);
            if self.grow(info, &mut grown, &[node]) {
                continue;
            }
            if instance.node(node).supplied {
                let sites = (0..instance.problem.sites.len()).map(SiteIx::from);
                let _found =
                    sites.map(|site| instance.site_node(site)).any(|site| self.grow(info, &mut grown, &[site, node]));
            }
        }
        grown.stops
    }

    /// Some more stops at the end of a day. False, and nothing changed, where they do not fit.
    fn grow(&self, shift: &ShiftInfo, day: &mut Growing, more: &[NodeId]) -> bool {
        let instance = self.instance;
        let (mut from, mut lanes) = (day.from, day.lanes.clone());
        for id in more {
            if !walk::step(instance, shift, &mut from, &mut lanes, RouteNode::new(*id)) {
                return false;
            }
        }
        if walk::dusk(instance, shift, from, &lanes).is_none() {
            return false;
        }
        let mut load = day.load.clone();
        for id in more {
            if let NodeKind::Job(job) = instance.kind(*id) {
                load.iter_mut().zip(&instance.job(job).load).for_each(|(sum, own)| *sum += own);
            }
        }
        if load.iter().zip(&shift.capacity).any(|(sum, most)| sum > most) {
            return false;
        }
        let kept = day.stops.len();
        day.stops.extend(more.iter().map(|id| RouteNode::new(*id)));
        if more.iter().any(|id| instance.node(*id).supplied) {
            let van_elsewhere = |part: PartIx| self.van_elsewhere(shift.ix, part);
            let left = Leftover { lots: &self.lots, van_elsewhere: &van_elsewhere };
            if !supply::extend(instance, shift, &mut day.stops, kept, &left, &mut day.supply) {
                day.stops.truncate(kept);
                let _as_before = supply::settle(instance, shift, &mut day.stops, &left, &mut day.supply);
                return false;
            }
        }
        (day.from, day.lanes, day.load) = (from, lanes, load);
        true
    }
}
