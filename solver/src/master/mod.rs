//! Set partitioning over the pool: the cheapest way to put known routes together.
//!
//! After Pillac, Guéret and Medaglia (2013), who close their search with a set covering over the routes
//! found. Here: every set of jobs priced for every shift that could take it ([`column`]); rows for jobs,
//! shifts and shared stock ([`model`]); the linear program and its shadow prices; the columns that
//! could still matter; the whole program from the incumbent, under a limit ([`program`]); and back to a
//! plan, which counts only when it is cheaper ([`rebuild`]). Plans of more jobs are recombined by
//! neighbouring routes ([`scope`]). Anything that fails leaves the plan as it was.
//!
//! On a day of few jobs the relaxed program is also taken to its optimum over all days that technicians could
//! have, as far as labelling finds them ([`relax`], [`labels`], [`simplex`]), and drawn nearer to whole plans by cuts
//! ([`cuts`]). That optimum leads to plans ([`guide`], [`dive`]) from which the search goes on.

mod column;
mod cuts;
mod dive;
mod guide;
mod labels;
mod model;
mod pricer;
mod program;
mod rebuild;
mod relax;
mod scope;
mod simplex;

#[cfg(all(test, feature = "highs"))]
mod generation_tests;
#[cfg(all(test, any(feature = "highs", feature = "microlp")))]
mod tests;

pub(crate) use guide::Guide;
pub(crate) use program::{Limit, PRICES};
pub(crate) use scope::WHOLE as WHOLE_PLAN;

use crate::instance::Instance;
use crate::pool::Pool;
use crate::solution::Solution;
use column::Column;
use dispatch_data::units::Cost;
use model::Model;
use program::HAS_ENGINE;
use rayon::prelude::*;
use relax::{Priced, price_out};
use scope::Scope;

/// Columns of the whole program at most: under a limit by seconds, and by nodes, which grow dearer with the columns.
const WHOLE: usize = 1_500;
const WHOLE_BY_NODES: usize = 800;
/// Columns where no shadow prices choose them.
const UNPRICED: usize = 600;

/// Puts the routes of the pools together in a cheaper way, if there is one. Gives back by how much the
/// plan became cheaper. `turn` tells how often this was done before.
pub(crate) fn recombine(solution: &mut Solution<'_>, pools: &[&Pool], limit: Limit, turn: usize) -> Cost {
    let before = solution.cost();
    if !HAS_ENGINE {
        return Cost::ZERO;
    }
    let instance = solution.instance;
    let scopes = scope::scopes(solution, turn);
    let entries: Vec<_> = pools.iter().map(|pool| pool.entries()).collect();
    let entries = column::by_scope(instance, &scopes, &entries);
    let tasks: Vec<(Scope, Vec<Column>, Model)> = scopes
        .into_iter()
        .zip(entries)
        .filter(|(_, entries)| !entries.is_empty())
        .map(|(scope, entries)| {
            let columns = column::columns(solution, &scope, entries);
            let model = Model::new(solution, &scope, &columns);
            (scope, columns, model)
        })
        .collect();
    // All at once as far as there are threads, one after the other beyond.
    let rounds = tasks.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
    let limit = Limit { seconds: limit.seconds.map(|seconds| seconds / rounds as f64), nodes: limit.nodes };
    let used: Vec<usize> = tasks
        .iter()
        .map(|(scope, ..)| scope.shifts.iter().filter(|shift| !solution.route(**shift).is_empty()).count())
        .collect();
    let chosen: Vec<Option<Vec<usize>>> = tasks
        .par_iter()
        .zip(used)
        .map(|((scope, columns, model), used)| choose(instance, scope, columns, used, model, limit))
        .collect();
    for ((scope, columns, _), chosen) in tasks.iter().zip(chosen) {
        if let Some(chosen) = chosen {
            let chosen: Vec<&Column> = chosen.into_iter().map(|index| &columns[index]).collect();
            rebuild::apply(solution, scope, &chosen);
        }
    }
    before - solution.cost()
}

/// The columns of the cheapest cover found, where it is cheaper than the first `used` columns, which are
/// the routes as they stand.
fn choose(
    instance: &Instance<'_>,
    scope: &Scope,
    columns: &[Column],
    used: usize,
    model: &Model,
    limit: Limit,
) -> Option<Vec<usize>> {
    let mut covered = vec![false; instance.jobs];
    columns[..used].iter().flat_map(|column| column.jobs(instance)).for_each(|job| covered[job.index()] = true);
    let left_out: Vec<f64> = scope.jobs.iter().map(|job| f64::from(u8::from(!covered[job.index()]))).collect();
    let dropped = scope.jobs.iter().filter(|job| !covered[job.index()]);
    let incumbent: Cost = columns[..used].iter().map(|column| column.cost).sum::<Cost>()
        + dropped.map(|job| instance.node(Instance::job_node(*job)).drop).sum::<Cost>();
    let kept = keep(instance, columns, used, model, incumbent, limit)?;
    let program = model.program(instance, kept.iter().map(|index| &columns[*index]));
    let mut start: Vec<f64> = (0..kept.len()).map(|at| f64::from(u8::from(at < used))).collect();
    start.extend(left_out);
    let values = program.whole(&start, limit)?;
    let chosen: Vec<usize> = kept.iter().zip(&values).filter(|(_, value)| **value > 0.5).map(|(at, _)| *at).collect();
    (chosen.len() != used || chosen.iter().any(|at| *at >= used)).then_some(chosen)
}

/// The columns that could still be part of a cheaper cover, the `used` ones first. `None` when there is
/// nothing to gain.
fn keep(
    instance: &Instance<'_>,
    columns: &[Column],
    used: usize,
    model: &Model,
    incumbent: Cost,
    limit: Limit,
) -> Option<Vec<usize>> {
    let Some(Priced { by_price, cost }) = price_out(instance, columns, used, model, limit) else {
        let mut kept: Vec<usize> = (0..columns.len()).collect();
        kept[used..].sort_by_key(|at| columns[*at].seen);
        kept.truncate(used + UNPRICED);
        return Some(kept);
    };
    // A column that costs more than the whole gap beyond its rows' prices is in no cheaper cover.
    let gap = cost.map_or(f64::INFINITY, |cost| incumbent.0 as f64 - cost);
    if gap < 1.0 {
        return None;
    }
    let near = by_price.into_iter().take_while(|(reduced, _)| *reduced < gap).take(if limit.nodes.is_some() {
        WHOLE_BY_NODES
    } else {
        WHOLE
    });
    Some((0..used).chain(near.map(|(_, at)| at)).collect())
}
