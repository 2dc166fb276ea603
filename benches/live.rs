//! The live plan: how long a recommendation takes among 1,000 technicians and 8,000 visits, and what a
//! second of re-planning does to a day of 500 jobs when something happens.
//!
//! Percentiles need every single time, so this target has no harness: it prints a table. Inputs are
//! made from seeds; a new place comes with its travel rows, since those have a bench of their own.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod day;

use cpu_time::ThreadTime;
use day::{Numbers, day, travel};
use dispatch_data::judge::judge;
use dispatch_data::place::Place;
use dispatch_data::problem::{Job, Priority, Problem};
use dispatch_data::travel::{ProfileLegs, Travel};
use dispatch_data::units::{Cost, Duration, Rate, Time};
use dispatch_solver::live::{Change, Live, NewPlace, Ticket, great_circle_rows};
use dispatch_solver::{Params, Stop, solve};
use std::time::Instant;

const TICKETS: usize = 2_000;
const ANSWERS: usize = 100;

fn priced(problem: Problem, technician: Cost, start: Rate) -> Problem {
    let mut draft = problem.into_draft();
    draft.objective.moved_technician = technician;
    draft.objective.moved_start = start;
    draft.check().unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// A plan in force after so many iterations.
fn live(problem: Problem, travel: Travel, iterations: u64) -> Live {
    let params = Params { islands: 2, explained: 0, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::iterations(iterations)).plan;
    Live::new(problem, travel, plan).unwrap_or_else(|error| panic!("{error}"))
}

/// A ticket somewhere new, with its travel rows.
fn ticket(live: &Live, numbers: &mut Numbers, number: usize) -> Ticket {
    let problem = live.problem();
    let like = &problem.jobs[numbers.below(problem.jobs.len() as u64) as usize];
    let job = Job { id: format!("new {number}"), ..like.clone() };
    let place = Place { position: Some(numbers.position()), ..Place::default() };
    let legs = great_circle_rows(problem, &place).unwrap_or_default();
    Ticket::at(job, NewPlace { place, legs: vec![ProfileLegs::plain(legs)] })
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

fn recommending() {
    let problem = day(8_000);
    let travel = travel(&problem);
    for (name, technician, start) in
        [("promises free", Cost(0), Rate(0)), ("promises priced", Cost(2_000), Rate(1_000))]
    {
        let began = Instant::now();
        let live = live(priced(problem.clone(), technician, start), travel.clone(), 2_000);
        let visits: usize = live.plan().routes.iter().map(|route| route.jobs().count()).sum();
        println!(
            "{name}: {} technicians, {visits} visits; made in {:.1} s",
            problem.technicians.len(),
            began.elapsed().as_secs_f64()
        );
        let mut numbers = Numbers(5);
        for most in [1, 5, 10, usize::MAX] {
            let tickets = if most == usize::MAX { TICKETS / 20 } else { TICKETS };
            let mut times = Times::default();
            let mut offers = 0;
            for number in 0..tickets {
                let ticket = ticket(&live, &mut numbers, number);
                let best = times.note(|| live.recommend(&ticket, most).unwrap_or_else(|error| panic!("{error}")));
                offers += best.offers.len();
            }
            let what = if most == usize::MAX { "of all".to_owned() } else { most.to_string() };
            times.print(&format!("best {what} ({offers} offers)"));
        }
        // A ticket's priority is what leaving it costs: the bounds must not hang on that.
        for class in Priority::ALL {
            let mut times = Times::default();
            for number in 0..TICKETS / 4 {
                let ticket = match ticket(&live, &mut numbers, number) {
                    Ticket::New { job, at } => {
                        let unassigned_price = live.problem().objective.priority_prices[class as usize];
                        Ticket::New { job: Box::new(Job { priority: Some(class), unassigned_price, ..*job }), at }
                    }
                    known @ Ticket::Open(_) => known,
                };
                times.note(|| live.recommend(&ticket, 10).unwrap_or_else(|error| panic!("{error}")));
            }
            times.print(&format!("best 10, tickets of {class:?}"));
        }
    }
}

/// How long calls took: by the clock on the wall, and by the processor's time of this thread, which other
/// work on the machine does not lengthen.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Times {
    fn note<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (began, processor) = (Instant::now(), ThreadTime::now());
        let done = work();
        self.wall.push(began.elapsed().as_secs_f64() * 1e6);
        self.processor.push(processor.elapsed().as_secs_f64() * 1e6);
        done
    }
    fn print(mut self, what: &str) {
        for times in [&mut self.wall, &mut self.processor] {
            times.sort_by(f64::total_cmp);
        }
        let of = |times: &[f64]| {
            let at = |share| percentile(times, share);
            format!("p50 {:>6.0}, p90 {:>6.0}, p99 {:>6.0}, most {:>6.0} µs", at(0.5), at(0.9), at(0.99), at(1.0))
        };
        println!("  {what}: {}; processor {}", of(&self.wall), of(&self.processor));
    }
}

