//! Rounds: cut, solve the parts side by side, merge, and again along other borders.
//!
//! Under an iteration stop every part has its own number of iterations, so the plan is the same on any
//! number of threads. Under a clock each part has its slice of what is left when its turn comes.

use crate::decompose::elsewhere::{self, Budget, Elsewhere};
use crate::decompose::{Part, Piece, Whole, parts};
use crate::params::Params;
use crate::solve::Outcome;
use crate::stop::{Progress, Stop};
use crate::warm;
use dispatch_data::ids::{JobIx, TechIx};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_data::units::Cost;
use std::sync::{Mutex, PoisonError};

/// Jobs up to which a problem is searched in one piece whatever the budget.
const FEW_JOBS: usize = 8_000;
/// Jobs from which it is never.
const MANY_JOBS: usize = 20_000;
/// Between the two: seconds of all threads, and iterations, for each thousand jobs, below which parts pay.
const SECONDS: f64 = 10.0;
const ITERATIONS: f64 = 100_000.0;

/// Jobs of a part.
const PART: usize = 1_000;
/// Parts of a problem at least.
const FEWEST_PARTS: usize = 4;
/// Lines that are looked at for each cut of the first round; later ones are cut anywhere.
const LINES: usize = 12;
/// Seconds of one thread, and iterations, that a round is worth for each thousand jobs.
const ROUND_SECONDS: f64 = 1.0;
const ROUND_ITERATIONS: f64 = 50_000.0;
const FEWEST_ROUNDS: usize = 2;
const MOST_ROUNDS: usize = 8;

fn threads(params: &Params) -> usize {
    if params.threads == 0 { params.islands.max(1) } else { params.threads }
}

/// How very large problems are solved in parts.
#[derive(Clone, Copy, Default)]
pub struct InParts<'e> {
    /// Jobs from which a problem always is; `None`: where that is known to pay.
    pub from: Option<usize>,
    /// Who solves parts beside the threads of this process.
    pub elsewhere: Option<&'e dyn Elsewhere>,
}

/// Whether a problem is better solved in parts.
pub(crate) fn pays(problem: &Problem, params: &Params, stop: &Stop<'_>, how: InParts<'_>) -> bool {
    let jobs = problem.jobs.len();
    if how.from.is_some_and(|from| jobs >= from) {
        return problem.technicians.len() >= 2;
    }
    if jobs <= FEW_JOBS || jobs >= MANY_JOBS || problem.technicians.len() < 2 {
        return jobs >= MANY_JOBS && problem.technicians.len() >= 2;
    }
    let thousands = jobs as f64 / 1_000.0;
    match (stop.total(), stop.seconds()) {
        (Some(total), _) => total as f64 / thousands < ITERATIONS,
        (None, Some(seconds)) => seconds * threads(params) as f64 / thousands < SECONDS,
        (None, None) => true,
    }
}

/// How a search in parts goes.
pub(crate) struct Rounds {
    pub(crate) count: usize,
    /// Jobs of a part.
    pub(crate) jobs: usize,
}

impl Rounds {
    fn new(problem: &Problem, params: &Params, stop: &Stop<'_>) -> Self {
        let thousands = problem.jobs.len() as f64 / 1_000.0;
        let worth = match (stop.total(), stop.seconds()) {
            (Some(total), _) => total as f64 / thousands / ROUND_ITERATIONS,
            (None, Some(seconds)) => seconds * threads(params) as f64 / thousands / ROUND_SECONDS,
            (None, None) => FEWEST_ROUNDS as f64,
        };
        // Where less than usual is cut at all, there are parts for several hands none the less.
        let jobs = PART.min(problem.jobs.len() / FEWEST_PARTS).max(1);
        Self { count: (worth as usize).clamp(FEWEST_ROUNDS, MOST_ROUNDS), jobs }
    }
    /// Share of the budget at which a round ends. The first one, which builds the plan, has twice as long.
    fn end(&self, round: usize) -> f64 {
        (round + 2) as f64 / (self.count + 1) as f64
    }
}

