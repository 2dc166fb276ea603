//! When it is done: clock, windows, promises, hours, breaks, limits, freeze, precedence.

use super::*;
use crate::ids::{JobIx, PlaceIx, TechIx};
use crate::plan::PlannedRoute;
use crate::problem::{Break, CurrentPosition, Deadline, Precedence, Shift};
use crate::testing::hours;
use crate::units::{Duration, Meters, Rate, Time};

const A: JobIx = JobIx(0);
const B: JobIx = JobIx(1);

/// Ann, home at 0; job A half an hour away, job B ten minutes farther: starts 8:30 and 9:10.
fn two_jobs() -> World {
    let mut world = World::new();
    world.technician("Ann");
    world.job("A", 30);
    world.job("B", 40);
    world
}

fn tour(plan: Sketch<'_>) -> Sketch<'_> {
    plan.day(ANN).visit(A).visit(B)
}

/// The tour, clean; then changed by hand, which breaks exactly this rule.
fn assert_edit_breaks(rule: Rule, world: World, edit: impl Fn(&mut Plan)) -> String {
    let (problem, travel) = world.build();
    let mut plan = tour(Sketch::new(&problem, &travel)).plan();
    assert_clean(&problem, &travel, &plan);
    edit(&mut plan);
    assert_breaks_only(rule, &problem, &travel, &plan)
}

/// The work at a stop, and all that follows it, this much later.
fn delay_work(route: &mut PlannedRoute, from: usize, by: Duration) {
    for (at, stop) in route.stops.iter_mut().enumerate().skip(from) {
        if at > from {
            stop.departure += by;
            stop.arrival += by;
        }
        stop.start += by;
        stop.end += by;
    }
    route.return_departure += by;
    route.end += by;
}

#[test]
fn nobody_arrives_before_the_travel_is_over() {
    let line = assert_edit_breaks(Rule::Clock, two_jobs(), |plan| first(plan).arrival = clock(8, 20));
    assert_eq!(
        line,
        "clock, shift Ann-1 of Ann, stop 1, job A: expected arrival at 2026-05-04 08:30:00, got 2026-05-04 08:20:00"
    );
}

#[test]
fn nobody_leaves_before_the_work_is_over() {
    assert_edit_breaks(Rule::Clock, two_jobs(), |plan| {
        let second = &mut plan.routes[0].stops[1];
        second.departure = clock(8, 50);
        second.arrival = clock(9, 0);
    });
}

#[test]
fn stated_travel_distance_and_work_are_those_of_the_problem() {
    let edits: [fn(&mut Plan); 4] = [
        |plan| {
            // A minute more on the road than the map says, and the whole day a minute later.
            let stop = first(plan);
            stop.travel = Duration::minutes(31);
            stop.arrival = clock(8, 31);
            delay_work(&mut plan.routes[0], 0, Duration::minutes(1));
        },
        |plan| first(plan).distance = Meters(1),
        |plan| plan.routes[0].stops[1].end = clock(9, 39),
        |plan| plan.routes[0].end += Duration::seconds(1),
    ];
    for edit in edits {
        assert_edit_breaks(Rule::Clock, two_jobs(), edit);
    }
}

#[test]
fn a_plan_is_judged_by_the_travel_it_was_made_with() {
    let line = assert_edit_breaks(Rule::Clock, two_jobs(), |plan| plan.travel_fingerprint ^= 1);
    assert!(line.contains("expected travel "), "{line}");
}

#[test]
fn travel_that_a_plan_does_not_name_is_not_compared() {
    let (problem, travel) = two_jobs().build();
    let mut plan = tour(Sketch::new(&problem, &travel)).plan();
    plan.travel_fingerprint = 0;
    assert_clean(&problem, &travel, &plan);
}

#[test]
fn a_stop_lies_where_its_job_lies() {
    assert_edit_breaks(Rule::Clock, two_jobs(), |plan| {
        // Both at kilometre 30 on paper: B is said to be done without going there.
        let at_a = first(plan).place;
        let route = &mut plan.routes[0];
        let second = &mut route.stops[1];
        second.place = at_a;
        second.travel = Duration::ZERO;
        second.distance = Meters::ZERO;
        second.arrival = second.departure;
        route.return_travel = Duration::minutes(30);
        route.return_distance = Meters(30_000);
        route.end = route.return_departure + Duration::minutes(30);
    });
}

#[test]
fn a_shift_has_one_route_and_a_route_has_stops() {
    let (problem, travel) = two_jobs().build();
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).plan();
    let other = Sketch::new(&problem, &travel).day(ANN).wait_until(clock(12, 0)).visit(B).plan();
    plan.routes.push(other.routes[0].clone());
    plan.unassigned.clear();
    assert_breaks_only(Rule::Clock, &problem, &travel, &plan);
    let empty = Sketch::new(&problem, &travel).day(ANN).plan();
    assert_breaks_only(Rule::Clock, &problem, &travel, &empty);
}

