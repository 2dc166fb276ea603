//! Random small days that use every rule the search honours. Seeded; always valid problems.

use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ProfileIx, RegionIx, ShiftIx, SiteIx, SkillIx, TechIx, ToolIx};
use dispatch_data::place::{Place, Position};
use dispatch_data::problem::*;
use dispatch_data::travel::{Leg, Travel, TravelMatrix};
use dispatch_data::units::*;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

pub(crate) type Rng = Xoshiro256PlusPlus;

/// How much of everything.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) jobs: usize,
    pub(crate) technicians: usize,
}

const HOUR: i64 = 3600;

pub(crate) fn rng(seed: u64) -> Rng {
    Rng::seed_from_u64(seed)
}

fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

fn pick<T>(rng: &mut Rng, percent: u32, make: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    chance(rng, percent).then(|| make(rng))
}

fn window(rng: &mut Rng, from: i64, until: i64) -> Window {
    let open = rng.random_range(from..until - HOUR / 2);
    let close = rng.random_range(open..until.min(open + 5 * HOUR));
    Window { open: Time(open), close: Time(close) }
}

/// A valid problem and its travel. Features are drawn per day, so that plain days occur too. Draws
/// that contradict themselves (a pin to an excluded technician) are drawn again.
pub(crate) fn random_day(seed: u64, size: Size) -> (Problem, Travel) {
    let mut rng = rng(seed);
    let mut last = Vec::new();
    for _ in 0..200 {
        let (draft, travel) = draw(&mut rng, size);
        match draft.check() {
            Ok(problem) => return (problem, travel),
            Err(findings) => last = findings,
        }
    }
    panic!("seed {seed}: no valid draw in 200, the last had {last:?}");
}

/// A random day in the middle: a plan is in force, part of it is frozen, technicians are somewhere,
/// one may be out, jobs have come in since.
pub(crate) fn frozen_day(seed: u64, size: Size) -> (Problem, Travel) {
    let (problem, travel) = random_day(seed, size);
    let mut rng = rng(seed ^ 0xf0f0);
    let known = size.jobs * 3 / 4;
    let mut earlier = problem.clone().into_draft();
    earlier.jobs.truncate(known);
    let params = crate::Params { seed, islands: 1, ..crate::Params::default() };
    let plan = earlier.check().map(|earlier| {
        let plan = crate::solve(&earlier, &travel, &params, &crate::Stop::iterations(20)).plan;
        dispatch_data::plan::Plan { unassigned: Vec::new(), ..plan }
    });
    let mut draft = problem.into_draft();
    draft.current = plan.ok();
    if chance(&mut rng, 85) {
        draft.freeze = draft.current.is_some().then(|| Time(rng.random_range(6 * HOUR..18 * HOUR)));
    }
    if chance(&mut rng, 50) {
        draft.objective.moved_technician = Cost(rng.random_range(0..5_000));
        draft.objective.moved_start = Rate(rng.random_range(0..3_000));
    }
    let places = draft.places.len();
    let now = draft.freeze.unwrap_or(Time(8 * HOUR));
    for technician in &mut draft.technicians {
        technician.position = pick(&mut rng, 30, |rng| CurrentPosition {
            place: PlaceIx::from(rng.random_range(0..places)),
            at: now + Duration(rng.random_range(-HOUR..HOUR)),
        });
    }
    let out = ShiftIx::from(rng.random_range(0..draft.shifts.len()));
    if chance(&mut rng, 30) && draft.freeze.is_none() {
        draft.shifts[out.index()].max_jobs = Some(0);
    }
    (draft.check().unwrap_or_else(|findings| panic!("seed {seed}: {findings:?}")), travel)
}

fn draw(rng: &mut Rng, size: Size) -> (Draft, Travel) {
    let horizon = Horizon {
        start: jiff::Timestamp::from_second(1_800_000_000).unwrap(),
        length: Duration::hours(48),
        zone: jiff::tz::TimeZone::UTC,
    };
    let mut draft = Draft::empty("random", horizon);
    draft.skills = (0..3).map(|k| format!("skill {k}")).collect();
    draft.parts = (0..3).map(|k| format!("part {k}")).collect();
    draft.tools = (0..2).map(|k| format!("tool {k}")).collect();
    draft.regions = (0..2).map(|k| Region { id: format!("region {k}"), area: None }).collect();
    let places = size.jobs + size.technicians + 3;
    draft.places = (0..places)
        .map(|k| Place {
            id: Some(format!("place {k}")),
            position: Some(Position { lat: 47.0 + k as f64 / 1000.0, lon: 9.5 }),
            matrix_index: None,
        })
        .collect();
    draft.objective = objective(rng);
    let (breaks, promises, parts, money) = (chance(rng, 50), chance(rng, 60), chance(rng, 60), chance(rng, 70));
    for k in 0..size.technicians {
        technician(rng, &mut draft, k, places, breaks, money);
    }
    if parts {
        sites(rng, &mut draft, places);
    }
    for k in 0..size.jobs {
        job(rng, &mut draft, k, size, promises, parts);
    }
    let travel = travel(rng, places);
    draft.travel = TravelSource::Matrices(vec![travel.matrix(ProfileIx(0)).clone()]);
    (draft, travel)
}

