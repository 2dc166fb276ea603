//! One technician with jobs that suit the planted day, and that day with its times; lots are told later.

use super::numbers::Numbers;
use super::town::Town;
use super::{PAID, PARTS, ROAD, SKILLS};
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ShiftIx, SiteIx, SkillIx, TechIx};
use dispatch_data::plan::{Activity, PartSource, PlannedRoute, Stop};
use dispatch_data::problem::{
    Deadline, Draft, Job, OwnedSkill, PartQuantity, Prices, Shift, SkillLevel, SkillNeed, Sla, Technician, Window,
};
use dispatch_data::travel::TravelMatrix;
use dispatch_data::units::{Duration, Permille, Rate, Time};

const MORNING: i64 = 8 * 3_600;
/// Minutes that promises, windows and the end of the shift leave beyond the planted time.
const PROMISE: (i64, i64) = (30, 120);
const WINDOW: (i64, i64) = (45, 150);
const EVENING: (i64, i64) = (45, 120);
/// Of a hundred jobs.
const PROMISED: i64 = 70;
const WINDOWED: i64 = 30;
const WITH_PARTS: i64 = 45;

/// Minutes at random, in seconds.
fn minutes(numbers: &mut Numbers, (least, most): (i64, i64)) -> Duration {
    Duration::minutes(numbers.between(least, most))
}

/// Adds a technician, a shift and the jobs of a planted tour to the draft; gives that day.
pub(super) fn route(
    town: &Town,
    matrix: &TravelMatrix,
    tour: usize,
    draft: &mut Draft,
    numbers: &mut Numbers,
) -> PlannedRoute {
    let own = skills(numbers);
    let technician = TechIx::from(tour);
    // The part that the van lacks, and the job after the collection that takes it and is for this one alone.
    let lacking = PartIx(numbers.below(PARTS as usize) as u32);
    let alone = town.tours[tour].jobs[numbers.below(town.tours[tour].home)];
    let mut van = [0_u32; PARTS as usize];
    let (mut now, mut collected) = (Time(MORNING), None);
    let mut stops: Vec<Stop> = Vec::new();
    let places = town.stops(tour);
    for leg in places.windows(2).take(places.len() - 2) {
        let (place, way) = (PlaceIx::from(leg[1]), matrix.leg(PlaceIx::from(leg[0]), PlaceIx::from(leg[1])));
        let arrival = now + way.duration();
        let (activity, lasts) = if town.is_job(leg[1]) {
            let mut job = job(draft.jobs.len(), place, arrival, &own, numbers);
            if leg[1] == alone {
                job.required_technicians = Some(vec![technician]);
                job.parts = vec![PartQuantity { part: lacking, quantity: 1 }];
            } else if collected.is_none() {
                job.parts.retain(|need| need.part != lacking);
                job.parts.iter().for_each(|need| van[need.part.index()] += need.quantity);
            }
            let sources = job.parts.iter().map(|need| PartSource {
                part: need.part,
                quantity: need.quantity,
                collected_at_stop: collected,
            });
            let activity = Activity::Visit { job: JobIx::from(draft.jobs.len()), member: 0, parts: sources.collect() };
            let work = job.work;
            draft.jobs.push(job);
            (activity, work)
        } else {
            collected = Some(stops.len());
            let site = SiteIx::from(town.tours[tour].store);
            (Activity::Collection { site, takes: Vec::new(), tools: Vec::new() }, draft.sites[site.index()].collection)
        };
        let end = arrival + lasts;
        let (travel, distance) = (way.duration(), way.distance());
        stops.push(Stop { activity, place, departure: now, arrival, start: arrival, end, travel, distance });
        now = end;
    }
    let home = PlaceIx::from(town.home(tour));
    let back = matrix.leg(stops.last().map_or(home, |stop| stop.place), home);
    let end = now + back.duration();
    let shift = ShiftIx::from(tour);
    let day_end = end + minutes(numbers, EVENING);
    draft.shifts.push(Shift {
        id: format!("shift-{tour}"),
        technician,
        start: Time(MORNING),
        regular_end: day_end,
        latest_end: day_end,
        start_place: home,
        end_place: Some(home),
        breaks: Vec::new(),
        max_jobs: None,
        max_travel: None,
        max_distance: None,
        max_duration: None,
        capacity: Vec::new(),
    });
    let skills = own.iter().map(|own| OwnedSkill {
        skill: own.skill,
        level: own.level,
        valid_from: None,
        valid_until: None,
        pace: Permille::ONE,
    });
    let stock = van.iter().enumerate().filter(|(_, units)| **units > 0);
    draft.technicians.push(Technician {
        id: format!("technician-{tour}"),
        skills: skills.collect(),
        stock: stock.map(|(part, units)| (PartIx::from(part), super::stock::with_spare(*units))).collect(),
        prices: Prices { work: PAID, distance: ROAD, ..Prices::default() },
        speed: Permille::ONE,
        shifts: (shift, ShiftIx::from(tour + 1)),
        ..Technician::default()
    });
    PlannedRoute {
        shift,
        stops,
        breaks: Vec::new(),
        return_departure: now,
        end,
        return_travel: back.duration(),
        return_distance: back.distance(),
        bill: Bill::default(),
    }
}

/// Two skills, each at some level.
fn skills(numbers: &mut Numbers) -> Vec<SkillLevel> {
    let first = numbers.below(SKILLS as usize) as u32;
    let second = (first + 1 + numbers.below(SKILLS as usize - 1) as u32) % SKILLS;
    let own = |skill| SkillLevel { skill: SkillIx(skill), level: numbers.between(1, 3) as u8 };
    [first, second].map(own).into()
}

/// A job that the planted technician can do, promised for some time after the planted day comes there. Its price
/// for being left out is set when the plan's is known.
fn job(at: usize, place: PlaceIx, arrival: Time, own: &[SkillLevel], numbers: &mut Numbers) -> Job {
    let skill = own[numbers.below(own.len())];
    let need = SkillLevel { skill: skill.skill, level: numbers.between(1, i64::from(skill.level)) as u8 };
    let window = if numbers.chance(WINDOWED) {
        Window { open: arrival - minutes(numbers, WINDOW), close: arrival + minutes(numbers, WINDOW) }
    } else {
        Window { open: Time(0), close: Time(0) + Duration::hours(24) }
    };
    let promised = Deadline {
        due: arrival + minutes(numbers, PROMISE),
        late_price: Rate(numbers.between(60, 180) * 100),
        limit: None,
    };
    let part =
        PartQuantity { part: PartIx(numbers.below(PARTS as usize) as u32), quantity: numbers.between(1, 2) as u32 };
    Job {
        id: format!("job-{at}"),
        place,
        work: Duration::minutes(5 * numbers.between(3, 8)),
        skills: SkillNeed { all_of: vec![need], any_of: Vec::new() },
        windows: vec![window],
        sla: Sla { arrive: numbers.chance(PROMISED).then_some(promised), ..Sla::default() },
        parts: if numbers.chance(WITH_PARTS) { vec![part] } else { Vec::new() },
        ..Job::default()
    }
}
