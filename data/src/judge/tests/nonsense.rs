//! A plan from anywhere, whatever it says, is reported and never a panic.

use super::*;
use crate::ids::{JobIx, LotIx, PartIx, PlaceIx, SiteIx, TechIx, ToolIx};
use crate::plan::{Activity, PartSource, PlannedRoute, Take, TakenBreak, Unassigned};
use crate::problem::{Break, CrewMember, Deadline, Pin, Precedence, SkillLevel, SkillNeed};
use crate::testing::hours;
use crate::travel::{HourlySpeed, Hours};
use crate::units::{Cost, Duration, Meters, Permille, Rate, Time};

/// SplitMix64 (Steele, Lea, Flood 2014): a number for a seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
    /// Something plausible, something at a border, or anything at all.
    fn number(&mut self) -> i64 {
        match self.below(8) {
            0 => i64::MIN,
            1 => i64::MAX,
            2 => self.next() as i64,
            3 => -1,
            _ => self.below(86_400) as i64,
        }
    }
    fn index(&mut self) -> u32 {
        if self.below(8) == 0 { self.next() as u32 } else { self.below(4) as u32 }
    }
    fn time(&mut self) -> Time {
        Time(self.number())
    }
    fn some<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.below(5)).map(|_| make(self)).collect()
    }
    fn stop(&mut self) -> Stop {
        let activity = if self.below(3) == 0 {
            let lot = |dice: &mut Self| (dice.below(3) > 0).then(|| LotIx(dice.index()));
            Activity::Collection {
                site: SiteIx(self.index()),
                takes: self.some(|dice| Take { part: PartIx(dice.index()), quantity: dice.index(), lot: lot(dice) }),
                tools: self.some(|dice| ToolIx(dice.index())),
            }
        } else {
            let stop = |dice: &mut Self| (dice.below(2) > 0).then(|| dice.index() as usize);
            let source = |dice: &mut Self| PartSource {
                part: PartIx(dice.index()),
                quantity: dice.index(),
                collected_at_stop: stop(dice),
            };
            Activity::Visit { job: JobIx(self.index()), member: self.index() as u8, parts: self.some(source) }
        };
        Stop {
            activity,
            place: PlaceIx(self.index()),
            departure: self.time(),
            arrival: self.time(),
            start: self.time(),
            end: self.time(),
            travel: Duration(self.number()),
            distance: Meters(self.number()),
        }
    }
    fn taken(&mut self) -> TakenBreak {
        TakenBreak { rule: self.index() as usize, start: self.time(), end: self.time() }
    }
    fn route(&mut self) -> PlannedRoute {
        PlannedRoute {
            shift: ShiftIx(self.index()),
            stops: self.some(Self::stop),
            breaks: self.some(Self::taken),
            return_departure: self.time(),
            end: self.time(),
            return_travel: Duration(self.number()),
            return_distance: Meters(self.number()),
            bill: crate::bill::Bill { travel: Cost(self.number()), ..crate::bill::Bill::default() },
        }
    }
    fn plan(&mut self) -> Plan {
        let out = |dice: &mut Self| Unassigned {
            job: JobIx(dice.index()),
            price: Cost(dice.number()),
            reasons: vec![],
            relaxation: None,
        };
        Plan {
            routes: self.some(Self::route),
            unassigned: self.some(out),
            travel_fingerprint: self.next(),
            ..Plan::default()
        }
    }
}