#[test]
fn there_is_no_way_to_an_unreachable_place() {
    let (problem, travel) = two_jobs().build();
    let mut plan = tour(Sketch::new(&problem, &travel)).plan();
    let far = PlaceIx(2); // B lies there
    let matrix = crate::travel::TravelMatrix::from_fn(3, |from, to| {
        let leg = travel.matrix(crate::ids::ProfileIx(0)).leg(PlaceIx::from(from), PlaceIx::from(to));
        if from == 1 && to == far.index() { crate::travel::Leg::UNREACHABLE } else { leg }
    });
    let closed = Travel::new(vec![matrix]);
    plan.travel_fingerprint = closed.fingerprint();
    let line = assert_breaks_only(Rule::Clock, &problem, &closed, &plan);
    assert!(line.contains("expected a way from km 30 to km 40"), "{line}");
}

#[test]
fn set_up_is_paid_once_for_neighbours_at_one_place() {
    let mut world = two_jobs();
    world.draft.jobs[1].place = world.draft.jobs[0].place;
    for job in [A, B] {
        world.job_mut(job).setup = Duration::minutes(5);
    }
    let (problem, travel) = world.clone().build();
    let plan = tour(Sketch::new(&problem, &travel)).plan();
    assert_eq!(plan.routes[0].stops.iter().map(|stop| stop.start).collect::<Vec<_>>(), [clock(8, 35), clock(9, 5)]);
    assert_clean(&problem, &travel, &plan);
    // Without the five minutes at the first, work starts before it may.
    assert_edit_breaks(Rule::Clock, world, |plan| {
        let stop = first(plan);
        stop.start = clock(8, 34);
        stop.end = clock(9, 4);
    });
}

#[test]
fn a_collection_in_between_makes_set_up_due_again() {
    let mut world = two_jobs();
    world.draft.jobs[1].place = world.draft.jobs[0].place;
    for job in [A, B] {
        world.job_mut(job).setup = Duration::minutes(5);
    }
    let store = world.site("store", 30);
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).collect(store, vec![], vec![]).visit(B).plan();
    assert_eq!(plan.routes[0].stops[2].start, clock(9, 20));
    assert_clean(&problem, &travel, &plan);
    let mut hasty = plan;
    delay_work(&mut hasty.routes[0], 2, Duration::minutes(-5));
    assert_breaks_only(Rule::Clock, &problem, &travel, &hasty);
}

#[test]
fn work_starts_within_a_window_and_ends_within_a_completion_window() {
    let mut world = two_jobs();
    world.job_mut(A).windows = vec![hours(6, 7), hours(8, 9)];
    world.job_mut(A).end_windows = vec![hours(8, 9)];
    let line = assert_change_breaks(Rule::Window, world.clone(), tour, |world| {
        world.job_mut(A).windows[1].close = clock(8, 29);
    });
    assert!(line.contains("start within 2026-05-04 06:00:00 to 2026-05-04 07:00:00 or 2026-05-04 08:00:00"), "{line}");
    assert_change_breaks(Rule::Window, world, tour, |world| {
        world.job_mut(A).end_windows[0].close = clock(8, 59);
    });
}

