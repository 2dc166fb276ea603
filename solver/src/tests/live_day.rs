//! Events of a live day: facts stay facts, plans stay clean, replays are equal.

use super::random_day::{Size, random_day, rng};
use crate::live::{Change, Diff, Live, LiveError, Ticket};
use crate::{Params, Stop, solve};
use dispatch_data::ids::{JobIx, TechIx};
use dispatch_data::judge::judge;
use dispatch_data::plan::{Activity, Plan};
use dispatch_data::problem::Job;
use dispatch_data::units::{Cost, Duration, Rate, Time};
use rand::RngExt;

fn params(seed: u64) -> Params {
    Params { seed, islands: 1, ..Params::default() }
}

fn live(seed: u64) -> (Live, Vec<Job>) {
    let (problem, travel) = random_day(seed, Size { jobs: 12, technicians: 4 });
    let mut draft = problem.into_draft();
    draft.objective.moved_technician = Cost(800);
    draft.objective.moved_start = Rate(400);
    let mut spare = draft.jobs.split_off(9);
    spare.iter_mut().for_each(|job| job.pin = None);
    let problem = draft.check().unwrap();
    let plan = solve(&problem, &travel, &params(seed), &Stop::iterations(20)).plan;
    (Live::new(problem, travel, plan).unwrap(), spare)
}

/// The planned visits: job id, technician, start, end.
fn visits(live: &Live) -> Vec<(String, TechIx, Time, Time)> {
    let problem = live.problem();
    let mut visits = Vec::new();
    for route in &live.plan().routes {
        for stop in &route.stops {
            if let Activity::Visit { job, .. } = stop.activity {
                let technician = problem.shift(route.shift).technician;
                visits.push((problem.job(job).id.clone(), technician, stop.start, stop.end));
            }
        }
    }
    visits.sort();
    visits
}

/// An event that could happen now.
fn event(live: &Live, rng: &mut super::random_day::Rng, now: Time, spare: &mut Vec<Job>) -> Change {
    let visits = visits(live);
    let technician = |at: usize| live.problem().technicians[at].id.clone();
    let who = rng.random_range(0..live.problem().technicians.len());
    let any = (!visits.is_empty()).then(|| visits[rng.random_range(0..visits.len().max(1))].clone());
    let open = any.filter(|(_, _, start, _)| *start >= now);
    match (rng.random_range(0..9), open) {
        (0, _) if !spare.is_empty() => Change::JobAdded(Ticket::new(spare.pop().unwrap())),
        (1, Some((job, ..))) => Change::JobCancelled { job },
        (2, Some((job, _, start, _))) => Change::JobStarted { job, at: start + Duration(rng.random_range(0..600)) },
        (3, Some((job, _, _, end))) => Change::JobFinished { job, at: end + Duration(rng.random_range(-60..600)) },
        (4, Some((job, _, _, end))) => Change::JobOverran { job, until: end + Duration(rng.random_range(60..1800)) },
        (5, _) => Change::TechnicianLate { technician: technician(who), until: now + Duration(1200) },
        (6, _) => Change::TechnicianSick { technician: technician(who), from: now, until: None },
        (7, _) => {
            let place = Some(live.problem().technicians[who].shift_indices().next())
                .flatten()
                .map(|shift| live.problem().shift(shift).start_place);
            Change::TechnicianMoved { technician: technician(who), at: now, place, new_place: None }
        }
        _ => Change::Freeze { at: now },
    }
}

/// One whole day of events; every plan is checked. Gives the plans and what changed.
fn day(seed: u64) -> (Vec<Plan>, Vec<Diff>) {
    let (mut live, mut spare) = live(seed);
    let mut rng = rng(seed ^ 77);
    let (mut plans, mut diffs) = (Vec::new(), Vec::new());
    let mut now = Time(8 * 3600);
    for _ in 0..6 {
        now += Duration(rng.random_range(600..5400));
        let change = event(&live, &mut rng, now, &mut spare);
        let before = visits(&live);
        let replanned = match live.apply(&change, &params(seed), &Stop::iterations(30)) {
            Ok(replanned) => replanned,
            Err(LiveError::Started(_)) => continue,
            Err(error) => panic!("seed {seed}, {change:?}: {error}"),
        };
        let verdict = judge(live.problem(), live.travel(), live.plan());
        assert_eq!(verdict.bill, live.plan().bill, "seed {seed} after {change:?}");
        let real = |rule: &dispatch_data::rule::Rule| verdict.of(*rule).count();
        let known = |rule: &dispatch_data::rule::Rule| {
            replanned.violations.iter().filter(|violation| violation.rule == *rule).count()
        };
        for rule in dispatch_data::rule::Rule::ALL {
            assert!(real(rule) <= known(rule), "seed {seed} after {change:?}: {:?}", verdict.violations);
        }
        // Only what has happened can break a rule, never who goes, what is at hand or what is frozen.
        use dispatch_data::rule::Rule::{Clock, Freeze, Once, Parts, Pin, Region, Skills, Stock, Technician, Tools};
        for rule in [Once, Skills, Region, Technician, Parts, Stock, Tools, Pin, Freeze, Clock] {
            assert_eq!(real(&rule), 0, "seed {seed} after {change:?}: {:?}", verdict.violations);
        }
        let after = visits(&live);
        let same = |job: &String| {
            let find =
                |list: &[(String, TechIx, Time, Time)]| list.iter().find(|own| own.0 == *job).map(|own| (own.1, own.2));
            (find(&before), find(&after))
        };
        for moved in &replanned.diff.moved {
            let (from, to) = same(&moved.job);
            assert_eq!(
                (from, to),
                (Some((moved.from.technician, moved.from.start)), Some((moved.to.technician, moved.to.start)))
            );
        }
        let told = replanned.diff.added.len() + replanned.diff.removed.len() + replanned.diff.moved.len();
        let differ = before.iter().chain(&after).map(|own| &own.0).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(
            told,
            differ
                .into_iter()
                .filter(|job| {
                    let (a, b) = same(job);
                    a != b
                })
                .count(),
            "seed {seed}"
        );
        plans.push(live.plan().clone());
        diffs.push(replanned.diff);
    }
    (plans, diffs)
}

