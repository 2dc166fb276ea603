//! What it costs: every term with an example reckoned by hand.

use super::*;
use crate::bill::{Bill, Score, Term};
use crate::ids::{JobIx, TechIx};
use crate::problem::{Break, Deadline, OvertimeUntil, PaidFrom, Priority};
use crate::testing::hours;
use crate::units::{Cost, DistanceRate, Duration, Rate, Time};

const A: JobIx = JobIx(0);
const B: JobIx = JobIx(1);

/// Ann, free of charge; A half an hour away, B ten minutes farther. Leaves 8:00, works at A from
/// 8:30 and at B from 9:10, each half an hour, home again at 10:20 after 80 min and 80 km.
fn two_jobs() -> World {
    let mut world = World::new();
    world.technician("Ann");
    world.job("A", 30);
    world.job("B", 40);
    world
}

fn ann(world: &mut World) -> &mut crate::problem::Prices {
    &mut world.technician_mut(TechIx(0)).prices
}

/// The tour costs exactly this, all in one term.
fn assert_bills(term: Term, cost: i64, world: World) {
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan();
    assert_billed(term, cost, &problem, &travel, &plan);
}

fn assert_billed(term: Term, cost: i64, problem: &Problem, travel: &Travel, plan: &Plan) {
    let verdict = verdict(problem, travel, plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    assert_eq!(verdict.bill.term(term), Cost(cost));
    assert_eq!(verdict.bill.total(), Cost(cost), "{:?}", verdict.bill);
    assert_eq!(verdict.score.cost, Cost(cost));
    let routes: Bill = verdict.route_bills.iter().copied().sum();
    assert_eq!(routes.total() + verdict.bill.unassigned, Cost(cost));
}

#[test]
fn eighty_minutes_on_the_road_at_thirty_euros_cost_forty() {
    let mut world = two_jobs();
    ann(&mut world).travel = Rate(3_000);
    assert_bills(Term::Travel, 4_000, world);
}

#[test]
fn eighty_kilometres_at_half_a_euro_cost_forty() {
    let mut world = two_jobs();
    ann(&mut world).distance = DistanceRate(50);
    assert_bills(Term::Distance, 4_000, world);
}

#[test]
fn a_total_is_divided_once_and_rounded_down() {
    let mut world = two_jobs();
    ann(&mut world).travel = Rate(1); // 4800 s at a cent an hour: 1.33 cents; leg by leg 0
    assert_bills(Term::Travel, 1, world);
}

#[test]
fn paid_time_runs_from_departure_to_the_end_of_the_day() {
    let mut world = two_jobs();
    ann(&mut world).work = Rate(6_000);
    // 8:00 to 10:20 at 60 €/h.
    assert_bills(Term::Work, 14_000, world.clone());
    let (problem, travel) = world.clone().build();
    let late = |problem, travel| Sketch::new(problem, travel).day(ANN).wait_until(clock(9, 0)).visit(A).visit(B).plan();
    assert_billed(Term::Work, 14_000, &problem, &travel, &late(&problem, &travel));
    world.draft.objective.paid_from = PaidFrom::ShiftStart;
    let (problem, travel) = world.build();
    assert_billed(Term::Work, 20_000, &problem, &travel, &late(&problem, &travel));
}

#[test]
fn an_unpaid_break_is_taken_off_paid_time_and_a_paid_one_is_not() {
    let mut world = two_jobs();
    ann(&mut world).work = Rate(6_000);
    for (paid, cost) in [(true, 16_000), (false, 14_000)] {
        let lunch = Break { window: hours(9, 10), duration: Duration::minutes(20), paid };
        world.draft.shifts[0].breaks = vec![lunch];
        let (problem, travel) = world.clone().build();
        let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).pause().visit(B).plan();
        assert_billed(Term::Work, cost, &problem, &travel, &plan);
    }
}

#[test]
fn only_a_used_shift_has_its_price() {
    let mut world = two_jobs();
    ann(&mut world).shift = Cost(5_000);
    for job in [A, B] {
        world.job_mut(job).unassigned_price = Cost::ZERO;
    }
    assert_bills(Term::Shift, 5_000, world.clone());
    let (problem, travel) = world.build();
    assert_billed(Term::Shift, 0, &problem, &travel, &Sketch::new(&problem, &travel).plan());
}

#[test]
fn overtime_counts_up_to_the_return_or_up_to_the_last_visit() {
    let mut world = two_jobs();
    ann(&mut world).overtime = Rate(3_000);
    world.draft.shifts[0].regular_end = clock(9, 30);
    // Home at 10:20, the last work over at 9:40.
    assert_bills(Term::Overtime, 2_500, world.clone());
    world.draft.objective.overtime_until = OvertimeUntil::LastVisit;
    assert_bills(Term::Overtime, 500, world);
}

fn promise(due: Time, euros_per_hour: i64) -> Option<Deadline> {
    Some(Deadline { due, late_price: Rate(euros_per_hour * 100), limit: None })
}

