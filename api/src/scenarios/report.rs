//! What a study has shown so far: per scenario its figures with their spread over the seeds, the
//! difference to the base seed by seed, and the jobs that come in or fall out.

use crate::answers::moment;
use crate::gate::Caller;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{JobState, StoreError};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Key figures that are compared: name, where they stand in the summary of a plan. Durations are told
/// in seconds.
const FIGURES: [(&str, &str); 13] = [
    ("cost", "/cost"),
    ("unassigned", "/kpis/unassigned"),
    ("promises_on_time", "/kpis/promises_on_time"),
    ("promises_at_risk", "/kpis/promises_at_risk"),
    ("promises_late", "/kpis/promises_late"),
    ("shifts", "/kpis/shifts"),
    ("visits", "/kpis/visits"),
    ("distance", "/kpis/distance"),
    ("utilisation", "/kpis/utilisation"),
    ("lateness", "/kpis/lateness"),
    ("travel", "/kpis/travel"),
    ("wait", "/kpis/wait"),
    ("overtime", "/kpis/overtime"),
];

/// Ids of jobs.
type Jobs = BTreeSet<String>;

/// A run that is done.
struct Done {
    scenario: usize,
    seed: u64,
    summary: Value,
}

/// The report of a tenant's study.
pub(super) async fn report(service: &Service, caller: &Caller, id: &str) -> Result<Value, Refusal> {
    let study = service.store.study(&caller.tenant, id).await.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "study" },
        other => other.into(),
    })?;
    let described: Value = serde_json::from_str(&study.body).map_err(|_| Refusal::Internal)?;
    let mut done = Vec::new();
    let mut states = Map::new();
    let results = service.store.results(id).await?;
    let (all, mut open) = (results.len(), 0);
    for (_, state, task, summary) in results {
        let count = states.get(state.word()).and_then(Value::as_u64).unwrap_or(0) + 1;
        states.insert(state.word().to_owned(), json!(count));
        open += usize::from(!state.is_final());
        let task: Value = serde_json::from_str(&task).unwrap_or_default();
        let scenario = task["scenario"].as_u64().and_then(|number| usize::try_from(number).ok());
        if let (JobState::Succeeded, Some(scenario), Some(seed), Some(summary)) =
            (state, scenario, task["seed"].as_u64(), summary)
        {
            let summary = serde_json::from_str(&summary).unwrap_or_default();
            done.push(Done { scenario, seed, summary });
        }
    }
    let names = described["names"].as_array().cloned().unwrap_or_default();
    let scenarios: Vec<Value> = names.iter().enumerate().map(|(number, name)| scenario(number, name, &done)).collect();
    Ok(json!({
        "id": id,
        "state": if open == 0 { "done" } else { "running" },
        "created_at": moment(study.created),
        "runs": all,
        "runs_open": open,
        "runs_by_state": states,
        "seeds": described["seeds"],
        "budget": described["budget"],
        "scenarios": scenarios,
    }))
}

fn scenario(number: usize, name: &Value, done: &[Done]) -> Value {
    let own: Vec<&Done> = done.iter().filter(|run| run.scenario == number).collect();
    let base = |seed: u64| done.iter().find(|run| run.scenario == 0 && run.seed == seed);
    let pairs: Vec<(&Done, &Done)> = own.iter().filter_map(|run| Some((*run, base(run.seed)?))).collect();
    let mut figures = Map::new();
    let mut change = Map::new();
    for (key, place) in FIGURES {
        let value = |run: &Done| run.summary.pointer(place).and_then(figure);
        let values: Vec<f64> = own.iter().filter_map(|run| value(run)).collect();
        figures.insert(key.to_owned(), spread(&values));
        let differences: Vec<f64> = pairs.iter().filter_map(|(own, base)| Some(value(own)? - value(base)?)).collect();
        change.insert(key.to_owned(), spread(&differences));
    }
    let mut answer = json!({"name": name, "runs": own.len(), "figures": figures, "bound": null});
    if number > 0 {
        // A job changes its state where it does so under every seed that both have: the search left it
        // no choice.
        let left = |run: &Done| -> Jobs {
            let jobs = run.summary["left_out"].as_array().into_iter().flatten();
            jobs.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let always = |from: fn(&(Jobs, Jobs)) -> Jobs| -> Vec<String> {
            let each = pairs.iter().map(|(own, base)| from(&(left(own), left(base))));
            each.reduce(|one, other| &one & &other).unwrap_or_default().into_iter().collect()
        };
        answer["change"] = Value::Object(change);
        answer["fall_out"] = json!(always(|(own, base)| own - base));
        answer["come_in"] = json!(always(|(own, base)| base - own));
    }
    answer
}

/// A number as it stands; a duration in seconds.
fn figure(value: &Value) -> Option<f64> {
    let duration = value.as_str().and_then(|text| text.parse::<jiff::SignedDuration>().ok());
    value.as_f64().or_else(|| duration.map(|duration| duration.as_secs_f64()))
}

/// Mean, least, most and standard deviation; null where there is nothing yet.
fn spread(values: &[f64]) -> Value {
    if values.is_empty() {
        return Value::Null;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    json!({"mean": mean, "min": least, "max": most, "deviation": variance.sqrt()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scenario: usize, seed: u64, cost: i64, left_out: &[&str]) -> Done {
        let summary = json!({"cost": cost, "left_out": left_out, "kpis": {"unassigned": left_out.len()}});
        Done { scenario, seed, summary }
    }

    #[test]
    fn differences_are_taken_seed_by_seed_and_jobs_change_under_all_of_them() {
        let done = [
            run(0, 1, 100, &["a", "b"]),
            run(0, 2, 200, &["a"]),
            run(1, 1, 110, &["b", "c"]),
            run(1, 2, 230, &["c", "d"]),
            run(1, 3, 999, &[]),
        ];
        let answer = scenario(1, &json!("x"), &done);
        assert_eq!(
            answer["change"]["cost"],
            json!({"mean": 20.0, "min": 10.0, "max": 30.0, "deviation": 200f64.sqrt()})
        );
        assert_eq!((&answer["fall_out"], &answer["come_in"]), (&json!(["c"]), &json!(["a"])));
        assert_eq!(answer["runs"], json!(3));
        assert_eq!(scenario(2, &json!("y"), &done)["figures"]["cost"], Value::Null);
    }
}
