//! One plan: what the request asked for, the search on threads of its own, the judge.

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::travel;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::judge::judge;
use dispatch_data::lang::{Text, value};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_solver::{Params, Stop, refusals, solve};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// When a search stops.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Budget {
    Seconds(f64),
    Iterations(u64),
}

/// What the query of a request asks for: `seconds` or `iterations`, and `seed`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wish {
    budget: Budget,
    seed: u64,
}

/// Most iterations that a request may ask for: a search is also cut at the limit of seconds.
const ITERATIONS: u64 = 1_000_000_000;

impl Wish {
    /// Reads the query, key by key.
    ///
    /// # Errors
    /// All findings: unknown keys, values that do not read or lie outside the limits, both budgets.
    pub(crate) fn of(query: &[(String, String)], limits: &Limits) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut wish = Self { budget: Budget::Seconds(limits.default_seconds), seed: 1 };
        for (at, (key, text)) in query.iter().enumerate() {
            if query[..at].iter().any(|(earlier, _)| earlier == key) {
                findings.push(Finding::new(format!("?{key}"), Code::RepeatedKey, say!("each key once"), value(key)));
                continue;
            }
            let wrong = |expected: Text| Finding::new(format!("?{key}"), Code::OutOfRange, expected, value(text));
            match key.as_str() {
                "seconds" => match text.parse::<f64>() {
                    Ok(seconds) if seconds > 0.0 && seconds <= limits.seconds => wish.budget = Budget::Seconds(seconds),
                    _ => findings.push(wrong(say!("a number above 0 and at most {}", limits.seconds))),
                },
                "iterations" => match text.parse::<u64>() {
                    Ok(total) if total <= ITERATIONS => wish.budget = Budget::Iterations(total),
                    _ => findings.push(wrong(say!("a whole number from 0 to {}", ITERATIONS))),
                },
                "seed" => match text.parse::<u64>() {
                    Ok(seed) => wish.seed = seed,
                    Err(_) => findings.push(wrong(say!("a whole number of 64 bits"))),
                },
                _ => {
                    let expected = say!("seconds, iterations or seed");
                    findings.push(Finding::new(format!("?{key}"), Code::UnknownKey, expected, value(key)));
                }
            }
        }
        let has = |wanted: &str| query.iter().any(|(key, _)| key == wanted);
        if has("seconds") && has("iterations") {
            let both = Finding::new("?iterations", Code::Contradiction, say!("seconds or iterations"), say!("both"));
            findings.push(both);
        }
        if findings.is_empty() { Ok(wish) } else { Err(findings) }
    }
}

/// A problem that is within the limits and that this service can solve, with its travel.
pub(crate) struct Task {
    problem: Problem,
    travel: Travel,
}

impl Task {
    /// Takes a valid problem in.
    ///
    /// # Errors
    /// A limit that is passed, or what the search or the service cannot honour yet.
    pub(crate) fn of(problem: Problem, limits: &Limits) -> Result<Self, Refusal> {
        let counts = [
            ("jobs", limits.jobs, problem.jobs.len()),
            ("places", limits.places, problem.places.len()),
            ("shifts", limits.shifts, problem.shifts.len()),
        ];
        for (what, limit, value) in counts {
            if value > limit {
                return Err(Refusal::OverLimit { what, limit, value });
            }
        }
        let mut refused = refusals(&problem);
        match travel::without_roads(&problem) {
            Some(travel) if refused.is_empty() => Ok(Self { problem, travel }),
            Some(_) => Err(Refusal::Invalid(refused)),
            None => {
                let expected = say!("\"matrices\" or \"great_circle\"");
                let finding = Finding::new("/travel", Code::NotSupportedYet, expected, value("\"roads\""));
                refused.push(finding.hint(say!("this service has no maps yet; the command line solves on roads")));
                Err(Refusal::Invalid(refused))
            }
        }
    }
    /// The problem.
    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }
    /// Searches on the calling thread and its islands' threads, then judges. `None` for a plan that
    /// breaks a rule, which would be a mistake of ours.
    pub(crate) fn plan(&self, service: &Service, wish: Wish, cancel: &AtomicBool) -> Option<Plan> {
        let Limits { seconds: most, threads, plans_at_once, .. } = service.limits;
        let threads = (threads / plans_at_once.max(1)).max(1);
        let start = (service.seconds)();
        let late = |limit: f64| ((service.seconds)() - start) / limit;
        let params = Params { seed: wish.seed, threads, ..Params::default() };
        let plan = match wish.budget {
            Budget::Seconds(limit) => {
                let params = Params { islands: threads, ..params };
                let stop = Stop::share(|| late(limit)).with_seconds(limit).with_cancel(cancel);
                solve(&self.problem, &self.travel, &params, &stop).plan
            }
            Budget::Iterations(total) => {
                // The limit of seconds holds here too; the search hears of it at its next report.
                let watch = |_| {
                    if late(most) >= 1.0 {
                        cancel.store(true, Ordering::Relaxed);
                    }
                };
                let stop = Stop::iterations(total).with_cancel(cancel).with_progress(&watch);
                solve(&self.problem, &self.travel, &params, &stop).plan
            }
        };
        let verdict = judge(&self.problem, &self.travel, &plan);
        (verdict.is_clean() && verdict.claimed_bill_matches).then_some(plan)
    }
}

/// Makes a plan without holding up other requests. When the caller goes away, the search stops.
pub(crate) async fn make(service: Arc<Service>, task: Task, wish: Wish) -> Result<(Task, Plan), Refusal> {
    let busy = Refusal::Busy { limit: service.limits.plans_at_once };
    let permit = Arc::clone(&service.slots).try_acquire_owned().map_err(|_| busy)?;
    let cancel = Arc::new(AtomicBool::new(false));
    let caller = RaisedOnDrop(Arc::clone(&cancel));
    let work = tokio::task::spawn_blocking(move || {
        let plan = task.plan(&service, wish, &cancel);
        drop(permit);
        plan.map(|plan| (task, plan))
    });
    let made = work.await;
    drop(caller);
    made.ok().flatten().ok_or(Refusal::Internal)
}

/// Raises its flag when it goes out of scope.
struct RaisedOnDrop(Arc<AtomicBool>);

impl Drop for RaisedOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(pairs: &[(&str, &str)]) -> Result<Wish, Vec<Finding>> {
        let query: Vec<(String, String)> =
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Wish::of(&query, &Limits::default())
    }

    #[test]
    fn a_query_names_one_budget() {
        assert_eq!(wish(&[("seconds", "2.5"), ("seed", "7")]), Ok(Wish { budget: Budget::Seconds(2.5), seed: 7 }));
        assert_eq!(wish(&[("iterations", "300")]), Ok(Wish { budget: Budget::Iterations(300), seed: 1 }));
        let both = wish(&[("iterations", "300"), ("seconds", "1")]).unwrap_err();
        assert_eq!(both[0].code, Code::Contradiction);
    }

    #[test]
    fn every_wrong_key_and_value_is_found() {
        let found = wish(&[("seconds", "NaN"), ("seed", "-1"), ("sceonds", "1"), ("seed", "2")]).unwrap_err();
        let found: Vec<(&str, Code)> = found.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
        let (range, unknown, repeated) = (Code::OutOfRange, Code::UnknownKey, Code::RepeatedKey);
        assert_eq!(found, [("?seconds", range), ("?seed", range), ("?sceonds", unknown), ("?seed", repeated)]);
    }
}
