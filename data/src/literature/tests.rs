//! Values reckoned by hand on small files, and published values of published routes.

use super::{AnswerConvention, Convention, Evaluation, FaultKind, evaluate_plan, fs, sdvrptw, vrptw};
use crate::ids::{JobIx, ShiftIx};
use crate::import::field_service::{FieldService, Lunch, SkillAt, Ticket, TravelRule, Worker};
use crate::import::{self, Format, Imported};
use crate::judge::judge;
use crate::testing::Sketch;
use std::path::{Path, PathBuf};

const VRPTW: &str = include_str!("../import/fixtures/vrptw.txt");
const TRSP: &str = include_str!("../import/fixtures/trsp.txt");
const PRAXEDO: &str = include_str!("../import/fixtures/praxedo.txt");
const SDVRPTW: &str = include_str!("../import/fixtures/site-dependent.vrp");

fn imported(format: Format, text: &str) -> Imported {
    import::import(format, text).unwrap()
}

fn evaluate(convention: &AnswerConvention, routes: &[Vec<usize>]) -> Evaluation {
    super::evaluate(convention, routes).unwrap()
}

fn faults(evaluation: &Evaluation) -> Vec<(FaultKind, usize, Option<usize>)> {
    evaluation.faults.iter().map(|fault| (fault.kind, fault.route, fault.number)).collect()
}

fn assert_near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-5, "{value} instead of {expected}");
}

#[test]
fn vrptw_truncates_each_distance_to_one_decimal_or_takes_it_as_it_is() {
    let file = imported(Format::Vrptw, VRPTW);
    let answer = [vec![2, 1], vec![4]];
    // 1.41 + 3.61 + 5 and 2 + 2.
    let dimacs = evaluate(&file.answer, &answer);
    assert!(dimacs.is_complete(), "{:?}", dimacs.faults);
    assert_near(dimacs.value, 1.4 + 3.6 + 5.0 + 4.0);
    let AnswerConvention::Vrptw(solomon) = &file.answer else { panic!("another format") };
    let sintef = vrptw(solomon, &answer, Convention::Sintef);
    assert!(sintef.is_complete());
    assert_near(sintef.value, 2.0_f64.sqrt() + 13.0_f64.sqrt() + 5.0 + 4.0);
    assert_eq!((sintef.used, sintef.unserved), (2, 0));
}

#[test]
fn vrptw_reports_what_is_late_heavy_twice_unknown_or_one_vehicle_too_many() {
    let file = imported(Format::Vrptw, VRPTW);
    // Reaches 2 at 32, which closes at 30, with 25 of 20 units.
    let late = evaluate(&file.answer, &[vec![4, 1, 2]]);
    assert_eq!(faults(&late), [(FaultKind::Late, 0, Some(2)), (FaultKind::Load, 0, None)]);
    assert_near(late.faults[0].by.unwrap(), 2.0);
    assert_eq!(late.faults[0].to_string(), "route 0, 2: late by 2");
    let wrong = evaluate(&file.answer, &[vec![2], vec![2, 3], vec![], vec![4]]);
    let expected = [(FaultKind::Twice, 1, Some(2)), (FaultKind::Unknown, 1, Some(3)), (FaultKind::Fleet, 3, None)];
    assert_eq!(faults(&wrong), expected);
    assert_eq!(wrong.unserved, 1);
}

#[test]
fn working_time_runs_from_the_latest_departure_and_an_idle_technician_costs_nothing() {
    let file = imported(Format::Trsp, TRSP);
    // Both by the main depot: 5 + 1 + 5 of service + 4.24, and 1.41 + 2.83 + 5 + 1.41.
    let both = evaluate(&file.answer, &[vec![0, 3], vec![0, 4]]);
    assert!(both.is_complete(), "{:?}", both.faults);
    assert_near(both.value, 11.0 + 18.0_f64.sqrt() + 5.0 + 32.0_f64.sqrt());
    assert_near(both.distance, both.value - 10.0);
    let one = evaluate(&file.answer, &[vec![0, 3], vec![]]);
    assert_near(one.value, 11.0 + 18.0_f64.sqrt());
    assert_eq!((one.used, one.unserved), (1, 1));
    assert!(one.is_feasible() && !one.is_complete());
}