/// The best plan found in parts.
pub(crate) fn search(
    problem: &Problem,
    travel: &Travel,
    accepted: Option<&Plan>,
    params: &Params,
    stop: &Stop<'_>,
    elsewhere: Option<&dyn Elsewhere>,
) -> Outcome {
    in_rounds(problem, travel, accepted, params, stop, &Rounds::new(problem, params, stop), elsewhere)
}

/// The same in given rounds.
pub(crate) fn in_rounds(
    problem: &Problem,
    travel: &Travel,
    accepted: Option<&Plan>,
    params: &Params,
    stop: &Stop<'_>,
    rounds: &Rounds,
    elsewhere: Option<&dyn Elsewhere>,
) -> Outcome {
    let mut whole = Whole::new(problem, travel, accepted);
    let mut iterations = 0;
    for round in 0..rounds.count {
        // A first round settles what is frozen and what of the accepted plan keeps the rules, however late it is.
        let needed = round == 0 && (accepted.is_some() || problem.freeze.is_some());
        if stop.is_spent() && !needed {
            break;
        }
        let last = round + 1 == rounds.count;
        let seed = params.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(round as u64);
        let parts = parts(&whole, rounds.jobs, if round == 0 { LINES } else { 1 }, seed);
        let explained = if last { explained(&whole, &parts, params.explained) } else { vec![0; parts.len()] };
        let begin = if round == 0 { 0.0 } else { rounds.end(round - 1) };
        let turn = Turn { whole: &whole, params, stop, elsewhere, round, begin, end: rounds.end(round), needed };
        let pieces = turn.run(&parts, &explained);
        for (piece, done) in pieces.into_iter().flatten() {
            whole.take(piece);
            iterations += done;
        }
        let unassigned = whole.open().count();
        stop.tell(Progress { iterations, cost: whole.bill().total(), unassigned });
    }
    let found = Plan { seed: params.seed, iterations, ..whole.into_plan() };
    Outcome {
        plan: match accepted {
            Some(accepted) => warm::no_worse(problem, travel, accepted, found, |_| Vec::new()),
            None => found,
        },
    }
}

/// How many jobs of each part are among the dearest ones left out.
fn explained(whole: &Whole<'_>, parts: &[Part], most: usize) -> Vec<usize> {
    let open = |(at, part): (usize, &Part)| {
        let price = |job: &JobIx| (std::cmp::Reverse(whole.problem.drop_price(*job)), *job, at);
        part.open.iter().map(price).collect::<Vec<_>>()
    };
    let mut dearest: Vec<(std::cmp::Reverse<Cost>, JobIx, usize)> = parts.iter().enumerate().flat_map(open).collect();
    dearest.sort_unstable();
    let mut counts = vec![usize::from(most > 0); parts.len()];
    for (_, _, part) in dearest.into_iter().take(most) {
        counts[part] += 1;
    }
    counts
}

/// A part, its number in the round, and how many of its jobs left out are explained.
type Job<'j> = (&'j Part, usize, usize);

/// One round.
struct Turn<'t, 'p> {
    whole: &'t Whole<'p>,
    params: &'t Params,
    stop: &'t Stop<'t>,
    elsewhere: Option<&'t dyn Elsewhere>,
    round: usize,
    begin: f64,
    end: f64,
    needed: bool,
}

/// Parts still to be solved.
struct Queue {
    next: usize,
    weight: f64,
}

