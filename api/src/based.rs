//! `POST /v1/plans` with `base_plan`: the problem of a plan that is there, with changes; the search
//! begins from that plan, as far as the changes leave it standing.

use crate::fields::Fields;
use crate::gate::Caller;
use crate::plans::examine;
use crate::refusal::Refusal;
use crate::scenarios::{CHANGES, apply};
use crate::service::Service;
use crate::store::{Kind, StoreError, Version};
use dispatch_data::finding::Finding;
use dispatch_data::say;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

/// A plan that is asked for by another one.
pub(crate) struct Based {
    plan: String,
    version: Option<i64>,
    changes: Value,
}

/// Reads a body that names a base; nothing where it is a problem of its own.
///
/// # Errors
/// All findings of a body that names one.
pub(crate) fn read(text: &str) -> Result<Option<Based>, Refusal> {
    // Most problems need no second look.
    if !text.contains("\"base_plan\"") {
        return Ok(None);
    }
    let named = serde_json::from_str::<Value>(text).is_ok_and(|body| body.get("base_plan").is_some());
    if !named {
        return Ok(None);
    }
    let mut fields = Fields::read(text, &["base_plan", "version", "changes"])?;
    let plan = fields.text("base_plan", 1, 100).unwrap_or_default();
    let version = fields.whole("version", 1, i64::MAX.unsigned_abs()).and_then(|version| i64::try_from(version).ok());
    let changes = fields.maybe_list("changes", 0, CHANGES).unwrap_or_default();
    fields.done()?;
    Ok(Some(Based { plan, version, changes: Value::Array(changes) }))
}

impl Based {
    /// The problem as it will be solved, read and admitted.
    ///
    /// # Errors
    /// No such plan, a change that cannot be made, findings of what the changes lead to.
    pub(crate) async fn problem(self, service: &Arc<Service>, caller: &Caller) -> Result<String, Refusal> {
        let Self { plan, version, changes } = self;
        let job = service.store.job(&caller.tenant, Kind::Plan, &plan).await?;
        if job.version == 0 {
            return Err(Refusal::NoPlanYet);
        }
        let found = service.store.version(&caller.tenant, &plan, version).await.map_err(|error| match error {
            StoreError::Unknown => Refusal::NoSuchThing { what: "version" },
            other => other.into(),
        })?;
        let changed = tokio::task::spawn_blocking(move || changed(&found, &changes)).await;
        let text = changed.map_err(|_| Refusal::Internal)??;
        examine(service, text.clone()).await.map_err(|refusal| match refusal {
            Refusal::Invalid(findings) => {
                let note = |finding: Finding| finding.hint(say!("in the problem that {} leads to", "/changes"));
                Refusal::Invalid(findings.into_iter().map(note).collect())
            }
            other => other,
        })?;
        Ok(text)
    }
}

fn changed(found: &Version, changes: &Value) -> Result<String, Refusal> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|_| Refusal::Internal);
    let (mut problem, plan) = (parse(&found.problem)?, parse(&found.plan)?);
    problem["current_plan"] = plan;
    let sites = problem["sites"].clone();
    let mut problem = apply(problem, changes, "/changes").map_err(|finding| Refusal::Invalid(vec![*finding]))?;
    prune(&mut problem, &sites);
    Ok(problem.to_string())
}

/// Takes out of the current plan who and what is no longer there. What is left of a day is a start for
/// the search, which settles times and parts itself.
fn prune(problem: &mut Value, sites_before: &Value) {
    let ids = |list: &Value| -> HashSet<String> {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
    };
    let as_before: HashSet<String> = {
        let before = sites_before.as_array().map(Vec::as_slice).unwrap_or_default();
        let now = problem["sites"].as_array().into_iter().flatten();
        now.filter(|site| before.contains(site)).filter_map(|site| site["id"].as_str().map(str::to_owned)).collect()
    };
    let (technicians, jobs) = (ids(&problem["technicians"]), ids(&problem["jobs"]));
    let plan = &mut problem["current_plan"];
    let known = |set: &HashSet<String>, id: &Value| id.as_str().is_some_and(|id| set.contains(id));
    if let Some(routes) = plan["routes"].as_array_mut() {
        routes.retain(|route| known(&technicians, &route["technician"]));
        for route in routes.iter_mut() {
            let Some(stops) = route["stops"].as_array_mut() else { continue };
            let before = stops.len();
            stops.retain(|stop| stop["type"] == "collection" || known(&jobs, &stop["job"]));
            let fewer = stops.len() < before;
            for stop in stops.iter_mut().filter_map(Value::as_object_mut) {
                if fewer {
                    // They name their collections by position.
                    stop.shift_remove("parts");
                }
                if stop.get("site").is_none_or(|site| known(&as_before, site)) {
                    continue;
                }
                // A lot may be another one by now, or gone.
                for take in stop.get_mut("takes").and_then(Value::as_array_mut).into_iter().flatten() {
                    take.as_object_mut().map(|take| take.shift_remove("available_at"));
                }
            }
        }
        routes.retain(|route| {
            route["stops"].as_array().is_some_and(|stops| stops.iter().any(|stop| stop["type"] == "visit"))
        });
    }
    plan["unassigned"] = json!([]);
    for key in ["bill", "cost", "bound", "gap", "kpis", "sla_at_risk", "pick_lists"] {
        plan.as_object_mut().map(|plan| plan.shift_remove(key));
    }
}