#[test]
fn a_promise_with_a_limit_is_kept() {
    // A: left for at 8:00, reached at 8:30, over at 9:00.
    for (event, moment) in [(0, clock(8, 0)), (1, clock(8, 30)), (2, clock(9, 0))] {
        let limit = |moment| Some(Deadline { due: clock(7, 0), late_price: Rate(0), limit: Some(moment) });
        let promise = |world: &mut World, moment| {
            let sla = &mut world.job_mut(A).sla;
            *[&mut sla.respond, &mut sla.arrive, &mut sla.resolve][event] = limit(moment);
        };
        let mut world = two_jobs();
        promise(&mut world, moment);
        assert_change_breaks(Rule::SlaLimit, world, tour, |world| promise(world, moment - Duration(1)));
    }
}

#[test]
fn nobody_leaves_before_the_shift_or_comes_home_after_it() {
    // Home again at 10:20: 8:30 + 30 min, 10 min, 30 min, 40 min.
    let mut world = two_jobs();
    world.draft.shifts[0].regular_end = clock(10, 0);
    world.draft.shifts[0].latest_end = clock(10, 20);
    assert_change_breaks(Rule::Hours, world.clone(), tour, |world| {
        world.draft.shifts[0].latest_end = clock(10, 19);
    });
    let line = assert_change_breaks(Rule::Hours, world, tour, |world| {
        world.draft.shifts[0].start = clock(8, 1);
    });
    assert!(line.contains("expected departure at or after 2026-05-04 08:01:00"), "{line}");
}

fn lunch() -> Break {
    Break { window: hours(9, 10), duration: Duration::minutes(20), paid: false }
}

fn with_lunch(lunch: Break) -> World {
    let mut world = two_jobs();
    world.draft.shifts[0].breaks = vec![lunch];
    world
}

#[test]
fn a_break_is_taken_before_leaving_on_the_way_at_a_place_or_at_home() {
    let (problem, travel) = with_lunch(lunch()).build();
    let sketch = || Sketch::new(&problem, &travel).day(ANN);
    let before_leaving = sketch().wait_until(clock(9, 0)).pause().visit(A).visit(B);
    let after_work = sketch().visit(A).pause().visit(B);
    let on_the_way = sketch().visit(A).pause_on_the_way(clock(9, 5)).visit(B);
    let on_the_way_home = sketch().visit(A).visit(B).pause_on_the_way(clock(10, 0));
    for plan in [before_leaving, after_work, on_the_way, on_the_way_home] {
        assert_clean(&problem, &travel, &plan.plan());
    }
    let mut at_home = sketch().visit(A).plan();
    let route = &mut at_home.routes[0]; // home at 9:30
    route.breaks.push(crate::plan::TakenBreak { rule: 0, start: clock(9, 40), end: clock(10, 0) });
    route.end = clock(10, 0);
    let verdict = verdict(&problem, &travel, &at_home);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
}

#[test]
fn a_break_is_not_left_out() {
    let line = assert_change_breaks(Rule::Break, two_jobs(), tour, |world| {
        world.draft.shifts[0].breaks = vec![lunch()];
    });
    assert_eq!(line, "break, shift Ann-1 of Ann: expected 1 breaks, got 0 breaks");
}

#[test]
fn a_break_starts_in_its_window_and_lasts_as_long_as_it_should() {
    let changes: [fn(&mut Break); 2] =
        [|lunch| lunch.window.open = clock(9, 1), |lunch| lunch.duration = Duration::minutes(21)];
    for change in changes {
        let (problem, travel) = with_lunch(lunch()).build();
        let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().visit(B).plan();
        assert_clean(&problem, &travel, &plan);
        let mut other = lunch();
        change(&mut other);
        let (problem, travel) = with_lunch(other).build();
        assert_breaks_only(Rule::Break, &problem, &travel, &plan);
    }
}

#[test]
fn a_break_is_not_taken_during_work() {
    let (problem, travel) = with_lunch(lunch()).build();
    // Before B there is half an hour of waiting, in which the break lies.
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan();
    let route = &mut plan.routes[0];
    delay_work(route, 1, Duration::minutes(30));
    let taken = |start| crate::plan::TakenBreak { rule: 0, start, end: start + Duration::minutes(20) };
    route.breaks = vec![taken(clock(9, 15))];
    assert!(verdict(&problem, &travel, &plan).is_clean());
    plan.routes[0].breaks = vec![taken(clock(9, 45))];
    let line = assert_breaks_only(Rule::Break, &problem, &travel, &plan);
    assert!(line.contains("no break during work"), "{line}");
    plan.routes[0].breaks = vec![taken(clock(9, 25))]; // runs into the work that starts at 9:40
    assert_breaks_only(Rule::Break, &problem, &travel, &plan);
}

