//! Importers against small files of our own, against mutated ones, and against the benchmark data
//! where it is at hand.

use super::*;
use crate::ids::{JobIx, PartIx, PlaceIx, ProfileIx, ShiftIx, SiteIx, ToolIx};
use crate::judge::judge;
use crate::plan::{PartSource, Plan, Take};
use crate::testing::Sketch;
use crate::units::{Cost, Duration, Rate, Time};
use std::path::{Path, PathBuf};

const VRPTW: &str = include_str!("fixtures/vrptw.txt");
const TRSP: &str = include_str!("fixtures/trsp.txt");
const PRAXEDO: &str = include_str!("fixtures/praxedo.txt");
const SDVRPTW: &str = include_str!("fixtures/site-dependent.vrp");
const FS: &str = include_str!("fixtures/fs-6.json");

const VROOM: &str = include_str!("fixtures/vroom.json");

const PRAGMATIC: &str = include_str!("fixtures/pragmatic.json");

const FIXTURES: [(Format, &str); 7] = [
    (Format::Vrptw, VRPTW),
    (Format::Trsp, TRSP),
    (Format::Trsp, PRAXEDO),
    (Format::Sdvrptw, SDVRPTW),
    (Format::FieldService, FS),
    (Format::Vroom, VROOM),
    (Format::Pragmatic, PRAGMATIC),
];

fn seconds(imported: &Imported, from: usize, to: usize) -> u32 {
    imported.travel.matrix(ProfileIx(0)).leg(PlaceIx::from(from), PlaceIx::from(to)).seconds
}

/// The day of one shift, not begun yet.
fn day(imported: &Imported, shift: usize) -> Sketch<'_> {
    Sketch::new(&imported.problem, &imported.travel).day(ShiftIx::from(shift))
}

fn assert_clean(imported: &Imported, plan: &Plan) {
    let verdict = judge(&imported.problem, &imported.travel, plan);
    assert!(verdict.is_clean() && verdict.claimed_bill_matches, "{:?}", verdict.violations);
}

#[test]
fn vrptw_counts_in_truncated_tenths_and_pays_one_cent_a_tick() {
    let imported = import(Format::Vrptw, VRPTW).unwrap();
    let problem = &imported.problem;
    assert_eq!((problem.jobs.len(), problem.technicians.len()), (3, 2));
    assert_eq!(seconds(&imported, 0, 1), 50);
    assert_eq!(seconds(&imported, 0, 2), 14); // 1.4142… truncated
    assert_eq!(problem.jobs[1].windows[0].open, Time(200));
    assert_eq!(problem.jobs[1].work, Duration(100));
    assert_eq!(problem.shifts[0].capacity, [20]);
    assert_eq!(problem.technicians[1].id, "vehicle-2");
    assert_eq!(problem.technicians[0].prices.travel.times(Duration(1234)), Cost(1234));
    // Two vehicles and four rows: no plan drives six legs of 6.4 units or more.
    assert_eq!(problem.jobs[0].unassigned_price, Cost(6 * 64 + 1));
    let plan = day(&imported, 1).visit(JobIx(2)).visit(JobIx(0)).plan();
    assert_clean(&imported, &plan);
    assert_eq!(plan.routes[0].bill.total(), Cost(20 + 64 + 50));
    let answer = answer(&imported, &plan);
    assert_eq!(answer["routes"], serde_json::json!([[4, 1]])); // numbers of the file, not positions
    assert_eq!(answer["value"], 2.0 + 6.4 + 5.0);
}

