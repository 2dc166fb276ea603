//! A plan made in parts keeps every rule of the whole, costs what the judge says, and never more than the
//! plan it began from; on any number of threads it is the same.

use super::random_day::{Size, frozen_day, random_day};
use crate::decompose::{Budget, Cut, Elsewhere, Errand, InParts, Rounds, Whole, in_rounds, parts, run_errand};
use crate::{Params, Stop, solve_from};
use dispatch_data::ids::{JobIx, LotIx};
use dispatch_data::judge::judge;
use dispatch_data::plan::Plan;
use dispatch_data::problem::{JobKind, Problem};
use dispatch_data::travel::Travel;
use dispatch_data::units::{Cost, Rate};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

const DAY: Size = Size { jobs: 30, technicians: 9 };

fn in_parts(seed: u64, day: &(Problem, Travel), from: Option<&Plan>, threads: usize, iterations: u64) -> Plan {
    let params = Params { seed, threads, explained: 6, ..Params::default() };
    let rounds = Rounds { count: 3, jobs: 7 };
    in_rounds(&day.0, &day.1, from, &params, &Stop::iterations(iterations), &rounds, None).plan
}

/// Another machine with the same problem, of one kind or another.
struct Machine<'m> {
    day: &'m (Problem, Travel),
    answer: fn(Plan) -> Option<Plan>,
    asked: AtomicUsize,
}

impl Elsewhere for Machine<'_> {
    fn hands(&self) -> usize {
        2
    }
    fn solve(&self, errand: &Errand) -> Option<Plan> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let whole = Whole::new(&self.day.0, &self.day.1, Some(&errand.start));
        let Budget::Iterations(iterations) = errand.budget else { panic!("{:?}", errand.budget) };
        let params = Params { islands: 1, threads: 1, ..Params::default() };
        (self.answer)(run_errand(&whole, errand, &params, &Stop::iterations(iterations)).unwrap())
    }
}

#[test]
fn a_plan_is_the_same_whoever_solves_its_parts() {
    let mut asked = [0, 0, 0];
    for seed in 300..315 {
        let day = if seed % 3 == 0 { frozen_day(seed, DAY) } else { random_day(seed, DAY) };
        let alone = in_parts(seed, &day, day.0.current.as_ref(), 1, 400);
        let wrong = |mut plan: Plan| {
            // As from a machine that has another problem: a visit twice, or a job that is not of the part.
            match plan.routes.first().cloned() {
                Some(route) => plan.routes.push(route),
                None => plan.unassigned.extend(plan.unassigned.clone()),
            }
            Some(plan)
        };
        let kinds: [fn(Plan) -> Option<Plan>; 3] = [Some, |_| None, wrong];
        for (answer, asked) in kinds.into_iter().zip(&mut asked) {
            let machine = Machine { day: &day, answer, asked: AtomicUsize::new(0) };
            let params = Params { seed, threads: 1, explained: 6, ..Params::default() };
            let (rounds, stop) = (Rounds { count: 3, jobs: 7 }, Stop::iterations(400));
            let from = day.0.current.as_ref();
            let plan = in_rounds(&day.0, &day.1, from, &params, &stop, &rounds, Some(&machine)).plan;
            assert_eq!(plan, alone, "seed {seed}");
            *asked += machine.asked.load(Ordering::Relaxed);
        }
    }
    assert!(asked.iter().all(|asked| *asked > 20), "{asked:?}");
}

fn check(seed: u64, (problem, travel): &(Problem, Travel), plan: &Plan) {
    let verdict = judge(problem, travel, plan);
    assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
    assert_eq!(verdict.bill, plan.bill, "seed {seed}");
    assert!(verdict.claimed_bill_matches, "seed {seed}");
}