#[test]
fn a_break_does_not_cut_set_up_in_two() {
    let mut world = with_lunch(lunch());
    world.job_mut(B).setup = Duration::minutes(10);
    let (problem, travel) = world.build();
    // Reaches B at 9:10; five minutes, the break, five minutes: enough time, but not in one piece.
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan();
    let route = &mut plan.routes[0];
    route.breaks = vec![crate::plan::TakenBreak { rule: 0, start: clock(9, 15), end: clock(9, 35) }];
    delay_work(route, 1, Duration::minutes(20));
    let line = assert_breaks_only(Rule::Break, &problem, &travel, &plan);
    assert!(line.ends_with("expected 10 min of set-up without a break in it, got 5 min in one piece"), "{line}");
}

#[test]
fn breaks_are_taken_in_order() {
    let mut world = with_lunch(lunch());
    world.draft.shifts[0].breaks.push(lunch());
    let (problem, travel) = world.build();
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().pause().visit(B).plan();
    assert_clean(&problem, &travel, &plan);
    plan.routes[0].breaks[1].rule = 0;
    assert_breaks_only(Rule::Break, &problem, &travel, &plan);
}

#[test]
fn limits_of_a_shift_hold_to_the_last_unit() {
    // The tour: 2 visits, 80 minutes and kilometres, 2 h 20 min, loads 3 and 4.
    let mut world = two_jobs();
    world.job_mut(A).load = vec![3];
    world.job_mut(B).load = vec![4];
    type Limit = fn(&mut Shift, i64);
    let limits: [(Limit, i64); 5] = [
        (|shift, most| shift.max_jobs = u32::try_from(most).ok(), 2),
        (|shift, most| shift.max_travel = Some(Duration(most)), 80 * 60),
        (|shift, most| shift.max_distance = Some(Meters(most)), 80_000),
        (|shift, most| shift.max_duration = Some(Duration(most)), 140 * 60),
        (|shift, most| shift.capacity = vec![most], 7),
    ];
    for (set, most) in limits {
        let mut world = world.clone();
        set(&mut world.draft.shifts[0], most);
        assert_change_breaks(Rule::Limits, world, tour, |world| set(&mut world.draft.shifts[0], most - 1));
    }
}

#[test]
fn between_two_shifts_there_is_rest() {
    let mut world = two_jobs();
    let second = world.shift(TechIx(0), clock(12, 0), clock(17, 0), clock(19, 0));
    let plan = |plan: Sketch<'_>| plan.day(ANN).visit(A).day(second).visit(B).plan();
    // Home at 9:30, out again at 12:00.
    world.draft.technicians[0].rest = Duration::minutes(150);
    let (problem, travel) = world.clone().build();
    let tours = plan(Sketch::new(&problem, &travel));
    assert_clean(&problem, &travel, &tours);
    world.draft.technicians[0].rest = Duration::minutes(151);
    let (problem, travel) = world.build();
    assert_breaks_only(Rule::Limits, &problem, &travel, &tours);
}

#[test]
fn one_job_waits_for_another_whoever_does_it() {
    let mut world = two_jobs();
    world.technician("Bob");
    // A ends at 9:00; Bob leaves at 9:20 and starts B at 10:00: a lag of one hour.
    let plan = |plan: Sketch<'_>| plan.day(ANN).visit(A).day(BOB).wait_until(clock(9, 20)).visit(B).plan();
    let order = |least, most| Precedence {
        before: A,
        after: B,
        min_lag: Duration::minutes(least),
        max_lag: Some(Duration::minutes(most)),
    };
    world.draft.precedences = vec![order(60, 60)];
    let (problem, travel) = world.clone().build();
    let tours = plan(Sketch::new(&problem, &travel));
    assert_clean(&problem, &travel, &tours);
    for broken in [order(61, 120), order(0, 59)] {
        world.draft.precedences = vec![broken];
        let (problem, travel) = world.clone().build();
        assert_breaks_only(Rule::Precedence, &problem, &travel, &tours);
    }
    let alone = Sketch::new(&problem, &travel).day(BOB).visit(B).plan();
    let line = assert_breaks_only(Rule::Precedence, &problem, &travel, &alone);
    assert!(line.ends_with("job B: expected A before it, got A is not planned"), "{line}");
    let without = Sketch::new(&problem, &travel).day(BOB).visit(A).plan();
    assert_clean(&problem, &travel, &without);
}

