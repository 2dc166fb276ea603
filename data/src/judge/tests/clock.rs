//! Stated times: no number of a clean plan can be a little off without a breach.

use super::*;
use crate::ids::{JobIx, ProfileIx, TechIx};
use crate::plan::TakenBreak;
use crate::problem::Break;
use crate::testing::hours;
use crate::travel::{HourlySpeed, Hours};
use crate::units::{Duration, Meters, Permille, Time};

const A: JobIx = JobIx(0);
const B: JobIx = JobIx(1);

/// Ann, home at 0; A half an hour away, B ten minutes farther, a break between nine and ten.
fn two_jobs() -> World {
    let mut world = World::new();
    world.technician("Ann");
    world.job("A", 30);
    world.job("B", 40);
    world.draft.shifts[0].breaks = vec![Break { window: hours(9, 10), duration: Duration::minutes(20), paid: true }];
    world
}

#[test]
fn no_stated_number_is_a_second_or_a_metre_off() {
    let (problem, travel) = two_jobs().build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause_on_the_way(clock(9, 5)).visit(B).plan();
    assert_clean(&problem, &travel, &plan);
    type Edit = fn(&mut Plan, i64);
    let edits: [Edit; 11] = [
        |plan, by| plan.routes[0].stops[1].arrival += Duration(by),
        |plan, by| plan.routes[0].stops[1].end += Duration(by),
        |plan, by| plan.routes[0].stops[1].departure += Duration(by),
        |plan, by| plan.routes[0].stops[1].start += Duration(by),
        |plan, by| plan.routes[0].stops[1].travel += Duration(by),
        |plan, by| plan.routes[0].stops[1].distance += Meters(by),
        |plan, by| plan.routes[0].return_departure += Duration(by),
        |plan, by| plan.routes[0].end += Duration(by),
        |plan, by| plan.routes[0].return_travel += Duration(by),
        |plan, by| plan.routes[0].return_distance += Meters(by),
        |plan, by| plan.routes[0].breaks[0].end += Duration(by),
    ];
    for (which, edit) in edits.iter().enumerate() {
        for by in [-1, 1] {
            let mut off = plan.clone();
            edit(&mut off, by);
            assert!(!verdict(&problem, &travel, &off).is_clean(), "edit {which} by {by}");
        }
    }
}

#[test]
fn a_day_without_end_place_is_over_where_the_last_stop_is() {
    let mut world = two_jobs();
    world.draft.shifts[0].end_place = None;
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().visit(B).plan();
    assert_clean(&problem, &travel, &plan);
    assert_eq!(plan.routes[0].end, plan.routes[0].stops[1].end);
    let mut home = plan.clone();
    home.routes[0].return_distance = Meters(40_000);
    assert_breaks_only(Rule::Clock, &problem, &travel, &home);
    let mut longer = plan;
    longer.routes[0].end += Duration(1);
    assert_breaks_only(Rule::Clock, &problem, &travel, &longer);
}

#[test]
fn a_break_after_the_last_job_ends_the_day() {
    let mut world = two_jobs();
    world.draft.shifts[0].end_place = None;
    let (problem, travel) = world.build();
    // B is over at 9:40; the break follows at once.
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan();
    let route = &mut plan.routes[0];
    route.breaks = vec![TakenBreak { rule: 0, start: clock(9, 40), end: clock(10, 0) }];
    for (return_departure, end, is_clean) in
        [(clock(9, 40), clock(10, 0), true), (clock(10, 0), clock(10, 0), true), (clock(9, 40), clock(9, 50), false)]
    {
        (plan.routes[0].return_departure, plan.routes[0].end) = (return_departure, end);
        assert_eq!(verdict(&problem, &travel, &plan).is_clean(), is_clean, "{return_departure:?} {end:?}");
    }
}

#[test]
fn a_slow_technician_is_longer_on_the_road() {
    let mut world = two_jobs();
    let (problem, travel) = world.clone().build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().plan();
    assert_clean(&problem, &travel, &plan);
    world.technician_mut(TechIx(0)).speed = Permille(800);
    let (problem, travel) = world.build();
    let verdict = verdict(&problem, &travel, &plan);
    assert_eq!(verdict.violations.len(), 2, "there and back");
    assert!(verdict.violations[0].expected.english().starts_with("37 min 30 s of travel"), "{}", verdict.violations[0]);
}

#[test]
fn a_leg_is_as_long_as_rush_hour_makes_it_at_its_departure() {
    let (problem, travel) = two_jobs().build();
    let mut share = [Permille::ONE; 24];
    share[8] = Permille(500);
    let rush = HourlySpeed { share, horizon_starts_at: Duration::ZERO };
    let travel = Travel::with_hours(vec![(travel.matrix(ProfileIx(0)).clone(), Some(Hours::Speed(rush)))]);
    // At half speed from 8:00: half an hour of road takes until 9:00.
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().plan();
    assert_eq!(plan.routes[0].stops[0].arrival, clock(9, 0));
    assert_clean(&problem, &travel, &plan);
    let later = Sketch::new(&problem, &travel).day(ANN).wait_until(clock(9, 0)).pause().visit(A).plan();
    assert_eq!(later.routes[0].stops[0].travel, Duration::minutes(30));
    assert_clean(&problem, &travel, &later);
}

#[test]
fn times_beyond_all_calendars_are_reported_in_seconds() {
    let (problem, travel) = two_jobs().build();
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().plan();
    plan.routes[0].end = Time(i64::MAX);
    let verdict = verdict(&problem, &travel, &plan);
    assert!(verdict.of(Rule::Hours).any(|violation| violation.got.english() == "second 9223372036854775807"));
}
