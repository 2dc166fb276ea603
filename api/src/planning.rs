//! One plan: what was asked for, the search, the judge. Threads, leases and stores are not here.

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::roads::{self, Maps, World};
use crate::service::Seconds;
use dispatch_data::bill::Score;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format;
use dispatch_data::judge::judge;
use dispatch_data::lang::{Text, value};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::rule::Rule;
use dispatch_data::say;
use dispatch_solver::decompose::InParts;
use dispatch_solver::{Params, Progress, Stop, refusals, solve_with};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// When a search stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Budget {
    Seconds(f64),
    Iterations(u64),
}

/// How a plan is to be made: `seconds` or `iterations`, and `seed`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) budget: Budget,
    pub(crate) seed: u64,
}

/// Most iterations that a request may ask for: a search is also cut at the limit of seconds.
pub(crate) const ITERATIONS: u64 = 1_000_000_000;

impl Wish {
    /// What is done where nothing is asked for.
    pub(crate) fn usual(limits: &Limits) -> Self {
        Self { budget: Budget::Seconds(limits.default_seconds.min(limits.seconds)), seed: 1 }
    }
    /// Reads the query, key by key.
    ///
    /// # Errors
    /// All findings: unknown keys, values that do not read or lie outside the limits, both budgets.
    pub(crate) fn of(query: &[(String, String)], limits: &Limits) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut wish = Self::usual(limits);
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
    /// As it stands in the store.
    pub(crate) fn to_json(self) -> Value {
        let Self { budget, seed } = self;
        match budget {
            Budget::Seconds(seconds) => json!({"seconds": seconds, "seed": seed}),
            Budget::Iterations(total) => json!({"iterations": total, "seed": seed}),
        }
    }
    /// From the store; the usual where it does not read.
    pub(crate) fn from_json(task: &Value, limits: &Limits) -> Self {
        let usual = Self::usual(limits);
        let seconds = task["seconds"].as_f64().map(Budget::Seconds);
        let budget = task["iterations"].as_u64().map(Budget::Iterations).or(seconds).unwrap_or(usual.budget);
        Self { budget, seed: task["seed"].as_u64().unwrap_or(usual.seed) }
    }
}

/// Refuses a valid problem that is over a limit or that this service cannot solve.
///
/// # Errors
/// The limit that is passed, or everything that search and roads cannot honour.
pub(crate) fn admit(problem: &Problem, limits: &Limits, maps: &Maps) -> Result<(), Refusal> {
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
    let mut findings = refusals(problem);
    findings.extend(roads::findings(problem, maps));
    if findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(findings)) }
}

/// What a search may use, and who hears of it.
pub(crate) struct Effort<'a> {
    pub(crate) wish: Wish,
    /// No search takes longer than this, whatever was asked for.
    pub(crate) most_seconds: f64,
    pub(crate) threads: usize,
    pub(crate) seconds: &'a Seconds,
    /// Raised: the best plan so far is the answer.
    pub(crate) cancel: &'a AtomicBool,
    pub(crate) listener: &'a (dyn Fn(Progress) + Sync),
}

impl Effort<'_> {
    /// Runs a search on the calling thread and its islands' threads.
    pub(crate) fn search<T>(&self, run: impl FnOnce(&Params, &Stop<'_>) -> T) -> T {
        let Self { wish, most_seconds, threads, seconds, cancel, listener } = self;
        let start = seconds();
        let late = |limit: f64| (seconds() - start) / limit;
        // The limit of seconds holds for iterations too; the search hears of it at its next report.
        let watch = |progress: Progress| {
            if late(*most_seconds) >= 1.0 {
                cancel.store(true, Ordering::Relaxed);
            }
            listener(progress);
        };
        let params = Params { seed: wish.seed, threads: *threads, ..Params::default() };
        let (params, stop) = match wish.budget {
            Budget::Seconds(limit) => {
                (Params { islands: *threads, ..params }, Stop::share(move || late(limit)).with_seconds(limit))
            }
            Budget::Iterations(total) => (params, Stop::iterations(total)),
        };
        run(&params, &stop.with_cancel(cancel).with_progress(&watch))
    }
    /// Searches, then judges. `None` for a plan that breaks a rule, which would be a mistake of ours.
    pub(crate) fn plan(&self, problem: &Problem, world: &World, parts: InParts<'_>) -> Option<(Plan, Score)> {
        let from = problem.current.as_ref();
        let plan = self.search(|params, stop| solve_with(problem, &world.travel, from, params, stop, parts).plan);
        let verdict = judge(problem, &world.travel, &plan);
        if verdict.is_clean() && verdict.claimed_bill_matches {
            return Some((plan, verdict.score));
        }
        for violation in &verdict.violations {
            tracing::error!(violation = %violation, "a plan of ours breaks a rule");
        }
        None
    }
}

