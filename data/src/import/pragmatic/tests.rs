//! Pragmatic problems in, pragmatic solutions out.

use crate::finding::{Code, Finding};
use crate::ids::{JobIx, PlaceIx, ProfileIx, ShiftIx, TechIx};
use crate::import::{Format, Imported, answer, import, import_files};
use crate::judge::judge;
use crate::testing::Sketch;
use crate::units::{Cost, DistanceRate, Duration, Rate, Time};
use serde_json::{Value, json};

const FILE: &str = include_str!("../fixtures/pragmatic.json");
const MATRIX: &str = include_str!("../fixtures/pragmatic-matrix.json");

fn read() -> Imported {
    import_files(Format::Pragmatic, &[FILE, MATRIX]).unwrap()
}

fn refused(change: impl FnOnce(&mut Value)) -> Vec<(String, Code)> {
    let mut value: Value = serde_json::from_str(FILE).unwrap();
    change(&mut value);
    pointers(import_files(Format::Pragmatic, &[&value.to_string(), MATRIX]))
}

fn pointers(result: Result<Imported, Vec<Finding>>) -> Vec<(String, Code)> {
    result.map(|_| ()).unwrap_err().into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

#[test]
fn every_noun_of_the_file_has_its_place() {
    let imported = read();
    let problem = &imported.problem;
    assert_eq!(problem.horizon.start.to_string(), "2026-05-04T00:00:00Z");
    let hour = |hour: i64| Time(hour * 3600);
    let boiler = &problem.jobs[0];
    assert_eq!((boiler.windows[0].open, boiler.windows[1].close), (hour(9), hour(13)));
    assert_eq!(boiler.excluded_technicians, [TechIx(2)]);
    assert_eq!(problem.jobs[1].skills.any_of.len(), 2);
    assert_eq!(problem.jobs[1].load, [2]);
    // Shifts of a vehicle stand in time order, whatever the order of the file.
    assert_eq!(problem.shifts[2].id, "b_1/1");
    assert_eq!((problem.shifts[2].start, problem.shifts[3].start), (hour(8), hour(32)));
    let pin = problem.jobs[2].pin.as_ref().unwrap();
    assert_eq!((pin.technician, pin.shift), (Some(TechIx(2)), Some(ShiftIx(2))));
    let first = &problem.shifts[0];
    assert_eq!((first.max_jobs, first.max_duration), (Some(8), Some(Duration(30_000))));
    assert_eq!(first.breaks[0].duration, Duration(1800));
    // Places: jobs first, then homes; the scale has a profile of its own and rounds up.
    let leg = |profile, from, to| imported.travel.matrix(ProfileIx(profile)).leg(PlaceIx(from), PlaceIx(to));
    assert_eq!((leg(0, 0, 1).seconds, leg(0, 2, 0).meters), (600, 9100));
    assert_eq!(leg(1, 0, 1).seconds, 900);
}

#[test]
fn rates_become_whole_cents_and_layers_become_prices() {
    let problem = read().problem;
    let prices = problem.technicians[0].prices;
    // A tenth of the file's unit: 0.0002 a metre is 0.2 a kilometre.
    assert_eq!((prices.work, prices.distance), (Rate(180), DistanceRate(2)));
    assert_eq!(problem.technicians[2].prices.distance, DistanceRate(10));
    let tour = prices.shift - Cost(220);
    assert_eq!(problem.technicians[2].prices.shift, tour);
    // All costs of a plan: four fixed, four days of work, seven legs of at most 9.1 km.
    assert!(tour.0 > 4 * 220 + 9 * 180 * 4 + 7 * 91, "{tour:?}");
    let job = problem.jobs[0].unassigned_price;
    assert!(job > tour * 4 && problem.jobs.iter().all(|other| other.unassigned_price == job));
    let mut valued: Value = serde_json::from_str(FILE).unwrap();
    valued["plan"]["jobs"][1]["value"] = json!(3);
    let problem = import_files(Format::Pragmatic, &[&valued.to_string(), MATRIX]).unwrap().problem;
    assert!(problem.jobs[1].unassigned_price > problem.jobs[0].unassigned_price * 9);
}

#[test]
fn a_skill_that_is_named_twice_is_one_skill() {
    let mut value: Value = serde_json::from_str(FILE).unwrap();
    value["plan"]["jobs"][0]["skills"] = json!({"allOf": ["gas", "gas"], "noneOf": ["trainee", "water", "trainee"]});
    value["fleet"]["vehicles"][0]["skills"] = json!(["gas", "gas"]);
    let problem = import_files(Format::Pragmatic, &[&value.to_string(), MATRIX]).unwrap().problem;
    assert_eq!(problem.jobs[0].skills.all_of.len(), 1);
    assert_eq!(problem.jobs[0].excluded_technicians, [TechIx(2)]);
    assert_eq!(problem.technicians[0].skills.len(), 1);
}

#[test]
fn other_last_layers_pay_for_metres_or_seconds_alone() {
    for (name, work, distance) in [("minimize-distance", 0, 1000), ("minimize-duration", 3600, 0)] {
        let mut value: Value = serde_json::from_str(FILE).unwrap();
        value["objectives"] = json!([{"type": "minimize-unassigned"}, {"type": name}]);
        let problem = import_files(Format::Pragmatic, &[&value.to_string(), MATRIX]).unwrap().problem;
        let prices = problem.technicians[0].prices;
        assert_eq!((prices.work, prices.distance, prices.shift), (Rate(work), DistanceRate(distance), Cost(0)));
    }
}

#[test]
fn a_plan_of_the_file_is_clean_and_reads_like_a_solution() {
    let imported = read();
    let (problem, travel) = (&imported.problem, &imported.travel);
    let plan = Sketch::new(problem, travel)
        .day(ShiftIx(0))
        .wait_until(Time(9 * 3600 - 900))
        .visit(JobIx(0))
        .pause_on_the_way(Time(10 * 3600 + 1800))
        .wait_until(Time(10 * 3600 + 1500))
        .visit(JobIx(1))
        .day(ShiftIx(2))
        .visit(JobIx(2))
        .plan();
    let verdict = judge(problem, travel, &plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    let solution = answer(&imported, &plan);
    assert_eq!(solution.get("unassigned"), None);
    let tour = &solution["tours"][0];
    assert_eq!((&tour["vehicleId"], &tour["typeId"], &tour["shiftIndex"]), (&json!("a_1"), &json!("a"), &json!(0)));
    let stops = tour["stops"].as_array().unwrap();
    let kinds: Vec<&str> = stops.iter().map(|stop| stop["activities"][0]["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["departure", "service", "break", "delivery", "arrival"]);
    assert_eq!(stops[0]["time"]["departure"], "2026-05-04T08:45:00Z");
    assert_eq!(stops[0]["load"], json!([2]));
    assert_eq!(stops[1]["activities"], json!([{"jobId": "boiler", "type": "service", "jobTag": "front"}]));
    assert_eq!((&stops[2]["time"]["arrival"], stops[2].get("location")), (&json!("2026-05-04T10:30:00Z"), None));
    assert_eq!(stops[3]["location"], json!({"lat": 47.16, "lng": 9.51}));
    assert_eq!(stops[4]["distance"], 9100 + 6000 + 3000);
    let statistic = &tour["statistic"];
    assert_eq!(statistic["times"]["driving"], 910 + 600 + 300);
    assert_eq!(statistic["times"]["serving"], 2400);
    assert_eq!(statistic["times"]["break"], 1800);
    let duration = statistic["duration"].as_i64().unwrap();
    let cost = 22.0 + 0.0002 * 18_100.0 + 0.005 * duration as f64;
    assert!((statistic["cost"].as_f64().unwrap() - cost).abs() < 1e-9);
    assert_eq!(solution["tours"][1]["shiftIndex"], 1);
}

#[test]
fn jobs_at_one_place_share_a_stop_and_the_rest_is_unassigned() {
    let imported = read();
    let day = Sketch::new(&imported.problem, &imported.travel).day(ShiftIx(2));
    let solution = answer(&imported, &day.visit(JobIx(2)).visit(JobIx(1)).plan());
    let stops = solution["tours"][0]["stops"].as_array().unwrap();
    assert_eq!(stops.len(), 3);
    let acts = stops[1]["activities"].as_array().unwrap();
    assert_eq!((&acts[0]["jobId"], &acts[1]["jobId"]), (&json!("meter"), &json!("pump")));
    assert_eq!(acts[1]["time"]["start"], stops[1]["activities"][0]["time"]["end"]);
    assert_eq!(solution["unassigned"][0]["jobId"], "boiler");
}

#[test]
fn without_matrices_the_way_is_straight_at_the_profiles_speed() {
    let imported = import(Format::Pragmatic, FILE).unwrap();
    let leg = imported.travel.matrix(ProfileIx(0)).leg(PlaceIx(0), PlaceIx(1));
    assert!(leg.meters > 2300 && leg.meters < 2400 && leg.seconds == leg.meters.div_ceil(10), "{leg:?}");
}

#[test]
fn what_has_no_exact_meaning_here_is_refused_and_never_dropped() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 14] = [
        ("/plan/clustering", |file| file["plan"]["clustering"] = json!({})),
        ("/fleet/resources", |file| file["fleet"]["resources"] = json!([])),
        ("/plan/relations/0/type", |file| file["plan"]["relations"][0]["type"] = json!("strict")),
        ("/plan/jobs/0/group", |file| file["plan"]["jobs"][0]["group"] = json!("g")),
        ("/plan/jobs/0/services/0/order", |file| file["plan"]["jobs"][0]["services"][0]["order"] = json!(1)),
        ("/plan/jobs/0/services/0", |file| {
            let place = file["plan"]["jobs"][0]["services"][0]["places"][0].clone();
            file["plan"]["jobs"][0]["services"][0]["places"].as_array_mut().unwrap().push(place);
        }),
        ("/plan/jobs/1", |file| file["plan"]["jobs"][1]["services"] = file["plan"]["jobs"][0]["services"].clone()),
        ("/plan/jobs", |file| {
            let task = file["plan"]["jobs"][1].as_object_mut().unwrap().remove("deliveries").unwrap();
            file["plan"]["jobs"][1]["pickups"] = task;
        }),
        ("/fleet/vehicles/0/shifts/0/reloads", |file| file["fleet"]["vehicles"][0]["shifts"][0]["reloads"] = json!([])),
        ("/fleet/vehicles/0/shifts/0/breaks/0", |file| {
            let time = json!(["2026-05-04T10:00:00Z", "2026-05-04T11:00:00Z"]);
            file["fleet"]["vehicles"][0]["shifts"][0]["breaks"][0]["time"] = time;
        }),
        ("/fleet/vehicles/0/shifts/0/breaks/0/time", |file| {
            let time = json!({"earliest": 3600, "latest": 7200});
            file["fleet"]["vehicles"][0]["shifts"][0]["breaks"][0]["time"] = time;
        }),
        ("/fleet/vehicles/0/shifts/0/start/latest", |file| {
            file["fleet"]["vehicles"][0]["shifts"][0]["start"]["latest"] = json!("2026-05-04T08:10:00Z");
        }),
        ("/fleet/vehicles/0/limits/areas", |file| file["fleet"]["vehicles"][0]["limits"]["areas"] = json!([])),
        ("/objectives/1/type", |file| {
            file["objectives"] = json!([{"type": "minimize-unassigned"}, {"type": "balance-max-load"}]);
        }),
    ];
    for (pointer, change) in changes {
        assert_eq!(refused(change), [(pointer.to_owned(), Code::NotSupportedYet)]);
    }
}

#[test]
fn mistakes_are_found_where_they_stand() {
    type Change = fn(&mut Value);
    let changes: [(&str, Code, Change); 9] = [
        ("/plan/jobs/1/id", Code::DuplicateId, |file| file["plan"]["jobs"][1]["id"] = json!("boiler")),
        ("/plan/jobs/0/service", Code::UnknownKey, |file| file["plan"]["jobs"][0]["service"] = json!([])),
        ("/plan/relations/0/jobs/0", Code::UnknownReference, |file| {
            file["plan"]["relations"][0]["jobs"][0] = json!("x");
        }),
        ("/plan/relations/0/shiftIndex", Code::UnknownReference, |file| {
            file["plan"]["relations"][0]["shiftIndex"] = json!(2);
        }),
        ("/fleet/vehicles/1/profile/matrix", Code::UnknownReference, |file| {
            file["fleet"]["vehicles"][1]["profile"]["matrix"] = json!("bike");
        }),
        ("/fleet/vehicles/1/shifts/0", Code::Contradiction, |file| {
            file["fleet"]["vehicles"][1]["shifts"][1]["end"]["latest"] = json!("2026-05-05T09:00:00Z");
        }),
        ("/plan/jobs/0/services/0/places/0/times/0/0", Code::BadInstant, |file| {
            file["plan"]["jobs"][0]["services"][0]["places"][0]["times"][0][0] = json!("2026-05-04 nine");
        }),
        ("/fleet/vehicles/0/capacity/0", Code::OutOfRange, |file| {
            file["fleet"]["vehicles"][0]["capacity"][0] = json!(-1);
        }),
        ("/objectives", Code::Contradiction, |file| {
            file["plan"]["jobs"][0]["value"] = json!(2);
            file["objectives"] = json!([{"type": "minimize-unassigned"}, {"type": "minimize-cost"}]);
        }),
    ];
    for (pointer, code, change) in changes {
        assert_eq!(refused(change), [(pointer.to_owned(), code)]);
    }
    let short = MATRIX.replace(", 310, 0]", ", 310]");
    assert_eq!(pointers(import_files(Format::Pragmatic, &[FILE, &short]))[0], ("/matrices/0".into(), Code::BadFormat));
    let other = MATRIX.replace("car", "bike");
    let found = pointers(import_files(Format::Pragmatic, &[FILE, &other]));
    assert_eq!(found[0], ("/matrices/0/profile".into(), Code::UnknownReference));
}
