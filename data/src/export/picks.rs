//! Pick lists: what each site hands out, to whom, when. As text for the wall, as CSV and as JSON.
//!
//! Says nothing about what stays in stock.

use super::csv::Table;
use super::{date_and_clock, instant, name_of};
use crate::ids::{PartIx, ShiftIx, SiteIx, ToolIx};
use crate::lang::Lang;
use crate::plan::{Activity, Plan};
use crate::problem::Problem;
use crate::say;
use crate::units::Time;
use serde_json::{Value, json};
use std::fmt::Write;

/// What one technician collects at one stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// When the collection starts.
    pub start: Time,
    /// Who comes.
    pub shift: ShiftIx,
    /// Parts: which, how many, and the instant of the delivery they come from when that lies
    /// within the horizon.
    pub parts: Vec<(PartIx, u32, Option<Time>)>,
    /// Tools.
    pub tools: Vec<ToolIx>,
}

/// What one site hands out, by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickList {
    /// Which site.
    pub site: SiteIx,
    /// Its collections.
    pub picks: Vec<Pick>,
}

/// One list per site that anybody comes to, by site; takes of one part from several lots stay
/// apart.
pub fn pick_lists(problem: &Problem, plan: &Plan) -> Vec<PickList> {
    let mut lists: Vec<PickList> =
        (0..problem.sites.len()).map(|at| PickList { site: SiteIx::from(at), picks: Vec::new() }).collect();
    for route in &plan.routes {
        for stop in &route.stops {
            let Activity::Collection { site, takes, tools } = &stop.activity else { continue };
            let parts = takes
                .iter()
                .map(|take| {
                    let delivered = take.lot.map(|lot| problem.lot(lot).at).filter(|at| *at > Time(0));
                    (take.part, take.quantity, delivered)
                })
                .collect();
            let pick = Pick { start: stop.start, shift: route.shift, parts, tools: tools.clone() };
            lists[site.index()].picks.push(pick);
        }
    }
    lists.retain(|list| !list.picks.is_empty());
    for list in &mut lists {
        list.picks.sort_by_key(|pick| (pick.start, pick.shift));
    }
    lists
}

/// The lists as plain text, one block per site.
pub fn picks_text(problem: &Problem, plan: &Plan, lang: Lang) -> String {
    let mut text = String::new();
    for list in pick_lists(problem, plan) {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}", problem.site(list.site).id);
        for pick in &list.picks {
            let when = date_and_clock(problem, pick.start);
            let _ = writeln!(text, "  {when}  {}", name_of(problem.technician_of(pick.shift)));
            for (part, quantity, delivered) in &pick.parts {
                let _ = write!(text, "    {quantity:>4} × {}", problem.parts[part.index()]);
                if let Some(at) = delivered {
                    text.push_str(say!(" (delivered {})", date_and_clock(problem, *at)).in_lang(lang));
                }
                text.push('\n');
            }
            for tool in &pick.tools {
                let what = lang.pick("tool", "工具");
                let _ = writeln!(text, "    {what}   {}", problem.tools[tool.index()]);
            }
        }
    }
    text
}

/// The lists as one CSV table, a row per part or tool of a collection.
pub fn picks_csv(problem: &Problem, plan: &Plan) -> String {
    let mut table =
        Table::new(&["site", "time", "technician", "name", "shift", "what", "item", "quantity", "delivered"]);
    for list in pick_lists(problem, plan) {
        for pick in &list.picks {
            let technician = problem.technician_of(pick.shift);
            let mut row = |what: &str, item: &str, quantity: u32, delivered: Option<Time>| {
                table.row(&[
                    problem.site(list.site).id.as_str(),
                    &date_and_clock(problem, pick.start),
                    &technician.id,
                    name_of(technician),
                    &problem.shift(pick.shift).id,
                    what,
                    item,
                    &quantity.to_string(),
                    &delivered.map(|at| date_and_clock(problem, at)).unwrap_or_default(),
                ]);
            };
            for (part, quantity, delivered) in &pick.parts {
                row("part", &problem.parts[part.index()], *quantity, *delivered);
            }
            for tool in &pick.tools {
                row("tool", &problem.tools[tool.index()], 1, None);
            }
        }
    }
    table.text
}

/// The lists as JSON: an array of sites with their collections.
pub fn picks_json(problem: &Problem, plan: &Plan) -> Value {
    let lists = pick_lists(problem, plan);
    let sites = lists.iter().map(|list| {
        let picks = list.picks.iter().map(|pick| {
            let parts = pick.parts.iter().map(|(part, quantity, delivered)| {
                let mut row = json!({ "part": problem.parts[part.index()], "quantity": quantity });
                if let Some(at) = delivered {
                    row["delivered"] = json!(instant(problem, *at));
                }
                row
            });
            let tools = pick.tools.iter().map(|tool| problem.tools[tool.index()].as_str());
            json!({
                "at": instant(problem, pick.start),
                "technician": problem.technician_of(pick.shift).id,
                "shift": problem.shift(pick.shift).id,
                "parts": parts.collect::<Vec<_>>(),
                "tools": tools.collect::<Vec<_>>(),
            })
        });
        json!({ "site": problem.site(list.site).id, "collections": picks.collect::<Vec<_>>() })
    });
    sites.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    #[test]
    fn a_site_reads_who_comes_when_for_what() {
        let (problem, plan) = sample::day();
        let expected =
            "depot\n  2026-06-15 08:15  Ann Beck\n       3 × P-11 (delivered 2026-06-15 08:00)\n    tool   winch\n";
        assert_eq!(picks_text(&problem, &plan, Lang::En), expected);
    }

    #[test]
    fn the_table_has_a_row_per_item() {
        let (problem, plan) = sample::day();
        let expected = concat!(
            "\u{feff}site,time,technician,name,shift,what,item,quantity,delivered\r\n",
            "depot,2026-06-15 08:15,ann,Ann Beck,ann-mon,part,P-11,3,2026-06-15 08:00\r\n",
            "depot,2026-06-15 08:15,ann,Ann Beck,ann-mon,tool,winch,1,\r\n",
        );
        assert_eq!(picks_csv(&problem, &plan), expected);
    }

    #[test]
    fn the_same_as_json() {
        let (problem, plan) = sample::day();
        let expected = json!([{
            "site": "depot",
            "collections": [{
                "at": "2026-06-15T08:15:00+02:00",
                "technician": "ann",
                "shift": "ann-mon",
                "parts": [{ "part": "P-11", "quantity": 3, "delivered": "2026-06-15T08:00:00+02:00" }],
                "tools": ["winch"],
            }],
        }]);
        assert_eq!(picks_json(&problem, &plan), expected);
    }

    #[test]
    fn a_site_nobody_comes_to_has_no_list() {
        let (problem, plan) = sample::day();
        assert_eq!(problem.sites.len(), 2);
        assert_eq!(pick_lists(&problem, &plan).len(), 1);
    }
}
