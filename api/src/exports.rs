//! A plan for other programs: map layers, tables, calendars, pick lists.

use crate::answers::{json_answer, typed};
use crate::gate::Caller;
use crate::language::language_of;
use crate::opened::{Opened, at_the_desk, open};
use crate::reading::{self, known, whole};
use crate::refusal::Refusal;
use crate::service::Service;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dispatch_data::export::{icalendar, pick_lists, picks_json, visits_csv};
use dispatch_data::ids::TechIx;
use dispatch_data::lang::{Lang, value};
use dispatch_data::say;
use dispatch_data::{export, finding};
use std::sync::Arc;

/// `GET /v1/plans/{id}.geojson` and `.csv`, told by the end of the path.
pub(crate) async fn file(
    service: &Arc<Service>,
    caller: &Caller,
    id: &str,
    form: &str,
    request: Request,
) -> Result<Response, Refusal> {
    let language = language_of(request.headers());
    let make: fn(&Opened, Lang) -> (String, &'static str) = match form {
        "geojson" => |opened, language| {
            let layers = export::geojson(&opened.problem, &opened.plan, &|leg| opened.world.way(leg), language);
            (layers.to_string(), "application/geo+json")
        },
        "csv" => |opened, language| (visits_csv(&opened.problem, &opened.plan, language), "text/csv; charset=utf-8"),
        _ => return Err(Refusal::NoSuchPath),
    };
    let version = reading::version(&request)?;
    let opened = open(service, caller, id, version).await?;
    let (text, media) = at_the_desk(service, move |_| Ok(make(&opened, language))).await?;
    Ok(download(typed(StatusCode::OK, text, media), &format!("{id}.{form}")))
}

/// `GET /v1/plans/{id}/technicians/{technician}.ics`.
pub(crate) async fn calendar(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path((id, technician)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let language = language_of(request.headers());
    let technician = technician.strip_suffix(".ics").ok_or(Refusal::NoSuchPath)?;
    let opened = open(&service, &caller, &id, reading::version(&request)?).await?;
    let at = opened.problem.technicians.iter().position(|one| one.id == technician);
    let at = at.ok_or(Refusal::NoSuchThing { what: "technician" })?;
    // The stamp is the start of the horizon: the same version gives the same bytes.
    let calendar = icalendar(&opened.problem, &opened.plan, TechIx::from(at), opened.problem.horizon.start, language);
    Ok(download(typed(StatusCode::OK, calendar, "text/calendar; charset=utf-8"), "shifts.ics"))
}

/// `GET /v1/plans/{id}/picks`: what each site has to lay out, or one of them.
pub(crate) async fn picks(
    State(service): State<Arc<Service>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let [version, site, form] = known(&reading::query(&request)?, ["version", "site", "form"])?;
    let opened = open(&service, &caller, &id, whole("version", version.as_ref(), 1, i64::MAX)?).await?;
    let Opened { problem, plan, .. } = &*opened;
    if let Some(site) = &site
        && !problem.sites.iter().any(|one| one.id == *site)
    {
        return Err(Refusal::NoSuchThing { what: "site" });
    }
    match form.as_deref().unwrap_or("json") {
        "json" => {
            let mut lists = picks_json(problem, plan);
            if let (Some(site), Some(entries)) = (&site, lists.as_array_mut()) {
                let named = pick_lists(problem, plan);
                let mut keep = named.iter().map(|list| problem.site(list.site).id == *site);
                entries.retain(|_| keep.next().unwrap_or(false));
            }
            Ok(json_answer(&serde_json::json!({"version": opened.version, "sites": lists})))
        }
        "csv" if site.is_none() => {
            let text = export::picks_csv(problem, plan);
            Ok(download(typed(StatusCode::OK, text, "text/csv; charset=utf-8"), "picks.csv"))
        }
        other => {
            let expected = if site.is_some() { say!("json, for one site") } else { say!("json or csv") };
            let finding = finding::Finding::new("?form", finding::Code::UnknownValue, expected, value(other));
            Err(Refusal::Invalid(vec![finding]))
        }
    }
}

/// The same as a file to keep. The name is one of ours, never a caller's id.
fn download(mut response: Response, name: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
