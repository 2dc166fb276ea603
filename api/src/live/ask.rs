//! `POST /v1/recommendations`: who should take a ticket, when could it be promised, which open job
//! suits a technician. Nothing is changed.

use super::ways::Fresh;
use super::{LivePlan, in_force, open, planned_already, unfit, words};
use crate::answers::json_answer;
use crate::gate::Caller;
use crate::language::language_of;
use crate::opened::at_the_desk;
use crate::planning;
use crate::reading;
use crate::refusal::Refusal;
use crate::roads::World;
use crate::service::Service;
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format::live::Request as Asked;
use dispatch_data::lang::{Lang, value as said};
use dispatch_data::live::Ticket;
use dispatch_data::say;
use serde_json::{Value, json};
use std::sync::Arc;

/// Offers where the request does not say how many.
const USUAL: i64 = 10;

/// Answers a question about a live plan.
pub(crate) async fn recommend(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Refusal> {
    let [] = reading::known(&reading::query(&request)?, [])?;
    let language = language_of(request.headers());
    let body = reading::body(&service, request).await?;
    let asked = Asked::recommendation(&body.text).map_err(Refusal::Invalid)?;
    let answer = match asked.text("plan") {
        Some(id) => {
            let (plan, _) = open(&service, &caller, &id).await?;
            in_force(asked.number("version"), &plan)?;
            at_the_desk(&service, move |service| {
                let mut answer = answer(service, &plan, &asked, language)?;
                answer["plan"] = json!(id);
                answer["version"] = json!(plan.version());
                Ok(answer)
            })
            .await?
        }
        None => at_the_desk(&service, move |service| beside(service, asked, language)).await?,
    };
    drop(body);
    Ok(json_answer(&answer))
}

/// The answer about a problem that came with the question.
fn beside(service: &Service, mut asked: Asked, language: Lang) -> Result<Value, Refusal> {
    let within = |findings: Vec<Finding>| {
        let moved = |finding: Finding| Finding { pointer: format!("/problem{}", finding.pointer), ..finding };
        Refusal::Invalid(findings.into_iter().map(moved).collect())
    };
    let Some(problem) = asked.problem() else { return Err(Refusal::Internal) };
    let problem = problem.map_err(Refusal::Invalid)?;
    planning::admit(&problem, service.limits(), &service.maps).map_err(|refusal| match refusal {
        Refusal::Invalid(findings) => within(findings),
        other => other,
    })?;
    let world = World::of(&problem, &service.maps).map_err(within)?;
    let plan = problem.current.clone().unwrap_or_default();
    let plan = LivePlan::new(problem, world, plan).map_err(|error| unfit(error, "/problem"))?;
    let mut answer = answer(service, &plan, &asked, language)?;
    (answer["plan"], answer["version"]) = (Value::Null, Value::Null);
    Ok(answer)
}

/// The ticket of a request, with its travel rows; an open job must be open.
pub(super) fn ticket_of(plan: &LivePlan, asked: &Asked) -> Result<(Option<Ticket>, Fresh), Refusal> {
    let problem = plan.live.problem();
    let mut ticket = asked.ticket(&plan.words, problem).map_err(Refusal::Invalid)?;
    let mut fresh = Fresh::default();
    match &mut ticket {
        Some(Ticket::New { job: _, at: Some(new) }) => {
            let filled = plan.ways.fill(problem, new, &mut fresh, "/ticket/place");
            filled.map_err(|finding| Refusal::Invalid(vec![*finding]))?;
        }
        Some(Ticket::Open(job)) if !plan.live.plan().unassigned.iter().any(|left| left.job == *job) => {
            return Err(Refusal::Invalid(vec![planned_already(&problem.job(*job).id)]));
        }
        Some(Ticket::New { job: _, at: None } | Ticket::Open(_)) | None => {}
    }
    Ok((ticket, fresh))
}

fn answer(service: &Service, plan: &LivePlan, asked: &Asked, language: Lang) -> Result<Value, Refusal> {
    let (live, problem) = (&plan.live, plan.live.problem());
    let most = usize::try_from(asked.number("most").unwrap_or(USUAL)).unwrap_or(1);
    let slots = asked.slots(&plan.words).map_err(Refusal::Invalid)?;
    let technician = asked.technician(&plan.words).map_err(Refusal::Invalid)?;
    let (ticket, _) = ticket_of(plan, asked)?;
    // Findings about a ticket have pointers of the ticket's own.
    let at = if ticket.as_ref().is_some_and(|ticket| ticket.known_as().is_none()) { "/ticket" } else { "/job" };
    let began = (service.seconds)();
    let wrong = |error| unfit(error, at);
    let answer = match (ticket, technician, slots) {
        (None, Some(technician), _) => {
            let picks = live.pool(technician, most).map_err(wrong)?;
            service.metrics.recommended.note((service.seconds)() - began);
            json!({"jobs": picks.iter().map(|one| words::pick(live, one)).collect::<Vec<_>>()})
        }
        (Some(ticket), _, Some(spans)) => {
            let slots = live.slots(&ticket, &spans).map_err(wrong)?;
            service.metrics.recommended.note((service.seconds)() - began);
            json!({"slots": slots.iter().map(|one| words::slot(live, &ticket, one)).collect::<Vec<_>>()})
        }
        (Some(ticket), _, None) if asked.flag("everybody") => {
            let ranking = live.rank(&ticket, most).map_err(wrong)?;
            let obstacles = if asked.flag("explain") { live.obstacles(&ticket).map_err(wrong)? } else { Vec::new() };
            service.metrics.recommended.note((service.seconds)() - began);
            let offers = ranking.recommendation.offers.iter();
            let rejected = ranking.rejected.iter();
            json!({
                "leaving": ranking.recommendation.leaving.0,
                "offers": offers.map(|one| words::offer(live, &ticket, one)).collect::<Vec<_>>(),
                "kept_out": words::kept_out(&ranking.recommendation.kept_out),
                "able": ranking.able,
                "rejected": rejected.map(|one| words::rejection(problem, *one, &obstacles, language)).collect::<Vec<_>>(),
            })
        }
        (Some(ticket), _, None) => {
            let best = live.recommend(&ticket, most).map_err(wrong)?;
            service.metrics.recommended.note((service.seconds)() - began);
            let offers: Vec<Value> = best.offers.iter().map(|one| words::offer(live, &ticket, one)).collect();
            json!({"leaving": best.leaving.0, "offers": offers, "kept_out": words::kept_out(&best.kept_out)})
        }
        (None, None, _) => {
            let finding = Finding::new("", Code::MissingKey, say!("a ticket"), said("null"));
            return Err(Refusal::Invalid(vec![finding]));
        }
    };
    Ok(answer)
}