#[test]
fn tools_and_parts_come_from_the_van_before_the_depot_and_skills_from_nowhere() {
    let file = imported(Format::Trsp, TRSP);
    let bare = evaluate(&file.answer, &[vec![3], vec![4]]);
    let expected = [
        (FaultKind::Tool, 0, Some(3)),
        (FaultKind::Part, 0, Some(3)), // two of the one in the van
        (FaultKind::Part, 1, Some(4)),
    ];
    assert_eq!(faults(&bare), expected);
    let unskilled = evaluate(&file.answer, &[vec![], vec![0, 3]]);
    assert_eq!(faults(&unskilled), [(FaultKind::Skill, 1, Some(3))]);
    let again = evaluate(&file.answer, &[vec![0, 3, 0, 4]]);
    assert!(faults(&again).contains(&(FaultKind::Depot, 0, Some(0))));
    let nobody = evaluate(&file.answer, &[vec![], vec![], vec![3, 99]]);
    assert_eq!(faults(&nobody), [(FaultKind::Fleet, 2, None)]);
    let unknown = evaluate(&file.answer, &[vec![2, 0, 3, 99]]);
    assert_eq!(faults(&unknown), [(FaultKind::Unknown, 0, Some(2)), (FaultKind::Unknown, 0, Some(99))]);
}

#[test]
fn files_with_matrices_travel_by_them_and_end_at_the_end_copy() {
    let file = imported(Format::Trsp, PRAXEDO);
    let answer = evaluate(&file.answer, &[vec![2]]);
    assert!(answer.is_complete(), "{:?}", answer.faults);
    assert_near(answer.value, 20.1333 + 45.0 + 22.75);
    assert_near(answer.distance, 20.49 + 21.0);
}

#[test]
fn site_dependent_values_are_whole_thousandths() {
    let file = imported(Format::Sdvrptw, SDVRPTW);
    let answer = [vec![2, 1], vec![3]];
    let evaluation = evaluate(&file.answer, &answer);
    assert!(evaluation.is_complete(), "{:?}", evaluation.faults);
    // 2.5, 1.803, 1.414; 5 and 5.
    assert_eq!(evaluation.value, 15_717.0);
    let AnswerConvention::Sdvrptw(mut file) = file.answer else { panic!("another format") };
    // Shortest: 2.5 + 24 + 1.803 + 20 + 1.414.
    file.max_duration = Some(49.717);
    assert!(sdvrptw(&file, &answer).is_complete());
    file.max_duration = Some(49.716);
    let long = sdvrptw(&file, &answer);
    assert_eq!(faults(&long), [(FaultKind::Duration, 0, None)]);
    assert_eq!(long.faults[0].by, Some(1.0));
}

#[test]
fn a_vehicle_serves_only_its_clients_in_time_and_within_capacity() {
    let file = imported(Format::Sdvrptw, SDVRPTW);
    let swapped = evaluate(&file.answer, &[vec![3], vec![2, 1], vec![], vec![1]]);
    assert_eq!(faults(&swapped), [(FaultKind::Skill, 0, Some(3)), (FaultKind::Fleet, 3, None)]);
    let late = evaluate(&file.answer, &[vec![], vec![2, 3, 1, 4]]);
    let expected = [
        (FaultKind::Late, 1, Some(3)), // 56 + 3.354 past 57
        (FaultKind::Late, 1, Some(1)), // 76.354 past 74
        (FaultKind::Unknown, 1, Some(4)),
        (FaultKind::Load, 1, None),
    ];
    assert_eq!(faults(&late), expected);
    assert_eq!(late.faults[0].by, Some(2354.0));
}

/// Metres are seconds; one technician with a break of ten minutes that starts from 1000 to 1200.
fn day(jobs: Vec<Ticket>) -> FieldService {
    FieldService {
        name: "day".into(),
        parts: 1,
        travel: TravelRule { detour: 1.0, speed: 1.0, asymmetry: 0.0, period: 1.0 },
        jobs,
        technicians: vec![Worker {
            id: "Ann".into(),
            home: (0.0, 0.0),
            shift: (0, 5_000),
            lunch: Some(Lunch { duration: 600, window: (1_000, 1_200) }),
            skills: vec![SkillAt { id: "gas".into(), level: 2 }],
            stock: vec![1],
        }],
    }
}

