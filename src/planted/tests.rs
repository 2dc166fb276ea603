use super::*;
use crate::search::{Effort, Limit};
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::Meters;

#[test]
fn the_judge_finds_the_planted_plan_clean_and_prices_it_as_the_proof_says() {
    for seed in 0..6 {
        for jobs in [50, 200] {
            let day = planted(seed, jobs).unwrap();
            let (problem, plan) = (&day.problem, &day.plan);
            let verdict = judge(problem, &day.travel, plan);
            assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
            assert!(verdict.claimed_bill_matches, "seed {seed}");
            assert_eq!(verdict.bill.total(), day.least(), "seed {seed}");
            assert!(day.is_cheapest(), "seed {seed}");
            let (work, distance) = (plan.bill.work, plan.bill.distance);
            assert_eq!(plan.bill, Bill { work, distance, ..Bill::default() }, "seed {seed}: late, or something left");
            assert_eq!(problem.jobs.len(), jobs);
            assert!(problem.sites.len() >= 2);
            let (from_lots, needed) = (units(problem.lots.iter().map(|lot| lot.quantity)), taken(plan));
            assert!(needed > 0 && from_lots * 5 >= needed * 6, "seed {seed}: {from_lots} for {needed}");
            let lengths = || plan.routes.iter().map(|route| route.jobs().count());
            assert!(lengths().min() >= Some(8) && lengths().max() <= Some(12), "seed {seed}");
        }
    }
}

fn units(quantities: impl Iterator<Item = u32>) -> u32 {
    quantities.sum()
}

fn taken(plan: &Plan) -> u32 {
    let collections = plan.routes.iter().flat_map(|route| &route.stops);
    let takes = collections.flat_map(|stop| match &stop.activity {
        dispatch_data::plan::Activity::Collection { takes, .. } => takes.as_slice(),
        dispatch_data::plan::Activity::Visit { .. } => &[],
    });
    units(takes.map(|take| take.quantity))
}

#[test]
fn a_shorter_street_a_fuller_van_or_a_cheap_refusal_breaks_the_proof() {
    let broken = |change: &dyn Fn(&mut Planted)| {
        let mut day = planted(1, 20).unwrap();
        assert!(day.is_cheapest());
        change(&mut day);
        !day.is_cheapest()
    };
    let with = |day: &mut Planted, change: &dyn Fn(&mut Draft)| {
        let mut draft = day.problem.clone().into_draft();
        change(&mut draft);
        day.problem = draft.check().unwrap();
    };
    assert!(broken(&|day| {
        let matrix = day.travel.matrix(ProfileIx(0)).clone();
        day.travel = Travel::new(vec![dispatch_data::travel::TravelMatrix::from_fn(matrix.size(), |from, to| {
            let leg = matrix.leg(PlaceIx::from(from), PlaceIx::from(to));
            // Only this way is long enough to be shortened by so much.
            let seconds = if (from, to) == (0, 1) { day.reach[0] + day.reach[1] - 2 } else { leg.seconds };
            dispatch_data::travel::Leg { seconds, meters: seconds * METERS_A_SECOND }
        })]);
    }));
    assert!(broken(&|day| with(day, &|draft| {
        draft.technicians[0].stock = (0..PARTS).map(|part| (dispatch_data::ids::PartIx(part), 1)).collect();
    })));
    assert!(broken(&|day| with(day, &|draft| draft.jobs[3].unassigned_price = Cost(1_000))));
    assert!(broken(&|day| with(day, &|draft| draft.jobs[3].work = Duration::minutes(1))));
}

