//! Writing plans: what a plan states, and what its reader wants to know beside it.

use super::{Writer, instant, length};
use crate::bill::{Bill, Term};
use crate::export::{picks_json, promises};
use crate::ids::JobIx;
use crate::kpi::{JobFigures, Kpis, RouteFigures};
use crate::lang::Lang;
use crate::place::Place;
use crate::plan::{Activity, Plan, PlannedRoute, Stop, Unassigned};
use crate::problem::{Draft, Job, Problem, SlaEvent};
use crate::units::Cost;
use serde_json::{Map, Value, json};

/// A plan in the wire format: the plan itself, and as reports the slack of every promise, waiting
/// times, key figures, promises at risk and pick lists.
///
/// A plan whose indices do not belong to the problem, which no reader or search makes, panics.
pub fn write_plan(problem: &Problem, plan: &Plan) -> Value {
    write_plan_in(problem, plan, Lang::En)
}

/// The same with the sentences for people in a language; keys and codes stay.
pub fn write_plan_in(problem: &Problem, plan: &Plan, lang: Lang) -> Value {
    let mut out = written(problem, plan, Some(lang));
    let cost = plan.bill.total();
    out.put("cost", cost.0);
    if let Some(bound) = plan.bound {
        let gap = if cost == Cost::ZERO { 0.0 } else { (cost - bound).0 as f64 / cost.0 as f64 };
        out.put("gap", gap);
    }
    out.put("version", env!("CARGO_PKG_VERSION"));
    let kpis = Kpis::of(problem, plan);
    out.put("kpis", figures(problem, &kpis));
    out.put("sla_at_risk", at_risk(problem, &kpis));
    out.put("pick_lists", picks_json(problem, plan));
    out.done()
}

/// A plan without reports: all that it takes to read it again.
pub(in crate::format) fn plan_itself(draft: &Draft, plan: &Plan) -> Value {
    written(draft, plan, None).done()
}

/// With reports, for readers of a language, or without.
fn written(draft: &Draft, plan: &Plan, readers: Option<Lang>) -> Writer {
    let reports = readers.is_some();
    let lang = readers.unwrap_or_default();
    let Plan { routes, unassigned, bill, travel_fingerprint, bound, seed, iterations } = plan;
    let mut out = Writer::default();
    out.put("schema_version", 1);
    if reports {
        out.put("problem", draft.name.clone());
    }
    out.put("routes", routes.iter().map(|one| route(draft, one, reports)).collect::<Vec<_>>());
    out.put("unassigned", unassigned.iter().map(|one| left_out(draft, one, lang)).collect::<Vec<_>>());
    out.put("bill", terms(bill));
    out.put("travel_fingerprint", format!("{travel_fingerprint:016x}"));
    out.put_some("bound", bound.map(|bound| bound.0));
    out.put("seed", *seed);
    out.put("iterations", *iterations);
    out
}

fn terms(bill: &Bill) -> Value {
    let terms: Map<_, _> = Term::ALL.iter().map(|term| (term.key().to_owned(), bill.term(*term).0.into())).collect();
    Value::Object(terms)
}

fn route(draft: &Draft, route: &PlannedRoute, reports: bool) -> Value {
    let horizon = &draft.horizon;
    let PlannedRoute { shift, stops, breaks, return_departure, end, return_travel, return_distance, bill } = route;
    let mut out = Writer::default();
    let used = &draft.shifts[shift.index()];
    out.put("shift", used.id.clone());
    if reports {
        out.put("technician", draft.technicians[used.technician.index()].id.clone());
        out.put("departure", instant(horizon, route.departure()));
    }
    out.put("stops", stops.iter().map(|one| stop(draft, one, reports)).collect::<Vec<_>>());
    out.put_list(
        "breaks",
        breaks.iter().map(|taken| {
            json!({
                "rule": taken.rule,
                "start": instant(horizon, taken.start),
                "end": instant(horizon, taken.end),
            })
        }),
    );
    out.put("return_departure", instant(horizon, *return_departure));
    out.put("end", instant(horizon, *end));
    out.put("return_travel", length(*return_travel));
    out.put("return_distance", return_distance.0);
    out.put("bill", terms(bill));
    out.done()
}

