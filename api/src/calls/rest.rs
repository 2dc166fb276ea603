//! Calls about plans, their files, what-if studies and travel; those of live plans are not here.

use super::{Call, Gives, JSON, VERSION, WAIT, ok};
use crate::store::Scope;
use crate::{evaluate, exports, plans, scenarios, stream, travelling, validate, vroom};
use axum::routing::{delete, get, post};
use dispatch_data::described;

/// In the order in which they are documented.
pub(super) const CALLS: &[Call] = &[
    Call {
        method: "post",
        path: "/v1/plans",
        name: "submitPlan",
        scope: Some(Scope::Plan),
        summary: described!(
            "Hand a problem in; its plan is made as a job. An accepted job is never lost: it is finished after a \
                  crash or a restart too. Instead of a problem, a plan that is there (`base_plan`) and changes of its \
                  problem: the search begins from that plan."
        ),
        query: &[
            ("seconds", "Seconds", described!("time to search")),
            ("iterations", "Iterations", described!("iterations to search instead: the same seed gives the same plan")),
            ("seed", "Seed", described!("seed of all randomness")),
        ],
        head: &[
            WAIT,
            (
                "Idempotency-Key",
                "IdempotencyKey",
                described!("the same key with the same request gives the same job, not another"),
            ),
        ],
        takes: Some("NewPlan"),
        gives: &[
            Gives { status: 202, meaning: described!("accepted; ask at `Location`"), media: JSON, schema: Some("Job") },
            ok("Job", described!("done within the time that `Prefer` gave")),
        ],
        // Of a plan to begin from: none of this id, or nothing planned yet.
        refuses: &[404, 409, 429],
        handler: Some(|| post(plans::submit)),
    },
    Call {
        method: "get",
        path: "/v1/plans",
        name: "listPlans",
        scope: Some(Scope::Read),
        summary: described!("The newest plans of the tenant."),
        query: &[
            ("limit", "Ordinal", described!("most plans of this page")),
            ("before", "Cursor", described!("`next_before` of the page before this one")),
        ],
        head: &[],
        takes: None,
        gives: &[ok("JobList", described!("plans without their routes, newest first"))],
        refuses: &[422],
        handler: Some(|| get(plans::list)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}",
        name: "getPlan",
        scope: Some(Scope::Read),
        summary: described!("How far a plan is, and the plan once it is there."),
        query: &[
            ("version", "Ordinal", described!("an older version of the plan")),
            ("plan", "Flag", described!("`false` leaves the routes out")),
        ],
        head: &[WAIT],
        takes: None,
        gives: &[ok("Job", described!("the job, with its plan where there is one"))],
        refuses: &[404, 422],
        handler: Some(|| get(plans::look)),
    },
    Call {
        method: "delete",
        path: "/v1/plans/{id}",
        name: "stopPlan",
        scope: Some(Scope::Plan),
        summary: described!("Stop the search. The best plan found until then is kept and returned."),
        query: &[],
        head: &[],
        takes: None,
        gives: &[
            ok("Job", described!("it has stopped, or had ended before")),
            Gives { status: 202, meaning: described!("it will stop in a moment"), media: JSON, schema: Some("Job") },
        ],
        // With an ending it is the path of a file.
        refuses: &[404, 405],
        handler: Some(|| delete(plans::stop)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/versions",
        name: "listVersions",
        scope: Some(Scope::Read),
        summary: described!("The versions of a plan, oldest first."),
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Versions", described!("number, origin and score of each version"))],
        refuses: &[404],
        handler: Some(|| get(plans::versions)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/events",
        name: "followPlan",
        scope: Some(Scope::Read),
        summary: described!(
            "What happens to a plan as server-sent events: `queued`, `started`, `progress`, `incumbent` (a cheaper \
                  plan was found), `handed_back`, `done`, and `version` for later ones. Ends after `done`."
        ),
        query: &[],
        head: &[("Last-Event-ID", "Count", described!("go on after this event"))],
        takes: None,
        gives: &[Gives {
            status: 200,
            meaning: described!("events until the end"),
            media: "text/event-stream",
            schema: None,
        }],
        refuses: &[404],
        handler: Some(|| get(stream::follow)),
    },
    Call {
        method: "post",
        path: "/v1/plans/{id}/evaluate",
        name: "evaluatePlan",
        scope: Some(Scope::Plan),
        summary: described!(
            "The judge's word on a plan changed by hand, for the problem of the stored one: every violation, the \
                  whole price, and what it adds to the stored version term by term. Nothing is stored."
        ),
        query: &[VERSION],
        head: &[],
        takes: Some("Plan"),
        gives: &[ok("Evaluation", described!("the verdict, clean or not"))],
        refuses: &[404, 409],
        handler: Some(|| post(evaluate::evaluate)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}.geojson",
        name: "getGeoJson",
        scope: Some(Scope::Read),
        summary: described!("Routes and stops as map layers, along the roads where the plan was made on roads."),
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives {
            status: 200,
            meaning: described!("GeoJSON"),
            media: "application/geo+json",
            schema: Some("Any"),
        }],
        refuses: &[404, 409, 422],
        handler: None,
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}.csv",
        name: "getCsv",
        scope: Some(Scope::Read),
        summary: described!("All stops as a table."),
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives { status: 200, meaning: described!("CSV"), media: "text/csv; charset=utf-8", schema: None }],
        refuses: &[404, 409, 422],
        handler: None,
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/technicians/{technician}.ics",
        name: "getCalendar",
        scope: Some(Scope::Read),
        summary: described!("A technician's visits, collections and breaks as a calendar."),
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[Gives {
            status: 200,
            meaning: described!("iCalendar"),
            media: "text/calendar; charset=utf-8",
            schema: None,
        }],
        refuses: &[404, 409, 422],
        handler: Some(|| get(exports::calendar)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/picks",
        name: "getPicks",
        scope: Some(Scope::Read),
        summary: described!("What each site has to lay out, for whom and when."),
        query: &[
            VERSION,
            ("site", "Text", described!("of this site alone")),
            ("form", "PickForm", described!("`csv` for a table of all sites")),
        ],
        head: &[],
        takes: None,
        gives: &[ok("Picks", described!("pick lists by site; with `form=csv` a table"))],
        refuses: &[404, 409, 422],
        handler: Some(|| get(exports::picks)),
    },
    Call {
        method: "post",
        path: "/v1/scenarios",
        name: "submitStudy",
        scope: Some(Scope::Plan),
        summary: described!(
            "What if? A base problem and scenarios, each a list of changes; every scenario is solved with every \
                  seed under the same budget, as jobs, by all workers there are."
        ),
        query: &[],
        head: &[],
        takes: Some("NewStudy"),
        gives: &[Gives {
            status: 202,
            meaning: described!("accepted; ask at `Location`"),
            media: JSON,
            schema: Some("Study"),
        }],
        refuses: &[429],
        handler: Some(|| post(scenarios::submit)),
    },
    Call {
        method: "get",
        path: "/v1/scenarios/{id}",
        name: "getStudy",
        scope: Some(Scope::Read),
        summary: described!(
            "Key figures of every scenario with their spread over the seeds, the difference to the base seed by \
                  seed, and the jobs that fall out or come in."
        ),
        query: &[],
        head: &[],
        takes: None,
        gives: &[ok("Study", described!("what the runs have shown so far"))],
        refuses: &[404],
        handler: Some(|| get(scenarios::look)),
    },
    Call {
        method: "delete",
        path: "/v1/scenarios/{id}",
        name: "stopStudy",
        scope: Some(Scope::Plan),
        summary: described!("Stop what is left of a study. What its runs have shown stays."),
        query: &[],
        head: &[],
        takes: None,
        gives: &[Gives { status: 204, meaning: described!("it stops"), media: "", schema: None }],
        refuses: &[404],
        handler: Some(|| delete(scenarios::stop)),
    },
    Call {
        method: "post",
        path: "/v1/matrix",
        name: "getMatrix",
        scope: Some(Scope::Plan),
        summary: described!(
            "Seconds and metres between all places: over the roads of a map, or by great circle where none is \
                  named."
        ),
        query: &[],
        head: &[],
        takes: Some("Places"),
        gives: &[ok("Matrix", described!("a row for each place that is left; null where there is no way"))],
        refuses: &[],
        handler: Some(|| post(travelling::matrix)),
    },
    Call {
        method: "post",
        path: "/v1/route",
        name: "getRoute",
        scope: Some(Scope::Plan),
        summary: described!("The fastest way over roads from place to place, with its line."),
        query: &[],
        head: &[],
        takes: Some("PlacesOnRoads"),
        gives: &[ok("Route", described!("a leg for each pair of neighbours"))],
        refuses: &[],
        handler: Some(|| post(travelling::route)),
    },
    Call {
        method: "post",
        path: "/v1/snap",
        name: "snapPlaces",
        scope: Some(Scope::Plan),
        summary: described!("The nearest point of the nearest road, for each place."),
        query: &[],
        head: &[],
        takes: Some("PlacesOnRoads"),
        gives: &[ok("SnappedPlaces", described!("in the order of the places"))],
        refuses: &[],
        handler: Some(|| post(travelling::snap)),
    },
    Call {
        method: "post",
        path: "/vroom",
        name: "solveVroom",
        scope: Some(Scope::Plan),
        summary: described!(
            "A request in the shape of VROOM, answered in that shape. Errors in it come as `code` 2 with status \
                  400. Coordinates travel over the roads of `map`, or of the only map that the service has; by great \
                  circle where it has none, or several of which none is named."
        ),
        query: &[
            ("map", "Text", described!("the map whose roads are travelled")),
            ("seconds", "Seconds", described!("time to search; 1 where nothing is said")),
            ("iterations", "Iterations", described!("iterations to search instead")),
            ("seed", "Seed", described!("seed of all randomness")),
        ],
        head: &[],
        takes: Some("VroomRequest"),
        gives: &[
            ok("VroomAnswer", described!("a solution")),
            Gives { status: 400, meaning: described!("the request is wrong"), media: JSON, schema: Some("VroomError") },
        ],
        refuses: &[429],
        handler: Some(|| post(vroom::solve)),
    },
    Call {
        method: "post",
        path: "/v1/validate",
        name: "validateProblem",
        scope: Some(Scope::Plan),
        summary: described!("All findings of a problem at once; nothing is solved."),
        query: &[],
        head: &[],
        takes: Some("Problem"),
        gives: &[ok("Valid", described!("there are no findings"))],
        refuses: &[],
        handler: Some(|| post(validate::validate)),
    },
];
