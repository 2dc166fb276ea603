//! VROOM problems in, VROOM-shaped answers out.

use crate::finding::{Code, Finding};
use crate::ids::{JobIx, ShiftIx};
use crate::import::{AnswerConvention, Format, Imported, answer, import};
use crate::judge::judge;
use crate::plan::Plan;
use crate::problem::Window;
use crate::testing::Sketch;
use crate::units::{Cost, Duration, Rate, Time};
use serde_json::{Value, json};

const FILE: &str = include_str!("../fixtures/vroom.json");

fn read(value: &Value) -> Result<Imported, Vec<Finding>> {
    import(Format::Vroom, &value.to_string())
}

fn file() -> Value {
    serde_json::from_str(FILE).unwrap()
}

/// The findings of the file after a change.
fn refused(change: impl FnOnce(&mut Value)) -> Vec<(String, Code)> {
    let mut value = file();
    change(&mut value);
    let found = read(&value).map(|_| ()).unwrap_err();
    found.into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

#[test]
fn every_noun_of_the_file_has_its_place() {
    let imported = import(Format::Vroom, FILE).unwrap();
    let problem = &imported.problem;
    assert_eq!(problem.places.len(), 4);
    let first = &problem.jobs[0];
    // A place of its own: the set-up is the begin of the task, and the window binds that begin.
    assert_eq!((first.setup, first.work), (Duration(0), Duration(720)));
    assert_eq!(first.windows, [Window { open: Time(30_600), close: Time(32_400) }]);
    assert_eq!((problem.jobs[1].setup, problem.jobs[1].work), (Duration(60), Duration(300)));
    assert_eq!(problem.skills, ["1", "4", "9"]);
    let shift = &problem.shifts[0];
    assert_eq!((shift.max_jobs, shift.capacity.as_slice()), (Some(5), &[4][..]));
    assert_eq!(shift.breaks[0].window, Window { open: Time(32_400), close: Time(36_000) });
    let open = &problem.shifts[1];
    assert_eq!((open.end_place, open.max_travel), (None, Some(Duration(7200))));
    assert_eq!(problem.technicians[0].prices.travel, Rate(1800));
    assert_eq!(problem.technicians[1].prices.travel, Rate(3600));
    assert_eq!(problem.technicians[1].speed.0, 500);
}

#[test]
fn one_priority_point_is_above_all_jobs_and_one_job_above_all_costs() {
    let problem = import(Format::Vroom, FILE).unwrap().problem;
    let price = |at: usize| problem.jobs[at].unassigned_price.0;
    let job = price(1);
    // Six legs of at most 2400 s at a cent a second, 12 km each at 100 a kilometre, 50 fixed.
    assert!(job > 6 * 2400 + 6 * 12 * 100 + 50, "{job}");
    let point = (price(0) - job) / 10;
    assert_eq!(price(3) - job, 100 * point);
    assert!(point > 4 * job, "{point}");
    let mut equal = file();
    for at in 0..4 {
        equal["jobs"][at]["priority"] = json!(3);
    }
    let problem = read(&equal).unwrap().problem;
    assert_eq!(problem.jobs[0].unassigned_price, Cost(job));
}

#[test]
fn a_plan_of_the_file_is_clean_and_reads_like_an_answer() {
    let imported = import(Format::Vroom, FILE).unwrap();
    let (problem, travel) = (&imported.problem, &imported.travel);
    let day = Sketch::new(problem, travel).day(ShiftIx(0));
    let plan = day.wait_until(Time(29_000)).visit(JobIx(0)).visit(JobIx(1)).visit(JobIx(2));
    let plan = plan.wait_until(Time(32_400)).pause().plan();
    let verdict = judge(problem, travel, &plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    let answer = answer(&imported, &plan);
    assert_eq!(answer["code"], 0);
    assert_eq!(answer["unassigned"], json!([{"id": 14, "type": "job", "location_index": 3}]));
    let route = &answer["routes"][0];
    // 1800 s of travel at half a cent, 18 km at 100, 50 fixed.
    assert_eq!(route["cost"], 900 + 1800 + 50);
    assert_eq!((&route["vehicle"], &route["duration"], &route["distance"]), (&json!(1), &json!(1800), &json!(18_000)));
    assert_eq!((&route["setup"], &route["service"], &route["priority"]), (&json!(180), &json!(1200 + 900), &json!(10)));
    let steps = route["steps"].as_array().unwrap();
    let kinds: Vec<&str> = steps.iter().map(|step| step["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "job", "job", "job", "break", "end"]);
    assert_eq!(steps[0]["load"], json!([3]));
    assert_eq!(steps[1]["description"], "pump");
    assert_eq!((&steps[1]["arrival"], &steps[1]["waiting_time"]), (&json!(29_600), &json!(1000)));
    assert_eq!((&steps[2]["setup"], &steps[3]["setup"]), (&json!(60), &json!(0)));
    assert_eq!((&steps[4]["id"], &steps[4]["waiting_time"]), (&json!(7), &json!(120)));
    // Every step follows from the one before: arrival, waiting, set-up, service, travel.
    for pair in steps.windows(2) {
        let number = |step: &Value, key: &str| step[key].as_i64().unwrap();
        let done: i64 = ["arrival", "waiting_time", "setup", "service"].iter().map(|key| number(&pair[0], key)).sum();
        let driven = number(&pair[1], "duration") - number(&pair[0], "duration");
        assert_eq!(number(&pair[1], "arrival"), done + driven);
    }
}

#[test]
fn a_break_in_the_middle_of_a_leg_splits_its_travel() {
    let imported = import(Format::Vroom, FILE).unwrap();
    let (problem, travel) = (&imported.problem, &imported.travel);
    let day = Sketch::new(problem, travel).day(ShiftIx(0)).wait_until(Time(32_300));
    let plan = day.pause_on_the_way(Time(32_500)).visit(JobIx(1)).plan();
    assert!(judge(problem, travel, &plan).is_clean());
    let steps = &answer(&imported, &plan)["routes"][0]["steps"];
    assert_eq!(
        (&steps[1]["type"], &steps[1]["arrival"], &steps[1]["duration"]),
        (&json!("break"), &json!(32_500), &json!(200))
    );
    assert_eq!((&steps[2]["arrival"], &steps[2]["duration"]), (&json!(32_300 + 900 + 900), &json!(900)));
}

#[test]
fn instants_shift_the_horizon_to_their_day() {
    let mut value = file();
    let day = 1_777_852_800; // a midnight, UTC
    value["jobs"][0]["time_windows"] = json!([[day + 30_600, day + 32_400]]);
    value["vehicles"][0]["time_window"] = json!([day + 28_800, day + 43_200]);
    value["vehicles"][0]["breaks"][0]["time_windows"] = json!([[day + 32_400, day + 36_000]]);
    let imported = read(&value).unwrap();
    assert_eq!(imported.problem.horizon.start.as_second(), day);
    assert_eq!(imported.problem.shifts[0].start, Time(28_800));
    let plan = Sketch::new(&imported.problem, &imported.travel).day(ShiftIx(0)).visit(JobIx(0)).pause().plan();
    assert_eq!(answer(&imported, &plan)["routes"][0]["steps"][0]["arrival"], day + 28_800);
}

#[test]
fn coordinates_alone_travel_the_great_circle() {
    let value = json!({
        "jobs": [{"id": 1, "location": [9.52, 47.14]}, {"id": 2, "location": [9.51, 47.16]}],
        "vehicles": [{"id": 1, "start": [9.52, 47.14], "end": [9.52, 47.14]}]
    });
    let imported = read(&value).unwrap();
    assert_eq!(imported.problem.places.len(), 2);
    let leg = imported.travel.matrix(crate::ids::ProfileIx(0)).leg(crate::ids::PlaceIx(0), crate::ids::PlaceIx(1));
    assert!((3000..3200).contains(&leg.meters), "{leg:?}");
}

#[test]
fn a_vehicle_without_an_end_of_its_own_ends_at_its_last_task() {
    let value = json!({
        "jobs": [{"id": 1, "location": [9.52, 47.14]}, {"id": 2, "location": [9.51, 47.16], "service": 600}],
        "vehicles": [{"id": 1, "start": [9.52, 47.14]}]
    });
    let imported = read(&value).unwrap();
    let plan = Sketch::new(&imported.problem, &imported.travel).day(ShiftIx(0)).visit(JobIx(1)).plan();
    let steps = &answer(&imported, &plan)["routes"][0]["steps"];
    let [_, task, end] = steps.as_array().unwrap().as_slice() else { panic!("{steps}") };
    assert_eq!((&end["type"], &end["location"]), (&json!("end"), &task["location"]));
    assert_eq!(end["arrival"], json!(task["arrival"].as_i64().unwrap() + 600));
    assert_eq!(end["duration"], task["duration"]);
}

#[test]
fn what_has_no_exact_meaning_here_is_refused_and_never_dropped() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 11] = [
        ("/shipments", |file| file["shipments"] = json!([{}])),
        ("/vehicles/1/steps", |file| file["vehicles"][1]["steps"] = json!([])),
        ("/vehicles/0/costs/per_task_hour", |file| file["vehicles"][0]["costs"]["per_task_hour"] = json!(1)),
        ("/vehicles/0/breaks/0/max_load", |file| file["vehicles"][0]["breaks"][0]["max_load"] = json!([1])),
        ("/vehicles/0/breaks/0/time_windows", |file| {
            file["vehicles"][0]["breaks"][0]["time_windows"] = json!([[1, 2], [5, 6]]);
        }),
        ("/jobs/0/service_per_type", |file| file["jobs"][0]["service_per_type"] = json!({"a": 1})),
        ("/jobs", |file| file["jobs"][1]["pickup"] = json!([1])),
        ("/jobs/1/setup", |file| file["jobs"][1]["time_windows"] = json!([[30_000, 31_000]])),
        ("/jobs/3/setup", |file| file["jobs"][3]["setup"] = json!(5)),
        ("/vehicles/1", |file| {
            file["vehicles"][1].as_object_mut().unwrap().remove("start_index");
            file["vehicles"][1]["end_index"] = json!(1);
        }),
        ("/matrices/car/costs", |file| file["matrices"]["car"]["costs"] = json!([])),
    ];
    for (pointer, change) in changes {
        assert_eq!(refused(change), [(pointer.to_owned(), Code::NotSupportedYet)]);
    }
}

#[test]
fn mistakes_are_found_where_they_stand() {
    type Change = fn(&mut Value);
    let changes: [(&str, Code, Change); 9] = [
        ("/vehicles", Code::Empty, |file| file["vehicles"] = json!([])),
        ("/jobs/2/servce", Code::UnknownKey, |file| file["jobs"][2]["servce"] = json!(1)),
        ("/jobs/1/id", Code::DuplicateId, |file| file["jobs"][1]["id"] = json!(11)),
        ("/jobs/1/delivery", Code::Contradiction, |file| file["jobs"][1]["delivery"] = json!([1, 2])),
        ("/matrices", Code::MissingKey, |file| file["vehicles"][1]["profile"] = json!("bike")),
        ("/matrices/car", Code::MissingKey, |file| {
            file["matrices"]["car"].as_object_mut().unwrap().remove("distances");
        }),
        ("/matrices/car", Code::UnknownReference, |file| file["jobs"][1]["location_index"] = json!(4)),
        ("/matrices/car/durations/2/1", Code::OutOfRange, |file| {
            file["matrices"]["car"]["durations"][2][1] = json!(-1);
        }),
        ("/jobs/0/time_windows/0/1", Code::ClosedBeforeOpen, |file| file["jobs"][0]["time_windows"][0][1] = json!(5)),
    ];
    for (pointer, code, change) in changes {
        assert_eq!(refused(change), [(pointer.to_owned(), code)]);
    }
    let twice = FILE.replacen("\"id\": 12,", "\"id\": 12, \"id\": 15,", 1);
    let found = import(Format::Vroom, &twice).map(|_| ()).unwrap_err();
    assert_eq!((found[0].pointer.as_str(), found[0].code), ("/jobs/1/id", Code::RepeatedKey));
}

/// A vehicle four fifths as fast as the matrix says, two tasks, costs of its own.
fn slow() -> Value {
    json!({
        "vehicles": [{
            "id": 1, "start_index": 0, "end_index": 0, "speed_factor": 0.8, "time_window": [0, 100_000],
            "costs": {"per_hour": 1209, "per_km": 100},
        }],
        "jobs": [{"id": 1, "location_index": 1, "service": 10}, {"id": 2, "location_index": 2, "service": 5}],
        "matrices": {"car": {
            "durations": [[0, 101, 37], [103, 0, 59], [41, 67, 0]],
            "distances": [[0, 1017, 376], [1035, 0, 593], [413, 677, 0]],
        }},
    })
}

fn by_ticks(file: &Value) -> Imported {
    super::read(&file.to_string()).unwrap().import_by_ticks().unwrap()
}

/// Arrivals of an answer's only route, and its duration and cost.
fn told(imported: &Imported, plan: &Plan) -> (Vec<i64>, i64, i64) {
    let route = &answer(imported, plan)["routes"][0];
    let arrivals = route["steps"].as_array().unwrap().iter().map(|step| step["arrival"].as_i64().unwrap());
    (arrivals.collect(), route["duration"].as_i64().unwrap(), route["cost"].as_i64().unwrap())
}

// The figures are those that VROOM 1.15 gives for these files.
#[test]
fn hundredths_of_a_speed_are_kept_and_the_cost_is_reckoned_once_a_route() {
    let imported = by_ticks(&slow());
    let plan = Sketch::new(&imported.problem, &imported.travel).day(ShiftIx(0)).visit(JobIx(0)).visit(JobIx(1)).plan();
    assert!(judge(&imported.problem, &imported.travel, &plan).is_clean());
    assert_eq!(told(&imported, &plan), (vec![0, 126, 210, 266], 251, 287));
    // Hours alone, half a cent rounds up.
    let mut hours = slow();
    hours["vehicles"][0]["costs"] = json!({"per_hour": 1800});
    assert_eq!(told(&by_ticks(&hours), &plan).2, 126);
    // On seconds every leg is rounded up.
    let plain = read(&slow()).unwrap();
    let plan = Sketch::new(&plain.problem, &plain.travel).day(ShiftIx(0)).visit(JobIx(0)).visit(JobIx(1)).plan();
    assert_eq!(told(&plain, &plan).1, 127 + 74 + 52);
}

#[test]
fn windows_hours_and_instants_are_the_same_on_the_finer_clock() {
    let mut file = slow();
    file["vehicles"][0].as_object_mut().unwrap().remove("costs");
    file["jobs"][0]["time_windows"] = json!([[501, 600]]);
    let imported = by_ticks(&file);
    assert_eq!(imported.problem.jobs[0].windows, [Window { open: Time(501 * 4), close: Time(600 * 4) }]);
    let day = Sketch::new(&imported.problem, &imported.travel).day(ShiftIx(0));
    // Leaving 126.25 seconds before the window opens.
    let plan = day.wait_until(Time(501 * 4 - 505)).visit(JobIx(0)).visit(JobIx(1)).plan();
    assert!(judge(&imported.problem, &imported.travel, &plan).is_clean());
    assert_eq!(told(&imported, &plan), (vec![374, 501, 584, 641], 252, 252));
    let midnight = 1_777_852_800;
    file["jobs"][0]["time_windows"] = json!([[midnight + 501, midnight + 600]]);
    file["vehicles"][0]["time_window"] = json!([midnight, midnight + 100_000]);
    let later = by_ticks(&file);
    assert_eq!(told(&later, &plan).0, [374, 501, 584, 641].map(|second| midnight + second));
}

#[test]
fn a_clock_of_seconds_serves_where_speeds_are_alike_or_ticks_do_not_fit() {
    let ticks = |file: &Value| match by_ticks(file).answer {
        AnswerConvention::Vroom { ticks, .. } => ticks,
        other => panic!("{other:?}"),
    };
    assert_eq!(ticks(&slow()), 4);
    let mut file = slow();
    file["vehicles"][0]["speed_factor"] = json!(1.0);
    assert_eq!(ticks(&file), 1);
    // Ninety days and hundredths: beyond the longest horizon.
    file["vehicles"][0]["speed_factor"] = json!(0.9);
    assert_eq!(ticks(&file), 100);
    file["vehicles"][0]["time_window"] = json!([0, 90 * 86_400]);
    assert_eq!(ticks(&file), 1);
}
