//! Who does what: once, skills, regions, technicians, pins, crews.

use super::*;
use crate::ids::JobIx;
use crate::plan::Activity;
use crate::problem::{CrewMember, Pin, SkillLevel};
use crate::units::{Duration, Permille};

fn one_job() -> (World, JobIx) {
    let mut world = World::new();
    world.technician("Ann");
    let job = world.job("J1", 30);
    (world, job)
}

#[test]
fn a_job_left_out_must_be_listed() {
    let (world, job) = one_job();
    let (problem, travel) = world.build();
    let mut plan = Sketch::new(&problem, &travel).plan();
    assert_clean(&problem, &travel, &plan);
    plan.unassigned.clear();
    assert_eq!(
        assert_breaks_only(Rule::Once, &problem, &travel, &plan),
        "once, job J1: expected visited or unassigned, got neither"
    );
    assert_eq!(verdict(&problem, &travel, &plan).bill.unassigned, problem.drop_price(job));
}

#[test]
fn a_job_is_not_done_twice() {
    let (world, job) = one_job();
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit(job).visit(job).plan();
    assert_eq!(
        assert_breaks_only(Rule::Once, &problem, &travel, &plan),
        "once, shift Ann-1 of Ann, stop 2, job J1: expected one visit, got another visit"
    );
}

#[test]
fn a_job_is_not_both_done_and_left_out() {
    let (world, job) = one_job();
    let (problem, travel) = world.build();
    let left_out = Sketch::new(&problem, &travel).plan();
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(job).plan();
    plan.unassigned = left_out.unassigned.clone();
    assert_breaks_only(Rule::Once, &problem, &travel, &plan);
    let mut twice = left_out;
    twice.unassigned.push(twice.unassigned[0].clone());
    assert_breaks_only(Rule::Once, &problem, &travel, &twice);
}

#[test]
fn level_two_is_not_done_at_level_one() {
    let (mut world, job) = one_job();
    let chiller = world.skill("chiller");
    world.owns(crate::ids::TechIx(0), chiller, 1);
    world.needs(job, chiller, 1);
    let line = assert_change_breaks(
        Rule::Skills,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.job_mut(job).skills.all_of[0].level = 2;
        },
    );
    assert!(line.ends_with("expected level 2 of chiller, got level 1 of chiller"), "{line}");
}

#[test]
fn a_skill_not_owned_keeps_away() {
    let (mut world, job) = one_job();
    let gas = world.skill("gas");
    let change = |world: &mut World| world.needs(job, gas, 1);
    let line = assert_change_breaks(Rule::Skills, world, |plan| plan.day(ANN).visit(job), change);
    assert!(line.ends_with("expected level 1 of gas, got no gas"), "{line}");
}

#[test]
fn one_of_several_skills_suffices_and_none_does_not() {
    let (mut world, job) = one_job();
    let (gas, oil) = (world.skill("gas"), world.skill("oil"));
    world.owns(crate::ids::TechIx(0), oil, 3);
    let any_of = |level| [gas, oil].map(|skill| SkillLevel { skill, level }).to_vec();
    world.job_mut(job).skills.any_of = any_of(3);
    let line = assert_change_breaks(
        Rule::Skills,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.job_mut(job).skills.any_of = any_of(4);
        },
    );
    assert!(line.ends_with("expected level 4 of gas or level 4 of oil, got no gas, level 3 of oil"), "{line}");
}

#[test]
fn a_certificate_holds_until_the_work_is_over() {
    let (mut world, job) = one_job();
    let gas = world.skill("gas");
    world.needs(job, gas, 1);
    // Arrives at 8:30, works until 9:00.
    world.owns(crate::ids::TechIx(0), gas, 1).valid_until = Some(clock(9, 0));
    assert_change_breaks(
        Rule::Skills,
        world.clone(),
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.draft.technicians[0].skills[0].valid_until = Some(clock(8, 59));
        },
    );
    assert_change_breaks(
        Rule::Skills,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.draft.technicians[0].skills[0].valid_from = Some(clock(8, 31));
        },
    );
}

#[test]
fn the_slowest_of_the_skills_used_sets_the_pace() {
    let (mut world, job) = one_job();
    let (gas, oil) = (world.skill("gas"), world.skill("oil"));
    let ann = crate::ids::TechIx(0);
    world.owns(ann, gas, 1).pace = Permille(1500);
    world.owns(ann, oil, 1).pace = Permille(1200);
    world.needs(job, gas, 1);
    world.needs(job, oil, 1);
    // Half an hour at 1.5: 45 minutes; had the work been stated shorter, the clock would be wrong.
    assert_change_breaks(
        Rule::Clock,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.draft.technicians[0].skills[0].pace = Permille(1000);
        },
    );
}

#[test]
fn of_a_choice_of_skills_the_fastest_that_qualifies_is_used() {
    let (mut world, job) = one_job();
    let (gas, oil) = (world.skill("gas"), world.skill("oil"));
    let ann = crate::ids::TechIx(0);
    world.owns(ann, gas, 1).pace = Permille(500);
    world.owns(ann, oil, 2).pace = Permille(1000);
    world.job_mut(job).skills.any_of = [gas, oil].map(|skill| SkillLevel { skill, level: 2 }).to_vec();
    assert_change_breaks(
        Rule::Clock,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.draft.technicians[0].skills[0].level = 2; // now gas qualifies too: 15 minutes
        },
    );
}

