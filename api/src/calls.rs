//! Every call of the service, once: its path, who may make it, what it takes and gives, who answers.
//!
//! The router and the OpenAPI document are both made from this table, so neither can say what the
//! other does not.
//!
//! A new call is a row here and a handler in a file of its own. One that works with a stored plan takes
//! it with [`crate::opened::open`] (problem, travel and plan of a version) and puts a changed one behind
//! the version it began with by [`crate::store::Store::commit_version`], which refuses stale ones.

use crate::gate::gate;
use crate::operations as ops;
use crate::service::Service;
use crate::store::Scope;
use crate::{evaluate, exports, hooks, keyring, plans, scenarios, stream, travelling, validate, vroom};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, post};
use std::sync::Arc;

/// What a call gives when it succeeds.
pub(crate) struct Gives {
    pub(crate) status: u16,
    pub(crate) meaning: &'static str,
    pub(crate) media: &'static str,
    /// Name of the schema; for media that have none, nothing.
    pub(crate) schema: Option<&'static str>,
}

/// A value of the query or of the head of a request: name, name of its schema, meaning.
pub(crate) type Parameter = (&'static str, &'static str, &'static str);

/// One call.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Its name for generated clients.
    pub(crate) name: &'static str,
    /// What a key must allow; `None`: anyone may ask.
    pub(crate) scope: Option<Scope>,
    pub(crate) summary: &'static str,
    pub(crate) query: &'static [Parameter],
    pub(crate) head: &'static [Parameter],
    /// Schema of the body.
    pub(crate) takes: Option<&'static str>,
    pub(crate) gives: &'static [Gives],
    /// Statuses of refusals, beyond those that every call of its kind may give.
    pub(crate) refuses: &'static [u16],
    /// Who answers; `None` where the call of another row does, since paths are matched whole.
    pub(crate) handler: Option<fn() -> MethodRouter<Arc<Service>>>,
}

const JSON: &str = "application/json";

const fn ok(schema: &'static str, meaning: &'static str) -> Gives {
    Gives { status: 200, meaning, media: JSON, schema: Some(schema) }
}

const WAIT: Parameter = ("Prefer", "Prefer", "`wait=SECONDS`: answer when the plan is done, or when the time is over");

const VERSION: Parameter = ("version", "Ordinal", "an older version of the plan");