#[test]
fn plans_in_parts_are_clean_honestly_priced_and_the_same_on_any_number_of_threads() {
    let mut served = 0;
    for seed in 0..25 {
        let day = random_day(seed, DAY);
        let plan = in_parts(seed, &day, None, 1, 400);
        check(seed, &day, &plan);
        for threads in [2, 4] {
            assert_eq!(in_parts(seed, &day, None, threads, 400), plan, "seed {seed}, {threads} threads");
        }
        served += plan.routes.iter().map(|route| route.jobs().count()).sum::<usize>();
    }
    assert!(served > 25 * DAY.jobs / 2, "{served}");
}

#[test]
fn a_plan_in_parts_is_never_dearer_than_its_start_and_takes_it_further() {
    let mut gained = Cost::ZERO;
    for seed in 100..125 {
        let day = random_day(seed, DAY);
        let start = in_parts(seed, &day, None, 1, 60);
        for iterations in [0, 30, 300] {
            let plan = in_parts(seed + 1, &day, Some(&start), 2, iterations);
            check(seed, &day, &plan);
            assert!(plan.bill.total() <= start.bill.total(), "seed {seed}, {iterations} iterations");
            gained += start.bill.total() - plan.bill.total();
        }
    }
    assert!(gained > Cost::ZERO);
}

#[test]
fn promises_to_technicians_of_other_parts_cost_what_the_judge_says() {
    let mut moved = 0;
    for seed in 200..225 {
        let day = random_day(seed, DAY);
        let in_force = in_parts(seed, &day, None, 1, 9);
        let mut draft = day.0.into_draft();
        draft.current = Some(Plan { unassigned: Vec::new(), ..in_force.clone() });
        draft.objective.moved_technician = Cost(30);
        draft.objective.moved_start = Rate(20);
        let day = (draft.check().unwrap(), day.1);
        let before = judge(&day.0, &day.1, &in_force).bill.total();
        let plan = in_parts(seed + 1, &day, Some(&in_force), 2, 600);
        check(seed, &day, &plan);
        assert!(plan.bill.total() <= before, "seed {seed}");
        moved += usize::from(plan.bill.moved > Cost::ZERO);
    }
    assert!(moved > 4, "{moved}");
}

#[test]
fn what_is_frozen_stays_whatever_the_parts() {
    let mut clean = 0;
    for seed in 300..330 {
        let day = frozen_day(seed, DAY);
        let (problem, travel) = &day;
        let whole = crate::solve::in_one_piece(
            problem,
            travel,
            problem.current.as_ref(),
            &Params::default(),
            &Stop::iterations(0),
        );
        // What happened before may break rules that nobody can mend.
        let known = judge(problem, travel, &whole.plan).violations;
        let plan = in_parts(seed, &day, problem.current.as_ref(), 2, 200);
        let verdict = judge(problem, travel, &plan);
        let new = |found: &&dispatch_data::judge::Violation| {
            !known.iter().any(|known| (known.rule, known.shift) == (found.rule, found.shift))
        };
        let new: Vec<_> = verdict.violations.iter().filter(new).collect();
        assert!(new.is_empty(), "seed {seed}: {new:#?}");
        assert_eq!(verdict.bill, plan.bill, "seed {seed}");
        assert!(verdict.claimed_bill_matches, "seed {seed}");
        clean += usize::from(known.is_empty());
    }
    assert!(clean > 15, "{clean}");
}

