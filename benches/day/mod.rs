//! Days made from seeds, for the benches: the same on every machine.

use dispatch_data::place::Position;
use dispatch_data::problem::{Problem, Sla};
use dispatch_data::travel::{Travel, TravelMatrix};
use serde_json::{Value, json};

const CLASSES: [&str; 4] = ["P1", "P2", "P3", "P4"];

/// Numbers that look random and are the same everywhere (a linear congruence, constants by Knuth).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// A number below a border.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
    /// A position in the valley of the bundled map.
    pub(crate) fn position(&mut self) -> Position {
        Position { lat: 47.10 + self.below(120_000) as f64 / 1e6, lon: 9.50 + self.below(25_000) as f64 / 1e6 }
    }
}

/// A day of so many jobs with skills, promises and breaks, one technician for every eight.
pub(crate) fn day(jobs: usize) -> Problem {
    dispatch_data::format::read_problem(document(jobs).to_string()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The same as it is sent.
pub(crate) fn document(jobs: usize) -> Value {
    let mut numbers = Numbers(jobs as u64);
    let at = |minute: u64| format!("2026-06-15T{:02}:{:02}:00Z", minute / 60, minute % 60);
    let place = |numbers: &mut Numbers| {
        let Position { lat, lon } = numbers.position();
        json!({"lat": lat, "lon": lon})
    };
    let skills = ["boiler", "chiller", "lift"];
    let technicians: Vec<Value> = (0..jobs.div_ceil(8))
        .map(|k| {
            json!({
                "id": format!("tech {k}"),
                "home": place(&mut numbers),
                "skills": {(skills[k % 3]): 2, (skills[(k + 1) % 3]): 1},
                "prices": {"work": 3000, "distance": 60, "overtime": 1500},
                "shifts": [{
                    "start": at(8 * 60), "end": at(16 * 60), "latest_end": at(17 * 60),
                    "breaks": [{"window": {"open": at(11 * 60), "close": at(13 * 60)}, "duration": "PT30M"}],
                }],
            })
        })
        .collect();
    let jobs: Vec<Value> = (0..jobs)
        .map(|k| {
            let due = 9 * 60 + 30 * numbers.below(12);
            json!({
                "id": format!("T-{k}"),
                "place": place(&mut numbers),
                "work": format!("PT{}M", 15 + 5 * numbers.below(10)),
                "skills": {"all_of": {(skills[numbers.below(3) as usize]): 1 + numbers.below(2)}},
                "priority": CLASSES[numbers.below(4) as usize],
                "sla": {"arrive": {"due": at(due), "late_price": 3000}},
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "horizon": {"start": at(0), "end": at(24 * 60 - 1), "zone": "UTC"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 12}},
        "technicians": technicians,
        "jobs": jobs,
    })
}

/// The same day without promises, breaks and overtime.
#[allow(dead_code, reason = "not every bench that shares this file has plain days")]
pub(crate) fn plain(jobs: usize) -> Problem {
    let mut draft = day(jobs).into_draft();
    draft.jobs.iter_mut().for_each(|job| job.sla = Sla::default());
    for shift in &mut draft.shifts {
        shift.breaks.clear();
        shift.regular_end = shift.latest_end;
    }
    draft.check().unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// Its travel by straight lines.
pub(crate) fn travel(problem: &Problem) -> Travel {
    let positions: Vec<_> = problem.places.iter().map(|place| place.position).collect();
    Travel::new(vec![TravelMatrix::great_circle(&positions, 1.3, 12.0)])
}
