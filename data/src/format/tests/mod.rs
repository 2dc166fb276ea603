//! The wire format as a whole: samples, the tables behind them, and what is refused.

mod broken;
mod claims;
mod live;
mod random;
mod round_trip;
mod schema;

use super::*;
use crate::finding::Code;
use crate::ids::{JobIx, PlaceIx, RegionIx, ShiftIx, TechIx};
use crate::problem::{Priority, TravelSource};
use crate::units::{Cost, Duration, Permille, Time};
use std::collections::BTreeSet;

const SMALLEST: &str = include_str!("../../../tests/wire/smallest.json");
const FULL: &str = include_str!("../../../tests/wire/full.json");

fn read(text: &str) -> Problem {
    read_problem(text).unwrap_or_else(|found| panic!("{}", listed(&found)))
}

fn listed(found: &[Finding]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_left_out_has_the_documented_default() {
    let problem = read(SMALLEST);
    let shift = problem.shift(ShiftIx(0));
    assert_eq!((shift.id.as_str(), shift.technician), ("ann/1", TechIx(0)));
    assert_eq!((shift.start, shift.regular_end, shift.latest_end), (Time(7200), Time(39_600), Time(39_600)));
    assert_eq!((shift.start_place, shift.end_place), (PlaceIx(0), Some(PlaceIx(0))));
    let ann = problem.technician(TechIx(0));
    assert_eq!((ann.name.as_str(), ann.speed, ann.rest), ("ann", Permille::ONE, Duration::ZERO));
    let job = problem.job(JobIx(0));
    assert_eq!((job.work, job.setup), (Duration::minutes(45), Duration::ZERO));
    assert_eq!(job.windows, [crate::problem::Window { open: Time(0), close: problem.horizon.end() }]);
    assert_eq!((job.priority, job.unassigned_price), (None, problem.objective.priority_prices[2]));
    assert_eq!(problem.profiles[0].id, "car");
}

#[test]
fn a_promise_in_working_time_is_counted_on_its_calendar() {
    let problem = read(FULL);
    let sla = problem.job(JobIx(0)).sla;
    let shown = |time| moment::instant_text(&problem.horizon, time);
    // Opened on Friday at 16:00, when Friday's hours are over at 15:30. The night from Sunday to
    // Monday works from 22:00 to 02:00, so two hours are over at midnight.
    assert_eq!(sla.respond.map(|promise| shown(promise.due)).as_deref(), Some("2026-06-15T00:00:00+02:00"));
    // Four hours in the night, then from 08:00, with a pause from 09:00 to 09:30, four more and a
    // break from 12:00 to 13:00.
    assert_eq!(sla.resolve.map(|promise| shown(promise.due)).as_deref(), Some("2026-06-15T13:30:00+02:00"));
    assert_eq!(sla.resolve.and_then(|promise| promise.limit).map(shown).as_deref(), Some("2026-06-16T12:30:00+02:00"));
}

#[test]
fn while_its_clock_stands_without_end_a_target_is_not_due() {
    let sla = read(FULL).job(JobIx(2)).sla;
    assert_eq!(sla.resolve, None);
    assert!(sla.respond.is_some());
}

#[test]
fn a_job_without_region_lies_in_the_first_region_that_holds_it() {
    let problem = read(FULL);
    let regions: Vec<_> = problem.jobs.iter().map(|job| job.region).collect();
    assert_eq!(regions, [Some(RegionIx(0)), Some(RegionIx(2)), Some(RegionIx(1))]);
}

#[test]
fn a_class_price_is_multiplied_by_the_weight_of_the_customer() {
    let problem = read(FULL);
    assert_eq!(problem.job(JobIx(0)).priority, Some(Priority::P1));
    assert_eq!(problem.job(JobIx(0)).unassigned_price, Cost(3_750_000));
    assert_eq!(problem.job(JobIx(1)).unassigned_price, Cost(123_456));
}

#[test]
fn given_matrices_are_brought_into_the_order_of_the_places() {
    let text = SMALLEST
        .replace(
            r#"{"great_circle": {"detour": 1.3, "meters_per_second": 13}}"#,
            r#"{"matrices": {"car": {"seconds": [[0, 1, 2], [10, 0, 12], [20, null, 0]],
                "meters": [[0, 100, 200], [1000, 0, 1200], [2000, 2100, 0]]}}}"#,
        )
        .replace(r#"{"lat": 47.14, "lon": 9.52}"#, r#"{"index": 2}"#)
        .replace(r#"{"lat": 47.165, "lon": 9.51}"#, r#"{"index": 1}"#);
    let problem = read(&text);
    let TravelSource::Matrices(matrices) = &problem.travel else { panic!("matrices were given") };
    assert_eq!(matrices[0].size(), 2);
    let back = matrices[0].leg(PlaceIx(1), PlaceIx(0));
    assert_eq!((back.seconds, back.meters), (12, 1200));
    assert!(!matrices[0].leg(PlaceIx(0), PlaceIx(1)).is_reachable());
}

/// Two places with a matrix of their own from 7:00 to 9:00, in the caller's own order.
const RUSH: &str = r#"{"matrices": {"car": {"seconds": [[0, 10], [20, 0]], "rush": [
    {"hours": [7, 8], "seconds": [[0, 30], [40, 0]], "meters": [[0, 3], [4, 0]]}]}}}"#;

