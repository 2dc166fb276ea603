//! Columns of the master: what each route of the pool would cost on each shift that could drive it.
//!
//! A set of jobs is offered to every shift of the scope that is eligible for all of it, in the cheapest
//! of the orders known for it, priced anew. Equal shifts are one offer unless a job tells them apart.

use super::pricer::{Pricer, Taking, takings};
use super::scope::Scope;
use crate::instance::{Instance, NodeKind};
use crate::pool::Entry;
use crate::route::Route;
use crate::solution::Solution;
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, PartIx, ShiftIx};
use dispatch_data::units::Cost;
use rayon::prelude::*;
use smallvec::SmallVec;

/// Orders of one set that are priced for a shift they did not come from.
const ORDERS: usize = 2;
/// Sets that are offered at most; those of the cheapest plans stay.
const SETS: usize = 8_000;
/// Sets that one task prices.
const BATCH: usize = 64;

/// A route that may be taken: by one shift, or by any one of a class.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) class: usize,
    /// The one shift it is for, where a job tells equal shifts apart.
    pub(crate) only: Option<ShiftIx>,
    pub(crate) cost: Cost,
    /// The cheapest plan the set of jobs stood in.
    pub(crate) seen: Cost,
    pub(crate) stops: Box<[RouteNode]>,
    pub(crate) takings: Vec<Taking>,
    /// Units taken from a van that serves other shifts too.
    pub(crate) van: SmallVec<[(PartIx, u32); 2]>,
}

impl Column {
    /// A route as it stands in a plan.
    pub(crate) fn of_route(instance: &Instance<'_>, route: &Route, seen: Cost) -> Self {
        let info = instance.shift(route.shift);
        let own = route.stops.iter().any(|stop| instance.tells_shifts_apart(stop.id));
        Self {
            class: info.class,
            only: own.then_some(route.shift),
            cost: route.cost,
            seen,
            stops: route.stops.as_slice().into(),
            takings: takings(instance, route),
            van: if info.shares_van { route.supply.van.iter().copied().collect() } else { SmallVec::new() },
        }
    }

    /// The jobs it visits.
    pub(crate) fn jobs(&self, instance: &Instance<'_>) -> impl Iterator<Item = JobIx> {
        jobs_of(instance, &self.stops)
    }

    /// Takes nothing that others could lack.
    fn is_modest(&self) -> bool {
        self.takings.is_empty() && self.van.is_empty()
    }
}

fn jobs_of(instance: &Instance<'_>, stops: &[RouteNode]) -> impl Iterator<Item = JobIx> {
    stops.iter().filter_map(|stop| match instance.kind(stop.id) {
        NodeKind::Job(job) => Some(job),
        NodeKind::Collection(_) => None,
    })
}

/// Someone to whom sets are offered.
struct Taker {
    class: usize,
    shift: ShiftIx,
    /// Stands for all its class in the scope.
    first: bool,
}