/// Score, cost, bill and key figures of a written plan, for whoever does not want all of it.
pub(crate) fn summary(written: &Value, score: &Score) -> Value {
    let unassigned = written["unassigned"].as_array().map(Vec::as_slice).unwrap_or_default();
    let left_out: Vec<&Value> = unassigned.iter().map(|left| &left["job"]).collect();
    json!({
        "score": score_json(score),
        "cost": written["cost"],
        "bill": written["bill"],
        "kpis": written["kpis"],
        "sla_at_risk": written["sla_at_risk"],
        "left_out": left_out,
        "iterations": written["iterations"],
        "bound": written["bound"],
        "gap": written["gap"],
    })
}

/// How a plan compares with others.
pub(crate) fn score_json(score: &Score) -> Value {
    let Score { violations, unassigned: [p1, p2, p3, p4, other], cost } = score;
    let unassigned = json!({"P1": p1, "P2": p2, "P3": p3, "P4": p4, "none": other});
    json!({"violations": violations, "unassigned": unassigned, "cost": cost.0})
}

/// What webhooks are told of a plan: event and body.
pub(crate) fn messages(id: &str, problem: &Problem, plan: &Plan, summary: &Value) -> Vec<(&'static str, String)> {
    let mut messages = vec![("plan.done", json!({"event": "plan.done", "plan": id, "summary": summary}))];
    let jobs = |wanted: &dyn Fn(&dispatch_data::plan::Unassigned) -> bool| -> Vec<Value> {
        let left = plan.unassigned.iter().filter(|left| wanted(left));
        left.map(|left| json!(problem.job(left.job).id)).collect()
    };
    let lacks_parts = |left: &dispatch_data::plan::Unassigned| {
        left.reasons.iter().any(|reason| matches!(reason.rule, Some(Rule::Parts | Rule::Stock)))
    };
    for (event, jobs) in [("job.unassigned", jobs(&|_| true)), ("part.short", jobs(&lacks_parts))] {
        if !jobs.is_empty() {
            messages.push((event, json!({"event": event, "plan": id, "jobs": jobs})));
        }
    }
    let risks = summary["sla_at_risk"].as_array().cloned().unwrap_or_default();
    let late = |risk: &Value| risk["state"] == "late";
    let (late, near): (Vec<Value>, Vec<Value>) = risks.into_iter().partition(late);
    for (event, promises) in [("sla.breached", late), ("sla.at_risk", near)] {
        if !promises.is_empty() {
            messages.push((event, json!({"event": event, "plan": id, "promises": promises})));
        }
    }
    messages.into_iter().map(|(event, body)| (event, body.to_string())).collect()
}

/// The same of a plan that follows another: what it did not say already. `before` is the summary of the
/// version before.
pub(crate) fn later_messages(
    id: &str,
    version: i64,
    (problem, plan): (&Problem, &Plan),
    (before, summary): (&Value, &Value),
) -> Vec<(&'static str, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let known_left = list(&before["left_out"]);
    let known_risks = list(&before["sla_at_risk"]);
    let same = |one: &Value, other: &Value| ["job", "event", "state"].iter().all(|key| one[*key] == other[*key]);
    let all = messages(id, problem, plan, summary);
    let fresh = |(event, body): (&'static str, String)| {
        let mut body: Value = serde_json::from_str(&body).ok()?;
        match event {
            "plan.done" => return None,
            "job.unassigned" | "part.short" => {
                body["jobs"].as_array_mut()?.retain(|job| !known_left.contains(job));
                body["jobs"].as_array().filter(|jobs| !jobs.is_empty())?;
            }
            _ => {
                body["promises"].as_array_mut()?.retain(|risk| !known_risks.iter().any(|known| same(known, risk)));
                body["promises"].as_array().filter(|promises| !promises.is_empty())?;
            }
        }
        body["version"] = json!(version);
        Some((event, body.to_string()))
    };
    all.into_iter().filter_map(fresh).collect()
}

/// Reads a plan that the store holds, with its problem. Both were valid when they came.
pub(crate) fn reread(problem: &str, plan: &str) -> Option<(Problem, Plan)> {
    let problem = format::read_problem(problem).ok()?;
    let plan = format::read_plan(&problem, plan).ok()?;
    Some((problem, plan))
}

/// An object from a value that is one.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
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

    #[test]
    fn a_wish_comes_back_from_the_store_as_it_went_in() {
        for budget in [Budget::Seconds(2.5), Budget::Iterations(300)] {
            let wish = Wish { budget, seed: u64::MAX };
            assert_eq!(Wish::from_json(&wish.to_json(), &Limits::default()), wish);
        }
    }
}