#[test]
fn trsp_rounds_travel_up_to_ten_thousandths_and_pays_working_time() {
    let imported = import(Format::Trsp, TRSP).unwrap();
    let problem = &imported.problem;
    assert_eq!(seconds(&imported, 0, 1), 50_000);
    assert_eq!(seconds(&imported, 0, 2), 14_143); // 1.41421… rounded up
    let technician = &problem.technicians[0];
    assert_eq!((technician.prices.work, technician.prices.travel), (Rate(3600), Rate(0)));
    assert_eq!(technician.stock, [(PartIx(0), 1)]);
    assert_eq!(problem.shifts[1].latest_end, Time(905_000));
    let site = &problem.sites[0];
    assert!(site.unlimited && site.collection == Duration(0) && site.opening[0].close == Time(1_000_000));
    assert_eq!(problem.jobs[0].parts[0].quantity, 2);
    assert_eq!(problem.jobs[0].id, "3");
    assert_eq!(problem.jobs[0].unassigned_price, Cost(1_000_000 + 805_000 + 1));
    let take = |part, quantity| Take { part: PartIx(part), quantity, lot: None };
    let source = |part, quantity, stop| PartSource { part: PartIx(part), quantity, collected_at_stop: stop };
    let plan = day(&imported, 0)
        .collect(SiteIx(0), vec![take(0, 1)], vec![ToolIx(0)])
        .visit_as(JobIx(0), 0, vec![source(0, 1, None), source(0, 1, Some(0))])
        .collect(SiteIx(0), vec![take(1, 1)], Vec::new())
        .visit_as(JobIx(1), 0, vec![source(1, 1, Some(2))])
        .plan();
    assert_clean(&imported, &plan);
    let answer = answer(&imported, &plan);
    assert_eq!(answer["routes"], serde_json::json!([[0, 3, 4], []]));
}

#[test]
fn trsp_with_matrices_returns_to_the_end_copy_and_needs_no_depot() {
    let imported = import(Format::Trsp, PRAXEDO).unwrap();
    let problem = &imported.problem;
    assert!(problem.sites.is_empty());
    assert_eq!(problem.places.len(), 5);
    let shift = &problem.shifts[0];
    assert_eq!((shift.start_place, shift.end_place), (PlaceIx(1), Some(PlaceIx(3))));
    assert_eq!((seconds(&imported, 1, 2), seconds(&imported, 2, 3)), (201_333, 227_500));
    let leg = imported.travel.matrix(ProfileIx(0)).leg(PlaceIx(2), PlaceIx(3));
    assert_eq!(leg.meters, 210_000);
    let plan = day(&imported, 0).wait_until(Time(4_500_000)).visit(JobIx(0)).plan();
    assert_clean(&imported, &plan);
    let answer = answer(&imported, &plan);
    assert_eq!(answer["routes"], serde_json::json!([[2]]));
    let value = answer["value"].as_f64().unwrap();
    assert!((value - (20.1333 + 45.0 + 22.75)).abs() < 1e-6);
}

#[test]
fn a_file_with_matrices_whose_depot_copies_lie_elsewhere_is_refused_when_the_depot_is_needed() {
    let needs = PRAXEDO.replace("1        0        0             0", "1        0        1             0");
    let needs = needs.replace("45.0 \t[] \t[]", "45.0 \t[] \t[0]");
    assert_eq!(import(Format::Trsp, &needs).unwrap().problem.sites.len(), 1);
    let elsewhere = needs.replace("4;0.0000;0.0000;20.1333", "4;0.0000;0.0000;33.0000");
    let found = import(Format::Trsp, &elsewhere).unwrap_err();
    assert_eq!((found[0].code, found[0].pointer.as_str()), (Code::NotSupportedYet, "node 4"));
}

#[test]
fn sdvrptw_counts_in_thousandths_and_keeps_who_may_serve_whom() {
    let imported = import(Format::Sdvrptw, SDVRPTW).unwrap();
    let problem = &imported.problem;
    assert_eq!(seconds(&imported, 0, 1), 1414);
    assert_eq!(problem.shifts[0].max_duration, Some(Duration(60_500)));
    assert_eq!(problem.shifts[0].capacity, [30_000]);
    assert_eq!(problem.jobs[0].required_technicians, None);
    assert_eq!(problem.jobs[2].required_technicians.as_deref(), Some(&[crate::ids::TechIx(1)][..]));
    assert_eq!(problem.jobs[1].work, Duration(24_000));
    let plan = day(&imported, 1).wait_until(Time(41_000)).visit(JobIx(2)).plan();
    assert_clean(&imported, &plan);
    let answer = answer(&imported, &plan);
    assert_eq!(answer, serde_json::json!({"routes": [[], [3]], "value": 10_000}));
}