/// All calls, in the order in which they are documented.
pub(crate) const CALLS: &[Call] = &[
    Call {
        method: "post",
        path: "/v1/plans",
        name: "submitPlan",
        scope: Some(Scope::Plan),
        summary: "Hand a problem in; its plan is made as a job. An accepted job is never lost: it is finished after a \
                  crash or a restart too.",
        query: &[
            ("seconds", "Seconds", "time to search"),
            ("iterations", "Iterations", "iterations to search instead: the same seed gives the same plan"),
            ("seed", "Seed", "seed of all randomness"),
        ],
        head: &[
            WAIT,
            ("Idempotency-Key", "IdempotencyKey", "the same key with the same request gives the same job, not another"),
        ],
        takes: Some("Problem"),
        gives: &[
            Gives { status: 202, meaning: "accepted; ask at `Location`", media: JSON, schema: Some("Job") },
            ok("Job", "done within the time that `Prefer` gave"),
        ],
        refuses: &[429],
        handler: Some(|| post(plans::submit)),
    },
    Call {
        method: "get",
        path: "/v1/plans",
        name: "listPlans",
        scope: Some(Scope::Read),
        summary: "The newest plans of the tenant.",
        query: &[
            ("limit", "Ordinal", "most plans of this page"),
            ("before", "Count", "`next_before` of the page before this one"),
        ],
        head: &[],
        takes: None,
        gives: &[ok("JobList", "plans without their routes, newest first")],
        refuses: &[422],
        handler: Some(|| get(plans::list)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}",
        name: "getPlan",
        scope: Some(Scope::Read),
        summary: "How far a plan is, and the plan once it is there.",
        query: &[
            ("version", "Ordinal", "an older version of the plan"),
            ("plan", "Flag", "`false` leaves the routes out"),
        ],
        head: &[WAIT],
        takes: None,
        gives: &[ok("Job", "the job, with its plan where there is one")],
        refuses: &[404, 422],
        handler: Some(|| get(plans::look)),
    },
    Call {
        method: "delete",
        path: "/v1/plans/{id}",
        name: "stopPlan",
        scope: Some(Scope::Plan),
        summary: "Stop the search. The best plan found until then is kept and returned.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[
            ok("Job", "it has stopped, or had ended before"),
            Gives { status: 202, meaning: "it will stop in a moment", media: JSON, schema: Some("Job") },
        ],
        refuses: &[404],
        handler: Some(|| delete(plans::stop)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/versions",
        name: "listVersions",
        scope: Some(Scope::Read),
        summary: "The versions of a plan, oldest first.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Versions", "number, origin and score of each version")],
        refuses: &[404],
        handler: Some(|| get(plans::versions)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/events",
        name: "followPlan",
        scope: Some(Scope::Read),
        summary: "What happens to a plan as server-sent events: `queued`, `started`, `progress`, `incumbent` (a cheaper \
                  plan was found), `handed_back`, `done`, and `version` for later ones. Ends after `done`.",
        query: &[],
        head: &[("Last-Event-ID", "Count", "go on after this event")],
        takes: None,
        gives: &[Gives { status: 200, meaning: "events until the end", media: "text/event-stream", schema: None }],
        refuses: &[404],
        handler: Some(|| get(stream::follow)),
    },
    Call {
        method: "post",
        path: "/v1/plans/{id}/evaluate",
        name: "evaluatePlan",
        scope: Some(Scope::Plan),
        summary: "The judge's word on a plan changed by hand, for the problem of the stored one: every violation, the \
                  whole price, and what it adds to the stored version term by term. Nothing is stored.",
        query: &[VERSION],
        head: &[],
        takes: Some("Plan"),
        gives: &[ok("Evaluation", "the verdict, clean or not")],
        refuses: &[404, 409],
        handler: Some(|| post(evaluate::evaluate)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}.geojson",
        name: "getGeoJson",
        scope: Some(Scope::Read),
        summary: "Routes and stops as map layers, along the roads where the plan was made on roads.",
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "GeoJSON", media: "application/geo+json", schema: Some("Any") }],
        refuses: &[404, 409, 422],
        handler: None,
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}.csv",
        name: "getCsv",
        scope: Some(Scope::Read),
        summary: "All stops as a table.",
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "CSV", media: "text/csv; charset=utf-8", schema: None }],
        refuses: &[404, 409, 422],
        handler: None,
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/technicians/{technician}.ics",
        name: "getCalendar",
        scope: Some(Scope::Read),
        summary: "A technician's visits, collections and breaks as a calendar.",
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "iCalendar", media: "text/calendar; charset=utf-8", schema: None }],
        refuses: &[404, 409, 422],
        handler: Some(|| get(exports::calendar)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/picks",
        name: "getPicks",
        scope: Some(Scope::Read),
        summary: "What each site has to lay out, for whom and when.",
        query: &[
            VERSION,
            ("site", "Text", "of this site alone"),
            ("form", "PickForm", "`csv` for a table of all sites"),
        ],
        head: &[],
        takes: None,
        gives: &[ok("Picks", "pick lists by site; with `form=csv` a table")],
        refuses: &[404, 409, 422],
        handler: Some(|| get(exports::picks)),
    },
    Call {
        method: "post",
        path: "/v1/scenarios",
        name: "submitStudy",
        scope: Some(Scope::Plan),
        summary: "What if? A base problem and scenarios, each a list of changes; every scenario is solved with every \
                  seed under the same budget, as jobs, by all workers there are.",
        query: &[],
        head: &[],
        takes: Some("NewStudy"),
        gives: &[Gives { status: 202, meaning: "accepted; ask at `Location`", media: JSON, schema: Some("Study") }],
        refuses: &[429],
        handler: Some(|| post(scenarios::submit)),
    },
    Call {
        method: "get",
        path: "/v1/scenarios/{id}",
        name: "getStudy",
        scope: Some(Scope::Read),
        summary: "Key figures of every scenario with their spread over the seeds, the difference to the base seed by \
                  seed, and the jobs that fall out or come in.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Study", "what the runs have shown so far")],
        refuses: &[404],
        handler: Some(|| get(scenarios::look)),
    },
    Call {
        method: "delete",
        path: "/v1/scenarios/{id}",
        name: "stopStudy",
        scope: Some(Scope::Plan),
        summary: "Stop what is left of a study. What its runs have shown stays.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 204, meaning: "it stops", media: "", schema: None }],
        refuses: &[404],
        handler: Some(|| delete(scenarios::stop)),
    },
    Call {
        method: "post",
        path: "/v1/matrix",
        name: "getMatrix",
        scope: Some(Scope::Plan),
        summary: "Seconds and metres between all places: over the roads of a map, or by great circle where none is \
                  named.",
        query: &[],
        head: &[],
        takes: Some("Places"),
        gives: &[ok("Matrix", "a row for each place that is left; null where there is no way")],
        refuses: &[],
        handler: Some(|| post(travelling::matrix)),
    },
    Call {
        method: "post",
        path: "/v1/route",
        name: "getRoute",
        scope: Some(Scope::Plan),
        summary: "The fastest way over roads from place to place, with its line.",
        query: &[],
        head: &[],
        takes: Some("PlacesOnRoads"),
        gives: &[ok("Route", "a leg for each pair of neighbours")],
        refuses: &[],
        handler: Some(|| post(travelling::route)),
    },
    Call {
        method: "post",
        path: "/v1/snap",
        name: "snapPlaces",
        scope: Some(Scope::Plan),
        summary: "The nearest point of the nearest road, for each place.",
        query: &[],
        head: &[],
        takes: Some("PlacesOnRoads"),
        gives: &[ok("SnappedPlaces", "in the order of the places")],
        refuses: &[],
        handler: Some(|| post(travelling::snap)),
    },
    Call {
        method: "post",
        path: "/vroom",
        name: "solveVroom",
        scope: Some(Scope::Plan),
        summary: "A request in the shape of VROOM, answered in that shape. Errors in it come as `code` 2 with status \
                  400. Coordinates travel by great circle.",
        query: &[
            ("seconds", "Seconds", "time to search; 1 where nothing is said"),
            ("iterations", "Iterations", "iterations to search instead"),
            ("seed", "Seed", "seed of all randomness"),
        ],
        head: &[],
        takes: Some("VroomRequest"),
        gives: &[
            ok("VroomAnswer", "a solution"),
            Gives { status: 400, meaning: "the request is wrong", media: JSON, schema: Some("VroomError") },
        ],
        refuses: &[429],
        handler: Some(|| post(vroom::solve)),
    },
    Call {
        method: "post",
        path: "/v1/validate",
        name: "validateProblem",
        scope: Some(Scope::Plan),
        summary: "All findings of a problem at once; nothing is solved.",
        query: &[],
        head: &[],
        takes: Some("Problem"),
        gives: &[ok("Valid", "there are no findings")],
        refuses: &[],
        handler: Some(|| post(validate::validate)),
    },
    Call {
        method: "get",
        path: "/v1/limits",
        name: "getLimits",
        scope: Some(Scope::Read),
        summary: "What a request may ask for.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Limits", "every limit with its value")],
        refuses: &[],
        handler: Some(|| get(ops::limits)),
    },
    Call {
        method: "get",
        path: "/v1/schema/problem",
        name: "getProblemSchema",
        scope: None,
        summary: "The wire format of problems as JSON Schema.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "JSON Schema", media: "application/schema+json", schema: Some("Any") }],
        refuses: &[],
        handler: Some(|| get(ops::problem_schema)),
    },
    Call {
        method: "get",
        path: "/v1/schema/plan",
        name: "getPlanSchema",
        scope: None,
        summary: "The wire format of plans as JSON Schema.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "JSON Schema", media: "application/schema+json", schema: Some("Any") }],
        refuses: &[],
        handler: Some(|| get(ops::plan_schema)),
    },
    Call {
        method: "get",
        path: "/v1/keys",
        name: "listKeys",
        scope: Some(Scope::Admin),
        summary: "The API keys of the tenant, without the keys themselves.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Keys", "oldest first")],
        refuses: &[],
        handler: Some(|| get(keyring::list)),
    },
    Call {
        method: "post",
        path: "/v1/keys",
        name: "createKey",
        scope: Some(Scope::Admin),
        summary: "A new API key for the tenant. It is shown this once; only its hash is kept. From the first key on, \
                  nobody gets in without one.",
        query: &[],
        head: &[],
        takes: Some("NewKey"),
        gives: &[Gives { status: 201, meaning: "the key", media: JSON, schema: Some("CreatedKey") }],
        refuses: &[],
        handler: Some(|| post(keyring::create)),
    },
    Call {
        method: "delete",
        path: "/v1/keys/{id}",
        name: "revokeKey",
        scope: Some(Scope::Admin),
        summary: "Revoke an API key. It stops working within five seconds.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 204, meaning: "revoked", media: "", schema: None }],
        refuses: &[404],
        handler: Some(|| delete(keyring::revoke)),
    },
    Call {
        method: "get",
        path: "/v1/webhooks",
        name: "listWebhooks",
        scope: Some(Scope::Admin),
        summary: "The webhooks of the tenant, without their secrets.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Webhooks", "oldest first")],
        refuses: &[],
        handler: Some(|| get(hooks::list)),
    },
    Call {
        method: "post",
        path: "/v1/webhooks",
        name: "createWebhook",
        scope: Some(Scope::Admin),
        summary: "Be told when a plan is done, and of promises at risk or broken, jobs left out, parts that are short. \
                  Messages are signed: `Dispatch-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of `SECONDS.BODY` \
                  under the secret, which is shown this once. A message that is not answered with 2xx is sent again, up \
                  to 12 times; `Dispatch-Delivery` stays the same.",
        query: &[],
        head: &[],
        takes: Some("NewWebhook"),
        gives: &[Gives {
            status: 201,
            meaning: "the webhook with its secret",
            media: JSON,
            schema: Some("CreatedWebhook"),
        }],
        refuses: &[],
        handler: Some(|| post(hooks::create)),
    },
    Call {
        method: "delete",
        path: "/v1/webhooks/{id}",
        name: "removeWebhook",
        scope: Some(Scope::Admin),
        summary: "Remove a webhook, and what is on its way to it.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 204, meaning: "removed", media: "", schema: None }],
        refuses: &[404],
        handler: Some(|| delete(hooks::remove)),
    },
    Call {
        method: "get",
        path: "/livez",
        name: "isAlive",
        scope: None,
        summary: "Whether the process answers.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Status", "it does")],
        refuses: &[],
        handler: Some(|| get(ops::livez)),
    },
    Call {
        method: "get",
        path: "/readyz",
        name: "isReady",
        scope: None,
        summary: "Whether the service does its work: the store answers, and a tiny case has just been solved and judged.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Status", "it does")],
        refuses: &[503],
        handler: Some(|| get(ops::readyz)),
    },
    Call {
        method: "get",
        path: "/metrics",
        name: "getMetrics",
        scope: Some(Scope::Admin),
        summary: "What is counted, as text for Prometheus.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "metrics", media: "text/plain; version=0.0.4", schema: None }],
        refuses: &[],
        handler: Some(|| get(ops::metrics)),
    },
    Call {
        method: "get",
        path: "/version",
        name: "getVersion",
        scope: None,
        summary: "Name and version of the program and of the wire format.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("ProgramVersion", "both versions")],
        refuses: &[],
        handler: Some(|| get(ops::version)),
    },
    Call {
        method: "get",
        path: "/openapi.json",
        name: "getOpenApi",
        scope: None,
        summary: "This description.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Any", "OpenAPI 3.1")],
        refuses: &[],
        handler: Some(|| get(ops::openapi)),
    },
    Call {
        method: "get",
        path: "/docs",
        name: "getDocs",
        scope: None,
        summary: "This description as a page for people. It needs nothing from the internet.",
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: "the page", media: "text/html; charset=utf-8", schema: None }],
        refuses: &[],
        handler: Some(|| get(ops::docs)),
    },
];

impl Call {
    /// Every status that the call may give.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let mut statuses: Vec<u16> = self.gives.iter().map(|gives| gives.status).collect();
        statuses.extend(self.refuses);
        if self.scope.is_some() {
            statuses.extend([401, 403, 421, 503]);
        }
        if self.takes.is_some() {
            statuses.extend([408, 413, 415, 422]);
        }
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }
}

/// The routes of all calls, each behind the gate that its scope asks for.
pub(crate) fn router(service: &Arc<Service>) -> Router<Arc<Service>> {
    let mut router = Router::new();
    for call in CALLS {
        let Some(handler) = call.handler else { continue };
        let mut route = handler();
        if let Some(scope) = call.scope {
            route = route.route_layer(from_fn_with_state((Arc::clone(service), scope), gate));
        }
        // Paths are matched part by part; the handler looks at the end of the part.
        router = router.route(&call.path.replace("}.ics", "}"), route);
    }
    router
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_call_and_no_name_stands_twice() {
        let mut seen = HashSet::new();
        for call in CALLS {
            assert!(seen.insert((call.method, call.path)), "{} {}", call.method, call.path);
            assert!(seen.insert(("name", call.name)), "{}", call.name);
        }
    }
}
