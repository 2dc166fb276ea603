//! A plan for people, as text: tables of routes, promises, parts, unassigned jobs and costs.
//!
//! Only reads: nothing here judges a plan or changes it, and nothing writes to a stream.

mod costs;
mod parts;
mod promises;
mod routes;
mod unassigned;
mod verdict;
mod words;

use parts::parts;
use promises::promises;
use routes::routes;
use unassigned::unassigned;

pub(crate) use costs::costs;
pub(crate) use verdict::verdict;
pub(crate) use words::Lang;

use words::minutes;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Row, Table, TableComponent};
use dispatch_data::judge::Verdict;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::units::Time;

/// Everything about a plan: routes, promises, parts, unassigned jobs, costs, verdict.
pub(crate) fn whole(problem: &Problem, plan: &Plan, judged: &Verdict, lang: Lang) -> String {
    let left_out = unassigned(problem, plan, lang).map(|text| {
        let count = plan.unassigned.len();
        format!("{} ({count})\n{text}", lang.pick("unassigned", "未派工单"))
    });
    let blocks = [
        Some(routes(problem, plan, lang)),
        Some(promises(problem, plan, lang)),
        parts(problem, plan, lang),
        left_out,
        Some(costs(&judged.bill, lang)),
        Some(verdict(judged, lang)),
    ];
    blocks.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// A table with a head line, in the one style of all reports.
fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
    for line in [
        TableComponent::HorizontalLines,
        TableComponent::LeftBorderIntersections,
        TableComponent::MiddleIntersections,
        TableComponent::RightBorderIntersections,
    ] {
        table.remove_style(line);
    }
    table.set_header(head.iter().map(Cell::new));
    table
}

/// A row whose columns listed in `right` are set flush right.
fn row(cells: Vec<String>, right: &[usize]) -> Row {
    cells
        .into_iter()
        .enumerate()
        .map(|(at, text)| {
            let cell = Cell::new(text);
            if right.contains(&at) { cell.set_alignment(CellAlignment::Right) } else { cell }
        })
        .collect::<Vec<_>>()
        .into()
}

/// The local time of day, with the date in front where the horizon is longer than a day and a bit.
fn clock_time(problem: &Problem, time: Time) -> String {
    let local = problem.horizon.local(time);
    let several_days = problem.horizon.length.0 > 36 * 3600;
    let format = if several_days { "%m-%d %H:%M" } else { "%H:%M" };
    local.strftime(format).to_string()
}