fn ticket(meters: f64, service: i64, window: (i64, i64)) -> Ticket {
    let xy = (meters, 0.0);
    Ticket { id: meters.to_string(), xy, service, priority: 7, windows: vec![window], skill: None, parts: vec![] }
}

#[test]
fn a_break_fits_in_the_middle_of_a_leg_and_not_in_the_middle_of_work() {
    // Leaves for the second job at 500, 1,000 away: the break lies within.
    let on_the_way = day(vec![ticket(100.0, 400, (0, 200)), ticket(1_100.0, 10, (2_100, 2_100))]);
    let evaluation = fs(&on_the_way, &[vec![0, 1]]);
    assert!(evaluation.is_complete(), "{:?}", evaluation.faults);
    assert_eq!((evaluation.value, evaluation.priority, evaluation.used), (2_200.0, 14, 1));
    // A second earlier the job is reached in time without the break only, and later it is too late for one.
    let earlier = day(vec![ticket(100.0, 400, (0, 200)), ticket(1_100.0, 10, (2_099, 2_099))]);
    assert_eq!(faults(&fs(&earlier, &[vec![0, 1]])), [(FaultKind::Break, 0, None)]);
    // Work from 100 to 2,100 leaves no room; starting after the break does.
    let long = day(vec![ticket(100.0, 2_000, (0, 500))]);
    assert_eq!(faults(&fs(&long, &[vec![0]])), [(FaultKind::Break, 0, None)]);
    let later = day(vec![ticket(100.0, 2_000, (0, 1_600))]);
    assert!(fs(&later, &[vec![0]]).is_complete());
}

#[test]
fn a_day_ends_with_the_shift_and_skills_and_parts_suffice() {
    let mut far = day(vec![ticket(100.0, 4_201, (0, 4_000)), ticket(0.0, 1, (0, 5_000))]);
    // Back at 4,401 without the break; with it, taken first, at 1,600 + 4,201 + 100.
    let late = fs(&far, &[vec![0]]);
    assert_eq!(faults(&late), [(FaultKind::Break, 0, None)]);
    assert_eq!(late.faults[0].by, Some(901.0));
    far.technicians[0].lunch = None;
    assert!(fs(&far, &[vec![0]]).is_feasible());
    far.technicians[0].shift.1 = 4_400;
    assert_eq!(faults(&fs(&far, &[vec![0]])), [(FaultKind::Late, 0, None)]);

    far.jobs[1].skill = Some(SkillAt { id: "gas".into(), level: 2 });
    far.jobs[1].parts = vec![(0, 1)];
    assert!(fs(&far, &[vec![1]]).is_feasible());
    far.jobs[1].skill = Some(SkillAt { id: "gas".into(), level: 3 });
    far.jobs[1].parts = vec![(0, 2)];
    assert_eq!(faults(&fs(&far, &[vec![1]])), [(FaultKind::Skill, 0, Some(1)), (FaultKind::Part, 0, Some(1))]);
    let wrong = fs(&far, &[vec![], vec![1]]);
    assert_eq!(faults(&wrong), [(FaultKind::Fleet, 1, None)]);
    assert_eq!(wrong.unserved, 2);
}

#[test]
fn field_service_travel_is_rounded_half_to_even_and_leans_with_the_asymmetry() {
    let mut lean = day(vec![ticket(1.0, 0, (0, 5_000)), ticket(3.0, 0, (0, 5_000))]);
    lean.technicians[0].lunch = None;
    lean.travel.speed = 2.0;
    // Half a second each way is none; a second and a half each way is two.
    assert_eq!(fs(&lean, &[vec![0]]).value, 0.0);
    assert_eq!(fs(&lean, &[vec![1]]).value, 4.0);
    // A quarter of the period eastward takes a tenth more, westward a tenth less.
    let mut lean = day(vec![ticket(100.0, 0, (0, 5_000))]);
    lean.travel = TravelRule { detour: 2.0, speed: 1.0, asymmetry: 0.1, period: 400.0 };
    lean.technicians[0].lunch = None;
    assert_eq!(fs(&lean, &[vec![0]]).value, 220.0 + 180.0);
}

