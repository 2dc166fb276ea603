//! A plan in the words of the file it was imported from: `{"routes": [[…], …], "value": …}` for
//! instances of the literature, the other engine's own shape for its files.
//!
//! Writes what the plan states; whether the plan is allowed is for the judge.

use crate::ids::JobIx;
use crate::import::{AnswerConvention, Imported, pragmatic, trsp, vroom};
use crate::literature;
use crate::plan::{Activity, Plan, PlannedRoute};
use serde_json::{Value, json};

/// The plan as the readers of the file expect it.
///
/// `routes` by [`AnswerConvention`]; `value` is the objective of the literature.
pub fn answer(imported: &Imported, plan: &Plan) -> Value {
    let convention = &imported.answer;
    match convention {
        AnswerConvention::Vrptw(file) => {
            let number = |job: usize| file.rows.get(job + 1).map_or(0, |row| row.number as usize);
            measured(convention, plan.routes.iter().map(|route| jobs(route).map(number).collect()).collect())
        }
        AnswerConvention::Trsp(file) => {
            measured(convention, by_shift(plan, file.technicians.len(), |route| trsp_stops(file, route)))
        }
        AnswerConvention::Sdvrptw(file) => {
            let client = |job: usize| job + 1;
            measured(convention, by_shift(plan, file.vehicles.len(), |route| jobs(route).map(client).collect()))
        }
        AnswerConvention::FieldService(file) => {
            measured(convention, by_shift(plan, file.technicians.len(), |route| jobs(route).collect()))
        }
        AnswerConvention::Vroom { file, ticks } => vroom::answer(file, *ticks, plan),
        AnswerConvention::Pragmatic(file) => pragmatic::answer(file, &imported.problem.horizon, plan),
        AnswerConvention::Plan => {
            let problem = &imported.problem;
            let id = |job: JobIx| problem.jobs.get(job.index()).map_or("", |job| job.id.as_str());
            let mut routes = vec![Vec::new(); problem.shifts.len()];
            for route in &plan.routes {
                if let Some(list) = routes.get_mut(route.shift.index()) {
                    *list = route.jobs().map(id).collect();
                }
            }
            json!({ "routes": routes, "value": plan.bill.total().0 })
        }
    }
}

/// Routes with their value as the literature reckons it, which is not how the engine does.
fn measured(convention: &AnswerConvention, routes: Vec<Vec<usize>>) -> Value {
    match literature::evaluate(convention, &routes) {
        // Whole values are written as whole numbers.
        Some(evaluation) if evaluation.value.fract() == 0.0 => {
            json!({ "routes": routes, "value": evaluation.value as i64 })
        }
        Some(evaluation) => json!({ "routes": routes, "value": evaluation.value }),
        None => json!({ "routes": routes }),
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
