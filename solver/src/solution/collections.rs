//! Where on a route a collection costs least.

use super::{Solution, route_stops};
use dispatch_data::ids::ShiftIx;

impl Solution<'_> {
    /// Moves each collection of a route to where it costs least.
    pub(crate) fn reseat_collections(&mut self, shift: ShiftIx) {
        let count = self.route(shift).stops.iter().filter(|stop| !self.instance.is_job(stop.id)).count();
        if count != 1 {
            return;
        }
        let route = self.route(shift);
        let Some(at) = route.stops.iter().position(|stop| !self.instance.is_job(stop.id)) else { return };
        let first_need = route
            .supply
            .fetches
            .iter()
            .map(|fetch| fetch.visit as usize)
            .chain(
                route
                    .stops
                    .iter()
                    .enumerate()
                    .skip(at)
                    .filter_map(|(k, stop)| self.instance.node(stop.id).supplied.then_some(k)),
            )
            .min()
            .unwrap_or(at + 1);
        let node = route.stops[at];
        let bare = &mut self.bare;
        bare.restart(&self.routes[shift.index()]);
        bare.stops.remove(at);
        if !bare.resume(self.instance) {
            return;
        }
        let limit = first_need.saturating_sub(1).max(at);
        let Some((best, _)) = bare.best_insertion(self.instance, node.id, 0..limit.min(bare.stops.len()) + 1, i64::MAX)
        else {
            return;
        };
        if best == at {
            return;
        }
        self.save(shift);
        let (stops, cost) = (route_stops(&self.routes[shift.index()]), self.routes[shift.index()].cost);
        let moved = &mut self.routes[shift.index()].stops;
        moved.remove(at);
        moved.insert(best, node);
        if !self.settle(shift) || self.routes[shift.index()].cost > cost {
            self.routes[shift.index()].stops = stops;
            self.settle_or_clear(shift);
        }
    }
}