/// The entries of the pools by the scope that holds all their jobs; others are left out.
pub(crate) fn by_scope<'p>(instance: &Instance<'_>, scopes: &[Scope], pools: &[&'p [Entry]]) -> Vec<Vec<&'p Entry>> {
    let mut scope_of = vec![usize::MAX; instance.jobs];
    for (at, scope) in scopes.iter().enumerate() {
        scope.jobs.iter().for_each(|job| scope_of[job.index()] = at);
    }
    let mut sorted = vec![Vec::new(); scopes.len()];
    for entry in pools.iter().flat_map(|pool| pool.iter()) {
        let mut jobs = jobs_of(instance, &entry.stops).map(|job| scope_of[job.index()]);
        let Some(scope) = jobs.next().filter(|scope| *scope != usize::MAX) else { continue };
        if jobs.all(|other| other == scope) {
            sorted[scope].push(entry);
        }
    }
    sorted
}

/// All columns of a scope: first the routes of `solution` there, in the order of the shifts, then those
/// of the pools' entries.
pub(crate) fn columns(solution: &Solution<'_>, scope: &Scope, mut entries: Vec<&Entry>) -> Vec<Column> {
    let instance = solution.instance;
    let used = scope.shifts.iter().map(|shift| solution.route(*shift)).filter(|route| !route.is_empty());
    let mut columns: Vec<Column> = used.map(|route| Column::of_route(instance, route, solution.cost())).collect();
    // Stable, so that pools and their order settle what is equal.
    entries.sort_by_key(|entry| (entry.set, entry.cost));
    let mut sets: Vec<&[&Entry]> = entries.chunk_by(|a, b| a.set == b.set).collect();
    let seen = |set: &[&Entry]| set.iter().map(|entry| entry.seen).min().unwrap_or(Cost(i64::MAX));
    if sets.len() > SETS {
        sets.sort_by_cached_key(|set| seen(set));
        sets.truncate(SETS);
    }
    let mut known = vec![false; instance.shifts.len()];
    let takers: Vec<Taker> = scope
        .shifts
        .iter()
        .map(|shift| {
            let class = instance.shift(*shift).class;
            let first = !std::mem::replace(&mut known[class], true);
            Taker { class, shift: *shift, first }
        })
        .collect();
    let offered: Vec<Vec<Column>> = sets
        .par_chunks(BATCH)
        .map_init(
            || Pricer::new(instance),
            |pricer, batch| {
                let mut columns = Vec::new();
                for set in batch {
                    offer(instance, pricer, set, seen(set), &takers, &mut columns);
                }
                columns
            },
        )
        .collect();
    columns.extend(offered.into_iter().flatten());
    columns
}

/// The route that was priced last, which costs so much.
fn priced(
    instance: &Instance<'_>,
    pricer: &Pricer<'_>,
    shift: ShiftIx,
    only: Option<ShiftIx>,
    cost: Cost,
    seen: Cost,
) -> Column {
    let info = instance.shift(shift);
    Column {
        class: info.class,
        only,
        cost,
        seen,
        stops: pricer.stops().into(),
        takings: pricer.takings(),
        van: if info.shares_van { pricer.van().iter().copied().collect() } else { SmallVec::new() },
    }
}

/// A day proposed for a shift, where it keeps the rules there.
pub(crate) fn proposed(
    instance: &Instance<'_>,
    pricer: &mut Pricer<'_>,
    shift: ShiftIx,
    stops: &[RouteNode],
) -> Option<Column> {
    let cost = pricer.price(shift, stops.iter().copied(), None)?;
    let apart = stops.iter().any(|stop| instance.tells_shifts_apart(stop.id));
    Some(priced(instance, pricer, shift, apart.then_some(shift), cost, Cost(i64::MAX)))
}

/// Offers one set, known by its entries, to everyone.
fn offer(
    instance: &Instance<'_>,
    pricer: &mut Pricer<'_>,
    set: &[&Entry],
    seen: Cost,
    takers: &[Taker],
    columns: &mut Vec<Column>,
) {
    let Some(cheapest) = set.first() else { return };
    let apart = cheapest.stops.iter().any(|stop| instance.tells_shifts_apart(stop.id));
    let jobs: SmallVec<[JobIx; 16]> = jobs_of(instance, &cheapest.stops).collect();
    for taker in takers.iter().filter(|taker| apart || taker.first) {
        if !jobs.iter().all(|job| instance.eligible.get(taker.shift.index(), job.index())) {
            continue;
        }
        let (mut best, mut modest) = (None::<Column>, None::<Column>);
        let mut foreign = 0;
        for entry in set {
            let own = if apart { entry.shift == taker.shift } else { instance.shift(entry.shift).class == taker.class };
            foreign += usize::from(!own);
            if !own && foreign > ORDERS {
                continue;
            }
            // Where it was found it takes from the van what it took then; elsewhere what it can.
            let same = entry.shift == taker.shift && instance.shift(taker.shift).shares_van;
            let van = same.then_some(entry.van.as_slice());
            let Some(cost) = pricer.price(taker.shift, entry.stops.iter().copied(), van) else { continue };
            let cheaper = |than: &Option<Column>| than.as_ref().is_none_or(|than| cost < than.cost);
            if !cheaper(&best) && !cheaper(&modest) {
                continue;
            }
            let only = apart.then_some(taker.shift);
            let column = priced(instance, pricer, taker.shift, only, cost, seen);
            if column.is_modest() && cheaper(&modest) {
                modest = Some(column.clone());
            }
            if cheaper(&best) {
                best = Some(column);
            }
        }
        let Some(best) = best else { continue };
        if !best.is_modest() {
            columns.extend(modest);
        }
        columns.push(best);
    }
}