/// A stop of a plan with its reports. `guest`: the job and place that the stop may name by numbers that
/// the problem does not have, as it does where a ticket is only asked about.
pub fn write_stop(problem: &Problem, one: &Stop, guest: Option<(&Job, Option<&Place>)>) -> Value {
    stop_beside(problem, one, true, guest)
}

fn stop(draft: &Draft, one: &Stop, reports: bool) -> Value {
    stop_beside(draft, one, reports, None)
}

fn stop_beside(draft: &Draft, stop: &Stop, reports: bool, guest: Option<(&Job, Option<&Place>)>) -> Value {
    let job_of = |ix: JobIx| draft.jobs.get(ix.index()).or(guest.map(|(job, _)| job));
    let horizon = &draft.horizon;
    let Stop { activity, place, departure, arrival, start, end, travel, distance } = stop;
    let mut out = Writer::default();
    match activity {
        Activity::Visit { job, member, parts } => {
            out.put("type", "visit");
            out.put_some("job", job_of(*job).map(|job| job.id.clone()));
            out.put_unless("member", *member, &0);
            out.put_list(
                "parts",
                parts.iter().map(|source| {
                    let mut out = Writer::default();
                    out.put("part", draft.parts[source.part.index()].clone());
                    out.put("quantity", source.quantity);
                    out.put_some("collected_at_stop", source.collected_at_stop);
                    out.done()
                }),
            );
        }
        Activity::Collection { site, takes, tools } => {
            out.put("type", "collection");
            out.put("site", draft.sites[site.index()].id.clone());
            out.put_list(
                "takes",
                takes.iter().map(|take| {
                    let mut out = Writer::default();
                    out.put("part", draft.parts[take.part.index()].clone());
                    out.put("quantity", take.quantity);
                    let lot = take.lot.map(|lot| draft.lots[lot.index()]);
                    out.put_some("available_at", lot.map(|lot| instant(horizon, lot.at)));
                    out.done()
                }),
            );
            out.put_list("tools", tools.iter().map(|tool| draft.tools[tool.index()].clone().into()));
        }
    }
    out.put("departure", instant(horizon, *departure));
    out.put("arrival", instant(horizon, *arrival));
    out.put("start", instant(horizon, *start));
    out.put("end", instant(horizon, *end));
    out.put("travel", length(*travel));
    out.put("distance", distance.0);
    if reports {
        let place = draft.places.get(place.index()).or(guest.and_then(|(_, place)| place));
        out.put_some("place", place.map(where_it_is));
        out.put("wait", length(*start - *arrival));
        if let Activity::Visit { job, member: _, parts: _ } = activity
            && let Some(job) = job_of(*job)
        {
            let slack = promises(job, stop);
            let slack: Map<_, _> =
                slack.iter().map(|promise| (event_name(promise.event).to_owned(), length(promise.slack()))).collect();
            out.put_some("sla", (!slack.is_empty()).then_some(slack));
        }
    }
    out.done()
}

fn where_it_is(place: &Place) -> Value {
    let mut out = Writer::default();
    out.put_some("id", place.id.clone());
    out.put_some("lat", place.position.map(|position| position.lat));
    out.put_some("lon", place.position.map(|position| position.lon));
    out.put_some("index", place.matrix_index);
    out.done()
}

