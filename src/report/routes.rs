//! The plan stop by stop: one block of lines per used shift.

use super::{Lang, clock_time, minutes, promises, row, table};
use dispatch_data::plan::{Activity, Plan, PlannedRoute, Stop};
use dispatch_data::problem::Problem;
use dispatch_data::units::{Duration, Time};

/// The routes as a table.
pub(crate) fn routes(problem: &Problem, plan: &Plan, lang: Lang) -> String {
    let head = [
        lang.pick("technician", "技师"),
        "#",
        lang.pick("stop", "站点"),
        lang.pick("drive", "行驶"),
        lang.pick("arrive", "到达"),
        lang.pick("work", "作业"),
        lang.pick("tightest promise", "最紧承诺"),
        lang.pick("parts", "备件"),
    ];
    let mut table = table(&head);
    for (number, route) in plan.routes.iter().enumerate() {
        if number > 0 {
            table.add_row(row(vec![String::new(); head.len()], &[]));
        }
        for (at, _) in route.stops.iter().enumerate() {
            table.add_row(row(stop_cells(problem, route, at, lang), &[1, 3]));
        }
        table.add_row(row(last_line(problem, route, lang), &[1, 3]));
    }
    table.to_string()
}

fn stop_cells(problem: &Problem, route: &PlannedRoute, at: usize, lang: Lang) -> Vec<String> {
    let stop = &route.stops[at];
    let who = if at == 0 { technician_name(problem, route) } else { String::new() };
    let (what, promise, parts) = match &stop.activity {
        Activity::Visit { job, member: _, parts } => {
            let used: Vec<String> = parts
                .iter()
                .map(|source| {
                    let from = source.collected_at_stop.map_or(String::new(), |stop| format!(" (#{})", stop + 1));
                    format!("{}×{}{from}", source.quantity, problem.parts[source.part.index()])
                })
                .collect();
            let job = problem.job(*job);
            let customer = job.customer.as_deref().filter(|name| !name.is_empty());
            let what = customer.map_or_else(|| job.id.clone(), |name| format!("{} {}", job.id, shortened(name)));
            (what, tightest(problem, stop, lang), used.join(", "))
        }
        Activity::Collection { site, takes, tools } => {
            let taken = takes.iter().map(|take| format!("+{}×{}", take.quantity, problem.parts[take.part.index()]));
            let tools = tools.iter().map(|tool| format!("+{}", problem.tools[tool.index()]));
            let what = format!("{} {}", lang.pick("collect at", "取件"), problem.site(*site).id);
            (what, String::new(), taken.chain(tools).collect::<Vec<_>>().join(", "))
        }
    };
    vec![
        who,
        (at + 1).to_string(),
        what,
        minutes(lang, stop.travel),
        clock_time(problem, stop.arrival),
        span(problem, stop.start, stop.end),
        promise,
        parts,
    ]
}

/// The promise of a visit that is nearest to being broken, or broken most.
fn tightest(problem: &Problem, stop: &Stop, lang: Lang) -> String {
    let nearest = promises::of_stop(problem, stop).into_iter().min_by_key(|(_, promise)| promise.slack());
    nearest.map_or(String::new(), |(_, promise)| {
        let slack = promise.slack();
        let word = promises::event_name(promise.event, lang);
        if slack >= Duration::ZERO {
            format!("{word} +{}", minutes(lang, slack))
        } else {
            format!("{word} {} {}", lang.pick("late", "迟"), minutes(lang, -slack))
        }
    })
}

/// The way home, the breaks and the sums of a day.
fn last_line(problem: &Problem, route: &PlannedRoute, lang: Lang) -> Vec<String> {
    let visits = route.jobs().count();
    let kilometres = route.distance().0 as f64 / 1000.0;
    let breaks = route.breaks.iter().map(|taken| span(problem, taken.start, taken.end)).collect::<Vec<_>>().join(", ");
    let breaks = if breaks.is_empty() { breaks } else { format!("{} {breaks}", lang.pick("break", "休息")) };
    let sums = match lang {
        Lang::En => format!("{visits} visits, {} on the road, {kilometres:.1} km", minutes(lang, route.travel())),
        Lang::Zh => format!("{visits} 次上门，行驶 {}，{kilometres:.1} 公里", minutes(lang, route.travel())),
    };
    let shift = problem.shift(route.shift);
    let overtime = route.end.past(shift.regular_end);
    let end = match (shift.end_place, overtime > Duration::ZERO) {
        (_, true) => format!("{} {}", lang.pick("overtime", "加班"), minutes(lang, overtime)),
        (Some(_), false) => lang.pick("home", "返回").to_owned(),
        (None, false) => lang.pick("end", "结束").to_owned(),
    };
    let home = minutes(lang, route.return_travel);
    vec![String::new(), String::new(), sums, home, clock_time(problem, route.end), end, String::new(), breaks]
}

/// The technician's name, with the shift where the technician has several.
fn technician_name(problem: &Problem, route: &PlannedRoute) -> String {
    let technician = problem.technician_of(route.shift);
    let name = if technician.name.is_empty() { &technician.id } else { &technician.name };
    if technician.shift_indices().count() > 1 {
        format!("{name} · {}", problem.shift(route.shift).id)
    } else {
        name.clone()
    }
}

/// A name that leaves room for the other columns.
fn shortened(name: &str) -> String {
    const MOST: usize = 36;
    match name.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", &name[..cut]),
        None => name.to_owned(),
    }
}

fn span(problem: &Problem, from: Time, to: Time) -> String {
    format!("{}–{}", clock_time(problem, from), clock_time(problem, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(shortened("Nospitz"), "Nospitz");
        assert_eq!(shortened(&"高".repeat(40)), format!("{}…", "高".repeat(36)));
    }
}