#[test]
fn nobody_works_outside_their_regions() {
    let (mut world, job) = one_job();
    let (north, south) = (world.region("north"), world.region("south"));
    world.technician_mut(crate::ids::TechIx(0)).regions = vec![north];
    world.job_mut(job).region = Some(north);
    let line = assert_change_breaks(
        Rule::Region,
        world,
        |plan| plan.day(ANN).visit(job),
        |world| {
            world.job_mut(job).region = Some(south);
        },
    );
    assert!(line.ends_with("expected a job in north, got one in south"), "{line}");
}

#[test]
fn required_technicians_alone_may_go_and_excluded_ones_may_not() {
    let (mut world, job) = one_job();
    let bob = world.technician("Bob");
    world.job_mut(job).required_technicians = Some(vec![bob]);
    let line = assert_change_breaks(
        Rule::Technician,
        world.clone(),
        |plan| plan.day(BOB).visit(job),
        |world| {
            world.job_mut(job).required_technicians = Some(vec![crate::ids::TechIx(0)]);
        },
    );
    assert!(line.ends_with("expected Ann, got Bob"), "{line}");
    assert_change_breaks(
        Rule::Technician,
        world,
        |plan| plan.day(BOB).visit(job),
        |world| {
            world.job_mut(job).required_technicians = None;
            world.job_mut(job).excluded_technicians = vec![bob];
        },
    );
}

#[test]
fn a_pinned_technician_shift_or_start_is_kept() {
    let (mut world, job) = one_job();
    let bob = world.technician("Bob");
    let ann = crate::ids::TechIx(0);
    let pins = [
        (Pin { technician: Some(ann), ..Pin::default() }, Pin { technician: Some(bob), ..Pin::default() }),
        (Pin { shift: Some(ANN), ..Pin::default() }, Pin { shift: Some(BOB), ..Pin::default() }),
        (
            Pin { window: Some(crate::testing::hours(8, 9)), ..Pin::default() },
            Pin { window: Some(crate::testing::hours(9, 10)), ..Pin::default() },
        ),
    ];
    for (kept, broken) in pins {
        world.job_mut(job).pin = Some(kept);
        assert_change_breaks(
            Rule::Pin,
            world.clone(),
            |plan| plan.day(ANN).visit(job),
            |world| {
                world.job_mut(job).pin = Some(broken.clone());
            },
        );
    }
}

#[test]
fn a_pinned_order_binds_on_the_same_shift_only() {
    let (mut world, first) = one_job();
    world.technician("Bob");
    let second = world.job("J2", 30);
    world.job_mut(second).pin = Some(Pin { after: Some(first), ..Pin::default() });
    let (problem, travel) = world.clone().build();
    let apart = Sketch::new(&problem, &travel).day(BOB).wait_until(clock(12, 0)).visit(first).day(ANN).visit(second);
    assert_clean(&problem, &travel, &apart.plan());
    assert_change_breaks(
        Rule::Pin,
        world,
        |plan| plan.day(ANN).visit(first).visit(second),
        |world| {
            world.job_mut(second).pin = None;
            world.job_mut(first).pin = Some(Pin { after: Some(second), ..Pin::default() });
        },
    );
}

/// A job for two, the second of whom starts 10 to 20 minutes after the first.
fn pair() -> (World, JobIx) {
    let (mut world, job) = one_job();
    world.technician("Bob");
    let member = |from, to| CrewMember {
        skills: crate::problem::SkillNeed::default(),
        work: Duration::minutes(30),
        start_lag: (Duration::minutes(from), Duration::minutes(to)),
    };
    world.job_mut(job).crew = vec![member(0, 0), member(10, 20)];
    (world, job)
}

#[test]
fn a_crew_goes_complete_or_not_at_all() {
    let (world, job) = pair();
    let (problem, travel) = world.build();
    let both = Sketch::new(&problem, &travel).day(ANN).visit_as(job, 0, vec![]).day(BOB);
    assert_clean(&problem, &travel, &both.wait_until(clock(8, 10)).visit_as(job, 1, vec![]).plan());
    let alone = Sketch::new(&problem, &travel).day(ANN).visit_as(job, 0, vec![]).plan();
    let line = assert_breaks_only(Rule::Crew, &problem, &travel, &alone);
    assert_eq!(line, "crew, job J1: expected all 2 members or none, got 1");
}

#[test]
fn a_crew_starts_within_its_lag() {
    let (world, job) = pair();
    let (problem, travel) = world.build();
    for leaves in [clock(8, 9), clock(8, 21)] {
        let plan = Sketch::new(&problem, &travel).day(ANN).visit_as(job, 0, vec![]).day(BOB).wait_until(leaves);
        let line = assert_breaks_only(Rule::Crew, &problem, &travel, &plan.visit_as(job, 1, vec![]).plan());
        assert!(line.contains("expected start from 2026-05-04 08:40:00 to 2026-05-04 08:50:00"), "{line}");
    }
}

#[test]
fn nobody_is_two_members_of_a_crew() {
    let (mut world, job) = pair();
    world.job_mut(job).crew[1].start_lag = (Duration::minutes(30), Duration::minutes(30));
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).visit_as(job, 0, vec![]).visit_as(job, 1, vec![]).plan();
    let line = assert_breaks_only(Rule::Crew, &problem, &travel, &plan);
    assert!(line.ends_with("expected another technician for each member, got Ann twice"), "{line}");
}

#[test]
fn a_job_for_one_has_no_second_member() {
    let (world, job) = one_job();
    let (problem, travel) = world.build();
    let mut plan = Sketch::new(&problem, &travel).day(ANN).visit(job).plan();
    if let Activity::Visit { member, .. } = &mut first(&mut plan).activity {
        *member = 7;
    }
    let verdict = verdict(&problem, &travel, &plan);
    assert!(!verdict.is_clean() && verdict.violations.iter().all(|violation| violation.rule == Rule::Crew));
}