fn left_out(draft: &Draft, left: &Unassigned, lang: Lang) -> Value {
    let Unassigned { job, price, reasons, relaxation } = left;
    let mut out = Writer::default();
    out.put("job", draft.jobs[job.index()].id.clone());
    out.put("price", price.0);
    out.put_list(
        "reasons",
        reasons.iter().map(|reason| {
            let mut out = Writer::default();
            out.put_some("rule", reason.rule.map(crate::rule::Rule::code));
            out.put("technicians", reason.technicians);
            out.put_some("nearest", reason.nearest.map(|ix| draft.technicians[ix.index()].id.clone()));
            out.put_unless("miss", reason.miss.in_lang(lang).to_owned(), &String::new());
            out.done()
        }),
    );
    out.put_some(
        "relaxation",
        relaxation.as_ref().map(|relaxation| {
            let mut out = Writer::default();
            out.put("change", relaxation.change.in_lang(lang).to_owned());
            out.put_some("rule", relaxation.rule.map(crate::rule::Rule::code));
            out.put("shift", draft.shifts[relaxation.shift.index()].id.clone());
            out.put("added_cost", relaxation.added_cost.0);
            out.done()
        }),
    );
    out.done()
}

fn event_name(event: SlaEvent) -> &'static str {
    match event {
        SlaEvent::Respond => "respond",
        SlaEvent::Arrive => "arrive",
        SlaEvent::Resolve => "resolve",
    }
}

fn figures(problem: &Problem, kpis: &Kpis) -> Value {
    let Kpis { jobs, unassigned_by_class, routes, regions, technicians, skills, promises: _ } = kpis;
    let classes = ["P1", "P2", "P3", "P4", "none"];
    let unassigned: Map<_, _> = classes
        .into_iter()
        .zip(unassigned_by_class)
        .map(|(class, count)| (class.to_owned(), (*count).into()))
        .collect();
    let by_region: Vec<Value> = regions
        .iter()
        .map(|(region, figures)| {
            let mut out = Writer::default();
            out.put("region", region.map(|ix| problem.regions[ix.index()].id.clone()));
            job_figures(&mut out, figures);
            out.done()
        })
        .collect();
    let by_technician: Vec<Value> = technicians
        .iter()
        .map(|(technician, figures)| {
            let mut out = Writer::default();
            out.put("technician", problem.technician(*technician).id.clone());
            route_figures(&mut out, figures);
            out.done()
        })
        .collect();
    let by_skill: Vec<Value> = skills
        .iter()
        .map(|(skill, figures)| {
            let mut out = Writer::default();
            out.put("skill", problem.skills[skill.index()].clone());
            job_figures(&mut out, figures);
            out.done()
        })
        .collect();
    let mut out = Writer::default();
    job_figures(&mut out, jobs);
    out.put("unassigned_by_class", unassigned);
    route_figures(&mut out, routes);
    out.put("by_region", by_region);
    out.put("by_technician", by_technician);
    out.put("by_skill", by_skill);
    out.done()
}

fn job_figures(out: &mut Writer, figures: &JobFigures) {
    let JobFigures { jobs, planned, on_time, at_risk, late, lateness } = figures;
    out.put("jobs", *jobs);
    out.put("planned", *planned);
    out.put("unassigned", jobs - planned);
    out.put("promises_on_time", *on_time);
    out.put("promises_at_risk", *at_risk);
    out.put("promises_late", *late);
    out.put("lateness", length(*lateness));
}

fn route_figures(out: &mut Writer, figures: &RouteFigures) {
    let RouteFigures { shifts, visits, travel, distance, work, wait, overtime, duration, cost } = figures;
    out.put("shifts", *shifts);
    out.put("visits", *visits);
    out.put("travel", length(*travel));
    out.put("distance", distance.0);
    out.put("work", length(*work));
    out.put("wait", length(*wait));
    out.put("overtime", length(*overtime));
    out.put("duration", length(*duration));
    out.put("utilisation", figures.utilisation().0);
    out.put("cost", cost.0);
}

fn at_risk(problem: &Problem, kpis: &Kpis) -> Vec<Value> {
    let listed = kpis.at_risk().map(|(job, promise): (JobIx, _)| {
        json!({
            "job": problem.job(job).id,
            "event": event_name(promise.event),
            "due": instant(&problem.horizon, promise.due),
            "planned": instant(&problem.horizon, promise.planned),
            "slack": length(promise.slack()),
            "state": promise.state().key(),
        })
    });
    listed.collect()
}