#[test]
fn field_service_travel_is_that_of_the_published_rule() {
    let imported = import(Format::FieldService, FS).unwrap();
    let problem = &imported.problem;
    let matrix = imported.travel.matrix(ProfileIx(0));
    // Reckoned once by a script of its own, straight from the rule.
    let row = |from| matrix.row(PlaceIx(from)).map(|leg| leg.seconds).collect::<Vec<_>>();
    assert_eq!(row(0), [0, 351, 113, 62, 103, 41, 101, 326]);
    let total: u64 = (0..8).flat_map(row).map(u64::from).sum();
    assert_eq!(total, 10_505);
    // Two shifts of nine hours: no plan drives longer.
    let point = 2 * 9 * 3600 + 1;
    assert_eq!(problem.jobs[4].unassigned_price, Cost(80 * point));
    assert_eq!(problem.shifts[0].breaks[0].duration, Duration::minutes(30));
    assert_eq!(problem.jobs[1].parts[0].quantity, 1);
    assert_eq!(
        problem.technicians[0].stock,
        [(PartIx(0), 2), (PartIx(1), 1), (PartIx(2), 4), (PartIx(3), 2), (PartIx(4), 2)]
    );
    assert_eq!(problem.skills, ["0", "1", "2", "4", "7"]);
    let plan = day(&imported, 1).visit(JobIx(3)).wait_until(Time(41_400)).pause().plan();
    assert_clean(&imported, &plan);
    let answer = answer(&imported, &plan);
    assert_eq!(answer["routes"], serde_json::json!([[], [3]]));
}

#[test]
fn copies_of_a_day_lie_side_by_side_and_each_is_the_day() {
    let one = field_service::read(FS).unwrap();
    let many = one.copies(5);
    assert_eq!((many.jobs.len(), many.technicians.len()), (5 * one.jobs.len(), 5 * one.technicians.len()));
    let (alone, together) = (one.matrix().unwrap(), many.matrix().unwrap());
    let (jobs, all) = (one.jobs.len(), one.jobs.len() + one.technicians.len());
    for copy in 0..5 {
        // Jobs of all copies come before all homes.
        let place =
            |own: usize| if own < jobs { copy * jobs + own } else { 5 * jobs + copy * (all - jobs) + own - jobs };
        let picks: Vec<usize> = (0..all).map(place).collect();
        let moved = together.select(&picks);
        // Coordinates far from zero are less exact, so a leg may round to the next second.
        assert!(moved.legs().zip(alone.legs()).all(|(moved, leg)| moved.seconds.abs_diff(leg.seconds) <= 1));
    }
    let imported = many.import().unwrap();
    assert_eq!(imported.problem.jobs[one.jobs.len()].id, format!("{}@1", one.jobs[0].id));
}

#[test]
fn every_mistake_of_a_file_is_found_at_once_with_its_line() {
    let broken = VRPTW.replace("    1      3 ", "    1      x ").replace("    4     -2 ", "    2     1e99 ");
    let found = import(Format::Vrptw, &broken).unwrap_err();
    let seen: Vec<(&str, Code)> = found.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
    assert_eq!(seen, [("line 11, XCOORD.", Code::BadFormat), ("line 13, XCOORD.", Code::OutOfRange)]);
    let twice = SDVRPTW.replace("3\t32\t46", "2\t32\t46");
    let found = import(Format::Sdvrptw, &twice).unwrap_err();
    let seen: Vec<(&str, Code)> = found.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
    assert_eq!(seen, [("line 26", Code::DuplicateId), ("TIME_WINDOW_SECTION", Code::MissingKey)]);
    let unknown = FS.replace("\"priority\"", "\"priorty\"");
    let found = import(Format::FieldService, &unknown).unwrap_err();
    assert!(found.iter().any(|finding| {
        finding.pointer == "/jobs/5/priorty"
            && finding.hint.as_ref().map(crate::lang::Text::english) == Some("did you mean \"priority\"?")
    }));
}

