//! Solutions from and into other forms: snapshots, plans, the same plan under another instance.

use super::{Solution, node_of, route_stops};
use crate::instance::{Instance, NodeKind};
use crate::route::Route;
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::plan::{Activity, Plan};
#[cfg(any(debug_assertions, test))]
use dispatch_data::units::Cost;

impl<'a> Solution<'a> {
    /// Copies the routes that changed since the last call into `snapshot`.
    pub(crate) fn snapshot_into(&mut self, snapshot: &mut Vec<Vec<RouteNode>>) {
        if snapshot.len() != self.routes.len() {
            *snapshot = self.routes.iter().map(route_stops).collect();
        } else {
            for shift in &self.dirty {
                snapshot[shift.index()].clone_from(&self.routes[shift.index()].stops);
            }
        }
        for shift in self.dirty.drain(..) {
            self.is_dirty[shift.index()] = false;
        }
    }

    /// Becomes the plan of a snapshot, as far as it fits; routes that are the same already stay untouched.
    pub(crate) fn take_over(&mut self, snapshot: &[Vec<RouteNode>]) {
        let other: Vec<usize> =
            (0..snapshot.len()).filter(|shift| self.routes[*shift].stops != snapshot[*shift]).collect();
        self.begin();
        for shift in &other {
            let jobs: Vec<JobIx> = self.jobs_on(ShiftIx::from(*shift)).collect();
            self.remove(&jobs);
        }
        self.adopt_all(snapshot, other);
        self.begin();
    }

    /// Adopts the stops of a snapshot on these shifts, which are empty.
    fn adopt_all(&mut self, snapshot: &[Vec<RouteNode>], mut shifts: Vec<usize>) {
        // Lots are handed out earliest first, so who waited for a later one must come after all who did not;
        // who collects nothing has no other source than the van.
        shifts.retain(|shift| !snapshot[*shift].is_empty());
        shifts.sort_by_key(|shift| snapshot[*shift].iter().map(|stop| stop.not_before).max());
        for shift in shifts {
            self.adopt(ShiftIx::from(shift), &snapshot[shift]);
        }
    }

    /// A solution with the stops of a snapshot.
    pub(crate) fn from_snapshot(instance: &'a Instance<'a>, snapshot: &[Vec<RouteNode>]) -> Self {
        let mut solution = Self::empty(instance);
        solution.adopt_all(snapshot, (0..snapshot.len()).collect());
        solution.begin();
        solution
    }

    /// The same plan under another instance of the same problem.
    pub(crate) fn on<'b>(&self, instance: &'b Instance<'b>) -> Solution<'b> {
        Solution {
            instance,
            routes: self.routes.clone(),
            shift_of: self.shift_of.clone(),
            position: self.position.clone(),
            first_empty: self.first_empty.clone(),
            absent: self.absent.clone(),
            absent_at: self.absent_at.clone(),
            lots: self.lots.clone(),
            cost: self.cost,
            owed: self.owed,
            reckoned: self.reckoned.clone(),
            scratch: Vec::new(),
            bare: Route::empty(ShiftIx(0)),
            saved: Vec::new(),
            saved_count: 0,
            touched: vec![0; self.routes.len()],
            mark: 1,
            versions: self.versions,
            version_of: self.version_of.clone(),
            closed: vec![false; self.routes.len()],
            barred: vec![false; self.barred.len()],
            dirty: Vec::new(),
            is_dirty: vec![false; self.routes.len()],
        }
    }

    /// Settles every used route again, after the instance has changed.
    pub(crate) fn refresh_all(&mut self) {
        for shift in 0..self.routes.len() {
            if !self.routes[shift].is_empty() {
                self.routes[shift].forget();
                self.settle_or_clear(ShiftIx::from(shift));
            }
        }
    }

    /// A solution with the stops of a plan, as far as they keep the rules.
    pub(crate) fn from_plan(instance: &'a Instance<'a>, plan: &Plan) -> Self {
        Self::from_plan_and(instance, plan, Vec::new())
    }

    /// The same with some routes taken over as they are, settled by an instance to which nothing of them
    /// was different; the plan's stops stand for all other shifts.
    pub(crate) fn from_plan_and(instance: &'a Instance<'a>, plan: &Plan, held: Vec<Route>) -> Self {
        let mut is_held = vec![false; instance.shifts.len()];
        for route in &held {
            is_held[route.shift.index()] = true;
        }
        let mut solution = Self::empty_but(instance, &is_held);
        for route in held {
            solution.hold(route);
        }
        for route in plan.routes.iter().filter(|route| !is_held[route.shift.index()]) {
            let stops: Vec<RouteNode> = route
                .stops
                .iter()
                .filter_map(|stop| match &stop.activity {
                    Activity::Visit { job, member: _, parts: _ } => {
                        let free = solution.shift_of(*job).is_none();
                        (instance.eligible.get(route.shift.index(), job.index()) && free)
                            .then(|| RouteNode::new(node_of(*job)))
                    }
                    Activity::Collection { site, takes: _, tools: _ } => {
                        let frozen = instance.problem.freeze.is_some_and(|freeze| stop.departure < freeze);
                        (!frozen).then(|| RouteNode::new(instance.site_node(*site)))
                    }
                })
                .collect();
            solution.adopt(route.shift, &stops);
        }
        solution.begin();
        solution
    }

    /// Puts a settled route at its shift, which is empty.
    fn hold(&mut self, mut route: Route) {
        let shift = route.shift;
        for fetch in &route.supply.fetches {
            if let Some(lot) = fetch.lot {
                self.lots[lot.index()] -= fetch.quantity;
            }
        }
        route.forget();
        self.cost += route.cost - self.routes[shift.index()].cost;
        self.versions += 1;
        route.version = if route.is_empty() { 0 } else { self.versions };
        self.version_of[shift.index()] = route.version;
        for (at, stop) in route.stops.iter().enumerate() {
            if let NodeKind::Job(job) = self.instance.kind(stop.id) {
                self.shift_of[job.index()] = shift.0;
                self.position[job.index()] = at as u32;
                self.sync_absent(job);
            }
        }
        self.routes[shift.index()] = route;
    }

    /// Reckons the price again from nothing; the search's own running sum must equal it.
    #[cfg(any(debug_assertions, test))]
    pub(crate) fn recounted(&self) -> Cost {
        let routes: Cost = self
            .routes
            .iter()
            .map(|route| {
                let info = self.instance.shift(route.shift);
                crate::walk::day(self.instance, info, &route.stops).map_or(Cost(i64::MIN / 2), |bill| bill.total())
            })
            .sum();
        let left: Cost = self.absent.iter().map(|job| self.instance.node(Instance::job_node(*job)).drop).sum();
        routes + left
    }
}
