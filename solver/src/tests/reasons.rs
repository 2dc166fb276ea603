//! Every job left out says why, per technician, and what would help, truthfully.

use super::random_day::{Size, random_day};
use crate::{Params, Stop, obstacles, solve};
use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ProfileIx, SkillIx, TechIx};
use dispatch_data::lang::Lang;
use dispatch_data::plan::Unassigned;
use dispatch_data::problem::*;
use dispatch_data::rule::Rule;
use dispatch_data::travel::Travel;
use dispatch_data::units::*;

#[test]
fn every_technician_is_counted_once_in_the_reasons_of_a_job() {
    let mut explained = 0;
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 9, technicians: 3 });
        let plan = solve(&problem, &travel, &Params { islands: 1, ..Params::default() }, &Stop::iterations(60)).plan;
        for left in &plan.unassigned {
            let counted: u32 = left.reasons.iter().map(|reason| reason.technicians).sum();
            assert_eq!(counted as usize, problem.technicians.len(), "seed {seed}: {left:?}");
            let all = obstacles(&problem, &travel, &plan, left.job);
            assert_eq!(all.len(), problem.technicians.len(), "seed {seed}");
            let texts = left.reasons.iter().map(|reason| &reason.miss).chain(left.relaxation.iter().map(|r| &r.change));
            for text in texts.filter(|text| !text.is_empty()) {
                assert!(!text.in_lang(Lang::Zh).is_ascii(), "seed {seed}: {text:?}");
            }
            explained += 1;
        }
    }
    assert!(explained > 30, "{explained}");
}

/// One technician, from eight to ten, a quarter of an hour from the job.
fn one_job(change: impl FnOnce(&mut Draft)) -> Unassigned {
    let (problem, _) = random_day(0, Size { jobs: 1, technicians: 1 });
    let mut draft = problem.into_draft();
    let hour = Duration::hours(1).0;
    draft.objective = Objective::default();
    draft.sites.clear();
    draft.lots.clear();
    draft.technicians.truncate(1);
    draft.shifts.truncate(1);
    draft.technicians[0] =
        Technician { id: "ann".into(), shifts: draft.technicians[0].shifts, ..Technician::default() };
    draft.technicians[0].shifts.1.0 = 1;
    draft.technicians[0].prices.travel = Rate(1000);
    draft.shifts[0] = Shift {
        start: Time(8 * hour),
        regular_end: Time(10 * hour),
        latest_end: Time(10 * hour),
        breaks: Vec::new(),
        max_jobs: None,
        max_travel: None,
        max_distance: None,
        max_duration: None,
        capacity: Vec::new(),
        start_place: PlaceIx(1),
        end_place: Some(PlaceIx(1)),
        ..draft.shifts[0].clone()
    };
    let whole = Window { open: Time(0), close: draft.horizon.end() };
    draft.jobs[0] = Job {
        id: "T-1".into(),
        place: PlaceIx(0),
        work: Duration::minutes(30),
        windows: vec![whole],
        unassigned_price: Cost(1_000_000),
        ..Job::default()
    };
    draft.skills = vec!["chiller".into()];
    change(&mut draft);
    let places = draft.places.len();
    let travel = Travel::new(vec![dispatch_data::travel::TravelMatrix::from_fn(places, |from, to| {
        let seconds = if from == to { 0 } else { 900 };
        dispatch_data::travel::Leg { seconds, meters: seconds * 10 }
    })]);
    draft.travel = TravelSource::Matrices(vec![travel.matrix(ProfileIx(0)).clone()]);
    let problem = draft.check().unwrap();
    let plan = solve(&problem, &travel, &Params { islands: 1, ..Params::default() }, &Stop::iterations(20)).plan;
    plan.unassigned.into_iter().next().expect("the job is left out")
}