/// A world in which every rule has something to say.
fn rich(current: Plan) -> (Problem, Travel) {
    let mut world = World::new();
    let (skill, tool) = (world.skill("gas"), world.tool("ladder"));
    let (north, south) = (world.region("north"), world.region("south"));
    for id in ["Ann", "Bob"] {
        let technician = world.technician(id);
        world.shift(technician, clock(12, 0), clock(17, 0), clock(19, 0));
        world.owns(technician, skill, 1).valid_until = Some(clock(12, 0));
        let shift = world.shift_mut(technician);
        shift.breaks = vec![Break { window: hours(9, 10), duration: Duration::minutes(20), paid: false }];
        shift.max_jobs = Some(1);
        shift.max_travel = Some(Duration::minutes(10));
        shift.max_distance = Some(Meters(10));
        shift.max_duration = Some(Duration::minutes(10));
        shift.capacity = vec![1];
        let noun = world.technician_mut(technician);
        noun.regions = vec![north];
        noun.preferred_regions = vec![north];
        noun.prices.work = Rate(100_000_000);
        noun.prices.travel = Rate(100_000_000);
        noun.rest = Duration::hours(1);
        noun.speed = Permille(700);
    }
    let part = world.part("pump");
    let site = world.site("store", 10);
    world.lot(site, part, 1, clock(9, 0));
    let limit = Some(Deadline { due: Time(0), late_price: Rate(100_000_000), limit: Some(Time(1)) });
    for (at, id) in ["A", "B", "C"].into_iter().enumerate() {
        let job = world.job(id, 20 + at as i64);
        world.needs(job, skill, 2);
        world.consumes(job, part, 1);
        let noun = world.job_mut(job);
        noun.skills.any_of = vec![SkillLevel { skill, level: 1 }];
        noun.setup = Duration::minutes(5);
        noun.tools = vec![tool];
        noun.region = Some(if at == 0 { north } else { south });
        noun.end_windows = vec![hours(9, 10)];
        (noun.sla.respond, noun.sla.arrive, noun.sla.resolve) = (limit, limit, limit);
        noun.load = vec![1];
        noun.preferred_technicians = vec![TechIx(1)];
        noun.excluded_technicians = vec![TechIx(0)];
        noun.pin = Some(Pin {
            technician: Some(TechIx(1)),
            shift: Some(ShiftIx(2)),
            window: Some(hours(9, 10)),
            after: (at > 0).then_some(JobIx(0)),
        });
    }
    let member = CrewMember {
        skills: SkillNeed::default(),
        work: Duration::minutes(1),
        start_lag: (Duration::ZERO, Duration::minutes(1)),
    };
    world.job_mut(JobIx(1)).crew = vec![member.clone(), member];
    let order = Precedence {
        before: JobIx(0),
        after: JobIx(2),
        min_lag: Duration::minutes(1),
        max_lag: Some(Duration::minutes(2)),
    };
    world.draft.precedences = vec![order];
    world.draft.objective.moved_start = Rate(100_000_000);
    world.draft.current = Some(current);
    world.draft.freeze = Some(clock(9, 0));
    let (problem, travel) = world.build();
    let rush = HourlySpeed { share: [Permille(500); 24], horizon_starts_at: Duration::ZERO };
    let matrix = travel.matrix(crate::ids::ProfileIx(0)).clone();
    (problem, Travel::with_hours(vec![(matrix, Some(Hours::Speed(rush)))]))
}

#[test]
fn garbage_is_reported_and_never_a_panic() {
    let mut dice = Dice(1);
    let mut rules = std::collections::BTreeSet::new();
    let (sane, travel) = rich(Plan::default());
    for _ in 0..3_000 {
        // Even a current plan is not trusted, where the checks of the problem let it through.
        let mut draft = sane.clone().into_draft();
        draft.current = Some(dice.plan());
        let problem = draft.check().unwrap_or_else(|_| sane.clone());
        let verdict = verdict(&problem, &travel, &dice.plan());
        assert!(!verdict.is_clean());
        rules.extend(verdict.violations.iter().map(|violation| violation.rule));
    }
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), Rule::ALL, "every rule spoke up at least once");
}

#[test]
fn one_wild_number_in_an_honest_plan_is_no_panic() {
    let (problem, travel) = rich(Plan::default());
    let sketch = || {
        let plan = Sketch::new(&problem, &travel).day(ANN).visit(JobIx(0)).collect(SiteIx(0), vec![], vec![]);
        plan.day(BOB).visit(JobIx(1)).visit(JobIx(2)).plan()
    };
    let mut dice = Dice(2);
    for _ in 0..3_000 {
        let mut plan = sketch();
        let route = dice.below(2) as usize;
        let at = dice.below(2) as usize;
        let (moment, index, number) = (dice.time(), dice.index(), dice.number());
        let route = &mut plan.routes[route];
        let stop = &mut route.stops[at];
        match dice.below(12) {
            0 => stop.departure = moment,
            1 => stop.arrival = moment,
            2 => stop.start = moment,
            3 => stop.end = moment,
            4 => stop.travel = Duration(number),
            5 => stop.distance = Meters(number),
            6 => stop.place = PlaceIx(index),
            7 => route.shift = ShiftIx(index),
            8 => route.return_departure = moment,
            9 => route.end = moment,
            10 => stop.activity = dice.stop().activity,
            _ => route.breaks = vec![dice.taken()],
        }
        verdict(&problem, &travel, &plan);
    }
}

#[test]
fn travel_of_another_problem_is_reported_and_never_a_panic() {
    let (problem, travel) = rich(Plan::default());
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(JobIx(0)).plan();
    let one_place = crate::travel::TravelMatrix::from_fn(1, |_, _| crate::travel::Leg::default());
    for other in [Travel::new(vec![]), Travel::new(vec![one_place])] {
        let verdict = verdict(&problem, &other, &plan);
        assert!(verdict.of(Rule::Clock).any(|violation| violation.expected.english().starts_with("a way from")));
    }
}