#[test]
fn another_formats_file_is_findings_not_a_panic() {
    for (format, _) in FIXTURES {
        for (other, text) in FIXTURES {
            assert!(format == other || import(format, text).is_err(), "{format:?} took {other:?}");
        }
    }
}

#[test]
fn mutated_files_never_panic() {
    let mut state = 12345_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let words =
        ["-1", "1e308", "NaN", "99999999999999999999", "", "[", "]", "{", "0", "\u{4f60}", "1e9", "2147483648", ";"];
    for (format, text) in FIXTURES {
        let pieces: Vec<&str> = text.split_inclusive([' ', '\t', '\n', ',', ';', ':']).collect();
        for _ in 0..1500 {
            let mut mutant: Vec<&str> = pieces.clone();
            for _ in 0..=random(3) {
                let at = random(mutant.len());
                if mutant.is_empty() {
                    break;
                }
                match random(4) {
                    0 => mutant[at] = words[random(words.len())],
                    1 => drop(mutant.remove(at)),
                    2 => mutant.insert(at, pieces[random(pieces.len())]),
                    _ => mutant.truncate(at.max(1)),
                }
            }
            if let Err(found) = import(format, &mutant.concat()) {
                assert!(!found.is_empty());
            }
        }
    }
}

/// The folder of benchmark data, if there is one.
pub(super) fn bench() -> Option<PathBuf> {
    let folder = std::env::var_os("DISPATCH_BENCH")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no benchmark data");
    None
}

/// Every file of a folder with the given ending, by name.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_benchmark_file_of_these_kinds_imports() {
    let Some(bench) = bench() else { return };
    let kinds = [
        ("solomon", "txt", Format::Vrptw, 28),
        ("gehring-homberger", "txt", Format::Vrptw, 36),
        ("trsp/crew25", "txt", Format::Trsp, 28),
        ("trsp/crew13", "txt", Format::Trsp, 28),
        ("trsp-praxedo", "txt", Format::Trsp, 6),
        ("sdvrptw", "vrp", Format::Sdvrptw, 26),
    ];
    for (folder, ending, format, count) in kinds {
        let files = files(&bench.join(folder), ending);
        assert_eq!(files.len(), count, "{folder}");
        for (name, text) in files {
            let imported = import(format, &text).unwrap_or_else(|found| panic!("{name}: {found:?}"));
            let problem = &imported.problem;
            let work: Duration = problem.jobs.iter().map(|job| job.work).sum();
            match folder {
                "solomon" => assert_eq!((problem.jobs.len(), problem.shifts.len()), (100, 25), "{name}"),
                "gehring-homberger" => assert_eq!(problem.jobs.len(), 4 * problem.shifts.len(), "{name}"),
                "trsp/crew25" | "trsp/crew13" => {
                    let long = Path::new(&name).file_name().is_some_and(|name| name.to_string_lossy().starts_with('C'));
                    assert_eq!(work, Duration(if long { 9000 } else { 1000 } * 10_000), "{name}");
                    assert_eq!(problem.sites.len(), 1, "{name}");
                }
                "sdvrptw" => {
                    assert!(problem.jobs.iter().any(|job| job.required_technicians.is_some()), "{name}");
                }
                _ => assert_eq!(imported.travel.places(), 1 + problem.jobs.len() + 3 * problem.shifts.len(), "{name}"),
            }
        }
    }
}