#[test]
fn a_missing_level_is_named_with_both_levels() {
    let left = one_job(|draft| {
        draft.jobs[0].skills.all_of = vec![SkillLevel { skill: SkillIx(0), level: 2 }];
        draft.technicians[0].skills =
            vec![OwnedSkill { skill: SkillIx(0), level: 1, valid_from: None, valid_until: None, pace: Permille::ONE }];
    });
    assert_eq!(left.reasons[0].rule, Some(Rule::Skills));
    assert_eq!(left.reasons[0].miss.english(), "level 1 of chiller, 2 needed");
    assert_eq!(left.reasons[0].nearest, Some(TechIx(0)));
    assert_eq!(left.reasons[0].miss.in_lang(Lang::Zh), "chiller 1 级，需要 2 级");
    let relaxation = left.relaxation.unwrap();
    assert_eq!(relaxation.change.in_lang(Lang::Zh), "ann 具备 chiller 2");
    assert_eq!(relaxation.change.english(), "ann had chiller 2");
    assert_eq!(relaxation.added_cost, Cost(500)); // half an hour of travel at 10.00 an hour
}

#[test]
fn a_promise_that_cannot_be_kept_says_by_how_much() {
    let left = one_job(|draft| {
        // Leaves 8:00, there 8:15, done 8:45: half an hour past the limit.
        let due = Time(8 * 3600 + 15 * 60);
        draft.jobs[0].sla.resolve = Some(Deadline { due, late_price: Rate(0), limit: Some(due) });
    });
    assert_eq!(left.reasons[0].rule, Some(Rule::SlaLimit));
    assert_eq!(left.relaxation.unwrap().change.english(), "promised limit + 30 min");
}

#[test]
fn a_day_too_short_says_by_how_much() {
    let left = one_job(|draft| draft.jobs[0].work = Duration::minutes(100));
    assert_eq!(left.reasons[0].rule, Some(Rule::Hours));
    assert_eq!(left.relaxation.unwrap().change.english(), "ann + 10 min past the latest end");
}

#[test]
fn a_part_that_nobody_has_is_named_with_its_count() {
    let left = one_job(|draft| {
        draft.parts = vec!["P-11".into()];
        draft.jobs[0].parts = vec![PartQuantity { part: PartIx(0), quantity: 2 }];
        draft.technicians[0].stock = vec![(PartIx(0), 1)];
    });
    assert_eq!(left.reasons[0].rule, Some(Rule::Parts));
    assert_eq!(left.reasons[0].miss.english(), "2 × P-11 needed, 1 in the van, 0 at all sites");
    assert_eq!(left.relaxation.unwrap().change.english(), "1 × P-11 at hand for ann");
}

#[test]
fn a_job_not_worth_its_way_says_so() {
    let left = one_job(|draft| draft.jobs[0].unassigned_price = Cost(100));
    assert_eq!(left.job, JobIx(0));
    assert_eq!(left.reasons[0].rule, None);
    assert_eq!(left.reasons[0].miss.english(), "would add 5.00 where leaving it costs 1.00");
}

#[test]
fn of_two_who_lack_a_skill_the_nearer_one_to_it_would_learn_it() {
    // Bob lives beside the job and has never seen a chiller; Ann has level 1 and drives.
    let left = one_job(|draft| {
        draft.jobs[0].skills.all_of = vec![SkillLevel { skill: SkillIx(0), level: 2 }];
        draft.technicians[0].skills =
            vec![OwnedSkill { skill: SkillIx(0), level: 1, valid_from: None, valid_until: None, pace: Permille::ONE }];
        let bob = Technician {
            id: "bob".into(),
            skills: Vec::new(),
            shifts: (1.into(), 2.into()),
            ..draft.technicians[0].clone()
        };
        let beside = Shift {
            id: "bob".into(),
            technician: TechIx(1),
            start_place: PlaceIx(0),
            end_place: Some(PlaceIx(0)),
            ..draft.shifts[0].clone()
        };
        draft.technicians.push(bob);
        draft.shifts.push(beside);
    });
    assert_eq!(left.reasons[0].nearest, Some(TechIx(0)));
    assert_eq!(left.relaxation.unwrap().change.english(), "ann had chiller 2");
}
