//! The relaxed program: routes may be taken in parts, and the prices of the rows tell which others would help.
//!
//! Over few columns first, whose prices tell which of all the others would help (sifting), and then, where they are
//! asked for, over days that technicians could have at those prices ([`super::labels`]): column generation.

use super::column::{self, Column};
use super::labels::{Labels, Worth};
use super::model::Model;
use super::pricer::Pricer;
use super::program::{Limit, Relaxed};
use super::scope::Scope;
use crate::instance::Instance;
use dispatch_data::ids::ShiftIx;

/// Columns of a sifting step, and how many of them may be new.
const ACTIVE: usize = 1_500;
const MORE: usize = 500;
/// Sifting steps at most.
const SIFTINGS: usize = 12;
/// Cents below its rows' prices from which on a column helps.
pub(super) const LEAST_HELP: f64 = 0.01;
/// Share of the seconds that one sifting step may use; most need a tenth of it.
const STEP: f64 = 0.2;
/// Days that one technician proposes at a time.
const DAYS: usize = 8;

/// Columns by what they cost beyond the prices of their rows.
pub(super) struct Priced {
    /// Cents and column, cheapest first, without those of the incumbent.
    pub(super) by_price: Vec<(f64, usize)>,
    /// Cents of the relaxed optimum, where it was reached.
    pub(super) cost: Option<f64>,
}

/// Solves the relaxed program by sifting, until no column would help. `None` when not even the first few could be
/// solved.
pub(super) fn price_out(
    instance: &Instance<'_>,
    columns: &[Column],
    used: usize,
    model: &Model,
    limit: Limit,
) -> Option<Priced> {
    let limit = Limit { seconds: limit.seconds.map(|seconds| seconds * STEP), nodes: None };
    let mut active = first_active(columns, used, ACTIVE);
    let mut priced = None;
    for _ in 0..SIFTINGS {
        let program = model.program(instance, active.iter().map(|at| &columns[*at]));
        let Some(relaxed) = program.relaxed(limit) else { break };
        let by_price = by_price(instance, columns, used, model, &relaxed);
        let helpful = sift(&by_price, used, &mut active);
        let cost = (helpful == 0).then(|| relaxed.cost * model.unit());
        priced = Some(Priced { by_price, cost });
        if helpful == 0 {
            break;
        }
    }
    priced
}

/// The columns of the first sifting step.
pub(super) fn first_active(columns: &[Column], used: usize, most: usize) -> Vec<usize> {
    let mut active: Vec<usize> = (0..columns.len()).collect();
    if columns.len() > used + most {
        active[used..].sort_by_key(|at| columns[*at].seen);
        active.truncate(used + most);
    }
    active
}

/// Columns but the first `used` by what they cost beyond the prices of their rows.
pub(super) fn by_price(
    instance: &Instance<'_>,
    columns: &[Column],
    used: usize,
    model: &Model,
    relaxed: &Relaxed,
) -> Vec<(f64, usize)> {
    let mut by_price: Vec<(f64, usize)> =
        (used..columns.len()).map(|at| (model.reduced_cost(instance, &columns[at], &relaxed.prices), at)).collect();
    by_price.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    by_price
}

/// The columns of the next sifting step; gives how many there are that would help.
fn sift(by_price: &[(f64, usize)], used: usize, active: &mut Vec<usize>) -> usize {
    let helpful = by_price.partition_point(|(reduced, _)| *reduced < -LEAST_HELP);
    active.truncate(used);
    active.extend(by_price.iter().take(helpful.min(MORE)).map(|(_, at)| *at));
    active.extend(by_price.iter().skip(helpful).take(ACTIVE - MORE).map(|(_, at)| *at));
    helpful
}

/// What the technicians of a scope might do, one of each class.
pub(super) fn technicians<'a>(instance: &'a Instance<'a>, scope: &Scope) -> Vec<Labels<'a>> {
    let mut known = vec![false; instance.shifts.len()];
    let first = |shift: &&ShiftIx| !std::mem::replace(&mut known[instance.shift(**shift).class], true);
    let first: Vec<ShiftIx> = scope.shifts.iter().filter(first).copied().collect();
    first.into_iter().map(|shift| Labels::new(instance, shift, &scope.jobs)).collect()
}

/// Days of one technician that cost less than the prices of their rows.
pub(super) fn propose(
    instance: &Instance<'_>,
    labels: &Labels<'_>,
    model: &Model,
    (prices, worth): (&[f64], &Worth),
    breadth: usize,
    pricer: &mut Pricer<'_>,
) -> Vec<Column> {
    let days = labels.days(worth, DAYS, breadth);
    let columns = days.iter().filter_map(|day| column::proposed(instance, pricer, labels.shift(), day));
    let helps =
        |column: &Column| model.knows(instance, column) && model.reduced_cost(instance, column, prices) < -LEAST_HELP;
    columns.filter(helps).collect()
}