/// What the answer of a technician takes: a ticket accepted, then a planned visit refused, one after the other.
fn answering() {
    let problem = day(8_000);
    let travel = travel(&problem);
    let mut live = live(problem, travel, 2_000);
    let mut numbers = Numbers(7);
    let [mut everybody, mut accepted, mut refused] = [Times::default(), Times::default(), Times::default()];
    for number in 0..ANSWERS {
        let ticket = ticket(&live, &mut numbers, number);
        let all = everybody.note(|| live.rank(&ticket, 10).unwrap_or_else(|error| panic!("{error}")));
        let Some(best) = all.recommendation.offers.first() else { continue };
        let (technician, version) = (best.technician, live.version());
        let taken = accepted.note(|| live.accept(ticket, technician, version).unwrap_or_else(|e| panic!("{e}")));
        let Some(other) = taken.added.first() else { continue };
        refused.note(|| live.refuse(&other.job, other.placed.technician).unwrap_or_else(|error| panic!("{error}")));
    }
    everybody.print("everybody, ten of them with all they would do");
    accepted.print("accept");
    refused.print("refuse");
}

fn replanning() {
    let problem = priced(day(500), Cost(2_000), Rate(1_000));
    let travel = travel(&problem);
    let began = live(problem, travel, 40_000);
    println!(
        "a day of 500 jobs, {} visits, {}",
        began.plan().routes.iter().map(|r| r.jobs().count()).sum::<usize>(),
        began.plan().bill.total()
    );
    for which in ["sick technician", "urgent ticket"] {
        for seconds in [0.1, 1.0] {
            let mut live = live(began.problem().clone(), began.travel().clone(), 0);
            let visits: usize = live.plan().routes.iter().map(|route| route.jobs().count()).sum();
            let sick = live.plan().routes.iter().max_by_key(|route| route.jobs().count()).map(|route| route.shift);
            let sick = sick.map(|shift| live.problem().technician_of(shift).id.clone()).unwrap_or_default();
            let change = if which == "sick technician" {
                Change::TechnicianSick { technician: sick.clone(), from: Time(10 * 3600), until: None }
            } else {
                Change::JobAdded(ticket(&live, &mut Numbers(9), 0))
            };
            let params = Params { explained: 0, islands: 2, threads: 2, ..Params::default() };
            let clock = Instant::now();
            let stop = Stop::share(move || clock.elapsed().as_secs_f64() / seconds).with_seconds(seconds);
            let done = live.apply(&change, &params, &stop).unwrap_or_else(|error| panic!("{error}"));
            let took = clock.elapsed().as_secs_f64();
            let theirs = |moved: &&dispatch_solver::live::Moved| {
                which == "sick technician" && live.problem().technician(moved.from.technician).id == sick
            };
            let forced = done.diff.moved.iter().filter(theirs).count();
            let handed = done.diff.moved.iter().filter(|m| !theirs(m) && m.from.technician != m.to.technician).count();
            let late = |moved: &&dispatch_solver::live::Moved| {
                !theirs(moved) && moved.from.technician == moved.to.technician && moved.by() > Duration::minutes(15)
            };
            let later = done.diff.moved.iter().filter(late).count();
            let any = done.diff.moved.len() - forced;
            let clean = judge(live.problem(), live.travel(), live.plan()).is_clean();
            println!(
                "  {which}, {seconds} s (took {took:.2} s): cost {} -> {}, left out {}, taken over {forced}, others moved: \
                 {handed} to someone else, {later} by more than 15 min, {any} at all of {visits} ({:.1} %), clean {clean}",
                done.diff.cost.0,
                done.diff.cost.1,
                done.diff.unassigned.len(),
                100.0 * any as f64 / visits as f64,
            );
        }
    }
}

fn main() {
    // Names of parts as arguments choose among them; `cargo bench` adds one of its own.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let parts: [(&str, fn()); 3] =
        [("recommending", recommending), ("answering", answering), ("replanning", replanning)];
    for (name, run) in parts {
        if asked.is_empty() || asked.iter().any(|word| word == name) {
            run();
        }
    }
}
