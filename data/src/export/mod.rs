//! Plans for other programs and for people: map layers, tables, calendars, pick lists, a picture.
//!
//! Every exporter is a function from a problem and a plan to text. None checks the plan (that is
//! for the judge) and none reads or writes a file. Roads are unknown here: whoever wants routes
//! drawn along roads hands in a [`Geometry`]. The wire format of plans is not an export.

mod csv;
mod geojson;
mod ical;
mod leg;
mod palette;
mod picks;
#[cfg(test)]
pub(crate) mod sample;
mod sla;
mod svg;

pub use csv::visits_csv;
pub use geojson::geojson;
pub use ical::icalendar;
pub use leg::{Geometry, RouteLeg, Way, legs, path, straight};
pub use picks::{Pick, PickList, pick_lists, picks_csv, picks_json, picks_text};
pub use sla::{AT_RISK, Promise, SlaState, promises, state_of};
pub use svg::{HEIGHT, Picture, RoadClass, RoadLine, WIDTH, svg};

use crate::lang::Lang;
use crate::plan::{PartSource, PlannedRoute};
use crate::problem::{JobKind, Priority, Problem, Technician};
use crate::units::Time;
use crate::word;

/// An instant with the offset of the problem's zone: `2026-06-15T08:05:00+02:00`.
pub(crate) fn instant(problem: &Problem, time: Time) -> String {
    problem.horizon.local(time).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Date and time of day in the problem's zone: `2026-06-15 08:05`.
pub(crate) fn date_and_clock(problem: &Problem, time: Time) -> String {
    problem.horizon.local(time).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The name of a technician to show.
pub(crate) fn name_of(technician: &Technician) -> &str {
    if technician.name.is_empty() { &technician.id } else { &technician.name }
}

/// `P1` to `P4`, or nothing.
pub(crate) fn class_of(priority: Option<Priority>) -> &'static str {
    match priority {
        Some(Priority::P1) => "P1",
        Some(Priority::P2) => "P2",
        Some(Priority::P3) => "P3",
        Some(Priority::P4) => "P4",
        None => "",
    }
}

/// A kind of work as a key.
pub(crate) fn kind_key(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Install => "install",
        JobKind::Inspection => "inspection",
        JobKind::Repair => "repair",
        JobKind::ReturnVisit => "return_visit",
    }
}

/// Where a part of a visit comes from: `van`, or the site of an earlier stop of the same route.
pub(crate) fn source_of(problem: &Problem, route: &PlannedRoute, source: &PartSource, lang: Lang) -> String {
    use crate::plan::Activity;
    let stop = source.collected_at_stop.and_then(|at| route.stops.get(at));
    match stop.map(|stop| &stop.activity) {
        Some(Activity::Collection { site, .. }) => problem.site(*site).id.clone(),
        Some(Activity::Visit { .. }) | None => word!("van").in_lang(lang).into(),
    }
}
