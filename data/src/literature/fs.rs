//! Field service days: served priority first, then travel seconds, with one break per technician.
//!
//! Two earliest times run along a route side by side: break still due, and break taken. The break
//! starts in its window, anywhere between services, in the middle of a leg too.

use super::{Evaluation, FaultKind, Ledger};
use crate::import::field_service::{FieldService, Lunch, Ticket, Worker};

/// One list of job positions per technician.
pub fn fs(file: &FieldService, routes: &[Vec<usize>]) -> Evaluation {
    let mut ledger = Ledger::new();
    for (at, route) in routes.iter().enumerate().filter(|(_, route)| !route.is_empty()) {
        ledger.route = at;
        let Some(worker) = file.technicians.get(at) else {
            ledger.fault(FaultKind::Fleet, None, None);
            continue;
        };
        let mut jobs = Vec::with_capacity(route.len());
        for number in route {
            match file.jobs.get(*number) {
                Some(job) if ledger.serve(*number) => jobs.push((*number, job)),
                Some(_) => {}
                None => ledger.fault(FaultKind::Unknown, Some(*number), None),
            }
        }
        if !jobs.is_empty() {
            ledger.out.used += 1;
            day(file, worker, &jobs, &mut ledger);
        }
    }
    ledger.out.value = ledger.out.distance;
    ledger.close(file.jobs.len())
}

fn day(file: &FieldService, worker: &Worker, jobs: &[(usize, &Ticket)], ledger: &mut Ledger) {
    let mut used = vec![0_i64; worker.stock.len()];
    for (number, job) in jobs {
        ledger.out.priority += job.priority;
        let skilled = |need: &crate::import::field_service::SkillAt| {
            worker.skills.iter().any(|own| own.id == need.id && own.level >= need.level)
        };
        if !job.skill.as_ref().is_none_or(skilled) {
            ledger.fault(FaultKind::Skill, Some(*number), None);
        }
        for (part, units) in job.parts.iter().filter(|(_, units)| *units > 0) {
            let held = worker.stock.get(*part as usize).map_or(0, |units| i64::from(*units));
            let mut none = 0;
            let used = used.get_mut(*part as usize).unwrap_or(&mut none);
            *used += i64::from(*units);
            if *used > held {
                ledger.fault(FaultKind::Part, Some(*number), Some((*used - held) as f64));
            }
        }
    }
    let mut here = worker.home;
    for (_, job) in jobs {
        ledger.out.distance += seconds(file, here, job.xy) as f64;
        here = job.xy;
    }
    ledger.out.distance += seconds(file, here, worker.home) as f64;
    if let Err((number, by)) = in_time(file, worker, jobs, worker.lunch) {
        if worker.lunch.is_some() && in_time(file, worker, jobs, None).is_ok() {
            ledger.fault(FaultKind::Break, number, by);
        } else {
            ledger.fault(FaultKind::Late, number, by);
        }
    }
}

/// Whether a day can be done; else the job (`None`: the return) that comes too late, and by how much.
fn in_time(
    file: &FieldService,
    worker: &Worker,
    jobs: &[(usize, &Ticket)],
    lunch: Option<Lunch>,
) -> Result<(), (Option<usize>, Option<f64>)> {
    let (begin, end) = worker.shift;
    let (mut due, mut taken) = match lunch {
        Some(_) => (Some(begin), None),
        None => (None, Some(begin)),
    };
    let mut here = worker.home;
    for (number, job) in jobs {
        let leg = seconds(file, here, job.xy);
        let ended = |arrival: i64| start(&job.windows, arrival).map(|start| start + job.service);
        let without = due.and_then(|now| ended(now + leg));
        let now = due.zip(lunch).and_then(|(now, lunch)| with_break(now, leg, lunch)).and_then(ended);
        taken = earliest(taken.and_then(|now| ended(now + leg)), now);
        due = without;
        if due.is_none() && taken.is_none() {
            return Err((Some(*number), None));
        }
        here = job.xy;
    }
    let leg = seconds(file, here, worker.home);
    let now = due.zip(lunch).and_then(|(now, lunch)| with_break(now, leg, lunch));
    match earliest(taken.map(|now| now + leg), now) {
        Some(home) if home <= end => Ok(()),
        Some(home) => Err((None, Some((home - end) as f64))),
        None => Err((None, None)),
    }
}

/// Arrival with the break before, within or right after a leg that is left at `now`.
fn with_break(now: i64, leg: i64, lunch: Lunch) -> Option<i64> {
    (now <= lunch.window.1).then(|| (now + leg).max(now.max(lunch.window.0)) + lunch.duration)
}

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// First start at or after `arrival` within a window; windows are sorted.
fn start(windows: &[(i64, i64)], arrival: i64) -> Option<i64> {
    windows.iter().find(|(_, close)| arrival <= *close).map(|(open, _)| arrival.max(*open))
}

/// Travel between two points by the file's rule, rounded half to even.
fn seconds(file: &FieldService, from: (f64, f64), to: (f64, f64)) -> i64 {
    let rule = file.travel;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let lean = 1.0 + rule.asymmetry * (2.0 * std::f64::consts::PI * dx / rule.period).sin();
    let seconds = rule.detour * (dx * dx + dy * dy).sqrt() / rule.speed * lean;
    seconds.round_ties_even() as i64
}
