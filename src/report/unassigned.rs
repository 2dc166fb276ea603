//! Jobs that stay unassigned: why, and what would help.

use super::Lang;
use dispatch_data::plan::{Plan, Reason, Relaxation, Unassigned};
use dispatch_data::problem::{Priority, Problem};

/// One paragraph per job; `None` when every job is in the plan.
pub(crate) fn unassigned(problem: &Problem, plan: &Plan, lang: Lang) -> Option<String> {
    if plan.unassigned.is_empty() {
        return None;
    }
    let lines: Vec<String> = plan.unassigned.iter().map(|left| paragraph(problem, left, lang)).collect();
    Some(lines.join("\n"))
}

fn paragraph(problem: &Problem, left: &Unassigned, lang: Lang) -> String {
    let Unassigned { job, price, reasons, relaxation } = left;
    let job = problem.job(*job);
    let class = match job.priority {
        Some(Priority::P1) => " P1",
        Some(Priority::P2) => " P2",
        Some(Priority::P3) => " P3",
        Some(Priority::P4) => " P4",
        None => "",
    };
    let cost = match lang {
        Lang::En => format!(" (price {price})"),
        Lang::Zh => format!("（代价 {price}）"),
    };
    let mut text = format!("  {}{class}{cost}", job.id);
    for reason in reasons {
        let Reason { rule: _, technicians, nearest, miss } = reason;
        let nearest = nearest.map_or(String::new(), |technician| {
            let id = &problem.technician(technician).id;
            match lang {
                Lang::En => format!("; nearest {id}"),
                Lang::Zh => format!("；最接近的是 {id}"),
            }
        });
        let colon = if miss.is_empty() { "" } else { lang.pick(": ", "：") };
        let count = match lang {
            Lang::En => format!("{technicians} technician{}", if *technicians == 1 { "" } else { "s" }),
            Lang::Zh => format!("{technicians} 名技师"),
        };
        text.push_str(&format!("\n    {} — {count}{nearest}{colon}{}", reason.name(lang), miss.in_lang(lang)));
    }
    if let Some(Relaxation { change, rule: _, shift, added_cost }) = relaxation {
        let change = change.in_lang(lang);
        let who = &problem.technician_of(*shift).id;
        text.push_str(&match lang {
            Lang::En => format!("\n    would fit with {who} if: {change} (adds {added_cost})"),
            Lang::Zh => format!("\n    可由 {who} 完成，条件：{change}（增加费用 {added_cost}）"),
        });
    }
    text
}