#[test]
fn a_plan_is_evaluated_as_the_answer_it_would_be_written_as() {
    let file = imported(Format::Vrptw, VRPTW);
    let plan = Sketch::new(&file.problem, &file.travel).day(ShiftIx(0)).visit(JobIx(1)).visit(JobIx(0));
    let plan = plan.day(ShiftIx(1)).visit(JobIx(2)).plan();
    let verdict = judge(&file.problem, &file.travel, &plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    let evaluation = evaluate_plan(&file, &plan).unwrap();
    assert!(evaluation.is_complete());
    assert_near(evaluation.value, 14.0);
    assert_eq!(verdict.bill.total().0, 140, "a cent per tenth");
}

/// The benchmark folder, where it is at hand.
fn bench() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench");
    let folder = std::env::var_os("DISPATCH_BENCH").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn published(format: Format, file: &str) -> Option<Imported> {
    let Some(folder) = bench() else {
        println!("skipped: no benchmark data");
        return None;
    };
    Some(imported(format, &std::fs::read_to_string(folder.join(file)).unwrap()))
}

/// Numbers in rows.
fn lists(rows: &[&str]) -> Vec<Vec<usize>> {
    rows.iter().map(|row| row.split_whitespace().map(|number| number.parse().unwrap()).collect()).collect()
}

#[test]
fn c101_has_its_published_distances() {
    let Some(file) = published(Format::Vrptw, "solomon/C101.txt") else { return };
    let routes = lists(&[
        "5 3 7 8 10 11 9 6 4 2 1 75",
        "13 17 18 19 15 16 14 12",
        "20 24 25 27 29 30 28 26 23 22 21",
        "32 33 31 35 37 38 39 36 34",
        "43 42 41 40 44 46 45 48 51 50 52 49 47",
        "57 55 54 53 56 58 60 59",
        "67 65 63 62 74 72 61 64 68 66 69",
        "81 78 76 71 70 73 77 79 80",
        "90 87 86 83 82 84 85 88 89 91",
        "98 96 95 94 92 93 97 100 99",
    ]);
    let dimacs = evaluate(&file.answer, &routes);
    assert!(dimacs.is_complete(), "{:?}", dimacs.faults);
    assert_near(dimacs.value, 827.3);
    let AnswerConvention::Vrptw(solomon) = &file.answer else { panic!("another format") };
    let sintef = vrptw(solomon, &routes, Convention::Sintef);
    assert!(sintef.is_complete() && sintef.used == 10);
    assert!((sintef.value - 828.94).abs() < 0.005);
}

#[test]
fn the_routes_of_pillac_gueret_and_medaglia_have_their_published_working_time() {
    let Some(file) = published(Format::Trsp, "trsp/crew25/C202.100_25-5-5-5.txt") else { return };
    // Best known of 2013, by technician; 0 is the main depot.
    let routes = lists(&[
        "0 45 49 52 55 54 31 57 58 56 60 62 63 64 61 59 53 51 48 44 41 39 37 26 120 119",
        "",
        "",
        "107 29 114 116 113 109",
        "92 0 118 30 100 124 125 122 117 32 28",
        "0 90 74 80 79 78 81 83 85 84 65 69 71 70 76 75 77 72 68 67 66 73",
        "",
        "",
        "0 47 88 99 97 86 89 91 94 93",
        "46 0 40 42 38 50",
        "87",
        "34 36 35 33 27 123",
        "0 111 108 110 101 96 95 98 105 104 106 103 102 121 112 115",
        "",
        "82",
        "",
        "",
        "",
        "",
        "",
        "43",
        "",
        "",
        "",
        "",
    ]);
    let evaluation = evaluate(&file.answer, &routes);
    assert!(evaluation.is_complete(), "{:?}", evaluation.faults);
    assert_eq!(evaluation.used, 11);
    assert!((evaluation.value - 10001.5214).abs() < 5e-5, "{}", evaluation.value);
}
