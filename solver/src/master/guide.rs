//! A guide: the relaxed program over days that technicians could have, and plans that it leads to.
//!
//! Made once for a day of few jobs; every island then dives on its own ([`super::dive`]), and takes what it comes
//! to from there on.

use super::column::{self, Column};
use super::cuts;
use super::dive::{Diver, NOTHING};
use super::labels::Labels;
use super::model::Model;
use super::pricer::Pricer;
use super::rebuild;
use super::relax::{LEAST_HELP, by_price, first_active, propose, technicians};
use super::scope::{self, Scope};
use crate::instance::Instance;
use crate::pool::Pool;
use crate::solution::Solution;
use dispatch_data::ids::JobIx;
use rayon::prelude::*;

/// Rounds of proposals at most.
const ROUNDS: usize = 60;
/// Columns that the program begins with.
const FIRST: usize = 700;
/// Columns that a dive begins with.
const BEGIN: usize = 500;
/// Columns that come into the program at a time, at most.
const MORE: usize = 800;

/// The relaxed optimum of a day, and what is needed to go down from it.
pub(crate) struct Guide<'a> {
    pub(super) instance: &'a Instance<'a>,
    scope: Scope,
    pub(super) columns: Vec<Column>,
    pub(super) model: Model,
    pub(super) labels: Vec<Labels<'a>>,
    /// The columns nearest to the relaxed optimum.
    pub(super) near: Vec<usize>,
}

impl<'a> Guide<'a> {
    /// Generates columns, beginning with the routes of pools, until no technician has any that help, or it is late.
    /// `None` where the plan is too large for one program, or the program could not be solved.
    pub(crate) fn new(solution: &Solution<'a>, pools: &[&Pool], late: &(dyn Fn() -> bool + Sync)) -> Option<Self> {
        let instance = solution.instance;
        let mut scopes = scope::scopes(solution, 0);
        if scopes.len() != 1 {
            return None;
        }
        let entries: Vec<_> = pools.iter().map(|pool| pool.entries()).collect();
        let entries = column::by_scope(instance, &scopes, &entries).pop()?;
        let scope = scopes.pop()?;
        let mut columns = column::columns(solution, &scope, entries);
        let used = scope.shifts.iter().filter(|shift| !solution.route(**shift).is_empty()).count();
        let mut model = Model::new(solution, &scope, &columns);
        let labels = technicians(instance, &scope);
        let mut simplex = model.warm();
        // What stands in the program already, and in which order.
        let mut inside = vec![false; columns.len()];
        let mut order: Vec<usize> = Vec::new();
        let mut near = first_active(&columns, used, FIRST);
        let mut breadth = Labels::NARROW;
        for _ in 0..ROUNDS {
            inside.resize(columns.len(), false);
            for at in near.iter().filter(|at| !std::mem::replace(&mut inside[**at], true)) {
                model.add(&mut simplex, instance, &columns[*at]);
                order.push(*at);
            }
            let relaxed = simplex.optimum()?;
            let worth = model.worth(&relaxed.prices);
            let proposed: Vec<Vec<Column>> = labels
                .par_iter()
                .map_init(
                    || Pricer::new(instance),
                    |pricer, labels| propose(instance, labels, &model, (&relaxed.prices, &worth), breadth, pricer),
                )
                .collect();
            columns.extend(proposed.into_iter().flatten());
            let by_price = by_price(instance, &columns, used, &model, &relaxed);
            let helpful = by_price.partition_point(|(reduced, _)| *reduced < -LEAST_HELP);
            near = (0..used).chain(by_price.iter().take(helpful.clamp(BEGIN, MORE)).map(|(_, at)| *at)).collect();
            if late() {
                break;
            }
            if helpful == 0 {
                let new =
                    broken(instance, &columns, &order, &relaxed.values[model.drops()..], cuts::MOST - model.cuts());
                if new.is_empty() && breadth == Labels::BROAD {
                    break;
                }
                if new.is_empty() {
                    breadth = Labels::BROAD;
                }
                for jobs in new {
                    model.cut(&mut simplex, instance, jobs, order.iter().map(|at| &columns[*at]));
                }
            }
        }
        near.truncate(used + BEGIN);
        Some(Self { instance, scope, columns, model, labels, near })
    }

    /// Somebody who dives.
    pub(crate) fn diver(&self) -> Diver<'a, '_> {
        Diver::new(self)
    }

    /// Puts the columns a dive came to in the place of all routes.
    pub(super) fn lay(&self, solution: &mut Solution<'_>, taken: &[&Column]) -> bool {
        rebuild::lay(solution, &self.scope, taken)
    }
}

/// Cuts that the relaxed optimum over these columns breaks.
fn broken(
    instance: &Instance<'_>,
    columns: &[Column],
    order: &[usize],
    values: &[f64],
    room: usize,
) -> Vec<[JobIx; 3]> {
    let days = order.iter().zip(values).filter(|(_, value)| **value > NOTHING);
    let days: Vec<(f64, Vec<JobIx>)> =
        days.map(|(at, value)| (*value, columns[*at].jobs(instance).collect())).collect();
    cuts::broken(instance.jobs, &days, room)
}
