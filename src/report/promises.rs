//! Promises of the service level agreements: kept, at risk, late, by how much.

use super::{Lang, minutes, row, table};
use dispatch_data::export::{self, Promise, SlaState};
use dispatch_data::ids::JobIx;
use dispatch_data::plan::{Activity, Plan, Stop};
use dispatch_data::problem::{Problem, SlaEvent};
use dispatch_data::units::Duration;

/// How many late promises are named.
const SHOWN: usize = 5;

/// The name of an event.
pub(super) fn event_name(event: SlaEvent, lang: Lang) -> &'static str {
    match event {
        SlaEvent::Respond => lang.pick("respond", "响应"),
        SlaEvent::Arrive => lang.pick("arrive", "到场"),
        SlaEvent::Resolve => lang.pick("resolve", "修复"),
    }
}

/// The promises that a stop is to keep, with their job; none at a collection.
pub(super) fn of_stop(problem: &Problem, stop: &Stop) -> Vec<(JobIx, Promise)> {
    match stop.activity {
        Activity::Visit { job, .. } => {
            export::promises(problem.job(job), stop).into_iter().map(|promise| (job, promise)).collect()
        }
        Activity::Collection { .. } => Vec::new(),
    }
}

/// The promises of all visits as a table, then the latest ones by name.
pub(crate) fn promises(problem: &Problem, plan: &Plan, lang: Lang) -> String {
    let all: Vec<(JobIx, Promise)> =
        plan.routes.iter().flat_map(|route| &route.stops).flat_map(|stop| of_stop(problem, stop)).collect();
    let head = [
        lang.pick("promise", "承诺"),
        lang.pick("given", "数量"),
        lang.pick("kept", "按时"),
        lang.pick("of these at risk", "其中临近超时"),
        lang.pick("late", "超时"),
        lang.pick("late in all", "超时合计"),
    ];
    let mut table = table(&head);
    for event in [SlaEvent::Respond, SlaEvent::Arrive, SlaEvent::Resolve] {
        let of_event: Vec<Promise> = all.iter().map(|(_, promise)| *promise).filter(|p| p.event == event).collect();
        let count = |state| of_event.iter().filter(|promise| promise.state() == state).count();
        let late: Duration = of_event.iter().map(|promise| (-promise.slack()).at_least_zero()).sum();
        let cells = vec![
            event_name(event, lang).to_owned(),
            of_event.len().to_string(),
            (of_event.len() - count(SlaState::Late)).to_string(),
            count(SlaState::AtRisk).to_string(),
            count(SlaState::Late).to_string(),
            minutes(lang, late),
        ];
        table.add_row(row(cells, &[1, 2, 3, 4, 5]));
    }
    format!("{table}{}", latest(problem, all, lang))
}

/// The promises that are late, latest first, one line each.
fn latest(problem: &Problem, all: Vec<(JobIx, Promise)>, lang: Lang) -> String {
    let mut late: Vec<(JobIx, Promise)> = all.into_iter().filter(|(_, p)| p.state() == SlaState::Late).collect();
    late.sort_by_key(|(job, promise)| (promise.slack(), *job));
    let mut text = String::new();
    for (job, promise) in late.iter().take(SHOWN) {
        let by = minutes(lang, -promise.slack());
        let (id, event) = (&problem.job(*job).id, event_name(promise.event, lang));
        text.push_str(&format!("\n  {id}: {event} {} {by}", lang.pick("late by", "迟")));
    }
    match (late.len().saturating_sub(SHOWN), lang) {
        (0, _) => {}
        (more, Lang::En) => text.push_str(&format!("\n  and {more} more")),
        (more, Lang::Zh) => text.push_str(&format!("\n  另有 {more} 项")),
    }
    text
}