/// The tour in force, frozen up to a moment.
fn frozen(freeze: Time) -> World {
    let mut world = two_jobs();
    world.job("C", 10);
    let (problem, travel) = world.clone().build();
    world.draft.current = Some(tour(Sketch::new(&problem, &travel)).plan());
    world.draft.freeze = Some(freeze);
    world
}

#[test]
fn what_starts_before_the_freeze_stays_as_it_is() {
    // A is left for at 8:00, B at 9:00, home at 9:40.
    let c = JobIx(2);
    let (problem, travel) = frozen(clock(8, 30)).build();
    let kept = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(c).visit(B).plan();
    assert_clean(&problem, &travel, &kept);
    let dropped = Sketch::new(&problem, &travel).plan();
    assert_breaks_only(Rule::Freeze, &problem, &travel, &dropped);

    // Frozen a little later, B is under way and comes next.
    let (problem, travel) = frozen(clock(9, 1)).build();
    let verdict = judge(&problem, &travel, &kept);
    assert!(!verdict.is_clean() && verdict.violations.iter().all(|violation| violation.rule == Rule::Freeze));
    let later = Sketch::new(&problem, &travel).day(ANN).visit(A).wait_until(clock(9, 5)).visit(B).plan();
    assert_breaks_only(Rule::Freeze, &problem, &travel, &later);
    let more = tour(Sketch::new(&problem, &travel)).visit(c).plan();
    assert_clean(&problem, &travel, &more);

    // Once on the way home, it goes home.
    let (problem, travel) = frozen(clock(9, 41)).build();
    let verdict = judge(&problem, &travel, &more);
    assert!(!verdict.is_clean() && verdict.violations.iter().all(|violation| violation.rule == Rule::Freeze));
}

#[test]
fn nothing_new_starts_before_the_freeze() {
    let mut world = frozen(clock(8, 30));
    world.technician("Bob");
    let c = JobIx(2);
    let (problem, travel) = world.build();
    let sketch = || tour(Sketch::new(&problem, &travel)).day(BOB);
    assert_clean(&problem, &travel, &sketch().wait_until(clock(8, 30)).visit(c).plan());
    assert_breaks_only(Rule::Freeze, &problem, &travel, &sketch().wait_until(clock(8, 29)).visit(c).plan());
}

#[test]
fn a_day_goes_on_from_the_live_position_and_not_before_it() {
    let mut world = two_jobs();
    let b = world.draft.jobs[1].place;
    world.draft.technicians[0].position = Some(CurrentPosition { place: b, at: clock(8, 10) });
    let (problem, travel) = world.build();
    // From B's place, ten minutes before A: left at 8:10, there at 8:20.
    let mut plan = Sketch::new(&problem, &travel).day(ANN).wait_until(clock(8, 10)).visit(A).plan();
    assert!(!judge(&problem, &travel, &plan).is_clean(), "not from home any more");
    let route = &mut plan.routes[0];
    let saved = Duration::minutes(20);
    let stop = &mut route.stops[0];
    (stop.travel, stop.distance) = (stop.travel - saved, Meters(stop.distance.0 - 20_000));
    for time in [&mut stop.arrival, &mut stop.start, &mut stop.end, &mut route.return_departure, &mut route.end] {
        *time += Duration(-saved.0);
    }
    let verdict = judge(&problem, &travel, &plan);
    (plan.bill, plan.routes[0].bill) = (verdict.bill, verdict.route_bills[0]);
    assert_clean(&problem, &travel, &plan);
    let mut early = plan.clone();
    let route = &mut early.routes[0];
    let stop = &mut route.stops[0];
    for time in [
        &mut stop.departure,
        &mut stop.arrival,
        &mut stop.start,
        &mut stop.end,
        &mut route.return_departure,
        &mut route.end,
    ] {
        *time += Duration(-1);
    }
    assert_breaks_only(Rule::Clock, &problem, &travel, &early);
}