#[test]
fn parts_hold_everyone_once_and_share_every_lot_without_exceeding_it() {
    for seed in 400..430 {
        let (problem, travel) = random_day(seed, DAY);
        let start = in_parts(seed, &(problem.clone(), travel.clone()), None, 1, 100);
        let whole = Whole::new(&problem, &travel, Some(&start));
        let parts = parts(&whole, 7, 1 + seed as usize % 3, seed);
        assert!(parts.len() > 2, "seed {seed}");
        let mut technicians: Vec<_> = parts.iter().flat_map(|part| part.technicians.clone()).collect();
        technicians.sort_unstable();
        assert!(technicians.iter().enumerate().all(|(at, own)| own.index() == at), "seed {seed}");
        assert_eq!(technicians.len(), problem.technicians.len(), "seed {seed}");
        let mut open: Vec<JobIx> = parts.iter().flat_map(|part| part.open.clone()).collect();
        open.sort_unstable();
        assert_eq!(open, whole.open().collect::<Vec<_>>(), "seed {seed}");
        let mut dealt: BTreeMap<LotIx, u32> = BTreeMap::new();
        for (lot, units) in parts.iter().flat_map(|part| &part.quotas) {
            *dealt.entry(*lot).or_default() += units;
        }
        assert!(dealt.iter().all(|(lot, units)| *units <= problem.lot(*lot).quantity), "seed {seed}: {dealt:?}");
        for part in &parts {
            let cut = Cut::new(&whole, part).unwrap();
            let verdict = judge(cut.problem(), cut.travel(), cut.start());
            // A route costs in its part what it costs in the whole.
            let piece = cut.back(cut.start().clone());
            for (route, bill) in piece.routes.iter().zip(&verdict.route_bills) {
                assert_eq!(start.route(route.shift), Some(route), "seed {seed}");
                assert_eq!(route.bill, *bill, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_job_goes_to_the_part_where_somebody_may_take_it() {
    let (problem, travel) = random_day(7, Size { jobs: 60, technicians: 12 });
    let mut draft = problem.into_draft();
    // Only the last technician knows the first skill, and is free.
    for technician in &mut draft.technicians {
        technician.skills.retain(|own| own.skill.index() != 0);
        technician.regions.clear();
    }
    let expert = draft.technicians.len() - 1;
    draft.technicians[expert].skills.push(dispatch_data::problem::OwnedSkill {
        skill: dispatch_data::ids::SkillIx(0),
        level: 9,
        valid_from: None,
        valid_until: None,
        pace: dispatch_data::units::Permille::ONE,
    });
    let template = dispatch_data::problem::Job {
        kind: JobKind::Repair,
        windows: vec![dispatch_data::problem::Window {
            open: dispatch_data::units::Time(0),
            close: draft.horizon.end(),
        }],
        skills: dispatch_data::problem::SkillNeed {
            all_of: vec![dispatch_data::problem::SkillLevel { skill: dispatch_data::ids::SkillIx(0), level: 9 }],
            any_of: Vec::new(),
        },
        ..dispatch_data::problem::Job::default()
    };
    let first = draft.jobs.len();
    for k in 0..10 {
        let place = dispatch_data::ids::PlaceIx(k);
        draft.jobs.push(dispatch_data::problem::Job { id: format!("rare {k}"), place, ..template.clone() });
    }
    let problem = draft.check().unwrap();
    let whole = Whole::new(&problem, &travel, None);
    for part in parts(&whole, 12, 4, 3) {
        let rare = part.open.iter().filter(|job| job.index() >= first).count();
        assert_eq!(rare, if part.technicians.iter().any(|who| who.index() == expert) { 10 } else { 0 });
    }
}

#[test]
fn large_problems_go_in_parts_by_themselves_and_small_ones_do_not() {
    let (problem, travel) = random_day(1, Size { jobs: 12, technicians: 3 });
    let one = solve_from(&problem, &travel, None, &Params::default(), &Stop::iterations(50)).plan;
    let same = crate::solve::in_one_piece(&problem, &travel, None, &Params::default(), &Stop::iterations(50)).plan;
    assert_eq!(one, same);
    let mut draft = problem.clone().into_draft();
    let template = draft.jobs[0].clone();
    draft.jobs.extend((0..8_500).map(|k| dispatch_data::problem::Job { id: format!("more {k}"), ..template.clone() }));
    let large = draft.check().unwrap();
    let pays = |problem: &Problem, stop: Stop<'_>| {
        crate::decompose::pays(problem, &Params::default(), &stop, InParts::default())
    };
    assert!(pays(&large, Stop::iterations(1_000)));
    assert!(!pays(&large, Stop::iterations(100_000_000)));
    assert!(!pays(&problem, Stop::iterations(1)));
    assert!(pays(&large, Stop::share(|| 0.0).with_seconds(5.0)));
    assert!(!pays(&large, Stop::share(|| 0.0).with_seconds(5_000.0)));
}