/// The cheapest plan of a small day by trying everything, where time, lots and the places of parts hinder
/// nobody: each technician drives from home through a set of jobs and at least one store and back.
fn cheapest_by_trying(day: &Planted) -> Cost {
    let (problem, matrix) = (&day.problem, day.travel.matrix(ProfileIx(0)));
    let jobs = problem.jobs.len();
    let price = |seconds: i64| PAID.times(Duration(seconds)) + ROAD.times(Meters(seconds * 10));
    let seconds = |from: PlaceIx, to: PlaceIx| i64::from(matrix.leg(from, to).seconds);
    let place = |job: usize| problem.jobs[job].place;
    let store_between = |from: PlaceIx, to: PlaceIx| {
        let by = |site: &Site| price(seconds(from, site.place) + seconds(site.place, to)) + PAID.times(site.collection);
        problem.sites.iter().map(by).min().unwrap()
    };
    let mut shared = vec![Cost(i64::MAX / 4); 1 << jobs];
    shared[0] = Cost::ZERO;
    for shift in (0..problem.shifts.len()).map(ShiftIx::from) {
        let home = problem.shift(shift).start_place;
        let may =
            |job: usize| {
                let job = problem.job(JobIx::from(job));
                let technician = problem.technician_of(shift);
                job.required_technicians.as_ref().is_none_or(|only| only.contains(&problem.shift(shift).technician))
                    && job.skills.all_of.iter().all(|need| {
                        technician.skills.iter().any(|own| own.skill == need.skill && own.level >= need.level)
                    })
            };
        // By set and last job: without a store so far, and with one.
        let far = Cost(i64::MAX / 4);
        let mut walks = vec![vec![[far; 2]; jobs]; 1 << jobs];
        let mut routes = vec![far; 1 << jobs];
        for set in 1_usize..1 << jobs {
            for last in (0..jobs).filter(|job| set >> job & 1 == 1 && may(*job)) {
                let rest = set & !(1 << last);
                let mut best = [far; 2];
                if rest == 0 {
                    best = [price(seconds(home, place(last))), store_between(home, place(last))];
                }
                for before in (0..jobs).filter(|job| rest >> job & 1 == 1) {
                    let [without, with] = walks[rest][before];
                    let (from, to) = (place(before), place(last));
                    best[0] = best[0].min(without + price(seconds(from, to)));
                    best[1] = best[1].min(with + price(seconds(from, to))).min(without + store_between(from, to));
                }
                walks[set][last] = best.map(|cost| cost + PAID.times(problem.jobs[last].work));
                let [without, with] = walks[set][last];
                let back = (with + price(seconds(place(last), home))).min(without + store_between(place(last), home));
                routes[set] = routes[set].min(back);
            }
        }
        // Everybody has a job that nobody else may do, so no route is empty.
        let before = shared.clone();
        for (set, entry) in shared.iter_mut().enumerate() {
            let mut own = set;
            *entry = far;
            while own > 0 {
                *entry = (*entry).min(before[set & !own] + routes[own]);
                own = (own - 1) & set;
            }
        }
    }
    shared[(1 << jobs) - 1]
}

#[test]
fn trying_everything_finds_nothing_cheaper() {
    for seed in 0..8 {
        let day = grown(seed, 2, 1 + seed as usize % 2, 4).unwrap();
        assert_eq!(day.problem.jobs.len(), 8);
        assert_eq!(cheapest_by_trying(&day), day.plan.bill.total(), "seed {seed}");
    }
}

#[test]
fn the_search_finds_nothing_cheaper_and_on_small_days_the_same() {
    let mut same = 0;
    for seed in 0..6 {
        let day = planted(seed, 20).unwrap();
        let effort = Effort { limit: Limit::Iterations(3_000), threads: 1, seed, explains: false };
        let found = effort.search(&day.problem, &day.travel, None, None).plan;
        assert!(judge(&day.problem, &day.travel, &found).is_clean(), "seed {seed}");
        assert!(found.bill.total() >= day.plan.bill.total(), "seed {seed}: cheaper than the cheapest");
        same += usize::from(found.bill.total() == day.plan.bill.total());
    }
    assert!(same >= 3, "only {same} of 6 days solved");
}

#[test]
fn a_seed_is_a_day() {
    let (one, same, other) = (planted(3, 40).unwrap(), planted(3, 40).unwrap(), planted(4, 40).unwrap());
    assert_eq!(one.plan, same.plan);
    assert_eq!(one.travel.fingerprint(), same.travel.fingerprint());
    assert_ne!(one.plan, other.plan);
}

#[test]
fn a_day_for_one_technician_is_a_day_too() {
    let day = planted(5, 7).unwrap();
    assert_eq!((day.problem.jobs.len(), day.problem.sites.len()), (10, 1));
    assert!(day.is_cheapest());
}
