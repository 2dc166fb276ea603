//! Tables of a dispatch centre, as they come: with a byte order mark, in Chinese, with mistakes.

use super::{LATE_RATE, Settings, read};
use crate::finding::{Code, Finding};
use crate::ids::{JobIx, PartIx, ShiftIx, SkillIx};
use crate::import::{Format, Imported, answer, import_files};
use crate::judge::judge;
use crate::problem::{JobKind, Priority, SkillLevel};
use crate::testing::Sketch;
use crate::units::{Cost, Duration, Rate, Time};

const JOBS: &str = include_str!("../fixtures/jobs.csv");
const TECHNICIANS: &str = include_str!("../fixtures/technicians.csv");
const STOCK: &str = include_str!("../fixtures/stock.csv");

fn shanghai() -> Settings {
    Settings { zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(), ..Settings::default() }
}

fn day() -> Imported {
    read(JOBS, TECHNICIANS, Some(STOCK)).unwrap().import(&shanghai()).unwrap()
}

fn pointers<T>(result: Result<T, Vec<Finding>>) -> Vec<(String, Code)> {
    result.map(|_| ()).unwrap_err().into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

#[test]
fn chinese_headings_marks_and_quotes_are_read() {
    let imported = day();
    let problem = &imported.problem;
    assert_eq!((problem.jobs.len(), problem.technicians.len(), problem.lots.len()), (3, 2, 2));
    let first = &problem.jobs[0];
    assert_eq!((first.id.as_str(), first.work, first.kind), ("W-1", Duration(5400), JobKind::Repair));
    assert_eq!(first.customer.as_deref(), Some("东方, 商场"));
    assert_eq!(first.priority, Some(Priority::P1));
    assert_eq!(first.unassigned_price, problem.objective.priority_prices[0]);
    assert_eq!(first.skills.all_of[0], SkillLevel { skill: SkillIx(0), level: 2 });
    assert_eq!(problem.skills, ["电梯", "制冷"]);
    assert_eq!(first.parts.iter().map(|need| need.quantity).sum::<u32>(), 3);
    assert_eq!(problem.jobs[1].work, Duration(5400));
    assert_eq!((problem.jobs[2].work, problem.jobs[2].priority), (Duration(2700), Some(Priority::P4)));
    let technician = &problem.technicians[0];
    assert_eq!((technician.name.as_str(), technician.prices.work), ("王伟", Rate(12_000)));
    assert_eq!(technician.stock, [(PartIx(0), 3)]);
    assert_eq!(problem.technicians[1].prices.work, Rate(8050));
}

#[test]
fn local_times_instants_and_times_of_day_meet_on_one_clock() {
    let problem = day().problem;
    assert_eq!(problem.horizon.start.to_string(), "2026-05-03T16:00:00Z"); // midnight in Shanghai
    let hours = |hours: f64| Time((hours * 3600.0) as i64);
    let resolve = problem.jobs[0].sla.resolve.unwrap();
    assert_eq!((resolve.due, resolve.late_price, resolve.limit), (hours(12.0), LATE_RATE, None));
    assert_eq!((problem.shifts[0].start, problem.shifts[0].latest_end), (hours(8.0), hours(17.5)));
    assert_eq!(problem.shifts[1].start, hours(8.5));
    assert_eq!(problem.lots[1].at, hours(10.0));
}

#[test]
fn a_plan_of_the_tables_can_be_made_and_judged() {
    let imported = day();
    let (problem, travel) = (&imported.problem, &imported.travel);
    let plan = Sketch::new(problem, travel).day(ShiftIx(1)).visit(JobIx(1)).plan();
    let verdict = judge(problem, travel, &plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    let answer = answer(&imported, &plan);
    assert_eq!(answer["routes"], serde_json::json!([[], ["W-2"]]));
    assert!(Cost(answer["value"].as_i64().unwrap()) > problem.jobs[0].unassigned_price);
}

#[test]
fn a_datum_of_chinese_maps_is_converted() {
    let moved = Settings { datum: crate::datum::Datum::Gcj02, ..shanghai() };
    let shifted = read(JOBS, TECHNICIANS, None).unwrap().import(&moved).unwrap().problem;
    let plain = read(JOBS, TECHNICIANS, None).unwrap().import(&shanghai()).unwrap().problem;
    let position = |problem: &crate::problem::Problem| problem.places[problem.jobs[0].place.index()].position.unwrap();
    let way = position(&shifted).meters_to(position(&plain));
    assert!((300.0..700.0).contains(&way), "{way}");
}

#[test]
fn every_wrong_cell_is_found_with_its_line_and_heading() {
    let jobs = "id,lat,lon,work,skills,priority,deadline,colour\n\
                A,91,9.5,ten,gas:0,P9,soon,red\n\
                A,47,9.5,30,gas,P1,09:00,\n\
                ,47,,30,gas,P1,,x\n\
                B,47,9.5,30,gas,P1,,x,too,many\n";
    let found = pointers(read(jobs, "id,lat,lon,shift_start,shift_end\nT,47,9.5,8:00,\n", None));
    let expected = [
        ("jobs, line 1, column 8", Code::UnknownKey),
        ("jobs, line 5", Code::BadFormat),
        ("jobs, line 2, lat", Code::BadFormat),
        ("jobs, line 2, work", Code::BadFormat),
        ("jobs, line 2, skills", Code::BadFormat),
        ("jobs, line 2, deadline", Code::BadFormat),
        ("jobs, line 2, priority", Code::BadFormat),
        ("jobs, line 4, id", Code::Empty),
        ("jobs, line 4, lon", Code::Empty),
        ("technicians, line 2, shift_end", Code::Empty),
        ("jobs, line 3, id", Code::DuplicateId),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn missing_columns_dates_and_references_are_found() {
    assert_eq!(
        pointers(read("id,lat\nA,47\n", TECHNICIANS, None)),
        [("jobs, line 1".to_owned(), Code::MissingKey), ("jobs, line 1".to_owned(), Code::MissingKey)]
    );
    assert_eq!(pointers(read("", TECHNICIANS, None)), [("jobs".to_owned(), Code::Empty)]);
    let near = read("id,lat,lon,work,priorty\nA,47,9,30,P1\n", TECHNICIANS, None).map(|_| ()).unwrap_err();
    assert_eq!(near[0].hint.as_ref().map(crate::lang::Text::english), Some("did you mean \"priority\"?"));
    let technicians = "id,lat,lon,start,end\nT,47,9.5,8:00,17:00\n";
    let import = |jobs: &str, stock: Option<&str>, settings: &Settings| {
        pointers(read(jobs, technicians, stock).unwrap().import(settings))
    };
    let plain = "id,lat,lon,work\nA,47,9,30\n";
    assert_eq!(import(plain, None, &Settings::default()), [(String::new(), Code::MissingKey)]);
    let dated = Settings { date: Some(jiff::civil::date(2026, 5, 4)), ..Settings::default() };
    let asks = "id,lat,lon,work,technician\nA,47,9,30,nobody\n";
    assert_eq!(import(asks, None, &dated), [("jobs, line 2, technician".to_owned(), Code::UnknownReference)]);
    let stock = Some("site,part,quantity\nD,P,3\n");
    assert_eq!(import(plain, stock, &dated), [("stock, line 2".to_owned(), Code::MissingKey)]);
    let far = "id,lat,lon,work,deadline\nA,47,9,30,2026-05-04\nB,47,9,30,2029-05-04\n";
    assert_eq!(import(far, None, &dated), [(String::new(), Code::OutOfRange)]);
}

#[test]
fn mutated_tables_never_panic() {
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let words =
        ["\"", ",", "\n", "\u{0}", "-1", "1e99", "9999-12-31", "00:00", "2026-02-30 10:00", "电梯:300", "NaN", ";;;"];
    for _ in 0..2000 {
        let mut texts = [JOBS.to_owned(), TECHNICIANS.to_owned(), STOCK.to_owned()];
        for _ in 0..=random(3) {
            let text = &mut texts[random(3)];
            let letters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let (from, to) = (random(letters.len()), random(4));
            let end = letters.get(from + to).copied().unwrap_or(text.len());
            text.replace_range(letters[from]..end, words[random(words.len())]);
        }
        let [jobs, technicians, stock] = &texts;
        if let Err(found) = import_files(Format::Tables, &[jobs, technicians, stock]) {
            assert!(!found.is_empty());
        }
    }
}
