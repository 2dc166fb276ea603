//! Whether the engine does its work: a tiny case, from its nouns to a judged plan.

use crate::travel;
use dispatch_data::ids::{ShiftIx, TechIx};
use dispatch_data::judge::judge;
use dispatch_data::place::{Place, Position};
use dispatch_data::problem::{Draft, Horizon, Job, Problem, Shift, Technician, Window};
use dispatch_data::units::{Cost, Duration, Time};
use dispatch_solver::{Params, Stop, solve};

const DAY: Duration = Duration::hours(24);
const ITERATIONS: u64 = 20;

/// Plans two jobs for one technician and asks the judge.
pub(crate) fn solves_a_tiny_case() -> bool {
    let Some(problem) = tiny() else { return false };
    let Some(travel) = travel::without_roads(&problem) else { return false };
    let params = Params { islands: 1, threads: 1, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::iterations(ITERATIONS)).plan;
    let verdict = judge(&problem, &travel, &plan);
    verdict.is_clean() && verdict.claimed_bill_matches && plan.unassigned.is_empty()
}

/// Two jobs near one technician's home; `None` if the checks of problems refuse it.
fn tiny() -> Option<Problem> {
    let start = jiff::Timestamp::UNIX_EPOCH;
    let mut draft = Draft::empty("tiny", Horizon { start, length: DAY, zone: jiff::tz::TimeZone::UTC });
    let mut place = |lat, lon| draft.place(Place { position: Some(Position { lat, lon }), ..Place::default() });
    let (home, near, far) = (place(47.14, 9.52), place(47.15, 9.52), place(47.17, 9.51));
    let day = Window { open: Time(0), close: Time(DAY.0) };
    for (id, place) in [("near", near), ("far", far)] {
        draft.jobs.push(Job {
            id: id.into(),
            place,
            work: Duration::minutes(30),
            windows: vec![day],
            unassigned_price: Cost(100_000),
            ..Job::default()
        });
    }
    draft.technicians.push(Technician { id: "one".into(), shifts: (ShiftIx(0), ShiftIx(1)), ..Technician::default() });
    draft.shifts.push(Shift {
        id: "day".into(),
        technician: TechIx(0),
        start: Time(8 * 3600),
        regular_end: Time(17 * 3600),
        latest_end: Time(18 * 3600),
        start_place: home,
        end_place: Some(home),
        breaks: Vec::new(),
        max_jobs: None,
        max_travel: None,
        max_distance: None,
        max_duration: None,
        capacity: Vec::new(),
    });
    draft.check().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tiny_case_is_a_valid_problem_and_is_solved() {
        assert!(tiny().is_some());
        assert!(solves_a_tiny_case());
    }
}
