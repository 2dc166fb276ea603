//! The stops of a plan as a table: CSV (RFC 4180) in UTF-8 with a byte order mark, so that
//! spreadsheet programs read every script, and with the guard they need against formulas.
//!
//! Only writing; tables are read elsewhere.

use super::{class_of, date_and_clock, kind_key, name_of, source_of, state_of};
use crate::ids::PlaceIx;
use crate::lang::Lang;
use crate::plan::{Activity, Plan, PlannedRoute, Stop};
use crate::problem::{Job, Problem};
use std::borrow::Cow;

const HEAD: &[&str] = &[
    "what",
    "technician",
    "name",
    "shift",
    "seq",
    "id",
    "kind",
    "priority",
    "customer",
    "asset",
    "region",
    "departure",
    "arrival",
    "start",
    "end",
    "travel_seconds",
    "distance_meters",
    "sla_state",
    "parts",
    "tools",
    "lat",
    "lon",
    "reason",
];

/// A table of all visits and collections by shift in order of time, then the jobs left out: column
/// `what` is `visit`, `collection` or `unassigned`. Times are local, in the
/// problem's zone; headings and codes are the same in every language, sentences and sources follow it.
pub fn visits_csv(problem: &Problem, plan: &Plan, lang: Lang) -> String {
    let mut table = Table::new(HEAD);
    for route in &plan.routes {
        for (at, stop) in route.stops.iter().enumerate() {
            table.row(&stop_row(problem, route, at, stop, lang));
        }
    }
    for left in &plan.unassigned {
        let job = problem.job(left.job);
        let reasons: Vec<String> =
            left.reasons.iter().map(|reason| format!("{}: {}", reason.code(), reason.miss.in_lang(lang))).collect();
        let mut row = vec![String::new(); HEAD.len()];
        row[0] = "unassigned".into();
        describe(problem, job, &mut row);
        (row[20], row[21]) = degrees(problem, job.place);
        row[22] = reasons.join("; ");
        table.row(&row);
    }
    table.text
}

/// The columns that a job fills by itself.
fn describe(problem: &Problem, job: &Job, row: &mut [String]) {
    row[5].clone_from(&job.id);
    row[6] = kind_key(job.kind).into();
    row[7] = class_of(job.priority).into();
    row[8] = job.customer.clone().unwrap_or_default();
    row[9] = job.asset.clone().unwrap_or_default();
    row[10] = job.region.map(|region| problem.regions[region.index()].id.clone()).unwrap_or_default();
}

fn stop_row(problem: &Problem, route: &PlannedRoute, at: usize, stop: &Stop, lang: Lang) -> Vec<String> {
    let shift = problem.shift(route.shift);
    let technician = problem.technician(shift.technician);
    let mut row = vec![String::new(); HEAD.len()];
    row[1].clone_from(&technician.id);
    row[2] = name_of(technician).into();
    row[3].clone_from(&shift.id);
    row[4] = (at + 1).to_string();
    for (column, time) in [(11, stop.departure), (12, stop.arrival), (13, stop.start), (14, stop.end)] {
        row[column] = date_and_clock(problem, time);
    }
    row[15] = stop.travel.0.to_string();
    row[16] = stop.distance.0.to_string();
    match &stop.activity {
        Activity::Visit { job, member: _, parts } => {
            let job = problem.job(*job);
            row[0] = "visit".into();
            describe(problem, job, &mut row);
            row[17] = state_of(job, stop).key().into();
            row[18] = listed(parts.iter().map(|source| {
                let part = &problem.parts[source.part.index()];
                format!("{} {part} ({})", source.quantity, source_of(problem, route, source, lang))
            }));
            row[19] = listed(job.tools.iter().map(|tool| problem.tools[tool.index()].clone()));
        }
        Activity::Collection { site, takes, tools } => {
            row[0] = "collection".into();
            row[5].clone_from(&problem.site(*site).id);
            row[18] =
                listed(takes.iter().map(|take| format!("{} {}", take.quantity, problem.parts[take.part.index()])));
            row[19] = listed(tools.iter().map(|tool| problem.tools[tool.index()].clone()));
        }
    }
    (row[20], row[21]) = degrees(problem, stop.place);
    row
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

/// Latitude and longitude to 6 decimals, or nothing.
fn degrees(problem: &Problem, place: PlaceIx) -> (String, String) {
    let position = problem.places.get(place.index()).and_then(|place| place.position);
    position.map_or_else(Default::default, |at| (format!("{:.6}", at.lat), format!("{:.6}", at.lon)))
}

/// A table in the making: byte order mark, head, rows; lines end with CR LF.
pub(super) struct Table {
    pub(super) text: String,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        let mut table = Self { text: String::from('\u{feff}') };
        table.row(head);
        table
    }
    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.text.push_str(&quoted(&harmless(cell.as_ref())));
        }
        self.text.push_str("\r\n");
    }
}

/// A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers do not.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// In quotes where it holds a comma, a quote or a line break.
fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\"")).into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    #[test]
    fn every_stop_is_a_row_and_every_job_left_out_follows() {
        let (problem, plan) = sample::day();
        let expected = concat!(
            "\u{feff}what,technician,name,shift,seq,id,kind,priority,customer,asset,region,departure,arrival,start,end,",
            "travel_seconds,distance_meters,sla_state,parts,tools,lat,lon,reason\r\n",
            "collection,ann,Ann Beck,ann-mon,1,depot,,,,,,2026-06-15 08:00,2026-06-15 08:15,2026-06-15 08:15,",
            "2026-06-15 08:45,900,9000,,3 P-11,winch,47.165000,9.510000,\r\n",
            "visit,ann,Ann Beck,ann-mon,2,T-1,repair,P1,\"Müller, \"\"Lift; & Co\"\" <AG>\",Lift 7,south,",
            "2026-06-15 08:45,2026-06-15 09:15,2026-06-15 09:15,2026-06-15 10:15,1800,18000,at_risk,",
            "2 P-11 (depot); 1 P-12 (van),winch,47.070000,9.500000,\r\n",
            "visit,ann,Ann Beck,ann-mon,3,T-2,inspection,,'=1+1,,,2026-06-15 10:15,2026-06-15 10:30,",
            "2026-06-15 11:00,2026-06-15 11:30,900,7500,late,,,47.110000,9.530000,\r\n",
            "unassigned,,,,,T-3,install,P3,瓦杜兹医院,,,,,,,,,,,,47.200000,9.550000,",
            "\"skills: level 1 of lift, 2 needed\"\r\n",
        );
        assert_eq!(visits_csv(&problem, &plan, Lang::En), expected);
    }

    #[test]
    fn formulas_are_made_harmless_and_numbers_stay() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("-12.5"), "-12.5");
        assert_eq!(harmless("-x"), "'-x");
        assert_eq!(quoted("a\nb"), "\"a\nb\"");
    }
}
