//! A plan in the words of the file it was imported from: `{"routes": [[…], …], "value": …}` for
//! instances of the literature, the other engine's own shape for its files.
//!
//! Writes what the plan states; whether the plan is allowed is for the judge.

use crate::ids::JobIx;
use crate::import::{AnswerConvention, Imported, pragmatic, sdvrptw, solomon, trsp, vroom};
use crate::plan::{Activity, Plan, PlannedRoute};
use serde_json::{Value, json};

/// The plan as the readers of the file expect it.
///
/// `routes` by [`AnswerConvention`]; `value` is the objective of the literature.
pub fn answer(imported: &Imported, plan: &Plan) -> Value {
    match &imported.answer {
        AnswerConvention::Vrptw(file) => vrptw(file, plan),
        AnswerConvention::Trsp(file) => trsp(file, plan),
        AnswerConvention::Sdvrptw(file) => sdvrptw(file, plan),
        AnswerConvention::FieldService(file) => {
            let routes = by_shift(plan, file.technicians.len(), |route| jobs(route).collect());
            json!({ "routes": routes, "value": travel(plan) })
        }
        AnswerConvention::Vroom(file) => vroom::answer(file, plan),
        AnswerConvention::Pragmatic(file) => pragmatic::answer(file, &imported.problem.horizon, plan),
    }
}

fn jobs(route: &PlannedRoute) -> impl Iterator<Item = usize> {
    route.jobs().map(JobIx::index)
}

/// One list per shift, empty where it is not used. These files have one shift per technician.
fn by_shift(plan: &Plan, shifts: usize, list: impl Fn(&PlannedRoute) -> Vec<usize>) -> Vec<Vec<usize>> {
    let mut routes = vec![Vec::new(); shifts];
    for route in &plan.routes {
        if let Some(place) = routes.get_mut(route.shift.index()) {
            *place = list(route);
        }
    }
    routes
}

fn travel(plan: &Plan) -> i64 {
    plan.routes.iter().map(|route| route.travel().0).sum()
}

fn vrptw(file: &solomon::Vrptw, plan: &Plan) -> Value {
    let number = |job: usize| file.rows.get(job + 1).map_or(0, |row| row.number);
    let routes: Vec<Vec<u32>> = plan.routes.iter().map(|route| jobs(route).map(number).collect()).collect();
    json!({ "routes": routes, "value": travel(plan) as f64 / solomon::TICKS as f64 })
}

fn sdvrptw(file: &sdvrptw::Sdvrptw, plan: &Plan) -> Value {
    let routes = by_shift(plan, file.vehicles.len(), |route| jobs(route).map(|job| job + 1).collect());
    json!({ "routes": routes, "value": travel(plan) })
}

fn trsp(file: &trsp::Trsp, plan: &Plan) -> Value {
    let routes = by_shift(plan, file.technicians.len(), |route| trsp_stops(file, route));
    let ticks: i64 = plan.routes.iter().map(|route| (route.end - route.departure()).0).sum();
    json!({ "routes": routes, "value": ticks as f64 / trsp::TICKS })
}

/// Request ids with 0 for the first visit to the main depot: after it everything is at hand, so a
/// second one has no meaning in the file.
fn trsp_stops(file: &trsp::Trsp, route: &PlannedRoute) -> Vec<usize> {
    let mut been = false;
    let stop = |activity: &Activity| match activity {
        Activity::Visit { job, member: _, parts: _ } => Some(file.request_id(job.index())),
        Activity::Collection { site: _, takes: _, tools: _ } => (!std::mem::replace(&mut been, true)).then_some(0),
    };
    route.stops.iter().map(|stop| &stop.activity).filter_map(stop).collect()
}