fn with_rush(rush: &str) -> String {
    SMALLEST
        .replace(r#"{"great_circle": {"detour": 1.3, "meters_per_second": 13}}"#, rush)
        .replace(r#"{"lat": 47.14, "lon": 9.52}"#, r#"{"index": 1}"#)
        .replace(r#"{"lat": 47.165, "lon": 9.51}"#, r#"{"index": 0}"#)
}

#[test]
fn matrices_of_rush_hours_are_read_and_written_as_they_were() {
    let problem = read(&with_rush(RUSH));
    let rush = problem.profiles[0].rush.as_ref().expect("given");
    assert_eq!((rush.of_hour[6], rush.of_hour[7], rush.of_hour[8], rush.of_hour[9]), (None, Some(0), Some(0), None));
    let leg = rush.matrices[0].leg(PlaceIx(0), PlaceIx(1));
    assert_eq!((leg.seconds, leg.meters), (40, 4), "the first place is the second of the matrix");
    let again = read(&write_problem(&problem).to_string());
    assert_eq!(again.profiles, problem.profiles);
    assert_eq!(again.travel, problem.travel);
}

#[test]
fn rush_hours_given_twice_or_of_another_size_are_refused() {
    let refused = |rush: &str| {
        let found = read_problem(with_rush(rush)).expect_err("refused");
        found.iter().map(|finding| finding.pointer.clone()).collect::<Vec<_>>()
    };
    assert_eq!(refused(&RUSH.replace("[7, 8]", "[7, 7]")), ["/travel/matrices/car/rush/0/hours/1"]);
    assert_eq!(refused(&RUSH.replace("[7, 8]", "[7, 24]")), ["/travel/matrices/car/rush/0/hours/1"]);
    let small = RUSH.replace("[[0, 30], [40, 0]]", "[[0]]").replace("[[0, 3], [4, 0]]", "[[0]]");
    assert_eq!(refused(&small), ["/travel/matrices/car/rush"]);
}

#[test]
fn chinese_map_positions_become_wgs84() {
    let text =
        SMALLEST.replace(r#"{"lat": 47.14, "lon": 9.52}"#, r#"{"lat": 39.915, "lon": 116.404, "datum": "gcj02"}"#);
    let problem = read(&text);
    let given = crate::place::Position { lat: 39.915, lon: 116.404 };
    let moved = problem.places[0].position.map(|position| position.meters_to(given));
    assert!(moved.is_some_and(|meters| (500.0..600.0).contains(&meters)), "{moved:?}");
}

/// Every key of an object and of all objects in it.
fn keys_of(object: &'static shape::Object, known: &mut BTreeSet<&'static str>, seen: &mut BTreeSet<&'static str>) {
    fn within(shape: Shape, known: &mut BTreeSet<&'static str>, seen: &mut BTreeSet<&'static str>) {
        match shape {
            Shape::Object(object) => keys_of(object, known, seen),
            Shape::List { of, .. } | Shape::Map { of } => within(*of, known, seen),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| within(*shape, known, seen)),
            Shape::Tagged { of, .. } => of.iter().for_each(|(_, object)| keys_of(object, known, seen)),
            _ => {}
        }
    }
    if seen.insert(object.name) {
        for field in object.fields.iter().filter(|field| !matches!(field.shape, Shape::Report)) {
            known.insert(field.key);
            within(field.shape, known, seen);
        }
    }
}

#[test]
fn no_key_of_the_tables_goes_unread_and_none_is_read_that_they_lack() {
    let _ = read(FULL);
    let mut known = BTreeSet::new();
    keys_of(&keys::PROBLEM, &mut known, &mut BTreeSet::new());
    let asked = node::asked::all();
    let known: BTreeSet<_> = known.into_iter().map(str::to_owned).collect();
    // The sample has roads and no matrices, and its plan is no document of its own.
    let elsewhere: BTreeSet<_> =
        ["detour", "meters_per_second", "seconds", "meters", "rush", "problem"].map(str::to_owned).into();
    assert_eq!(&(&known - &asked) - &elsewhere, BTreeSet::new(), "in the tables, but never read");
    assert_eq!(&asked - &known, BTreeSet::new(), "read, but not in the tables");
}

#[test]
fn a_bill_on_the_wire_has_the_terms_of_the_bill() {
    let terms: BTreeSet<_> = crate::bill::Term::ALL.iter().map(|term| term.key()).collect();
    let mut known = BTreeSet::new();
    let bill = keys::PLAN.field("bill").map(|field| field.shape);
    let Some(Shape::Object(bill)) = bill else { panic!("a plan has a bill") };
    keys_of(bill, &mut known, &mut BTreeSet::new());
    assert_eq!(known, terms);
}

#[test]
fn a_wrong_value_is_found_once_and_nothing_rests_on_it() {
    let text = SMALLEST.replace("2026-06-15T17:00:00+02:00", "2026-06-15T17:00:00").replace("\"PT45M\"", "-5");
    let found = read_problem(text).unwrap_err();
    let places: Vec<_> = found.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
    let expected = [("/technicians/0/shifts/0/end", Code::BadInstant), ("/jobs/0/work", Code::WrongType)];
    assert_eq!(places, expected, "{}", listed(&found));
}