fn objective(rng: &mut Rng) -> Objective {
    Objective {
        outside_preferred_region: Cost(rng.random_range(0..2_000)),
        not_preferred_technician: Cost(rng.random_range(0..2_000)),
        paid_from: if chance(rng, 80) { PaidFrom::LatestDeparture } else { PaidFrom::ShiftStart },
        overtime_until: if chance(rng, 70) { OvertimeUntil::Return } else { OvertimeUntil::LastVisit },
        ..Objective::default()
    }
}

/// Metric and slightly asymmetric, with a few places on one spot.
fn travel(rng: &mut Rng, places: usize) -> Travel {
    let spots: Vec<(i64, i64)> = (0..places).map(|_| (rng.random_range(0..2400), rng.random_range(0..2400))).collect();
    let spots: Vec<(i64, i64)> =
        (0..places).map(|k| if k > 0 && chance(rng, 15) { spots[k - 1] } else { spots[k] }).collect();
    Travel::new(vec![TravelMatrix::from_fn(places, |from, to| {
        let (a, b) = (spots[from], spots[to]);
        let seconds = (a.0 - b.0).abs() + (a.1 - b.1).abs() + (b.0 - a.0).max(0) / 10;
        Leg { seconds: seconds as u32, meters: (seconds * 12) as u32 }
    })])
}

fn technician(rng: &mut Rng, draft: &mut Draft, k: usize, places: usize, breaks: bool, money: bool) {
    let first = ShiftIx::from(draft.shifts.len());
    let start_place = PlaceIx::from(places - 1 - k % 3);
    for day in 0..rng.random_range(1..=2) {
        let start = day * 24 * HOUR + rng.random_range(6..9) * HOUR;
        let regular_end = start + rng.random_range(3..9) * HOUR;
        let latest_end = regular_end + rng.random_range(0..3) * HOUR;
        let mut rests = Vec::new();
        if breaks {
            for n in 0..rng.random_range(0..=2) {
                let open = start + HOUR + n * 2 * HOUR + rng.random_range(0..HOUR);
                let close = open + rng.random_range(0..HOUR);
                let duration = Duration(rng.random_range(300..2400));
                if close + duration.0 < latest_end {
                    rests.push(Break {
                        window: Window { open: Time(open), close: Time(close) },
                        duration,
                        paid: chance(rng, 50),
                    });
                }
            }
        }
        draft.shifts.push(Shift {
            id: format!("shift {k}.{day}"),
            technician: TechIx::from(k),
            start: Time(start),
            regular_end: Time(regular_end),
            latest_end: Time(latest_end),
            start_place,
            end_place: pick(rng, 80, |_| start_place),
            breaks: rests,
            max_jobs: pick(rng, 20, |rng| rng.random_range(1..5)),
            max_travel: pick(rng, 15, |rng| Duration(rng.random_range(2000..9000))),
            max_distance: pick(rng, 15, |rng| Meters(rng.random_range(20_000..90_000))),
            max_duration: pick(rng, 15, |rng| Duration::hours(rng.random_range(3..8))),
            capacity: if chance(rng, 20) { vec![rng.random_range(3..9)] } else { Vec::new() },
        });
    }
    let rate = |rng: &mut Rng, most: i64| if money { rng.random_range(0..most) } else { 0 };
    draft.technicians.push(Technician {
        id: format!("tech {k}"),
        skills: (0..3)
            .filter_map(|skill| {
                pick(rng, 75, |rng| OwnedSkill {
                    skill: SkillIx(skill),
                    level: rng.random_range(1..4),
                    valid_from: pick(rng, 10, |rng| Time(rng.random_range(0..12) * HOUR)),
                    valid_until: pick(rng, 10, |rng| Time(rng.random_range(12..40) * HOUR)),
                    pace: if chance(rng, 70) { Permille::ONE } else { Permille(rng.random_range(700..1600)) },
                })
            })
            .collect(),
        regions: if chance(rng, 20) { vec![RegionIx(rng.random_range(0..2))] } else { Vec::new() },
        preferred_regions: if chance(rng, 30) { vec![RegionIx(rng.random_range(0..2))] } else { Vec::new() },
        stock: (0..3).filter_map(|part| pick(rng, 50, |rng| (PartIx(part), rng.random_range(1..4)))).collect(),
        tools: (0..2).filter(|_| chance(rng, 60)).map(ToolIx).collect(),
        prices: Prices {
            work: Rate(rate(rng, 6_000)),
            travel: Rate(rng.random_range(100..4_000)),
            distance: DistanceRate(rate(rng, 80)),
            shift: Cost(rate(rng, 5_000)),
            overtime: Rate(rate(rng, 9_000)),
        },
        speed: if chance(rng, 80) { Permille::ONE } else { Permille(rng.random_range(800..1300)) },
        shifts: (first, ShiftIx::from(draft.shifts.len())),
        ..Technician::default()
    });
}

