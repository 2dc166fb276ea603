//! Where the spare parts of a plan come from: the vans, or which site.

use super::{Lang, row, table};
use dispatch_data::plan::{Activity, Plan};
use dispatch_data::problem::Problem;

/// Parts used from vans and collected at sites, as a table; `None` when the plan uses no parts.
pub(crate) fn parts(problem: &Problem, plan: &Plan, lang: Lang) -> Option<String> {
    let mut from_vans = 0_u64;
    let mut collected_used = 0_u64;
    let mut visits = 0_usize;
    let mut at_sites = vec![(0_usize, 0_u64); problem.sites.len()];
    for stop in plan.routes.iter().flat_map(|route| &route.stops) {
        match &stop.activity {
            Activity::Visit { job: _, member: _, parts } => {
                visits += usize::from(!parts.is_empty());
                for source in parts {
                    let units = u64::from(source.quantity);
                    if source.collected_at_stop.is_some() { collected_used += units } else { from_vans += units }
                }
            }
            Activity::Collection { site, takes, tools: _ } => {
                let (stops, units) = &mut at_sites[site.index()];
                *stops += 1;
                *units += takes.iter().map(|take| u64::from(take.quantity)).sum::<u64>();
            }
        }
    }
    let collections: usize = at_sites.iter().map(|(stops, _)| stops).sum();
    if visits + collections == 0 {
        return None;
    }
    let head = [lang.pick("parts from", "备件来源"), lang.pick("stops", "次数"), lang.pick("units", "件数")];
    let mut table = table(&head);
    let vans = lang.pick("vans", "随车").to_owned();
    table.add_row(row(vec![vans, String::new(), from_vans.to_string()], &[1, 2]));
    for (site, (stops, units)) in problem.sites.iter().zip(&at_sites).filter(|(_, (stops, _))| *stops > 0) {
        table.add_row(row(vec![site.id.clone(), stops.to_string(), units.to_string()], &[1, 2]));
    }
    let sums = match lang {
        Lang::En => format!("{visits} visits use parts; {collected_used} units were collected on the same route"),
        Lang::Zh => format!("{visits} 次上门用到备件；其中 {collected_used} 件为当趟取件"),
    };
    Some(format!("{table}\n  {sums}"))
}
