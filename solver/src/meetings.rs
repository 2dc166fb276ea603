//! When islands meet, and what they do there: the best plan is taken as far as local search goes, the routes of
//! all are recombined with it, and who can go on from the result does.
//!
//! Meetings are at fixed shares of the budget, so that under an iteration stop they fall on the same
//! iterations everywhere. How much of the budget a recombination gets grows with what it brings.

use crate::annealing::LAST;
use crate::instance::Instance;
use crate::island::Island;
use crate::local_search;
use crate::master;
use crate::solution::Solution;
use crate::stop::Stop;
use crate::walk::RouteNode;
use dispatch_data::units::Cost;

/// Shares of the budget at which islands meet: before the last annealing, and half way through it.
pub(crate) const MEETINGS: [f64; 2] = [LAST, 0.5 + LAST / 2.0];

/// Share of the budget of the first recombination where days are short and where they are long, and the bounds
/// it keeps to after. Short days fit together in many ways, and their program is near its relaxation; of long
/// ones hardly two plans share any.
const FIRST: f64 = 0.15;
const FIRST_OF_LONG: f64 = 0.05;
const LEAST: f64 = 0.025;
const MOST: f64 = 0.2;
/// Visits of the day that a visit stands in, on average, up to which days are short.
const SHORT: f64 = 12.0;
/// Share of a clock's budget that the local search of one meeting may use.
const POLISH: f64 = 0.04;
/// Seconds of one recombination at most: a raised flag is heard only after.
const MOST_SECONDS: f64 = 5.0;
/// Seconds below which it is not begun: a least, and for each job, since gathering and pricing the
/// routes grows with the jobs and heeds no limit.
const LEAST_SECONDS: f64 = 0.02;
const SECONDS_PER_JOB: f64 = 0.0005;
/// Nodes of the branching under an iteration stop.
const NODES: u32 = 100;
/// How far a recombination may exceed its share before there is none any more in this search: a
/// program that does not heed its limit once would not heed it near the end either.
const PATIENCE: f64 = 1.5;
/// Iterations in all below which routes are too few and a recombination would take longer than the search.
const LEAST_ITERATIONS: u64 = 5_000;

/// What the meetings of one search remember.
pub(crate) struct Meetings {
    /// None before the first.
    share: Option<f64>,
    turn: usize,
    /// One took far longer than it should.
    overran: bool,
}

impl Meetings {
    pub(crate) fn new() -> Self {
        Self { share: None, turn: 0, overran: false }
    }

    /// Takes the best plan of all as far as local search goes and recombines it with the routes of all islands;
    /// gives the plan with its price if it is cheaper.
    pub(crate) fn hold(
        &mut self,
        instance: &Instance<'_>,
        islands: &[Island<'_>],
        best: &[Vec<RouteNode>],
        stop: &Stop<'_>,
    ) -> Option<(Vec<Vec<RouteNode>>, Cost)> {
        if stop.is_spent() {
            return None;
        }
        let began = stop.clock();
        let mut solution = Solution::from_snapshot(instance, best);
        let before = solution.cost();
        let late = || stop.is_spent() || began.zip(stop.clock()).is_some_and(|(began, now)| now - began > POLISH);
        let first = self.turn * instance.jobs / MEETINGS.len();
        local_search::polish(&mut solution, first, &late);
        self.turn += 1;
        self.recombine(&mut solution, islands, stop);
        (solution.cost() < before).then(|| {
            let mut stops = Vec::new();
            solution.snapshot_into(&mut stops);
            (stops, solution.cost())
        })
    }

    /// Recombines the routes of all islands, if there is time for it.
    fn recombine(&mut self, solution: &mut Solution<'_>, islands: &[Island<'_>], stop: &Stop<'_>) {
        if self.overran || stop.is_spent() || stop.total().is_some_and(|total| total < LEAST_ITERATIONS) {
            return;
        }
        let first = || if has_short_days(solution, SHORT) { FIRST } else { FIRST_OF_LONG };
        let share = self.share.unwrap_or_else(first);
        // The rest of the budget is the search's as well.
        let share = stop.clock().map_or(share, |used| share.min((1.0 - used) / 2.0));
        let Some(limit) = stop.limit(share, MOST_SECONDS, NODES) else { return };
        let least = LEAST_SECONDS.max(solution.instance.jobs as f64 * SECONDS_PER_JOB);
        if limit.seconds.is_some_and(|seconds| seconds < least) {
            return;
        }
        let began = stop.clock();
        let pools: Vec<_> = islands.iter().map(Island::pool).collect();
        let gain = master::recombine(solution, &pools, limit, self.turn);
        if let (Some(began), Some(ended)) = (began, stop.clock()) {
            self.overran = ended - began > PATIENCE * share;
        }
        self.share = Some(if gain > Cost::ZERO { (share * 2.0).min(MOST) } else { (share / 2.0).max(LEAST) });
    }
}

/// Whether visits stand in days of at most so many, on average over the visits (one long day among short ones counts), and all
/// of them fit into one program.
pub(crate) fn has_short_days(solution: &Solution<'_>, most: f64) -> bool {
    if solution.instance.jobs > master::WHOLE_PLAN {
        return false;
    }
    let visits = || solution.routes.iter().map(|route| f64::from(route.visits()));
    visits().map(|visits| visits * visits).sum::<f64>() <= most * visits().sum::<f64>()
}