#[test]
fn days_of_events_keep_every_rule_that_can_still_be_kept() {
    let plans: usize = (0..45).map(|seed| day(seed).0.len()).sum();
    assert!(plans > 150, "{plans}");
}

#[test]
fn the_same_events_and_budgets_give_the_same_plans() {
    for seed in 0..8 {
        assert_eq!(day(seed), day(seed), "seed {seed}");
    }
}

#[test]
fn what_started_or_ended_stays_with_its_time_and_the_rest_goes_on_after_it() {
    let mut checked = 0;
    for seed in 0..60 {
        let (mut live, _) = live(seed);
        let Some((job, who, start, end)) = visits(&live).into_iter().min_by_key(|own| own.2) else { continue };
        let change = Change::JobOverran { job: job.clone(), until: end + Duration(1500) };
        live.apply(&change, &params(seed), &Stop::iterations(30)).unwrap();
        let now = visits(&live);
        let own = now.iter().find(|own| own.0 == job).expect("still planned");
        assert_eq!((own.1, own.2), (who, start), "seed {seed}");
        assert!((own.3 - (end + Duration(1500))).0.abs() <= 2, "seed {seed}: {own:?}");
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn a_sick_technician_has_nothing_left_that_is_not_done() {
    let mut taken_over = 0;
    for seed in 0..60 {
        let (mut live, _) = live(seed);
        let Some((_, who, start, _)) = visits(&live).into_iter().min_by_key(|own| own.2) else { continue };
        let theirs = visits(&live).iter().filter(|own| own.1 == who).count();
        let technician = live.problem().technician(who).id.clone();
        let change = Change::TechnicianSick { technician, from: start, until: None };
        let replanned = live.apply(&change, &params(seed), &Stop::iterations(60)).unwrap();
        let left: Vec<_> = visits(&live).into_iter().filter(|own| own.1 == who).collect();
        assert!(left.iter().all(|own| own.3 <= start), "seed {seed}: {left:?}");
        taken_over += replanned.diff.moved.iter().filter(|moved| moved.from.technician == who).count();
        assert!(theirs > 0);
    }
    assert!(taken_over > 20, "{taken_over}");
}

#[test]
fn who_refused_a_job_is_never_offered_it_again() {
    let mut refused = 0;
    for seed in 0..60 {
        let (mut live, mut spare) = live(seed);
        let ticket = Ticket::new(spare.pop().unwrap());
        let Ticket::New { job, .. } = ticket.clone() else { unreachable!() };
        let Some(first) = live.recommend(&ticket, 1).unwrap().offers.into_iter().next() else { continue };
        live.refuse(&job.id, first.technician).unwrap();
        let again = live.recommend(&ticket, usize::MAX).unwrap();
        assert!(again.offers.iter().all(|offer| offer.technician != first.technician), "seed {seed}");
        // Nor by a re-plan once the ticket is in the plan.
        if job.required_technicians.as_ref().is_some_and(|required| required.len() == 1) {
            continue; // refused by the only one who is allowed
        }
        live.apply(&Change::JobAdded(ticket), &params(seed), &Stop::iterations(60)).unwrap();
        assert!(visits(&live).iter().all(|own| own.0 != job.id || own.1 != first.technician), "seed {seed}");
        refused += 1;
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn a_planned_visit_that_is_refused_leaves_its_technician() {
    for seed in 0..20 {
        let (mut live, _) = live(seed);
        let Some((job, who, ..)) = visits(&live).into_iter().next() else { continue };
        // Whom a job requires cannot refuse it for good: then nobody could be required.
        let diff = match live.refuse(&job, who) {
            Ok(diff) => diff,
            Err(LiveError::Invalid(findings)) => {
                assert!(findings[0].pointer.ends_with("/required_technicians"), "{findings:?}");
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        assert_eq!(diff.removed.iter().filter(|own| own.job == job).count(), 1, "seed {seed}");
        let number = live.problem().jobs.iter().position(|own| own.id == job).map(JobIx::from).unwrap();
        assert!(live.plan().unassigned.iter().any(|left| left.job == number));
        let verdict = judge(live.problem(), live.travel(), live.plan());
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
    }
}
