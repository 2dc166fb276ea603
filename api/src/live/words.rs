//! Offers, slots, picks and differences as JSON, in the caller's own ids.

use crate::evaluate::terms;
use dispatch_data::format::live::{write_instant, write_length, write_stop};
use dispatch_data::ids::{ShiftIx, TechIx};
use dispatch_data::lang::Lang;
use dispatch_data::live::Ticket;
use dispatch_data::plan::Activity;
use dispatch_data::problem::{Job, Problem, Window};
use dispatch_data::rule::Rule;
use dispatch_data::units::{Duration, Time};
use dispatch_solver::Obstacle;
use dispatch_solver::live::{Diff, Live, Moved, Offer, Pick, Placed, Planned, Rejection, Shifted, Slack, Slot};
use serde_json::{Value, json};

/// A technician's way of taking a ticket.
pub(super) fn offer(live: &Live, ticket: &Ticket, offer: &Offer) -> Value {
    let problem = live.problem();
    let Offer { technician, shift, visit, added, slack, moved, collection, day } = offer;
    let guest: Option<&Job> = match ticket {
        Ticket::New { job, at: _ } => Some(job),
        Ticket::Open(_) => None,
    };
    let guest = guest.map(|job| (job, ticket.new_place().map(|new| &new.place)));
    let position = day.stops.iter().position(|stop| match (&stop.activity, &visit.activity) {
        (Activity::Visit { job, .. }, Activity::Visit { job: own, .. }) => job == own,
        _ => false,
    });
    json!({
        "technician": name(problem, *technician),
        "shift": problem.shift(*shift).id,
        "added": added.total().0,
        "bill": terms(added),
        "position": position,
        "visit": write_stop(problem, visit, guest),
        "slack": room(*slack),
        "moved": moved.iter().map(|one| shifted(problem, *one)).collect::<Vec<_>>(),
        "collection": collection.as_ref().map(|stop| write_stop(problem, stop, None)),
    })
}

fn name(problem: &Problem, technician: TechIx) -> &str {
    &problem.technician(technician).id
}

fn room(Slack { respond, arrive, resolve }: Slack) -> Value {
    let shown = |left: Option<Duration>| left.map(write_length);
    json!({"respond": shown(respond), "arrive": shown(arrive), "resolve": shown(resolve)})
}

fn shifted(problem: &Problem, Shifted { job, from, to }: Shifted) -> Value {
    let at = |time: Time| write_instant(&problem.horizon, time);
    json!({"job": problem.job(job).id, "from": at(from), "to": at(to)})
}

/// How many each rule keeps out.
pub(super) fn kept_out(counts: &[(Rule, usize)]) -> Value {
    counts.iter().map(|(rule, technicians)| json!({"rule": rule.code(), "technicians": technicians})).collect()
}

/// Someone who cannot take it, with what is missing where that was worked out.
pub(super) fn rejection(problem: &Problem, one: Rejection, obstacles: &[Obstacle], language: Lang) -> Value {
    let Rejection { technician, rule } = one;
    let obstacle = obstacles.iter().find(|obstacle| obstacle.technician == technician);
    let rule = rule.or(obstacle.and_then(|obstacle| obstacle.rule));
    let miss = obstacle.map(|obstacle| obstacle.miss.in_lang(language)).filter(|miss| !miss.is_empty());
    json!({"technician": name(problem, technician), "rule": rule.map(Rule::code), "miss": miss})
}

/// A span of starts and the cheapest way to keep it.
pub(super) fn slot(live: &Live, ticket: &Ticket, Slot { window, best }: &Slot) -> Value {
    let Window { open, close } = *window;
    let at = |time: Time| write_instant(&live.problem().horizon, time);
    json!({"open": at(open), "close": at(close), "offer": best.as_ref().map(|best| offer(live, ticket, best))})
}

/// An open job as one technician would take it.
pub(super) fn pick(live: &Live, Pick { job, gain, offer: how }: &Pick) -> Value {
    json!({"job": live.problem().job(*job).id, "gain": gain.0, "offer": offer(live, &Ticket::Open(*job), how)})
}

/// What became different.
pub(super) fn diff(problem: &Problem, diff: &Diff) -> Value {
    let Diff { version, added, removed, moved, unassigned, cost } = diff;
    let where_and_when = |technician: TechIx, shift: ShiftIx, start: Time| {
        let start = write_instant(&problem.horizon, start);
        json!({"technician": name(problem, technician), "shift": problem.shift(shift).id, "start": start})
    };
    let placed = |Placed { technician, shift, start }: &Placed| where_and_when(*technician, *shift, *start);
    let planned = |Planned { job, placed: place }: &Planned| {
        let mut entry = placed(place);
        entry["job"] = json!(job);
        entry
    };
    let moved_one = |one: &Moved| {
        let Moved { job, from, to } = one;
        json!({"job": job, "from": placed(from), "to": placed(to), "by": write_length(one.by())})
    };
    json!({
        "version": version,
        "added": added.iter().map(planned).collect::<Vec<_>>(),
        "removed": removed.iter().map(planned).collect::<Vec<_>>(),
        "moved": moved.iter().map(moved_one).collect::<Vec<_>>(),
        "unassigned": unassigned,
        "cost": {"before": cost.0.0, "after": cost.1.0},
    })
}