impl Turn<'_, '_> {
    /// Solves all parts; none of those for which there was no time.
    fn run(&self, parts: &[Part], explained: &[usize]) -> Vec<Option<(Piece, u64)>> {
        let weights: Vec<f64> = parts.iter().map(|part| self.weight(part)).collect();
        let all: f64 = weights.iter().sum();
        let queue = Mutex::new(Queue { next: 0, weight: all });
        let found: Vec<Mutex<Option<(Piece, u64)>>> = parts.iter().map(|_| Mutex::new(None)).collect();
        let lanes = threads(self.params).min(parts.len()).max(1);
        // Hands elsewhere that would find a part to take.
        let helper =
            self.elsewhere.map(|elsewhere| (elsewhere, elsewhere.hands().min(parts.len().saturating_sub(lanes))));
        let hands = helper.map_or(0, |(_, hands)| hands);
        let next = || {
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            let (at, left) = (queue.next, queue.weight);
            let weight = weights.get(at)?;
            queue.next += 1;
            queue.weight -= weight;
            Some((at, left))
        };
        let work = |helper: Option<&dyn Elsewhere>| {
            while let Some((at, left)) = next() {
                if self.stop.is_spent() && !self.needed {
                    continue;
                }
                let job = (&parts[at], at, explained[at]);
                let solved = match self.stop.total() {
                    Some(total) => {
                        let share = (self.end - self.begin) * weights[at] / all;
                        let iterations = (total as f64 * share) as u64;
                        let there = helper.and_then(|helper| self.send(helper, job, Budget::Iterations(iterations)));
                        there.or_else(|| self.solve(job, Stop::iterations(iterations)))
                    }
                    None => {
                        let lanes = (lanes + hands) as f64;
                        let share = (weights[at] * lanes / left).min(1.0);
                        let slice = || share * (self.end - self.stop.clock().unwrap_or(1.0)).max(0.0);
                        let seconds = self.stop.seconds().map(|seconds| seconds * slice()).filter(|long| *long > 0.0);
                        let there = helper.zip(seconds);
                        let there = there.and_then(|(helper, long)| self.send(helper, job, Budget::Seconds(long)));
                        there.or_else(|| self.solve_until(job, slice()))
                    }
                };
                *found[at].lock().unwrap_or_else(PoisonError::into_inner) = solved;
            }
        };
        std::thread::scope(|scope| {
            let here = (1..lanes).map(|_| None);
            let there = (0..hands).map(|_| helper.map(|(helper, _)| helper));
            let others: Vec<_> = here.chain(there).map(|helper| scope.spawn(move || work(helper))).collect();
            work(None);
            for other in others {
                if let Err(panic) = other.join() {
                    std::panic::resume_unwind(panic);
                }
            }
        });
        found.into_iter().map(|found| found.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Solves a part here within a share of the whole clock.
    fn solve_until(&self, job: Job<'_>, slice: f64) -> Option<(Piece, u64)> {
        if self.stop.is_spent() && !self.needed {
            return None;
        }
        let now = self.stop.clock().unwrap_or(1.0);
        let used = || match self.stop.clock() {
            Some(used) if slice > 0.0 => (used - now) / slice,
            _ => 1.0,
        };
        // A first plan of the part is worth more than its slice: it may take all the time there is.
        let slot = Stop::share(used).with_end(|| self.stop.is_spent());
        let slot = match self.stop.seconds() {
            Some(seconds) => slot.with_seconds(seconds * slice),
            None => slot,
        };
        self.solve(job, slot)
    }

    /// How much work a part is.
    fn weight(&self, part: &Part) -> f64 {
        let with = |technician: &TechIx| self.whole.jobs_with(*technician).count();
        (part.open.len() + part.technicians.iter().map(with).sum::<usize>()) as f64 + 1.0
    }

    fn params(&self, (_, at, explained): Job<'_>) -> Params {
        Params {
            seed: self.params.seed
                ^ (self.round as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(at as u64),
            islands: 1,
            threads: 1,
            explained,
        }
    }

    /// Has a part solved by somebody else.
    fn send(&self, helper: &dyn Elsewhere, job: Job<'_>, budget: Budget) -> Option<(Piece, u64)> {
        let errand = elsewhere::errand(self.whole, job.0, &self.params(job), budget);
        elsewhere::piece(self.whole, job.0, helper.solve(&errand)?)
    }

    /// Solves a part here.
    fn solve(&self, job: Job<'_>, stop: Stop<'_>) -> Option<(Piece, u64)> {
        let stop = match self.stop.cancel() {
            Some(flag) => stop.with_cancel(flag),
            None => stop,
        };
        let solved = elsewhere::solved(self.whole, job.0, &self.params(job), &stop);
        debug_assert!(solved.is_ok(), "a part of a valid problem is valid: {:?}", solved.as_ref().err());
        solved.ok()
    }
}