#[test]
fn ten_minutes_past_the_promise_cost_twenty_euros() {
    let mut world = two_jobs();
    world.job_mut(A).sla.resolve = promise(clock(8, 50), 120);
    assert_bills(Term::ResolveLate, 2_000, world);
}

#[test]
fn a_technician_responds_by_leaving_and_arrives_by_arriving() {
    let mut world = two_jobs();
    world.job_mut(B).setup = Duration::minutes(5);
    world.job_mut(B).sla.respond = promise(clock(8, 30), 120); // leaves for B at 9:00
    assert_bills(Term::RespondLate, 6_000, world.clone());
    world.job_mut(B).sla.respond = None;
    world.job_mut(B).sla.arrive = promise(clock(9, 0), 120); // arrives at 9:10, before set-up
    assert_bills(Term::ArriveLate, 2_000, world);
}

#[test]
fn lateness_is_summed_over_the_route_before_it_is_divided() {
    let mut world = two_jobs();
    for job in [A, B] {
        let due = if job == A { clock(8, 59) } else { clock(9, 39) };
        // A minute late each at 0.30 €/h: half a cent each, one cent together.
        world.job_mut(job).sla.resolve = Some(Deadline { due, late_price: Rate(30), limit: None });
    }
    assert_bills(Term::ResolveLate, 1, world);
}

#[test]
fn a_promise_kept_costs_nothing() {
    let mut world = two_jobs();
    world.job_mut(A).sla.resolve = promise(clock(9, 0), 120);
    assert_bills(Term::ResolveLate, 0, world);
}

#[test]
fn work_outside_preferred_regions_and_by_others_than_preferred_has_a_price() {
    let mut world = two_jobs();
    let (north, south) = (world.region("north"), world.region("south"));
    let bob = world.technician("Bob");
    world.technician_mut(TechIx(0)).preferred_regions = vec![north];
    world.draft.objective.outside_preferred_region = Cost(300);
    world.draft.objective.not_preferred_technician = Cost(70);
    // A lies outside what Ann likes; B, which lies nowhere, would rather have Bob.
    world.job_mut(A).region = Some(south);
    world.job_mut(A).preferred_technicians = vec![TechIx(0)];
    world.job_mut(B).preferred_technicians = vec![bob];
    assert_bills(Term::Preference, 370, world);
}

#[test]
fn moving_what_was_announced_has_a_price() {
    let mut world = two_jobs();
    world.technician("Bob");
    let (problem, travel) = world.clone().build();
    world.draft.current = Some(Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan());
    world.draft.objective.moved_technician = Cost(1_000);
    world.draft.objective.moved_start = Rate(600);
    let (problem, travel) = world.build();
    // A stays; Bob does B half an hour earlier than Ann would have: 10 € and 3 €.
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(A).day(BOB).visit(B).plan();
    assert_billed(Term::Moved, 1_300, &problem, &travel, &plan);
    let kept = problem.current.clone().unwrap();
    assert_billed(Term::Moved, 0, &problem, &travel, &kept);
}

#[test]
fn a_job_left_out_costs_its_price_and_its_promises_to_the_end_of_the_horizon() {
    let mut world = two_jobs();
    world.job_mut(B).sla.resolve = promise(clock(20, 0), 60);
    let (problem, travel) = world.build();
    // 1,000 € for A; 1,000 € and four hours at 60 €/h for B.
    let plan = Sketch::new(&problem, &travel).plan();
    assert_billed(Term::Unassigned, 224_000, &problem, &travel, &plan);
    assert_eq!(plan.unassigned[1].price, Cost(124_000));
}

#[test]
fn the_score_counts_jobs_left_out_by_class() {
    let mut world = two_jobs();
    world.job_mut(A).priority = Some(Priority::P2);
    let (problem, travel) = world.build();
    let verdict = verdict(&problem, &travel, &Sketch::new(&problem, &travel).plan());
    assert_eq!(verdict.score, Score { violations: 0, unassigned: [0, 1, 0, 0, 1], cost: Cost(200_000) });
}

#[test]
fn a_claim_that_is_a_cent_off_does_not_match() {
    let mut world = two_jobs();
    world.job("C", 50);
    let (problem, travel) = world.build();
    let honest = Sketch::new(&problem, &travel).day(ANN).visit(A).visit(B).plan();
    assert_clean(&problem, &travel, &honest);
    let edits: [fn(&mut Plan); 3] = [
        |plan| plan.bill.travel = Cost(1),
        |plan| plan.routes[0].bill.work = Cost(-1),
        |plan| plan.unassigned[0].price = Cost(99_999),
    ];
    for edit in edits {
        let mut claimed = honest.clone();
        edit(&mut claimed);
        let verdict = verdict(&problem, &travel, &claimed);
        assert!(verdict.is_clean() && !verdict.claimed_bill_matches);
    }
}