fn sites(rng: &mut Rng, draft: &mut Draft, places: usize) {
    for site in 0..2_u32 {
        draft.sites.push(Site {
            id: format!("site {site}"),
            place: PlaceIx::from(places - 4 - site as usize),
            opening: if chance(rng, 50) {
                (0..2)
                    .map(|day| Window { open: Time((day * 24 + 7) * HOUR), close: Time((day * 24 + 15) * HOUR) })
                    .collect()
            } else {
                Vec::new()
            },
            collection: Duration(rng.random_range(0..900)),
            unlimited: chance(rng, 25),
            tools: (0..2).filter(|_| chance(rng, 60)).map(ToolIx).collect(),
        });
        for part in 0..3 {
            for n in 0..rng.random_range(0..3) {
                draft.lots.push(Lot {
                    site: SiteIx(site),
                    part: PartIx(part),
                    at: Time(if n == 0 { 0 } else { rng.random_range(7..36) * HOUR }),
                    quantity: rng.random_range(1..4),
                });
            }
        }
    }
}

fn deadline(rng: &mut Rng) -> Deadline {
    let due = Time(rng.random_range(7 * HOUR..40 * HOUR));
    Deadline {
        due,
        late_price: Rate(rng.random_range(0..20_000)),
        limit: pick(rng, 20, |rng| due + Duration(rng.random_range(0..6 * HOUR))),
    }
}

fn level(rng: &mut Rng) -> SkillLevel {
    SkillLevel { skill: SkillIx(rng.random_range(0..3)), level: rng.random_range(1..3) }
}

fn job(rng: &mut Rng, draft: &mut Draft, k: usize, size: Size, promises: bool, parts: bool) {
    let mut windows = vec![Window { open: Time(0), close: draft.horizon.end() }];
    if chance(rng, 60) {
        windows = vec![window(rng, 7 * HOUR, 20 * HOUR)];
        if chance(rng, 40) {
            windows.push(window(rng, 26 * HOUR, 44 * HOUR));
        }
    }
    let all_of = if chance(rng, 60) { vec![level(rng)] } else { Vec::new() };
    let any_of = if chance(rng, 15) {
        vec![SkillLevel { skill: SkillIx(0), level: 1 }, SkillLevel { skill: SkillIx(1), level: 2 }]
    } else {
        Vec::new()
    };
    let shift = rng.random_range(0..draft.shifts.len());
    let whole = windows[0];
    let after = (k > 0).then(|| JobIx::from(k - 1));
    draft.jobs.push(Job {
        id: format!("job {k}"),
        place: PlaceIx::from(rng.random_range(0..size.jobs)),
        work: Duration(rng.random_range(60..6_000)),
        setup: Duration(if chance(rng, 40) { rng.random_range(1..900) } else { 0 }),
        skills: SkillNeed { all_of, any_of },
        region: pick(rng, 70, |rng| RegionIx(rng.random_range(0..2))),
        windows,
        end_windows: if chance(rng, 10) { vec![window(rng, 8 * HOUR, 20 * HOUR)] } else { Vec::new() },
        sla: Sla {
            respond: if promises { pick(rng, 30, deadline) } else { None },
            arrive: if promises { pick(rng, 30, deadline) } else { None },
            resolve: if promises { pick(rng, 50, deadline) } else { None },
        },
        unassigned_price: Cost(rng.random_range(0..60_000)),
        parts: if parts {
            (0..3)
                .filter_map(|part| {
                    pick(rng, 25, |rng| PartQuantity { part: PartIx(part), quantity: rng.random_range(1..3) })
                })
                .collect()
        } else {
            Vec::new()
        },
        tools: if parts && chance(rng, 20) { vec![ToolIx(rng.random_range(0..2))] } else { Vec::new() },
        required_technicians: pick(rng, 8, |rng| vec![TechIx(rng.random_range(0..size.technicians as u32))]),
        preferred_technicians: if chance(rng, 20) {
            vec![TechIx(rng.random_range(0..size.technicians as u32))]
        } else {
            Vec::new()
        },
        excluded_technicians: if chance(rng, 4) {
            vec![TechIx(rng.random_range(0..size.technicians as u32))]
        } else {
            Vec::new()
        },
        pin: pick(rng, 15, |rng| Pin {
            technician: None,
            shift: pick(rng, 25, |_| ShiftIx::from(shift)),
            window: pick(rng, 20, |rng| {
                let open = rng.random_range(whole.open.0..=whole.close.0);
                Window { open: Time(open), close: Time(rng.random_range(open..=whole.close.0)) }
            }),
            after: if chance(rng, 50) { after } else { None },
        }),
        load: if chance(rng, 50) { vec![rng.random_range(0..4)] } else { Vec::new() },
        ..Job::default()
    });
}
